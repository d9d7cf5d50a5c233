"""The HTTP edge that all services share: problem details, identity, idempotency, paging, headers, documents."""
