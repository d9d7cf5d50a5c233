"""The 301 out: client data fetched from toegang, all current and changed assignments in one message (OP087)."""
