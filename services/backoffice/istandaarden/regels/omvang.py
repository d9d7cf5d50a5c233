"""Level 2 rules about period, product, volume and budget of a product, assigned (301) or asked for (315, 317)."""

from collections.abc import Iterator

from services.backoffice.istandaarden.knoop import tekst
from services.backoffice.istandaarden.regels.beeld import Beeld
from services.backoffice.istandaarden.regels.register import Bevinding, regel
from services.backoffice.istandaarden.regels.zorgproduct import met_product, zorgproducten

_PER_WEEK = "2"


@regel("CS003", "301", "315", "317")
def product_eindigt_na_begin(beeld: Beeld) -> Iterator[Bevinding]:
    """A product does not end before it begins."""
    for product in zorgproducten(beeld):
        if product.einde is not None and product.einde < product.begin:
            yield (
                product.eindplaats,
                "De einddatum ligt voor de ingangsdatum. Verbeter een van beide.",
            )


@regel("CD041", "301", "315", "317")
def omvang_bij_productcode(beeld: Beeld) -> Iterator[Bevinding]:
    """A specific product (with code) has an Omvang."""
    for product in met_product(beeld):
        if "Code" in product.product and "Omvang" not in product.knoop:
            yield f"{product.plaats}/Omvang", "Vul Omvang in: die is verplicht als er een productcode is."


@regel("CD075", "301", "315", "317")
def einddatum_bij_budget(beeld: Beeld) -> Iterator[Bevinding]:
    """A product with a budget has an end date."""
    for product in zorgproducten(beeld):
        if "Budget" in product.knoop and product.einde is None:
            yield product.eindplaats, "Vul de einddatum in: die is verplicht bij een budget."


@regel("CD076", "301", "315", "317")
def einddatum_bij_frequentie_per_week(beeld: Beeld) -> Iterator[Bevinding]:
    """A product with a volume per week has an end date."""
    for product in zorgproducten(beeld):
        if tekst(product.omvang, "Frequentie") == _PER_WEEK and product.einde is None:
            yield (
                product.eindplaats,
                "Vul de einddatum in: die is verplicht bij frequentie 2 (per week).",
            )


@regel("CD077", "301", "315", "317")
def geen_omvang_bij_budget(beeld: Beeld) -> Iterator[Bevinding]:
    """Omvang is left out beside a budget."""
    for product in zorgproducten(beeld):
        if "Budget" in product.knoop and "Omvang" in product.knoop:
            yield f"{product.plaats}/Omvang", "Laat Omvang weg: een product met budget heeft geen omvang."


@regel("CD078", "301", "315", "317")
def geen_budget_bij_omvang(beeld: Beeld) -> Iterator[Bevinding]:
    """Budget is left out beside an Omvang."""
    for product in zorgproducten(beeld):
        if "Budget" in product.knoop and "Omvang" in product.knoop:
            yield f"{product.plaats}/Budget", "Laat Budget weg: een product met omvang heeft geen budget."


@regel("CD079", "301", "315", "317")
def product_zonder_budget_verplicht(beeld: Beeld) -> Iterator[Bevinding]:
    """Without a budget there is a product."""
    for product in met_product(beeld):
        if "Budget" not in product.knoop and "Product" not in product.knoop:
            yield f"{product.plaats}/Product", "Vul Product in: dat mag alleen weg als er een budget is."


@regel("CD096", "317")
@regel("CD095", "315")
@regel("CD080", "301")
def geen_omvang_zonder_productcode(beeld: Beeld) -> Iterator[Bevinding]:
    """Without a product code there is no Omvang, for products that run on after 2020."""
    for product in met_product(beeld):
        if "Code" not in product.product and "Omvang" in product.knoop and product.na_2020:
            yield f"{product.plaats}/Omvang", "Laat Omvang weg, of vul een productcode in."


@regel("CS343", "315")
@regel("CS338", "301", "317")
def frequentie_past_bij_eenheid(beeld: Beeld) -> Iterator[Bevinding]:
    """Units 14, 16, 83 and 84 go with frequency 2, 4 or 6, for products that run on after 2020."""
    for product in zorgproducten(beeld):
        omvang = product.omvang
        if (
            tekst(omvang, "Eenheid") in ("14", "16", "83", "84")
            and tekst(omvang, "Frequentie") not in ("2", "4", "6")
            and product.na_2020
        ):
            yield f"{product.plaats}/Omvang/Frequentie", "Vul bij deze eenheid frequentie 2, 4 of 6 in."
