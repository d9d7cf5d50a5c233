"""The simulator's own sums: by hand, and against the second calculation that the product's tests use."""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from deploy.simulatie.bedenken import Omvang, bedenk
from deploy.simulatie.voortgang import Voortgang, als_waarheid
from deploy.simulatie.waarheid import (
    Cel,
    Waarheid,
    contractmaanden,
    dagen_van,
    decimalen,
    gemeenten_van,
    rond,
    voorschotten,
)
from tests import onafhankelijk as o

CEL = Cel("42420001", "9701", "54Z01")
TOT = date(2026, 8, 19)
Json = dict[str, Any]


def periode(begin: str, eind: str | None = None, tijdelijk: bool = False, definitief: str | None = None) -> Json:
    return {"begin": begin, "eind": eind, "tijdelijk": tijdelijk, "definitief": definitief}


def waarheid(perioden: Sequence[Json], *, houdt: int = 0, einddatum: str | None = None, weg: bool = False) -> Waarheid:
    levering = {"aanbieder": CEL.aanbieder, "gemeente": CEL.gemeente, "subsegment": CEL.subsegment}
    levering |= {"perioden": perioden, "einddatum": einddatum, "ingetrokken": weg}  # type: ignore[dict-item]
    versies = [{"vanaf": "2026-01-01", "plekken": "1.5", "prijs": "36500.00"}]
    lijn = {"subsegment": CEL.subsegment, "gemeente": CEL.gemeente, "verdeelsleutel": {}, "versies": versies}
    overeenkomst = {
        "aanbieder": CEL.aanbieder,
        "begindatum": "2026-01-01",
        "einddatum": "2026-12-31",
        "instellingen": {"tijdelijkeStopHoudtPlekDagen": houdt},
        "regels": [lijn],
    }
    return Waarheid(
        {
            "tot": TOT.isoformat(),
            "vastgelegdOp": TOT.isoformat(),
            "overeenkomsten": [overeenkomst],
            "leveringen": [levering],
        }
    )


def bezet(made: Waarheid, maand: str) -> list[int]:
    """The days of a month on which the place is taken."""
    return [dag.day for dag in dagen_van(maand) if made.bezet_op(CEL, dag)]


@pytest.mark.parametrize(
    ("perioden", "anders", "dagen"),
    [
        ([periode("2026-03-03", "2026-03-05")], {}, [3, 4, 5]),
        ([periode("2026-03-29")], {}, [29, 30, 31]),
        ([periode("2026-03-03")], {"einddatum": "2026-03-04"}, [3, 4]),
        ([periode("2026-03-03", "2026-03-05", True)], {"houdt": 2}, [3, 4, 5, 6, 7]),
        ([periode("2026-03-03", "2026-03-05", True)], {"houdt": 9, "einddatum": "2026-03-06"}, [3, 4, 5, 6]),
        ([periode("2026-03-03", "2026-03-05", True, "2026-03-06")], {"houdt": 9}, [3, 4, 5, 6]),
        ([periode("2026-03-03", "2026-03-04", True), periode("2026-03-06", "2026-03-06")], {"houdt": 9}, [3, 4, 5, 6]),
        (
            [periode("2026-03-03", "2026-03-04", True), periode("2026-03-20", "2026-03-20")],
            {"houdt": 2},
            [3, 4, 5, 6, 20],
        ),
        ([periode("2026-03-03")], {"weg": True}, []),
    ],
)
def test_the_days_on_which_a_place_is_taken(perioden: list[Json], anders: Json, dagen: list[int]) -> None:
    assert bezet(waarheid(perioden, **anders), "2026-03") == dagen


def test_an_open_levering_goes_on_in_the_future_but_counts_no_money_there() -> None:
    made = waarheid([periode("2026-08-18")])
    assert made.bezet_op(CEL, date(2027, 1, 1)) == 1
    assert made.dagen_in(CEL, "2026-08", TOT) == 2


def test_a_settlement_by_hand() -> None:
    """Three of January's 31 days of a place of 36,500 a year, of which a month is worth 3,041.6667."""
    made = waarheid([periode("2026-01-05", "2026-01-07")])
    overeenkomst = made.overeenkomsten[0]
    uitkomst = made.afrekening(overeenkomst, overeenkomst["regels"][0], CEL.gemeente, ["2026-01"])
    assert (uitkomst.gerealiseerd, uitkomst.betaald, uitkomst.afrekening) == (29435, 456250, 29435 - 456250)
    assert uitkomst.gemiddeld_bezet == "0.0968"


