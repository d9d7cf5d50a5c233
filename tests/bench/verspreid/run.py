"""Everything of the distributed bench, in one folder and in one run; the figures."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import monotonic

from deploy.parts import NAMES
from shared.bus.kafka.noise import hush
from tests.bench.region import plaatsingen
from tests.bench.senders import Load, send_apart
from tests.bench.server import check
from tests.bench.setting_up import Klaar, set_up
from tests.bench.verspreid import following, rebuilding, relaying, taking_in
from tests.bench.verspreid.apart import Took
from tests.bench.verspreid.composed import topics_read
from tests.bench.verspreid.events import leveringen
from tests.bench.verspreid.following import Followed
from tests.bench.verspreid.installation import Installation, OnePort, install, issuer, meter
from tests.bench.verspreid.processor import Meter
from tests.bench.verspreid.report import Round, both_ways, followed_figures, machine, rebuilt_figures
from tests.bench.verspreid.retour import Retour
from tests.bench.verspreid.servers import Servers, servers
from tests.bench.verspreid.storage import connected
from tests.bench.verspreid.under_way import UnderWay

PARTS = ("a", "b", "c", "d", "e")
WITH_REGION = frozenset("ade")
WARM_UP = 64


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured. Every number but `rounds` and `probes` is of one round."""

    rounds: int = 3
    messages: int = 300
    senders: int = 16
    carried: int = 20_000
    taken_in: int = 20_000
    taken_in_bare: int = 20_000
    whole_chain: int = 300
    probes: int = 60
    background_seconds: float = 20.0
    background_most: int = 900
    rebuilt: int = 20_000

    def clients(self, parts: Collection[str]) -> int:
        """That the region needs for these parts, without the probes."""
        retour = WARM_UP + self.rounds * self.messages if "a" in parts else 0
        followed = (1 + self.rounds) * self.whole_chain + self.rounds * self.background_most
        return retour + (followed if "e" in parts else 0)


@dataclass(slots=True)
class Bench:
    """One run with a region."""

    installation: Installation
    events: UnderWay
    size: Size
    stock: list[Klaar]
    probes: list[Klaar]
    vandaag: date
    say: Callable[[str], None]

    def take(self, number: int) -> list[bytes]:
        """The next requests that were not sent yet."""
        taken, self.stock = self.stock[:number], self.stock[number:]
        return [item.request for item in taken]

    async def retour(self) -> dict[str, object]:
        """(a)"""
        size = self.size
        part = Retour(self.installation, size.senders, self.take(WARM_UP))
        compared = await part.measure([self.take(size.messages) for _ in range(size.rounds)])
        latencies = {name: both_ways(seconds) for name, seconds in part.latencies.items()}
        return {**compared.figures(), "senders": size.senders, "latency_ms": latencies, "rows": part.rows}

    async def follow(self) -> dict[str, object]:
        """(e): in every round first what the whole chain takes at most, then probes at half of that."""
        async with self.installation.apart(NAMES, NAMES) as processes:
            port = processes["serve backoffice"].port
            await self.events.quiet()
            await self._chain(port)
            reading = meter(self.installation.servers, processes)
            rounds = [await self._round(port, reading, turn) for turn in range(self.size.rounds)]
        return followed_figures(rounds)

    async def _round(self, port: int, reading: Meter, turn: int) -> Round:
        before = reading.read()
        seconds = await self._chain(port)
        whole = Took(self.size.whole_chain, seconds, reading.since(before))
        rate = whole.rate / 2
        self.say(f"(e) de hele keten: {whole.rate:.0f}/s; volgen bij {rate:.0f}/s …")
        before, begin = reading.read(), monotonic()
        found, load = await self._probe(port, rate, turn)
        await self.events.quiet()
        half = Took(len(load) + len(found), monotonic() - begin, reading.since(before))
        return Round(whole, half, rate, found, load)

    async def _chain(self, port: int) -> float:
        """Seconds from the first message until everybody has written everything."""
        load = Load(port, self.take(self.size.whole_chain), self.size.senders)
        sent = await send_apart(load, self.installation.folder)
        for answer in sent.answers:
            check(answer, 200)
        return await self.events.quiet() - sent.begin

    async def _probe(self, port: int, rate: float, turn: int) -> tuple[list[Followed], list[float]]:
        number = min(round(rate * self.size.background_seconds), self.size.background_most)
        load = Load(port, self.take(number), self.size.senders, rate)
        background = asyncio.create_task(send_apart(load, self.installation.folder))
        await asyncio.sleep(1.0)  # until it sends
        events = list(leveringen(len(self.probes) + 1, self.vandaag, mark=f"rondgang{turn}"))
        found = await following.follow(
            self.installation.servers, port, self.probes, events, lambda: not background.done()
        )
        self.probes = self.probes[len(found) :]
        sent = await background
        for answer in sent.answers:
            check(answer, 200)
        return found, sent.seconds

    async def rebuild(self) -> dict[str, object]:
        """(d), beside what does not read these leveringen: its own worker would take them in at the same time."""
        async with self.installation.apart(NAMES, ("toegang", "backoffice")):
            return rebuilt_figures(
                await rebuilding.measure(self.installation, self.vandaag, number=self.size.rebuilt), self.size.rebuilt
            )


async def run(parts: Collection[str], size: Size, folder: Path, say: Callable[[str], None]) -> dict[str, object]:
    """The figures of these parts. Raises NoServers."""
    hush()  # a topic that was just made has no leader yet, and the library says so for every partition
    vandaag = date.today()
    found: dict[str, object] = {"machine": machine()}
    begin = monotonic()
    async with servers() as started:
        if "b" in parts:
            say("(b) relay …")
            carried = await relaying.measure(started, folder, vandaag, rounds=size.rounds, number=size.carried)
            found["b"] = carried.figures()
        if "c" in parts:
            say("(c) innemen …")
            numbers = {"number": size.taken_in, "bare_number": size.taken_in_bare}
            found["c"] = (await taking_in.measure(started, folder, vandaag, rounds=size.rounds, **numbers)).figures()
        if WITH_REGION.intersection(parts):
            await with_region(started, parts, size, folder, say, found)
    found["seconds"] = round(monotonic() - begin, 1)
    return found


async def with_region(
    started: Servers,
    parts: Collection[str],
    size: Size,
    folder: Path,
    say: Callable[[str], None],
    found: dict[str, object],
) -> None:
    """The parts that need an installation with contracts and toewijzingen."""
    vandaag = date.today()
    gewoon, proef = plaatsingen(vandaag, size.clients(parts), size.probes if "e" in parts else 0)
    installation = await install(started, folder)
    async with AsyncExitStack() as stack:
        database = await connected(started, "public")
        stack.push_async_callback(database.close)
        events = UnderWay(database, topics_read(started.admin, folder))
        say(f"Regio klaarzetten: {len(gewoon) + len(proef)} toewijzingen …")
        async with installation.process("start", "--leeg") as everything:
            behind = OnePort(everything.port, issuer(installation), events)
            klaar = await set_up(behind, folder, [*gewoon, *proef], vandaag)
        bench = Bench(installation, events, size, klaar[: len(gewoon)], klaar[len(gewoon) :], vandaag, say)
        for part, measure in (("a", bench.retour), ("e", bench.follow), ("d", bench.rebuild)):
            if part in parts:
                say(f"({part}) …")
                found[part] = await measure()
