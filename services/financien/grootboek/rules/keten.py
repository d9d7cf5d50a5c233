"""The chain of a gemeente: each post carries the hash of what it says and of the post before it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256

from services.financien.grootboek.rules.boeking import Boeking, Journaalpost, Oorzaak

BEGIN = "0" * 64  # stands before the first post
VORM = "grootboek/1"  # part of what is hashed: another way of writing posts down gets another name


@dataclass(frozen=True, slots=True)
class Geboekt:
    """A post as it stands in the ledger: its place in the chain, who took the decision, when it was recorded."""

    post: Journaalpost
    id: str
    volgnummer: int
    persoon: str
    vastgelegd_op: datetime
    vorige: str
    hash: str


def geketend(
    post: Journaalpost, *, id: str, volgnummer: int, persoon: str, vastgelegd_op: datetime, vorige: str
) -> Geboekt:
    """The post as the next one after `vorige`, the hash of the post before it (BEGIN for the first)."""
    zonder = Geboekt(post, id, volgnummer, persoon, vastgelegd_op, vorige, "")
    return Geboekt(post, id, volgnummer, persoon, vastgelegd_op, vorige, vingerafdruk(zonder))


def vingerafdruk(geboekt: Geboekt) -> str:
    """SHA-256 over everything a post says and the hash before it."""
    return sha256(canoniek(geboekt)).hexdigest()


def canoniek(geboekt: Geboekt) -> bytes:
    """One way to write a post: JSON, keys in order, no spaces, UTF-8. Equal bytes mean equal posts."""
    post = geboekt.post
    inhoud: dict[str, object] = {
        "vorm": VORM,
        "vorige": geboekt.vorige,
        "id": geboekt.id,
        "gemeente": post.gemeente,
        "volgnummer": geboekt.volgnummer,
        "boekdatum": post.boekdatum.isoformat(),
        "soort": post.soort,
        "omschrijving": post.omschrijving,
        "oorzaak": [post.oorzaak.soort, post.oorzaak.id],
        "sleutel": post.sleutel,
        "herroept": post.herroept,
        "persoon": geboekt.persoon,
        "vastgelegdOp": geboekt.vastgelegd_op.astimezone(UTC).isoformat(timespec="microseconds"),
        "boekingen": [_velden(boeking) for boeking in post.boekingen],
    }
    return json.dumps(inhoud, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _velden(boeking: Boeking) -> list[str | int | None]:
    maand = None if boeking.maand is None else str(boeking.maand)
    rekeningen = (str(boeking.debet), str(boeking.credit))
    return [*rekeningen, boeking.bedrag.cent, boeking.aanbieder, boeking.subsegment, maand, boeking.tegenpartij]


def herroep(geboekt: Geboekt, boekdatum: date, oorzaak: Oorzaak, omschrijving: str) -> Journaalpost:
    """The post that undoes another: the same amounts, back, in the period of `boekdatum`. The past stays as it was."""
    oud = geboekt.post
    return Journaalpost(
        oud.gemeente,
        boekdatum,
        f"herroeping_{oud.soort}",
        omschrijving,
        oorzaak,
        f"herroeping/{geboekt.id}",
        tuple(boeking.omgekeerd() for boeking in oud.boekingen),
        herroept=geboekt.id,
    )


@dataclass(frozen=True, slots=True)
class Breuk:
    """Where a chain does not fit: the first post concerned and what is wrong with it (Dutch, for the auditor)."""

    volgnummer: int
    post: str | None
    melding: str


def eerste_breuk(reeks: Iterable[Geboekt], *, volgnummer: int, hash: str) -> Breuk | None:
    """The first post of a gemeente (in order of number) that does not fit, None when all do. `volgnummer` and `hash`
    are those of the head, which tells of posts that are missing at the end."""
    stand = Stand()
    for geboekt in reeks:
        breuk = stand.breuk_bij(geboekt)
        if breuk is not None:
            return breuk
        stand = stand.na(geboekt)
    return stand.breuk_aan_het_eind(volgnummer, hash)


@dataclass(frozen=True, slots=True)
class Stand:
    """How far a chain was followed: number and hash of the last post that fits."""

    volgnummer: int = 0
    hash: str = BEGIN

    def na(self, geboekt: Geboekt) -> Stand:
        """The stand after a post that fits."""
        return Stand(geboekt.volgnummer, geboekt.hash)

    def breuk_bij(self, geboekt: Geboekt) -> Breuk | None:
        """What is wrong with the next post, if anything."""
        verwacht = self.volgnummer + 1
        if geboekt.volgnummer != verwacht:
            melding = f"Post {verwacht} ontbreekt; de volgende die er staat is {geboekt.volgnummer}."
            return Breuk(verwacht, None, melding)
        if geboekt.vorige != self.hash:
            return Breuk(verwacht, geboekt.id, "De post sluit niet aan op de post ervoor.")
        if geboekt.hash != vingerafdruk(geboekt):
            return Breuk(verwacht, geboekt.id, "De inhoud van de post is niet meer wat er is vastgelegd.")
        return None

    def breuk_aan_het_eind(self, volgnummer: int, hash: str) -> Breuk | None:
        """Whether the head says that more, fewer or other posts were booked."""
        if self.volgnummer != volgnummer:
            melding = f"De keten telt {volgnummer} posten; er staan er {self.volgnummer}."
            return Breuk(min(self.volgnummer, volgnummer) + 1, None, melding)
        if self.hash != hash:
            return Breuk(volgnummer, None, "De laatste post is niet de post waarmee de keten eindigt.")
        return None