def test_what_is_changed_later_leaves_the_months_that_had_begun_alone() -> None:
    made = waarheid([])
    overeenkomst = made.overeenkomsten[0]
    lijn = overeenkomst["regels"][0]
    lijn["versies"].append({"vanaf": "2026-03-01", "plekken": "3", "prijs": "36500.00"})
    schema = voorschotten(overeenkomst, lijn, CEL.gemeente, "2026-08-19")
    assert [schema[maand] for maand in ("2026-02", "2026-03", "2026-08", "2026-09")] == [456250, 456250, 456250, 912500]


@pytest.mark.parametrize(("exact", "cent"), [("1/2", 1), ("-1/2", -1), ("3/2", 2), ("-7/3", -2), ("0", 0)])
def test_a_half_goes_away_from_zero(exact: str, cent: int) -> None:
    assert rond(Fraction(exact)) == cent


def test_decimals_are_rounded_half_up() -> None:
    assert (decimalen(Fraction(1, 3), 4), decimalen(Fraction(1, 20000), 4), decimalen(Fraction(12), 4)) == (
        "0.3333",
        "0.0001",
        "12.0000",
    )


@pytest.mark.parametrize("zaad", range(3))
def test_two_calculations_that_know_nothing_of_each_other_agree_on_a_whole_region(zaad: int) -> None:
    made = Waarheid(als_waarheid(bedenk("som", zaad, Omvang(8, 3, 90, 200, TOT)), Voortgang()))
    leveringen: dict[Cel, list[Json]] = {}
    for item in made.leveringen:
        cel = Cel(item["aanbieder"], item["gemeente"], item["subsegment"])
        leveringen.setdefault(cel, []).append(als_levering(item))
    vergeleken = 0
    for overeenkomst in made.overeenkomsten:
        maanden = [m for m in contractmaanden(overeenkomst) if m < "2026-08"]
        for lijn in overeenkomst["regels"]:
            for gemeente in gemeenten_van(lijn):
                cel = Cel(overeenkomst["aanbieder"], gemeente, lijn["subsegment"])
                vergeleken += vergelijk(made, overeenkomst, lijn, cel, leveringen.get(cel, []), maanden)
    assert vergeleken > 20


def vergelijk(
    made: Waarheid, overeenkomst: Json, lijn: Json, cel: Cel, leveringen: list[Json], maanden: list[str]
) -> bool:
    houdt = overeenkomst["instellingen"]["tijdelijkeStopHoudtPlekDagen"]
    for dag in (TOT, TOT + timedelta(days=40), date(2026, 4, 1)):
        assert made.bezet_op(cel, dag) == o.bezet_op(leveringen, dag, houdt)
    ander = als_lijn(overeenkomst, lijn, cel.gemeente)
    assert voorschotten(overeenkomst, lijn, cel.gemeente, "2000-01-01") == o.voorschotten(ander)
    eigen = made.afrekening(overeenkomst, lijn, cel.gemeente, maanden)
    tweede = o.afrekening(ander, leveringen, maanden, eigen.betaald, TOT, overeenkomst["instellingen"])
    assert (eigen.gerealiseerd, eigen.afrekening) == (tweede["gerealiseerd"], tweede["afrekening"])
    tot_nu = [*maanden, "2026-08"]
    nu = made.gerealiseerd(overeenkomst, lijn, cel.gemeente, tot_nu, TOT)
    assert nu == o.gerealiseerd(ander, leveringen, tot_nu, TOT, houdt)
    return bool(leveringen)


def als_levering(item: Json) -> Json:
    def dag(naam: str | None) -> date | None:
        return None if naam is None else date.fromisoformat(naam)

    return {
        "perioden": [(dag(p["begin"]), dag(p["eind"]), p["tijdelijk"], dag(p["definitief"])) for p in item["perioden"]],
        "einddatum_toewijzing": dag(item["einddatum"]),
        "verwijderd": item["ingetrokken"],
    }


def als_lijn(overeenkomst: Json, lijn: Json, gemeente: str) -> Json:
    return {
        "begindatum": date.fromisoformat(overeenkomst["begindatum"]),
        "einddatum": date.fromisoformat(overeenkomst["einddatum"]),
        "tarieven": [
            {
                "vanaf": date.fromisoformat(versie["vanaf"]),
                "plekken": versie["plekken"],
                "prijs_per_plek": versie["prijs"],
                "aandeel": lijn["verdeelsleutel"].get(gemeente, "1"),
            }
            for versie in lijn["versies"]
        ],
    }
