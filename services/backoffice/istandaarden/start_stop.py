"""Start (305) and stop (307) messages as typed values, both ways."""

from dataclasses import dataclass
from datetime import date

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.knoop import Knoop, Waarde, deel, getal, klassen, tekst, verplicht
from services.backoffice.istandaarden.kop import Kop, lees_kop, maak_kop
from services.backoffice.istandaarden.persoon import Client, naar_knoop, uit_knoop, zonder_lege
from services.backoffice.istandaarden.wet import WETTEN


@dataclass(frozen=True, slots=True)
class StartProduct:
    """One start of care. `toewijzing_nummer` has no sign or leading zeros; without one the work is task based (IV096).

    `status_aanlevering`: "1" new, "3" takes back an earlier delivery with the same key (TR063).
    """

    toewijzing_nummer: str | None
    categorie: str | None
    code: str | None
    toewijzing_ingangsdatum: date | None
    begindatum: date
    status_aanlevering: str = "1"


@dataclass(frozen=True, slots=True)
class StopProduct:
    """One end of care; `einddatum` is the last day of care. Reason 20 is a temporary stop (TR413)."""

    toewijzing_nummer: str | None
    categorie: str | None
    code: str | None
    toewijzing_ingangsdatum: date | None
    begindatum: date
    reden_beeindiging: str
    einddatum: date
    status_aanlevering: str = "1"


@dataclass(frozen=True, slots=True)
class Startbericht:
    """A 305. `wet` is "jeugdwet" or "wmo"."""

    wet: str
    kop: Kop
    client: Client
    producten: tuple[StartProduct, ...]


@dataclass(frozen=True, slots=True)
class Stopbericht:
    """A 307. `wet` is "jeugdwet" or "wmo"."""

    wet: str
    kop: Kop
    client: Client
    producten: tuple[StopProduct, ...]


def _datum(knoop: Knoop, naam: str) -> date | None:
    waarde = tekst(knoop, naam)
    return None if waarde is None else date.fromisoformat(waarde)


def _nummer(knoop: Knoop) -> str | None:
    nummer = getal(knoop, "ToewijzingNummer")
    return None if nummer is None else str(nummer)


def _startproduct(knoop: Knoop) -> StartProduct:
    product = deel(knoop, "Product")
    return StartProduct(
        toewijzing_nummer=_nummer(knoop),
        categorie=tekst(product, "Categorie"),
        code=tekst(product, "Code"),
        toewijzing_ingangsdatum=_datum(knoop, "ToewijzingIngangsdatum"),
        begindatum=date.fromisoformat(verplicht(knoop, "Begindatum")),
        status_aanlevering=verplicht(knoop, "StatusAanlevering"),
    )


def _stopproduct(knoop: Knoop) -> StopProduct:
    product = deel(knoop, "Product")
    return StopProduct(
        toewijzing_nummer=_nummer(knoop),
        categorie=tekst(product, "Categorie"),
        code=tekst(product, "Code"),
        toewijzing_ingangsdatum=_datum(knoop, "ToewijzingIngangsdatum"),
        begindatum=date.fromisoformat(verplicht(knoop, "Begindatum")),
        reden_beeindiging=verplicht(knoop, "RedenBeeindiging"),
        einddatum=date.fromisoformat(verplicht(knoop, "Einddatum")),
        status_aanlevering=verplicht(knoop, "StatusAanlevering"),
    )


def lees_startbericht(bericht: Bericht) -> Startbericht:
    """A 305 that passed levels 1 and 2. ValueError for another message."""
    if bericht.soort.nummer != "305":
        raise ValueError(f"{bericht.naam} is geen startbericht")
    client = deel(bericht.inhoud, "Client")
    producten = klassen(deel(client, "StartProducten"), "StartProduct")
    return Startbericht(
        bericht.soort.wet.naam, lees_kop(bericht), uit_knoop(client), tuple(map(_startproduct, producten))
    )


def lees_stopbericht(bericht: Bericht) -> Stopbericht:
    """A 307 that passed levels 1 and 2. ValueError for another message."""
    if bericht.soort.nummer != "307":
        raise ValueError(f"{bericht.naam} is geen stopbericht")
    client = deel(bericht.inhoud, "Client")
    producten = klassen(deel(client, "StopProducten"), "StopProduct")
    return Stopbericht(
        bericht.soort.wet.naam, lees_kop(bericht), uit_knoop(client), tuple(map(_stopproduct, producten))
    )


def _productknoop(product: StartProduct | StopProduct) -> Knoop:
    ingang = product.toewijzing_ingangsdatum
    nummer = product.toewijzing_nummer
    einde = (
        {"RedenBeeindiging": product.reden_beeindiging, "Einddatum": product.einddatum.isoformat()}
        if isinstance(product, StopProduct)
        else {}
    )
    return zonder_lege(
        ToewijzingNummer=None if nummer is None else int(nummer),
        Product=zonder_lege(Categorie=product.categorie, Code=product.code),
        ToewijzingIngangsdatum=None if ingang is None else ingang.isoformat(),
        Begindatum=product.begindatum.isoformat(),
        StatusAanlevering=product.status_aanlevering,
        **einde,
    )


def _clientknoop(client: Client, soort: str, producten: tuple[StartProduct | StopProduct, ...]) -> Knoop:
    rij: list[Waarde] = [_productknoop(product) for product in producten]
    return naar_knoop(client) | {f"{soort}Producten": {f"{soort}Product": rij}}


def maak_startbericht(
    wet: str,
    *,
    afzender: str,
    ontvanger: str,
    identificatie: str,
    dagtekening: date,
    client: Client,
    producten: tuple[StartProduct, ...],
) -> Bericht:
    """A 305 from provider `afzender` (AGB) to municipality `ontvanger` (CBS), as a provider's own system makes it."""
    naam = WETTEN[wet].berichtnaam("305")
    kop = maak_kop(naam, afzender=afzender, ontvanger=ontvanger, identificatie=identificatie, dagtekening=dagtekening)
    return Bericht(naam, {"Header": kop, "Client": _clientknoop(client, "Start", producten)})


def maak_stopbericht(
    wet: str,
    *,
    afzender: str,
    ontvanger: str,
    identificatie: str,
    dagtekening: date,
    client: Client,
    producten: tuple[StopProduct, ...],
) -> Bericht:
    """A 307 from provider `afzender` (AGB) to municipality `ontvanger` (CBS), as a provider's own system makes it."""
    naam = WETTEN[wet].berichtnaam("307")
    kop = maak_kop(naam, afzender=afzender, ontvanger=ontvanger, identificatie=identificatie, dagtekening=dagtekening)
    return Bericht(naam, {"Header": kop, "Client": _clientknoop(client, "Stop", producten)})
