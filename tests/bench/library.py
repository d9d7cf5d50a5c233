"""The message library against what else reads iJw messages in Python, in one run on one thread.

`python -m tests.bench.library`. Everybody works on the same bytes, in turn, round after round; per round the processor
time of each is held against that of the product, so that a busy machine slows down both sides of a ratio.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from services.backoffice.istandaarden.controle import beoordeel
from tests.bench.library_messages import claim, example
from tests.bench.library_peers import Schemas, Work, generated, lxml_with_schema, product, with_xmlschema

ROUNDS = 7
SLICE = 0.25  # seconds of work per contender and round, or one message when that takes longer
LARGE, LARGEST = 10_000_000, 25 * 1024 * 1024 - 100_000
AIMS = {"lxml + schema": 0.5, "xmlschema": 8.0, "xsdata": 8.0}
"""How many times as fast as each the product means to be."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message and one contender: its rate, and how many times as fast the product is (median of the rounds)."""

    message: str
    bytes: int
    contender: str
    per_second: float
    product_is_times_as_fast: float
    aim: float | None


@dataclass(frozen=True, slots=True)
class Memory:
    """Reading and judging one message in a fresh process: its seconds, and the most memory over what stood there."""

    bytes: int
    seconds: float
    extra_mb: float


@dataclass(frozen=True, slots=True)
class Library:
    """Everything that was measured."""

    lines: list[Line]
    memory: Memory


def shared_folder() -> Path:
    """The reference data; FileNotFoundError says how to point at it."""
    folder = Path(os.environ.get("PLEKREGIE_SHARED") or Path(__file__).resolve().parents[3] / "shared")
    if not (folder / "istandaarden").is_dir():
        raise FileNotFoundError(f"Geen referentiegegevens in {folder}: zet PLEKREGIE_SHARED op de map ermee.")
    return folder


def run(say: Callable[[str], None] = lambda text: None, rounds: int = ROUNDS) -> Library:
    """Measure JW301, JW305 and a 10 MB JW323, and the memory that a 25 MB JW323 takes."""
    shared = shared_folder()
    schemas = Schemas(shared / "istandaarden" / "xsd" / "ijw-3.2")
    messages = {name: example(shared, name) for name in ("JW301", "JW305")} | {"JW323": claim(LARGE)}
    lines: list[Line] = []
    with tempfile.TemporaryDirectory(prefix="plekregie-bench-") as folder:
        say("xsdata maakt klassen van de schema's …")
        with generated(schemas, Path(folder)) as xsdata:
            for name, data in messages.items():
                say(f"{name}, {len(data):,} bytes …")
                contenders = {
                    "plekregie": product,
                    "lxml + schema": lxml_with_schema(schemas, name),
                    "xmlschema": with_xmlschema(schemas, name),
                    "xsdata": xsdata(name),
                }
                # The slow ones need seconds for a large message, and differ by far more than chance does.
                lines += measure(name, data, contenders, rounds if len(data) < LARGE else min(rounds, 3))
        say("JW323 van 25 MB in een eigen proces …")
        return Library(lines, memory(Path(folder)))


def measure(name: str, data: bytes, contenders: dict[str, Work], rounds: int) -> list[Line]:
    """Every contender in every round; the first is the product."""
    seconds: dict[str, list[float]] = {contender: [] for contender in contenders}
    for work in contenders.values():
        work(data)  # what is compiled once is no part of the rate
    for _ in range(rounds):
        for contender, work in contenders.items():
            seconds[contender].append(each(work, data))
    first, *_ = contenders
    return [
        Line(
            name,
            len(data),
            contender,
            1 / median(taken),
            median(other / own for other, own in zip(taken, seconds[first], strict=True)),
            AIMS.get(contender),
        )
        for contender, taken in seconds.items()
    ]


def each(work: Work, data: bytes) -> float:
    """Processor seconds for one message, over a slice of time."""
    times, begin = 0, time.thread_time()
    while True:
        work(data)
        times += 1
        used = time.thread_time() - begin
        if used >= SLICE:
            return used / times


def memory(folder: Path) -> Memory:
    """What the largest message takes, in a process that does nothing else."""
    file = folder / "JW323.xml"
    file.write_bytes(claim(LARGEST))
    command = [sys.executable, "-m", "tests.bench.library", str(file)]
    made = subprocess.run(command, capture_output=True, text=True, check=True)
    return Memory(**json.loads(made.stdout))


def judge_once(file: Path) -> Memory:
    """Read and judge one file here and now. The bytes themselves count as well."""
    before, begin = peak_mb(), time.thread_time()
    data = file.read_bytes()
    found = beoordeel(data)
    if found.oordeel != "goed":
        raise ValueError(found.fouten[0])
    return Memory(len(data), time.thread_time() - begin, peak_mb() - before)


def peak_mb() -> float:
    """The most memory that this program ever held."""
    status = Path("/proc/self/status")
    if status.exists():  # what getrusage tells on Linux, a new program inherits from the one that started it
        (line,) = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


def table(found: Library) -> Table:
    """The figures for a person."""
    made = Table("bericht", "bytes", "wie", "per seconde", "plekregie is × zo snel", "doel")
    for line in found.lines:
        aim = "" if line.aim is None else f"{line.aim:g}"
        rate = f"{line.per_second:,.0f}" if line.per_second >= 10 else f"{line.per_second:.2f}"
        made.add_row(line.message, f"{line.bytes:,}", line.contender, rate, f"{line.product_is_times_as_fast:.2f}", aim)
    memory_line = f"{found.memory.extra_mb:.0f} MB erbij, {found.memory.seconds:.1f} s"
    made.caption = f"JW323 van {found.memory.bytes:,} bytes lezen en beoordelen: {memory_line}"
    return made


def main() -> None:
    """Entry point: without arguments the whole comparison, with a file what judging that takes (as JSON)."""
    if sys.argv[1:]:
        print(json.dumps(asdict(judge_once(Path(sys.argv[1])))))
        return
    if compare(Console(stderr=True).print) is None:
        sys.exit(2)


def compare(say: Callable[[str], None]) -> Library | None:
    """Measure and print the table; None, and a line that says why, without the reference data."""
    try:
        found = run(say)
    except FileNotFoundError as missing:
        say(str(missing))
        return None
    Console().print(table(found))
    return found


if __name__ == "__main__":
    main()
