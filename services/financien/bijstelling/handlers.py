"""Steps of an adjustment (F-4): proposed → notified → reaction → fixed, or withdrawn. A person takes each step; what
is paid changes only when it is fixed."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from services.financien.betaalschema.handlers import schema_van_lijn, volg_bijstelling
from services.financien.betaalschema.rules import open_maanden, vastgelegd
from services.financien.bezetting.rules import vier_decimalen
from services.financien.bijstelling.rules import Prognose, voorstel
from services.financien.bijstelling.store import BIJSTELLING, BIJSTELLING_OP_ID, termijnen_als_kolom
from services.financien.overeenkomst.rules import Lijn
from services.financien.overeenkomst.store import LIJN_OP_ID, lijn_van
from shared.contracts.financien import BijstellingGewijzigd
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Kwartaal, Maand
from shared.kernel.refusal import Conflict, Forbidden, NotFound
from shared.outbox.edge import Caller, Context, Outcome

SPACE = UUID("6f1d1f62-6f0e-5c5e-9a53-3b1c8d0c7a10")
VOORGESTELD, GEMELD, VASTGESTELD, INGETROKKEN = "voorgesteld", "gemeld", "vastgesteld", "ingetrokken"
GEEN_ANTWOORD = "geen_antwoord"
Row = dict[str, Any]


class BijstellingOnbekend(NotFound):
    """No such adjustment for this caller."""


class BijstellingNietGemeld(Conflict):
    """The provider must have been notified first (F-4)."""

    title = "De bijstelling is nog niet gemeld"


class BijstellingAlGemeld(Conflict):
    """The provider was notified before."""

    title = "De bijstelling is al gemeld"


class BijstellingAlVastgesteld(Conflict):
    """A fixed adjustment does not change any more; a later quarter may bring a new one."""

    title = "De bijstelling is al vastgesteld"


class BijstellingIngetrokken(Conflict):
    """A withdrawn adjustment takes no further steps."""

    title = "De bijstelling is ingetrokken"


class GeenOpenTermijnen(Conflict):
    """Every month has begun: nothing is left to adjust."""

    title = "Er zijn geen termijnen meer om bij te stellen"


class AntwoordNietMogelijk(Forbidden):
    """A provider can't report its own silence."""


IN_DE_WEG: dict[str, tuple[type[Conflict], str]] = {
    VOORGESTELD: (BijstellingNietGemeld, "Meld de bijstelling eerst aan de aanbieder."),
    GEMELD: (BijstellingAlGemeld, "Deze bijstelling is al gemeld. Leg de reactie vast of stel haar vast."),
    VASTGESTELD: (BijstellingAlVastgesteld, "Deze bijstelling staat vast. Een volgend kwartaal kan een nieuwe geven."),
    INGETROKKEN: (BijstellingIngetrokken, "Deze bijstelling is ingetrokken. Maak zo nodig een nieuwe kwartaalmonitor."),
}


def bijstelling_id(lijn: str, kwartaal: Kwartaal) -> str:
    """The name of the adjustment of a lijn after a quarter: there is at most one."""
    return str(uuid5(SPACE, f"{lijn}:{kwartaal}"))


async def toon(reader: Reader, context: Context, identity: str) -> Row:
    """An adjustment of the caller's own. Refuses `BijstellingOnbekend`; a provider sees none before it is notified."""
    row = await reader.one(BIJSTELLING_OP_ID, id=identity)
    if row is None or not _zichtbaar(row, context.caller):
        raise BijstellingOnbekend("Deze bijstelling is bij u niet bekend.")
    return dict(row._asdict())


def _zichtbaar(row: Any, caller: Caller) -> bool:
    if caller.aanbieder is not None:
        return bool(row.aanbieder == caller.aanbieder and row.gemeld_op is not None)
    return bool(row.gemeente == caller.gemeente)


async def stel_voor(
    reader: Reader,
    context: Context,
    changes: Changeset,
    lijn: Lijn,
    kwartaal: Kwartaal,
    prognose: Prognose,
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
    termijnen = voorstel(prognose.verwacht, vastgelegd(schema, lopend), open_maanden(schema, lopend))
    if not nodig or not termijnen:
        if row is not None and row.status == VOORGESTELD:
            _zet(changes, context, dict(row._asdict()), INGETROKKEN, "Niet meer nodig.", status=INGETROKKEN)
        return None
    waarden: Row = {
        "status": VOORGESTELD,
        "lumpsum_cent": prognose.lumpsum.cent,
        "gerealiseerd_cent": prognose.gerealiseerd.cent,
        "verwacht_cent": prognose.verwacht.cent,
        "gemiddeld_bezet": vier_decimalen(prognose.gemiddeld_bezet),
        "termijnen": termijnen_als_kolom(termijnen),
        "reactie": None,
        "gemeld_op": None,
    }
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
            "stappen": [_stap(context, VOORGESTELD, None)],
        }
        changes.insert(BIJSTELLING, **nieuw)
        changes.publish(_gebeurtenis(nieuw))
    elif any(getattr(row, naam) != waarde for naam, waarde in waarden.items()):
        _zet(changes, context, dict(row._asdict()), VOORGESTELD, None, **waarden)
    return identity


