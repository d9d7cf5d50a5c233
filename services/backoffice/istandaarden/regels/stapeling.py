"""TR302: the same care is not assigned twice for the same day in one 301 (OP259)."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.knoop import Knoop, deel, tekst, verplicht
from services.backoffice.istandaarden.regels.datums import Dag, dag
from services.backoffice.istandaarden.regels.register import Bevinding, regel
from services.backoffice.istandaarden.regels.toegewezen import (
    VERVALLEN_CORRECTIE,
    VERWIJDERD,
    toegewezen_producten,
)

_OPEN: Dag = (10**30, 1, 1)
_NOOIT: Dag = (-(10**30), 1, 1)


def _eindes() -> defaultdict[object, Dag]:
    return defaultdict(lambda: _NOOIT)


@dataclass(slots=True)
class _Lopend:
    """The last end date of what began earlier, per level on which two assignments may clash."""

    code: defaultdict[object, Dag] = field(default_factory=_eindes)
    categorie: defaultdict[object, Dag] = field(default_factory=_eindes)
    categorie_zonder_code: defaultdict[object, Dag] = field(default_factory=_eindes)
    alles: Dag = _NOOIT
    zonder_product: Dag = _NOOIT

    def botsend_einde(self, categorie: str | None, code: str | None) -> Dag:
        """The last day on which something runs that may not overlap with this product."""
        if categorie is None:
            return self.alles
        if code is None:
            return max(self.categorie[categorie], self.zonder_product)
        return max(self.code[categorie, code], self.categorie_zonder_code[categorie], self.zonder_product)

    def voeg_toe(self, categorie: str | None, code: str | None, einde: Dag) -> None:
        self.alles = max(self.alles, einde)
        if categorie is None:
            self.zonder_product = max(self.zonder_product, einde)
            return
        self.categorie[categorie] = max(self.categorie[categorie], einde)
        if code is None:
            self.categorie_zonder_code[categorie] = max(self.categorie_zonder_code[categorie], einde)
        else:
            self.code[categorie, code] = max(self.code[categorie, code], einde)


def _is_verwijderd(product: Knoop) -> bool:
    reden, einde = tekst(product, "RedenWijziging"), tekst(product, "Einddatum")
    eendaags = einde is not None and dag(einde) == dag(verplicht(product, "Ingangsdatum"))
    return eendaags and reden in (VERWIJDERD, VERVALLEN_CORRECTIE)


@regel("TR302", "301")
def geen_stapeling(bericht: Bericht) -> Iterator[Bevinding]:
    """Compared on code, without a code on category, without a category on everything. Removed ones do not count.

    iWmo: categories 11 through 14 may overlap with anything. One pass over the products by start date, so that a
    very long message takes no more than its length; each product that overlaps with an earlier one is reported once.
    """
    stapelbaar = bericht.soort.wet.stapelbaar
    perioden = []
    for volgnummer, (plaats, product) in enumerate(toegewezen_producten(bericht)):
        einde = tekst(product, "Einddatum")
        slot = _OPEN if einde is None else dag(einde)
        begin = dag(verplicht(product, "Ingangsdatum"))
        categorie = tekst(deel(product, "Product"), "Categorie")
        # A period that ends before it begins is CS003's business and overlaps with nothing.
        if slot >= begin and not _is_verwijderd(product) and categorie not in stapelbaar:
            perioden.append((begin, volgnummer, slot, plaats, categorie, tekst(deel(product, "Product"), "Code")))
    lopend = _Lopend()
    for begin, _, slot, plaats, categorie, code in sorted(perioden, key=lambda periode: periode[:2]):
        if lopend.botsend_einde(categorie, code) >= begin:
            yield (
                f"{plaats}/Ingangsdatum",
                "Deze toewijzing overlapt met een andere van hetzelfde product. Laat de perioden op elkaar aansluiten.",
            )
        lopend.voeg_toe(categorie, code, slot)
