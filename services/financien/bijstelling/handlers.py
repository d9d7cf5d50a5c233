"""Use cases of an adjustment (F-4): proposed → notified → reaction → fixed, or withdrawn. A person takes each step;
what is paid changes only when it is fixed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid5

from services.financien.betaalschema.handlers import schema_van_lijn, volg_bijstelling
from services.financien.betaalschema.rules import Schema, open_maanden, vastgelegd
from services.financien.bezetting.rules import vier_decimalen
from services.financien.bijstelling import brieven
from services.financien.bijstelling.rules import Aanleiding, Prognose, voorstel
from services.financien.bijstelling.stappen import (
    GEMELD,
    IN_DE_WEG,
    INGETROKKEN,
    VASTGESTELD,
    VOORGESTELD,
    BijstellingOnbekend,
    GeenOpenTermijnen,
    Row,
    gebeurtenis,
    zet,
    zichtbaar,
)
from services.financien.bijstelling.store import (
    BIJSTELLING,
    BIJSTELLING_OP_ID,
    aanleiding_als_kolom,
    termijnen_als_kolom,
)
from services.financien.brief.handlers import Bestand, BriefOnbekend, Onderwerp, afzender, bewaar, laatste, maak_pdf
from services.financien.brief.rules import Document
from services.financien.contractgegevens.handlers import naam_van
from services.financien.overeenkomst.rules import Lijn
from services.financien.overeenkomst.store import LIJN_OP_ID, lijn_van
from services.financien.subsegment.handlers import genoemd
from services.financien.wederhoor.handlers import stap
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
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Kwartaal, Maand
from shared.outbox.edge import Caller, Context, Outcome

SPACE = UUID("6f1d1f62-6f0e-5c5e-9a53-3b1c8d0c7a10")
SOORT = "bijstelling"
MELDING, BESLUIT = "melding", "besluit"  # kinds of letters


def bijstelling_id(lijn: str, kwartaal: Kwartaal) -> str:
    """The name of the adjustment of a lijn after a quarter: there is at most one."""
    return str(uuid5(SPACE, f"{lijn}:{kwartaal}"))


async def toon(reader: Reader, context: Context, identity: str) -> Row:
    """An adjustment of the caller's own. Refuses `BijstellingOnbekend`; a provider sees none before it is notified."""
    row = await reader.one(BIJSTELLING_OP_ID, id=identity)
    if row is None or not zichtbaar(row, context.caller):
        raise BijstellingOnbekend("Deze bijstelling is bij u niet bekend.")
    return dict(row._asdict())


async def staande(reader: Reader, caller: Caller, lijn: str, kwartaal: Kwartaal) -> str | None:
    """The id of the adjustment of a lijn after a quarter that stands, as far as this caller knows of it; the region
    sees that there is one from the moment the aanbieder does."""
    row = await reader.one(BIJSTELLING_OP_ID, id=bijstelling_id(lijn, kwartaal))
    if row is None or row.status == INGETROKKEN:
        return None
    bekend = row.gemeld_op is not None or caller.gemeente == row.gemeente
    return str(row.id) if bekend else None


async def stel_voor(
    reader: Reader,
    context: Context,
    changes: Changeset,
    lijn: Lijn,
    kwartaal: Kwartaal,
    prognose: Prognose,
    aanleiding: Aanleiding,
    *,
    nodig: bool,
) -> str | None:
    """Make, refresh or withdraw the proposal of a lijn after a quarter; the id of the adjustment that stands, if any.
    Once notified it is left alone; without open terms there is nothing to propose and settlement takes the rest."""
    identity = bijstelling_id(lijn.id, kwartaal)
    row = await reader.one(BIJSTELLING_OP_ID, id=identity)
    if row is not None and row.status in (GEMELD, VASTGESTELD):
        return identity
    schema = await schema_van_lijn(reader, lijn.id)
    lopend = Maand.van(context.today)
    vast = vastgelegd(schema, lopend)
    termijnen = voorstel(prognose.verwacht, vast, _bij_te_stellen(lijn, schema, lopend))
    if not nodig or not termijnen:
        if row is not None and row.status == VOORGESTELD:
            zet(changes, context, dict(row._asdict()), INGETROKKEN, "Niet meer nodig.", status=INGETROKKEN)
        return None
    waarden: Row = {
        "status": VOORGESTELD,
        "lumpsum_cent": prognose.lumpsum.cent,
        "gerealiseerd_cent": prognose.gerealiseerd.cent,
        "verwacht_cent": prognose.verwacht.cent,
        "gemiddeld_bezet": vier_decimalen(prognose.gemiddeld_bezet),
        "termijnen": termijnen_als_kolom(termijnen),
        "oude_termijnen": termijnen_als_kolom({maand: schema[maand].bedrag for maand in termijnen}),
        "reactie": None,
        "gemeld_op": None,
        "reactie_uiterlijk": None,
    }
    rust_op: Row = {"aanleiding": aanleiding_als_kolom(aanleiding, vast)}
    if row is None:
        nieuw: Row = {
            "id": identity,
            "versie": 1,
            "lijn": lijn.id,
            "aanbieder": lijn.aanbieder,
            "gemeente": lijn.gemeente,
            "subsegment": lijn.subsegment,
            "kwartaal": str(kwartaal),
            **waarden,
            **rust_op,
            "stappen": [stap(context, VOORGESTELD, None)],
        }
        changes.insert(BIJSTELLING, **nieuw)
        changes.publish(gebeurtenis(nieuw))
    elif any(getattr(row, naam) != waarde for naam, waarde in waarden.items()):
        zet(changes, context, dict(row._asdict()), VOORGESTELD, None, **waarden, **rust_op)
    return identity


