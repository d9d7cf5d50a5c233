"""The product's rules and the calculation apart agree on random lines; and the comparison can find something."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from services.financien.betaalschema import rules as betaalschema
from services.financien.overeenkomst.rules import houdt_plek
from shared.kernel.bedrag import Bedrag, som
from shared.kernel.verloop import verschil
from tests.vergelijking import apart, product
from tests.vergelijking.vergelijken import bewaar, lees, vergelijk, verklein, verschillen
from tests.vergelijking.verhaal import maak

VERHALEN = 900 * int(os.environ.get("PLEKREGIE_FUZZ") or 1)  # `make vergelijk` takes a hundred thousand lines
KOMT_VOOR = {  # what the rules treat apart: a comparison without it proves nothing of it
    "afrekening",
    "afrekening binnen de tolerantie",
    "afrekening die terugkomt",
    "berichten in andere volgorde",
    "contract dat pas na het begin bekend werd",
    "contract in een latere versie",
    "contract over een jaargrens",
    "gemeente in of uit de sleutel",
    "prognose",
    "prognose met voorstel",
    "regionaal contract met verdeelsleutel",
    "schema met een vastgestelde bijstelling",
    "tijdelijke stop",
    "toewijzing verwijderd",
    "verandering met terugwerkende kracht",
    "voorstel van nul",
}


def test_on_some_random_lines_not_one_cent_differs() -> None:
    uitslag = vergelijk(range(-60, 0))
    assert uitslag.verschil is None, list(verschillen(verklein(uitslag.verschil or {})))


@pytest.mark.slow
def test_on_thousands_of_random_lines_not_one_cent_differs() -> None:
    uitslag = vergelijk(range(VERHALEN))
    assert uitslag.verschil is None, list(verschillen(verklein(uitslag.verschil or {})))
    assert uitslag.lijnen > 2 * VERHALEN
    assert uitslag.komt_voor.keys() == KOMT_VOOR
    assert min(uitslag.komt_voor.values()) > 10


def test_a_story_is_the_same_time_and_again_and_survives_being_written_down(tmp_path: Path) -> None:
    verhaal = maak(7)
    bewaar(verhaal, tmp_path / "verhaal.json")
    assert maak(7) == verhaal == lees(tmp_path / "verhaal.json")
    assert maak(8) != verhaal


def anders(monkeypatch: pytest.MonkeyPatch, plek: Any, naam: str, nieuw: Any) -> list[str]:
    """What differs in a story made small, with one rule of the product another one."""
    monkeypatch.setattr(plek, naam, nieuw)
    verhaal = vergelijk(range(400)).verschil
    assert verhaal is not None
    klein = verklein(verhaal)
    assert len(str(klein)) < len(str(verhaal))
    return list(verschillen(klein))


def test_a_cent_too_much_in_a_settlement_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    goed = som
    monkeypatch.setattr(product, "kosten_per_maand", lambda *_: {})
    gevonden = anders(monkeypatch, product, "som", lambda bedragen: goed(bedragen) + Bedrag(1))
    assert any("afrekening" in regel for regel in gevonden)


@pytest.mark.slow  # making the story small takes longest
def test_a_day_too_long_kept_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    goed = houdt_plek
    gevonden = anders(monkeypatch, product, "houdt_plek", lambda lijnen, dag: goed(lijnen, dag) + 1)
    assert any("dagen" in regel for regel in gevonden)


@pytest.mark.slow  # making the story small takes longest
def test_a_begun_month_that_changes_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(betaalschema, "status", lambda maand, lopend: betaalschema.Status.CONCEPT)
    gevonden = anders(monkeypatch, product, "verschil", verschil)
    assert any("termijnen" in regel for regel in gevonden)


@pytest.mark.slow  # making the story small takes longest
def test_a_mishap_of_the_product_is_a_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    def stuk(*_: object) -> None:
        raise ZeroDivisionError

    gevonden = anders(monkeypatch, product, "prognose_tot", stuk)
    assert any("ZeroDivisionError" in regel for regel in gevonden)


def test_the_calculation_apart_knows_nothing_of_the_product() -> None:
    """Else both would be wrong together."""
    for naam in ("apart.py", "verhaal.py"):
        tekst = (Path(apart.__file__).parent / naam).read_text()
        assert "import services" not in tekst
        assert not any(
            regel.startswith(("from services", "from shared", "import shared")) for regel in tekst.splitlines()
        )
    eigen = (Path(apart.__file__).parents[1] / "onafhankelijk.py").read_text()
    assert "from services" not in eigen
    assert "from shared" not in eigen
