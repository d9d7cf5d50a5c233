"""The demo region, whichever day it is loaded on."""

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction

import pytest

from deploy.demo.region import AANBIEDERS, GEMEENTEN, SUBSEGMENTEN, Beeld, contractperiode
from deploy.demo.verlopen import demowereld
from deploy.simulatie.personen import client_van
from deploy.simulatie.voortgang import Voortgang, als_waarheid
from deploy.simulatie.waarheid import Cel, Waarheid
from deploy.simulatie.wereld import Variant, Wereld, Zorgperiode
from shared.kernel.agb import is_agb
from shared.kernel.bsn import is_test_bsn

DAGEN = [date(2026, 11, 22), date(2026, 1, 1), date(2026, 3, 31), date(2024, 2, 29), date(2027, 12, 31)]


@pytest.fixture(scope="module", params=DAGEN, ids=str)
def wereld(request: pytest.FixtureRequest) -> Wereld:
    return demowereld(request.param)


def bezet(wereld: Wereld, dag: date) -> dict[tuple[str, str | None, str], int]:
    """Occupied places per contract line on a day."""
    waarheid = Waarheid(als_waarheid(wereld, Voortgang()))
    return {
        (o.aanbieder, lijn.gemeente, lijn.subsegment): sum(
            waarheid.bezet_op(Cel(o.aanbieder, gemeente, lijn.subsegment), dag) for gemeente in lijn.gemeenten
        )
        for o in wereld.overeenkomsten
        for lijn in o.lijnen
    }


def test_it_is_a_region_of_eight_gemeenten_and_twenty_aanbieders_for_both_laws() -> None:
    assert (len(GEMEENTEN), len(AANBIEDERS)) == (8, 20)
    assert all(map(is_agb, AANBIEDERS))
    assert all(code >= "9000" for code in GEMEENTEN)  # no municipality has had such a code
    assert {item.wet for item in SUBSEGMENTEN} == {"jeugdwet", "wmo"}
    gekocht = {lijn.subsegment for item in AANBIEDERS.values() for lijn in item.lijnen}
    assert gekocht == {item.code for item in SUBSEGMENTEN}
    assert {lijn.beeld for item in AANBIEDERS.values() for lijn in item.lijnen} == set(Beeld)
    hier = {lijn.gemeente for item in AANBIEDERS.values() for lijn in item.lijnen} - {None}
    assert hier == set(GEMEENTEN)


def test_today_every_line_is_as_full_as_it_says(wereld: Wereld) -> None:
    nu = bezet(wereld, wereld.tot)
    verwacht = {
        (code, lijn.gemeente, lijn.subsegment): lijn.nu for code, item in AANBIEDERS.items() for lijn in item.lijnen
    }
    assert nu == verwacht
    assert nu["42420001", "9702", "54Z01"] == 4  # of five: the README's walk takes the last one


def test_in_the_course_of_the_year_lines_fill_up_and_run_empty(wereld: Wereld) -> None:
    voor = bezet(wereld, wereld.begin + (wereld.tot - wereld.begin) * 2 // 5)
    nu = bezet(wereld, wereld.tot)
    for code, item in AANBIEDERS.items():
        for lijn in item.lijnen:
            sleutel = (code, lijn.gemeente, lijn.subsegment)
            if lijn.beeld is Beeld.LOOPT_VOL:
                assert voor[sleutel] <= nu[sleutel] / 2, sleutel
            if lijn.beeld is Beeld.LOOPT_LEEG:
                assert voor[sleutel] >= 2 * nu[sleutel], sleutel
    benut = [Fraction(lijn.nu) / Fraction(lijn.plekken) for item in AANBIEDERS.values() for lijn in item.lijnen]
    assert sum(deel > 1 for deel in benut) >= 3
    assert sum(deel == 1 for deel in benut) >= 5
    assert sum(deel <= Fraction(7, 10) for deel in benut) >= 4


def test_everything_lies_within_the_contracts_and_before_today(wereld: Wereld) -> None:
    begin, eind = contractperiode(wereld.tot)
    assert begin == wereld.begin <= wereld.tot - timedelta(days=365)
    for traject in wereld.trajecten:
        assert begin <= traject.besluit <= traject.ingangsdatum <= (traject.einddatum or eind) <= eind
        for periode in traject.perioden:
            assert traject.ingangsdatum <= periode.begin <= (periode.eind or wereld.tot) <= wereld.tot
        assert all(traject.besluit <= zending.dag <= wereld.tot for zending in traject.post)
        assert all(wijziging.dag <= wereld.tot for wijziging in traject.wijzigingen)


def test_every_client_is_somebody_else_with_a_test_number(wereld: Wereld) -> None:
    bsns = Counter(client_van(traject.persoon).bsn for traject in wereld.trajecten)
    assert all(map(is_test_bsn, bsns))
    assert set(bsns.values()) == {1}
    for traject in wereld.trajecten:
        assert (client_van(traject.persoon).geboortedatum.year > 2000) == (traject.wet == "jeugdwet")
    # The README's walk needs a resident of its own.
    assert "999999990" not in bsns


def test_it_shows_what_goes_wrong_with_messages_and_one_that_waits(wereld: Wereld) -> None:
    varianten = Counter(zending.variant for traject in wereld.trajecten for zending in traject.post)
    assert set(varianten) == set(Variant)
    (wacht,) = [t for t in wereld.trajecten if [z.variant for z in t.post] == [Variant.VOOR_ZIJN_BEURT]]
    assert wacht.perioden == ()
    assert [t.perioden for t in wereld.trajecten if t.ingetrokken] == [()]
    assert any(Zorgperiode(p.begin, p.eind, True) in t.perioden for t in wereld.trajecten for p in t.perioden)
