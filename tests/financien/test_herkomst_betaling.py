"""Why this payment? From batch to payment to what was open in the ledger, and so to terms and settlements."""

from __future__ import annotations

from typing import Any

from services.financien.grootboek.handlers import herroep
from services.financien.grootboek.rules import Boeking, Oorzaak, Rekening
from services.financien.vrijgave.handlers import geef_termijnen_vrij
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag
from shared.outbox.edge import Context, Outcome
from shared.web.identity import Rol
from tests.financien.betaalopstelling import (
    IBAN_AANBIEDER,
    IBAN_GEMEENTE,
    MAANDAG,
    batch,
    boek_afrekening,
    doe,
    iemand,
    kenmerken,
    klaar,
    meld,
    naar_bank,
    pain002,
    rekening,
)
from tests.financien.opstelling import AANBIEDER, ANDER, BUUR, CODE, GEMEENTE, Opstelling, overeenkomst, regel
from tests.financien.test_herkomst_dienst import status, vraag

LIJN = f"o0:{GEMEENTE}:{CODE}"


def zonder_basis(pad: str) -> str:
    return pad.removeprefix("/financien/v1")


async def test_from_a_batch_to_its_payments_to_their_terms_and_a_settlement(financien: Opstelling) -> None:
    await klaar(financien, AANBIEDER, ANDER)
    terug = Boeking(Rekening.TE_BETALEN, Rekening.TE_VORDEREN, Bedrag(12_345), AANBIEDER, CODE)
    await boek_afrekening(financien, terug, naam="a1")
    made = await naar_bank(financien)
    geheel = await vraag(financien, "betaalbatch", made["id"])
    assert (geheel["bedrag"], [deel["bedrag"] for deel in geheel["delen"]]) == ("99876.55", ["49876.55", "50000.00"])
    eigen = (await financien.controller.get(zonder_basis(geheel["delen"][0]["herkomst"]))).json()
    betaling = await vraag(financien, "betaling", eigen["id"])
    assert betaling["regel"]["ingevuld"] == (
        "10000.00 + 10000.00 + 10000.00 + 10000.00 + 10000.00 + -123.45 = 49876.55"
    )
    assert [deel["herkomst"] for deel in betaling["delen"]] == [
        *(f"/financien/v1/herkomst/termijn/{LIJN}:2026-0{maand}" for maand in range(1, 6)),
        "/financien/v1/herkomst/afrekening/a1",
    ]
    # One step further: the term, with its contract and what was booked of it.
    termijn = (await financien.controller.get(zonder_basis(betaling["delen"][0]["herkomst"]))).json()
    assert {bron["soort"] for bron in termijn["bronnen"]} == {"overeenkomst", "betaalschema", "journaalpost"}
    soorten = [bron["soort"] for bron in betaling["bronnen"]]
    assert soorten == ["betaalbatch", "journaalpost"]
    geboekt = (await financien.controller.get(zonder_basis(betaling["bronnen"][1]["pad"]))).json()
    assert geboekt["bronnen"][0]["pad"] == f"/financien/v1/herkomst/betaling/{eigen['id']}"


async def test_a_payment_that_failed_says_so_and_keeps_its_build_up(financien: Opstelling) -> None:
    await klaar(financien)
    made = await naar_bank(financien)
    await meld(financien, pain002(made["kenmerk"], (kenmerken(made)[0], "RJCT", "AC04")))
    identity = made["betalingen"][0]["id"]
    gevonden = await vraag(financien, "betaling", identity)
    assert [deel["omschrijving"] for deel in gevonden["delen"]] == [f"betaling {CODE} 2026-0{m}" for m in range(1, 6)]
    assert {deel["herkomst"] for deel in gevonden["delen"]} == {None}
    assert "staat weer open" in gevonden["opmerkingen"][0]
    assert "opgeheven" in gevonden["opmerkingen"][1]
    assert [bron["omschrijving"].split()[0] for bron in gevonden["bronnen"][1:]] == ["Betaling", "Niet"]
    # What was open again is in the next one.
    weer = await naar_bank(financien)
    assert len((await vraag(financien, "betaling", weer["betalingen"][0]["id"]))["delen"]) == 5


