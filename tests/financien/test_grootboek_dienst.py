"""The ledger in the service: terms are released into it once, settlements land in it, it is read, closed, exported."""

from __future__ import annotations

import asyncio
import csv
import io
import re
import sqlite3
import zipfile
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from services.financien.grootboek.handlers import AlGeboekt, AlHerroepen, boek, herroep
from services.financien.grootboek.rules import Boeking, Journaalpost, Oorzaak, PeriodeGesloten, Rekening
from services.financien.grootboek.rules.saldo import saldi
from services.financien.grootboek.store import BOEKING, KETEN, POST, geboekt_van
from services.financien.vrijgave.handlers import Vrijgave, geef_termijnen_vrij
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag, som
from shared.kernel.periode import Maand
from shared.outbox.edge import Context, Outcome
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
    vastgesteld,
    versie,
)
from tests.onafhankelijk import rond

JANUARI = date(2026, 1, 1)
SLEUTEL = {"Idempotency-Key": "1"}


async def vrijgegeven(financien: Opstelling) -> int:
    return await geef_termijnen_vrij(financien.service.edge)


async def saldo(financien: Opstelling, peildatum: str = "2026-12-31") -> dict[str, str]:
    """Accounts that are not at zero."""
    antwoord = await financien.controller.get("/grootboek/saldi", params={"peildatum": peildatum})
    rijen = antwoord.json()["resultaten"]
    assert som(Bedrag.van_euro(rij["saldo"]) for rij in rijen) == Bedrag(0)
    return {rij["rekening"]: rij["saldo"] for rij in rijen if rij["saldo"] != "0.00"}


async def journaal(financien: Opstelling) -> list[Journaalpost]:
    boekingen: dict[str, list[Any]] = {}
    async with financien.database.reading() as reader:
        for row in await reader.select(BOEKING.select().order_by(BOEKING.c.post, BOEKING.c.nummer)):
            boekingen.setdefault(row.post, []).append(row)
        rows = await reader.select(POST.select().order_by(POST.c.gemeente, POST.c.volgnummer))
    return [geboekt_van(row, boekingen[row.id]).post for row in rows]


def post(sleutel: str, boekdatum: date = date(2026, 5, 15), gemeente: str = GEMEENTE) -> Journaalpost:
    boeking = Boeking(Rekening.TE_BETALEN, Rekening.ONDERWEG, Bedrag(100), AANBIEDER)
    return Journaalpost(gemeente, boekdatum, "proef", "Proef", Oorzaak("proef", sleutel), sleutel, (boeking,))


async def geboekt(financien: Opstelling, *posten: Journaalpost) -> tuple[str, ...]:
    async def use_case(reader: Reader, context: Context) -> Outcome[tuple[str, ...]]:
        changes = Changeset()
        return Outcome(await boek(reader, context, changes, *posten), changes)

    return await financien.service.edge.carry_out(use_case)


async def test_every_begun_term_is_released_once(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst())
    assert await vrijgegeven(financien) == 5
    assert await vrijgegeven(financien) == 0
    assert await saldo(financien) == {"voorschotten": "50000.00", "te_betalen": "-50000.00"}
    assert await saldo(financien, "2026-02-28") == {"voorschotten": "20000.00", "te_betalen": "-20000.00"}
    financien.klok.vandaag = date(2026, 6, 1)
    assert await vrijgegeven(financien) == 1


async def test_a_released_post_says_what_it_rests_on(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst())
    await vrijgegeven(financien)
    eerste, *_ = (await financien.controller.get("/grootboek/posten")).json()["resultaten"]
    assert (eerste["volgnummer"], eerste["boekdatum"], eerste["persoon"]) == (1, "2026-01-01", "plekregie")
    assert eerste["oorzaak"] == {"soort": "termijn", "id": f"o1:{GEMEENTE}:{CODE}:2026-01"}
    assert eerste["omschrijving"] == f"Voorschot 2026-01 voor {CODE}, overeenkomst o1 versie 1"
    assert eerste["vorige"] == "0" * 64
    assert eerste["boekingen"] == [
        {
            "debet": "voorschotten",
            "credit": "te_betalen",
            "bedrag": "10000.00",
            "aanbieder": AANBIEDER,
            "subsegment": CODE,
            "maand": "2026-01",
            "tegenpartij": None,
        }
    ]


