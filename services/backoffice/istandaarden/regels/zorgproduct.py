"""A product with a period, wherever it is assigned (301) or asked for (315, 317)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from services.backoffice.istandaarden.knoop import Knoop, deel, klassen, tekst, verplicht
from services.backoffice.istandaarden.regels.beeld import Beeld, eenmaal
from services.backoffice.istandaarden.regels.datums import Dag

_OUDE_REGELS_TOT_EN_MET = "2020-12-31"


@dataclass(frozen=True, slots=True)
class Zorgsoort:
    """Where products of one class stand and what their dates are called; `volledig`: it names its product itself."""

    pad: tuple[str, ...]
    klasse: str
    begin: str
    einde: str
    volledig: bool = True


_SOORTEN: dict[str, tuple[Zorgsoort, ...]] = {
    "301": (Zorgsoort(("Client", "ToegewezenProducten"), "ToegewezenProduct", "Ingangsdatum", "Einddatum"),),
    "315": (
        Zorgsoort(
            ("Client", "AangevraagdeProducten"),
            "AangevraagdProduct",
            "ToewijzingIngangsdatum",
            "ToewijzingEinddatum",
        ),
    ),
    "317": (
        Zorgsoort(
            ("Client", "Verzoek", "TeWijzigenProducten"),
            "TeWijzigenProduct",
            "GewensteIngangsdatum",
            "Einddatum",
            volledig=False,
        ),
        Zorgsoort(("Client", "Verzoek", "NieuweProducten"), "NieuwProduct", "GewensteIngangsdatum", "Einddatum"),
    ),
}


class Zorgproduct(NamedTuple):
    """One product: where it stands and what it holds. `einde` is None when it runs on; absent classes are empty."""

    plaats: str
    knoop: Knoop
    product: Knoop
    omvang: Knoop
    begin: Dag
    einde: Dag | None
    soort: Zorgsoort

    @property
    def beginplaats(self) -> str:
        """Where the first day stands."""
        return f"{self.plaats}/{self.soort.begin}"

    @property
    def eindplaats(self) -> str:
        """Where the last day stands, or should."""
        return f"{self.plaats}/{self.soort.einde}"

    @property
    def na_2020(self) -> bool:
        """Whether it runs on after 2020, when the rules on Omvang became stricter."""
        return self.einde is None or self.einde > _OUDE_REGELS_TOT_EN_MET


@eenmaal
def zorgproducten(beeld: Beeld) -> Iterator[Zorgproduct]:
    """All products with a period, in the order of the message."""
    for soort in _SOORTEN[beeld.soort.nummer]:
        begin = f"{'/'.join(soort.pad)}/{soort.klasse}"
        rij = klassen(deel(beeld.inhoud, *soort.pad), soort.klasse)
        for volgnummer, knoop in enumerate(rij, start=1):
            yield Zorgproduct(
                f"{begin}[{volgnummer}]",
                knoop,
                deel(knoop, "Product"),
                deel(knoop, "Omvang"),
                verplicht(knoop, soort.begin),
                tekst(knoop, soort.einde),
                soort,
            )


@eenmaal
def met_product(beeld: Beeld) -> Iterator[Zorgproduct]:
    """The products that name their category and code themselves (all but TeWijzigenProduct)."""
    return (product for product in zorgproducten(beeld) if product.soort.volledig)