async def test_a_part_that_is_no_term_or_settlement_leads_to_its_post(financien: Opstelling) -> None:
    await klaar(financien)
    mei = (await financien.controller.get("/grootboek/posten?aantal=1000")).json()["resultaten"][-1]

    async def use_case(reader: Reader, context: Context) -> Outcome[tuple[str, ...]]:
        changes = Changeset()
        oorzaak = Oorzaak("fout", "1")
        return Outcome(
            await herroep(reader, context, changes, mei["id"], oorzaak=oorzaak, omschrijving="Dubbel"), changes
        )

    (herroeping,) = await financien.service.edge.carry_out(use_case)
    made = await batch(financien)
    gevonden = await vraag(financien, "betaling", made["betalingen"][0]["id"])
    assert (gevonden["bedrag"], len(gevonden["delen"])) == ("40000.00", 6)
    assert gevonden["delen"][-1] == {
        "omschrijving": "Dubbel",
        "bedrag": "-10000.00",
        "herkomst": f"/financien/v1/herkomst/journaalpost/{herroeping}",
    }


async def _betaald_voor_buur(financien: Opstelling) -> dict[str, Any]:
    """GEMEENTE pays for BUUR."""
    await financien.hoor(overeenkomst(regel(), regel(gemeente=BUUR)))
    await geef_termijnen_vrij(financien.service.edge)
    punt = {"betaalpunt": GEMEENTE, "vanaf": "2026-01-01"}
    antwoord = await iemand(financien, "anna", BUUR).put(f"/betaalpunten/{BUUR}/betaling", json=punt)
    assert antwoord.status_code < 300, antwoord.text
    await rekening(financien, GEMEENTE, IBAN_GEMEENTE)
    await rekening(financien, AANBIEDER, IBAN_AANBIEDER)
    return await naar_bank(financien)


async def test_who_pays_for_another_sees_the_payment_and_each_its_own_ledger(financien: Opstelling) -> None:
    made = await _betaald_voor_buur(financien)
    (voor_buur,) = [row["id"] for row in made["betalingen"] if row["gemeente"] == BUUR]
    betaler = await vraag(financien, "betaling", voor_buur)
    buur = await vraag(financien, "betaling", voor_buur, iemand(financien, "bea", BUUR))
    for gevonden in (betaler, buur):
        assert gevonden["opmerkingen"] == [f"Gemeente {GEMEENTE} betaalt voor gemeente {BUUR}."]
        (post,) = [bron for bron in gevonden["bronnen"] if bron["soort"] == "journaalpost"]
        wie = financien.controller if gevonden is betaler else iemand(financien, "bea", BUUR)
        assert (await wie.get(zonder_basis(post["pad"]))).status_code == 200
    assert [bron["pad"] is None for bron in (betaler["bronnen"][0], buur["bronnen"][0])] == [False, True]
    assert await status(financien, "betaalbatch", made["id"], iemand(financien, "bea", BUUR)) == 404


async def test_a_provider_sees_its_own_payments_once_the_file_is_made(financien: Opstelling) -> None:
    await klaar(financien, AANBIEDER, ANDER)
    made = await batch(financien)
    (eigen,) = [row["id"] for row in made["betalingen"] if row["aanbieder"] == AANBIEDER]
    wie, ander = financien.aanbieder, financien.als(Rol.AANBIEDER, aanbieder=ANDER)
    assert await status(financien, "betaling", eigen, wie) == 404
    for naam in ("anna", "bert"):
        await doe(iemand(financien, naam), f"/betaalbatches/{made['id']}/goedkeuringen")
    await doe(iemand(financien, "anna"), f"/betaalbatches/{made['id']}/bestand")
    gevonden = await vraag(financien, "betaling", eigen, wie)
    assert gevonden["bedrag"] == "50000.00"
    assert {bron["soort"] for bron in gevonden["bronnen"]} == {"journaalpost"}
    for herkomst in (gevonden["delen"][0]["herkomst"], gevonden["bronnen"][0]["pad"]):
        assert (await wie.get(zonder_basis(herkomst))).status_code == 200
    assert await status(financien, "betaling", eigen, ander) == 404
    assert await status(financien, "betaalbatch", made["id"], wie) == 404
    vreemd = financien.als(Rol.CONTROLLER, gemeente="1859")
    assert await status(financien, "betaling", eigen, vreemd) == 404
    assert await status(financien, "betaalbatch", made["id"], financien.als(Rol.AUDITOR)) == 200
    assert MAANDAG in gevonden["omschrijving"]
