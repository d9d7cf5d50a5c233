"""Where a visitor can go: one list for the pages of all services, which share one address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from shared.kernel.rol import Rol
from shared.outbox.edge import Caller

REGIO = (Rol.CONTRACTMANAGER, Rol.CONTROLLER, Rol.AANBIEDER)
GELD = (Rol.CONTROLLER, Rol.AANBIEDER)
BERICHTEN = (Rol.BACKOFFICE, Rol.AANBIEDER)


class Bestemming(NamedTuple):
    """A page that everybody with one of these roles can open."""

    naam: str
    pad: str
    rollen: tuple[Rol, ...]


BESTEMMINGEN = (
    Bestemming("Regio", "/contractmanagement/regio", REGIO),
    Bestemming("Signalen", "/contractmanagement/signalen", REGIO),
    Bestemming("Betaalschema's", "/financien/betaalschemas", GELD),
    Bestemming("Bijstellingen", "/financien/bijstellingen", GELD),
    Bestemming("Afrekeningen", "/financien/afrekeningen", GELD),
    Bestemming("Berichten", "/backoffice/berichten", BERICHTEN),
)


def bestemmingen(caller: Caller | None) -> Iterator[Bestemming]:
    """What this visitor can open."""
    if caller is not None:
        yield from (bestemming for bestemming in BESTEMMINGEN if caller.rol in bestemming.rollen)


def thuis(caller: Caller) -> str:
    """The page that a visitor begins on."""
    return next((bestemming.pad for bestemming in bestemmingen(caller)), "/")
