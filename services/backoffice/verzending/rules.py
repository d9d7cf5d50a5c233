"""From toewijzing to 301: which assignments, in which words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Protocol

from services.backoffice.toewijzing.rules import Status, loopt_of_komt


class Toewijzing(Protocol):
    """What a 301 tells of a toewijzing (a row of the store)."""

    @property
    def te_melden(self) -> bool: ...
    @property
    def status(self) -> str: ...
    @property
    def einddatum(self) -> date | None: ...
    @property
    def subsegment(self) -> str: ...


def in_bericht(toewijzingen: Iterable[Toewijzing], bekend: Sequence[str], vandaag: date) -> list[Toewijzing]:
    """The assignments for one message: what must be told, and what runs or is to come and was told before. Those whose
    sub-segment is not known here yet stay behind (`bekend` are the known codes)."""
    return [
        toewijzing
        for toewijzing in toewijzingen
        if toewijzing.subsegment in bekend
        and (
            toewijzing.te_melden
            or (toewijzing.status == Status.VERZONDEN and loopt_of_komt(toewijzing.einddatum, vandaag))
        )
    ]


def moment(now: datetime) -> datetime:
    """Toewijzingsdatum and -tijd as the messages write them: whole seconds."""
    return now.replace(microsecond=0)
