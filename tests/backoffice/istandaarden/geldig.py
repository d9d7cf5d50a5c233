"""A small message of every kind that passes levels 1 and 2, under both laws."""

from datetime import date

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.knoop import Knoop, Waarde
from services.backoffice.istandaarden.kop import maak_kop

DAGTEKENING = date(2026, 4, 15)
AGB, GEMEENTE = "12345678", "0294"
NAAM: Knoop = {"Geslachtsnaam": {"Achternaam": "Wit"}}
OMVANG: Knoop = {"Volume": 1, "Eenheid": "82", "Frequentie": "6"}


def _product(naam: str, code: str = "A01") -> Knoop:
    categorie = "54" if naam.startswith("JW") else "02"
    return {"Categorie": categorie, "Code": f"{categorie}{code}"}


def _client(**rest: Waarde) -> Knoop:
    client: Knoop = {"Bsn": "999900006", "Geboortedatum": {"Datum": "2010-02-14"}, "Geslacht": "1", "Naam": NAAM}
    return client | rest


def _toewijzing(naam: str) -> Knoop:
    contact: Knoop = {
        "Soort": "01",
        "Adres": {"Huis": {"Huisnummer": 1}, "Postcode": "7101AA", "LandCode": "NL"},
    }
    relatie: Knoop = {
        "Nummer": "1",
        "Soort": "03",
        "Geboortedatum": {"Datum": "1980-01-01"},
        "Naam": NAAM | {"NaamGebruik": "1"},
        "Contact": {"Soort": "02", "Telefoon": {"Telefoon01": {"Telefoonnummer": "0612345678", "Landnummer": "0031"}}},
    }
    product: Knoop = {
        "ToewijzingNummer": 1,
        "Product": _product(naam),
        "Toewijzingsdatum": "2026-04-01",
        "Toewijzingstijd": "12:00:00",
        "Ingangsdatum": "2026-05-01",
        "Einddatum": "2026-12-31",
        "Omvang": OMVANG,
    }
    return {
        "Client": _client(
            Naam=NAAM | {"NaamGebruik": "1"},
            Communicatie={"Vorm": "1", "Taal": "Pools"},
            Relaties={"Relatie": [relatie]},
            Contactgegevens={"Contact": [contact]},
            ToegewezenProducten={"ToegewezenProduct": [product]},
        )
    }


def _start(naam: str) -> Knoop:
    product: Knoop = {
        "ToewijzingNummer": 1,
        "Product": _product(naam),
        "ToewijzingIngangsdatum": "2026-03-01",
        "Begindatum": "2026-03-02",
        "StatusAanlevering": "1",
    }
    return {"Client": _client(StartProducten={"StartProduct": [product]})}


def _stop(naam: str) -> Knoop:
    product: Knoop = {
        "ToewijzingNummer": 1,
        "Product": _product(naam),
        "ToewijzingIngangsdatum": "2026-03-01",
        "Begindatum": "2026-03-02",
        "RedenBeeindiging": "02",
        "Einddatum": "2026-04-02",
        "StatusAanlevering": "1",
    }
    return {"Client": _client(StopProducten={"StopProduct": [product]})}


def _verzoek_om_toewijzing(naam: str) -> Knoop:
    product: Knoop = {
        "ReferentieAanbieder": "R1",
        "BeschikkingNummer": 7,
        "Product": _product(naam),
        "BeschikkingIngangsdatum": "2026-04-01",
        "ToewijzingIngangsdatum": "2026-05-01",
        "ToewijzingEinddatum": "2026-12-31",
        "Omvang": OMVANG,
        "Verwijzer": {"Type": "02", "ZorgverlenerCode": AGB},
    }
    return {"Client": _client(AangevraagdeProducten={"AangevraagdProduct": [product]})}


