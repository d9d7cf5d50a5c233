"""Why an accrual at the end of a year is what it is (F-7, F-9)."""

from __future__ import annotations

from services.financien.herkomst.handlers.bronnen import geboekt
from services.financien.herkomst.handlers.inzage import onbekend
from services.financien.herkomst.rules import JAAREINDE, Bron, Deel, Herkomst, Regel
from services.financien.jaareinde.store import JAAREINDE_OP_ID
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag
from shared.outbox.edge import Context

FORMULE = (
    "transitorisch = Σ maanden die voorbij zijn: kosten − wat daarvan in het jaar is geboekt; kosten zijn die van de "
    "vastgestelde afrekening, anders die welke een afrekening van deze maanden nu zou geven"
)


async def verklaar_jaareinde(reader: Reader, context: Context, identity: str) -> Herkomst:
    """A year-end: it holds amounts of every aanbieder, so only the gemeente sees it. Refuses `HerkomstOnbekend`."""
    row = await reader.one(JAAREINDE_OP_ID, id=identity)
    if row is None or context.caller.aanbieder is not None or context.caller.gemeente not in (None, row.gemeente):
        raise onbekend()
    kosten = Bedrag(sum(regel["kosten_cent"] for regel in row.regels))
    in_de_boeken = Bedrag(sum(regel["geboekt_cent"] for regel in row.regels))
    totaal = Bedrag(row.totaal_cent)
    return Herkomst(
        JAAREINDE,
        identity,
        f"Nog af te rekenen kosten van {row.jaar}, overboeking {row.volgnummer}",
        row.gemeente,
        None,
        None,
        totaal,
        Regel("F-7", FORMULE, f"{kosten.als_euro()} − {in_de_boeken.als_euro()} = {totaal.als_euro()}"),
        tuple(
            Deel(
                f"{regel['aanbieder']} {regel['subsegment']} {regel['maand']}: "
                f"{Bedrag(regel['kosten_cent']).als_euro()} − {Bedrag(regel['geboekt_cent']).als_euro()}",
                Bedrag(regel["bedrag_cent"]),
            )
            for regel in row.regels
        ),
        bronnen=(
            Bron(JAAREINDE, identity, "Per maand opgebouwd", f"/financien/v1/jaareindes/{identity}"),
            *await geboekt(reader, context.caller, JAAREINDE, identity),
        ),
    )
