"""A short-lived connection for questions about the cluster itself."""

# mypy: allow-untyped-calls
# aiokafka annotates only a part of its functions.

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiokafka.admin import AIOKafkaAdminClient


@asynccontextmanager
async def administration(bootstrap: str, patience: float) -> AsyncIterator[AIOKafkaAdminClient]:
    """For one question or command that takes `patience` seconds at most (TimeoutError)."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=round(patience * 1000))
    async with asyncio.timeout(patience):
        try:
            await admin.start()
            yield admin
        finally:
            await admin.close()
