"""The contents of every message as typed dictionaries, with the standard's own names.

Made by `python -m services.backoffice.istandaarden.vormtabel`; do not edit. What reading returns has this shape, so
giving it its type costs nothing. Both laws share one shape; what only iJw has need not be there. Dates and times are
texts as in the message.
"""

from typing import NotRequired, TypedDict, cast

from services.backoffice.istandaarden.bericht import Bericht


def _inhoud(bericht: Bericht, nummer: str) -> object:
    if bericht.soort.nummer != nummer:
        raise ValueError(f"{bericht.naam} is geen {nummer}")
    return bericht.inhoud


class BerichtIdentificatie(TypedDict):
    """Shared by messages."""

    Identificatie: str
    Dagtekening: str


class XsdVersie(TypedDict):
    """Shared by messages."""

    BasisschemaXsdVersie: str
    BerichtXsdVersie: str


class Header301(TypedDict):
    """Of the 301."""

    BerichtCode: str
    BerichtVersie: int
    BerichtSubversie: int
    Afzender: str
    Ontvanger: str
    BerichtIdentificatie: BerichtIdentificatie
    XsdVersie: XsdVersie


class Geboortedatum(TypedDict):
    """Shared by messages."""

    Datum: str
    DatumGebruik: NotRequired[str]


class Achternaam(TypedDict):
    """Shared by messages."""

    Achternaam: str
    Voorvoegsel: NotRequired[str]


class VolledigeNaam(TypedDict):
    """Shared by messages."""

    Geslachtsnaam: Achternaam
    Partnernaam: NotRequired[Achternaam]
    Voornamen: NotRequired[str]
    Voorletters: NotRequired[str]
    NaamGebruik: str


class Communicatie(TypedDict):
    """Shared by messages."""

    Vorm: str
    Taal: NotRequired[str]


class Huis(TypedDict):
    """Shared by messages."""

    Huisnummer: int
    Huisletter: NotRequired[str]
    HuisnummerToevoeging: NotRequired[str]
    AanduidingWoonadres: NotRequired[str]


class Adres(TypedDict):
    """Shared by messages."""

    Huis: NotRequired[Huis]
    Postcode: NotRequired[str]
    Straatnaam: NotRequired[str]
    Plaatsnaam: NotRequired[str]
    LandCode: NotRequired[str]


class Telefoon(TypedDict):
    """Shared by messages."""

    Telefoonnummer: str
    Landnummer: str


class Telefoonnummers(TypedDict):
    """Shared by messages."""

    Telefoon01: Telefoon
    Telefoon02: NotRequired[Telefoon]


class OpenPeriode(TypedDict):
    """Shared by messages."""

    Begindatum: NotRequired[str]
    Einddatum: NotRequired[str]


class Contact301(TypedDict):
    """Of the 301."""

    Soort: str
    Adres: NotRequired[Adres]
    Organisatie: NotRequired[str]
    Telefoon: NotRequired[Telefoonnummers]
    Emailadres: NotRequired[str]
    Periode: NotRequired[OpenPeriode]


class Relatie301(TypedDict):
    """Of the 301."""

    Nummer: str
    Volgorde: NotRequired[int]
    Soort: str
    Geboortedatum: NotRequired[Geboortedatum]
    Geslacht: NotRequired[str]
    Naam: VolledigeNaam
    Contact: Contact301


class Relaties301(TypedDict):
    """Of the 301."""

    Relatie: list[Relatie301]


class Contactgegevens301(TypedDict):
    """Of the 301."""

    Contact: list[Contact301]


class Product(TypedDict):
    """Shared by messages."""

    Categorie: str
    Code: NotRequired[str]


class Omvang(TypedDict):
    """Shared by messages."""

    Volume: int
    Eenheid: str
    Frequentie: str


class ToegewezenProduct301(TypedDict):
    """Of the 301."""

    ToewijzingNummer: int
    ReferentieAanbieder: NotRequired[str]
    Product: NotRequired[Product]
    Toewijzingsdatum: str
    Toewijzingstijd: str
    Ingangsdatum: str
    Einddatum: NotRequired[str]
    RedenWijziging: NotRequired[str]
    Omvang: NotRequired[Omvang]
    Budget: NotRequired[int]
    Commentaar: NotRequired[str]


