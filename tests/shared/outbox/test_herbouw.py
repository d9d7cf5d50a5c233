"""Rebuilding a read side: what comes from where, in which order, and what happens when live events are first."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select, update

from shared.bus.history import History, HistoryUnreachable, Page
from shared.bus.port import Record
from shared.database.changeset import Changeset
from shared.database.latest import Latest, Seen
from shared.database.port import Reader, StorageUnavailable
from shared.database.sqlite import SqliteDatabase
from shared.outbox import rebuild as module
from shared.outbox.edge import Context, Edge, Outcome
from shared.outbox.history import outbox_history
from shared.outbox.inbox import Heard
from shared.outbox.rebuild import ReadSide, Rebuilt, Recounted, Step, rebuild
from tests.shared.outbox.harness import decide, packed
from tests.shared.things import BY_ID, TABLES, THING, ThingChanged, edge_on, rows, things

Cell = tuple[str, ...]


def quiet(step: Step, done: int, total: int) -> None:
    """Nobody looks."""


def told(thing: str, versie: int = 1, naam: str = "", *, identity: str = "") -> Record:
    return packed(ThingChanged(ding=thing, versie=versie, naam=naam), identity=identity or f"e-{thing}-{versie}")


async def pages(*batches: Sequence[Record]) -> History:
    for number, batch in enumerate(batches, 1):
        yield Page(batch, number, len(batches))


class Diary:
    """A read side of things, in cells by their name, that writes down what it is asked to count."""

    def __init__(self, stored: Sequence[Cell] = (), elsewhere: Sequence[str] = ()) -> None:
        self.counted: list[tuple[Cell, list[tuple[str, int]]]] = []
        self.moved: list[tuple[str, str | None]] = []
        self.causes: set[str | None] = set()
        self._stored = stored
        self._elsewhere = elsewhere

    @property
    def side(self) -> ReadSide[ThingChanged]:
        return ReadSide(ThingChanged, lambda event: (event.naam,), self.stored_cells, self.recount, self.handle)

    async def stored_cells(self, reader: Reader) -> Sequence[Cell]:
        return self._stored

    async def recount(
        self, reader: Reader, context: Context, cell: Cell, events: Sequence[ThingChanged]
    ) -> Outcome[Recounted]:
        self.causes.add(context.cause)
        self.counted.append((cell, [(event.ding, event.versie) for event in events]))
        elsewhere = [event.ding for event in events if event.ding in self._elsewhere]
        return Outcome(Recounted(bool(events), elsewhere))

    async def handle(self, reader: Reader, context: Context, heard: Sequence[Heard]) -> Changeset:
        assert len(self.counted) > 1, "every cell is counted before anything moves"
        self.moved += [(item.event.aggregate(), context.cause) for item in heard]
        return Changeset()


async def test_each_cell_is_counted_once_with_the_highest_version_of_what_is_in_it(edge: Edge) -> None:
    diary = Diary(stored=[("leeg",), ("x",)])
    first = [told("a", 1, "x"), told("b", 3, "y"), told("c", 1, "x")]
    second = [told("a", 2, "y"), told("b", 2, "x"), told("c", 1, "x", identity="nog eens")]
    done = await rebuild(diary.side, edge, pages(first, second), quiet)
    assert diary.counted == [(("leeg",), []), (("x",), [("c", 1)]), (("y",), [("a", 2), ("b", 3)])]
    assert done == Rebuilt(events=6, aggregates=3, cells=3, changed=2)
    assert diary.causes == {"herbouw:2026-01-05"}


async def test_what_is_stored_in_another_cell_is_left_to_the_handler_after_all_cells(edge: Edge) -> None:
    diary = Diary(elsewhere=["a"])
    done = await rebuild(diary.side, edge, pages([told("a", 4, "x"), told("z", 1, "z")]), quiet)
    assert (diary.moved, done.moved) == ([("a", "e-a-4")], 1)


async def test_records_that_are_not_this_event_are_counted_or_passed_over(edge: Edge) -> None:
    diary = Diary()
    broken = [
        Record("test.ding", "k", b"{"),
        Record("test.ding", "k", told("a").value.replace(b'"versie":1', b'"v":1')),
    ]
    other = Record("test.ding", "k", told("b").value.replace(b"ding.gewijzigd", b"ding.verwijderd"))
    done = await rebuild(diary.side, edge, pages([*broken, other, told("c")]), quiet)
    assert (done.unreadable, done.events, diary.counted) == (2, 1, [(("",), [("c", 1)])])


async def test_the_report_goes_through_reading_and_counting_to_their_ends(edge: Edge) -> None:
    heard: list[tuple[Step, int, int]] = []
    batches = pages([told("a", 1, "x")], [told("b", 1, "y")])
    await rebuild(Diary().side, edge, batches, lambda *now: heard.append(now))
    reading, counting = Step.READING, Step.COUNTING
    assert heard == [(reading, 1, 2), (reading, 2, 2), (counting, 0, 2), (counting, 1, 2), (counting, 2, 2)]


async def test_a_source_that_breaks_off_leaves_everything_as_it_was(edge: Edge) -> None:
    async def broken() -> History:
        yield Page([told("a")], 1, 2)
        raise HistoryUnreachable("weg")

    diary = Diary(stored=[("x",)])
    with pytest.raises(HistoryUnreachable):
        await rebuild(diary.side, edge, broken(), quiet)
    assert diary.counted == []


async def test_a_cell_where_others_are_first_time_after_time_is_counted_in_the_end(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PAUSES", (0.0, 0.0, 0.0))
    tried = 0

    class Beaten(Diary):
        async def recount(
            self, reader: Reader, context: Context, cell: Cell, events: Sequence[ThingChanged]
        ) -> Outcome[Recounted]:
            nonlocal tried
            tried += 1
            row = await reader.one(BY_ID, id="a")
            if tried < 30:  # more than one round of the edge
                rival = update(THING).where(THING.c.id == "a").values(versie=row.versie + 1)
                await edge.database.execute(rival)
            outcome = await super().recount(reader, context, cell, events)
            outcome.changes.update(THING, {"id": "a"}, version=row.versie, name="geteld")
            return outcome

    await decide(edge, "a")
    await rebuild(Beaten().side, edge, pages([told("a")]), quiet)
    assert [(row.name, row.versie) for row in await things(edge.database)] == [("geteld", 31)]  # type: ignore[arg-type]
    assert tried == 30


async def outbox_keys(history: History) -> list[str]:
    return [record.key async for page in history for record in page.records]


async def test_the_kept_outbox_tells_all_of_a_topic_sent_or_not_and_nothing_of_another(
    edge: Edge, database: SqliteDatabase
) -> None:
    for name in "abcdefg":
        await decide(edge, name)
    outbox = TABLES.outbox
    await database.execute(update(outbox).where(outbox.c.sleutel.in_(["a", "b"])).values(verzonden_op=edge.clock.now()))
    await database.execute(update(outbox).where(outbox.c.sleutel == "c").values(topic="ander"))
    history = partial(outbox_history, database, TABLES, ThingChanged.TOPIC)
    assert await outbox_keys(history()) == list("abdefg")
    values = {row.sleutel: row.inhoud for row in await rows(database, outbox)}
    assert [record.value async for page in history() for record in page.records] == [values[key] for key in "abdefg"]


async def test_the_kept_outbox_is_read_in_pages_up_to_where_it_was_at_the_start(
    edge: Edge, database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.outbox.history.SPAN", 2)
    for name in "abcde":
        await decide(edge, name)
    seen: list[tuple[list[str], int, int]] = []
    async for page in outbox_history(database, TABLES, ThingChanged.TOPIC):
        seen.append(([record.key for record in page.records], page.done, page.total))
        await decide(edge, f"later-{page.done}")
    assert seen == [(["a", "b"], 2, 5), (["c", "d"], 4, 5), (["e"], 5, 5)]


async def test_an_empty_outbox_tells_nothing(database: SqliteDatabase) -> None:
    assert await outbox_keys(outbox_history(database, TABLES, ThingChanged.TOPIC)) == []


async def test_a_database_that_is_away_is_a_source_that_cannot_be_reached(edge: Edge, tmp_path: Path) -> None:
    class Away(SqliteDatabase):
        def reading(self):  # type: ignore[no-untyped-def]  # raises before it is anything
            raise StorageUnavailable("weg")

    away = Away(tmp_path / "weg.sqlite")
    with pytest.raises(HistoryUnreachable, match=r"test\.ding zijn niet te lezen: weg"):
        await outbox_keys(outbox_history(away, TABLES, ThingChanged.TOPIC))
    await away.close()


async def test_it_can_be_broken_off_between_two_pages_although_sqlite_never_waits(
    database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.outbox.history.SPAN", 1)
    edge = edge_on(database)
    for name in "abcd":
        await decide(edge, name)
    diary, history = Diary(), outbox_history(database, TABLES, ThingChanged.TOPIC)
    task = asyncio.create_task(rebuild(diary.side, edge, history, lambda *_: stop()))

    def stop() -> None:
        task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert diary.counted == []


def test_what_is_put_aside_keeps_the_highest_version_whatever_the_order() -> None:
    with Latest() as latest:
        latest.keep([Seen("a", 2, ("x",), b"a2"), Seen("b", 1, ("x", "y"), b"b1")])
        latest.keep([Seen("a", 1, ("oud",), b"a1"), Seen("a", 2, ("zelfde",), b"a2'"), Seen("b", 5, ("x",), b"b5")])
        assert (latest.cells(), len(latest)) == ({("x",)}, 2)
        assert (latest.of_cell(("x",)), latest.of_cell(("oud",))) == ([b"a2", b"b5"], [])
        assert latest.of_key("b") == b"b5"
        with pytest.raises(KeyError):
            latest.of_key("c")


def test_a_cell_is_not_another_one_that_reads_the_same() -> None:
    with Latest() as latest:
        latest.keep([Seen("a", 1, ("x,y",), b"1"), Seen("b", 1, ("x", "y"), b"2"), Seen("c", 1, ('x","y',), b"3")])
        assert len(latest.cells()) == 3
        assert latest.of_cell(("x", "y")) == [b"2"]


async def test_nothing_is_recorded_by_a_rebuild_itself(edge: Edge, database: SqliteDatabase) -> None:
    await rebuild(Diary().side, edge, pages([told("a")]), quiet)
    async with database.reading() as reader:
        assert await reader.select(select(TABLES.inbox.c.gebeurtenis)) == []
