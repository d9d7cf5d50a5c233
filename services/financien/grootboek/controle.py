"""Whether the ledger still says what was recorded: every chain followed from its first post (F-9)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import select

from services.financien.grootboek.rules import Geboekt
from services.financien.grootboek.rules.keten import Breuk, Stand
from services.financien.grootboek.store import (
    AFSLUITINGEN_VAN,
    BOEKINGEN_VAN_STUK,
    KETEN,
    KETEN_VAN,
    POST,
    STUK_VAN_KETEN,
    geboekt_van,
)
from shared.database.port import Reader

STUK = 500  # posts at a time
ONLEESBAAR = "In de post staat iets wat nooit geboekt kan zijn."
GEEN_HOOFD = "Het einde van de keten is niet te vinden: alle posten zijn verdacht."


@dataclass(frozen=True, slots=True)
class Controle:
    """What was found in one gemeente: how many posts fit, where that ends, and the first that does not fit."""

    gemeente: str
    posten: int
    hash: str
    breuk: Breuk | None


async def gemeenten(reader: Reader) -> list[str]:
    """Every gemeente that has a chain, or posts without one."""
    rows = [*await reader.select(select(KETEN.c.gemeente)), *await reader.select(select(POST.c.gemeente).distinct())]
    return sorted({str(row.gemeente) for row in rows})


async def controleer(reader: Reader, gemeente: str) -> Controle:
    """Follow the chain of a gemeente, and compare it with its head and with what was written down at each closing."""
    stand = Stand()
    ankers = [(row.volgnummer, row.hash, row.maand) for row in await reader.all(AFSLUITINGEN_VAN, gemeente=gemeente)]
    async for gelezen in _keten(reader, gemeente):
        if isinstance(gelezen, Breuk):
            return Controle(gemeente, stand.volgnummer, stand.hash, gelezen)
        breuk = stand.breuk_bij(gelezen) or _tegen_ankers(gelezen, ankers)
        if breuk is not None:
            return Controle(gemeente, stand.volgnummer, stand.hash, breuk)
        stand = stand.na(gelezen)
    hoofd = await reader.one(KETEN_VAN, gemeente=gemeente)
    breuk = Breuk(1, None, GEEN_HOOFD) if hoofd is None else stand.breuk_aan_het_eind(hoofd.volgnummer, hoofd.hash)
    return Controle(gemeente, stand.volgnummer, stand.hash, breuk)


def _tegen_ankers(geboekt: Geboekt, ankers: list[tuple[int, str, str]]) -> Breuk | None:
    for volgnummer, hash, maand in ankers:
        if geboekt.volgnummer == volgnummer and geboekt.hash != hash:
            return Breuk(volgnummer, geboekt.id, f"Bij de afsluiting van {maand} stond hier een andere post.")
        if geboekt.volgnummer > volgnummer and str(geboekt.post.periode) <= maand:
            return Breuk(geboekt.volgnummer, geboekt.id, f"De post staat in {maand}, na de afsluiting daarvan.")
    return None


async def _keten(reader: Reader, gemeente: str) -> AsyncIterator[Geboekt | Breuk]:
    """The posts in order of number; a Breuk for one that can't be read, and nothing after it."""
    na, aantal = 0, STUK
    while True:
        try:
            rows = await reader.all(STUK_VAN_KETEN, gemeente=gemeente, na=na, aantal=aantal)
        except ValueError:
            if aantal > 1:
                aantal = 1  # one at a time from here on, to know which
                continue
            yield Breuk(na + 1, None, ONLEESBAAR)
            return
        if not rows:
            return
        vraag = {"gemeente": gemeente, "van": rows[0].volgnummer, "tot": rows[-1].volgnummer}
        bij = await reader.all(BOEKINGEN_VAN_STUK, **vraag)
        boekingen = {post: list(groep) for post, groep in groupby(bij, key=lambda row: row.post)}
        for row in rows:
            yield _gelezen(row, boekingen.get(row.id, []))
        na = rows[-1].volgnummer


def _gelezen(row: Any, boekingen: list[Any]) -> Geboekt | Breuk:
    try:
        geboekt = geboekt_van(row, boekingen)
    except (ValueError, TypeError):
        return Breuk(row.volgnummer, row.id, ONLEESBAAR)
    # These two are not part of what is hashed: they follow from it.
    nummers = [boeking.nummer for boeking in boekingen]
    if row.periode != str(geboekt.post.periode) or nummers != list(range(1, len(nummers) + 1)):
        return Breuk(row.volgnummer, row.id, ONLEESBAAR)
    return geboekt
