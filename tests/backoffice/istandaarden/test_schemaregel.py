"""The rules that the schema itself holds, each broken once: level 1 refuses."""

import pytest

from services.backoffice.istandaarden.fouten import Schemafout
from services.backoffice.istandaarden.schrijven import schrijf
from tests.backoffice.istandaarden.overtreding import WEG, met
from tests.backoffice.istandaarden.volledig import volledig

KOP = "Header"
CONTACT = "Client/Contactgegevens/Contact/0"
RELATIE = "Client/Relaties/Relatie/0"
PRODUCT = "Client/ToegewezenProducten/ToegewezenProduct/0"
GEVALLEN: tuple[tuple[str, str, str, object], ...] = (
    ("CS015", "301", f"{KOP}/BerichtSubversie", 1),
    ("CS025", "301", f"{KOP}/BerichtVersie", 2),
    ("CS319", "323", "Declaratie/DeclaratieNummer", "a-1"),
    ("RS001", "301", f"{PRODUCT}/ToewijzingNummer", -1),
    ("RS002", "301", f"{RELATIE}/Volgorde", 100),
    ("RS004", "301", f"{CONTACT}/Adres/Huis/Huisnummer", 100_000),
    ("RS005", "301", f"{PRODUCT}/Omvang/Volume", 100_000_000),
    ("RS006", "301", f"{PRODUCT}/ToewijzingNummer", 1_000_000_000),
    ("RS008", "301", "Client/Geslacht", "11"),
    ("RS009", "301", "Client/JuridischeStatus", "011"),
    ("RS010", "301", f"{KOP}/BerichtCode", "4360"),
    ("RS011", "301", f"{CONTACT}/Adres/Huis/HuisnummerToevoeging", "12345"),
    ("RS012", "301", f"{PRODUCT}/Product/Code", "54Z011"),
    ("RS013", "301", "Client/Naam/Voorletters", "ABCDEFG"),
    ("RS014", "301", f"{CONTACT}/Adres/Postcode", "123456789"),
    ("RS015", "301", "Client/Bsn", "9999000061"),
    ("RS016", "301", "Client/Naam/Geslachtsnaam/Voorvoegsel", "a" * 11),
    ("RS017", "301", f"{KOP}/BerichtIdentificatie/Identificatie", "a" * 13),
    ("RS018", "301", f"{CONTACT}/Telefoon/Telefoon01/Telefoonnummer", "1" * 16),
    ("RS019", "301", f"{RELATIE}/Nummer", "a" * 21),
    ("RS020", "301", f"{CONTACT}/Adres/Straatnaam", "a" * 25),
    ("RS021", "301", "Client/Communicatie/Taal", "a" * 26),
    ("RS023", "301", f"{CONTACT}/Organisatie", "a" * 36),
    ("RS024", "301", f"{PRODUCT}/ReferentieAanbieder", "a" * 37),
    ("RS025", "315", "Client/AangevraagdeProducten/AangevraagdProduct/0/Verwijzer/Naam", "a" * 65),
    ("RS026", "301", f"{CONTACT}/Adres/Plaatsnaam", "a" * 81),
    ("RS028", "301", "Client/Naam/Geslachtsnaam/Achternaam", "a" * 201),
    ("RS031", "301", "Client/Commentaar", " \n"),
    ("RS032", "301", f"{PRODUCT}/Ingangsdatum", "2024-02-29Z"),
    ("RS033", "301", f"{CONTACT}/Adres/Straatnaam", ""),
    ("RS034", "301", f"{PRODUCT}/Toewijzingstijd", "12:34:56Z"),
    ("RS035", "301", f"{KOP}/Afzender", "294"),
    ("RS036", "301", f"{KOP}/Ontvanger", "1234567"),
    ("RS037", "301", "Client/Bsn", "99990000A"),
    ("RS040", "323", "Declaratie/TotaalIngediendBedrag/TotaalBedrag", 10**12),
    ("RS045", "301", "Client/Naam/Voorletters", "A.B."),
    ("RS046", "301", f"{CONTACT}/Telefoon/Telefoon01/Telefoonnummer", "020-123"),
    ("RS047", "301", f"{KOP}/BerichtCode", "999"),
    ("RS048", "301", f"{KOP}/XsdVersie/BerichtXsdVersie", "1.0"),
    ("OP076", "301", f"{RELATIE}/Soort", WEG),
    ("OP079", "301", "Client/Bsn", WEG),
    ("OP091", "301", f"{CONTACT}/Soort", WEG),
    ("OP254", "301", f"{KOP}/Ontvanger", WEG),
)


@pytest.mark.parametrize(("nummer", "pad", "waarde"), [geval[1:] for geval in GEVALLEN], ids=[g[0] for g in GEVALLEN])
def test_level_1_refuses_what_breaks_it(nummer: str, pad: str, waarde: object) -> None:
    for naam in (f"JW{nummer}", f"WMO{nummer}"):
        goed = volledig(naam)
        schrijf(goed)
        with pytest.raises(Schemafout) as gevangen:
            schrijf(met(goed, {pad: waarde}))
        assert len(gevangen.value.fouten) == 1


def test_a_claim_may_hold_many_clients() -> None:
    """OP281."""
    schrijf(volledig("JW323", leden=5))
