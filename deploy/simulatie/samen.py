"""Many calls side by side; the first that fails ends them all."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any


async def samen(taken: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Do them all; raises what the first failure was, itself and not in a group."""
    try:
        async with asyncio.TaskGroup() as group:
            for taak in taken:
                group.create_task(taak)
    except BaseExceptionGroup as groep:
        eerste: BaseException = groep
        while isinstance(eerste, BaseExceptionGroup):
            eerste = eerste.exceptions[0]
        raise eerste from groep
