"""What a message in the archive can be."""

from __future__ import annotations

from enum import StrEnum
from hashlib import sha256

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
IDENTIFICATIE_LENGTE = 12


class Richting(StrEnum):
    """Seen from the gemeente."""

    IN = "in"
    UIT = "uit"


class Status(StrEnum):
    """Where a message stands. `wacht`: on another one that may still be under way (OP080)."""

    ONTVANGEN = "ontvangen"
    WACHT = "wacht"
    GOEDGEKEURD = "goedgekeurd"
    AFGEKEURD = "afgekeurd"
    ONLEESBAAR = "onleesbaar"
    SCHEMAFOUT = "schemafout"
    GEWEIGERD = "geweigerd"
    NIET_ONDERSTEUND = "niet_ondersteund"
    TE_GROOT = "te_groot"
    HERHALING = "herhaling"
    VERZONDEN = "verzonden"


def vingerafdruk(inhoud: bytes) -> str:
    """SHA-256 of the bytes as they came."""
    return sha256(inhoud).hexdigest()


def identificatie(bericht: str) -> str:
    """A message identification of 12 characters that follows from our own id (TR056: unique per sender and kind)."""
    number = int.from_bytes(sha256(bericht.encode()).digest()[:8])
    return "".join(ALPHABET[(number >> (5 * place)) & 31] for place in range(IDENTIFICATIE_LENGTE))
