"""Level 2: what one message can be judged on by itself. Every rule stands under the name the standard gives it."""

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.fouten import Fout
from services.backoffice.istandaarden.regels import client, contact, levering, sleutels, stapeling, toegewezen
from services.backoffice.istandaarden.regels.datums import onbestaande_datums
from services.backoffice.istandaarden.regels.register import REGELS

__all__ = ["controleer", "toegepaste_regels"]

# Importing a module signs its rules in; naming them here keeps the imports honest.
_MODULES = (client, contact, toegewezen, stapeling, levering, sleutels)
AFGEKEURD = "0001"


def controleer(bericht: Bericht) -> tuple[Fout, ...]:
    """All broken rules of a message that passed level 1, each with return code 0001; empty when all is well.

    Messages for which no rule is described here (the answers, 319, 323) are only judged on their dates.
    """
    onbestaand = tuple(Fout(plaats, "TR134", AFGEKEURD, melding) for plaats, melding in onbestaande_datums(bericht))
    return onbestaand + tuple(
        Fout(plaats, nummer, AFGEKEURD, melding)
        for nummer, regel in REGELS.get(bericht.soort.nummer, ())
        for plaats, melding in regel(bericht)
    )


def toegepaste_regels(berichtnummer: str) -> frozenset[str]:
    """The rules that are applied to messages of this number (305)."""
    return frozenset(nummer for nummer, _ in REGELS.get(berichtnummer, ()))
