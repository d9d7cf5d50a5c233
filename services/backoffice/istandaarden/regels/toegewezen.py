"""Level 2 rules about the reason of change of an assigned product (301)."""

from collections.abc import Iterator

from services.backoffice.istandaarden.knoop import Knoop, deel, klassen, tekst, verplicht
from services.backoffice.istandaarden.regels.beeld import Beeld, eenmaal
from services.backoffice.istandaarden.regels.register import Bevinding, regel

VERVALLEN_CORRECTIE, VERWIJDERD = "01", "13"


@eenmaal
def toegewezen_producten(beeld: Beeld) -> Iterator[tuple[str, Knoop]]:
    """Place and contents of each assigned product."""
    rij = klassen(deel(beeld.inhoud, "Client", "ToegewezenProducten"), "ToegewezenProduct")
    for volgnummer, product in enumerate(rij, start=1):
        yield f"Client/ToegewezenProducten/ToegewezenProduct[{volgnummer}]", product


@regel("CS335", "301")
def verwijderd_duurt_een_dag(beeld: Beeld) -> Iterator[Bevinding]:
    """Reason 13 (removed) only when start and end date are the same day."""
    for plaats, product in toegewezen_producten(beeld):
        if tekst(product, "RedenWijziging") != VERWIJDERD:
            continue
        einde = tekst(product, "Einddatum")
        if einde is None or einde != verplicht(product, "Ingangsdatum"):
            yield (
                f"{plaats}/RedenWijziging",
                "Reden 13 (verwijderd) mag alleen als de einddatum gelijk is aan de ingangsdatum.",
            )


@regel("CS336", "301")
def reden_01_vervallen(beeld: Beeld) -> Iterator[Bevinding]:
    """Reason 01 is not used any more, though the schema lets it pass."""
    for plaats, product in toegewezen_producten(beeld):
        if tekst(product, "RedenWijziging") == VERVALLEN_CORRECTIE:
            yield f"{plaats}/RedenWijziging", "Reden 01 is vervallen. Gebruik 13 (verwijderd) of 14 (correctie)."