def _verzoek_om_wijziging(naam: str) -> Knoop:
    wens: Knoop = {"GewensteIngangsdatum": "2026-05-01", "Einddatum": "2026-12-31", "Omvang": OMVANG}
    verzoek: Knoop = {
        "ReferentieAanbieder": "R1",
        "RedenVerzoek": "1",
        "OngewijzigdeProducten": {"OngewijzigdProduct": [{"ToewijzingNummer": 1}]},
        "TeWijzigenProducten": {"TeWijzigenProduct": [{"ToewijzingNummer": 2, **wens}]},
        "NieuweProducten": {"NieuwProduct": [{"Product": _product(naam), **wens}]},
    }
    return {"Client": {"Bsn": "999900006", "Verzoek": verzoek}}


def _antwoord(naam: str) -> Knoop:
    return {"Antwoord": {"ReferentieAanbieder": "R1", "VerzoekAntwoord": "1", "RedenAfwijzingVerzoek": "3"}}


def prestatie(naam: str, nummer: str, cent: int, vorig: str | None = None) -> Knoop:
    """One line over March 2026: debit, or with `vorig` the credit of that line."""
    referentie: Knoop = {"ReferentieNummer": nummer}
    product = _product(naam)
    return {
        "ProductReferentie": referentie if vorig is None else referentie | {"VorigReferentieNummer": vorig},
        "ToewijzingNummer": 1,
        "ProductCategorie": product["Categorie"],
        "ProductCode": product["Code"],
        "ProductPeriode": {"Begindatum": "2026-03-01", "Einddatum": "2026-03-31"},
        "GeleverdVolume": 2,
        "Eenheid": "04",
        "ProductTarief": cent // 2,
        "IngediendBedrag": {"Bedrag": cent, "DebetCredit": "D" if vorig is None else "C"},
    }


def _declaratie(naam: str) -> Knoop:
    regels: list[Waarde] = [prestatie(naam, "P1", 1000), prestatie(naam, "P2", 300, vorig="P0")]
    return {
        "Declaratie": {
            "DeclaratieNummer": "D1",
            "DeclaratiePeriode": {"Begindatum": "2026-03-01", "Einddatum": "2026-03-31"},
            "DeclaratieDagtekening": "2026-04-15",
            "TotaalIngediendBedrag": {"TotaalBedrag": 700, "DebetCredit": "D"},
            "Clienten": {"Client": [{"Bsn": "999900006", "Prestaties": {"Prestatie": regels}}]},
        }
    }


def _codes(*codes: str) -> Knoop:
    return {"RetourCodes": {"RetourCode": [*codes]}}


def _declaratie_antwoord(naam: str) -> Knoop:
    regel = prestatie(naam, "P1", 1000) | _codes("9307")
    client: Knoop = {"Bsn": "999900006", "Prestaties": {"Prestatie": [regel]}}
    antwoord: Knoop = {
        "DeclaratieNummer": "D1",
        "TotaalIngediendBedrag": {"TotaalBedrag": 1700, "DebetCredit": "D"},
        "TotaalToegekendBedrag": {"TotaalBedrag": 700, "DebetCredit": "D"},
        "Clienten": {"Client": [client | _codes("0200")]},
    }
    return {"DeclaratieAntwoord": antwoord | _codes("0200")}


_INHOUD = {
    "301": _toewijzing,
    "305": _start,
    "307": _stop,
    "315": _verzoek_om_toewijzing,
    "317": _verzoek_om_wijziging,
    "319": _antwoord,
    "323": _declaratie,
    "325": _declaratie_antwoord,
}


def geldig(naam: str) -> Bericht:
    """The message `naam` (JW301 … WMO325, no plain return message), made anew."""
    nummer = naam[-3:]
    van, aan = (GEMEENTE, AGB) if nummer in ("301", "319", "325") else (AGB, GEMEENTE)
    kop = maak_kop(naam, afzender=van, ontvanger=aan, identificatie="B1", dagtekening=DAGTEKENING)
    if nummer == "325":
        kop["DeclaratieIdentificatie"] = {"Identificatie": "D1", "Dagtekening": "2026-04-14"}
        kop["XsdVersieDeclaratie"] = kop["XsdVersie"]
        kop |= _codes("0200")
    return Bericht(naam, {"Header": kop, **_INHOUD[nummer](naam)})
