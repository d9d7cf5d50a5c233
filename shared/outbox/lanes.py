"""Keeps the order of lanes while batches overlap.

A batch may begin while the one before it is still on its way to the disk. What is decided on together stands in line
for its lanes: of one lane what came first is done first. When it could not be done — our own storage is in trouble —
what stands behind it is left alone too, for all of it will be delivered again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Hashable
from contextlib import asynccontextmanager

from shared.database.port import StorageUnavailable

Done = asyncio.Future[bool]  # whether it was taken in


class Lanes:
    """Who was the last to stand in line for each lane."""

    def __init__(self) -> None:
        self._last: dict[Hashable, Done] = {}
        self._batches = 0

    def begin(self) -> Batch:
        """A batch, of which `end` must be called once."""
        self._batches += 1
        return Batch(self)

    def line_up(self, lanes: Collection[Hashable]) -> tuple[set[Done], Done]:
        """Stand in line: behind whom, and what to tell who comes next."""
        done: Done = asyncio.get_running_loop().create_future()
        before = {self._last[lane] for lane in lanes if lane in self._last}
        self._last.update(dict.fromkeys(lanes, done))
        return before, done

    def everybody(self) -> set[Done]:
        """All who stand in line."""
        return set(self._last.values())

    def free(self, lanes: Collection[Hashable], done: Done) -> None:
        """Nobody has to wait for who was taken in."""
        for lane in lanes:
            if self._last.get(lane) is done:
                del self._last[lane]

    def end(self) -> None:
        """Of what was not taken in every batch under way must know, and none that begins later."""
        self._batches -= 1
        if not self._batches:
            self._last.clear()


class Turn:
    """A place in line for some lanes, from the moment that it is made."""

    def __init__(self, lanes: Lanes, names: Collection[Hashable]) -> None:
        self._lanes = lanes
        self._names = names
        self._before, self.done = lanes.line_up(names)

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """When it is our turn. Raises StorageUnavailable when who was before us was not taken in."""
        await all_taken_in(self._before)
        yield
        self.done.set_result(True)
        self._lanes.free(self._names, self.done)


class Batch:
    """A batch that is being taken in."""

    def __init__(self, lanes: Lanes) -> None:
        self._lanes = lanes
        self._turns: list[Turn] = []

    def turn(self, names: Collection[Hashable]) -> Turn:
        """Stand in line for these lanes."""
        turn = Turn(self._lanes, names)
        self._turns.append(turn)
        return turn

    async def alone(self) -> None:
        """Wait for all who stand in line now. Raises StorageUnavailable when one of them was not taken in."""
        await all_taken_in(self._lanes.everybody())

    def end(self) -> None:
        """Whoever has not had a turn by now gets none."""
        for turn in self._turns:
            if not turn.done.done():
                turn.done.set_result(False)
        self._lanes.end()


async def all_taken_in(before: set[Done]) -> None:
    if before:
        await asyncio.wait(before)
        if not all(done.result() for done in before):
            raise StorageUnavailable("what came before it was not taken in")