class ToegewezenProducten301(TypedDict):
    """Of the 301."""

    ToegewezenProduct: list[ToegewezenProduct301]


class Client301(TypedDict):
    """Of the 301."""

    Bsn: str
    Geboortedatum: Geboortedatum
    Geslacht: str
    Naam: VolledigeNaam
    Communicatie: NotRequired[Communicatie]
    JuridischeStatus: NotRequired[str]
    WettelijkeVertegenwoordiging: NotRequired[str]
    Commentaar: NotRequired[str]
    Relaties: NotRequired[Relaties301]
    Contactgegevens: Contactgegevens301
    ToegewezenProducten: ToegewezenProducten301


class Inhoud301(TypedDict):
    """Of the 301."""

    Header: Header301
    Client: Client301


def inhoud_301(bericht: Bericht) -> Inhoud301:
    """The contents of a 301 that passed level 1. ValueError for another message."""
    return cast(Inhoud301, _inhoud(bericht, "301"))


class RetourCodes(TypedDict):
    """Shared by messages."""

    RetourCode: list[str]


class Header302(TypedDict):
    """Of the 302."""

    BerichtCode: str
    BerichtVersie: int
    BerichtSubversie: int
    Afzender: str
    Ontvanger: str
    BerichtIdentificatie: BerichtIdentificatie
    XsdVersie: XsdVersie
    IdentificatieRetour: str
    DagtekeningRetour: str
    XsltVersie: NotRequired[str]
    XsdVersieRetour: XsdVersie
    RetourCodes: NotRequired[RetourCodes]


class Contact302(TypedDict):
    """Of the 302."""

    Soort: str
    Adres: NotRequired[Adres]
    Organisatie: NotRequired[str]
    Telefoon: NotRequired[Telefoonnummers]
    Emailadres: NotRequired[str]
    Periode: NotRequired[OpenPeriode]
    RetourCodes: RetourCodes


class Relatie302(TypedDict):
    """Of the 302."""

    Nummer: str
    Volgorde: NotRequired[int]
    Soort: str
    Geboortedatum: NotRequired[Geboortedatum]
    Geslacht: NotRequired[str]
    Naam: VolledigeNaam
    Contact: Contact302
    RetourCodes: RetourCodes


class Relaties302(TypedDict):
    """Of the 302."""

    Relatie: list[Relatie302]


class Contactgegevens302(TypedDict):
    """Of the 302."""

    Contact: list[Contact302]


class ToegewezenProduct302(TypedDict):
    """Of the 302."""

    ToewijzingNummer: int
    ReferentieAanbieder: NotRequired[str]
    Product: NotRequired[Product]
    Toewijzingsdatum: str
    Toewijzingstijd: str
    Ingangsdatum: str
    Einddatum: NotRequired[str]
    RedenWijziging: NotRequired[str]
    Omvang: NotRequired[Omvang]
    Budget: NotRequired[int]
    Commentaar: NotRequired[str]
    RetourCodes: RetourCodes


class ToegewezenProducten302(TypedDict):
    """Of the 302."""

    ToegewezenProduct: list[ToegewezenProduct302]


class Client302(TypedDict):
    """Of the 302."""

    Bsn: str
    Geboortedatum: Geboortedatum
    Geslacht: str
    Naam: VolledigeNaam
    Communicatie: NotRequired[Communicatie]
    JuridischeStatus: NotRequired[str]
    WettelijkeVertegenwoordiging: NotRequired[str]
    Commentaar: NotRequired[str]
    Relaties: NotRequired[Relaties302]
    Contactgegevens: Contactgegevens302
    ToegewezenProducten: ToegewezenProducten302
    RetourCodes: RetourCodes


class Inhoud302(TypedDict):
    """Of the 302."""

    Header: Header302
    Client: NotRequired[Client302]


