"""Level 2 rules about a product with a period, wherever it is assigned (301) or asked for (315, 317)."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.knoop import Knoop, deel, klassen, tekst, verplicht
from services.backoffice.istandaarden.regels.datums import Dag, dag
from services.backoffice.istandaarden.regels.register import Bevinding, regel

_OUDE_REGELS_TOT_EN_MET = (2020, 12, 31)
_PER_WEEK = "2"


@dataclass(frozen=True, slots=True)
class _Soort:
    """Where products of one class stand and what their dates are called; `volledig`: it names its product itself."""

    pad: tuple[str, ...]
    klasse: str
    begin: str
    einde: str
    volledig: bool = True


_SOORTEN: dict[str, tuple[_Soort, ...]] = {
    "301": (_Soort(("Client", "ToegewezenProducten"), "ToegewezenProduct", "Ingangsdatum", "Einddatum"),),
    "315": (
        _Soort(
            ("Client", "AangevraagdeProducten"),
            "AangevraagdProduct",
            "ToewijzingIngangsdatum",
            "ToewijzingEinddatum",
        ),
    ),
    "317": (
        _Soort(
            ("Client", "Verzoek", "TeWijzigenProducten"),
            "TeWijzigenProduct",
            "GewensteIngangsdatum",
            "Einddatum",
            volledig=False,
        ),
        _Soort(("Client", "Verzoek", "NieuweProducten"), "NieuwProduct", "GewensteIngangsdatum", "Einddatum"),
    ),
}


@dataclass(frozen=True, slots=True)
class Zorgproduct:
    """One product: where it stands and what it holds. `einde` is None when it runs on."""

    plaats: str
    knoop: Knoop
    beginveld: str
    eindveld: str

    @property
    def begin(self) -> Dag:
        """First day."""
        return dag(verplicht(self.knoop, self.beginveld))

    @property
    def einde(self) -> Dag | None:
        """Last day."""
        waarde = tekst(self.knoop, self.eindveld)
        return None if waarde is None else dag(waarde)

    @property
    def na_2020(self) -> bool:
        """Whether it runs on after 2020, when the rules on Omvang became stricter."""
        return self.einde is None or self.einde > _OUDE_REGELS_TOT_EN_MET


def met_product(bericht: Bericht) -> Iterator[Zorgproduct]:
    """The products that name their category and code themselves (all but TeWijzigenProduct)."""
    return _producten(bericht, alle=False)


def zorgproducten(bericht: Bericht) -> Iterator[Zorgproduct]:
    """All products with a period, in the order of the message."""
    return _producten(bericht, alle=True)


def _producten(bericht: Bericht, *, alle: bool) -> Iterator[Zorgproduct]:
    for soort in _SOORTEN[bericht.soort.nummer]:
        if alle or soort.volledig:
            rij = klassen(deel(bericht.inhoud, *soort.pad), soort.klasse)
            for volgnummer, knoop in enumerate(rij, start=1):
                plaats = f"{'/'.join(soort.pad)}/{soort.klasse}[{volgnummer}]"
                yield Zorgproduct(plaats, knoop, soort.begin, soort.einde)


@regel("CS003", "301", "315", "317")
def product_eindigt_na_begin(bericht: Bericht) -> Iterator[Bevinding]:
    """A product does not end before it begins."""
    for product in zorgproducten(bericht):
        if product.einde is not None and product.einde < product.begin:
            yield (
                f"{product.plaats}/{product.eindveld}",
                "De einddatum ligt voor de ingangsdatum. Verbeter een van beide.",
            )


@regel("CD041", "301", "315", "317")
def omvang_bij_productcode(bericht: Bericht) -> Iterator[Bevinding]:
    """A specific product (with code) has an Omvang."""
    for product in met_product(bericht):
        if "Code" in deel(product.knoop, "Product") and "Omvang" not in product.knoop:
            yield f"{product.plaats}/Omvang", "Vul Omvang in: die is verplicht als er een productcode is."


@regel("CD075", "301", "315", "317")
def einddatum_bij_budget(bericht: Bericht) -> Iterator[Bevinding]:
    """A product with a budget has an end date."""
    for product in zorgproducten(bericht):
        if "Budget" in product.knoop and product.einde is None:
            yield f"{product.plaats}/{product.eindveld}", "Vul de einddatum in: die is verplicht bij een budget."


@regel("CD076", "301", "315", "317")
def einddatum_bij_frequentie_per_week(bericht: Bericht) -> Iterator[Bevinding]:
    """A product with a volume per week has an end date."""
    for product in zorgproducten(bericht):
        if tekst(deel(product.knoop, "Omvang"), "Frequentie") == _PER_WEEK and product.einde is None:
            yield (
                f"{product.plaats}/{product.eindveld}",
                "Vul de einddatum in: die is verplicht bij frequentie 2 (per week).",
            )


@regel("CD077", "301", "315", "317")
def geen_omvang_bij_budget(bericht: Bericht) -> Iterator[Bevinding]:
    """Omvang is left out beside a budget."""
    for product in zorgproducten(bericht):
        if "Budget" in product.knoop and "Omvang" in product.knoop:
            yield f"{product.plaats}/Omvang", "Laat Omvang weg: een product met budget heeft geen omvang."


@regel("CD078", "301", "315", "317")
def geen_budget_bij_omvang(bericht: Bericht) -> Iterator[Bevinding]:
    """Budget is left out beside an Omvang."""
    for product in zorgproducten(bericht):
        if "Budget" in product.knoop and "Omvang" in product.knoop:
            yield f"{product.plaats}/Budget", "Laat Budget weg: een product met omvang heeft geen budget."


@regel("CD079", "301", "315", "317")
def product_zonder_budget_verplicht(bericht: Bericht) -> Iterator[Bevinding]:
    """Without a budget there is a product."""
    for product in met_product(bericht):
        if "Budget" not in product.knoop and "Product" not in product.knoop:
            yield f"{product.plaats}/Product", "Vul Product in: dat mag alleen weg als er een budget is."


@regel("CD096", "317")
@regel("CD095", "315")
@regel("CD080", "301")
def geen_omvang_zonder_productcode(bericht: Bericht) -> Iterator[Bevinding]:
    """Without a product code there is no Omvang, for products that run on after 2020."""
    for product in met_product(bericht):
        if "Code" not in deel(product.knoop, "Product") and "Omvang" in product.knoop and product.na_2020:
            yield f"{product.plaats}/Omvang", "Laat Omvang weg, of vul een productcode in."


@regel("CS343", "315")
@regel("CS338", "301", "317")
def frequentie_past_bij_eenheid(bericht: Bericht) -> Iterator[Bevinding]:
    """Units 14, 16, 83 and 84 go with frequency 2, 4 or 6, for products that run on after 2020."""
    for product in zorgproducten(bericht):
        omvang = deel(product.knoop, "Omvang")
        if (
            tekst(omvang, "Eenheid") in ("14", "16", "83", "84")
            and tekst(omvang, "Frequentie") not in ("2", "4", "6")
            and product.na_2020
        ):
            yield f"{product.plaats}/Omvang/Frequentie", "Vul bij deze eenheid frequentie 2, 4 of 6 in."