async def meld(
    reader: Reader, context: Context, identity: str, toelichting: str | None, reactie_uiterlijk: date | None = None
) -> Outcome[Row]:
    """Notify the provider of the adjustment (F-4): with a letter, and a date by which to react. Refuses when it was
    notified, fixed or withdrawn before, and `ReactiedatumOnbruikbaar`."""
    row = await _eigen(reader, context, identity, VOORGESTELD)
    row |= await _gemeld(reader, context, row, reactie_uiterlijk)
    changes = Changeset()
    document = await _melding(reader, context, row, toelichting)
    brief = bewaar(changes, context, MELDING, _onderwerp(row), await maak_pdf(context, document, _naam(row, MELDING)))
    nu = {naam: row[naam] for naam in ("status", "gemeld_op", "reactie_uiterlijk")}
    return Outcome(zet(changes, context, row, GEMELD, toelichting, brief=brief, **nu), changes)


async def _gemeld(reader: Reader, context: Context, row: Row, gevraagd: date | None) -> Row:
    dagen = (await afzender(reader, row["gemeente"])).reactietermijn_dagen
    uiterlijk = uiterste_dag(context.today, dagen, gevraagd, is_feestdag)
    return {"status": GEMELD, "gemeld_op": context.now, "reactie_uiterlijk": uiterlijk}


async def leg_reactie_vast(
    reader: Reader, context: Context, identity: str, reactie: str, toelichting: str | None
) -> Outcome[Row]:
    """Record what the provider says of it, by itself or by the gemeente on its behalf, or that no answer came by date.
    Its consent is no condition: a person of the gemeente decides, with the reaction on record. Refuses
    `AntwoordNietMogelijk`, `ReactietermijnLooptNog`, `ReactieVanAanbieder`, `ToelichtingOntbreekt`."""
    row = await _eigen(reader, context, identity, GEMELD)
    van = AANBIEDER if context.caller.aanbieder else GEMEENTE
    keur_reactie(reactie, row["stappen"], van=van, uiterlijk=row["reactie_uiterlijk"], dag=context.today)
    if reactie == brieven.NIET_AKKOORD:
        keur_toelichting(toelichting, "Schrijf bij niet_akkoord in toelichting waarom de aanbieder niet akkoord is.")
    changes = Changeset()
    return Outcome(zet(changes, context, row, f"{REACTIE}{reactie}", toelichting, reactie=reactie), changes)