async def test_terms_of_a_regional_award_are_released_by_each_gemeente_in_its_own_chain(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst(regel(verdeelsleutel={GEMEENTE: "0.4", BUUR: "0.6"})))
    assert await vrijgegeven(financien) == 10
    hoofden = {row["gemeente"]: row["volgnummer"] for row in await financien.rijen(KETEN)}
    assert hoofden == {GEMEENTE: 5, BUUR: 5}
    assert (await saldo(financien))["te_betalen"] == "-20000.00"


async def test_a_contract_that_changes_in_the_past_does_not_touch_what_was_released(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst())
    await vrijgegeven(financien)
    voor = await journaal(financien)
    await financien.hoor(overeenkomst(regel(daarna=(versie(date(2026, 3, 1), "20", "12000.00"),)), versie=2))
    assert await vrijgegeven(financien) == 0
    assert await journaal(financien) == voor


async def test_the_posts_can_be_made_again_from_the_stored_terms(financien: Opstelling) -> None:
    """Whatever way contracts were heard, the ledger has each begun term once, to the cent."""
    await financien.hoor(overeenkomst(regel("3.7", "38123.45"), regel("2", "1.00", subsegment="54Z02")))
    await vrijgegeven(financien)
    await financien.hoor(
        overeenkomst(id="o2", aanbieder=ANDER, begindatum=date(2025, 7, 1), einddatum=date(2026, 6, 30))
    )
    await vrijgegeven(financien)
    schema = (await financien.controller.get("/betaalschemas")).json()["resultaten"]
    verwacht = {
        (rij["aanbieder"], deel["subsegment"], termijn["maand"]): deel["bedrag"]
        for rij in schema
        for termijn in rij["termijnen"]
        if termijn["status"] == "definitief"
        for deel in termijn["opbouw"]
        if deel["bedrag"] != "0.00"
    }
    gevonden = {
        (b.aanbieder, b.subsegment, str(b.maand)): b.bedrag.als_euro()
        for geboekt in await journaal(financien)
        for b in geboekt.boekingen
    }
    assert gevonden == verwacht


async def test_stored_balances_are_those_of_the_entries(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst())
    await vrijgegeven(financien)
    await geboekt(financien, post("a"), post("b", date(2026, 4, 2)))
    reeks = await journaal(financien)
    for dag in ("2026-01-01", "2026-04-01", "2026-04-02", "2026-12-31"):
        uit_posten = {str(r): b.als_euro() for r, b in saldi(reeks, date.fromisoformat(dag)).items() if b.cent}
        assert await saldo(financien, dag) == uit_posten


async def test_a_fact_is_booked_once(financien: Opstelling) -> None:
    await geboekt(financien, post("a"))
    with pytest.raises(AlGeboekt):
        await geboekt(financien, post("a"))
    with pytest.raises(AlGeboekt):
        await geboekt(financien, post("b"), post("b"))
    assert len(await journaal(financien)) == 1


async def test_one_decision_books_once_per_gemeente(financien: Opstelling) -> None:
    async def use_case(reader: Reader, context: Context) -> Outcome[None]:
        changes = Changeset()
        await boek(reader, context, changes, post("a"))
        await boek(reader, context, changes, post("b", gemeente=BUUR))
        with pytest.raises(ValueError, match="in one call"):
            await boek(reader, context, changes, post("c"))
        return Outcome(None)

    await financien.service.edge.carry_out(use_case)


