"""Schema changes: Alembic, one history per service, run at start and by `plekregie migrate`."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from alembic.autogenerate import compare_metadata, produce_migrations, render_python_code
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import BigInteger, Connection, Integer, MetaData, create_engine, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateSchema
from sqlalchemy.types import TypeEngine

from shared.database.postgres.connections import connect, service_settings

Result = TypeVar("Result")
RENDERED_TYPES = {
    "shared.database.columns.UtcDateTime(timezone=True)": "UtcDateTime()",
    "shared.database.columns.UtcDateTime()": "UtcDateTime()",
    "sqlmodel.sql.sqltypes.AutoString()": "sa.String()",
}


def script_directory(folder: Path) -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return ScriptDirectory.from_config(config)


def on_database(url: str, work: Callable[[Connection], Result], *, schema: str = "") -> Result:
    """Do `work` with a connection of SQLAlchemy: `sqlite:///…`, or `postgresql://…` where it sees `schema` alone."""
    if url.startswith("sqlite:"):
        engine = create_engine(url, poolclass=NullPool)
        try:
            with engine.connect() as connection:
                return work(connection)
        finally:
            engine.dispose()
    # asyncpg is the only PostgreSQL driver here. A thread of its own: the caller may have a running event loop.
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(asyncio.run, _on_postgres(url, work, schema)).result()


async def _on_postgres(url: str, work: Callable[[Connection], Result], schema: str) -> Result:
    # No limit of time: a migration of a large table takes long.
    engine = create_async_engine(
        "postgresql+asyncpg://",
        poolclass=NullPool,
        async_creator=lambda: connect(url, service_settings(schema), patience=None),
    )
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


def upgrade(url: str, folder: Path, *, schema: str = "") -> str | None:
    """Bring a database to the newest version of its service; the version it then has. `schema` is for PostgreSQL:
    every service has one, made here when the role may, with its own table of versions."""
    return on_database(url, lambda connection: _upgraded(connection, folder, schema), schema=schema)


def _upgraded(connection: Connection, folder: Path, schema: str) -> str | None:
    if connection.dialect.name == "postgresql":
        _only_me(connection, schema)
    scripts = script_directory(folder)
    with EnvironmentContext(
        Config(), scripts, fn=lambda revision, _: scripts._upgrade_revs("head", revision)
    ) as environment:
        environment.configure(connection=connection, render_as_batch=True, transaction_per_migration=True)
        environment.run_migrations()
    connection.commit()
    return version_of(connection)


def _only_me(connection: Connection, schema: str) -> None:
    """Processes that start together migrate one after the other. The lock ends with the connection."""
    connection.execute(text("SELECT pg_advisory_lock(hashtext(:name))"), {"name": f"plekregie migratie {schema}"})
    known = connection.execute(text("SELECT true FROM pg_namespace WHERE nspname = :name"), {"name": schema})
    if not known.scalar():
        connection.execute(CreateSchema(schema))
    connection.commit()


def newest(folder: Path) -> str | None:
    """The version that the code was written for."""
    return script_directory(folder).get_current_head()


@dataclass(frozen=True, slots=True)
class History:
    """The versions that this code knows: the one it was written for, and those before it."""

    newest: str
    older: frozenset[str]


def history(folder: Path) -> History:
    """What the migrations of a service tell. Raises ValueError when there are none."""
    known = [script.revision for script in script_directory(folder).walk_revisions()]
    if not known:
        raise ValueError(f"no migrations in {folder}")
    return History(known[0], frozenset(known[1:]))


def version_of(connection: Connection) -> str | None:
    """The version of the schema; None when there is none yet."""
    return MigrationContext.configure(connection).get_current_revision()


def differences(connection: Connection, metadata: MetaData) -> list[object]:
    """What the models have that the database has not, or the other way round; empty when they agree."""
    context = MigrationContext.configure(connection, opts={"render_as_batch": True, "compare_type": type_differs})
    return list(compare_metadata(context, metadata))


def type_differs(
    context: MigrationContext, inspected: object, modelled: object, found: TypeEngine[Any], wanted: TypeEngine[Any]
) -> bool | None:
    """Whole numbers have 64 bits in PostgreSQL (shared.database.columns); None leaves the answer to Alembic."""
    if context.dialect.name == "postgresql" and isinstance(wanted, Integer):
        return not isinstance(found, BigInteger)
    return None


def write_migration(url: str, folder: Path, metadata: MetaData, *, name: str) -> Path | None:
    """Development: write the migration that brings the newest version to the models; None when nothing changed."""
    (folder / "versions").mkdir(parents=True, exist_ok=True)
    upgrade(url, folder)
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"render_as_batch": True, "compare_type": True})
        made = produce_migrations(context, metadata)
        if not made.upgrade_ops or made.upgrade_ops.is_empty():
            return None
        up = render_python_code(made.upgrade_ops, render_as_batch=True)
    heads = script_directory(folder).get_heads()
    number = f"{len(list((folder / 'versions').glob('*.py'))) + 1:04d}"
    path = folder / "versions" / f"{number}_{re.sub('[^a-z0-9]+', '_', name.lower())}.py"
    needs_columns = "UtcDateTime" in up
    up = up.replace("shared.database.columns.UtcDateTime(timezone=True)", "UtcDateTime()")
    up = up.replace("shared.database.columns.UtcDateTime()", "UtcDateTime()").replace(
        "sqlmodel.sql.sqltypes.AutoString()", "sa.String()"
    )
    imports = "\nfrom shared.database.columns import UtcDateTime\n" if needs_columns else ""
    path.write_text(
        f'"""{name}"""\n\nimport sqlalchemy as sa\nfrom alembic import op\n{imports}\n'
        f'revision = "{number}"\ndown_revision = {heads[0] if heads else None!r}\n'
        f"branch_labels = None\ndepends_on = None\n\n\ndef upgrade() -> None:\n    {up}\n"
    )
    engine.dispose()
    return path
