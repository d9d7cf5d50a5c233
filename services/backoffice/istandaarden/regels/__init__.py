"""Level 2: what one message can be judged on by itself. Every rule stands under the name the standard gives it."""

from collections.abc import Collection, Iterator

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.fouten import Fout
from services.backoffice.istandaarden.regels import (
    antwoord,
    client,
    contact,
    declaratie,
    levering,
    omvang,
    prestatie,
    retour,
    sleutels,
    stapeling,
    toegewezen,
    verzoek,
)
from services.backoffice.istandaarden.regels.beeld import Beeld
from services.backoffice.istandaarden.regels.datums import vreemde_tijden
from services.backoffice.istandaarden.regels.register import KEUZEREGELS, REGELS

__all__ = ["bevindingen", "controleer", "toegepaste_regels"]

# Importing a module signs its rules in; naming them here keeps the imports honest.
_MODULES = (
    *(client, contact, omvang, toegewezen, stapeling, levering, sleutels),
    *(verzoek, antwoord, prestatie, declaratie, retour),
)
AFGEKEURD = "0001"


def controleer(bericht: Bericht, ook: Collection[str] = ()) -> tuple[Fout, ...]:
    """All broken rules of a message that passed level 1, each with return code 0001; empty when all is well.

    A date or time that does not exist is told by itself: what other rules would make of it means nothing.
    `ook` names rules that are applied only on request: IV034, which the published schemas and examples contradict.
    """
    return tuple(bevindingen(bericht, ook))


def bevindingen(bericht: Bericht, ook: Collection[str] = ()) -> Iterator[Fout]:
    """The same one by one: a long message can break a rule very often."""
    vreemd = vreemde_tijden(bericht)
    yield from (Fout(plaats, naam, AFGEKEURD, melding) for naam, plaats, melding in vreemd)
    if vreemd:
        return
    nummer = bericht.soort.nummer
    op_verzoek = [gekozen for gekozen in KEUZEREGELS.get(nummer, ()) if gekozen[0] in ook]
    beeld = Beeld(bericht)
    for naam, regel in (*REGELS.get(nummer, ()), *op_verzoek):
        for plaats, melding in regel(beeld):
            yield Fout(plaats, naam, AFGEKEURD, melding)


def toegepaste_regels(berichtnummer: str) -> frozenset[str]:
    """The rules that are applied to messages of this number (305), those on request left out."""
    return frozenset(nummer for nummer, _ in REGELS.get(berichtnummer, ()))
