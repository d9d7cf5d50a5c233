"""What is claimed back after a settlement: received, or netted after all (F-5, F-9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from services.financien.afrekening.handlers import eigen
from services.financien.afrekening.stappen import VASTGESTELD, Row, zet
from services.financien.afrekening.vaststelling import SOORT as AFREKENING
from services.financien.afrekening.vaststelling import boekingen_van
from services.financien.brief.rules import in_euro
from services.financien.grootboek.handlers import boek
from services.financien.grootboek.rules import Boeking, Journaalpost, Oorzaak, Rekening
from services.financien.lumpsum.rules import verdeel
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Maand
from shared.kernel.refusal import Conflict, FieldFault, Invalid
from shared.outbox.edge import Context, Outcome

SOORT = "vordering"
ONTVANGEN, VERREKEND = "ontvangen", "verrekend"
NAAR = {ONTVANGEN: Rekening.BANK, VERREKEND: Rekening.TE_BETALEN}
NIETS = Bedrag(0)
Deel = tuple[str | None, Maand | None]


class GeenVordering(Conflict):
    """Nothing is claimed for this settlement, or not any more."""

    title = "Er staat geen vordering open"


class MeerDanOpenstaat(Conflict):
    """More was received than is claimed."""

    title = "Het bedrag is meer dan er openstaat"


class OntvangstLeeg(Invalid):
    """Nothing was received."""

    title = "Het bedrag is nul"


class OntvangstInToekomst(Invalid):
    """Money is received on a day that has come."""

    title = "De dag van ontvangst moet nog komen"


def openstaand(row: Mapping[str, Any]) -> Bedrag:
    """What the aanbieder still has to pay back for a settlement; zero when nothing was claimed."""
    return _som(_open_delen(row))


def posten_van(row: Mapping[str, Any]) -> list[Journaalpost]:
    """The posts of what was received or netted after a settlement was fixed, from its own steps: the same ones whenever
    they are worked out."""
    return _gevolgd(row)[1]


def _open_delen(row: Mapping[str, Any]) -> dict[Deel, Bedrag]:
    """Per sub-segment and month; parts may be below zero, their sum is what is owed."""
    return _gevolgd(row)[0]


def _gevolgd(row: Mapping[str, Any]) -> tuple[dict[Deel, Bedrag], list[Journaalpost]]:
    delen: dict[Deel, Bedrag] = {}
    posten: list[Journaalpost] = []
    if row["status"] == VASTGESTELD:
        _tel(delen, boekingen_van(row))
    for stap in row["stappen"]:
        if stap["stap"] in NAAR:
            post = _post(row, stap, len(posten) + 1, delen)
            posten.append(post)
            _tel(delen, post.boekingen)
    return delen, posten


def _tel(delen: dict[Deel, Bedrag], boekingen: Iterable[Boeking]) -> None:
    """Let bookings work on what is claimed; parts of zero go away."""
    for boeking in boekingen:
        deel = (boeking.subsegment, boeking.maand)
        for rekening, bedrag in ((boeking.debet, boeking.bedrag), (boeking.credit, -boeking.bedrag)):
            if rekening is Rekening.TE_VORDEREN:
                delen[deel] = delen.get(deel, NIETS) + bedrag
                if delen[deel] == NIETS:
                    del delen[deel]


async def leg_ontvangst_vast(
    reader: Reader, context: Context, identity: str, bedrag: Bedrag, ontvangen_op: date | None, toelichting: str | None
) -> Outcome[Row]:
    """The aanbieder paid back, all or a part. Refuses `GeenVordering`, `MeerDanOpenstaat`, `OntvangstInToekomst`,
    `OntvangstLeeg`, `PeriodeGesloten`."""
    if bedrag == NIETS:
        melding = "Vul in hoeveel er is ontvangen, ten minste 0.01."
        raise OntvangstLeeg(melding, FieldFault("bedrag", "F-9", melding))
    dag = ontvangen_op or context.today
    if dag > context.today:
        melding = "Kies vandaag of een eerdere dag."
        raise OntvangstInToekomst(melding, FieldFault("ontvangenOp", "F-9", melding))
    return await _boek(reader, context, identity, ONTVANGEN, bedrag, dag, toelichting)


async def verreken_alsnog(reader: Reader, context: Context, identity: str, toelichting: str | None) -> Outcome[Row]:
    """What is still claimed is netted with what the aanbieder gets next. Refuses `GeenVordering`."""
    return await _boek(reader, context, identity, VERREKEND, None, context.today, toelichting)


async def _boek(
    reader: Reader,
    context: Context,
    identity: str,
    naam: str,
    gevraagd: Bedrag | None,
    dag: date,
    toelichting: str | None,
) -> Outcome[Row]:
    """Record the step and book it; without an amount: all that is still claimed."""
    row = await eigen(reader, context, identity, VASTGESTELD)
    rest = openstaand(row)
    if rest <= NIETS:
        raise GeenVordering("Voor deze afrekening hoeft de aanbieder niets (meer) terug te betalen.")
    bedrag = gevraagd or rest
    if bedrag > rest:
        melding = f"Er staat nog {in_euro(rest)} open. Leg hoogstens dat bedrag vast."
        raise MeerDanOpenstaat(melding, FieldFault("bedrag", "F-9", melding))
    changes = Changeset()
    wat = {"bedrag": bedrag.als_euro(), "dag": dag.isoformat()}
    gezet = zet(changes, context, row, naam, toelichting, extra=wat, waarden={})
    await boek(reader, context, changes, posten_van(gezet)[-1])
    return Outcome(gezet, changes)


def _post(row: Mapping[str, Any], stap: Mapping[str, str], nummer: int, delen: dict[Deel, Bedrag]) -> Journaalpost:
    """The post of one step, with what was claimed before it."""
    return Journaalpost(
        row["gemeente"],
        date.fromisoformat(stap["dag"]),
        SOORT,
        f"Terug te betalen van afrekening {row['begindatum']} tot en met {row['einddatum']}: {stap['stap']}",
        Oorzaak(AFREKENING, row["id"]),
        f"{SOORT}/{row['id']}/{nummer}",
        _boekingen(row["aanbieder"], delen, Bedrag.van_euro(stap["bedrag"]), NAAR[stap["stap"]]),
    )


def _som(delen: dict[Deel, Bedrag]) -> Bedrag:
    return Bedrag(sum(bedrag.cent for bedrag in delen.values()))


def _boekingen(aanbieder: str, open_delen: dict[Deel, Bedrag], bedrag: Bedrag, naar: Rekening) -> tuple[Boeking, ...]:
    """The amount over the parts of the claim, each its share by cumulative rounding: they add up to it."""
    op_rij = sorted(open_delen.items(), key=lambda deel: (deel[0][0] or "", str(deel[0][1] or "")))
    aandeel = Fraction(bedrag.cent, _som(open_delen).cent)
    gevonden = []
    for ((subsegment, maand), _), cent in zip(op_rij, verdeel(deel.cent * aandeel for _, deel in op_rij), strict=True):
        if cent > NIETS:
            gevonden.append(Boeking(naar, Rekening.TE_VORDEREN, cent, aanbieder, subsegment, maand))
        elif cent < NIETS:
            gevonden.append(Boeking(Rekening.TE_VORDEREN, naar, -cent, aanbieder, subsegment, maand))
    return tuple(gevonden)
