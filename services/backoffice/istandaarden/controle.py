"""The one call for whoever receives a message: read it, judge it on levels 1 and 2, and say what is wrong."""

from dataclasses import dataclass
from typing import Literal

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.fouten import Fout, Onleesbaar, Schemafout, begrens
from services.backoffice.istandaarden.lezen import lees
from services.backoffice.istandaarden.regels import bevindingen

Uitspraak = Literal["goed", "onleesbaar", "schemafout", "afgekeurd"]


@dataclass(frozen=True, slots=True)
class Oordeel:
    """The verdict on received bytes. `bericht` is the kind (JW305) when recognised.

    `inhoud` is there when the message is goed or afgekeurd: then a return message can be made from it.
    """

    bericht: str | None
    oordeel: Uitspraak
    fouten: tuple[Fout, ...]
    inhoud: Bericht | None


def beoordeel(data: bytes) -> Oordeel:
    """Levels 1 and 2 on `data`; never raises on bad input. Levels 3 and 4 need an administration."""
    try:
        bericht = lees(data)
    except Onleesbaar as fout:
        return Oordeel(None, "onleesbaar", (Fout("Bericht", "XML", None, fout.reden),), None)
    except Schemafout as fout:
        return Oordeel(fout.bericht, "schemafout", fout.fouten, None)
    fouten = begrens(bevindingen(bericht))
    return Oordeel(bericht.naam, "afgekeurd" if fouten else "goed", fouten, bericht)