async def test_a_post_is_undone_once_by_its_opposite(financien: Opstelling) -> None:
    (identity,) = await geboekt(financien, post("a"))

    async def use_case(reader: Reader, context: Context) -> Outcome[None]:
        changes = Changeset()
        await herroep(reader, context, changes, identity, oorzaak=Oorzaak("fout", "1"), omschrijving="Fout geboekt")
        return Outcome(None, changes)

    await financien.service.edge.carry_out(use_case)
    assert await saldo(financien) == {}
    assert [p.herroept for p in await journaal(financien)] == [None, identity]
    with pytest.raises(AlHerroepen):
        await financien.service.edge.carry_out(use_case)


async def test_posts_at_the_same_time_stand_one_after_the_other(financien: Opstelling) -> None:
    await asyncio.gather(*(geboekt(financien, post(f"{n}")) for n in range(8)))
    rows = sorted(await financien.rijen(POST), key=lambda row: row["volgnummer"])
    assert [row["volgnummer"] for row in rows] == list(range(1, 9))
    assert [row["vorige"] for row in rows[1:]] == [row["hash"] for row in rows[:-1]]


async def test_the_recurring_look_finds_every_change(financien: Opstelling) -> None:
    vrijgave = Vrijgave(financien.service.edge)
    assert await vrijgave.kijk() == 0
    await financien.hoor(overeenkomst())
    assert [await vrijgave.kijk(), await vrijgave.kijk()] == [5, 0]
    await financien.hoor(overeenkomst(regel(), regel(subsegment="54Z02"), versie=2))
    assert [await vrijgave.kijk(), await vrijgave.kijk()] == [5, 0]
    financien.klok.vandaag = date(2026, 6, 1)
    assert [await vrijgave.kijk(), await vrijgave.kijk()] == [2, 0]


async def test_terms_released_twice_at_the_same_time_are_booked_once(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst())
    await asyncio.gather(*(vrijgegeven(financien) for _ in range(3)))
    assert len(await journaal(financien)) == 5


@pytest.mark.parametrize(
    "daad",
    [
        "UPDATE journaalpost SET omschrijving = 'x'",
        "DELETE FROM journaalpost",
        "UPDATE boeking SET bedrag_cent = 1",
        "DELETE FROM boeking",
        "DELETE FROM grootboek_afsluiting",
    ],
)
async def test_the_database_refuses_to_change_what_was_booked(financien: Opstelling, daad: str) -> None:
    await financien.hoor(overeenkomst())
    await vrijgegeven(financien)
    antwoord = await _sluit(financien, "2026-01")
    assert antwoord.status_code == 201
    with sqlite3.connect(financien.database.path) as plain, pytest.raises(sqlite3.IntegrityError, match="append-only"):  # type: ignore[attr-defined]  # SQLite here
        plain.execute(daad)


@pytest.mark.parametrize(("cent", "credit"), [(0, "bank"), (-1, "bank"), (1, "lasten")])
async def test_the_database_refuses_what_is_no_booking(financien: Opstelling, cent: int, credit: str) -> None:
    await geboekt(financien, post("a"))
    with sqlite3.connect(financien.database.path) as plain, pytest.raises(sqlite3.IntegrityError, match="CHECK"):  # type: ignore[attr-defined]  # SQLite here
        plain.execute(
            "INSERT INTO boeking (post, nummer, debet, credit, bedrag_cent) "
            "SELECT id, 9, 'lasten', ?, ? FROM journaalpost",
            (credit, cent),
        )


async def _sluit(financien: Opstelling, maand: str, sleutel: str = "1") -> Any:
    kop = {"Idempotency-Key": sleutel}
    return await financien.controller.post(
        "/grootboek/afsluitingen", json={"gemeente": GEMEENTE, "maand": maand}, headers=kop
    )


async def test_what_is_heard_late_is_booked_in_an_open_month_and_keeps_its_own(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst())
    await vrijgegeven(financien)
    gesloten = await _sluit(financien, "2026-03")
    assert gesloten.json()["volgnummer"] == 5
    voor = await saldo(financien, "2026-03-31")
    await financien.hoor(overeenkomst(regel(subsegment="54Z02"), id="o2"))
    assert await vrijgegeven(financien) == 5
    assert await saldo(financien, "2026-03-31") == voor
    laat = [p for p in await journaal(financien) if p.boekingen[0].subsegment == "54Z02"]
    assert [(str(p.boekingen[0].maand), p.boekdatum.isoformat()) for p in laat] == [
        ("2026-01", "2026-04-01"),
        ("2026-02", "2026-04-01"),
        ("2026-03", "2026-04-01"),
        ("2026-04", "2026-04-01"),
        ("2026-05", "2026-05-01"),
    ]


