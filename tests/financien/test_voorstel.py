"""Next year's proposal (F-6): places = inflow × stay, bounds that hold, and too little to go by says so."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.financien.voorstel.rules import (
    MINSTE,
    Levering,
    Waarneming,
    gewogen_prijs,
    jaarbedrag,
    schat,
    te_weinig,
    venster,
    waarneming,
)
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Periode
from shared.kernel.plekken import Plekken
from shared.web.identity import Rol
from tests.financien.opstelling import (
    AANBIEDER,
    ANDER,
    BUUR,
    CODE,
    GEMEENTE,
    Opstelling,
    levering,
    overeenkomst,
    regel,
    van_tot,
)
from tests.financien.test_indexatie import cijfers, subsegment

LANG = date(2024, 1, 1)
VANDAAG = date(2026, 5, 15)
BEGIN = date(2025, 5, 16)
Json = dict[str, Any]


def bezet(*perioden: tuple[date, date | None], gepauzeerd: bool = False) -> Levering:
    return Levering(tuple(Periode(*periode) for periode in perioden), gepauzeerd)


def test_the_window_is_a_year_or_what_there_is_after_the_first_day_of_the_contract() -> None:
    assert venster(VANDAAG, date(2020, 1, 1)) == (BEGIN, VANDAAG)
    assert venster(VANDAAG, date(2026, 1, 1)) == (date(2026, 1, 2), VANDAAG)


def test_starts_ends_and_days_within_the_window_count_and_nothing_else() -> None:
    gezien = waarneming(
        [
            bezet((date(2025, 1, 1), date(2025, 5, 16))),  # ended on the first day
            bezet((date(2025, 1, 1), date(2025, 5, 15))),  # before it
            bezet((VANDAAG, None)),  # started on the last day, goes on
            bezet((date(2026, 1, 1), date(2026, 1, 10)), (date(2026, 2, 1), date(2026, 2, 10))),
            bezet((date(2026, 3, 1), date(2026, 3, 10)), gepauzeerd=True),
            bezet((date(2026, 6, 1), None)),  # a future start
            bezet((date(2026, 5, 1), date(2026, 12, 31))),  # an end to come
            bezet(),
        ],
        BEGIN,
        VANDAAG,
    )
    assert (gezien.dagen, gezien.gestart, gezien.geeindigd, gezien.plekdagen) == (365, 4, 2, 1 + 1 + 20 + 10 + 15)


def test_in_a_steady_state_the_estimate_is_what_was_occupied() -> None:
    """As many starts as ends: inflow × stay is the average number of occupied places, exactly."""
    schatting = schat(Waarneming(BEGIN, VANDAAG, 40, 40, 365 * 12))
    assert schatting is not None
    assert (schatting.plekken, schatting.instroom_per_dag) == (Plekken(1200), Fraction(40, 365))
    assert schatting.verblijfsduur == Fraction(365 * 12, 40)
    # e^(1.96 × √(2/40)) = 1.5501
    assert (schatting.minstens.als_tekst(), schatting.hoogstens.als_tekst()) == ("7.74", "18.6")


@given(st.integers(MINSTE, 400), st.integers(MINSTE, 400), st.integers(0, 40_000))
def test_the_estimate_lies_between_its_bounds_and_more_data_brings_them_closer(
    gestart: int, geeindigd: int, plekdagen: int
) -> None:
    weinig = schat(Waarneming(BEGIN, VANDAAG, gestart, geeindigd, plekdagen))
    veel = schat(Waarneming(BEGIN, VANDAAG, gestart * 2, geeindigd * 2, plekdagen * 2))
    assert weinig is not None
    assert veel is not None
    assert weinig.minstens <= weinig.plekken <= weinig.hoogstens
    breedte = weinig.hoogstens.honderdsten - weinig.minstens.honderdsten
    assert (veel.hoogstens.honderdsten - veel.minstens.honderdsten) / 2 <= breedte + 2


@pytest.mark.parametrize(
    ("gezien", "reden"),
    [
        (Waarneming(date(2026, 2, 16), VANDAAG, 50, 50, 100), "89 dagen"),
        (Waarneming(BEGIN, VANDAAG, 4, 50, 100), "is gestart: 4."),
        (Waarneming(BEGIN, VANDAAG, 50, 4, 100), "is geëindigd: 4."),
        (waarneming([], date(2026, 5, 16), VANDAAG), "0 dagen"),
    ],
)
def test_with_too_little_to_go_by_it_says_so(gezien: Waarneming, reden: str) -> None:
    assert reden in str(te_weinig(gezien))
    assert schat(gezien) is None


def toeval(kies: Random, per_jaar: float, duur: Any) -> list[Levering]:
    """Starts at random for six years, each with a stay of its own."""
    dag, gevonden = 0.0, []
    while (dag := dag + kies.expovariate(per_jaar / 365)) < 6 * 365:
        begin = VANDAAG - timedelta(days=6 * 365 - 1) + timedelta(days=int(dag))
        gevonden.append(bezet((begin, begin + timedelta(days=int(duur(kies))))))
    return gevonden


@pytest.mark.parametrize("vorm", ["exponential", "even", "two kinds"])
@pytest.mark.parametrize("per_jaar", [20, 60])
def test_the_interval_covers_what_is_really_needed_about_as_often_as_it_says(vorm: str, per_jaar: int) -> None:
    """Against a made-up region of which the truth is known: 200 times a year is looked at (seeded)."""
    kies = Random(7)
    duren: dict[str, tuple[Any, float]] = {
        "exponential": (lambda k: k.expovariate(1 / 200), 200.0),
        "even": (lambda k: k.uniform(50, 350), 200.0),
        "two kinds": (lambda k: k.uniform(20, 60) if k.random() < 0.5 else k.uniform(200, 520), 200.0),
    }
    duur, gemiddeld = duren[vorm]
    echt = per_jaar / 365 * (gemiddeld + 0.5)  # whole days, first and last included
    raak = 0
    for _ in range(200):
        schatting = schat(waarneming(toeval(kies, per_jaar, duur), BEGIN, VANDAAG))
        assert schatting is not None
        raak += schatting.minstens.honderdsten <= 100 * echt <= schatting.hoogstens.honderdsten
    assert raak >= 0.92 * 200


def test_one_price_for_several_lines_is_weighted_by_places() -> None:
    prijzen = [(Fraction(1), Bedrag(100)), (Fraction(3), Bedrag(201))]
    assert gewogen_prijs(prijzen) == Bedrag(176)  # 175.75
    assert gewogen_prijs([(Fraction(0), Bedrag(100)), (Fraction(0), Bedrag(201))]) == Bedrag(151)
    assert jaarbedrag(Plekken(333), Bedrag(1001)) == Bedrag(3333)  # 3,333.33 cents
    with pytest.raises(ValueError, match="geen prijs"):
        gewogen_prijs([])


async def voorstellen(financien: Opstelling, vraag: str = "", wie: Any = None) -> list[Json]:
    antwoord = await (wie or financien.controller).get(f"/voorstellen{vraag}")
    assert antwoord.status_code == 200, antwoord.text
    rijen: list[Json] = antwoord.json()["resultaten"]
    return rijen


async def vol_jaar(financien: Opstelling, gemeente: str = GEMEENTE, aantal: int = 12) -> None:
    """Every 30 days a start, each for 90 days: three places at a time."""
    await financien.hoor(
        *(
            levering(
                van_tot(date(2025, 5, 20) + timedelta(days=30 * i), date(2025, 8, 17) + timedelta(days=30 * i)),
                id=f"{gemeente}{i}",
                gemeente=gemeente,
            )
            for i in range(aantal)
        )
    )


async def test_a_line_gets_places_lump_sum_bounds_and_the_method_in_words(financien: Opstelling) -> None:
    lijn = regel("4", "36500.00", vanaf=LANG)
    lijn["versies"][0]["opgegevenDoorlooptijdDagen"] = 120
    await financien.hoor(overeenkomst(lijn, begindatum=LANG, einddatum=date(2027, 12, 31)))
    await vol_jaar(financien)
    (rij,) = await voorstellen(financien)
    gezien = rij["waarneming"]
    assert (rij["jaar"], gezien["dagen"], gezien["gestart"], gezien["geeindigd"]) == (2027, 365, 12, 10)
    dagen = 10 * 90 + sum((VANDAAG - date(2025, 5, 20)).days + 1 - 30 * i for i in (10, 11))
    assert gezien["bezetteDagen"] == dagen
    plekken = Fraction(12, 365) * Fraction(dagen, 10)
    assert rij["plekken"] == f"{float(plekken):.2f}"
    assert (rij["opgegevenDoorlooptijdDagen"], rij["verblijfsduurDagen"]) == (120, f"{dagen / 10:.4f}")
    assert rij["lumpsum"] == jaarbedrag(Plekken.lees(rij["plekken"]), Bedrag(36_500_00)).als_euro()
    assert (rij["prijsVan"], rij["index"], rij["plekkenNu"]) == ("2027-01", None, "4")
    band = rij["bandbreedte"]
    assert float(band["plekkenMinstens"]) < float(rij["plekken"]) < float(band["plekkenHoogstens"])
    assert "instroom per dag × gemiddelde verblijfsduur" in rij["methode"]
    assert "ondergrens" in rij["methode"]


async def test_care_taken_over_on_the_first_day_of_a_contract_is_no_inflow(financien: Opstelling) -> None:
    overgenomen = [levering(van_tot(date(2026, 1, 1)), id=f"oud{i}") for i in range(20)]
    await financien.hoor(overeenkomst(), *overgenomen, levering(van_tot(date(2026, 2, 1)), id="nieuw"))
    (rij,) = await voorstellen(financien)
    assert (rij["waarneming"]["gestart"], rij["waarneming"]["begin"]) == (1, "2026-01-02")
    assert (rij["plekken"], rij["lumpsum"], rij["bandbreedte"]) == (None, None, None)
    assert rij["teWeinig"] == "Aantal leveringen dat in de waarneming is gestart: 1. Nodig zijn er 5."


async def test_a_contract_that_ends_is_priced_at_its_last_price_with_the_index(financien: Opstelling) -> None:
    await financien.hoor(subsegment(), overeenkomst(regel(prijs="38500.00", vanaf=LANG), begindatum=LANG))
    (zonder,) = await voorstellen(financien)
    await cijfers(financien)
    (met,) = await voorstellen(financien)
    assert (zonder["prijsPerPlek"], zonder["prijsVan"], zonder["index"]) == ("38500.00", "2026-12", None)
    assert (met["prijsPerPlek"], met["prijsVan"], met["index"]) == ("39897.55", "2026-12", "0.0363")


async def test_gemeenten_of_a_regional_award_can_be_taken_together(financien: Opstelling) -> None:
    sleutel = {GEMEENTE: "0.5", BUUR: "0.5"}
    await financien.hoor(overeenkomst(regel("4", "36500.00", verdeelsleutel=sleutel, vanaf=LANG), begindatum=LANG))
    for gemeente in sleutel:
        await vol_jaar(financien, gemeente, 8)
    regio = financien.als(Rol.CONTRACTMANAGER)
    (samen,) = await voorstellen(financien, "?per=regio", regio)
    apart = await voorstellen(financien, "", regio)
    assert (samen["gemeente"], samen["plekkenNu"], samen["waarneming"]["gestart"]) == (None, "4", 16)
    assert [(rij["gemeente"], rij["waarneming"]["gestart"]) for rij in apart] == [(GEMEENTE, 8), (BUUR, 8)]
    (eigen,) = await voorstellen(financien, "?per=regio")
    assert (eigen["gemeente"], eigen["waarneming"]["gestart"]) == (GEMEENTE, 8)
    (eerste,) = await voorstellen(financien, "?aantal=1", regio)
    assert eerste["gemeente"] == GEMEENTE


async def test_each_sees_its_own(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst(), overeenkomst(regel(gemeente=BUUR), id="o2", aanbieder=ANDER))
    wie = [
        (financien.controller, [(GEMEENTE, AANBIEDER, CODE)]),
        (financien.aanbieder, [(GEMEENTE, AANBIEDER, CODE)]),
        (financien.als(Rol.AUDITOR), [(GEMEENTE, AANBIEDER, CODE), (BUUR, ANDER, CODE)]),
    ]
    for client, verwacht in wie:
        rijen = await voorstellen(financien, "", client)
        assert [(rij["gemeente"], rij["aanbieder"], rij["subsegment"]) for rij in rijen] == verwacht
    assert (await financien.controller.get(f"/voorstellen?gemeente={BUUR}")).status_code == 403
    assert (await financien.als(Rol.CONSULENT, gemeente=GEMEENTE).get("/voorstellen")).status_code == 403
