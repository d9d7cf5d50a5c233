"""Setting up PostgreSQL once: the database, a schema per service, and roles that may do no more than they need."""
