"""The assignment message (301): all current and changed assignments of one client to one provider (OP087)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.fouten import Afgekeurd
from services.backoffice.istandaarden.knoop import Knoop, Waarde, deel
from services.backoffice.istandaarden.kop import maak_kop
from services.backoffice.istandaarden.persoon import Client, Contact, naar_knoop, zonder_lege
from services.backoffice.istandaarden.regels import controleer
from services.backoffice.istandaarden.schrijven import schrijf
from services.backoffice.istandaarden.wet import WETTEN

ZONDER_PARTNERNAAM = "1"


@dataclass(frozen=True, slots=True)
class ToegewezenProduct:
    """One assignment. Date and time of assignment tell which version counts (IV013).

    With a code it is specific and carries volume, unit and frequency: by default one place over the whole period
    (B-2). Without a code these are left out (CD080); `budget` (euro cents) goes with neither.
    """

    nummer: int
    categorie: str | None
    code: str | None
    toewijzingsdatum: date
    toewijzingstijd: time
    ingangsdatum: date
    einddatum: date | None = None
    reden_wijziging: str | None = None
    volume: int = 1
    eenheid: str = "82"
    frequentie: str = "6"
    budget_cent: int | None = None
    referentie_aanbieder: str | None = None
    commentaar: str | None = None


def _telefoon(contact: Contact) -> Knoop:
    """Digits only, +31 written as a Dutch number; empty when there is no number."""
    cijfers = "".join(teken for teken in contact.telefoon or "" if teken not in " -()./\u00a0")
    for internationaal in ("+31", "0031"):
        if cijfers.startswith(internationaal):
            cijfers = f"0{cijfers.removeprefix(internationaal).removeprefix('0')}"
    if not cijfers:
        return {}
    return {"Telefoon01": {"Telefoonnummer": cijfers, "Landnummer": contact.landnummer}}


def _contact(contact: Contact) -> Knoop:
    huis = zonder_lege(
        Huisnummer=contact.huisnummer,
        Huisletter=contact.huisletter,
        HuisnummerToevoeging=contact.toevoeging,
    )
    adres = zonder_lege(
        Huis=huis if contact.huisnummer is not None else None,
        Postcode=contact.postcode,
        Straatnaam=contact.straatnaam,
        Plaatsnaam=contact.plaatsnaam,
        # CD005: a country only beside a postcode.
        LandCode=contact.land if contact.postcode else None,
    )
    return zonder_lege(Soort=contact.soort, Adres=adres, Telefoon=_telefoon(contact), Emailadres=contact.emailadres)


def _product(product: ToegewezenProduct) -> Knoop:
    omvang = {"Volume": product.volume, "Eenheid": product.eenheid, "Frequentie": product.frequentie}
    return zonder_lege(
        ToewijzingNummer=product.nummer,
        ReferentieAanbieder=product.referentie_aanbieder,
        Product=zonder_lege(Categorie=product.categorie, Code=product.code),
        Toewijzingsdatum=product.toewijzingsdatum.isoformat(),
        Toewijzingstijd=product.toewijzingstijd.strftime("%H:%M:%S"),
        Ingangsdatum=product.ingangsdatum.isoformat(),
        Einddatum=None if product.einddatum is None else product.einddatum.isoformat(),
        RedenWijziging=product.reden_wijziging,
        Omvang=omvang if product.code and product.budget_cent is None else None,
        Budget=product.budget_cent,
        Commentaar=product.commentaar,
    )


def maak_toewijzingsbericht(
    wet: str,
    *,
    afzender: str,
    ontvanger: str,
    identificatie: str,
    dagtekening: date,
    client: Client,
    producten: Sequence[ToegewezenProduct],
) -> Bericht:
    """A 301 from municipality `afzender` (CBS) to provider `ontvanger` (AGB).

    What leaves here passes levels 1 and 2: raises Schemafout or Afgekeurd, with places, when the input makes that
    impossible (a street name over 24 characters, two overlapping assignments of one product, no usable address …).
    """
    naam = WETTEN[wet].berichtnaam("301")
    persoon = naar_knoop(client)
    contacten: list[Waarde] = [_contact(contact) for contact in client.contacten]
    rij: list[Waarde] = [_product(product) for product in producten]
    inhoud: Knoop = {
        "Header": maak_kop(
            naam, afzender=afzender, ontvanger=ontvanger, identificatie=identificatie, dagtekening=dagtekening
        ),
        "Client": persoon
        | {
            "Naam": deel(persoon, "Naam") | {"NaamGebruik": ZONDER_PARTNERNAAM},
            "Contactgegevens": {"Contact": contacten},
            "ToegewezenProducten": {"ToegewezenProduct": rij},
        },
    }
    bericht = Bericht(naam, inhoud)
    schrijf(bericht)
    fouten = controleer(bericht)
    if fouten:
        raise Afgekeurd(naam, fouten)
    return bericht
