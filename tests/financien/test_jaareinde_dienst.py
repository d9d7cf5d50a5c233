"""Year-end (F-7, F-9): what a year costs stands in its books, settled or not, and is counted once."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.financien.grootboek.controle import controleer
from services.financien.grootboek.rules import Rekening
from services.financien.jaareinde.rules import Jaarregel, jaareindeposten, jaarregels
from services.financien.vrijgave.handlers import geef_termijnen_vrij
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Maand
from shared.web.identity import Rol
from tests.financien.opstelling import (
    AANBIEDER,
    BUUR,
    CODE,
    GEMEENTE,
    Opstelling,
    levering,
    opgesteld,
    overeenkomst,
    regel,
    van_tot,
    vastgesteld,
)
from tests.voorbeelden import voorbeelden

JULI = date(2025, 7, 1)
NA_HET_JAAR = date(2026, 2, 10)
Json = dict[str, Any]


async def jaareinde(financien: Opstelling, sleutel: str = "1", jaar: int = 2025, gemeente: str = GEMEENTE) -> Any:
    wie = financien.als(Rol.CONTROLLER, gemeente=gemeente)
    body = {"gemeente": gemeente, "jaar": jaar}
    return await wie.post("/jaareindes", json=body, headers={"Idempotency-Key": sleutel})


async def saldi(financien: Opstelling, dag: str) -> dict[str, str]:
    antwoord = await financien.controller.get(f"/grootboek/saldi?peildatum={dag}")
    return {rij["rekening"]: rij["saldo"] for rij in antwoord.json()["resultaten"] if rij["saldo"] != "0.00"}


async def juli_tot_juli(financien: Opstelling, bezet: int = 8) -> None:
    """Ten places at 12,000.00 from July 2025, eight occupied; it is 10 February 2026."""
    financien.klok.vandaag = NA_HET_JAAR
    await financien.hoor(
        overeenkomst(regel(vanaf=JULI), begindatum=JULI, einddatum=date(2026, 6, 30)),
        *(levering(van_tot(JULI), id=f"l{i}") for i in range(bezet)),
    )
    await geef_termijnen_vrij(financien.service.edge)


async def settle(financien: Opstelling, begin: str, eind: str, sleutel: str = "s") -> Json:
    vraag = {"gemeente": GEMEENTE, "aanbieder": AANBIEDER, "begindatum": begin, "einddatum": eind}
    concept = (await financien.controller.post("/afrekeningen", json=vraag)).json()
    vast = await vastgesteld(financien, concept["id"], sleutel=sleutel)
    assert vast.status_code == 200, vast.text
    made: Json = vast.json()
    return made


async def test_half_a_contract_year_is_cost_of_its_own_year_and_goes_back_in_january(financien: Opstelling) -> None:
    await juli_tot_juli(financien)
    assert (await saldi(financien, "2025-12-31")) == {"voorschotten": "60000.00", "te_betalen": "-60000.00"}
    gemaakt = await jaareinde(financien)
    assert gemaakt.status_code == 201, gemaakt.text
    made = gemaakt.json()
    # six months × 8 places × 1,000.00
    assert (made["totaal"], len(made["regels"])) == ("48000.00", 6)
    assert made["regels"][0] == {
        "aanbieder": AANBIEDER,
        "subsegment": CODE,
        "maand": "2025-07",
        "kosten": "8000.00",
        "geboekt": "0.00",
        "bedrag": "8000.00",
    }
    eind = await saldi(financien, "2025-12-31")
    assert (eind["lasten"], eind["transitorisch"]) == ("48000.00", "-48000.00")
    begin = await saldi(financien, "2026-01-01")
    assert "lasten" not in begin
    assert "transitorisch" not in begin
    post = await financien.controller.get(f"/grootboek/posten/{made['post']}")
    assert (post.json()["boekdatum"], post.json()["oorzaak"]) == (
        "2025-12-31",
        {"soort": "jaareinde", "id": made["id"]},
    )
    gezien = await financien.als(Rol.AUDITOR).get(f"/jaareindes/{made['id']}")
    assert gezien.json() == made
    verklaard = (await financien.controller.get(f"/herkomst/jaareinde/{made['id']}")).json()
    assert (verklaard["bedrag"], verklaard["regel"]["ingevuld"]) == ("48000.00", "48000.00 − 0.00 = 48000.00")
    assert len(verklaard["delen"]) == 6
    assert [bron["id"] for bron in verklaard["bronnen"]] == [made["id"], made["post"], made["terugpost"]]
    van_post = (await financien.controller.get(f"/herkomst/journaalpost/{made['post']}")).json()
    assert van_post["bronnen"][0]["pad"] == f"/financien/v1/herkomst/jaareinde/{made['id']}"
    assert (await financien.aanbieder.get(f"/herkomst/jaareinde/{made['id']}")).status_code == 404


async def test_asked_again_nothing_is_booked_twice(financien: Opstelling) -> None:
    await juli_tot_juli(financien)
    eerste, herhaald, opnieuw = await jaareinde(financien), await jaareinde(financien), await jaareinde(financien, "2")
    assert (herhaald.json(), herhaald.headers["idempotency-replayed"]) == (eerste.json(), "true")
    assert (opnieuw.status_code, opnieuw.json()) == (200, eerste.json())
    zonder = await financien.controller.post("/jaareindes", json={"gemeente": GEMEENTE, "jaar": 2025})
    assert zonder.status_code == 400
    assert (await saldi(financien, "2025-12-31"))["lasten"] == "48000.00"


@pytest.mark.parametrize(("bezet", "verschil"), [(9, "6000.00"), (7, "-6000.00")])
async def test_a_late_message_adds_only_the_difference_whichever_way(
    financien: Opstelling, bezet: int, verschil: str
) -> None:
    await juli_tot_juli(financien)
    await jaareinde(financien)
    laat = (
        levering(van_tot(JULI), id="l8") if bezet == 9 else levering(van_tot(JULI), id="l7", versie=2, vervallen=True)
    )
    await financien.hoor(laat)
    tweede = (await jaareinde(financien, "2")).json()
    assert (tweede["volgnummer"], tweede["totaal"]) == (2, verschil)
    assert (await saldi(financien, "2025-12-31"))["lasten"] == f"{bezet * 6000}.00"
    begin = await saldi(financien, "2026-01-01")
    assert "lasten" not in begin
    rijen = (await financien.controller.get("/jaareindes?jaar=2025")).json()["resultaten"]
    assert [rij["volgnummer"] for rij in rijen] == [1, 2]


async def test_what_was_settled_within_the_year_is_not_posted_again(financien: Opstelling) -> None:
    await juli_tot_juli(financien)
    financien.klok.vandaag = date(2025, 11, 20)
    await settle(financien, "2025-07-01", "2025-09-30")
    financien.klok.vandaag = NA_HET_JAAR
    made = (await jaareinde(financien)).json()
    assert (made["totaal"], [r["maand"] for r in made["regels"]]) == ("24000.00", ["2025-10", "2025-11", "2025-12"])
    assert (await saldi(financien, "2025-12-31"))["lasten"] == "48000.00"


async def test_a_settlement_booked_after_the_year_is_posted_in_it_and_cancels_out_in_the_next(
    financien: Opstelling,
) -> None:
    await juli_tot_juli(financien)
    await settle(financien, "2025-07-01", "2026-01-31")
    made = (await jaareinde(financien)).json()
    assert made["totaal"] == "48000.00"
    assert (await saldi(financien, "2025-12-31"))["lasten"] == "48000.00"
    # What the new year bears is January alone.
    alles = await saldi(financien, "2026-02-28")
    assert alles["lasten"] == "56000.00"
    assert "transitorisch" not in alles


async def test_the_estimate_is_what_a_settlement_of_these_months_would_give(financien: Opstelling) -> None:
    """With a minimum of 90% the year costs that, and the settlement afterwards the same."""
    financien.klok.vandaag = NA_HET_JAAR
    await financien.hoor(
        overeenkomst(regel("3.5", "38123.45", vanaf=JULI), begindatum=JULI, einddatum=date(2026, 6, 30), minimum="0.9"),
        levering(van_tot(date(2025, 8, 14), date(2025, 11, 3))),
    )
    await geef_termijnen_vrij(financien.service.edge)
    made = (await jaareinde(financien)).json()
    assert made["totaal"] == "60044.43"  # 0.9 × 3.5 × 38,123.45 / 2 = 60,044.43375
    vast = await settle(financien, "2025-07-01", "2025-12-31")
    assert vast["regels"][0]["gerealiseerd"] == "60044.43"
    assert (await saldi(financien, "2026-02-28"))["lasten"] == "60044.43"


async def test_a_year_that_runs_or_is_closed_or_not_ones_own_or_empty_is_refused(financien: Opstelling) -> None:
    await juli_tot_juli(financien)
    loopt = await jaareinde(financien, jaar=2026)
    assert (loopt.status_code, loopt.json()["title"]) == (409, "Het boekjaar is nog niet voorbij")
    leeg = await jaareinde(financien, jaar=2024)
    assert (leeg.status_code, leeg.json()["title"]) == (409, "Er is niets over te boeken")
    buur = financien.als(Rol.CONTROLLER, gemeente=BUUR)
    body, kop = {"gemeente": GEMEENTE, "jaar": 2025}, {"Idempotency-Key": "x"}
    assert (await buur.post("/jaareindes", json=body, headers=kop)).status_code == 403
    made = (await jaareinde(financien)).json()
    assert (await buur.get(f"/jaareindes/{made['id']}")).status_code == 404
    sluit = {"gemeente": GEMEENTE, "maand": "2025-12"}
    assert (await financien.controller.post("/grootboek/afsluitingen", json=sluit, headers=kop)).status_code == 201
    await financien.hoor(levering(van_tot(JULI), id="laat"))
    dicht = await jaareinde(financien, "2")
    assert (dicht.status_code, dicht.json()["title"]) == (409, "De periode is afgesloten")


sleutels = st.tuples(
    st.sampled_from(["a", "b"]), st.sampled_from(["x", "y"]), st.integers(1, 12).map(lambda m: Maand(2025, m))
)
bedragen = st.dictionaries(sleutels, st.integers(-10_000, 10_000).map(Bedrag), max_size=6)


@given(bedragen, bedragen, bedragen)
def test_the_posts_bring_the_books_to_the_cost_and_back(
    kosten: dict[Any, Bedrag], lasten: dict[Any, Bedrag], eerder: dict[Any, Bedrag]
) -> None:
    regels = jaarregels(kosten, lasten, eerder)
    stand = {s: lasten.get(s, Bedrag(0)) + eerder.get(s, Bedrag(0)) for s in lasten.keys() | eerder.keys()}
    if not regels:
        assert all(stand.get(s, Bedrag(0)) == kosten.get(s, Bedrag(0)) for s in stand.keys() | kosten.keys())
        with pytest.raises(ValueError, match="ten minste een boeking"):
            jaareindeposten("0294", 2025, 1, "i", regels)
        return
    erin, eruit = jaareindeposten("0294", 2025, 1, "i", regels)
    assert (erin.boekdatum, eruit.boekdatum) == (date(2025, 12, 31), date(2026, 1, 1))
    terug = dict(stand)
    for post, doel in ((erin, stand), (eruit, terug)):
        for b in post.boekingen:
            sleutel = (b.aanbieder, b.subsegment, b.maand)
            teken = 1 if b.debet is Rekening.LASTEN else -1
            doel[sleutel] = doel.get(sleutel, Bedrag(0)) + Bedrag(teken * b.bedrag.cent)
    for sleutel in stand.keys() | kosten.keys():
        assert stand.get(sleutel, Bedrag(0)) == kosten.get(sleutel, Bedrag(0))
    assert isinstance(regels[0], Jaarregel)
    assert all(erin_b.omgekeerd() == eruit_b for erin_b, eruit_b in zip(erin.boekingen, eruit.boekingen, strict=True))


Stap = tuple[str, int]
stappen = st.lists(
    st.tuples(st.sampled_from(["levering", "afrekening", "jaareinde", "vervalt"]), st.integers(0, 9)), max_size=6
)


async def _doorloop(folder: Path, reeks: list[Stap]) -> None:
    async with opgesteld(folder, NA_HET_JAAR) as financien:
        await juli_tot_juli(financien, 2)
        for beurt, (naam, n) in enumerate([*reeks, ("jaareinde", 0)]):
            if naam == "levering":
                begin = JULI + timedelta(days=17 * n)
                await financien.hoor(
                    levering(van_tot(begin, begin + timedelta(days=100)), id=f"x{n}", versie=beurt + 1)
                )
            elif naam == "vervalt":
                await financien.hoor(levering(van_tot(JULI), id=f"l{n % 2}", versie=beurt + 2, vervallen=True))
            elif naam == "afrekening":
                maand = Maand(2025, 7 + n % 6)
                vraag = {"gemeente": GEMEENTE, "aanbieder": AANBIEDER, "begindatum": str(maand.eerste)}
                gemaakt = await financien.controller.post(
                    "/afrekeningen", json={**vraag, "einddatum": str(maand.laatste)}
                )
                await vastgesteld(financien, gemaakt.json().get("id", "geen"), sleutel=str(beurt))
            else:
                await jaareinde(financien, str(beurt))
        # Everything the year costs stands in its books; nothing of the year-end is left in January.
        (rij,) = [
            r
            for r in (await financien.controller.get("/begrotingen?jaar=2025")).json()["resultaten"]
            if r["onderdeel"] == CODE
        ]
        assert (await saldi(financien, "2025-12-31")).get("lasten", "0.00") == rij["gerealiseerd"]
        assert "transitorisch" not in await saldi(financien, "2026-12-31")
        async with financien.database.reading() as reader:
            assert (await controleer(reader, GEMEENTE)).breuk is None


@voorbeelden(6)
@given(stappen)
def test_after_any_sequence_the_books_of_the_year_hold_what_it_costs(reeks: list[Stap]) -> None:
    with TemporaryDirectory() as folder:
        asyncio.run(_doorloop(Path(folder), reeks))