async def test_nothing_is_booked_in_a_closed_month(financien: Opstelling) -> None:
    assert (await _sluit(financien, "2026-03")).status_code == 201
    with pytest.raises(PeriodeGesloten, match="eerste open maand is 2026-04"):
        await geboekt(financien, post("a", date(2026, 3, 31)))
    await geboekt(financien, post("a", date(2026, 4, 1)))
    await geboekt(financien, post("b", date(2026, 3, 31), BUUR))


async def test_a_month_is_closed_once_and_only_when_it_is_over(financien: Opstelling) -> None:
    assert (await _sluit(financien, "2026-05")).status_code == 409
    assert (await _sluit(financien, "2026-04")).status_code == 201
    opnieuw = await _sluit(financien, "2026-04", "2")
    assert (opnieuw.status_code, opnieuw.json()["title"]) == (409, "De periode is afgesloten")
    lijst = (await financien.controller.get("/grootboek/afsluitingen")).json()["resultaten"]
    assert [rij["maand"] for rij in lijst] == ["2026-04"]
    assert (await financien.controller.post("/grootboek/afsluitingen", json={})).status_code == 400


async def _rubriek(financien: Opstelling, subsegment: str = "overig", ingang: str = "2026-01-01") -> Any:
    inhoud = {"gemeente": GEMEENTE, "taakveld": "6.72a", "kostenplaats": "72001"}
    return await financien.controller.put(f"/grootboek/rubrieken/{subsegment}/{ingang}", json=inhoud)


async def _afrekening(financien: Opstelling, tot: str = "2026-04-30") -> dict[str, Any]:
    vraag = {"gemeente": GEMEENTE, "aanbieder": AANBIEDER, "begindatum": "2026-01-01", "einddatum": tot}
    gemaakt: dict[str, Any] = (await financien.controller.post("/afrekeningen", json=vraag)).json()
    return gemaakt


async def _vaststelling(financien: Opstelling, identity: str, sleutel: str = "1") -> Any:
    return await vastgesteld(financien, identity, sleutel=sleutel)


async def test_a_fixed_settlement_turns_advances_into_cost_and_a_claim(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst(), *(levering(van_tot(JANUARI), id=f"l{i}") for i in range(9)))
    await vrijgegeven(financien)
    concept = await _afrekening(financien)
    assert concept["totaal"] == "-4000.00"
    vast = await _vaststelling(financien, concept["id"])
    assert vast.status_code == 200, vast.text
    assert (vast.json()["status"], [stap["stap"] for stap in vast.json()["stappen"]]) == (
        "vastgesteld",
        ["concept", "verzonden", "reactie: akkoord", "vastgesteld"],
    )
    assert await saldo(financien) == {
        "lasten": "36000.00",
        "voorschotten": "10000.00",
        "te_betalen": "-50000.00",
        "te_vorderen": "4000.00",
    }


async def test_a_settlement_with_more_occupied_than_awarded_is_owed(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst(), *(levering(van_tot(JANUARI), id=f"l{i}") for i in range(11)))
    await vrijgegeven(financien)
    assert (await _vaststelling(financien, (await _afrekening(financien))["id"])).status_code == 200
    assert await saldo(financien) == {"lasten": "44000.00", "voorschotten": "10000.00", "te_betalen": "-54000.00"}


