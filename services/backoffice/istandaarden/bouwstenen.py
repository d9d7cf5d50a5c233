"""The parts that a message description is made of, and the composite parts that all messages share."""

from collections.abc import Callable
from dataclasses import dataclass

from services.backoffice.istandaarden import waardesoorten as w
from services.backoffice.istandaarden.typen import Enkelvoudig
from services.backoffice.istandaarden.wet import Wet


@dataclass(frozen=True, slots=True)
class Veld:
    """One element inside a class: its name, what it holds, whether it must be there and whether it may repeat."""

    naam: str
    soort: "Enkelvoudig | Klasse"
    verplicht: bool = True
    herhaalt: bool = False


@dataclass(frozen=True, slots=True)
class Klasse:
    """Elements in a fixed order. `basis`: its elements stand in the shared namespace, else in the message's own."""

    soortnaam: str
    velden: tuple[Veld, ...]
    basis: bool = False

    @property
    def is_lijst(self) -> bool:
        """True for a class that only wraps a repeated one, such as StartProducten."""
        return len(self.velden) == 1 and self.velden[0].herhaalt


def mag(naam: str, soort: Enkelvoudig | Klasse) -> Veld:
    """An element that may be left out."""
    return Veld(naam, soort, verplicht=False)


def moet(naam: str, soort: Enkelvoudig | Klasse) -> Veld:
    """An element that must be there once."""
    return Veld(naam, soort)


def lijst(naam: str, element: Klasse | Enkelvoudig, los: str) -> Klasse:
    """A wrapper `naam` around one or more elements `los`."""
    return Klasse(naam, (Veld(los, element, herhaalt=True),))


def _basis(naam: str, *velden: Veld) -> Klasse:
    return Klasse(f"CDT_{naam}", velden, basis=True)


ACHTERNAAM = _basis("Achternaam", moet("Achternaam", w.NAAM), mag("Voorvoegsel", w.VOORVOEGSEL))
HUIS = _basis(
    "Huis",
    moet("Huisnummer", w.HUISNUMMER),
    mag("Huisletter", w.HUISLETTER),
    mag("HuisnummerToevoeging", w.HUISNUMMERTOEVOEGING),
    mag("AanduidingWoonadres", w.AANDUIDING_WOONADRES),
)
ADRES = _basis(
    "Adres",
    mag("Huis", HUIS),
    mag("Postcode", w.POSTCODE),
    mag("Straatnaam", w.STRAATNAAM),
    mag("Plaatsnaam", w.PLAATSNAAM),
    mag("LandCode", w.LANDCODE),
)
BEDRAG_DC = _basis("BedragMetDC", moet("Bedrag", w.BEDRAG), moet("DebetCredit", w.DEBET_CREDIT))
TOTAALBEDRAG_DC = _basis("TotaalBedragMetDC", moet("TotaalBedrag", w.TOTAALBEDRAG), moet("DebetCredit", w.DEBET_CREDIT))
BERICHTIDENTIFICATIE = _basis(
    "BerichtIdentificatie", moet("Identificatie", w.IDENTIFICATIE_BERICHT), moet("Dagtekening", w.DATUM)
)
COMMUNICATIE = _basis("Communicatie", moet("Vorm", w.COMMUNICATIEVORM), mag("Taal", w.TAAL))
GEBOORTEDATUM = _basis("Geboortedatum", moet("Datum", w.DATUM), mag("DatumGebruik", w.DATUMGEBRUIK))
GESLOTEN_PERIODE = _basis("GeslotenPeriode", moet("Begindatum", w.DATUM), moet("Einddatum", w.DATUM))
OPEN_PERIODE = _basis("OpenPeriode", mag("Begindatum", w.DATUM), mag("Einddatum", w.DATUM))
OMVANG = _basis("Omvang", moet("Volume", w.VOLUME), moet("Eenheid", w.EENHEID), moet("Frequentie", w.FREQUENTIE))
REFERENTIE = _basis(
    "Referentie",
    moet("ReferentieNummer", w.REFERENTIENUMMER),
    mag("VorigReferentieNummer", w.REFERENTIENUMMER),
)
TELEFOON = _basis("Telefoon", moet("Telefoonnummer", w.TELEFOONNUMMER), moet("Landnummer", w.LANDNUMMER))
TELEFOONNUMMERS = _basis("Telefoonnummers", moet("Telefoon01", TELEFOON), mag("Telefoon02", TELEFOON))
VERWIJZER = _basis(
    "Verwijzer",
    moet("Type", w.TYPE_VERWIJZER),
    mag("Naam", w.NAAM_VERWIJZER),
    mag("ZorgverlenerCode", w.AGB),
)
_ROEPNAMEN = (mag("Voornamen", w.NAAM), mag("Voorletters", w.VOORLETTERS))
VERKORTE_NAAM = _basis("VerkorteNaam", moet("Geslachtsnaam", ACHTERNAAM), *_ROEPNAMEN)
VOLLEDIGE_NAAM = _basis(
    "VolledigeNaam",
    moet("Geslachtsnaam", ACHTERNAAM),
    mag("Partnernaam", ACHTERNAAM),
    *_ROEPNAMEN,
    moet("NaamGebruik", w.NAAMGEBRUIK),
)
XSDVERSIE = _basis("XsdVersie", moet("BasisschemaXsdVersie", w.VERSIENUMMER), moet("BerichtXsdVersie", w.VERSIENUMMER))


def product(wet: Wet) -> Klasse:
    """Category and, for a specific assignment, a product code."""
    return _basis("Product", moet("Categorie", w.productcategorie(wet)), mag("Code", w.PRODUCTCODE))


Inhoud = Callable[[Wet], tuple[Veld, ...]]
"""What follows the Header of a message, for one law."""
