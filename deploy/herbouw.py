"""What `plekregie herbouw` does: a read side from all that was ever told — from the topics of Kafka, else from the
kept outbox of the service that told it — beside a running product."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from rich.console import Console
from rich.progress import Progress, TaskID

from deploy.around import CanNotRun, address, opened
from deploy.parts import part_of
from shared.bus.history import History, HistoryUnreachable
from shared.bus.kafka.replay import replay
from shared.database.port import DatabaseError
from shared.outbox.history import outbox_history
from shared.outbox.rebuild import ReadSide, Rebuilt, Report, Step, rebuild
from shared.outbox.tables import EventTables
from shared.runtime.settings import PREFIX, Settings

READ_SIDES = ("contractmanagement", "financien")
STEPS = {Step.READING: "Gebeurtenissen lezen", Step.COUNTING: "Opnieuw tellen"}
AGAIN = "Wat al geteld is, klopt. Draai het nog eens: plekregie herbouw"  # and the name of the service


def run(settings: Settings, dienst: str, console: Console) -> Rebuilt:
    """Rebuild with a bar on the console. Raises CanNotRun, and ValueError for a service without a read side."""
    if dienst not in READ_SIDES:
        name = part_of(dienst).name
        raise ValueError(f"{name} telt niets uit gebeurtenissen van anderen. Kies uit: {', '.join(READ_SIDES)}.")
    with Progress(console=console, disable=not console.is_terminal) as progress:
        bars: dict[Step, TaskID] = {}

        def report(step: Step, done: int, total: int) -> None:
            if step not in bars:
                bars[step] = progress.add_task(STEPS[step])
            progress.update(bars[step], completed=done, total=total)

        return asyncio.run(herbouw(settings, dienst, report))


def summary(done: Rebuilt) -> str:
    """What was done, in one line."""
    text = (
        f"{done.events} gebeurtenissen gelezen, {done.aggregates} leveringen, {done.cells} cellen geteld, "
        f"{done.changed} bijgewerkt"
    )
    if done.moved:
        text += f", {done.moved} leveringen naar een andere cel"
    if done.unreadable:
        text += f". {done.unreadable} gebeurtenissen waren niet te lezen (zie: plekregie gebeurtenissen lijst)"
    return f"{text}."


async def herbouw(settings: Settings, dienst: str, report: Report) -> Rebuilt:
    """Rebuild the read side of a service. Raises CanNotRun."""
    try:
        async with opened(settings, dienst) as service:
            side = service.read_side
            assert side is not None
            async with history(settings, side, service.edge.tables) as told:
                return await rebuild(side, service.edge, told, report)
    except HistoryUnreachable as error:
        raise CanNotRun(str(error)) from error
    except DatabaseError as error:
        raise CanNotRun(f"De database van {dienst} werkt niet mee: {error}. {AGAIN} {dienst}") from error


@contextlib.asynccontextmanager
async def history(settings: Settings, side: ReadSide[Any], tables: EventTables) -> AsyncIterator[History]:
    """Everything that was told on the topic of a read side. `tables`: those of any service, all have the same."""
    topic = side.contract.TOPIC
    if settings.kafka_bootstrap_servers:
        yield replay(settings.kafka_bootstrap_servers, topic)
        return
    publisher = topic.partition(".")[0]  # topics are named after who publishes on them
    place = address(settings, publisher)
    if not place.made:
        raise HistoryUnreachable(
            f"Hier is geen Kafka en geen database van {publisher} om uit te herbouwen. Zet "
            f"{PREFIX}KAFKA_BOOTSTRAP_SERVERS of {PREFIX}{publisher.upper()}_DATABASE_URL. In containers: draai dit "
            "bij de worker van de dienst."
        )
    database = place.open()
    try:
        if await database.schema_version() is None:
            raise HistoryUnreachable(f"De database van {publisher} is leeg: er is niets om uit te herbouwen.")
        yield outbox_history(database, tables, topic)
    finally:
        await database.close()
