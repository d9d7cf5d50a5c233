"""Level 2 rules about the requests of a provider: for an assignment (315) and for a change (317)."""

from collections.abc import Iterator

from services.backoffice.istandaarden.knoop import Knoop, deel, klassen, tekst, verplicht
from services.backoffice.istandaarden.regels.beeld import Beeld, eenmaal
from services.backoffice.istandaarden.regels.register import Bevinding, regel

# Referrers who have a provider code: doctors and certified institutions.
_VERWIJZERS_MET_CODE = frozenset(("02", "03", "04", "05"))


@eenmaal
def _aangevraagd(beeld: Beeld) -> Iterator[tuple[str, Knoop]]:
    rij = klassen(deel(beeld.inhoud, "Client", "AangevraagdeProducten"), "AangevraagdProduct")
    for volgnummer, product in enumerate(rij, start=1):
        yield f"Client/AangevraagdeProducten/AangevraagdProduct[{volgnummer}]", product


@eenmaal
def _verwijzers(beeld: Beeld) -> Iterator[tuple[str, Knoop, bool]]:
    """Place, contents, and whether this kind of referrer has a provider code."""
    for plaats, product in _aangevraagd(beeld):
        verwijzer = deel(product, "Verwijzer")
        yield f"{plaats}/Verwijzer", verwijzer, tekst(verwijzer, "Type") in _VERWIJZERS_MET_CODE


@regel("CD043", "315")
def ingangsdatum_hoort_bij_beschikking(beeld: Beeld) -> Iterator[Bevinding]:
    """BeschikkingIngangsdatum is filled when BeschikkingNummer is, and only then."""
    for plaats, product in _aangevraagd(beeld):
        if ("BeschikkingNummer" in product) != ("BeschikkingIngangsdatum" in product):
            yield (
                f"{plaats}/BeschikkingIngangsdatum",
                "Vul BeschikkingIngangsdatum in als er een BeschikkingNummer is, en laat het anders weg.",
            )


@regel("CD066", "315")
def geen_naam_bij_zorgverlenercode(beeld: Beeld) -> Iterator[Bevinding]:
    """A referrer of type 02 to 05 with a provider code is not named as well."""
    for plaats, verwijzer, met_code in _verwijzers(beeld):
        if met_code and "ZorgverlenerCode" in verwijzer and "Naam" in verwijzer:
            yield f"{plaats}/Naam", "Laat Naam weg: de ZorgverlenerCode zegt al wie de verwijzer is."


@regel("CD067", "315")
def naam_zonder_zorgverlenercode(beeld: Beeld) -> Iterator[Bevinding]:
    """A referrer of type 02 to 05 without a provider code is named."""
    for plaats, verwijzer, met_code in _verwijzers(beeld):
        if met_code and "ZorgverlenerCode" not in verwijzer and "Naam" not in verwijzer:
            yield f"{plaats}/Naam", "Vul de ZorgverlenerCode van de verwijzer in, of anders de Naam."


@regel("CD068", "315")
def zorgverlenercode_alleen_bij_zorgverlener(beeld: Beeld) -> Iterator[Bevinding]:
    """Other referrers than types 02 to 05 have no provider code."""
    for plaats, verwijzer, met_code in _verwijzers(beeld):
        if not met_code and "ZorgverlenerCode" in verwijzer:
            yield (
                f"{plaats}/ZorgverlenerCode",
                "Laat ZorgverlenerCode weg: die hoort alleen bij een verwijzer van type 02, 03, 04 of 05.",
            )


@regel("TR383", "315")
def referentie_is_uniek(beeld: Beeld) -> Iterator[Bevinding]:
    """No two requested products carry the same ReferentieAanbieder (OP361)."""
    gezien: set[str] = set()
    for plaats, product in _aangevraagd(beeld):
        referentie = verplicht(product, "ReferentieAanbieder")
        if referentie in gezien:
            yield f"{plaats}/ReferentieAanbieder", "Geef elk aangevraagd product een eigen ReferentieAanbieder."
        gezien.add(referentie)


@regel("TR352", "317")
def verzoek_noemt_een_bestaand_product(beeld: Beeld) -> Iterator[Bevinding]:
    """A change request holds at least one unchanged product or product to change (OP308)."""
    verzoek = deel(beeld.inhoud, "Client", "Verzoek")
    if "OngewijzigdeProducten" not in verzoek and "TeWijzigenProducten" not in verzoek:
        yield (
            "Client/Verzoek",
            "Noem ook de lopende toewijzingen: als OngewijzigdProduct of als TeWijzigenProduct. "
            "Zijn die er niet, stuur dan een verzoek om toewijzing (315).",
        )


@regel("TR353", "317")
def verzoek_vraagt_een_wijziging(beeld: Beeld) -> Iterator[Bevinding]:
    """A change request holds at least one product to change or new product (OP308)."""
    verzoek = deel(beeld.inhoud, "Client", "Verzoek")
    if "TeWijzigenProducten" not in verzoek and "NieuweProducten" not in verzoek:
        yield "Client/Verzoek", "Noem ten minste één TeWijzigenProduct of NieuwProduct: nu verandert er niets."


@regel("TR380", "317")
def nieuw_product_begint_na_dagtekening(beeld: Beeld) -> Iterator[Bevinding]:
    """A new product begins after Dagtekening.

    The source does not say which dates TR380 binds. Not those of a product to change: TR357 and TR373 speak of ones
    that lie in the past.
    """
    rij = klassen(deel(beeld.inhoud, "Client", "Verzoek", "NieuweProducten"), "NieuwProduct")
    for volgnummer, product in enumerate(rij, start=1):
        if verplicht(product, "GewensteIngangsdatum") <= beeld.dagtekening:
            yield (
                f"Client/Verzoek/NieuweProducten/NieuwProduct[{volgnummer}]/GewensteIngangsdatum",
                "Kies een ingangsdatum na de dagtekening van het bericht: een nieuw product begint in de toekomst.",
            )
