"""The answer to a received message (IV028, IV032, OP065); every heenbericht gets exactly one.

Not for 323 (IV087): see `declaratieantwoord`.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.berichtsoorten import BERICHTSOORTEN
from services.backoffice.istandaarden.bouwstenen import Klasse, Veld
from services.backoffice.istandaarden.knoop import Knoop, Waarde, teksten

GOED = "0200"
TECHNISCH = "0001"
NIET_BEOORDEELD = "0233"


def met_retourcodes(klasse: Knoop, codes: Sequence[str]) -> Knoop:
    """A copy of a class with return codes at its end, each once."""
    lijst: list[Waarde] = [*dict.fromkeys(codes)]
    return klasse | {"RetourCodes": {"RetourCode": lijst}}


def _met_codes(waarde: Waarde, veld: Veld, codes: Sequence[str] | None, product: Iterator[Sequence[str]]) -> Waarde:
    """A copy of a class with return codes at its end: `codes`, else those of the next product, else 0200."""
    if not isinstance(veld.soort, Klasse) or veld.soort.basis or not isinstance(waarde, dict):
        return waarde
    if codes is None:
        codes = next(product) if veld.soort.soortnaam.endswith("Product") else (GOED,)
    kopie: Knoop = {}
    for deelveld in veld.soort.velden:
        inhoud = waarde.get(deelveld.naam)
        if isinstance(inhoud, list):
            kopie[deelveld.naam] = [_met_codes(lid, deelveld, None, product) for lid in inhoud]
        elif inhoud is not None:
            kopie[deelveld.naam] = _met_codes(inhoud, deelveld, None, product)
    return kopie if veld.soort.is_lijst else met_retourcodes(kopie, codes or (GOED,))


def aantal_producten(bericht: Bericht) -> int:
    """How many product classes the message holds, in document order: the length that `product_codes` must have."""

    def tel(waarde: Waarde, naam: str) -> int:
        if isinstance(waarde, list):
            return sum(tel(lid, naam) for lid in waarde)
        if not isinstance(waarde, dict):
            return 0
        eigen = naam.endswith("Product") and naam != "Product"
        return eigen + sum(tel(lid, sleutel) for sleutel, lid in waarde.items())

    return sum(tel(deel, naam) for naam, deel in bericht.inhoud.items())


def maak_retour(
    heen: Bericht,
    *,
    identificatie_retour: str,
    dagtekening_retour: date,
    kop_codes: Sequence[str] = (),
    client_codes: Sequence[str] | None = None,
    product_codes: Sequence[Sequence[str]] | None = None,
) -> Bericht:
    """The return message to `heen`, whose header is copied unchanged, Afzender and Ontvanger included.

    All good: no codes at all. Level 2: `kop_codes=("0001",)`. Level 3 or 4: `kop_codes=("0200",)` with `client_codes`
    for the body class and, per product in document order, `product_codes` (None: 0200 for each); other classes get
    0200. Raises ValueError for a message without such an answer or when the number of products differs.
    """
    if heen.soort.retour is None or heen.soort.nummer == "323":
        raise ValueError(f"op {heen.naam} volgt geen gewoon retourbericht")
    soort = BERICHTSOORTEN[heen.soort.retour]
    versie: Knoop = {"BasisschemaXsdVersie": soort.wet.xsd_versie, "BerichtXsdVersie": soort.wet.xsd_versie}
    kop: Knoop = {
        **heen.kop,
        "BerichtCode": soort.berichtcode,
        "IdentificatieRetour": identificatie_retour,
        "DagtekeningRetour": dagtekening_retour.isoformat(),
        "XsdVersieRetour": versie,
    }
    inhoud: Knoop = {"Header": met_retourcodes(kop, kop_codes) if kop_codes else kop}
    if client_codes is not None:
        aantal = aantal_producten(heen)
        per_product = [(GOED,)] * aantal if product_codes is None else product_codes
        if len(per_product) != aantal:
            raise ValueError(f"{len(per_product)} rijen retourcodes voor {aantal} producten")
        kern = heen.soort.wortel.velden[1]
        inhoud[kern.naam] = _met_codes(heen.inhoud[kern.naam], kern, client_codes, iter(per_product))
    return Bericht(soort.naam, inhoud)


def retourcodes(retour: Bericht) -> dict[str, tuple[str, ...]]:
    """The codes in a received return message, per class: {"Header": (...), "Client": (...), ...}, in document order.

    Repeated classes carry their 1-based index: "Client/StartProducten/StartProduct[1]".
    """
    gevonden: dict[str, tuple[str, ...]] = {}

    def zoek(waarde: Waarde, plaats: str) -> None:
        if isinstance(waarde, list):
            for volgnummer, lid in enumerate(waarde, start=1):
                zoek(lid, f"{plaats}[{volgnummer}]")
        elif isinstance(waarde, dict):
            codes = waarde.get("RetourCodes")
            if isinstance(codes, dict):
                gevonden[plaats] = teksten(codes, "RetourCode")
            for naam, lid in waarde.items():
                if naam != "RetourCodes":
                    zoek(lid, f"{plaats}/{naam}" if plaats else naam)

    zoek(retour.inhoud, "")
    return gevonden