def inhoud_302(bericht: Bericht) -> Inhoud302:
    """The contents of a 302 that passed level 1. ValueError for another message."""
    return cast(Inhoud302, _inhoud(bericht, "302"))


class Header305(TypedDict):
    """Of the 305."""

    BerichtCode: str
    BerichtVersie: int
    BerichtSubversie: int
    Afzender: str
    Ontvanger: str
    BerichtIdentificatie: BerichtIdentificatie
    XsdVersie: XsdVersie


class VerkorteNaam(TypedDict):
    """Shared by messages."""

    Geslachtsnaam: Achternaam
    Voornamen: NotRequired[str]
    Voorletters: NotRequired[str]


class StartProduct305(TypedDict):
    """Of the 305."""

    ToewijzingNummer: NotRequired[int]
    Product: NotRequired[Product]
    ToewijzingIngangsdatum: NotRequired[str]
    Begindatum: str
    StatusAanlevering: str


class StartProducten305(TypedDict):
    """Of the 305."""

    StartProduct: list[StartProduct305]


class Client305(TypedDict):
    """Of the 305."""

    Bsn: str
    Geboortedatum: Geboortedatum
    Geslacht: str
    Naam: VerkorteNaam
    StartProducten: StartProducten305


class Inhoud305(TypedDict):
    """Of the 305."""

    Header: Header305
    Client: Client305


def inhoud_305(bericht: Bericht) -> Inhoud305:
    """The contents of a 305 that passed level 1. ValueError for another message."""
    return cast(Inhoud305, _inhoud(bericht, "305"))


class Header306(TypedDict):
    """Of the 306."""

    BerichtCode: str
    BerichtVersie: int
    BerichtSubversie: int
    Afzender: str
    Ontvanger: str
    BerichtIdentificatie: BerichtIdentificatie
    XsdVersie: XsdVersie
    IdentificatieRetour: str
    DagtekeningRetour: str
    XsltVersie: NotRequired[str]
    XsdVersieRetour: XsdVersie
    RetourCodes: NotRequired[RetourCodes]


class StartProduct306(TypedDict):
    """Of the 306."""

    ToewijzingNummer: NotRequired[int]
    Product: NotRequired[Product]
    ToewijzingIngangsdatum: NotRequired[str]
    Begindatum: str
    StatusAanlevering: str
    RetourCodes: RetourCodes


class StartProducten306(TypedDict):
    """Of the 306."""

    StartProduct: list[StartProduct306]


class Client306(TypedDict):
    """Of the 306."""

    Bsn: str
    Geboortedatum: Geboortedatum
    Geslacht: str
    Naam: VerkorteNaam
    StartProducten: StartProducten306
    RetourCodes: RetourCodes


class Inhoud306(TypedDict):
    """Of the 306."""

    Header: Header306
    Client: NotRequired[Client306]


def inhoud_306(bericht: Bericht) -> Inhoud306:
    """The contents of a 306 that passed level 1. ValueError for another message."""
    return cast(Inhoud306, _inhoud(bericht, "306"))


class Header307(TypedDict):
    """Of the 307."""

    BerichtCode: str
    BerichtVersie: int
    BerichtSubversie: int
    Afzender: str
    Ontvanger: str
    BerichtIdentificatie: BerichtIdentificatie
    XsdVersie: XsdVersie


class StopProduct307(TypedDict):
    """Of the 307."""

    ToewijzingNummer: NotRequired[int]
    Product: NotRequired[Product]
    ToewijzingIngangsdatum: NotRequired[str]
    Begindatum: str
    RedenBeeindiging: str
    Einddatum: str
    StatusAanlevering: str


class StopProducten307(TypedDict):
    """Of the 307."""

    StopProduct: list[StopProduct307]


class Client307(TypedDict):
    """Of the 307."""

    Bsn: str
    Geboortedatum: Geboortedatum
    Geslacht: str
    Naam: VerkorteNaam
    StopProducten: StopProducten307


class Inhoud307(TypedDict):
    """Of the 307."""

    Header: Header307
    Client: Client307


