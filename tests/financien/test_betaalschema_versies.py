"""Versions of a betaalschema and their publication (F-1, F-2): what changed, why, and what the provider was told."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given

from services.financien.betaalschema.rules import jaarbegin, per_contractjaar, wijzigingen
from services.financien.betaalschema.store import SCHEMAVERSIE, TERMIJN
from services.financien.overeenkomst.rules import Reden, reden_van
from services.financien.overeenkomst.store import LIJN, OVEREENKOMSTVERSIE
from shared.contracts.contractmanagement import SubsegmentVastgesteld
from shared.contracts.financien import BetaalschemaGepubliceerd
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Maand
from shared.web.identity import Rol
from tests.financien.opstelling import (
    ANDER,
    BUUR,
    CODE,
    GEMEENTE,
    Opstelling,
    levering,
    opgesteld,
    overeenkomst,
    regel,
    van_tot,
    versie,
)
from tests.financien.test_grootboek_reeksen import VOORAF, Stap, reeksen, zet
from tests.verteld import inhoud
from tests.voorbeelden import voorbeelden

SCHEMA = f"o1:{GEMEENTE}:2026-01"
Json = dict[str, Any]


async def schema(wie: Any, identity: str = SCHEMA, vraag: str = "") -> Json:
    antwoord = await wie.get(f"/betaalschemas/{identity}{vraag}")
    assert antwoord.status_code == 200, antwoord.text
    gevonden: Json = antwoord.json()
    return gevonden


async def publiceer(financien: Opstelling, identity: str = SCHEMA, **body: int) -> Any:
    return await financien.controller.post(f"/betaalschemas/{identity}/publicatie", json=body)


async def stel_bij(financien: Opstelling, subsegment: str = CODE) -> str:
    monitor = await financien.controller.post("/kwartaalmonitors", json={"gemeente": GEMEENTE, "kwartaal": "2026-Q1"})
    regels = {rij["subsegment"]: rij["bijstelling"] for rij in monitor.json()["regels"]}
    identity = str(regels[subsegment])
    assert (await financien.controller.post(f"/bijstellingen/{identity}/melding")).status_code == 200
    kop = {"Idempotency-Key": identity}
    vast = await financien.controller.post(f"/bijstellingen/{identity}/vaststelling", headers=kop)
    assert vast.status_code == 200, vast.text
    return identity


def contract_(aanleiding: Json | None = None, nummer: int = 2, prijs: str = "12600.00") -> Any:
    daarna = {**versie(date(2026, 7, 1), "10", prijs), "aanleiding": aanleiding}
    return overeenkomst(regel(daarna=(daarna,)), versie=nummer)


async def test_a_contract_gives_a_concept_of_each_contract_year_and_warns_when_it_began_unpublished(
    financien: Opstelling,
) -> None:
    await financien.hoor(overeenkomst(begindatum=date(2025, 7, 1), einddatum=date(2027, 6, 30)))
    (rij,) = (await financien.controller.get("/betaalschemas?jaar=2026")).json()["resultaten"]
    lopend, komend = rij["contractjaren"]
    assert (lopend["id"], lopend["begin"], lopend["status"]) == (f"o1:{GEMEENTE}:2025-07", "2025-07", "concept")
    assert (komend["id"], komend["versie"], komend["gepubliceerdeVersie"]) == (f"o1:{GEMEENTE}:2026-07", 1, None)
    assert "niet gepubliceerd" in lopend["waarschuwing"]
    assert komend["waarschuwing"] is None
    financien.klok.vandaag = date(2026, 7, 1)
    assert "juli 2026" in (await schema(financien.controller, komend["id"]))["waarschuwing"]


async def test_what_is_published_reaches_the_provider_and_nothing_before(financien: Opstelling) -> None:
    financien.klok.vandaag = date(2025, 12, 1)
    await financien.hoor(overeenkomst(regel("1", "100.00")))
    assert (await financien.aanbieder.get(f"/betaalschemas/{SCHEMA}")).status_code == 404
    gemaakt = (await publiceer(financien)).json()
    assert (gemaakt["status"], gemaakt["waarschuwing"]) == ("gepubliceerd", None)
    assert gemaakt["versies"][0]["gepubliceerdOp"] == "2025-12-01"
    gezien = await schema(financien.aanbieder)
    assert (gezien["versie"], gezien["totaal"], len(gezien["termijnen"])) == (1, "100.00", 12)
    (event,) = await financien.gepubliceerd(BetaalschemaGepubliceerd)
    assert (event.subject, inhoud(event)["begin"], inhoud(event)["oorzaak"]) == (
        SCHEMA,
        "2026-01",
        {"soort": "overeenkomst", "id": "o1/1"},
    )
    assert inhoud(event)["opbouw"][CODE]["2026-02"] == "8.34"
    financien.klok.vandaag = date(2026, 3, 1)
    assert (await schema(financien.aanbieder))["waarschuwing"] is None


async def test_published_after_its_first_month_began_stays_visible_as_late(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst())
    assert "15 mei 2026" in (await publiceer(financien)).json()["waarschuwing"]


@pytest.mark.parametrize(("dag", "laat"), [(date(2025, 12, 31), False), (date(2026, 1, 1), True)])
async def test_the_last_day_before_the_first_month_is_in_time(financien: Opstelling, dag: date, laat: bool) -> None:
    financien.klok.vandaag = dag
    await financien.hoor(overeenkomst())
    assert ((await publiceer(financien)).json()["waarschuwing"] is not None) is laat


async def test_publishing_twice_or_what_is_no_longer_newest_or_not_ones_own_is_refused(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst(), contract_())
    verouderd = await publiceer(financien, versie=1)
    assert (verouderd.status_code, verouderd.json()["title"]) == (409, "Er is een nieuwere versie van het betaalschema")
    assert (await publiceer(financien, versie=2)).status_code == 200
    assert (await publiceer(financien)).status_code == 409
    assert (await financien.aanbieder.post(f"/betaalschemas/{SCHEMA}/publicatie")).status_code == 403
    buur = financien.als(Rol.CONTROLLER, gemeente=BUUR)
    assert (await buur.get(f"/betaalschemas/{SCHEMA}")).status_code == 404
    assert (await buur.post(f"/betaalschemas/{SCHEMA}/publicatie")).status_code == 404
    ander = financien.als(Rol.AANBIEDER, aanbieder=ANDER)
    assert (await ander.get(f"/betaalschemas/{SCHEMA}")).status_code == 404
    assert (await financien.als(Rol.AUDITOR).get(f"/betaalschemas/{SCHEMA}?versie=1")).status_code == 200
    assert (await financien.controller.get(f"/betaalschemas/{SCHEMA}?versie=3")).status_code == 404


async def test_a_fixed_bijstelling_gives_a_version_that_names_it_and_old_ones_stay(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst(), *(levering(van_tot(date(2026, 1, 1)), id=f"l{i}") for i in range(9)))
    await publiceer(financien)
    identity = await stel_bij(financien)
    nu = await schema(financien.controller)
    assert (nu["versie"], nu["status"]) == (2, "gewijzigd")
    assert nu["versies"][1]["oorzaak"] == {"soort": "bijstelling", "id": identity, "kenmerk": None}
    # 108,000 expected, 50,000 fixed: seven terms share the rest
    assert nu["wijzigingen"][0] == {"maand": "2026-06", "subsegment": CODE, "was": "10000.00", "wordt": "8285.71"}
    assert {rij["maand"] for rij in nu["wijzigingen"]} == {f"2026-{m:02d}" for m in range(6, 13)}
    gezien = await schema(financien.aanbieder)
    assert (gezien["versie"], gezien["totaal"], gezien["status"]) == (1, "120000.00", "gewijzigd")
    assert (await financien.aanbieder.get(f"/betaalschemas/{SCHEMA}?versie=2")).status_code == 404
    await publiceer(financien, versie=2)
    assert (await schema(financien.aanbieder))["totaal"] == "108000.00"
    assert (await schema(financien.aanbieder, vraag="?versie=1"))["totaal"] == "120000.00"


async def test_only_the_contract_years_that_change_get_a_version(financien: Opstelling) -> None:
    later = versie(date(2027, 3, 1), "12", "12000.00")
    twee_jaar = {"begindatum": date(2026, 1, 1), "einddatum": date(2027, 12, 31)}
    await financien.hoor(overeenkomst(**twee_jaar), overeenkomst(regel(daarna=(later,)), versie=2, **twee_jaar))
    versies = [(row["betaalschema"], row["versie"]) for row in await financien.rijen(SCHEMAVERSIE)]
    assert versies == [(SCHEMA, 1), (f"o1:{GEMEENTE}:2027-01", 1), (f"o1:{GEMEENTE}:2027-01", 2)]


@pytest.mark.parametrize(
    ("aanleiding", "soort", "kenmerk"),
    [
        (None, "wijziging", None),
        ({"soort": "indexatie", "kenmerk": "2026"}, "indexatie", "2026"),
        ({"soort": "overig", "kenmerk": "meer plekken"}, "wijziging", "meer plekken"),
    ],
)
async def test_a_version_names_the_change_of_the_contract_that_made_it(
    financien: Opstelling, aanleiding: Json | None, soort: str, kenmerk: str | None
) -> None:
    await financien.hoor(overeenkomst(), contract_(aanleiding))
    nu = await schema(financien.controller)
    assert nu["versies"][1]["oorzaak"] == {"soort": soort, "id": "o1/2", "kenmerk": kenmerk}
    assert nu["wijzigingen"][0] == {"maand": "2026-07", "subsegment": CODE, "was": "10000.00", "wordt": "10500.00"}


def test_indexation_together_with_another_change_is_a_change() -> None:
    index = ("indexatie", "2027")
    assert reden_van(eerste=False, nieuw=[index, index]) == Reden("indexatie", "2027")
    assert reden_van(eerste=False, nieuw=[index, None]) == Reden("wijziging")
    assert reden_van(eerste=False, nieuw=[]) == Reden("wijziging")
    assert reden_van(eerste=True, nieuw=[index]) == Reden("overeenkomst")


async def test_every_version_of_a_contract_is_kept_also_one_that_comes_late(financien: Opstelling) -> None:
    await financien.hoor(contract_(), overeenkomst(), contract_())
    rijen = await financien.rijen(OVEREENKOMSTVERSIE)
    assert [(row["versie"], len(row["inhoud"]["regels"][0]["versies"])) for row in rijen] == [(1, 1), (2, 2)]
    assert len(await financien.rijen(SCHEMAVERSIE)) == 1, "the late one changes no term"


async def test_older_versions_of_a_contract_can_be_read_by_whom_they_concern(financien: Opstelling) -> None:
    index = {"soort": "indexatie", "kenmerk": "2026"}
    await financien.hoor(overeenkomst(), contract_(index))
    gezien = (await financien.controller.get("/overeenkomsten/o1")).json()
    assert [(rij["versie"], rij["soort"], rij["kenmerk"]) for rij in gezien["versies"]] == [
        (1, "overeenkomst", None),
        (2, "indexatie", "2026"),
    ]
    prijzen = [[v["prijsPerPlek"] for v in rij["regels"][0]["versies"]] for rij in gezien["versies"]]
    assert prijzen == [["12000.00"], ["12000.00", "12600.00"]]
    assert gezien["versies"][1]["regels"][0]["versies"][1]["aanleiding"] == "indexatie 2026"
    op = (await financien.aanbieder.get("/overeenkomsten/o1?op=2026-01-01")).json()
    assert [rij["versie"] for rij in op["versies"]] == [2], "both were heard that day: the last is what was known"
    for wie, vraag in (
        (financien.als(Rol.CONTROLLER, gemeente=BUUR), ""),
        (financien.als(Rol.AANBIEDER, aanbieder=ANDER), ""),
        (financien.controller, "?op=2025-12-31"),
    ):
        assert (await wie.get(f"/overeenkomsten/o1{vraag}")).status_code == 404


async def test_two_bijstellingen_of_one_schema_at_once_both_count(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst(regel(), regel("10", "12000.00", subsegment="54Z02")))
    monitor = await financien.controller.post("/kwartaalmonitors", json={"gemeente": GEMEENTE, "kwartaal": "2026-Q1"})
    ids = [rij["bijstelling"] for rij in monitor.json()["regels"]]
    for identity in ids:
        await financien.controller.post(f"/bijstellingen/{identity}/melding")
    antwoorden = await asyncio.gather(
        *(financien.controller.post(f"/bijstellingen/{i}/vaststelling", headers={"Idempotency-Key": i}) for i in ids)
    )
    assert [antwoord.status_code for antwoord in antwoorden] == [200, 200]
    nu = await schema(financien.controller)
    assert [rij["oorzaak"]["soort"] for rij in nu["versies"]] == ["overeenkomst", "bijstelling", "bijstelling"]
    assert nu["totaal"] == "100000.00", "what was paid before, and nothing after"


async def test_the_build_up_names_the_segment(financien: Opstelling) -> None:
    await financien.hoor(
        overeenkomst(),
        SubsegmentVastgesteld(
            code=CODE,
            versie=1,
            naam="Verblijf licht",
            segment="Verblijf",
            wet="jeugdwet",
            productcategorie="54",
            bekostiging="lumpsum",
            met_toewijzing=True,
        ),
    )
    (rij,) = (await financien.controller.get("/betaalschemas")).json()["resultaten"]
    deel = {"segment": "Verblijf", "subsegment": CODE, "subsegmentNaam": "Verblijf licht", "bedrag": "10000.00"}
    assert rij["termijnen"][0]["opbouw"] == [deel]
    assert (await schema(financien.controller))["termijnen"][0]["opbouw"][0]["segment"] == "Verblijf"


async def test_a_contract_from_july_moves_to_calendar_years_without_a_cent_of_difference(
    financien: Opstelling,
) -> None:
    """One year from July, half a year to get to the calendar, then calendar years: at a price that divides by
    nothing."""
    prijs = regel("3.5", "38123.45")
    perioden = [("2024-07-01", "2025-06-30"), ("2025-07-01", "2025-12-31"), ("2026-01-01", "2026-12-31")]
    for nummer, (begin, eind) in enumerate(perioden):
        dagen = {"begindatum": date.fromisoformat(begin), "einddatum": date.fromisoformat(eind)}
        await financien.hoor(
            overeenkomst({**prijs, "versies": [{**prijs["versies"][0], "vanaf": begin}]}, id=f"o{nummer}", **dagen)
        )
    (rij,) = (await financien.controller.get("/betaalschemas")).json()["resultaten"]
    maanden = [termijn["maand"] for termijn in rij["termijnen"]]
    assert (maanden[0], maanden[-1], len(maanden), len(set(maanden))) == ("2024-07", "2026-12", 30, 30)
    # 3.5 × 38,123.45 = 133,432.075 a year: each contract is rounded once
    totalen = [(await schema(financien.controller, jaar["id"]))["totaal"] for jaar in rij["contractjaren"]]
    assert totalen == ["133432.08", "66716.04", "133432.08"]
    assert rij["totaal"] == "333580.20"


async def test_a_contract_that_ends_earlier_pays_no_more_than_its_months_and_keeps_what_began(
    financien: Opstelling,
) -> None:
    dagen = {"begindatum": date(2025, 7, 1)}
    vanaf = regel(vanaf=date(2025, 7, 1))
    await financien.hoor(
        overeenkomst(vanaf, einddatum=date(2027, 6, 30), **dagen),
        overeenkomst(vanaf, versie=2, einddatum=date(2026, 12, 31), **dagen),
    )
    (rij,) = (await financien.controller.get("/betaalschemas")).json()["resultaten"]
    assert (rij["termijnen"][-1]["maand"], len(rij["termijnen"]), rij["totaal"]) == ("2026-12", 18, "180000.00")
    korter = await schema(financien.controller, f"o1:{GEMEENTE}:2026-07")
    assert (korter["versie"], korter["totaal"]) == (2, "60000.00")
    assert [(w["maand"], w["wordt"]) for w in korter["wijzigingen"]] == [(f"2027-{m:02d}", None) for m in range(1, 7)]


def test_a_contract_year_begins_in_the_month_of_the_contract() -> None:
    begin = Maand(2022, 7)
    for maand, verwacht in (
        ("2022-07", "2022-07"),
        ("2023-06", "2022-07"),
        ("2023-07", "2023-07"),
        ("2022-06", "2021-07"),
    ):
        assert str(jaarbegin(begin, Maand.lees(maand))) == verwacht
    opbouw = {CODE: {Maand(2023, 6): Bedrag(1), Maand(2023, 7): Bedrag(2)}}
    assert per_contractjaar(begin, opbouw) == {
        Maand(2022, 7): {CODE: {Maand(2023, 6): Bedrag(1)}},
        Maand(2023, 7): {CODE: {Maand(2023, 7): Bedrag(2)}},
    }
    assert list(wijzigingen(opbouw, opbouw)) == []


async def _gelijk(folder: Path, reeks: list[Stap]) -> int:
    async with opgesteld(folder, date(2025, 11, 15)) as financien:
        for beurt, stap in enumerate([*VOORAF, *reeks]):
            await zet(financien, stap, beurt)
        lijnen = {row["id"]: row for row in await financien.rijen(LIJN)}
        termijnen: dict[tuple[str, str, str], int] = {}
        for row in await financien.rijen(TERMIJN):
            lijn = lijnen[row["lijn"]]
            bedrag = max(row["voorschot_cent"] + row["bijstelling_cent"], 0)
            termijnen[lijn["gemeente"], lijn["subsegment"], row["maand"]] = bedrag
        nieuwste = {row["betaalschema"]: row for row in await financien.rijen(SCHEMAVERSIE)}
        gezegd = {
            (row["gemeente"], subsegment, maand): cent
            for row in nieuwste.values()
            for subsegment, maanden in row["opbouw"].items()
            for maand, cent in maanden.items()
        }
        assert gezegd == termijnen
        return len(await financien.rijen(SCHEMAVERSIE))


@voorbeelden(12)
@given(reeksen)
def test_the_newest_versions_say_what_the_terms_are_after_any_sequence(reeks: list[Stap]) -> None:
    with TemporaryDirectory() as folder:
        assert asyncio.run(_gelijk(Path(folder), reeks)) >= 1
