"""Return messages: what is copied, which codes stand where, and that the schema takes them."""

from copy import deepcopy
from datetime import date

import pytest

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.lezen import lees
from services.backoffice.istandaarden.retour import aantal_producten, maak_retour, retourcodes
from services.backoffice.istandaarden.schrijven import schrijf
from tests.backoffice.istandaarden.standaard import Standaard
from tests.backoffice.istandaarden.volledig import volledig

VANDAAG = date(2026, 5, 1)
NAMEN = ("JW301", "JW305", "JW307", "JW315", "JW317", "JW319")


def _retour(heen: Bericht, **codes: object) -> Bericht:
    return maak_retour(heen, identificatie_retour="R1", dagtekening_retour=VANDAAG, **codes)  # type: ignore[arg-type]


@pytest.mark.parametrize("naam", NAMEN)
def test_all_good_gives_a_header_without_codes(standaard: Standaard, naam: str) -> None:
    heen = volledig(naam)
    retour = _retour(heen)
    assert list(retour.inhoud) == ["Header"]
    assert "RetourCodes" not in retour.kop
    assert standaard.keurt_goed(retour.naam, schrijf(retour))


@pytest.mark.parametrize("naam", NAMEN)
def test_a_level_2_rejection_gives_a_header_with_0001(standaard: Standaard, naam: str) -> None:
    retour = _retour(volledig(naam), kop_codes=["0001"])
    assert retourcodes(retour) == {"Header": ("0001",)}
    assert standaard.keurt_goed(retour.naam, schrijf(retour))


@pytest.mark.parametrize("naam", NAMEN)
def test_a_level_3_rejection_gives_the_whole_client_back_with_a_code_per_class(standaard: Standaard, naam: str) -> None:
    heen = volledig(naam)
    codes = [["9063", "0233"]] * aantal_producten(heen)
    retour = _retour(heen, kop_codes=["0200"], client_codes=["0200"], product_codes=codes)
    data = schrijf(retour)
    assert standaard.keurt_goed(retour.naam, data)
    assert lees(data) == retour
    per_klasse = retourcodes(retour)
    assert per_klasse["Header"] == ("0200",)
    producten = {plaats: rij for plaats, rij in per_klasse.items() if plaats.rstrip("[12]").endswith("Product")}
    assert len(producten) == len(codes)
    assert set(producten.values()) <= {("9063", "0233")}
    assert {rij for plaats, rij in per_klasse.items() if plaats not in producten} == {("0200",)}


def test_each_product_gets_its_own_codes_in_document_order(standaard: Standaard) -> None:
    heen = standaard.bericht("JW305")
    retour = _retour(heen, kop_codes=["0200"], client_codes=["0200"], product_codes=[["0200"], ["9019"]])
    assert retourcodes(retour) == {
        "Header": ("0200",),
        "Client": ("0200",),
        "Client/StartProducten/StartProduct[1]": ("0200",),
        "Client/StartProducten/StartProduct[2]": ("9019",),
    }


def test_the_header_is_copied_with_sender_and_receiver_as_they_were(standaard: Standaard) -> None:
    heen = standaard.bericht("JW305")
    kop = _retour(heen).kop
    anders = {"BerichtCode": "439", "IdentificatieRetour": "R1", "DagtekeningRetour": "2026-05-01"}
    versie = {"BasisschemaXsdVersie": "0.1.0", "BerichtXsdVersie": "0.1.0"}
    assert kop == heen.kop | anders | {"XsdVersieRetour": versie}
    assert (kop["Afzender"], kop["XsdVersie"]) == (heen.kop["Afzender"], heen.kop["XsdVersie"])


def test_the_message_answered_is_left_untouched(standaard: Standaard) -> None:
    heen = standaard.bericht("JW301")
    ervoor = deepcopy(heen)
    _retour(heen, kop_codes=["0200"], client_codes=["0200"])
    assert heen == ervoor


def test_a_wmo_message_is_answered_under_the_wmo(standaard: Standaard) -> None:
    retour = _retour(standaard.bericht("WMO305"), kop_codes=["0200"], client_codes=["9056"])
    assert (retour.naam, retour.kop["BerichtCode"]) == ("WMO306", "419")
    assert lees(schrijf(retour)) == retour


def test_codes_for_another_number_of_products_are_refused(standaard: Standaard) -> None:
    with pytest.raises(ValueError, match="2 producten"):
        _retour(standaard.bericht("JW305"), kop_codes=["0200"], client_codes=["0200"], product_codes=[["9063"]])


@pytest.mark.parametrize("naam", ["JW306", "JW323", "WMO325"])
def test_an_answer_or_a_claim_gets_no_plain_return_message(naam: str) -> None:
    with pytest.raises(ValueError, match=naam):
        _retour(volledig(naam))
