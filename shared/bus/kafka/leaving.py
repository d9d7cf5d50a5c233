"""Letting go of a consumer, whatever state the broker is in."""

# mypy: allow-untyped-calls
# aiokafka annotates only a part of its functions.

from __future__ import annotations

import asyncio

import structlog
from aiokafka import AIOKafkaConsumer

log = structlog.get_logger()


async def leave(consumer: AIOKafkaConsumer, patience: float, **who: object) -> None:
    """Stop a consumer within so many seconds; where that fails it is logged for `who`, and its connections closed."""
    # A task of its own: when the broker goes away under its hands, the library's stop ends with the cancellation of a
    # task inside it, and to its caller that looks as if the caller was cancelled.
    stopping = asyncio.create_task(consumer.stop())
    try:
        await asyncio.wait({stopping}, timeout=patience)
    except asyncio.CancelledError:
        # It is let finish all the same: half stopped, its heartbeat would hold our place.
        await asyncio.wait({stopping}, timeout=patience)
        raise
    finally:
        stopping.cancel()
    if stopping.done() and not stopping.cancelled() and stopping.exception() is None:
        return
    failure = stopping.exception() if stopping.done() and not stopping.cancelled() else None
    log.warning("bus.niet_netjes_weg", fout=type(failure).__name__ if failure else "afgebroken", **who)
    # No public way: a stop that did not come to its end leaves these open.
    await consumer._client.close()
