"""`python -m tests.bench`: see docs/performance.md for what is measured and what came out."""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from tests.bench import bladzijden, floor, library, rows
from tests.bench.client import Connection
from tests.bench.follow import Followed, follow
from tests.bench.region import GEMEENTEN, SUBSEGMENTEN, plaatsingen
from tests.bench.report import Round, RowLine, figures, table
from tests.bench.rows import Write
from tests.bench.senders import Load, send_apart
from tests.bench.server import Server, check
from tests.bench.setting_up import Klaar, set_up
from tests.bench.verspreid import report
from tests.bench.verspreid.run import PARTS as LETTERS
from tests.bench.verspreid.run import Size as Sizes
from tests.bench.verspreid.run import run as run_distributed
from tests.bench.verspreid.servers import NoServers

MOST_PROBES = len(GEMEENTEN) * len(SUBSEGMENTEN)
WARM_UP = 100
BACKGROUND = 40.0  # messages per second beside the probes
BACKGROUND_SECONDS = 6
EMBEDDED, DISTRIBUTED, LIBRARY, PAGES = "ingebed", "verspreid", "bibliotheek", "bladzijden"
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    rounds: int
    messages: int
    senders: int
    probes: int
    watched: int

    @property
    def background(self) -> int:
        return round(BACKGROUND * BACKGROUND_SECONDS)

    @property
    def total(self) -> int:
        """Clients that are needed, without the probes."""
        return WARM_UP + self.watched + self.rounds * self.messages + self.background


@dataclass(slots=True)
class Bench:
    """One run."""

    server: Server
    folder: Path
    size: Size
    stock: list[Klaar]

    def take(self, number: int) -> list[bytes]:
        """The next requests that were not sent yet."""
        taken, self.stock = self.stock[:number], self.stock[number:]
        return [item.request for item in taken]

    async def warm_up(self) -> None:
        """Let the product compile what it compiles once."""
        await self._send(self.take(WARM_UP))

    async def count(self) -> tuple[Counter[Write], int]:
        """Send some messages one by one, and count what each writes."""
        databases = self.server.databases()
        total: Counter[Write] = Counter()
        connection = await Connection.open(self.server.port)
        rows.watch(databases)
        try:
            for raw in self.take(self.size.watched):
                check(await connection.call(raw), 200)
                await self.server.quiet()
                total += rows.seen(databases)
        finally:
            rows.unwatch(databases)
            connection.close()
        return total, self.size.watched

    async def measure(self, number: int, each: Counter[Write]) -> tuple[Round, list[RowLine]]:
        """One round of the product, and then the floor with the rows of that round."""
        before = rows.keep(self.server.databases(), self.folder / f"before{number}")
        cpu = self.server.cpu_seconds()
        begin, answered, seconds = await self._send(self.take(self.size.messages))
        done = await self.server.quiet()
        used = self.server.cpu_seconds()
        after = rows.keep(self.server.databases(), self.folder / f"after{number}")
        found = {name: rows.difference(before[name], after[name]) for name in before}
        per_message = Counter({write: count / self.size.watched for write, count in each.items()})
        planned = floor.plan(found, per_message, self.size.messages)
        written = floor.run(before, planned, self.size.messages, self.folder / f"floor{number}")
        for copy in (*before.values(), *after.values()):
            copy.unlink()
        spent = None if cpu is None or used is None else used - cpu
        one = Round(self.size.messages, answered - begin, max(done, answered) - begin, spent, seconds, written)
        return one, row_list(found, per_message, self.size.messages)

    async def follow(self, proeven: Sequence[Klaar]) -> list[Followed]:
        """The probes under a moderate load."""
        load = Load(self.server.port, self.take(self.size.background), 8, BACKGROUND)
        return await follow(self.server, proeven, load)

    async def _send(self, requests: list[bytes]) -> tuple[float, float, list[float]]:
        sent = await send_apart(Load(self.server.port, requests, self.size.senders), self.folder)
        for answer in sent.answers:
            check(answer, 200)
        return sent.begin, sent.end, sent.seconds


def row_list(found: dict[str, dict[str, rows.Rows]], per_message: Counter[Write], messages: int) -> list[RowLine]:
    """What a message writes: new rows as they were in the round, changed ones as they were counted."""
    made = []
    for database, tables in found.items():
        for name, one in tables.items():
            if one.new:
                made.append(RowLine(Write(database, name, "insert"), len(one.new) / messages, rows.size(one.new)))
            changed = per_message[Write(database, name, "update")]
            if one.changed and changed:
                made.append(RowLine(Write(database, name, "update"), changed, rows.size(one.changed)))
    return made


