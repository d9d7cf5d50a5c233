"""Send a settlement to the aanbieder, hear it, or withdraw (F-5): statement, specification, reaction by a date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from services.financien.afrekening import brieven
from services.financien.afrekening.berekening import geld, lijnen_in
from services.financien.afrekening.correctie import opnieuw, sleutel_van
from services.financien.afrekening.handlers import eigen, lopende, toon
from services.financien.afrekening.stappen import (
    BEZWAAR,
    CONCEPT,
    INGETROKKEN,
    VASTGESTELD,
    VERZONDEN,
    Row,
    zet,
)
from services.financien.bezetting.handlers import cel_van, verloop_van
from services.financien.brief.handlers import (
    Bestand,
    BriefOnbekend,
    Onderwerp,
    afzender,
    bewaar,
    laatste,
    maak_pdf,
    maak_xlsx,
)
from services.financien.brief.rules import Document
from services.financien.contractgegevens.handlers import naam_van
from services.financien.overeenkomst.store import lijn_van
from services.financien.subsegment.handlers import genoemd
from services.financien.wederhoor.rules import (
    AANBIEDER,
    GEMEENTE,
    REACTIE,
    bij_beslissing,
    keur_reactie,
    keur_toelichting,
    uiterste_dag,
)
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kalender import is_feestdag
from shared.kernel.refusal import Conflict, FieldFault, Invalid
from shared.outbox.edge import Context, Outcome

SOORT = "afrekening"
BEGELEIDEND, PDF, XLSX, BESLUIT = "brief", "specificatie.pdf", "specificatie.xlsx", "besluit"


class AfrekeningVerouderd(Conflict):
    """Occupancy, contract or terms changed since it was calculated."""

    title = "De afrekening klopt niet meer"


class AfrekeningOverlapt(Conflict):
    """A month of it was settled before, or is with the aanbieder in another settlement."""

    title = "Deze maanden zijn al afgerekend"


class BezwaarOnvolledig(Invalid):
    """An objection says against which regels it is, and why."""

    title = "Het bezwaar is niet compleet"


async def verzend(
    reader: Reader, context: Context, identity: str, toelichting: str | None, reactie_uiterlijk: date | None = None
) -> Outcome[Row]:
    """Send the aanbieder the occupancy statement: a letter, and the specification as PDF and spreadsheet. Refuses a
    settlement that is no concept, `AfrekeningVerouderd`, `AfrekeningOverlapt`, `ReactiedatumOnbruikbaar`."""
    row = await eigen(reader, context, identity, CONCEPT)
    await keur_maanden_vrij(reader, row)
    if geld(await opnieuw(reader, context, row)) != geld(row["regels"]):
        raise AfrekeningVerouderd("De bezetting, de overeenkomst of een termijn is veranderd. Bereken haar opnieuw.")
    row |= await _verzonden(reader, context, row, reactie_uiterlijk)
    changes = Changeset()
    brief, specificatie = await _documenten(reader, context, row, toelichting)
    over, naam = onderwerp(row), bestandsnaam(row)
    kenmerk = bewaar(changes, context, BEGELEIDEND, over, await maak_pdf(context, brief, f"{naam}-brief"))
    pdf = await maak_pdf(context, specificatie, f"{naam}-specificatie")
    bewaar(changes, context, PDF, over, pdf)
    bewaar(changes, context, XLSX, over, await _werkblad(context, specificatie, naam))
    nu = {naam: row[naam] for naam in ("status", "verzonden_op", "reactie_uiterlijk")}
    return Outcome(zet(changes, context, row, VERZONDEN, toelichting, brief=kenmerk, waarden=nu), changes)


async def keur_maanden_vrij(reader: Reader, row: Row) -> None:
    """No other settlement of these months is fixed or with the aanbieder. Refuses `AfrekeningOverlapt`."""
    for andere in await lopende(reader, row):
        vast = andere["status"] == VASTGESTELD and row["corrigeert"] is None
        if vast or andere["status"] == VERZONDEN:
            waar = "is al afgerekend" if vast else "ligt in een andere afrekening bij de aanbieder"
            raise AfrekeningOverlapt(f"Een deel van deze maanden {waar}. Kies maanden die nog open zijn.")


async def _verzonden(reader: Reader, context: Context, row: Row, gevraagd: date | None) -> Row:
    dagen = (await afzender(reader, row["gemeente"])).reactietermijn_dagen
    uiterlijk = uiterste_dag(context.today, dagen, gevraagd, is_feestdag)
    return {"status": VERZONDEN, "verzonden_op": context.now, "reactie_uiterlijk": uiterlijk}


async def leg_reactie_vast(
    reader: Reader,
    context: Context,
    identity: str,
    reactie: str,
    toelichting: str | None,
    bezwaren: Sequence[Row],
) -> Outcome[Row]:
    """Record what the aanbieder says: agreement, or an objection per regel; by itself or by the gemeente on its behalf;
    or that no answer came by date. Refuses `AntwoordNietMogelijk`, `ReactietermijnLooptNog`, `ReactieVanAanbieder`,
    `BezwaarOnvolledig`."""
    row = await eigen(reader, context, identity, VERZONDEN)
    van = AANBIEDER if context.caller.aanbieder else GEMEENTE
    keur_reactie(reactie, row["stappen"], van=van, uiterlijk=row["reactie_uiterlijk"], dag=context.today)
    _keur_bezwaren(row, reactie, bezwaren)
    changes = Changeset()
    nu: Row = {"reactie": reactie, "bezwaren": [dict(bezwaar) for bezwaar in bezwaren]}
    return Outcome(zet(changes, context, row, f"{REACTIE}{reactie}", toelichting, waarden=nu), changes)


def _keur_bezwaren(row: Row, reactie: str, bezwaren: Sequence[Row]) -> None:
    if (reactie == BEZWAAR) != bool(bezwaren):
        melding = "Noem bij bezwaar elke regel waar het over gaat; bij een andere reactie geen enkele."
        raise BezwaarOnvolledig(melding, FieldFault("bezwaren", "F-5", melding))
    bekend = [sleutel_van(regel) for regel in row["regels"]]
    for nummer, bezwaar in enumerate(bezwaren):
        if sleutel_van(bezwaar) not in bekend:
            melding = "Deze regel staat niet in de afrekening. Neem overeenkomst en subsegment over uit een regel."
            raise BezwaarOnvolledig(melding, FieldFault(f"bezwaren.{nummer}.subsegment", "F-5", melding))


async def trek_in(reader: Reader, context: Context, identity: str, toelichting: str | None) -> Outcome[Row]:
    """Withdraw a settlement that is not fixed, with a reason. Refuses it by name when it is, `ToelichtingOntbreekt`."""
    row = await eigen(reader, context, identity, CONCEPT, VERZONDEN)
    keur_toelichting(toelichting, "Schrijf in toelichting waarom u de afrekening intrekt.")
    nu: Row = {"status": INGETROKKEN}
    bijzonderheid = None
    if row["status"] == VERZONDEN:
        nu["reactie"], bijzonderheid = bij_beslissing(row["reactie"], row["reactie_uiterlijk"], context.today)
    changes = Changeset()
    gezet = zet(changes, context, row, INGETROKKEN, toelichting, bijzonderheid=bijzonderheid, waarden=nu)
    return Outcome(gezet, changes)


async def document(reader: Reader, context: Context, identity: str, soort: str) -> Bestand:
    """A document of a settlement as it was sent, byte for byte; for the letter that of the decision when there is one.
    Of a concept the gemeente sees what it would be. Refuses `AfrekeningOnbekend`, `BriefOnbekend`."""
    row = await toon(reader, context, identity)
    if row["status"] == CONCEPT:
        row |= await _verzonden(reader, context, row, None)
        brief, specificatie = (replace(made, concept=True) for made in await _documenten(reader, context, row, None))
        naam = f"concept-{bestandsnaam(row)}"
        if soort == XLSX:
            return await _werkblad(context, specificatie, naam)
        return await maak_pdf(context, brief if soort == BEGELEIDEND else specificatie, f"{naam}-{soort.split('.')[0]}")
    for naam in (BESLUIT, BEGELEIDEND) if soort == BEGELEIDEND else (soort,):
        bestand = await laatste(reader, SOORT, identity, naam)
        if bestand is not None:
            return bestand
    raise BriefOnbekend("Van deze afrekening is dit document niet verzonden.")


async def _werkblad(context: Context, specificatie: Document, naam: str) -> Bestand:
    return await maak_xlsx(context, specificatie.onderwerp, specificatie.tabellen(), f"{naam}-specificatie")


async def _documenten(reader: Reader, context: Context, row: Row, toelichting: str | None) -> tuple[Document, Document]:
    """Letter and specification; the days come from the occupancy of now, which is what was settled."""
    namens, naam = await afzender(reader, row["gemeente"]), await naam_van(reader, row["aanbieder"])
    namen = {regel["subsegment"]: await genoemd(reader, regel["subsegment"]) for regel in row["regels"]}
    verlopen = {}
    for lijn_row in await lijnen_in(reader, row["gemeente"], row["aanbieder"]):
        lijn = lijn_van(lijn_row)
        verlopen[lijn.overeenkomst, lijn.subsegment] = await verloop_van(reader, cel_van(lijn))
    kop = brieven.Kop(context.today, row, namens, naam, namen)
    return brieven.begeleidend(kop, toelichting), brieven.specificatie(kop, verlopen)


def onderwerp(row: Row) -> Onderwerp:
    """What its documents are about."""
    return Onderwerp(SOORT, row["id"], row["gemeente"], row["aanbieder"])


def bestandsnaam(row: Row) -> str:
    """How its documents are called."""
    begin, eind = row["begindatum"], row["einddatum"]
    return f"{row['soort']}-{row['gemeente']}-{row['aanbieder']}-{begin:%Y-%m}-{eind:%Y-%m}"
