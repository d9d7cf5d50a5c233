"""`make conformance`: the full comparison with the official schemas, then the reader under fire.

Exit code 0 when nothing was found; 1 at the first class of disagreement or the first mishap, with the smallest example
saved; 2 for a call that can't be carried out.
"""

import argparse
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from tests.backoffice.istandaarden.standaard import Standaard
from tests.conformance.bronnen import eigen, soorten, teksten
from tests.conformance.lezerproef import Proef, beproef
from tests.conformance.vergelijking import Uitslag, Verschil, vergelijk, verklein

ROOT = Path(__file__).resolve().parents[2]
STUK = 500  # mutants per task
BEURT = 10.0  # seconds of processor time per task of reading
talk = Console(stderr=True)


def keuzes() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.add_argument("--mutanten", type=int, default=200_000, help="at least so many, spread over the schemas")
    minuten = "how long the reader is under fire, in minutes of processor time of each process; 0: not"
    parser.add_argument("--minuten", type=float, default=3.0, help=minuten)
    parser.add_argument("--zaad", type=int, default=20260101)
    parser.add_argument("--processen", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--uit", type=Path, default=Path(tempfile.gettempdir()) / "plekregie-conformance")
    parser.add_argument("--door", action="store_true", help="go on after a disagreement and list every class")
    return parser.parse_args()


def balk() -> Progress:
    """A progress bar on stderr."""
    kolommen = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*kolommen, TimeElapsedColumn(), TimeRemainingColumn(), console=talk)


