"""Level 2 rules about one assigned product in a 301."""

from collections.abc import Iterator

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.knoop import Knoop, deel, klassen, tekst, verplicht
from services.backoffice.istandaarden.regels.datums import dag
from services.backoffice.istandaarden.regels.register import Bevinding, regel

_OUDE_REGELS_TOT_EN_MET = (2020, 12, 31)
_PER_WEEK = "2"
VERVALLEN_CORRECTIE, VERWIJDERD = "01", "13"


def toegewezen_producten(bericht: Bericht) -> Iterator[tuple[str, Knoop]]:
    """Place and contents of each assigned product."""
    rij = klassen(deel(bericht.inhoud, "Client", "ToegewezenProducten"), "ToegewezenProduct")
    for volgnummer, product in enumerate(rij, start=1):
        yield f"Client/ToegewezenProducten/ToegewezenProduct[{volgnummer}]", product


def _loopt_na_2020(product: Knoop) -> bool:
    einde = tekst(product, "Einddatum")
    return einde is None or dag(einde) > _OUDE_REGELS_TOT_EN_MET


@regel("CS003", "301")
def toewijzing_eindigt_na_begin(bericht: Bericht) -> Iterator[Bevinding]:
    """An assignment does not end before it begins."""
    for plaats, product in toegewezen_producten(bericht):
        einde = tekst(product, "Einddatum")
        if einde and dag(einde) < dag(verplicht(product, "Ingangsdatum")):
            yield f"{plaats}/Einddatum", "De einddatum ligt voor de ingangsdatum. Verbeter een van beide."


@regel("CD041", "301")
def omvang_bij_productcode(bericht: Bericht) -> Iterator[Bevinding]:
    """A specific assignment (with code) has an Omvang."""
    for plaats, product in toegewezen_producten(bericht):
        if "Code" in deel(product, "Product") and "Omvang" not in product:
            yield f"{plaats}/Omvang", "Vul Omvang in: die is verplicht als er een productcode is."


@regel("CD075", "301")
def einddatum_bij_budget(bericht: Bericht) -> Iterator[Bevinding]:
    """An assignment with a budget has an end date."""
    for plaats, product in toegewezen_producten(bericht):
        if "Budget" in product and "Einddatum" not in product:
            yield f"{plaats}/Einddatum", "Vul Einddatum in: die is verplicht bij een budget."


@regel("CD076", "301")
def einddatum_bij_frequentie_per_week(bericht: Bericht) -> Iterator[Bevinding]:
    """An assignment with a volume per week has an end date."""
    for plaats, product in toegewezen_producten(bericht):
        if tekst(deel(product, "Omvang"), "Frequentie") == _PER_WEEK and "Einddatum" not in product:
            yield f"{plaats}/Einddatum", "Vul Einddatum in: die is verplicht bij frequentie 2 (per week)."


@regel("CD077", "301")
def geen_omvang_bij_budget(bericht: Bericht) -> Iterator[Bevinding]:
    """Omvang is left out beside a budget."""
    for plaats, product in toegewezen_producten(bericht):
        if "Budget" in product and "Omvang" in product:
            yield f"{plaats}/Omvang", "Laat Omvang weg: een toewijzing met budget heeft geen omvang."


@regel("CD078", "301")
def geen_budget_bij_omvang(bericht: Bericht) -> Iterator[Bevinding]:
    """Budget is left out beside an Omvang."""
    for plaats, product in toegewezen_producten(bericht):
        if "Budget" in product and "Omvang" in product:
            yield f"{plaats}/Budget", "Laat Budget weg: een toewijzing met omvang heeft geen budget."


@regel("CD079", "301")
def product_zonder_budget_verplicht(bericht: Bericht) -> Iterator[Bevinding]:
    """Without a budget there is a product."""
    for plaats, product in toegewezen_producten(bericht):
        if "Budget" not in product and "Product" not in product:
            yield f"{plaats}/Product", "Vul Product in: dat mag alleen weg als er een budget is."


@regel("CD080", "301")
def geen_omvang_zonder_productcode(bericht: Bericht) -> Iterator[Bevinding]:
    """Without a product code there is no Omvang, for assignments that run on after 2020."""
    for plaats, product in toegewezen_producten(bericht):
        if "Code" not in deel(product, "Product") and "Omvang" in product and _loopt_na_2020(product):
            yield f"{plaats}/Omvang", "Laat Omvang weg, of vul een productcode in."


@regel("CS335", "301")
def verwijderd_duurt_een_dag(bericht: Bericht) -> Iterator[Bevinding]:
    """Reason 13 (removed) only when start and end date are the same day."""
    for plaats, product in toegewezen_producten(bericht):
        if tekst(product, "RedenWijziging") != VERWIJDERD:
            continue
        einde = tekst(product, "Einddatum")
        if einde is None or dag(einde) != dag(verplicht(product, "Ingangsdatum")):
            yield (
                f"{plaats}/RedenWijziging",
                "Reden 13 (verwijderd) mag alleen als de einddatum gelijk is aan de ingangsdatum.",
            )


@regel("CS336", "301")
def reden_01_vervallen(bericht: Bericht) -> Iterator[Bevinding]:
    """Reason 01 is not used any more, though the schema lets it pass."""
    for plaats, product in toegewezen_producten(bericht):
        if tekst(product, "RedenWijziging") == VERVALLEN_CORRECTIE:
            yield f"{plaats}/RedenWijziging", "Reden 01 is vervallen. Gebruik 13 (verwijderd) of 14 (correctie)."


@regel("CS338", "301")
def frequentie_past_bij_eenheid(bericht: Bericht) -> Iterator[Bevinding]:
    """Units 14, 16, 83 and 84 go with frequency 2, 4 or 6, for assignments that run on after 2020."""
    for plaats, product in toegewezen_producten(bericht):
        omvang = deel(product, "Omvang")
        if (
            tekst(omvang, "Eenheid") in ("14", "16", "83", "84")
            and tekst(omvang, "Frequentie") not in ("2", "4", "6")
            and _loopt_na_2020(product)
        ):
            yield f"{plaats}/Omvang/Frequentie", "Vul bij deze eenheid frequentie 2, 4 of 6 in."
