"""What `plekregie bericht` does: files in, verdicts out. The judging itself is the message library's."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from services.backoffice.istandaarden.bericht import als_json, van_json
from services.backoffice.istandaarden.controle import beoordeel
from services.backoffice.istandaarden.fouten import Afgekeurd, Onleesbaar, Schemafout
from services.backoffice.istandaarden.lezen import lees
from services.backoffice.istandaarden.schrijven import schrijf

FEW = 64  # below this number of files starting processes costs more than it saves
CHUNK = 32


class Onbruikbaar(Exception):
    """The file can't be read or written as a message; the text says why."""


def bestanden(paden: Iterable[Path]) -> list[Path]:
    """Every file meant: a folder stands for all .xml files in and below it."""
    found: list[Path] = []
    for pad in paden:
        found.extend(sorted(pad.rglob("*.xml")) if pad.is_dir() else [pad])
    return found


def controleer(paden: list[Path]) -> Iterator[dict[str, object]]:
    """A verdict per file, in order, on as many processes as the machine has cores."""
    if len(paden) < FEW:
        yield from map(oordeel, paden)
        return
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        yield from pool.map(oordeel, paden, chunksize=CHUNK)


def oordeel(pad: Path) -> dict[str, object]:
    """The verdict on one file, in the form of api.md."""
    try:
        inhoud = pad.read_bytes()
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