def taken(namen: list[str], mutanten: int, zaad: int) -> Iterator[tuple[str, int, int]]:
    """Kind, seed and number of each task: independent of how many processes there are."""
    per_schema = -(-mutanten // len(namen))
    for ronde, begin in enumerate(range(0, per_schema, STUK)):
        for plek, naam in enumerate(namen):
            yield naam, zaad + ronde * len(namen) + plek, min(STUK, per_schema - begin)


def vergelijk_alles(
    standaard: Standaard, namen: list[str], keuze: argparse.Namespace
) -> tuple[dict[str, Uitslag], list[Verschil]]:
    """Every task, until done or until something is found; what was under way is then finished, nothing new begun."""
    totaal = {naam: Uitslag(naam) for naam in namen}
    rij = taken(namen, keuze.mutanten, keuze.zaad)
    with ProcessPoolExecutor(keuze.processen, _zoals_hier()) as pool, balk() as progress:
        stand = progress.add_task("Mutanten tegen de schema's", total=-(-keuze.mutanten // len(namen)) * len(namen))
        bezig: set[Future[Uitslag]] = {
            pool.submit(vergelijk, standaard.pad, *taak) for taak in islice(rij, 2 * keuze.processen)
        }
        while bezig:
            klaar, bezig = wait(bezig, return_when=FIRST_COMPLETED)
            for gedaan in klaar:
                uitslag = gedaan.result()
                som = totaal[uitslag.naam]
                som.mutanten += uitslag.mutanten
                som.goed += uitslag.goed
                som.verschillen += uitslag.verschillen
                progress.advance(stand, uitslag.mutanten)
                if keuze.door or not any(som.verschillen for som in totaal.values()):
                    bezig |= {pool.submit(vergelijk, standaard.pad, *taak) for taak in islice(rij, 1)}
    return totaal, [verschil for som in totaal.values() for verschil in som.verschillen]


def beproef_lezer(bronnen: list[bytes], keuze: argparse.Namespace) -> Proef:
    """The reader under fire on every process, until its processor time is used or something is found.

    By the clock a turn takes longer on a busy machine, and the time that the bar says is left is a guess.
    """
    som = Proef()
    beurten = max(1, round(keuze.minuten * 60 / BEURT)) * keuze.processen
    duur = keuze.minuten * 60 * keuze.processen / beurten
    with ProcessPoolExecutor(keuze.processen, _zoals_hier()) as pool, balk() as progress:
        stand = progress.add_task("De lezer onder vuur (beurten)", total=beurten)
        bezig = {pool.submit(beproef, bronnen, keuze.zaad + beurt, duur) for beurt in range(beurten)}
        while bezig:
            klaar, bezig = wait(bezig, return_when=FIRST_COMPLETED)
            for gedaan in klaar:
                if not gedaan.cancelled():
                    tel_op(som, gedaan.result())
                progress.advance(stand)
            if som.fouten:
                for wachtend in bezig:
                    wachtend.cancel()
    return som


def tel_op(som: Proef, deel: Proef) -> None:
    """Add one turn to the whole."""
    som.teksten += deel.teksten
    som.onleesbaar += deel.onleesbaar
    som.schemafout += deel.schemafout
    som.gelezen += deel.gelezen
    som.traagste = max(som.traagste, deel.traagste)
    som.erbij_mb = max(som.erbij_mb, deel.erbij_mb)
    som.fouten += deel.fouten


def toon(totaal: dict[str, Uitslag]) -> None:
    """A line per schema and the sum, on stdout."""
    tabel = Table("schema", "mutanten", "goed volgens het schema", "verschillen")
    for uitslag in totaal.values():
        aandeel = f"{uitslag.goed} ({uitslag.goed / max(1, uitslag.mutanten):.0%})"
        tabel.add_row(uitslag.naam, str(uitslag.mutanten), aandeel, str(len(uitslag.verschillen)))
    alle = list(totaal.values())
    tabel.add_section()
    goed = sum(uitslag.goed for uitslag in alle)
    verschillen = sum(len(uitslag.verschillen) for uitslag in alle)
    tabel.add_row("samen", str(sum(uitslag.mutanten for uitslag in alle)), str(goed), str(verschillen))
    Console().print(tabel)


def meld_verschillen(standaard: Standaard, verschillen: list[Verschil], uit: Path) -> None:
    """Each class with how often and in which kinds it occurred, and its smallest example, made smaller and kept."""
    klassen = sorted({verschil.klasse for verschil in verschillen})
    for nummer, klasse in enumerate(klassen, start=1):
        leden = sorted((v for v in verschillen if v.klasse == klasse), key=lambda v: len(v.data))
        namen = ", ".join(sorted({verschil.naam for verschil in leden}))
        Console().print(f"verschil {nummer}: {klasse}, {len(leden)} keer ({namen})", markup=False)
        bewaar(uit, f"verschil-{nummer}-{leden[0].naam}.xml", verklein(standaard, leden[0]).data)


def bewaar(uit: Path, naam: str, data: bytes) -> None:
    """Keep an example and say where."""
    uit.mkdir(parents=True, exist_ok=True)
    pad = uit / naam
    pad.write_bytes(data)
    talk.print(f"bewaard: {pad} ({len(data)} bytes)")


def _zoals_hier() -> multiprocessing.context.BaseContext:
    """Processes that begin with what this one has loaded, where that exists: an edit during the run changes nothing."""
    return multiprocessing.get_context("fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn")


def main() -> int:
    """Run both; the summaries go to stdout."""
    keuze = keuzes()
    gedeeld = Path(os.environ.get("PLEKREGIE_SHARED") or ROOT.parent / "shared")
    standaard = Standaard(gedeeld / "istandaarden")
    namen = soorten(standaard)
    if not namen:
        talk.print(f"Geen officiële schema's in {gedeeld}: zet PLEKREGIE_SHARED op de map ermee.")
        return 2
    bronnen = {naam: teksten(standaard, naam) for naam in namen}
    for naam in namen:
        # Our own: an official example may be one that its schema refuses (JW315).
        assert all(standaard.keurt_goed(naam, tekst) for tekst in eigen(naam)), f"{naam}: not sound to begin with"
    totaal, verschillen = vergelijk_alles(standaard, namen, keuze)
    toon(totaal)
    meld_verschillen(standaard, verschillen, keuze.uit)
    if verschillen and not keuze.door:
        return 1
    if keuze.minuten <= 0:
        return 1 if verschillen else 0
    proef = beproef_lezer([tekst for rij in bronnen.values() for tekst in rij], keuze)
    Console().print(
        f"lezer: {proef.teksten} teksten, {proef.onleesbaar} onleesbaar, {proef.schemafout} schemafout, "
        f"{proef.gelezen} gelezen; traagste {proef.traagste:.2f} s processortijd, "
        f"meeste geheugen erbij {proef.erbij_mb:.0f} MB"
    )
    for wat, data in proef.fouten[:1]:
        talk.print(f"Misgegaan: {wat}")
        bewaar(keuze.uit, "lezer.bin", min((d for w, d in proef.fouten if w == wat), key=len, default=data))
    return 1 if proef.fouten or verschillen else 0


if __name__ == "__main__":
    sys.exit(main())
