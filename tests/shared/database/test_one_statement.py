"""Which changesets go to PostgreSQL as one statement, in what order; the server itself is in tests/distributed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, select

from deploy.all_in_one import PARTS
from shared.database.changeset import Changeset
from shared.database.postgres.arranging import Group, arranged
from shared.database.postgres.dialect import DIALECT
from shared.database.postgres.one_statement import OneStatement, Plan, Statements
from shared.database.postgres.queries import compiled
from tests.shared.things import COUNTER, TABLES, THING

DAY = date(2026, 1, 5)
PLAIN = Table("plain", MetaData(), Column("id", String, primary_key=True), Column("n", Integer))


def groups_of(changes: Changeset) -> list[Group]:
    found = arranged(changes.statements)
    assert found is not None
    return found


def text_of(changes: Changeset) -> str:
    return OneStatement(
        tuple(Plan(shape, len(rows) > 1, expected) for shape, rows, expected in groups_of(changes))
    ).text


def event(changes: Changeset, identity: str) -> None:
    changes.insert(TABLES.outbox, id=identity, topic="t", sleutel="k", inhoud=b"", aangemaakt_op=datetime.now(UTC))


def test_an_event_gets_its_number_only_after_the_rows_it_tells_about_are_locked() -> None:
    changes = Changeset()
    event(changes, "1")
    changes.update(PLAIN, {"id": "a"}, version=None, n=1)
    assert [group.shape.table.name for group in groups_of(changes)] == ["plain", "outbox"]
    assert text_of(changes).endswith("WHERE (SELECT ok FROM g0)")


def test_events_keep_their_order() -> None:
    changes = Changeset()
    for identity in ("c", "a", "b"):
        event(changes, identity)
    (group,) = groups_of(changes)
    assert [row[0] for row in group.rows] == ["c", "a", "b"]


def test_amounts_for_one_counter_are_added_up_before_they_are_sent() -> None:
    changes = Changeset()
    for place, amount in (("b", 1), ("a", 2), ("b", 4)):
        changes.add(COUNTER, {"place": place, "day": DAY}, amount=amount)
    (group,) = groups_of(changes)
    assert group.rows == [("a", DAY, 2), ("b", DAY, 5)]


def test_rows_are_locked_in_the_same_order_whoever_asks() -> None:
    one, other = Changeset(), Changeset()
    for changes, order in ((one, "abc"), (other, "cab")):
        for identity in order:
            changes.update(PLAIN, {"id": identity}, n=1)
            changes.add(COUNTER, {"place": identity, "day": DAY}, amount=1)
    assert groups_of(one) == groups_of(other)


@pytest.mark.parametrize("second", ["insert", "update", "put", "add", "delete"])
def test_two_writes_of_one_row_do_not_fit_in_one_statement(second: str) -> None:
    changes = Changeset()
    changes.update(PLAIN, {"id": "a"}, n=1)
    write = {
        "insert": lambda: changes.insert(PLAIN, id="a", n=2),
        "update": lambda: changes.update(PLAIN, {"id": "a"}, n=2),
        "put": lambda: changes.put(PLAIN, ("id",), id="a", n=2),
        "add": lambda: changes.add(PLAIN, {"id": "a"}, n=2),
        "delete": lambda: changes.delete(PLAIN, id="a"),
    }
    write[second]()
    assert arranged(changes.statements) is None


def test_rows_that_no_column_tells_apart_do_not_fit_in_one_statement() -> None:
    changes = Changeset()
    changes.delete(COUNTER, place="a")
    changes.delete(COUNTER, day=DAY)
    assert arranged(changes.statements) is None


def test_a_key_that_is_itself_changed_tells_nothing_apart() -> None:
    changes = Changeset()
    changes.update(PLAIN, {"id": "a"}, id="b")
    changes.update(PLAIN, {"id": "b"}, id="c")
    assert arranged(changes.statements) is None


def test_a_unique_value_that_changes_hands_is_written_in_the_order_given() -> None:
    changes = Changeset()
    changes.update(THING, {"id": "a"}, name=None)
    changes.insert(THING, id="b", versie=1, name="freed")
    assert arranged(changes.statements) is None


def test_other_rows_of_one_table_do_fit() -> None:
    changes = Changeset()
    changes.delete(COUNTER, place="a", day=DAY)
    changes.put(COUNTER, ("place", "day"), place="b", day=DAY, amount=1)
    changes.insert(COUNTER, place="c", day=DAY, amount=1)
    assert len(groups_of(changes)) == 3


def test_the_text_is_the_same_for_every_number_of_rows_above_one() -> None:
    texts = set()
    for number in (2, 3, 7):
        changes = Changeset()
        for n in range(number):
            changes.update(PLAIN, {"id": str(n)}, n=n)
        texts.add(text_of(changes))
    assert len(texts) == 1


def counted(identity: str, *also: str) -> list[Group]:
    """A row that changes, something counted, and what else is named."""
    changes = Changeset()
    changes.update(PLAIN, {"id": identity}, n=1)
    changes.add(COUNTER, {"place": identity, "day": DAY}, amount=1)
    if "new" in also:
        changes.insert(PLAIN, id=f"{identity}-new", n=1)
    if "event" in also:
        event(changes, identity)
    return groups_of(changes)


def test_a_statement_for_more_kinds_of_rows_does_for_fewer() -> None:
    statements = Statements()
    widest, _ = statements.for_groups(counted("a", "new", "event"))
    for also in ((), ("new",), ("event",), ("new", "event")):
        made, bound = statements.for_groups(counted("b", *also))
        assert made is widest
        assert [len(group.rows) for group in bound] == [1, 1, int("event" in also), int("new" in also)]
        assert len(made.values(bound)) == 4


def test_a_statement_that_lacks_a_kind_of_row_does_not_do() -> None:
    statements = Statements()
    fewer, _ = statements.for_groups(counted("a", "event"))
    more, _ = statements.for_groups(counted("a", "new"))
    assert {group.shape.table.name for group in fewer.plan} == {"plain", "counter", "outbox"}
    assert more is not fewer


def test_one_kind_of_row_is_a_statement_of_its_own() -> None:
    statements = Statements()
    statements.for_groups(counted("a", "new", "event"))
    changes = Changeset()
    changes.update(PLAIN, {"id": "a"}, n=1)
    made, _ = statements.for_groups(groups_of(changes))
    assert len(made.plan) == 1
    assert not made.plan[0].many


def test_a_list_of_any_length_is_asked_for_with_the_same_text() -> None:
    one, more = (compiled(select(PLAIN).where(PLAIN.c.id.in_(names))) for names in (["a"], ["a", "b", "c"]))
    assert one.text == more.text
    assert (one.values({}), more.values({})) == ((["a"],), (["a", "b", "c"],))


def test_text_of_a_limited_length_is_not_cut_off_by_a_cast() -> None:
    short = Table("short", MetaData(), Column("id", String(3), primary_key=True), Column("n", Integer))
    changes = Changeset()
    changes.insert(short, id="too long", n=1)
    changes.update(PLAIN, {"id": "a"}, n=1)
    assert "VARCHAR" not in text_of(changes)


@pytest.mark.parametrize("part", PARTS, ids=[part.name for part in PARTS])
def test_no_name_of_a_table_or_column_needs_quotes(part: object) -> None:
    # The statements name them bare, on both engines.
    tables = part.metadata.sorted_tables  # type: ignore[attr-defined]
    names = {table.name for table in tables} | {column.name for table in tables for column in table.c}
    assert {name for name in names if DIALECT.identifier_preparer.quote(name) != name} == set()
