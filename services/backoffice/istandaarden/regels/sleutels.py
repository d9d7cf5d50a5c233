"""TR101: within one message no class occurs twice under the same logical key, keys of its parents included."""

from collections.abc import Hashable, Iterator

from services.backoffice.istandaarden.knoop import Knoop, Waarde, deel, klassen
from services.backoffice.istandaarden.regels.beeld import Beeld
from services.backoffice.istandaarden.regels.register import Bevinding, regel

# Path below Client, class, key elements. The parents of all of these occur once, so their keys add nothing. The
# contact of a relation occurs once under the relation's own key.
_SLEUTELS: dict[str, tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...]] = {
    "301": (
        (("Relaties",), "Relatie", ("Nummer",)),
        (("Contactgegevens",), "Contact", ("Soort",)),
        (("ToegewezenProducten",), "ToegewezenProduct", ("ToewijzingNummer",)),
    ),
    "305": ((("StartProducten",), "StartProduct", ("ToewijzingNummer", "Product", "Begindatum")),),
    "307": (
        (
            ("StopProducten",),
            "StopProduct",
            ("ToewijzingNummer", "Product", "Begindatum", "Einddatum", "RedenBeeindiging"),
        ),
    ),
    "315": ((("AangevraagdeProducten",), "AangevraagdProduct", ("ReferentieAanbieder",)),),
    "317": (
        (("Verzoek", "OngewijzigdeProducten"), "OngewijzigdProduct", ("ToewijzingNummer",)),
        (("Verzoek", "TeWijzigenProducten"), "TeWijzigenProduct", ("ToewijzingNummer",)),
        (("Verzoek", "NieuweProducten"), "NieuwProduct", ("Product", "GewensteIngangsdatum")),
    ),
}


def _sleutelwaarde(waarde: Waarde | None) -> Hashable:
    if isinstance(waarde, dict):
        return tuple((naam, _sleutelwaarde(lid)) for naam, lid in sorted(waarde.items()))
    return None if isinstance(waarde, list) else waarde


def logische_sleutel(knoop: Knoop, elementen: tuple[str, ...]) -> Hashable:
    """The key of one class; an absent element counts as a value of its own."""
    return tuple(_sleutelwaarde(knoop.get(naam)) for naam in elementen)


def dubbel(elementen: tuple[str, ...]) -> str:
    """What to do about a class that occurs twice."""
    return f"Deze regel staat dubbel in het bericht: {', '.join(elementen)} zijn gelijk. Laat er één staan."


@regel("TR101", *_SLEUTELS)
def geen_dubbele_sleutels(beeld: Beeld) -> Iterator[Bevinding]:
    """Each class occurs once per key; the second and later ones are reported."""
    for omhulsel, klasse, elementen in _SLEUTELS[beeld.soort.nummer]:
        rij = tuple(klassen(deel(beeld.inhoud, "Client", *omhulsel), klasse))
        if len(rij) < 2:
            continue
        gezien: set[Hashable] = set()
        for volgnummer, lid in enumerate(rij, start=1):
            sleutel = logische_sleutel(lid, elementen)
            if sleutel in gezien:
                yield (
                    f"Client/{'/'.join(omhulsel)}/{klasse}[{volgnummer}]",
                    dubbel(elementen),
                )
            gezien.add(sleutel)
