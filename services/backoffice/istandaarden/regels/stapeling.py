"""TR302, TR386, TR410: the same care is not assigned or asked for twice for the same day (OP259, OP347)."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from services.backoffice.istandaarden.knoop import tekst
from services.backoffice.istandaarden.regels.beeld import Beeld
from services.backoffice.istandaarden.regels.datums import Dag
from services.backoffice.istandaarden.regels.register import Bevinding, regel
from services.backoffice.istandaarden.regels.toegewezen import VERVALLEN_CORRECTIE, VERWIJDERD
from services.backoffice.istandaarden.regels.zorgproduct import Zorgproduct, met_product

# Before and after all days there are.
_OPEN: Dag = "9999-99-99"
_NOOIT: Dag = ""


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


def _is_verwijderd(product: Zorgproduct) -> bool:
    # Only a 301 has reasons of change; in a request nothing counts as removed.
    reden = tekst(product.knoop, "RedenWijziging")
    return product.einde == product.begin and reden in (VERWIJDERD, VERVALLEN_CORRECTIE)


@regel("TR410", "317")
@regel("TR386", "315")
@regel("TR302", "301")
def geen_stapeling(beeld: Beeld) -> Iterator[Bevinding]:
    """Compared on code, without a code on category, without a category on everything. Removed ones do not count.

    iWmo: categories 11 through 14 may overlap with anything. One pass over the products by start date, so that a
    very long message takes no more than its length; each product that overlaps with an earlier one is reported once.
    In a 317 only new products are compared: what the others are stands in their assignment (TR361, across messages).
    """
    stapelbaar = beeld.soort.wet.stapelbaar
    perioden = []
    for volgnummer, product in enumerate(met_product(beeld)):
        slot = _OPEN if product.einde is None else product.einde
        categorie = tekst(product.product, "Categorie")
        # A period that ends before it begins is CS003's business and overlaps with nothing.
        if slot >= product.begin and not _is_verwijderd(product) and categorie not in stapelbaar:
            perioden.append((product.begin, volgnummer, slot, product, categorie))
    lopend = _Lopend()
    for begin, _, slot, product, categorie in sorted(perioden, key=lambda periode: periode[:2]):
        code = tekst(product.product, "Code")
        if lopend.botsend_einde(categorie, code) >= begin:
            yield (
                product.beginplaats,
                "De periode overlapt met een andere van hetzelfde product. Laat de perioden op elkaar aansluiten.",
            )
        lopend.voeg_toe(categorie, code, slot)
