"""`make vergelijk`: what the product's rules make of random contract lines, against a calculation apart, to the cent.

Exit code 0 when all agree; 1 at the first story that does not, which is saved as small as it gets; 2 for a call that
can't be carried out.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import count, islice
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from tests.vergelijking.vergelijken import Uitslag, bewaar, lees, vergelijk, verklein, verschillen

STUK = 100  # stories per task
talk = Console(stderr=True)


def keuzes() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.vergelijking", description=__doc__)
    parser.add_argument("--lijnen", type=int, default=100_000, help="at least so many lines of contracts")
    parser.add_argument("--zaad", type=int, default=0, help="seed of the first story; each next one has the next")
    parser.add_argument("--processen", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--uit", type=Path, default=Path(tempfile.gettempdir()) / "plekregie-vergelijking.json")
    parser.add_argument("--verhaal", type=Path, help="only this story, as it was saved")
    return parser.parse_args()


def vergelijk_alles(keuze: argparse.Namespace) -> Uitslag:
    """Task after task, until there are enough lines or one is told differently."""
    totaal = Uitslag()
    taken = (range(keuze.zaad + n * STUK, keuze.zaad + (n + 1) * STUK) for n in count())
    kolommen = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    start = multiprocessing.get_context("spawn")
    with (
        ProcessPoolExecutor(keuze.processen, start) as pool,
        Progress(*kolommen, TimeElapsedColumn(), TimeRemainingColumn(), console=talk) as progress,
    ):
        balk = progress.add_task("Contractregels, twee keer berekend", total=keuze.lijnen)
        bezig: set[Future[Uitslag]] = {pool.submit(vergelijk, taak) for taak in islice(taken, 2 * keuze.processen)}
        while bezig:
            klaar, bezig = wait(bezig, return_when=FIRST_COMPLETED)
            for gedaan in klaar:
                totaal.tel_op(gedaan.result())
                progress.update(balk, completed=min(totaal.lijnen, keuze.lijnen))
                if totaal.verschil is None and totaal.lijnen < keuze.lijnen:
                    bezig.add(pool.submit(vergelijk, next(taken)))
    return totaal


def meld(verhaal: dict[str, object], uit: Path) -> None:
    """Say what differs, and where the story is kept."""
    klein = verklein(verhaal)
    bewaar(klein, uit)
    for verschil in verschillen(klein):
        talk.print(verschil, markup=False)
    talk.print(f"Bewaard: {uit}. Nog eens: python -m tests.vergelijking --verhaal {uit}", markup=False)


def main() -> int:
    """The exit code."""
    keuze = keuzes()
    if keuze.verhaal is not None:
        gevonden = list(verschillen(lees(keuze.verhaal)))
        for verschil in gevonden:
            talk.print(verschil, markup=False)
        return 1 if gevonden else 0
    totaal = vergelijk_alles(keuze)
    tabel = Table("wat er voorkomt", "aantal")
    for naam, aantal in sorted(totaal.komt_voor.items()):
        tabel.add_row(naam, str(aantal))
    Console().print(tabel)
    print(
        f"{totaal.lijnen} contractregels in {totaal.verhalen} verhalen: {'een' if totaal.verschil else 'geen'} verschil"
    )
    if totaal.verschil is not None:
        meld(totaal.verschil, keuze.uit)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
