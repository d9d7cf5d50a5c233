"""Why an adjustment expects what it expects (F-4)."""

from __future__ import annotations

from services.financien.bijstelling.store import BIJSTELLING_OP_ID
from services.financien.herkomst.handlers.bronnen import contract, maandcijfers
from services.financien.herkomst.handlers.inzage import keur_inzage, onbekend
from services.financien.herkomst.rules import BIJSTELLING, TERMIJN, Bron, Deel, Herkomst, pad, prognoseregel
from services.financien.overeenkomst.store import LIJN_OP_ID, lijn_van
from services.financien.vrijgave.rules import termijn_id
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Kwartaal, Maand
from shared.outbox.edge import Context


async def verklaar_bijstelling(reader: Reader, context: Context, identity: str) -> Herkomst:
    """An adjustment. Refuses `HerkomstOnbekend`."""
    row = await reader.one(BIJSTELLING_OP_ID, id=identity)
    if row is None:
        raise onbekend()
    keur_inzage(context.caller, row.gemeente, row.aanbieder, ook_aanbieder=row.gemeld_op is not None)
    lijn_row = await reader.one(LIJN_OP_ID, id=row.lijn)
    lijn = lijn_van(lijn_row)
    laatste = Kwartaal.lees(row.kwartaal).maanden[-1]
    tot = [maand for maand in lijn.contract.maanden() if maand <= laatste]
    gerealiseerd, verwacht = Bedrag(row.gerealiseerd_cent), Bedrag(row.verwacht_cent)
    return Herkomst(
        BIJSTELLING,
        identity,
        f"Verwachting na {row.kwartaal}, bijstelling {row.status}",
        row.gemeente,
        row.aanbieder,
        row.subsegment,
        verwacht,
        prognoseregel(
            gerealiseerd, verwacht, Bedrag(row.lumpsum_cent), row.gemiddeld_bezet, lijn_row.bijstellingsdrempel
        ),
        (
            Deel(f"Gerealiseerd tot en met {tot[-1]}", gerealiseerd),
            Deel("Verwacht in de maanden daarna", verwacht - gerealiseerd),
        ),
        await maandcijfers(reader, context, lijn, tot),
        (
            await contract(reader, lijn),
            Bron(BIJSTELLING, identity, "Stappen en nieuwe termijnen", f"/financien/v1/bijstellingen/{identity}"),
            *(
                Bron(
                    TERMIJN,
                    termijn_id(lijn.id, Maand.lees(maand)),
                    f"Termijn {maand} wordt {Bedrag(cent).als_euro()}",
                    pad(TERMIJN, termijn_id(lijn.id, Maand.lees(maand))),
                )
                for maand, cent in sorted(row.termijnen.items())
            ),
        ),
        ("De bezette dagen hieronder zijn die van nu; na de vaststelling kunnen er berichten bij gekomen zijn.",),
    )