async def test_within_the_tolerance_the_advances_are_the_cost(financien: Opstelling) -> None:
    leveringen = (levering(van_tot(JANUARI), id=f"l{i}") for i in range(9))
    await financien.hoor(overeenkomst(tolerantie="0.2"), *leveringen)
    await vrijgegeven(financien)
    assert (await _vaststelling(financien, (await _afrekening(financien))["id"])).status_code == 200
    assert await saldo(financien) == {"lasten": "40000.00", "voorschotten": "10000.00", "te_betalen": "-50000.00"}


async def test_a_settlement_over_two_years_is_split_exactly(financien: Opstelling) -> None:
    contract = overeenkomst(regel("3.7", "38123.47", vanaf=date(2025, 7, 1)), begindatum=date(2025, 7, 1))
    await financien.hoor(contract, levering(van_tot(date(2025, 9, 17), date(2026, 2, 3))))
    await vrijgegeven(financien)
    vraag = {"gemeente": GEMEENTE, "aanbieder": AANBIEDER, "begindatum": "2025-07-01", "einddatum": "2026-04-30"}
    concept = (await financien.controller.post("/afrekeningen", json=vraag)).json()
    assert (await _vaststelling(financien, concept["id"])).status_code == 200
    lasten: dict[int, int] = {2025: 0, 2026: 0}
    for geboekte in await journaal(financien):
        for boeking in geboekte.boekingen:
            if boeking.debet is Rekening.LASTEN and boeking.maand is not None:
                lasten[boeking.maand.jaar] += boeking.bedrag.cent
    # 14 of 30 days of September, October to December whole; January whole and 3 of 28 days of February.
    prijs = 3812347
    assert lasten[2025] == rond(Fraction(prijs, 12) * (Fraction(14, 30) + 3))
    assert lasten[2026] == rond(Fraction(prijs, 12) * (Fraction(14, 30) + 4 + Fraction(3, 28))) - lasten[2025]
    assert sum(lasten.values()) == Bedrag.van_euro(concept["regels"][0]["gerealiseerd"]).cent


async def test_a_settlement_is_fixed_once_with_a_key_and_never_twice_over_the_same_months(
    financien: Opstelling,
) -> None:
    await financien.hoor(overeenkomst(), levering(van_tot(JANUARI)))
    await vrijgegeven(financien)
    een, kort = await _afrekening(financien), await _afrekening(financien, "2026-01-31")
    zonder = await financien.controller.post(f"/afrekeningen/{een['id']}/vaststelling")
    assert zonder.status_code == 400
    eerste = await _vaststelling(financien, een["id"])
    nog_eens = await _vaststelling(financien, een["id"])
    assert (nog_eens.json(), nog_eens.headers["idempotency-replayed"]) == (eerste.json(), "true")
    ander = await _afrekening(financien)
    titels = [
        (await _vaststelling(financien, identity, "2")).json()["title"]
        for identity in (een["id"], ander["id"], kort["id"])
    ]
    assert titels == ["De afrekening is al vastgesteld", *["Deze maanden zijn al afgerekend"] * 2]


async def test_a_settlement_that_no_longer_holds_is_not_fixed(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst(), levering(van_tot(JANUARI)))
    await vrijgegeven(financien)
    concept = await _afrekening(financien)
    await financien.hoor(levering(van_tot(JANUARI), id="laat"))
    antwoord = await _vaststelling(financien, concept["id"])
    assert (antwoord.status_code, antwoord.json()["title"]) == (409, "De afrekening klopt niet meer")


async def test_a_settlement_waits_until_its_advances_are_booked(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst(), levering(van_tot(JANUARI)))
    concept = await _afrekening(financien)
    antwoord = await _vaststelling(financien, concept["id"])
    assert antwoord.json()["title"] == "De voorschotten zijn nog niet allemaal geboekt"
    await vrijgegeven(financien)
    kop = {"Idempotency-Key": "later"}
    keuze = {"verrekening": "terugvorderen"}
    pad = f"/afrekeningen/{concept['id']}/vaststelling"
    assert (await financien.controller.post(pad, headers=kop, json=keuze)).is_success