def inhoud_307(bericht: Bericht) -> Inhoud307:
    """The contents of a 307 that passed level 1. ValueError for another message."""
    return cast(Inhoud307, _inhoud(bericht, "307"))


class Header308(TypedDict):
    """Of the 308."""

    BerichtCode: str
    BerichtVersie: int
    BerichtSubversie: int
    Afzender: str
    Ontvanger: str
    BerichtIdentificatie: BerichtIdentificatie
    XsdVersie: XsdVersie
    IdentificatieRetour: str
    DagtekeningRetour: str
    XsltVersie: NotRequired[str]
    XsdVersieRetour: XsdVersie
    RetourCodes: NotRequired[RetourCodes]


class StopProduct308(TypedDict):
    """Of the 308."""

    ToewijzingNummer: NotRequired[int]
    Product: NotRequired[Product]
    ToewijzingIngangsdatum: NotRequired[str]
    Begindatum: str
    RedenBeeindiging: str
    Einddatum: str
    StatusAanlevering: str
    RetourCodes: RetourCodes


class StopProducten308(TypedDict):
    """Of the 308."""

    StopProduct: list[StopProduct308]


class Client308(TypedDict):
    """Of the 308."""

    Bsn: str
    Geboortedatum: Geboortedatum
    Geslacht: str
    Naam: VerkorteNaam
    StopProducten: StopProducten308
    RetourCodes: RetourCodes


class Inhoud308(TypedDict):
    """Of the 308."""

    Header: Header308
    Client: NotRequired[Client308]


def inhoud_308(bericht: Bericht) -> Inhoud308:
    """The contents of a 308 that passed level 1. ValueError for another message."""
    return cast(Inhoud308, _inhoud(bericht, "308"))


class Header315(TypedDict):
    """Of the 315."""

    BerichtCode: str
    BerichtVersie: int
    BerichtSubversie: int
    Afzender: str
    Ontvanger: str
    BerichtIdentificatie: BerichtIdentificatie
    XsdVersie: XsdVersie


class Verwijzer(TypedDict):
    """Shared by messages."""

    Type: str
    Naam: NotRequired[str]
    ZorgverlenerCode: NotRequired[str]


class AangevraagdProduct315(TypedDict):
    """Of the 315."""

    ReferentieAanbieder: str
    BeschikkingNummer: NotRequired[int]
    Product: NotRequired[Product]
    BeschikkingIngangsdatum: NotRequired[str]
    ToewijzingIngangsdatum: str
    ToewijzingEinddatum: NotRequired[str]
    Omvang: NotRequired[Omvang]
    Budget: NotRequired[int]
    Verwijzer: Verwijzer
    Raamcontract: NotRequired[str]
    Commentaar: NotRequired[str]


class AangevraagdeProducten315(TypedDict):
    """Of the 315."""

    AangevraagdProduct: list[AangevraagdProduct315]


class Client315(TypedDict):
    """Of the 315."""

    Bsn: str
    Geboortedatum: Geboortedatum
    Geslacht: str
    Naam: VerkorteNaam
    GezagsdragerBekend: NotRequired[str]
    Commentaar: NotRequired[str]
    AangevraagdeProducten: AangevraagdeProducten315


class Inhoud315(TypedDict):
    """Of the 315."""

    Header: Header315
    Client: Client315


def inhoud_315(bericht: Bericht) -> Inhoud315:
    """The contents of a 315 that passed level 1. ValueError for another message."""
    return cast(Inhoud315, _inhoud(bericht, "315"))


class Header316(TypedDict):
    """Of the 316."""

    BerichtCode: str
    BerichtVersie: int
    BerichtSubversie: int
    Afzender: str
    Ontvanger: str
    BerichtIdentificatie: BerichtIdentificatie
    XsdVersie: XsdVersie
    IdentificatieRetour: str
    DagtekeningRetour: str
    XsltVersie: NotRequired[str]
    XsdVersieRetour: XsdVersie
    RetourCodes: NotRequired[RetourCodes]


