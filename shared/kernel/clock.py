"""The clock as a port: moments in UTC, dates in the Netherlands."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


class Clock(Protocol):
    """What the edge asks; rules get the answer as an argument."""

    def now(self) -> datetime:
        """This moment, with time zone UTC."""

    def today(self) -> date:
        """The calendar date in Europe/Amsterdam, or the fixed date of a trial."""


class SystemClock:
    """The machine's clock; in trial mode (PROEF) `today` may be fixed."""

    def __init__(self, fixed_today: date | None = None) -> None:
        self.fixed_today = fixed_today

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self) -> date:
        return self.fixed_today or datetime.now(AMSTERDAM).date()
