"""Structured logs on stderr: `noun.fact` with keys, one JSON object a line (or readable on a terminal)."""

from __future__ import annotations

import logging
import sys
import traceback
from typing import TextIO

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
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    own = "".join(traceback.format_tb(error.__traceback__)) + type(error).__qualname__
    return own if before is None else f"{trail(before)}\n{own}"


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
        logger_factory=structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
