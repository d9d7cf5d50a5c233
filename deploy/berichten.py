"""What `plekregie bericht` does: files in, verdicts out. The judging itself is the message library's."""

from __future__ import annotations

import json
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from services.backoffice.istandaarden.bericht import als_json, van_json
from services.backoffice.istandaarden.controle import beoordeel
from services.backoffice.istandaarden.fouten import Afgekeurd, Onleesbaar, Schemafout
from services.backoffice.istandaarden.lezen import lees
from services.backoffice.istandaarden.ontleden import MAXIMAAL_BYTES
from services.backoffice.istandaarden.schrijven import schrijf

FEW, FEW_PORTIONS = 64, 4  # below these numbers starting processes costs more than it saves
PORTION_FILES, PORTION_BYTES = 32, 8 * 1024 * 1024
AHEAD = 4  # portions per core that wait or run: verdicts that nobody takes yet stay few


class Onbruikbaar(Exception):
    """The file can't be read or written as a message; the text says why."""


def bestanden(paden: Iterable[Path]) -> list[Path]:
    """Every file meant: a folder stands for all .xml files in and below it."""
    found: list[Path] = []
    for pad in paden:
        found.extend(sorted(pad.rglob("*.xml")) if pad.is_dir() else [pad])
    return found


def controleer(paden: list[Path]) -> Iterator[dict[str, object]]:
    """A verdict per file, in order, on as many processes as the machine has cores.

    Stops at once when the caller stops taking verdicts, Ctrl-C included: nothing new is begun, what runs is short.
    """
    delen = porties(paden)
    if len(paden) < FEW and len(delen) < FEW_PORTIONS:
        yield from map(oordeel, paden)
        return
    cores = os.cpu_count() or 1
    with ProcessPoolExecutor(cores, get_context("spawn"), _leave_interrupts_to_the_parent) as pool:
        rest = iter(delen)
        with _interrupts_held_back():
            under_way = deque(pool.submit(oordelen, portie) for portie in islice(rest, AHEAD * cores))
        try:
            while under_way:
                yield from under_way.popleft().result()
                under_way.extend(pool.submit(oordelen, portie) for portie in islice(rest, 1))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def onderbreekbaar() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed since. It is also raised, as ever; but Python drops what is raised inside a callback
    of a library, and then the work would just go on."""
    pressed: list[int] = []

    def on_interrupt(number: int, _: object) -> None:
        pressed.append(number)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Ctrl-C waits until the end of this; a process that is started meanwhile never hears of it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _leave_interrupts_to_the_parent() -> None:
    # For workers that start later. Ctrl-C reaches the whole group; a worker that it breaks off while it holds a queue
    # would leave all waiting.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def porties(paden: list[Path]) -> list[list[Path]]:
    """The files in rows that each take about as long: few large ones or many small ones."""
    gemaakt: list[list[Path]] = []
    ruimte = 0
    for pad in paden:
        omvang = min(_omvang(pad), MAXIMAAL_BYTES)
        if not gemaakt or ruimte < omvang or len(gemaakt[-1]) == PORTION_FILES:
            gemaakt.append([])
            ruimte = PORTION_BYTES
        gemaakt[-1].append(pad)
        ruimte -= omvang
    return gemaakt


def _omvang(pad: Path) -> int:
    try:
        return pad.stat().st_size
    except OSError:
        return 0  # `oordeel` says what is wrong with it


def oordelen(paden: list[Path]) -> list[dict[str, object]]:
    """The verdicts on some files."""
    return [oordeel(pad) for pad in paden]


def oordeel(pad: Path) -> dict[str, object]:
    """The verdict on one file, in the form of api.md."""
    try:
        inhoud = lees_bestand(pad)
    except OSError as error:
        fout = {
            "plaats": "Bericht",
            "regel": "XML",
            "retourcode": None,
            "melding": f"Niet te openen: {error.strerror}.",
        }
        return {"bestand": str(pad), "bericht": None, "oordeel": "onleesbaar", "fouten": [fout]}
    found = beoordeel(inhoud)
    fouten = [
        {"plaats": fout.plaats, "regel": fout.regel, "retourcode": fout.retourcode, "melding": fout.melding}
        for fout in found.fouten
    ]
    return {"bestand": str(pad), "bericht": found.bericht, "oordeel": found.oordeel, "fouten": fouten}


def lees_bestand(pad: Path) -> bytes:
    """The contents; of what is too large for a message no more than it takes to say so. Raises OSError."""
    with pad.open("rb") as file:
        return file.read(MAXIMAAL_BYTES + 1)


def leesbaar(gevonden: dict[str, object]) -> str:
    """A verdict for people."""
    lines = [f"{gevonden['bestand']}: {gevonden['bericht'] or 'onbekend bericht'}, {gevonden['oordeel']}"]
    fouten = gevonden["fouten"]
    assert isinstance(fouten, list)
    lines.extend(f"  {fout['plaats']}  [{fout['regel']}]  {fout['melding']}" for fout in fouten)
    return "\n".join(lines)


def lees_als_json(inhoud: bytes) -> str:
    """A message as JSON. Raises Onbruikbaar."""
    try:
        return json.dumps(als_json(lees(inhoud)), ensure_ascii=False, indent=2)
    except Onleesbaar as error:
        raise Onbruikbaar(error.reden) from error
    except Schemafout as error:
        raise Onbruikbaar("\n".join(f"{fout.plaats}: {fout.melding}" for fout in error.fouten)) from error


def schrijf_uit_json(inhoud: bytes) -> bytes:
    """JSON as a message. Raises Onbruikbaar."""
    try:
        return schrijf(van_json(json.loads(inhoud)))
    except ValueError as error:
        raise Onbruikbaar(f"Dit is geen JSON van `bericht lees`: {error}") from error
    except Onleesbaar as error:
        raise Onbruikbaar(error.reden) from error
    except (Schemafout, Afgekeurd) as error:
        raise Onbruikbaar("\n".join(f"{fout.plaats}: {fout.melding}" for fout in error.fouten)) from error