class AangevraagdProduct316(TypedDict):
    """Of the 316."""

    ReferentieAanbieder: str
    BeschikkingNummer: NotRequired[int]
    Product: NotRequired[Product]
    BeschikkingIngangsdatum: NotRequired[str]
    ToewijzingIngangsdatum: str
    ToewijzingEinddatum: NotRequired[str]
    Omvang: NotRequired[Omvang]
    Budget: NotRequired[int]
    Verwijzer: Verwijzer
    Raamcontract: NotRequired[str]
    Commentaar: NotRequired[str]
    RetourCodes: RetourCodes


class AangevraagdeProducten316(TypedDict):
    """Of the 316."""

    AangevraagdProduct: list[AangevraagdProduct316]


class Client316(TypedDict):
    """Of the 316."""

    Bsn: str
    Geboortedatum: Geboortedatum
    Geslacht: str
    Naam: VerkorteNaam
    GezagsdragerBekend: NotRequired[str]
    Commentaar: NotRequired[str]
    AangevraagdeProducten: AangevraagdeProducten316
    RetourCodes: RetourCodes


class Inhoud316(TypedDict):
    """Of the 316."""

    Header: Header316
    Client: NotRequired[Client316]


def inhoud_316(bericht: Bericht) -> Inhoud316:
    """The contents of a 316 that passed level 1. ValueError for another message."""
    return cast(Inhoud316, _inhoud(bericht, "316"))


class Header317(TypedDict):
    """Of the 317."""

    BerichtCode: str
    BerichtVersie: int
    BerichtSubversie: int
    Afzender: str
    Ontvanger: str
    BerichtIdentificatie: BerichtIdentificatie
    XsdVersie: XsdVersie


class OngewijzigdProduct317(TypedDict):
    """Of the 317."""

    ToewijzingNummer: int


class OngewijzigdeProducten317(TypedDict):
    """Of the 317."""

    OngewijzigdProduct: list[OngewijzigdProduct317]


class TeWijzigenProduct317(TypedDict):
    """Of the 317."""

    ToewijzingNummer: int
    GewensteIngangsdatum: str
    Einddatum: NotRequired[str]
    Omvang: NotRequired[Omvang]
    Budget: NotRequired[int]


class TeWijzigenProducten317(TypedDict):
    """Of the 317."""

    TeWijzigenProduct: list[TeWijzigenProduct317]


class NieuwProduct317(TypedDict):
    """Of the 317."""

    Product: NotRequired[Product]
    GewensteIngangsdatum: str
    Einddatum: NotRequired[str]
    Omvang: NotRequired[Omvang]
    Budget: NotRequired[int]


class NieuweProducten317(TypedDict):
    """Of the 317."""

    NieuwProduct: list[NieuwProduct317]


class Verzoek317(TypedDict):
    """Of the 317."""

    ReferentieAanbieder: str
    RedenVerzoek: str
    OngewijzigdeProducten: NotRequired[OngewijzigdeProducten317]
    TeWijzigenProducten: NotRequired[TeWijzigenProducten317]
    NieuweProducten: NotRequired[NieuweProducten317]


class Client317(TypedDict):
    """Of the 317."""

    Bsn: str
    Verzoek: Verzoek317


class Inhoud317(TypedDict):
    """Of the 317."""

    Header: Header317
    Client: Client317


def inhoud_317(bericht: Bericht) -> Inhoud317:
    """The contents of a 317 that passed level 1. ValueError for another message."""
    return cast(Inhoud317, _inhoud(bericht, "317"))


class Header318(TypedDict):
    """Of the 318."""

    BerichtCode: str
    BerichtVersie: int
    BerichtSubversie: int
    Afzender: str
    Ontvanger: str
    BerichtIdentificatie: BerichtIdentificatie
    XsdVersie: XsdVersie
    IdentificatieRetour: str
    DagtekeningRetour: str
    XsltVersie: NotRequired[str]
    XsdVersieRetour: XsdVersie
    RetourCodes: NotRequired[RetourCodes]


class OngewijzigdProduct318(TypedDict):
    """Of the 318."""

    ToewijzingNummer: int
    RetourCodes: RetourCodes


