"""Level 2: what one message can be judged on by itself. Every rule stands under the name the standard gives it."""

from collections.abc import Collection

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.fouten import Fout
from services.backoffice.istandaarden.regels import (
    antwoord,
    client,
    contact,
    declaratie,
    levering,
    prestatie,
    retour,
    sleutels,
    stapeling,
    toegewezen,
    verzoek,
    zorgproduct,
)
from services.backoffice.istandaarden.regels.datums import onbestaande_datums
from services.backoffice.istandaarden.regels.register import KEUZEREGELS, REGELS

__all__ = ["controleer", "toegepaste_regels"]

# Importing a module signs its rules in; naming them here keeps the imports honest.
_MODULES = (
    *(client, contact, zorgproduct, toegewezen, stapeling, levering, sleutels),
    *(verzoek, antwoord, prestatie, declaratie, retour),
)
AFGEKEURD = "0001"


def controleer(bericht: Bericht, ook: Collection[str] = ()) -> tuple[Fout, ...]:
    """All broken rules of a message that passed level 1, each with return code 0001; empty when all is well.

    `ook` names rules that are applied only on request: IV034, which the published schemas and examples contradict.
    """
    nummer = bericht.soort.nummer
    op_verzoek = [gekozen for gekozen in KEUZEREGELS.get(nummer, ()) if gekozen[0] in ook]
    onbestaand = tuple(Fout(plaats, "TR134", AFGEKEURD, melding) for plaats, melding in onbestaande_datums(bericht))
    return onbestaand + tuple(
        Fout(plaats, naam, AFGEKEURD, melding)
        for naam, regel in (*REGELS.get(nummer, ()), *op_verzoek)
        for plaats, melding in regel(bericht)
    )


def toegepaste_regels(berichtnummer: str) -> frozenset[str]:
    """The rules that are applied to messages of this number (305), those on request left out."""
    return frozenset(nummer for nummer, _ in REGELS.get(berichtnummer, ()))
