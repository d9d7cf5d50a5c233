"""Structured logs on stderr: `noun.fact` with keys, one JSON object a line (or readable on a terminal)."""

from __future__ import annotations

import contextlib
import io
import logging
import sys
import traceback
from typing import TextIO, cast

import structlog
from structlog.typing import EventDict, WrappedLogger


def without_values(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """An error as its kind and where it came from. Its text stays out: libraries repeat the value they refuse."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    elif isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["spoor"] = trail(error)
    return event


def trail(error: BaseException) -> str:
    """The kind and the stack of an error, after those of what caused it."""
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in chain:
        chain.append(link)
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    parts = ("".join(traceback.format_tb(item.__traceback__)) + type(item).__qualname__ for item in chain)
    return "\n".join(reversed(list(parts)))


class Unfailing(io.TextIOBase):
    """A stream that never fails who writes to it: where the log can't be kept (a full disk, a pipe that is gone) the
    log has a gap, and the product goes on."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._stream.flush()


def set_up_logs(*, level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Configure once per process. Nothing personal goes into a log line: no BSN, no names, no message text."""
    stream = stream or sys.stderr
    readable = stream.isatty()
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer() if readable else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_values,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(cast(TextIO, Unfailing(stream))),
        cache_logger_on_first_use=True,
    )
