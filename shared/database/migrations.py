"""Schema changes: Alembic, one history per service, run at start and by `plekregie migrate`."""

from __future__ import annotations

import re
from pathlib import Path

from alembic.autogenerate import compare_metadata, produce_migrations, render_python_code
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, create_engine
from sqlalchemy.pool import NullPool

RENDERED_TYPES = {
    "shared.database.columns.UtcDateTime(timezone=True)": "UtcDateTime()",
    "shared.database.columns.UtcDateTime()": "UtcDateTime()",
    "sqlmodel.sql.sqltypes.AutoString()": "sa.String()",
}


def script_directory(folder: Path) -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return ScriptDirectory.from_config(config)


def upgrade(url: str, folder: Path) -> str | None:
    """Bring a database to the newest version of its service; the version it then has."""
    scripts = script_directory(folder)
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        with EnvironmentContext(
            scripts.env_config if hasattr(scripts, "env_config") else Config(),
            scripts,
            fn=lambda revision, _: scripts._upgrade_revs("head", revision),
        ) as environment:
            environment.configure(connection=connection, render_as_batch=True, transaction_per_migration=True)
            environment.run_migrations()
        connection.commit()
        version = MigrationContext.configure(connection).get_current_revision()
    engine.dispose()
    return version


def differences(connection: Connection, metadata: MetaData) -> list[object]:
    """What the models have that the database has not, or the other way round; empty when they agree."""
    context = MigrationContext.configure(connection, opts={"render_as_batch": True, "compare_type": True})
    return list(compare_metadata(context, metadata))


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
