"""Single values against the official types: every awkward text under every type, and damaged texts by the thousand."""

import random
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from services.backoffice.istandaarden import waardesoorten
from services.backoffice.istandaarden.toetsen import maak_toets
from services.backoffice.istandaarden.typen import Datum, Enkelvoudig, Geheel, Tekst, Tijd
from services.backoffice.istandaarden.wet import JEUGDWET
from tests.backoffice.istandaarden.mutanten import TEKSTEN
from tests.backoffice.istandaarden.standaard import Standaard

BASIS = "http://www.istandaarden.nl/ijw/3_2/basisschema/schema"
SOORTEN: dict[str, Enkelvoudig] = {
    soort.soortnaam: soort
    for soort in (
        *vars(waardesoorten).values(),
        waardesoorten.productcategorie(JEUGDWET),
        waardesoorten.reden_beeindiging(JEUGDWET),
    )
    if isinstance(soort, Tekst | Geheel | Datum | Tijd) and soort.soortnaam
}
RANDGEVALLEN = (
    *TEKSTEN,
    *(
        "0001-02-29",
        "-0004-02-29",
        "-0005-02-29",
        "-0100-02-29",
        "-0400-02-29",
        "2100-02-29",
        "0000-02-29",
        "-0000-01-01",
    ),
    *(
        "2026-04-30",
        "2026-04-31",
        "2026-12-31",
        "2026-12-32",
        "-9223372036854775807-01-01",
        "-9223372036854775808-01-01",
    ),
    *(f"24:00:00.{'0' * nullen}1" for nullen in (1, 300, 320, 322, 323, 324, 400)),
    *("00:00:00", "23:59:59", "24:00:00.000", "12:34:56.7.8", "-12:34:56", "012:34:56", "\u00a012:34:56"),
    *("+", "-", "+-1", "--1", "-00", "+00", " + 5", "7 7", "0x7", "7\u00a0", "\u00a07"),
)


@cache
def _officieel(basisschema: Path) -> etree.XMLSchema:
    """A schema with one element per official value type."""
    xs = "http://www.w3.org/2001/XMLSchema"
    schema = etree.Element(f"{{{xs}}}schema", nsmap={"xs": xs, "ijw": BASIS})
    etree.SubElement(schema, f"{{{xs}}}import", namespace=BASIS, schemaLocation=str(basisschema))
    for naam in SOORTEN:
        etree.SubElement(schema, f"{{{xs}}}element", name=naam, type=f"ijw:{naam}")
    return etree.XMLSchema(schema)


def _zelfde_oordeel(standaard: Standaard, naam: str, tekst: str) -> bool:
    element = etree.Element(naam)
    element.text = tekst
    officieel = _officieel(standaard.pad / "xsd" / "ijw-3.2" / "basisschema.xsd").validate(element)
    return officieel == (maak_toets(SOORTEN[naam])(tekst) is not None)


@pytest.mark.parametrize("naam", SOORTEN)
def test_every_awkward_text_gets_the_official_verdict(standaard: Standaard, naam: str) -> None:
    anders = [tekst for tekst in RANDGEVALLEN if not _zelfde_oordeel(standaard, naam, tekst)]
    assert anders == []


def test_damaged_texts_get_the_official_verdict(standaard: Standaard) -> None:
    kans = random.Random(7)
    tekens = "0123456789-:.+ \t\nZaÀỳ\u00a0\u2003😀"
    for _ in range(20_000):
        naam, tekst = kans.choice(tuple(SOORTEN)), kans.choice(RANDGEVALLEN)
        for _ in range(kans.choice((1, 1, 2))):
            plek = kans.randrange(len(tekst) + 1)
            tekst = tekst[:plek] + kans.choice(tekens) * kans.choice((0, 1, 1, 9)) + tekst[plek + kans.choice((0, 1)) :]
        assert _zelfde_oordeel(standaard, naam, tekst), f"{naam}: {tekst!r}"
