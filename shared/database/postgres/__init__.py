"""PostgreSQL: the engine of the distributed mode, on asyncpg.

Round trips cost more than rows, so a changeset goes to the server as ONE statement (`one_statement`), which is also
one transaction; only a changeset that writes a row twice is sent statement by statement inside a transaction. Reads
run in REPEATABLE READ transactions that were opened beforehand (`connections`).
"""

from shared.database.postgres.connections import connect, service_settings
from shared.database.postgres.database import PostgresDatabase
from shared.database.postgres.peers import PostgresPeers

__all__ = ["PostgresDatabase", "PostgresPeers", "connect", "service_settings"]
