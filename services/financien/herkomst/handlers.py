"""Explain an amount from what the tables hold: each call goes one step back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from services.financien.afrekening.store import AFREKENING_OP_ID
from services.financien.afrekening.vaststelling import VASTGESTELD
from services.financien.betaalschema.handlers import schema_van_lijn
from services.financien.bezetting.handlers import cel_van, verloop_van
from services.financien.bezetting.rules import stand_van
from services.financien.bezetting.store import LEVERINGEN_VAN_CEL, als_bezet
from services.financien.bijstelling.store import BIJSTELLING_OP_ID
from services.financien.grootboek.lezen import toon as toon_post
from services.financien.grootboek.store import POSTEN_VAN_OORZAAK
from services.financien.herkomst.rules import (
    Bron,
    Deel,
    Herkomst,
    Maandcijfer,
    Regel,
    pad,
    prognoseregel,
    realisatieregel,
    voorschotregel,
)
from services.financien.herkomst.store import VASTGESTELDE_BIJSTELLINGEN
from services.financien.overeenkomst.rules import Lijn, lijn_id
from services.financien.overeenkomst.store import LIJN_OP_ID, VERSIE_VAN, lijn_van
from services.financien.vrijgave.rules import lees_termijn_id, termijn_id
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag, som
from shared.kernel.periode import Kwartaal, Maand, Periode
from shared.kernel.refusal import NotFound
from shared.outbox.edge import Caller, Context

TERMIJN, BIJSTELLING, AFREKENING, REGEL, POST = (
    "termijn",
    "bijstelling",
    "afrekening",
    "afrekeningsregel",
    "journaalpost",
)
SOORTEN = (TERMIJN, BIJSTELLING, AFREKENING, REGEL, POST)


class HerkomstOnbekend(NotFound):
    """No such amount for this caller."""


def onbekend() -> HerkomstOnbekend:
    return HerkomstOnbekend(f"Dit bedrag is bij u niet bekend. Soorten zijn: {', '.join(SOORTEN)}.")


async def verklaar(reader: Reader, context: Context, soort: str, identity: str) -> Herkomst:
    """Where an amount comes from. Refuses `HerkomstOnbekend`, also for what the caller may not see."""
    verklaring = VERKLARINGEN.get(soort)
    if verklaring is None:
        raise onbekend()
    return await verklaring(reader, context, identity)


def keur_inzage(caller: Caller, gemeente: str, aanbieder: str, *, ook_aanbieder: bool = True) -> None:
    """A gemeente its own, a provider its own when it has been told. Refuses `HerkomstOnbekend`."""
    if caller.gemeente not in (None, gemeente):
        raise onbekend()
    if caller.aanbieder is not None and (caller.aanbieder != aanbieder or not ook_aanbieder):
        raise onbekend()


async def _termijn(reader: Reader, context: Context, identity: str) -> Herkomst:
    try:
        sleutel, maand = lees_termijn_id(identity)
    except ValueError:
        raise onbekend() from None
    lijn = await _lijn(reader, sleutel)
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
        opmerkingen.append("Een termijn is nooit minder dan nul; de afrekening verrekent de rest.")
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
        await _maandcijfers(reader, context, lijn, [maand]),
        (await _contract(reader, lijn), *await _geboekt(reader, TERMIJN, termijn_id(lijn.id, maand))),
        tuple(opmerkingen),
    )


async def _bijstelling(reader: Reader, context: Context, identity: str) -> Herkomst:
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
        await _maandcijfers(reader, context, lijn, tot),
        (
            await _contract(reader, lijn),
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


async def _afrekening(reader: Reader, context: Context, identity: str) -> Herkomst:
    row = await _afrekening_row(reader, context, identity)
    delen = tuple(
        Deel(
            f"{regel['subsegment']}, overeenkomst {regel['overeenkomst']}",
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
        f"Afrekening {row.begindatum} tot en met {row.einddatum}, {row.status}",
        row.gemeente,
        row.aanbieder,
        None,
        totaal,
        Regel("F-5", formule, f"{' + '.join(deel.bedrag.als_euro() for deel in delen)} = {totaal.als_euro()}"),
        delen,
        bronnen=await _geboekt(reader, AFREKENING, identity),
    )


async def _regel(reader: Reader, context: Context, identity: str) -> Herkomst:
    afrekening, _, rest = identity.partition(":")
    row = await _afrekening_row(reader, context, afrekening)
    regel = next((r for r in row.regels if f"{r['overeenkomst']}:{r['subsegment']}" == rest), None)
    if regel is None:
        raise onbekend()
    lijn = await _lijn(reader, lijn_id(regel["overeenkomst"], row.gemeente, regel["subsegment"]))
    gerealiseerd, betaald = Bedrag(regel["gerealiseerd_cent"]), Bedrag(regel["betaald_cent"])
    maanden = {Maand.lees(deel["maand"]): deel for deel in regel.get("maanden", ())}
    cijfers = await _maandcijfers(
        reader, context, lijn, maanden, {maand: deel["bezette_dagen"] for maand, deel in maanden.items()}
    )
    uitkomst = Bedrag(regel["afrekening_cent"])
    termijnen = tuple(
        Deel(f"Betaald over {maand}", -Bedrag(deel["betaald_cent"]), pad(TERMIJN, termijn_id(lijn.id, maand)))
        for maand, deel in maanden.items()
    )
    return Herkomst(
        REGEL,
        identity,
        f"Afrekening {row.begindatum} tot en met {row.einddatum} van {regel['subsegment']}",
        row.gemeente,
        row.aanbieder,
        regel["subsegment"],
        uitkomst,
        realisatieregel(gerealiseerd, betaald, uitkomst),
        (Deel("Gerealiseerd", gerealiseerd), *termijnen),
        cijfers,
        (await _contract(reader, lijn), *await _leveringen(reader, context.caller, lijn, maanden)),
    )


async def _post(reader: Reader, context: Context, identity: str) -> Herkomst:
    geboekt = await toon_post(reader, context, identity)
    post = geboekt.post
    totaal = som(boeking.bedrag for boeking in post.boekingen)
    oorzaak = pad(post.oorzaak.soort, post.oorzaak.id) if post.oorzaak.soort in SOORTEN else None
    bronnen = [Bron(post.oorzaak.soort, post.oorzaak.id, "Oorzaak van de post", oorzaak)]
    if post.herroept is not None:
        bronnen.append(Bron(POST, post.herroept, "Herroept deze post", pad(POST, post.herroept)))
    wie = {(boeking.aanbieder, boeking.subsegment) for boeking in post.boekingen}
    aanbieders, subsegmenten = {a for a, _ in wie}, {s for _, s in wie}
    return Herkomst(
        POST,
        identity,
        f"{post.omschrijving}, geboekt op {post.boekdatum} door {geboekt.persoon}",
        post.gemeente,
        aanbieders.pop() if len(aanbieders) == 1 else None,
        subsegmenten.pop() if len(subsegmenten) == 1 else None,
        totaal,
        Regel("F-9", "een boeking verplaatst een bedrag van credit naar debet", f"{totaal.als_euro()} verplaatst"),
        tuple(Deel(f"{boeking.credit} → {boeking.debet}", boeking.bedrag) for boeking in post.boekingen),
        bronnen=tuple(bronnen),
    )


Verklaring = Callable[[Reader, Context, str], Awaitable[Herkomst]]
VERKLARINGEN: Mapping[str, Verklaring] = {
    TERMIJN: _termijn,
    BIJSTELLING: _bijstelling,
    AFREKENING: _afrekening,
    REGEL: _regel,
    POST: _post,
}


async def _lijn(reader: Reader, identity: str) -> Lijn:
    row = await reader.one(LIJN_OP_ID, id=identity)
    if row is None:
        raise onbekend()
    return lijn_van(row)


async def _afrekening_row(reader: Reader, context: Context, identity: str) -> Any:
    row = await reader.one(AFREKENING_OP_ID, id=identity)
    if row is None:
        raise onbekend()
    keur_inzage(context.caller, row.gemeente, row.aanbieder, ook_aanbieder=row.status == VASTGESTELD)
    return row


async def _contract(reader: Reader, lijn: Lijn) -> Bron:
    versie = await reader.one(VERSIE_VAN, id=lijn.overeenkomst)
    pad = f"/contractmanagement/v1/overeenkomsten/{lijn.overeenkomst}"
    return Bron("overeenkomst", lijn.overeenkomst, f"Nu versie {versie.versie}", pad)


async def _geboekt(reader: Reader, soort: str, identity: str) -> tuple[Bron, ...]:
    rows = await reader.all(POSTEN_VAN_OORZAAK, soort=soort, id=identity)
    return tuple(Bron(POST, row.id, f"{row.omschrijving} ({row.boekdatum})", pad(POST, row.id)) for row in rows)


async def _maandcijfers(
    reader: Reader, context: Context, lijn: Lijn, maanden: Iterable[Maand], dagen: Mapping[Maand, int] | None = None
) -> tuple[Maandcijfer, ...]:
    """What each month counts; `dagen` are those of a calculation that was kept, else those of now."""
    if dagen is None:
        stand = stand_van(await verloop_van(reader, cel_van(lijn)), context.today)
        dagen = lijn.eigen_dagen(stand.dagen)
    per_levering = [als_bezet(row.bezet) for row in await reader.all(LEVERINGEN_VAN_CEL, **cel_van(lijn).sleutel())]
    return tuple(
        Maandcijfer(
            maand,
            lijn.contract.plekken_in(maand),
            Bedrag(lijn.contract.jaarprijs_in(maand)),
            dagen.get(maand, 0),
            sum(_bezet_in(bezet, maand) for bezet in per_levering),
        )
        for maand in maanden
    )


def _bezet_in(bezet: Iterable[Periode], maand: Maand) -> bool:
    return any(periode.overlapt(Periode(maand.eerste, maand.laatste)) for periode in bezet)


async def _leveringen(reader: Reader, caller: Caller, lijn: Lijn, maanden: Iterable[Maand]) -> tuple[Bron, ...]:
    """Which deliveries occupied places in these months, as backoffice names them; a provider gets figures only."""
    if caller.aanbieder is not None:
        return ()
    rows = await reader.all(LEVERINGEN_VAN_CEL, **cel_van(lijn).sleutel())
    gevraagd = tuple(maanden)
    return tuple(
        Bron("levering", row.id, f"Zoals verteld in versie {row.versie} van levering.gewijzigd")
        for row in sorted(rows, key=lambda row: str(row.id))
        if any(_bezet_in(als_bezet(row.bezet), maand) for maand in gevraagd)
    )