async def meld(reader: Reader, context: Context, identity: str, toelichting: str | None) -> Outcome[Row]:
    """Notify the provider of the adjustment (F-4). Refuses when it was notified, fixed or withdrawn before."""
    row = await _eigen(reader, context, identity, VOORGESTELD)
    changes = Changeset()
    nu = {"status": GEMELD, "gemeld_op": context.now}
    return Outcome(_zet(changes, context, row, GEMELD, toelichting, **nu), changes)


async def leg_reactie_vast(
    reader: Reader, context: Context, identity: str, reactie: str, toelichting: str | None
) -> Outcome[Row]:
    """Record what the provider says of it, or that no answer came by date. Its consent is no condition: a person of
    the gemeente decides, with the reaction on record."""
    if context.caller.aanbieder is not None and reactie == GEEN_ANTWOORD:
        raise AntwoordNietMogelijk("Kies akkoord of niet_akkoord; geen_antwoord legt de gemeente vast.")
    row = await _eigen(reader, context, identity, GEMELD)
    changes = Changeset()
    return Outcome(_zet(changes, context, row, f"reactie: {reactie}", toelichting, reactie=reactie), changes)


async def stel_vast(reader: Reader, context: Context, identity: str, toelichting: str | None) -> Outcome[Row]:
    """Fix the adjustment: the terms that are still open now pay together what was expected minus what is fixed.
    Refuses `BijstellingNietGemeld`, `BijstellingAlVastgesteld`, `BijstellingIngetrokken`, `GeenOpenTermijnen`."""
    row = await _eigen(reader, context, identity, GEMELD)
    lijn = lijn_van(await reader.one(LIJN_OP_ID, id=row["lijn"]))
    schema = await schema_van_lijn(reader, lijn.id)
    lopend = Maand.van(context.today)
    termijnen = voorstel(Bedrag(row["verwacht_cent"]), vastgelegd(schema, lopend), open_maanden(schema, lopend))
    if not termijnen:
        raise GeenOpenTermijnen("Alle maanden zijn begonnen. Trek haar in; de afrekening verrekent het verschil.")
    changes = Changeset()
    volg_bijstelling(changes, lijn, schema, termijnen)
    nu = {"status": VASTGESTELD, "termijnen": termijnen_als_kolom(termijnen)}
    return Outcome(_zet(changes, context, row, VASTGESTELD, toelichting, **nu), changes)


async def trek_in(reader: Reader, context: Context, identity: str, toelichting: str | None) -> Outcome[Row]:
    """Withdraw an adjustment that was not fixed. Refuses `BijstellingAlVastgesteld`, `BijstellingIngetrokken`."""
    row = await _eigen(reader, context, identity, VOORGESTELD, GEMELD)
    changes = Changeset()
    return Outcome(_zet(changes, context, row, INGETROKKEN, toelichting, status=INGETROKKEN), changes)


async def _eigen(reader: Reader, context: Context, identity: str, *statussen: str) -> Row:
    row = await toon(reader, context, identity)
    if row["status"] not in statussen:
        refusal, detail = IN_DE_WEG[row["status"]]
        raise refusal(detail)
    return row


def _zet(changes: Changeset, context: Context, row: Row, stap: str, toelichting: str | None, **waarden: object) -> Row:
    """Take a step: the changed columns, the step on record, and the event."""
    stappen = [*row["stappen"], _stap(context, stap, toelichting)]
    changes.update(BIJSTELLING, {"id": row["id"]}, version=row["versie"], stappen=stappen, **waarden)
    nieuw = {**row, **waarden, "stappen": stappen, "versie": row["versie"] + 1}
    changes.publish(_gebeurtenis(nieuw))
    return nieuw


def _stap(context: Context, stap: str, toelichting: str | None) -> dict[str, str | None]:
    moment = context.now.isoformat(timespec="seconds")
    return {"stap": stap, "gebruiker": context.caller.gebruiker, "moment": moment, "toelichting": toelichting}


def _gebeurtenis(row: Row) -> BijstellingGewijzigd:
    return BijstellingGewijzigd(
        bijstelling=row["id"],
        versie=row["versie"],
        lijn=row["lijn"],
        aanbieder=row["aanbieder"],
        gemeente=row["gemeente"],
        subsegment=row["subsegment"],
        kwartaal=row["kwartaal"],
        status=row["status"],
        verwacht=Bedrag(row["verwacht_cent"]).als_euro(),
        termijnen={maand: Bedrag(cent).als_euro() for maand, cent in row["termijnen"].items()},
    )
