"""Whether the background side of a service gets on with it: its health, its metrics, what an alarm looks at."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from prometheus_client import Gauge
from sqlalchemy import func, select

from shared.bus.port import Bus, Progress
from shared.database.port import DatabaseError, Query
from shared.runtime.service import Service

EVERY = 5.0  # seconds between measurements
LATE = 30.0  # seconds that an event may wait to be sent, and a group may stand still with work before it
OLDEST = Gauge("plekregie_oudste_onverzonden_seconden", "Age of the oldest event that was not sent", ["dienst"])
PARKED = Gauge("plekregie_geparkeerd_open", "Parked events that were not solved", ["dienst"])
BEHIND = Gauge("plekregie_achter", "Records that a group has not committed", ["groep"])
log = structlog.get_logger()


@dataclass(slots=True)
class Report:
    """What a measurement found; `reasons` (Dutch, for the operator) is empty when all goes well."""

    active: bool = False
    oldest: float = 0.0
    parked: int = 0
    groups: list[Progress] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """As the health address shows it."""
        return {
            "status": "hapert" if self.reasons else "ok",
            "redenen": self.reasons,
            "uitgaand": {"verstuurt": self.active, "oudsteSeconden": round(self.oldest, 1)},
            "inkomend": [
                {"groep": group.group, "achter": group.behind, "verwerkt": group.done, "wachtOp": group.trouble}
                for group in self.groups
            ],
            "geparkeerd": self.parked,
        }


class Watch:
    """Measures one service now and then; asking for the result costs nothing and always answers."""

    def __init__(
        self, service: Service, bus: Bus, *, now: Callable[[], float] = time.monotonic, patience: float = LATE
    ) -> None:
        """`now`: seconds since some moment. `patience`: seconds for one measurement."""
        outbox, parked = service.edge.tables.outbox, service.edge.tables.parked
        self._service = service
        self._bus = bus
        self._now = now
        self._patience = patience
        self._oldest = Query(
            select(outbox.c.aangemaakt_op).where(outbox.c.verzonden_op.is_(None)).order_by(outbox.c.volgnummer).limit(1)
        )
        self._parked = Query(select(func.count().label("aantal")).where(parked.c.opgelost_op.is_(None)))
        self._moved: dict[str, tuple[int, float]] = {}  # group → what it had done, and since when that is all
        self.report = Report(reasons=["De dienst begint net."])

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                # On a network that fell silent a question waits long, and what was found before it grows old.
                async with asyncio.timeout(self._patience):
                    self.report = await self.measure()
            except Exception as error:
                # Not knowing how it goes is no reason to stop working, but it is one to be looked at.
                log.error("voortgang.onbekend", dienst=self._service.name, fout=type(error).__name__, exc_info=error)
                self.report = Report(reasons=[f"De voortgang kan niet worden gemeten ({type(error).__name__})."])
            await asyncio.sleep(EVERY)

    async def measure(self) -> Report:
        """Look now."""
        report = Report(active=self._service.relay.active)
        try:
            async with self._service.edge.database.reading() as reader:
                oldest = await reader.one(self._oldest)
                report.parked = (await reader.one(self._parked)).aantal
            report.oldest = self._age(None if oldest is None else oldest.aangemaakt_op)
        except DatabaseError as error:
            log.warning("voortgang.onbekend", dienst=self._service.name, fout=str(error))
            report.reasons.append("De database antwoordt niet.")
        if report.oldest > LATE:
            report.reasons.append(f"De oudste gebeurtenis wacht {report.oldest:.0f} seconden op verzending.")
        report.groups = list(await self._bus.progress())
        for group in report.groups:
            report.reasons.extend(self._standing_still(group))
        self._show(report)
        return report

    def _age(self, since: datetime | None) -> float:
        return 0.0 if since is None else (self._service.edge.clock.now() - since).total_seconds()

    def _standing_still(self, group: Progress) -> list[str]:
        if group.trouble is not None:
            return [f"Groep {group.group} kan niet lezen of verwerken ({group.trouble})."]
        if group.behind is None:
            return [f"Kafka zegt niet hoe ver groep {group.group} is."]
        now = self._now()
        done, since = self._moved.get(group.group, (-1, now))
        if group.behind == 0 or group.done != done:
            since = now
        self._moved[group.group] = (group.done, since)
        if now - since > LATE:
            return [f"Groep {group.group} staat {now - since:.0f} seconden stil, met {group.behind} te gaan."]
        return []

    def _show(self, report: Report) -> None:
        name = self._service.name
        OLDEST.labels(name).set(report.oldest)
        PARKED.labels(name).set(report.parked)
        for group in report.groups:
            if group.behind is not None:
                BEHIND.labels(group.group).set(group.behind)
