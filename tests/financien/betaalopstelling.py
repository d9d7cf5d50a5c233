"""Payments put together for tests: terms released, account numbers confirmed, people with a name, and a bank."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

import httpx
from lxml import etree

from services.financien.grootboek.handlers import boek
from services.financien.grootboek.rules import Boeking, Journaalpost, Oorzaak
from services.financien.grootboek.store import BOEKING, POST
from services.financien.vrijgave.handlers import geef_termijnen_vrij
from shared.database.port import Reader
from shared.outbox.edge import Context, Outcome
from shared.web.identity import Rol
from tests.financien.opstelling import AANBIEDER, ANDER, GEMEENTE, Opstelling, overeenkomst

IBAN_GEMEENTE, IBAN_AANBIEDER, IBAN_ANDER = "NL91ABNA0417164300", "NL20INGB0001234567", "NL02ABNA0123456789"
PAIN001 = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}"
MAANDAG = "2026-05-18"  # the first working day after the clock's 15 May, which is a Friday
SLEUTELS = count()
Json = dict[str, Any]


def iemand(financien: Opstelling, naam: str, gemeente: str = GEMEENTE, rol: Rol = Rol.CONTROLLER) -> httpx.AsyncClient:
    """A person of a gemeente."""
    token = financien.issuer.token(rol, gemeente=gemeente, gebruiker=naam, uren=24 * 9999)
    transport = httpx.ASGITransport(app=financien.service.app, raise_app_exceptions=False)
    return httpx.AsyncClient(
        transport=transport, base_url="http://financien", headers={"authorization": f"Bearer {token}"}
    )


async def doe(
    wie: httpx.AsyncClient, pad: str, json: Json | None = None, *, sleutel: str | None = None
) -> httpx.Response:
    """A POST that moves money, with a key of its own unless one is given."""
    return await wie.post(pad, json=json, headers={"Idempotency-Key": sleutel or f"k{next(SLEUTELS)}"})


async def rekening(
    financien: Opstelling, code: str, iban: str, *, gemeente: str = GEMEENTE, vanaf: str = "2026-01-01"
) -> Json:
    """Enter an account number as anna; of an aanbieder, bert confirms it."""
    soort = "gemeenten" if len(code) == 4 else "aanbieders"
    body = {"iban": iban, "naam": f"Stichting {code}", "vanaf": vanaf}
    gemaakt = await iemand(financien, "anna", gemeente).put(f"/rekeningen/{soort}/{code}", json=body)
    assert gemaakt.status_code == 201, gemaakt.text
    if soort == "aanbieders":
        gemaakt = await doe(iemand(financien, "bert", gemeente), f"/rekeningen/{gemaakt.json()['id']}/bevestiging")
        assert gemaakt.status_code == 200, gemaakt.text
    made: Json = gemaakt.json()
    return made


async def klaar(financien: Opstelling, *aanbieders: str) -> None:
    """January through May are released: 10,000.00 a month for every aanbieder; accounts are known."""
    for nummer, aanbieder in enumerate(aanbieders or (AANBIEDER,)):
        await financien.hoor(overeenkomst(id=f"o{nummer}", aanbieder=aanbieder))
    await geef_termijnen_vrij(financien.service.edge)
    await rekening(financien, GEMEENTE, IBAN_GEMEENTE)
    for aanbieder in aanbieders or (AANBIEDER,):
        await rekening(financien, aanbieder, {AANBIEDER: IBAN_AANBIEDER, ANDER: IBAN_ANDER}[aanbieder])


async def batch(financien: Opstelling, gemeente: str = GEMEENTE, **rest: Any) -> Json:
    """A batch in concept, made by anna."""
    body = {"gemeente": gemeente, "uitvoerdatum": MAANDAG, **rest}
    gemaakt = await doe(iemand(financien, "anna", gemeente), "/betaalbatches", body)
    assert gemaakt.status_code == 201, gemaakt.text
    made: Json = gemaakt.json()
    return made


async def naar_bank(financien: Opstelling, gemeente: str = GEMEENTE, **rest: Any) -> Json:
    """A batch of which the file is made: approved by anna and bert."""
    made = await batch(financien, gemeente, **rest)
    for wie in ("anna", "bert"):
        goed = await doe(iemand(financien, wie, gemeente), f"/betaalbatches/{made['id']}/goedkeuringen")
        assert goed.status_code == 200, goed.text
    antwoord = await doe(iemand(financien, "anna", gemeente), f"/betaalbatches/{made['id']}/bestand")
    assert antwoord.status_code == 200, antwoord.text
    gemaakt: Json = antwoord.json()
    return gemaakt


async def bestand(financien: Opstelling, identity: str, gemeente: str = GEMEENTE) -> bytes:
    """The file as a controller downloads it."""
    wie = iemand(financien, "anna", gemeente)
    antwoord = await wie.get(f"/betaalbatches/{identity}", headers={"accept": "application/xml"})
    assert antwoord.status_code == 200, antwoord.text
    return antwoord.content


def overboekingen(xml: bytes) -> list[tuple[str, str, str]]:
    """(EndToEndId, IBAN, euros) of every payment in a file."""
    wortel = etree.fromstring(xml)
    return [
        (
            str(tx.findtext(f".//{PAIN001}EndToEndId")),
            str(tx.findtext(f".//{PAIN001}CdtrAcct//{PAIN001}IBAN")),
            str(tx.findtext(f".//{PAIN001}InstdAmt")),
        )
        for tx in wortel.iter(f"{PAIN001}CdtTrfTxInf")
    ]


def pain002(msg_id: str, *uitslagen: tuple[str, str, str | None], groep: str | None = None) -> bytes:
    """A status report: per payment (EndToEndId, status, reason), and of the whole file when given."""
    per_betaling = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{kenmerk}</OrgnlEndToEndId><TxSts>{status}</TxSts>"
        + (f"<StsRsnInf><Rsn><Cd>{reden}</Cd></Rsn></StsRsnInf>" if reden else "")
        + "</TxInfAndSts>"
        for kenmerk, status, reden in uitslagen
    )
    groepstatus = f"<GrpSts>{groep}</GrpSts>" if groep else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>'
        "<GrpHdr><MsgId>BANK-1</MsgId><CreDtTm>2026-05-18T10:00:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{msg_id}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>{groepstatus}"
        f"</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>{msg_id}-1</OrgnlPmtInfId>{per_betaling}"
        "</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    ).encode()


def boeking(
    kenmerk: str, bedrag: str, richting: str = "DBIT", dag: str = "2026-05-15", terug: str | None = None
) -> str:
    """An entry of a statement."""
    retour = f"<RtrInf><Rsn><Cd>{terug}</Cd></Rsn></RtrInf>" if terug else ""
    return (
        f'<Ntry><Amt Ccy="EUR">{bedrag}</Amt><CdtDbtInd>{richting}</CdtDbtInd><Sts>BOOK</Sts>'
        f"<BookgDt><Dt>{dag}</Dt></BookgDt><NtryDtls><TxDtls><Refs><EndToEndId>{kenmerk}</EndToEndId></Refs>"
        f'<AmtDtls><TxAmt><Amt Ccy="EUR">{bedrag}</Amt></TxAmt></AmtDtls>{retour}</TxDtls></NtryDtls></Ntry>'
    )


def camt053(*boekingen: str, nummer: str = "1") -> bytes:
    """A statement with these entries."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">'
        f"<BkToCstmrStmt><GrpHdr><MsgId>S{nummer}</MsgId></GrpHdr><Stmt><Id>{nummer}</Id>{''.join(boekingen)}"
        "</Stmt></BkToCstmrStmt></Document>"
    ).encode()


