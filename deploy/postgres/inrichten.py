"""Sets up PostgreSQL for Plekregie; doing it again changes nothing but passwords.

The owner makes and changes tables (`plekregie migrate`). A service's role can read and write the rows of its own
schema: it makes no tables, drops none, and sees no other service's rows.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit, urlunsplit

from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

from deploy.postgres.password import verifier
from shared.database.postgres import connect
from shared.database.postgres.connections import Connection

ROWS = "SELECT, INSERT, UPDATE, DELETE"
NO_MORE = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
quoted = PGDialect_asyncpg().identifier_preparer.quote_identifier  # type: ignore[no-untyped-call]  # SQLAlchemy's own


@dataclass(frozen=True, slots=True)
class Role:
    """Who connects, and to which database: what a URL says."""

    name: str
    password: str
    database: str


def role_of(url: str) -> Role:
    """Read a URL. Raises ValueError when user, password or database is missing."""
    parts = urlsplit(url)
    database = parts.path.strip("/")
    if not (parts.username and parts.password and database):
        raise ValueError("Een adres van een database noemt gebruiker, wachtwoord en database.")
    return Role(unquote(parts.username), unquote(parts.password), unquote(database))


async def richt_in(beheer: str, eigenaar: str, diensten: Mapping[str, str]) -> None:
    """`beheer`: URL of an administrator. `eigenaar`: URL of the owner. `diensten`: service → URL of its role. The
    roles and passwords are made as these URLs name them; they share one database, made when it is not there."""
    owner, roles = role_of(eigenaar), {name: role_of(url) for name, url in diensten.items()}
    if any(role.database != owner.database for role in roles.values()):
        raise ValueError("De diensten en de eigenaar gebruiken dezelfde database, elke dienst met een eigen schema.")
    if urlsplit(beheer).username in {owner.name, *(role.name for role in roles.values())}:
        # It would lose its rights here.
        raise ValueError("De beheerder is een andere gebruiker dan de eigenaar en de diensten.")
    if len({owner.name, *(role.name for role in roles.values())}) <= len(roles):
        raise ValueError("De eigenaar en elke dienst hebben een eigen gebruiker.")
    server = await connect(beheer, {})
    try:
        for role in (owner, *roles.values()):
            await _make_role(server, role)
        await _make_database(server, owner.database)
    finally:
        await server.close()
    inside = await connect(urlunsplit(urlsplit(beheer)._replace(path=f"/{owner.database}")), {})
    try:
        for statement in grants(owner, roles):
            await inside.execute(statement)
    finally:
        await inside.close()


async def _make_role(server: Connection, role: Role) -> None:
    known = await server.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role.name)
    secret = verifier(role.password, secrets.token_bytes(16))
    verb = "ALTER" if known else "CREATE"
    await server.execute(f"{verb} ROLE {quoted(role.name)} LOGIN {NO_MORE} PASSWORD '{secret}'")


async def _make_database(server: Connection, name: str) -> None:
    if not await server.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
        # The order of text is that of its bytes, as in SQLite, whatever this server does by default.
        how = "TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C'"
        await server.execute(f"CREATE DATABASE {quoted(name)} {how}")


def grants(owner: Role, roles: Mapping[str, Role]) -> list[str]:
    """The statements that give each role what it needs, to be run in the database itself."""
    database, master = quoted(owner.database), quoted(owner.name)
    found = [
        f"REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {database} TO {master}",
        # An administrator that is no superuser acts for the owner only as its member.
        f"GRANT {master} TO CURRENT_USER",
    ]
    for service, role in roles.items():
        schema, name = quoted(service), quoted(role.name)
        found += [
            f"GRANT CONNECT ON DATABASE {database} TO {name}",
            f"CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {master}",
            f"GRANT USAGE ON SCHEMA {schema} TO {name}",
            f"GRANT {ROWS} ON ALL TABLES IN SCHEMA {schema} TO {name}",
            f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {name}",
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {master} IN SCHEMA {schema} GRANT {ROWS} ON TABLES TO {name}",
            f"ALTER DEFAULT PRIVILEGES FOR ROLE {master} IN SCHEMA {schema} GRANT USAGE ON SEQUENCES TO {name}",
        ]
    return found
