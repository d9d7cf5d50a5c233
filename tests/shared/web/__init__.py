"""The HTTP edge: problems, limits, identity, headers, idempotency, documents."""
