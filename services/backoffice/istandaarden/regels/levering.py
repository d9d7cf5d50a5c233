"""Level 2 rules about the products in a start (305) or stop (307) message."""

from collections.abc import Iterator

from services.backoffice.istandaarden.knoop import Knoop, deel, klassen, tekst, verplicht
from services.backoffice.istandaarden.regels.beeld import Beeld, eenmaal
from services.backoffice.istandaarden.regels.register import Bevinding, regel

NIEUW, VERWIJDEREN = "1", "3"


@eenmaal
def _producten(beeld: Beeld) -> Iterator[tuple[str, Knoop]]:
    soort = "Start" if beeld.soort.nummer == "305" else "Stop"
    rij = klassen(deel(beeld.inhoud, "Client", f"{soort}Producten"), f"{soort}Product")
    for volgnummer, product in enumerate(rij, start=1):
        yield f"Client/{soort}Producten/{soort}Product[{volgnummer}]", product


@regel("CS058", "305", "307")
def status_is_nieuw_of_verwijderen(beeld: Beeld) -> Iterator[Bevinding]:
    """StatusAanlevering is 1 or 3; the schema also lets 2 and 9 pass. Holds OP033x2 (never 2) as well."""
    for plaats, product in _producten(beeld):
        if tekst(product, "StatusAanlevering") not in (NIEUW, VERWIJDEREN):
            yield (
                f"{plaats}/StatusAanlevering",
                "Vul 1 (nieuw) of 3 (verwijderen) in. Wijzigen kan niet: verwijder de oude regel en stuur een nieuwe.",
            )


@regel("TR018", "307")
def stop_ligt_niet_voor_begin(beeld: Beeld) -> Iterator[Bevinding]:
    """Care does not stop before it began. Not judged for a removal, whose contents do not matter (TR063)."""
    for plaats, product in _producten(beeld):
        if tekst(product, "StatusAanlevering") == VERWIJDEREN:
            continue
        if verplicht(product, "Einddatum") < verplicht(product, "Begindatum"):
            yield f"{plaats}/Einddatum", "De einddatum ligt voor de begindatum. Verbeter een van beide."