async def stel_vast(reader: Reader, context: Context, identity: str, toelichting: str | None) -> Outcome[Row]:
    """Fix the adjustment: the terms that are still open now pay together what was expected minus what is fixed. Before
    the date to react by it can be fixed as well; the story then says that the reaction was not waited for. Refuses
    `BijstellingNietGemeld`, `BijstellingAlVastgesteld`, `BijstellingIngetrokken`, `GeenOpenTermijnen`, and without
    reason when the provider disagrees: `ToelichtingOntbreekt`."""
    row = await _eigen(reader, context, identity, GEMELD)
    if row["reactie"] == brieven.NIET_AKKOORD:
        keur_toelichting(toelichting, "De aanbieder is niet akkoord. Schrijf in toelichting waarom u toch vaststelt.")
    lijn = lijn_van(await reader.one(LIJN_OP_ID, id=row["lijn"]))
    schema = await schema_van_lijn(reader, lijn.id)
    lopend = Maand.van(context.today)
    over = _bij_te_stellen(lijn, schema, lopend)
    termijnen = voorstel(Bedrag(row["verwacht_cent"]), vastgelegd(schema, lopend), over)
    if not termijnen:
        raise GeenOpenTermijnen("Alle maanden zijn begonnen. Trek haar in; de afrekening verrekent het verschil.")
    changes = Changeset()
    await volg_bijstelling(reader, context, changes, lijn, schema, termijnen, identity)
    reactie, bijzonderheid = bij_beslissing(row["reactie"], row["reactie_uiterlijk"], context.today)
    nu: Row = {
        "status": VASTGESTELD,
        "reactie": reactie,
        "termijnen": termijnen_als_kolom(termijnen),
        "oude_termijnen": termijnen_als_kolom({maand: schema[maand].bedrag for maand in termijnen}),
    }
    adres = (await afzender(reader, row["gemeente"]), await naam_van(reader, row["aanbieder"]))
    sub = await genoemd(reader, row["subsegment"])
    document = brieven.vaststelling(context, row | nu, *adres, sub, toelichting)
    brief = bewaar(changes, context, BESLUIT, _onderwerp(row), await maak_pdf(context, document, _naam(row, BESLUIT)))
    gezet = zet(changes, context, row, VASTGESTELD, toelichting, bijzonderheid=bijzonderheid, brief=brief, **nu)
    return Outcome(gezet, changes)


async def trek_in(reader: Reader, context: Context, identity: str, toelichting: str | None) -> Outcome[Row]:
    """Withdraw an adjustment that was not fixed, with a reason. Refuses `BijstellingAlVastgesteld`,
    `BijstellingIngetrokken`, `ToelichtingOntbreekt`."""
    row = await _eigen(reader, context, identity, VOORGESTELD, GEMELD)
    keur_toelichting(toelichting, "Schrijf in toelichting waarom u de bijstelling intrekt.")
    nu: Row = {"status": INGETROKKEN}
    bijzonderheid = None
    if row["status"] == GEMELD:
        nu["reactie"], bijzonderheid = bij_beslissing(row["reactie"], row["reactie_uiterlijk"], context.today)
    changes = Changeset()
    return Outcome(zet(changes, context, row, INGETROKKEN, toelichting, bijzonderheid=bijzonderheid, **nu), changes)


async def brief(reader: Reader, context: Context, identity: str) -> Bestand:
    """The letter that was sent last: of the decision, else the notice, byte for byte. The gemeente sees of a proposal
    what the letter would be, marked as a concept. Refuses `BijstellingOnbekend`, `BriefOnbekend`."""
    row = await toon(reader, context, identity)
    if row["status"] == VOORGESTELD:
        document = await _melding(reader, context, row | await _gemeld(reader, context, row, None), None)
        return await maak_pdf(context, replace(document, concept=True), f"concept-{_naam(row, MELDING)}")
    soorten = (BESLUIT, MELDING) if row["status"] == VASTGESTELD else (MELDING,)
    for soort in soorten:
        bestand = await laatste(reader, SOORT, identity, soort)
        if bestand is not None:
            return bestand
    raise BriefOnbekend("Over deze bijstelling is geen brief verzonden.")


async def _melding(reader: Reader, context: Context, row: Row, toelichting: str | None) -> Document:
    namens = await afzender(reader, row["gemeente"])
    naam = await naam_van(reader, row["aanbieder"])
    return brieven.melding(context, row, namens, naam, await genoemd(reader, row["subsegment"]), toelichting)


def _onderwerp(row: Row) -> Onderwerp:
    return Onderwerp(SOORT, row["id"], row["gemeente"], row["aanbieder"])


def _naam(row: Row, soort: str) -> str:
    return f"bijstelling-{row['gemeente']}-{row['aanbieder']}-{row['subsegment']}-{row['kwartaal']}-{soort}"


def _bij_te_stellen(lijn: Lijn, schema: Schema, lopend: Maand) -> tuple[Maand, ...]:
    """The months that can pay another amount: not yet fixed, and with a contract line. A gemeente that left the
    verdeelsleutel pays nothing after that."""
    return tuple(maand for maand in open_maanden(schema, lopend) if lijn.dekt(maand))


async def _eigen(reader: Reader, context: Context, identity: str, *statussen: str) -> Row:
    row = await toon(reader, context, identity)
    if row["status"] not in statussen:
        refusal, detail = IN_DE_WEG[row["status"]]
        raise refusal(detail)
    return row
