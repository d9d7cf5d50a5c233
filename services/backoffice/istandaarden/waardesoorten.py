"""The value types of iJw/iWmo 3.2, in our own table. Types that differ per law are functions of the law."""

from services.backoffice.istandaarden.codelijsten import LANDEN, RETOURCODES
from services.backoffice.istandaarden.typen import (
    NIET_LEEG,
    VERSIE,
    Datum,
    Geheel,
    Tekst,
    Tijd,
    cijfers,
    code,
    vrije_tekst,
)
from services.backoffice.istandaarden.wet import Wet


def _reeks(van: int, tot_en_met: int) -> tuple[str, ...]:
    return tuple(f"{n:02}" for n in range(van, tot_en_met + 1))


DATUM = Datum()
TIJD = Tijd()

AANDUIDING_WOONADRES = code("AanduidingWoonadres", "AB", "BY", "TO", "WW")
ADRESSOORT = code("AdresSoort", "01", "02", "03", "04")
AGB = cijfers("AgbCode", 8, "RS036")
BEDRAG = Geheel("LDT_Bedrag", "RS005", 99_999_999)
BSN = cijfers("BurgerServicenummer", 9, "RS037")
BUDGET = Geheel("LDT_Budget", "RS005", 99_999_999)
COMMENTAAR = Tekst("LDT_Commentaar", "ten minste één zichtbaar teken", "RS031", 1, None, NIET_LEEG)
COMMUNICATIEVORM = code("Communicatievorm", "1", "2", "3")
DATUMGEBRUIK = code("DatumGebruik", "1", "2", "3")
DEBET_CREDIT = code("DebetCredit", "C", "D")
EENHEID = code("Eenheid", "01", "04", "14", "16", "82", "83", "84")
EMAILADRES = vrije_tekst("Emailadres", 80)
FREQUENTIE = code("Frequentie", "1", "2", "4", "6")
GEMEENTE = cijfers("Gemeente", 4, "RS035")
GESLACHT = code("Geslacht", "0", "1", "2")
HUISLETTER = vrije_tekst("Huisletter", 1)
HUISNUMMER = Geheel("LDT_Huisnummer", "RS004", 99_999)
HUISNUMMERTOEVOEGING = vrije_tekst("HuisnummerToevoeging", 4)
IDENTIFICATIE_BERICHT = vrije_tekst("IdentificatieBericht", 12)
IDENTIFICATIE_DECLARATIE = Tekst("LDT_IdentificatieDeclaratie", "1 tot en met 12 tekens", "RS017", 1, 12)
DECLARATIENUMMER = Tekst(None, "1 tot en met 12 letters of cijfers", "RS017", 1, 12, "[a-zA-Z0-9]+")
JA_NEE = code("JaNee", "1", "2")
JURIDISCHE_STATUS = code("JuridischeStatus", *_reeks(1, 5), "11", "12")
LANDCODE = code("LandCode", *LANDEN)
LANDNUMMER = vrije_tekst("Landnummer", 4)
NAAM = vrije_tekst("Naam", 200)
NAAMGEBRUIK = code("NaamGebruik", "1", "2", "3", "4", "5", "6")
NAAM_VERWIJZER = vrije_tekst("NaamVerwijzer", 64)
NUMMER = Geheel("LDT_Nummer", "RS006", 999_999_999)
ORGANISATIENAAM = vrije_tekst("Organisatienaam", 35)
PERSOONSID = vrije_tekst("Persoonsid", 20)
PLAATSNAAM = vrije_tekst("Plaatsnaam", 80)
POSTCODE = vrije_tekst("Postcode", 8)
PRODUCTCODE = vrije_tekst("ProductCode", 5)
REDEN_AFWIJZING = code("RedenAfwijzingVerzoek", *(str(n) for n in range(1, 10)))
REDEN_VERZOEK = code("RedenVerzoek", "1", "2")
REDEN_WIJZIGING = code("RedenWijziging", *_reeks(1, 14))
REFERENTIE = vrije_tekst("Referentie", 36)
REFERENTIENUMMER = Tekst("LDT_ReferentieNummer", "1 tot en met 20 tekens", "RS019", 1, 20)
RELATIEVOLGORDE = Geheel("LDT_RelatieVolgorde", "RS002", 99)
RETOURCODE = code("RetourCode", *RETOURCODES)
SOORT_RELATIE = code("SoortRelatie", *_reeks(3, 25))
STATUS_AANLEVERING = code("StatusAanlevering", "1", "2", "3", "9")
STRAATNAAM = vrije_tekst("Straatnaam", 24)
TAAL = vrije_tekst("Taal", 25)
TELEFOONNUMMER = Tekst("LDT_Telefoonnummer", "1 tot en met 15 cijfers", "RS046", 1, 15, "[0-9]*")
TOTAALBEDRAG = Geheel("LDT_TotaalBedrag", "RS040", 999_999_999_999)
TYPE_VERWIJZER = code("TypeVerwijzer", *_reeks(1, 6), "08")
VERSIENUMMER = Tekst("LDT_Versie", "drie getallen met punten ertussen, zoals 1.0.0", "RS048", 1, None, VERSIE)
VERZOEKANTWOORD = code("VerzoekAntwoord", "1", "2")
VOLUME = Geheel("LDT_Volume", "RS005", 99_999_999)
# The range A-grave up to y-grave also holds Greek, Cyrillic and the signs for times and divide: so does the standard's.
VOORLETTERS = Tekst("LDT_Voorletters", "1 tot en met 6 letters zonder punt of spatie", "RS045", 1, 6, "[a-zA-ZÀ-ỳ]+")
VOORVOEGSEL = vrije_tekst("Voorvoegsel", 10)
WETTELIJKE_VERTEGENWOORDIGING = code("WettelijkeVertegenwoordiging", *_reeks(6, 10))

BERICHTVERSIE = Geheel(None, "CS025", 99, precies="3")
BERICHTSUBVERSIE = Geheel(None, "CS015", 99, precies="2")


def berichtcode(waarde: str) -> Tekst:
    """The one code that tells this message from all others (RS047)."""
    return Tekst(None, f"de code {waarde}", "RS047", waarden=(waarde,))


def productcategorie(wet: Wet) -> Tekst:
    """Main category of a product; the list differs per law."""
    return code("ProductCategorie", *wet.categorieen)


def reden_beeindiging(wet: Wet) -> Tekst:
    """Why care stopped; the list differs per law."""
    return code("RedenBeeindiging", *wet.redenen_beeindiging)
