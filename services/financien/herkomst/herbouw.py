"""The ledger worked out anew from what it was booked from: terms, settlements, year-ends, payments and undone posts
(F-9). What a post says follows from its cause alone; only its place, moment and person are the ledger's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from services.financien.afrekening.store import AFREKENING
from services.financien.afrekening.vaststelling import SOORT as AFREKENING_SOORT
from services.financien.afrekening.vaststelling import VASTGESTELD, boekingen_van
from services.financien.afrekening.vordering import posten_van
from services.financien.betaalschema.store import TERMIJN, termijn_van
from services.financien.betaling.rules.boekingen import Opdracht, aangeboden, teruggeboekt, uitgevoerd
from services.financien.betaling.rules.uitslag import MISLUKT, Betaalstatus
from services.financien.betaling.store import BETALING, opdracht_van
from services.financien.grootboek.rules import Boeking, Geboekt, Journaalpost, Oorzaak, herroep
from services.financien.jaareinde.rules import Jaarregel, jaareindeposten
from services.financien.jaareinde.store import JAAREINDE
from services.financien.overeenkomst.store import LIJN
from services.financien.vrijgave.rules import vrijgave
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Maand

OOIT = date(2000, 1, 1)  # the day of booking is the ledger's own
NIET_BIJ_BANK = (Betaalstatus.KLAARGEZET, Betaalstatus.INGETROKKEN)


@dataclass(frozen=True, slots=True)
class Herbouwd:
    """A post as its cause gives it. `moet`: it must have been booked by now; a term may still be released."""

    soort: str
    oorzaak: Oorzaak
    boekingen: tuple[Boeking, ...]
    moet: bool = True


async def herbouw(reader: Reader, gemeente: str, grootboek: Sequence[Geboekt]) -> dict[str, Herbouwd]:
    """Name of the fact → post, of one gemeente. `grootboek` says which posts were undone, and what their names are."""
    posten: dict[str, Herbouwd] = {}
    for post in await _termijnen(reader, gemeente):
        posten[post.sleutel] = Herbouwd(post.soort, post.oorzaak, post.boekingen, moet=False)
    for post in (*await _afrekeningen(reader, gemeente), *await _jaareindes(reader, gemeente)):
        posten[post.sleutel] = Herbouwd(post.soort, post.oorzaak, post.boekingen)
    bekend = {geboekt.post.sleutel: geboekt for geboekt in grootboek}
    for row in await reader.select(
        select(BETALING).where(or_(BETALING.c.gemeente == gemeente, BETALING.c.betaler == gemeente))
    ):
        eigen = [post for post in _van_betaling(row, bekend) if post.gemeente == gemeente]
        posten.update({post.sleutel: Herbouwd(post.soort, post.oorzaak, post.boekingen) for post in eigen})
    for post in _herroepingen(grootboek):
        posten.setdefault(post.sleutel, Herbouwd(post.soort, post.oorzaak, post.boekingen))
    return posten


async def _termijnen(reader: Reader, gemeente: str) -> list[Journaalpost]:
    """What the release of each term books, also of those whose month has not begun."""
    kolommen = (LIJN.c.gemeente, LIJN.c.aanbieder, LIJN.c.subsegment, LIJN.c.overeenkomst, *TERMIJN.c)
    rows = await reader.select(
        select(*kolommen).join(LIJN, LIJN.c.id == TERMIJN.c.lijn).where(LIJN.c.gemeente == gemeente)
    )
    posten = (
        vrijgave(
            lijn=row.lijn,
            overeenkomst=row.overeenkomst,
            gemeente=gemeente,
            aanbieder=row.aanbieder,
            subsegment=row.subsegment,
            maand=Maand.lees(row.maand),
            termijn=termijn_van(row),
            gesloten_tot=None,
        )
        for row in rows
    )
    return [post for post in posten if post is not None]


async def _afrekeningen(reader: Reader, gemeente: str) -> list[Journaalpost]:
    rows = await reader.select(
        select(AFREKENING).where(AFREKENING.c.gemeente == gemeente, AFREKENING.c.status == VASTGESTELD)
    )
    posten = []
    for row in rows:
        boekingen = boekingen_van(row._asdict())
        if boekingen:
            oorzaak, sleutel = Oorzaak(AFREKENING_SOORT, row.id), f"{AFREKENING_SOORT}/{row.id}"
            posten.append(Journaalpost(gemeente, OOIT, AFREKENING_SOORT, "", oorzaak, sleutel, boekingen))
        posten += posten_van(row._asdict())
    return posten


async def _jaareindes(reader: Reader, gemeente: str) -> list[Journaalpost]:
    rows = await reader.select(select(JAAREINDE).where(JAAREINDE.c.gemeente == gemeente))
    return [
        post
        for row in rows
        for post in jaareindeposten(gemeente, row.jaar, row.volgnummer, row.id, map(_jaarregel, row.regels))
    ]


def _jaarregel(kolom: Mapping[str, Any]) -> Jaarregel:
    maand, kosten, geboekt = kolom["maand"], kolom["kosten_cent"], kolom["geboekt_cent"]
    return Jaarregel(kolom["aanbieder"], kolom["subsegment"], Maand.lees(maand), Bedrag(kosten), Bedrag(geboekt))


def _van_betaling(row: Any, bekend: Mapping[str, Geboekt]) -> Iterator[Journaalpost]:
    """The posts of a payment that stands where it stands: offered, carried out, returned, undone."""
    status, opdracht = Betaalstatus(row.status), opdracht_van(row._asdict())
    if status in NIET_BIJ_BANK:
        return
    yield from aangeboden(opdracht, OOIT)
    if status in (Betaalstatus.UITGEVOERD, Betaalstatus.TERUGGEBOEKT):
        yield uitgevoerd(opdracht, OOIT)
    if status is Betaalstatus.TERUGGEBOEKT:
        yield teruggeboekt(opdracht, OOIT)
    if status in MISLUKT:
        yield from _ongedaan(opdracht, bekend)


def _ongedaan(opdracht: Opdracht, bekend: Mapping[str, Geboekt]) -> Iterator[Journaalpost]:
    for post in aangeboden(opdracht, OOIT):
        geboekt = bekend.get(post.sleutel)
        if geboekt is not None:
            yield herroep(geboekt, OOIT, opdracht.oorzaak, "")


def _herroepingen(grootboek: Iterable[Geboekt]) -> Iterator[Journaalpost]:
    """Posts that a person undid: the opposite of what stands there, whatever they say themselves."""
    op_id = {geboekt.id: geboekt for geboekt in grootboek}
    for geboekt in op_id.values():
        oud = op_id.get(geboekt.post.herroept or "")
        if oud is not None:
            yield herroep(oud, OOIT, geboekt.post.oorzaak, "")
