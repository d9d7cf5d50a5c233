"""While a broker is away aiokafka logs about a hundred lines a second; each of its sentences is kept once a minute."""

from __future__ import annotations

import logging
import time

LIBRARY = "aiokafka"
EVERY = 60.0  # seconds


class Seldom(logging.Filter):
    """Lets a line of code speak once in `EVERY` seconds."""

    def __init__(self) -> None:
        super().__init__()
        self._spoke: dict[tuple[str, int], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        place, now = (record.pathname, record.lineno), time.monotonic()
        if now - self._spoke.get(place, -EVERY) < EVERY:
            return False
        self._spoke[place] = now
        return True


SELDOM = Seldom()


def hush() -> None:
    """For every logger of the library: a filter does not reach the loggers below its own. May be called again."""
    for name in list(logging.root.manager.loggerDict):
        if name.split(".")[0] == LIBRARY:
            logging.getLogger(name).addFilter(SELDOM)