async def test_the_export_balances_and_names_taakveld_and_kostenplaats(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst(), levering(van_tot(JANUARI)))
    await vrijgegeven(financien)
    await _vaststelling(financien, (await _afrekening(financien))["id"])
    zonder = await financien.controller.get("/grootboek/export", params={"periode": "2026-05"})
    assert (zonder.status_code, zonder.json()["title"]) == (409, "Het taakveld ontbreekt")
    assert (await _rubriek(financien)).status_code == 200
    antwoord = await financien.controller.get("/grootboek/export", params={"periode": "2026-05"})
    assert antwoord.headers["content-type"] == "text/csv; charset=utf-8"
    assert antwoord.content.startswith(b"\xef\xbb\xbf")
    regels = list(csv.DictReader(io.StringIO(antwoord.content.decode("utf-8-sig")), delimiter=";"))
    per_kant = {kant: sum(int(r[kant].replace(",", "")) for r in regels if r[kant]) for kant in ("debet", "credit")}
    # The term of May, the cost of four months of one place, and what is claimed back.
    assert per_kant == {"debet": 5_000_000, "credit": 5_000_000}
    assert {(r["taakveld"], r["kostenplaats"]) for r in regels if r["rekening"] == "lasten"} == {("6.72a", "72001")}
    assert {r["taakveld"] for r in regels if r["rekening"] != "lasten"} == {""}
    werkblad = await financien.controller.get("/grootboek/export", params={"periode": "2026-05", "vorm": "xlsx"})
    assert werkblad.headers["content-disposition"] == f'attachment; filename="grootboek-{GEMEENTE}-2026-05.xlsx"'
    with zipfile.ZipFile(io.BytesIO(werkblad.content)) as bestand:
        rijen = re.findall(r"<row .*?</row>", bestand.read("xl/worksheets/sheet1.xml").decode())
    assert len(rijen) == 1 + len(regels) + 1
    assert rijen[-1].count("<v>50000</v>") == 2, "debet and credit, as numbers"


async def test_a_rubriek_does_not_change_closed_months(financien: Opstelling) -> None:
    await _sluit(financien, "2026-03")
    assert (await _rubriek(financien, ingang="2026-03-31")).status_code == 409
    assert (await _rubriek(financien, CODE, "2026-04-01")).status_code == 200
    lijst = (await financien.controller.get("/grootboek/rubrieken")).json()["resultaten"]
    assert [(rij["subsegment"], rij["taakveld"]) for rij in lijst] == [(CODE, "6.72a")]
    assert (await _rubriek(financien, "onzin")).status_code == 400


async def test_posts_are_filtered_and_read_page_by_page(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst(), overeenkomst(id="o2", aanbieder=ANDER))
    await vrijgegeven(financien)
    vraag: dict[str, Any] = {"aanbieder": ANDER, "vanaf": "2026-02-01", "tot": "2026-04-30", "aantal": 2}
    pagina = (await financien.controller.get("/grootboek/posten", params=vraag)).json()
    rest = (await financien.controller.get(pagina["volgende"])).json()
    gevonden = [*pagina["resultaten"], *rest["resultaten"]]
    assert [rij["periode"] for rij in gevonden] == ["2026-02", "2026-03", "2026-04"]
    assert rest["volgende"] is None
    een = (await financien.controller.get(f"/grootboek/posten/{gevonden[0]['id']}")).json()
    assert een == gevonden[0]


async def test_another_gemeente_sees_nothing_and_the_auditor_says_which(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst())
    await vrijgegeven(financien)
    buur, auditor = financien.als(Rol.CONTROLLER, gemeente=BUUR), financien.als(Rol.AUDITOR)
    eigen = (await financien.controller.get("/grootboek/posten")).json()["resultaten"]
    assert (await buur.get("/grootboek/posten")).json()["resultaten"] == []
    assert (await buur.get(f"/grootboek/posten/{eigen[0]['id']}")).status_code == 404
    assert (await buur.get("/grootboek/saldi", params={"gemeente": GEMEENTE})).status_code == 403
    assert (await financien.aanbieder.get("/grootboek/posten")).status_code == 403
    assert (await auditor.get("/grootboek/posten")).json()["resultaten"] == eigen
    assert (await auditor.get("/grootboek/saldi")).status_code == 400
    assert (await auditor.get("/grootboek/saldi", params={"gemeente": GEMEENTE})).status_code == 200
    assert (await auditor.post("/grootboek/afsluitingen", json={})).status_code == 403


