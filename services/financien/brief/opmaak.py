"""From a document to PDF: the template is ours, what it says is data, so that a text can never become markup.

Only the fonts that come with typst are used (open licences), so that the same document gives the same bytes on every
machine; the PDF keeps to PDF/UA-1, so that a screen reader can read it.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path

import orjson
import typst

from services.financien.brief.rules import Alinea, Blok, Document, Kop, als_tekst, in_woorden, rechts

SJABLOON = Path(__file__).with_name("brief.typ")
VORM = "brief/1"  # of the template: goes up when it changes, and is kept with every letter


def als_pdf(document: Document, moment: datetime) -> bytes:
    """The document as PDF; `moment` is the one that the file itself names."""
    gemaakt = typst.compile(
        SJABLOON.read_bytes(),
        format="pdf",
        sys_inputs={"inhoud": inhoud(document)},
        font_paths=_letters(),
        pdf_standards=["ua-1"],
        timestamp=int(moment.timestamp()),
    )
    assert isinstance(gemaakt, bytes)
    return gemaakt


@cache
def _letters() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)


def inhoud(document: Document) -> str:
    """What the template gets: JSON, texts only."""
    afzender = document.afzender
    return orjson.dumps(
        {
            "onderwerp": document.onderwerp,
            "concept": document.concept,
            "brief": document.brief,
            "liggend": document.liggend,
            "afzender": {"naam": afzender.naam, "adres": list(afzender.adres)},
            "aanbieder": {
                "naam": document.aanbieder_naam or "De aanbieder van zorg",
                "agb": document.aanbieder,
            },
            "datum": in_woorden(document.datum),
            "kenmerk": document.kenmerk,
            "contact": afzender.contact,
            "blokken": [_blok(blok) for blok in document.blokken],
        }
    ).decode()


def _blok(blok: Blok) -> dict[str, object]:
    if isinstance(blok, Kop):
        return {"soort": "kop", "tekst": blok.tekst}
    if isinstance(blok, Alinea):
        return {"soort": "alinea", "tekst": blok.tekst}
    return {
        "soort": "tabel",
        "naam": blok.naam,
        "koppen": list(blok.koppen),
        "rechts": list(rechts(blok)),
        "rijen": [[als_tekst(cel) for cel in rij] for rij in blok.rijen],
        "totaal": None if blok.totaal is None else [als_tekst(cel) for cel in blok.totaal],
    }
