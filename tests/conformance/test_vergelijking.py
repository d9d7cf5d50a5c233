"""The long run can find something: a judge that is wrong, a message that should have been refused, a lost seed."""

import random
import time
from pathlib import Path

import pytest
from lxml import etree

from services.backoffice.istandaarden.schrijven import schrijf
from tests.backoffice.istandaarden.standaard import Standaard
from tests.conformance.aanvallen import Aanval, aanvallen
from tests.conformance.bronnen import Grensmutant, eigen, kaal, soorten
from tests.conformance.lezerproef import Proef, Verminker, beproef, lees_eens
from tests.conformance.vergelijking import Verschil, klasse, vergelijk, verklein


class Weigeraar(Standaard):
    """A judge that refuses everything."""

    def keurt_goed(self, naam: str, data: bytes) -> bool:
        super().keurt_goed(naam, data)
        return False


@pytest.fixture(scope="module")
def standaard(gedeeld: Path) -> Standaard:
    return Standaard(gedeeld / "istandaarden")


def test_all_21_official_schemas_take_part_and_accept_what_damage_starts_from(standaard: Standaard) -> None:
    assert len(soorten(standaard)) == 21
    for naam in soorten(standaard):
        assert all(standaard.keurt_goed(naam, tekst) for tekst in eigen(naam)), naam


def test_the_same_seed_gives_the_same_mutants() -> None:
    wortel = etree.fromstring(schrijf(kaal("JW305")))
    rijen = [[mutant.maak(wortel) for _ in range(50)] for mutant in (Grensmutant(7), Grensmutant(7), Grensmutant(8))]
    assert rijen[0] == rijen[1] != rijen[2]


def test_both_verdicts_occur_in_every_schema(standaard: Standaard) -> None:
    for naam in soorten(standaard):
        uitslag = vergelijk(standaard.pad, naam, 1, 40)
        assert 2 < uitslag.goed < 38, naam


def test_another_verdict_is_noticed_and_its_example_made_small(standaard: Standaard) -> None:
    weigeraar, data = Weigeraar(standaard.pad), eigen("JW305")[2]
    gevonden = klasse(weigeraar, "JW305", data)
    assert gevonden is not None
    assert gevonden.startswith("schema fout, eigen goed")
    klein = verklein(weigeraar, Verschil("JW305", gevonden, data))
    assert klasse(weigeraar, "JW305", klein.data) == gevonden
    assert len(klein.data) <= len(eigen("JW305")[0]) + 200, "nothing is left that may be left out"


@pytest.mark.parametrize("aanval", aanvallen, ids=lambda aanval: aanval.__name__)
def test_no_attack_is_taken_for_a_message(aanval: Aanval) -> None:
    proef, kans = Proef(), random.Random(3)
    for _ in range(3):
        lees_eens(proef, aanval(kans, eigen("JW305")[1]), nooit_gelezen=True)
    assert proef.teksten == proef.onleesbaar + proef.schemafout == 3
    assert proef.fouten == []


def test_a_text_that_should_have_been_refused_is_noticed() -> None:
    proef = Proef()
    lees_eens(proef, eigen("JW305")[1], nooit_gelezen=True)
    assert [wat for wat, _ in proef.fouten] == ["aanval gelezen als bericht"]


def test_an_exception_without_a_name_is_noticed() -> None:
    proef = Proef()
    lees_eens(proef, None)  # type: ignore[arg-type]
    assert proef.fouten[0][0].startswith("uitzondering")


def test_damage_is_repeatable_and_reaches_every_outcome() -> None:
    goed = eigen("JW305")[1]
    assert [Verminker(5).maak(goed, goed) for _ in range(2)] == [Verminker(5).maak(goed, goed)] * 2
    begin = time.process_time()
    proef = beproef([goed], 5, 0.5)
    assert time.process_time() - begin >= 0.5, "processor time, however busy the machine"
    assert proef.fouten == []
    assert min(proef.onleesbaar, proef.schemafout, proef.gelezen) > 0