async def run(size: Size, folder: Path, profile: Path | None) -> dict[str, object]:
    """Everything, in one folder; the figures."""
    vandaag = date.today()
    gewoon, proef = plaatsingen(vandaag, size.total, size.probes)
    async with Server(folder, profile=profile) as server:
        say(f"Regio klaarzetten: {len(gewoon) + len(proef)} toewijzingen …")
        klaar = await set_up(server, folder, [*gewoon, *proef], vandaag)
        bench = Bench(server, folder, size, klaar[: len(gewoon)])
        await bench.warm_up()
        await server.quiet()
        each, _ = await bench.count()
        server.begin_profile()
        rounds: list[Round] = []
        lines: list[RowLine] = []
        for number in range(size.rounds):
            one, lines = await bench.measure(number, each)
            rounds.append(one)
            say(
                f"Ronde {number + 1}: product {one.messages / one.done:.0f}/s, "
                f"ondergrens {one.messages / one.floor.seconds:.0f}/s, verhouding {one.ratio:.3f}"
            )
        followed = await bench.follow(klaar[len(gewoon) :])
    return figures(rounds, followed, lines, size.senders, BACKGROUND)


def say(text: str) -> None:
    """Progress, apart from the results."""
    print(text, file=sys.stderr, flush=True)


async def embedded(asked: argparse.Namespace, folder: Path) -> tuple[str, dict[str, object]]:
    """The all-in-one against sqlite3."""
    size = Size(asked.rondes, asked.berichten, asked.zenders, min(asked.proeven, MOST_PROBES), 40)
    profile = None if asked.profiel is None else asked.profiel.resolve()
    found = await run(size, folder, profile)
    return table(found), found


async def distributed(parts: Sequence[str], folder: Path) -> tuple[str, dict[str, object]] | None:
    """PostgreSQL and Kafka; None, and a line that says why, where they can't be had."""
    try:
        found = await run_distributed(parts, Sizes(), folder, say)
    except NoServers as missing:
        say(f"Verspreid niet gemeten: {missing}")
        return None
    return report.table(found), found


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Meet Plekregie tegen zijn ondergrens.")
    parser.add_argument(
        "--deel",
        action="append",
        choices=(EMBEDDED, DISTRIBUTED, LIBRARY, PAGES, *LETTERS),
        help="alleen dit deel; mag vaker. De letters zijn delen van verspreid (docs/performance.md)",
    )
    parser.add_argument("--json", type=Path, metavar="BESTAND", help="schrijf de cijfers ook als JSON")
    only = parser.add_argument_group("alleen voor ingebed")
    only.add_argument("--rondes", type=int, default=5, help="rondes van product en ondergrens (5)")
    only.add_argument("--berichten", type=int, default=400, help="berichten per ronde (400)")
    only.add_argument("--zenders", type=int, default=32, help="zenders tegelijk (32)")
    only.add_argument("--proeven", type=int, default=60, help=f"gevolgde berichten, hoogstens {MOST_PROBES} (60)")
    only.add_argument("--profiel", type=Path, metavar="BESTAND", help="profileer de server (cijfers tellen dan niet)")
    parser.add_argument("--gegevens", type=Path, metavar="MAP", help="bladzijden: de DATA_DIR van wat niet draait")
    asked = parser.parse_args()
    wanted = set(asked.deel or (EMBEDDED, DISTRIBUTED, LIBRARY, PAGES))
    letters = LETTERS if DISTRIBUTED in wanted else tuple(letter for letter in LETTERS if letter in wanted)
    found: dict[str, object] = {}
    if EMBEDDED in wanted:
        text, figures_found = in_a_folder(lambda folder: embedded(asked, folder))
        print(text)
        found |= figures_found
    if letters:
        measured = in_a_folder(lambda folder: distributed(letters, folder))
        if measured is not None:
            print(measured[0])
            found["verspreid"] = measured[1]
    if LIBRARY in wanted:
        compared = library.compare(say)
        if compared is not None:
            found["bibliotheek"] = asdict(compared)
    if PAGES in wanted:
        pages = in_a_folder(lambda folder: bladzijden.run(folder, asked.gegevens, say))
        print(bladzijden.table(pages))
        found["bladzijden"] = [asdict(one) for one in pages]
    if asked.json is not None:
        asked.json.write_text(json.dumps(found, indent=2) + "\n")


def in_a_folder(measure: Callable[[Path], Coroutine[object, object, Result]]) -> Result:
    """Measure in a folder that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="plekregie-bench-"))
    try:
        return asyncio.run(measure(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
