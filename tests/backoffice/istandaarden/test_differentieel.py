"""Level 1 against its judge: thousands of damaged messages, and not one other verdict than the official schema's.

PLEKREGIE_FUZZ sets the number of mutants (default 3,000), PLEKREGIE_FUZZ_ZAAD the seed.
"""

import os
import random

import pytest
from lxml import etree

from services.backoffice.istandaarden.berichtsoorten import BERICHTSOORTEN
from services.backoffice.istandaarden.fouten import Onleesbaar, Schemafout
from services.backoffice.istandaarden.grondig import lees_grondig
from services.backoffice.istandaarden.lezen import lees
from services.backoffice.istandaarden.ontleden import ontleed
from services.backoffice.istandaarden.schrijven import schrijf
from tests.backoffice.istandaarden.mutanten import Mutant
from tests.backoffice.istandaarden.standaard import Standaard
from tests.backoffice.istandaarden.volledig import volledig

AANTAL = int(os.environ.get("PLEKREGIE_FUZZ", "3000"))
ZAAD = int(os.environ.get("PLEKREGIE_FUZZ_ZAAD", "20260101"))
VOORBEELDEN = ("JW301", "JW305", "JW307", "WMO301", "WMO305")
# The first round first: half of the mutants is made of these.
VOORRANG = ("JW301", "JW302", "JW305", "JW306", "JW307", "JW308", "WMO301", "WMO305", "WMO307")


def _eigen_oordeel(data: bytes) -> bool:
    try:
        bericht = lees(data)
    except (Onleesbaar, Schemafout):
        return False
    langzaam, fouten = lees_grondig(ontleed(data), bericht.soort)
    assert not fouten
    assert langzaam == bericht.inhoud, "the quick and the slow way read another message"
    return True


@pytest.mark.parametrize("deel", range(4))
def test_own_verdict_is_the_official_verdict_on_every_mutant(standaard: Standaard, deel: int) -> None:
    bronnen: dict[str, list[etree._Element]] = {}
    for naam in BERICHTSOORTEN:
        if standaard.schemapad(naam).exists():
            teksten = [schrijf(volledig(naam, leden)) for leden in (1, 2)]
            teksten += [standaard.voorbeeld(naam)] if naam in VOORBEELDEN else []
            bronnen[naam] = [etree.fromstring(tekst) for tekst in teksten]
    mutant, keuze = Mutant(ZAAD + deel), random.Random(ZAAD + deel)
    goed = 0
    for _ in range(AANTAL // 4):
        naam = keuze.choice(VOORRANG if keuze.random() < 0.5 else tuple(bronnen))
        data = mutant.maak(keuze.choice(bronnen[naam]))
        verwacht = standaard.keurt_goed(naam, data)
        goed += verwacht
        assert _eigen_oordeel(data) == verwacht, f"schema of {naam} says {verwacht}:\n{data!r}"
    # Both verdicts must really occur, or the comparison proves nothing.
    assert AANTAL // 40 < goed < AANTAL // 4 * 0.8