class OngewijzigdeProducten318(TypedDict):
    """Of the 318."""

    OngewijzigdProduct: list[OngewijzigdProduct318]


class TeWijzigenProduct318(TypedDict):
    """Of the 318."""

    ToewijzingNummer: int
    GewensteIngangsdatum: str
    Einddatum: NotRequired[str]
    Omvang: NotRequired[Omvang]
    Budget: NotRequired[int]
    RetourCodes: RetourCodes


class TeWijzigenProducten318(TypedDict):
    """Of the 318."""

    TeWijzigenProduct: list[TeWijzigenProduct318]


class NieuwProduct318(TypedDict):
    """Of the 318."""

    Product: NotRequired[Product]
    GewensteIngangsdatum: str
    Einddatum: NotRequired[str]
    Omvang: NotRequired[Omvang]
    Budget: NotRequired[int]
    RetourCodes: RetourCodes


class NieuweProducten318(TypedDict):
    """Of the 318."""

    NieuwProduct: list[NieuwProduct318]


class Verzoek318(TypedDict):
    """Of the 318."""

    ReferentieAanbieder: str
    RedenVerzoek: str
    OngewijzigdeProducten: NotRequired[OngewijzigdeProducten318]
    TeWijzigenProducten: NotRequired[TeWijzigenProducten318]
    NieuweProducten: NotRequired[NieuweProducten318]
    RetourCodes: RetourCodes


class Client318(TypedDict):
    """Of the 318."""

    Bsn: str
    Verzoek: Verzoek318
    RetourCodes: RetourCodes


class Inhoud318(TypedDict):
    """Of the 318."""

    Header: Header318
    Client: NotRequired[Client318]


def inhoud_318(bericht: Bericht) -> Inhoud318:
    """The contents of a 318 that passed level 1. ValueError for another message."""
    return cast(Inhoud318, _inhoud(bericht, "318"))


class Header319(TypedDict):
    """Of the 319."""

    BerichtCode: str
    BerichtVersie: int
    BerichtSubversie: int
    Afzender: str
    Ontvanger: str
    BerichtIdentificatie: BerichtIdentificatie
    XsdVersie: XsdVersie


class Woonplaatsbeginsel319(TypedDict):
    """Of the 319."""

    Gemeente: str


class Antwoord319(TypedDict):
    """Of the 319."""

    ReferentieAanbieder: str
    VerzoekAntwoord: str
    RedenAfwijzingVerzoek: NotRequired[str]
    Woonplaatsbeginsel: NotRequired[Woonplaatsbeginsel319]


class Inhoud319(TypedDict):
    """Of the 319."""

    Header: Header319
    Antwoord: Antwoord319


def inhoud_319(bericht: Bericht) -> Inhoud319:
    """The contents of a 319 that passed level 1. ValueError for another message."""
    return cast(Inhoud319, _inhoud(bericht, "319"))


class Header320(TypedDict):
    """Of the 320."""

    BerichtCode: str
    BerichtVersie: int
    BerichtSubversie: int
    Afzender: str
    Ontvanger: str
    BerichtIdentificatie: BerichtIdentificatie
    XsdVersie: XsdVersie
    IdentificatieRetour: str
    DagtekeningRetour: str
    XsltVersie: NotRequired[str]
    XsdVersieRetour: XsdVersie
    RetourCodes: NotRequired[RetourCodes]


class Woonplaatsbeginsel320(TypedDict):
    """Of the 320."""

    Gemeente: str
    RetourCodes: RetourCodes


class Antwoord320(TypedDict):
    """Of the 320."""

    ReferentieAanbieder: str
    VerzoekAntwoord: str
    RedenAfwijzingVerzoek: NotRequired[str]
    Woonplaatsbeginsel: NotRequired[Woonplaatsbeginsel320]
    RetourCodes: RetourCodes


class Inhoud320(TypedDict):
    """Of the 320."""

    Header: Header320
    Antwoord: NotRequired[Antwoord320]


def inhoud_320(bericht: Bericht) -> Inhoud320:
    """The contents of a 320 that passed level 1. ValueError for another message."""
    return cast(Inhoud320, _inhoud(bericht, "320"))