async def meld(
    financien: Opstelling, xml: bytes, *, gemeente: str = GEMEENTE, sleutel: str | None = None, wie: str = "anna"
) -> httpx.Response:
    """Hand in a file of the bank."""
    return await iemand(financien, wie, gemeente).post(
        "/terugmeldingen",
        content=xml,
        headers={"content-type": "application/xml", "Idempotency-Key": sleutel or f"k{next(SLEUTELS)}"},
    )


async def boek_afrekening(
    financien: Opstelling, *boekingen: Boeking, gemeente: str = GEMEENTE, naam: str = "a1"
) -> None:
    """What a fixed settlement leaves on the accounts."""

    async def vast(reader: Reader, context: Context) -> Outcome[None]:
        outcome: Outcome[None] = Outcome(None)
        oorzaak, sleutel = Oorzaak("afrekening", naam), f"afrekening/{naam}"
        post = Journaalpost(gemeente, context.today, "afrekening", "Afrekening", oorzaak, sleutel, boekingen)
        await boek(reader, context, outcome.changes, post)
        return outcome

    await financien.service.edge.carry_out(vast)


async def saldi(financien: Opstelling, gemeente: str = GEMEENTE) -> dict[str, int]:
    """Balance per account in cents, worked out here from the rows: debet minus credit, accounts at zero left out."""
    eigen = {row["id"] for row in await financien.rijen(POST) if row["gemeente"] == gemeente}
    gevonden: dict[str, int] = {}
    for row in await financien.rijen(BOEKING):
        if row["post"] in eigen:
            gevonden[row["debet"]] = gevonden.get(row["debet"], 0) + row["bedrag_cent"]
            gevonden[row["credit"]] = gevonden.get(row["credit"], 0) - row["bedrag_cent"]
    return {rekening: cent for rekening, cent in gevonden.items() if cent}


def kenmerken(made: Json) -> Sequence[str]:
    """The EndToEndIds of a batch, in order of aanbieder."""
    return [betaling["kenmerk"] for betaling in made["betalingen"]]
