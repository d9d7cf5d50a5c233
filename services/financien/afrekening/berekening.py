"""The figures of a settlement as they are now: realised against paid, and the length of stay beside it (F-5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from services.financien.afrekening.rules import Afrekeningsregel, Instellingen, afrekening, kosten_per_maand
from services.financien.afrekening.stappen import Row
from services.financien.betaalschema.handlers import schema_van_lijn
from services.financien.bezetting.handlers import cel_van, verloop_van
from services.financien.bezetting.rules import hoogstens_vier_decimalen, stand_van, vier_decimalen
from services.financien.bezetting.store import LEVERINGEN_VAN_CEL, als_perioden
from services.financien.contractgegevens.handlers import opgaven_van
from services.financien.contractgegevens.rules import opgegeven, verblijf, werkelijk
from services.financien.overeenkomst.rules import Lijn
from services.financien.overeenkomst.store import LIJN, lijn_van, lijnen
from shared.database.port import Reader
from shared.kernel.bedrag import som
from shared.kernel.periode import Maand
from shared.kernel.refusal import FieldFault, Invalid
from shared.outbox.edge import Context


class PeriodeBuitenOvereenkomst(Invalid):
    """No contract line of this provider and gemeente runs in some month of the period."""

    title = "De periode valt buiten de overeenkomst"


async def bereken(
    reader: Reader, context: Context, gemeente: str, aanbieder: str, periode: tuple[Maand, ...]
) -> list[Row]:
    """The regels of a settlement as they are now. Refuses `PeriodeBuitenOvereenkomst`."""
    rows = await lijnen_in(reader, gemeente, aanbieder)
    keur_periode(periode, [lijn_van(row) for row in rows])
    return await regels_nu(reader, context, rows, periode)


async def lijnen_in(reader: Reader, gemeente: str, aanbieder: str) -> list[Any]:
    """The lijnen of an aanbieder in a gemeente, with the settings of their contract."""
    statement = lijnen().where(LIJN.c.gemeente == gemeente, LIJN.c.aanbieder == aanbieder)
    return list(await reader.select(statement.order_by(LIJN.c.subsegment, LIJN.c.begin, LIJN.c.id)))


async def regels_nu(reader: Reader, context: Context, rows: Iterable[Any], periode: tuple[Maand, ...]) -> list[Row]:
    """One regel per lijn that has a month in the period."""
    return [regel for row in rows if (regel := await _regel(reader, context, row, periode)) is not None]


def keur_periode(periode: tuple[Maand, ...], bekend: list[Lijn]) -> None:
    """Every month of the period has a lijn. Refuses `PeriodeBuitenOvereenkomst`."""
    zonder = [maand for maand in periode if not any(lijn.dekt(maand) for lijn in bekend)]
    if zonder:
        melding = f"In {zonder[0]} heeft deze aanbieder bij deze gemeente geen contractregel. Kies maanden daarbinnen."
        veld = "begindatum" if zonder[0] == periode[0] else "einddatum"
        raise PeriodeBuitenOvereenkomst(melding, FieldFault(veld, "F-5", melding))


async def _regel(reader: Reader, context: Context, row: Any, periode: tuple[Maand, ...]) -> Row | None:
    lijn = lijn_van(row)
    eigen = [maand for maand in periode if lijn.contract.begin <= maand <= lijn.contract.eind]
    if not eigen:
        return None
    stand = stand_van(await verloop_van(reader, cel_van(lijn)), context.today)
    schema = await schema_van_lijn(reader, lijn.id)
    dagen = lijn.eigen_dagen(stand.dagen)
    termijnen = {maand: schema[maand].bedrag for maand in eigen}
    instellingen = instellingen_van(row)
    uitkomst = afrekening(lijn.contract, dagen, eigen, som(termijnen.values()), instellingen)
    kosten = kosten_per_maand(lijn.contract, dagen, termijnen, uitkomst, instellingen)
    opbouw = [
        {
            "maand": str(maand),
            "plekken": hoogstens_vier_decimalen(lijn.contract.plekken_in(maand)),
            "bezette_dagen": dagen.get(maand, 0),
            "jaarprijs_cent": lijn.contract.jaarprijs_in(maand),
            "betaald_cent": termijnen[maand].cent,
            "voorschot_cent": termijnen[maand].cent,
            "kosten_cent": kosten[maand].cent,
        }
        for maand in eigen
    ]
    duur = await _doorlooptijd(reader, lijn, eigen[0].eerste, eigen[-1].laatste)
    return _als_row(lijn, uitkomst) | {"maanden": opbouw, "doorlooptijd": duur}


async def _doorlooptijd(reader: Reader, lijn: Lijn, begin: date, eind: date) -> Row:
    """The stated length of stay that holds at the end, and the average of the stays that ended in these months."""
    opgave = opgegeven(await opgaven_van(reader, lijn.overeenkomst), lijn.gemeente, lijn.subsegment, eind)
    rows = await reader.all(LEVERINGEN_VAN_CEL, **cel_van(lijn).sleutel())
    gevonden = [verblijf(als_perioden(row.perioden), row.einddatum_toewijzing) for row in rows if not row.vervallen]
    echt = werkelijk((deel for deel in gevonden if deel is not None), begin, eind)
    return {"opgegeven_dagen": opgave, "beeindigd": echt.aantal, "dagen": echt.dagen}


def instellingen_van(row: Any) -> Instellingen:
    """The contract's settings of the settlement."""
    return Instellingen(
        Fraction(row.tolerantie),
        None if row.maximum is None else Fraction(row.maximum),
        None if row.minimum is None else Fraction(row.minimum),
    )


def _als_row(lijn: Lijn, uitkomst: Afrekeningsregel) -> Row:
    return {
        "overeenkomst": lijn.overeenkomst,
        "subsegment": lijn.subsegment,
        "plekken": hoogstens_vier_decimalen(uitkomst.plekken),
        "gemiddeld_bezet": vier_decimalen(uitkomst.gemiddeld_bezet),
        "gerealiseerd_cent": uitkomst.gerealiseerd.cent,
        "betaald_cent": uitkomst.betaald.cent,
        "eerder_cent": 0,
        "afrekening_cent": uitkomst.afrekening.cent,
    }


def geld(regels: Iterable[Mapping[str, Any]]) -> list[tuple[object, ...]]:
    """What of regels is money: whether a settlement still holds is judged by this alone."""
    maand = ("maand", "bezette_dagen", "jaarprijs_cent", "betaald_cent", "kosten_cent")
    regel = ("overeenkomst", "subsegment", "gerealiseerd_cent", "betaald_cent", "afrekening_cent")
    return [
        (*(deel[naam] for naam in regel), *(tuple(m[naam] for naam in maand) for m in deel["maanden"]))
        for deel in regels
    ]