async def test_an_adjustment_that_was_fixed_is_in_the_terms_that_are_released_after_it(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst(), *(levering(van_tot(JANUARI), id=f"l{i}") for i in range(9)))
    await vrijgegeven(financien)
    monitor = await financien.controller.post("/kwartaalmonitors", json={"gemeente": GEMEENTE, "kwartaal": "2026-Q1"})
    identity = monitor.json()["regels"][0]["bijstelling"]
    await financien.controller.post(f"/bijstellingen/{identity}/melding")
    await financien.controller.post(f"/bijstellingen/{identity}/vaststelling", headers=SLEUTEL)
    assert await vrijgegeven(financien) == 0
    financien.klok.vandaag = date(2026, 12, 31)
    assert await vrijgegeven(financien) == 7
    # E = nine places all year: what was expected is what was released in the end.
    assert (await saldo(financien))["te_betalen"] == "-108000.00"
    assert {str(p.boekingen[0].maand) for p in await journaal(financien)} == {str(Maand(2026, n)) for n in range(1, 13)}


async def test_the_example_year_of_the_decision_record_is_booked_to_the_cent(financien: Opstelling) -> None:
    """docs/decisions/0012-grootboek.md: 3.5 places at 38123.45 a year, three occupied all year and a fourth from
    October; adjusted in April, every term paid, settled in January."""
    await financien.hoor(
        overeenkomst(regel("3.5", "38123.45")),
        *(levering(van_tot(JANUARI), id=f"l{i}") for i in range(3)),
        levering(van_tot(date(2026, 10, 1)), id="l4"),
    )
    financien.klok.vandaag = date(2026, 4, 20)
    await vrijgegeven(financien)
    assert await saldo(financien) == {"voorschotten": "44477.36", "te_betalen": "-44477.36"}
    monitor = await financien.controller.post("/kwartaalmonitors", json={"gemeente": GEMEENTE, "kwartaal": "2026-Q1"})
    (rij,) = monitor.json()["regels"]
    assert (rij["lumpsum"], rij["verwacht"], rij["afwijking"]) == ("133432.08", "114370.35", "-19061.73")
    await financien.controller.post(f"/bijstellingen/{rij['bijstelling']}/melding")
    kop = {"Idempotency-Key": "q1"}
    await financien.controller.post(f"/bijstellingen/{rij['bijstelling']}/vaststelling", headers=kop)
    financien.klok.vandaag = date(2027, 1, 15)
    await vrijgegeven(financien)
    mei = next(p for p in await journaal(financien) if p.boekdatum == date(2026, 5, 1))
    assert mei.boekingen[0].bedrag == Bedrag.van_euro("8736.62")
    for stap, debet, credit in (
        ("aangeboden", Rekening.TE_BETALEN, Rekening.ONDERWEG),
        ("uitgevoerd", Rekening.ONDERWEG, Rekening.BANK),
    ):
        boeking = Boeking(debet, credit, Bedrag.van_euro("114370.35"), AANBIEDER)
        einde = date(2026, 12, 31)
        await geboekt(financien, Journaalpost(GEMEENTE, einde, stap, stap, Oorzaak("proef", stap), stap, (boeking,)))
    assert await saldo(financien, "2026-12-31") == {"voorschotten": "114370.35", "bank": "-114370.35"}
    concept = await _afrekening(financien, "2026-12-31")
    assert concept["totaal"] == "9530.86"
    assert (await _vaststelling(financien, concept["id"])).status_code == 200
    assert await saldo(financien, "2027-01-15") == {
        "lasten": "123901.21",
        "te_betalen": "-9530.86",
        "bank": "-114370.35",
    }
