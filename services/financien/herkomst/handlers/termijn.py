"""Why a term is what it is (F-2, F-4)."""

from __future__ import annotations

from services.financien.betaalschema.handlers import schema_van_lijn
from services.financien.betaalschema.versies import versie_met_termijn
from services.financien.herkomst.handlers.bronnen import contract, geboekt, leveringen, lijn_met_id, maandcijfers
from services.financien.herkomst.handlers.inzage import keur_inzage, onbekend
from services.financien.herkomst.rules import BIJSTELLING, TERMIJN, Bron, Deel, Herkomst, pad, voorschotregel
from services.financien.herkomst.store import VASTGESTELDE_BIJSTELLINGEN
from services.financien.overeenkomst.rules import Lijn
from services.financien.vrijgave.rules import lees_termijn_id, termijn_id
from shared.database.port import Reader
from shared.kernel.periode import Maand
from shared.outbox.edge import Context


async def verklaar_termijn(reader: Reader, context: Context, identity: str) -> Herkomst:
    """A term (`lijn:maand`). Refuses `HerkomstOnbekend`."""
    try:
        sleutel, maand = lees_termijn_id(identity)
    except ValueError:
        raise onbekend() from None
    lijn = await lijn_met_id(reader, sleutel)
    keur_inzage(context.caller, lijn.gemeente, lijn.aanbieder)
    termijn = (await schema_van_lijn(reader, lijn.id)).get(maand)
    if termijn is None:
        raise onbekend()
    regel, berekend = voorschotregel(lijn.contract, maand)
    delen = [Deel("Voorschot volgens de overeenkomst", termijn.voorschot)]
    opmerkingen = []
    if berekend != termijn.voorschot:
        opmerkingen.append(
            f"De overeenkomst geeft nu {berekend.als_euro()}. De maand was al begonnen toen zij wijzigde: de termijn "
            "bleef staan en de afrekening verrekent het verschil."
        )
    if termijn.bijstelling.cent:
        rows = await reader.all(VASTGESTELDE_BIJSTELLINGEN, lijn=lijn.id)
        namen = [str(row.id) for row in rows if str(maand) in row.termijnen]
        delen.append(Deel("Bijstelling", termijn.bijstelling, pad(BIJSTELLING, namen[-1]) if namen else None))
    if termijn.bedrag != termijn.voorschot + termijn.bijstelling:
        onder_nul = termijn.bedrag - termijn.voorschot - termijn.bijstelling
        delen.append(Deel("Een termijn is nooit minder dan nul; de afrekening verrekent de rest", onder_nul))
    return Herkomst(
        TERMIJN,
        identity,
        f"Termijn {maand}",
        lijn.gemeente,
        lijn.aanbieder,
        lijn.subsegment,
        termijn.bedrag,
        regel,
        tuple(delen),
        await maandcijfers(reader, context, lijn, [maand]),
        (
            await contract(reader, lijn),
            *await _schemaversie(reader, lijn, maand),
            *await geboekt(reader, context.caller, TERMIJN, termijn_id(lijn.id, maand)),
            *await leveringen(reader, context.caller, lijn, [maand]),
        ),
        tuple(opmerkingen),
    )


async def _schemaversie(reader: Reader, lijn: Lijn, maand: Maand) -> tuple[Bron, ...]:
    """The version of the betaalschema that made the term what it is, with what made that version."""
    row = await versie_met_termijn(reader, lijn, maand)
    if row is None:
        return ()
    door = f"{row.oorzaak_soort} {row.kenmerk or ''}".strip()
    tekst = f"Zo sinds versie {row.versie} van {row.gemaakt_op:%d-%m-%Y}, door {door} ({row.oorzaak_id})"
    waar = f"/financien/v1/betaalschemas/{row.betaalschema}?versie={row.versie}"
    return (Bron("betaalschema", row.betaalschema, tekst, waar),)
