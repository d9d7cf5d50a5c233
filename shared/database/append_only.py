"""Tables to which rows are only ever added: the engine itself refuses to change or remove one (F-9)."""

from __future__ import annotations

from sqlalchemy import DDL, Table, event

FUNCTION = "onveranderlijk"
ENGINES = ("sqlite", "postgresql")


def guards(engine: str, table: str) -> list[str]:
    """The statements that guard a table. A migration that ran is never changed: neither is what it got from here."""
    if engine == "sqlite":
        return [
            f"CREATE TRIGGER {table}_geen_{action.lower()} BEFORE {action} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for action in ("UPDATE", "DELETE")
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
        f"CREATE TRIGGER {table}_geen_wijziging BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {FUNCTION}()",
        f"CREATE TRIGGER {table}_geen_leegmaken BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {FUNCTION}()",
    ]


def append_only(table: Table) -> Table:
    """The same table, guarded as well where the models make it instead of the migrations (tests)."""
    for engine in ENGINES:
        for statement in guards(engine, table.name):
            guard = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]  # SQLAlchemy's own
            event.listen(table, "after_create", guard.execute_if(dialect=engine))
    return table
