"""Why a settlement, or one line of it, is what it is (F-5)."""

from __future__ import annotations

from typing import Any

from services.financien.afrekening.stappen import voor_aanbieder
from services.financien.afrekening.store import AFREKENING_OP_ID
from services.financien.herkomst.handlers.bronnen import contract, geboekt, leveringen, lijn_met_id, maandcijfers
from services.financien.herkomst.handlers.inzage import keur_inzage, onbekend
from services.financien.herkomst.rules import AFREKENING, REGEL, TERMIJN, Deel, Herkomst, Regel, pad, realisatieregel
from services.financien.namen import alle_namen
from services.financien.overeenkomst.rules import lijn_id
from services.financien.subsegment.handlers import genoemd
from services.financien.vrijgave.rules import termijn_id
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Maand
from shared.outbox.edge import Context


async def verklaar_afrekening(reader: Reader, context: Context, identity: str) -> Herkomst:
    """A settlement. Refuses `HerkomstOnbekend`."""
    row = await _afrekening_row(reader, context, identity)
    namen = await alle_namen(reader)
    delen = tuple(
        Deel(
            f"{namen.subsegment(regel['subsegment'])}, overeenkomst {regel['overeenkomst']}",
            Bedrag(regel["afrekening_cent"]),
            pad(REGEL, f"{identity}:{regel['overeenkomst']}:{regel['subsegment']}"),
        )
        for regel in row.regels
    )
    totaal = Bedrag(row.totaal_cent)
    formule = "totaal = Σ afrekening per overeenkomst en sub-segment"
    return Herkomst(
        AFREKENING,
        identity,
        f"{row.soort.capitalize()} {row.begindatum} tot en met {row.einddatum}, {row.status}",
        row.gemeente,
        row.aanbieder,
        None,
        totaal,
        Regel("F-5", formule, f"{' + '.join(deel.bedrag.als_euro() for deel in delen)} = {totaal.als_euro()}"),
        delen,
        bronnen=await geboekt(reader, context.caller, AFREKENING, identity),
    )


async def verklaar_regel(reader: Reader, context: Context, identity: str) -> Herkomst:
    """One line of a settlement (`afrekening:overeenkomst:subsegment`). Refuses `HerkomstOnbekend`."""
    afrekening, _, rest = identity.partition(":")
    row = await _afrekening_row(reader, context, afrekening)
    regel = next((r for r in row.regels if f"{r['overeenkomst']}:{r['subsegment']}" == rest), None)
    if regel is None:
        raise onbekend()
    lijn = await lijn_met_id(reader, lijn_id(regel["overeenkomst"], row.gemeente, regel["subsegment"]))
    gerealiseerd, betaald = Bedrag(regel["gerealiseerd_cent"]), Bedrag(regel["betaald_cent"])
    maanden = {Maand.lees(deel["maand"]): deel for deel in regel.get("maanden", ())}
    cijfers = await maandcijfers(
        reader, context, lijn, maanden, {maand: deel["bezette_dagen"] for maand, deel in maanden.items()}
    )
    eerder, uitkomst = Bedrag(regel.get("eerder_cent", 0)), Bedrag(regel["afrekening_cent"])
    van_wat = await genoemd(reader, regel["subsegment"])
    termijnen = tuple(
        Deel(f"Betaald over {maand}", -Bedrag(deel["betaald_cent"]), pad(TERMIJN, termijn_id(lijn.id, maand)))
        for maand, deel in maanden.items()
    )
    return Herkomst(
        REGEL,
        identity,
        f"{row.soort.capitalize()} {row.begindatum} tot en met {row.einddatum} van {van_wat}",
        row.gemeente,
        row.aanbieder,
        regel["subsegment"],
        uitkomst,
        realisatieregel(gerealiseerd, betaald, uitkomst, eerder),
        (Deel("Gerealiseerd", gerealiseerd), *termijnen, *_eerder(row, eerder)),
        cijfers,
        (await contract(reader, lijn), *await leveringen(reader, context.caller, lijn, maanden)),
    )


def _eerder(row: Any, bedrag: Bedrag) -> tuple[Deel, ...]:
    """What a correction takes off: the settlements of the same months before it."""
    if row.corrigeert is None:
        return ()
    return (Deel("Eerder afgerekend over deze maanden", -bedrag, pad(AFREKENING, row.corrigeert)),)


async def _afrekening_row(reader: Reader, context: Context, identity: str) -> Any:
    row = await reader.one(AFREKENING_OP_ID, id=identity)
    if row is None:
        raise onbekend()
    keur_inzage(context.caller, row.gemeente, row.aanbieder, ook_aanbieder=voor_aanbieder(row))
    return row