class Header323(TypedDict):
    """Of the 323."""

    BerichtCode: str
    BerichtVersie: int
    BerichtSubversie: int
    Afzender: str
    Ontvanger: str
    BerichtIdentificatie: BerichtIdentificatie
    XsdVersie: XsdVersie


class GeslotenPeriode(TypedDict):
    """Shared by messages."""

    Begindatum: str
    Einddatum: str


class TotaalBedragMetDC(TypedDict):
    """Shared by messages."""

    TotaalBedrag: int
    DebetCredit: str


class Referentie(TypedDict):
    """Shared by messages."""

    ReferentieNummer: str
    VorigReferentieNummer: NotRequired[str]


class BedragMetDC(TypedDict):
    """Shared by messages."""

    Bedrag: int
    DebetCredit: str


class Prestatie323(TypedDict):
    """Of the 323."""

    ProductReferentie: Referentie
    ToewijzingNummer: int
    ProductCategorie: str
    ProductCode: str
    ProductPeriode: GeslotenPeriode
    GeleverdVolume: int
    Eenheid: str
    ProductTarief: NotRequired[int]
    IngediendBedrag: BedragMetDC


class Prestaties323(TypedDict):
    """Of the 323."""

    Prestatie: list[Prestatie323]


class Client323(TypedDict):
    """Of the 323."""

    Bsn: str
    Prestaties: Prestaties323


class Clienten323(TypedDict):
    """Of the 323."""

    Client: list[Client323]


class Declaratie323(TypedDict):
    """Of the 323."""

    DeclaratieNummer: str
    DeclaratiePeriode: GeslotenPeriode
    DeclaratieDagtekening: str
    TotaalIngediendBedrag: TotaalBedragMetDC
    Clienten: Clienten323


class Inhoud323(TypedDict):
    """Of the 323."""

    Header: Header323
    Declaratie: Declaratie323


def inhoud_323(bericht: Bericht) -> Inhoud323:
    """The contents of a 323 that passed level 1. ValueError for another message."""
    return cast(Inhoud323, _inhoud(bericht, "323"))


class Header325(TypedDict):
    """Of the 325."""

    BerichtCode: str
    BerichtVersie: int
    BerichtSubversie: int
    Afzender: str
    Ontvanger: str
    BerichtIdentificatie: BerichtIdentificatie
    XsdVersie: XsdVersie
    DeclaratieIdentificatie: BerichtIdentificatie
    XsltVersie: NotRequired[str]
    XsdVersieDeclaratie: XsdVersie
    RetourCodes: RetourCodes


class Prestatie325(TypedDict):
    """Of the 325."""

    ProductReferentie: Referentie
    ToewijzingNummer: int
    ProductCategorie: str
    ProductCode: str
    ProductPeriode: GeslotenPeriode
    GeleverdVolume: int
    Eenheid: str
    ProductTarief: NotRequired[int]
    IngediendBedrag: BedragMetDC
    RetourCodes: RetourCodes


class Prestaties325(TypedDict):
    """Of the 325."""

    Prestatie: list[Prestatie325]


class Client325(TypedDict):
    """Of the 325."""

    Bsn: str
    Prestaties: Prestaties325
    RetourCodes: RetourCodes


class Clienten325(TypedDict):
    """Of the 325."""

    Client: list[Client325]


class DeclaratieAntwoord325(TypedDict):
    """Of the 325."""

    DeclaratieNummer: str
    TotaalIngediendBedrag: TotaalBedragMetDC
    TotaalToegekendBedrag: TotaalBedragMetDC
    Clienten: NotRequired[Clienten325]
    RetourCodes: RetourCodes


class Inhoud325(TypedDict):
    """Of the 325."""

    Header: Header325
    DeclaratieAntwoord: NotRequired[DeclaratieAntwoord325]


def inhoud_325(bericht: Bericht) -> Inhoud325:
    """The contents of a 325 that passed level 1. ValueError for another message."""
    return cast(Inhoud325, _inhoud(bericht, "325"))
