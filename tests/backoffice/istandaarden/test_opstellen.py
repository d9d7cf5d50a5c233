"""Typed messages both ways: 301 as a municipality sends it, 305 and 307 as a provider does."""

from dataclasses import replace
from datetime import date, time

import pytest

from services.backoffice.istandaarden.controle import beoordeel
from services.backoffice.istandaarden.fouten import Afgekeurd, Schemafout
from services.backoffice.istandaarden.knoop import deel
from services.backoffice.istandaarden.persoon import Client, Contact
from services.backoffice.istandaarden.schrijven import schrijf
from services.backoffice.istandaarden.start_stop import (
    StartProduct,
    StopProduct,
    lees_startbericht,
    lees_stopbericht,
    maak_startbericht,
    maak_stopbericht,
)
from services.backoffice.istandaarden.toewijzing import ToegewezenProduct, maak_toewijzingsbericht
from tests.backoffice.istandaarden.standaard import Standaard

DAG = date(2026, 1, 5)
CONTACT = Contact("01", "Kerkstraat", 9, "b", "bis", "7101AA", "Winterswijk", "NL", "+31 (0)543-12 34 56")
CLIENT = Client("999900006", date(2012, 3, 4), "1", "Jansen", None, "de", "Tom Jan", "T.J.", (CONTACT,))
PRODUCT = ToegewezenProduct(1, "54", "54Z01", DAG, time(9, 30), DAG, date(2026, 12, 31))
START = StartProduct("1", "54", "54Z01", DAG, DAG)
STOP = StopProduct("1", "54", "54Z01", DAG, DAG, "31", date(2026, 6, 30))


def _maak(
    *producten: ToegewezenProduct, client: Client = CLIENT, wet: str = "jeugdwet", ontvanger: str = "12345678"
) -> bytes:
    bericht = maak_toewijzingsbericht(
        wet,
        afzender="0294",
        ontvanger=ontvanger,
        identificatie="T1",
        dagtekening=DAG,
        client=client,
        producten=producten or (PRODUCT,),
    )
    return schrijf(bericht)


def test_a_made_301_passes_our_levels_and_the_official_schema(standaard: Standaard) -> None:
    data = _maak()
    assert standaard.keurt_goed("JW301", data)
    assert beoordeel(data).oordeel == "goed"


def test_a_made_301_under_the_wmo_is_valid_too(standaard: Standaard) -> None:
    data = _maak(replace(PRODUCT, categorie="02", code="02A03"), wet="wmo")
    assert standaard.keurt_goed("WMO301", data)


def test_a_place_is_one_piece_over_the_whole_period() -> None:
    inhoud = beoordeel(_maak()).inhoud
    assert inhoud is not None
    rij = deel(inhoud.inhoud, "Client", "ToegewezenProducten")["ToegewezenProduct"]
    assert isinstance(rij, list)
    assert isinstance(rij[0], dict)
    assert rij[0]["Omvang"] == {"Volume": 1, "Eenheid": "82", "Frequentie": "6"}


def test_initials_and_telephone_numbers_are_brought_into_form() -> None:
    tekst = _maak().decode()
    assert "<ijw:Voorletters>TJ</ijw:Voorletters>" in tekst
    assert "<ijw:Telefoonnummer>0543123456</ijw:Telefoonnummer>" in tekst
    assert "<ijw:Landnummer>0031</ijw:Landnummer>" in tekst


@pytest.mark.parametrize(
    "client",
    [
        replace(CLIENT, contacten=(Contact("02", telefoon="0543123456"),)),
        replace(CLIENT, contacten=(CONTACT, replace(CONTACT, soort="04", postcode=None, huisnummer=None))),
        replace(CLIENT, voorvoegsel=None, voornamen="", voorletters="", contacten=(replace(CONTACT, huisletter=""),)),
        replace(CLIENT, geboortedatum=date(2012, 3, 1), datumgebruik="1"),
    ],
)
def test_what_is_unknown_is_left_out(standaard: Standaard, client: Client) -> None:
    assert standaard.keurt_goed("JW301", _maak(client=client))


@pytest.mark.parametrize(
    "product",
    [
        replace(PRODUCT, einddatum=None),
        replace(PRODUCT, code=None),
        replace(PRODUCT, code=None, budget_cent=100),
        replace(PRODUCT, categorie=None, code=None, budget_cent=100),
        replace(PRODUCT, reden_wijziging="13", einddatum=DAG),
        replace(PRODUCT, eenheid="84", frequentie="4", commentaar="let op", referentie_aanbieder="R1"),
    ],
)
def test_every_kind_of_assignment_can_be_made(standaard: Standaard, product: ToegewezenProduct) -> None:
    assert standaard.keurt_goed("JW301", _maak(product))


def test_input_that_makes_an_invalid_301_is_refused_with_its_place() -> None:
    with pytest.raises(Schemafout) as gevangen:
        _maak(ontvanger="123", client=replace(CLIENT, contacten=(replace(CONTACT, straatnaam="x" * 25),)))
    assert {fout.plaats for fout in gevangen.value.fouten} == {
        "Header/Ontvanger",
        "Client/Contactgegevens/Contact[1]/Adres/Straatnaam",
    }


def test_input_that_breaks_a_rule_is_refused_with_that_rule() -> None:
    with pytest.raises(Afgekeurd) as gevangen:
        _maak(PRODUCT, replace(PRODUCT, nummer=2), client=replace(CLIENT, bsn="999900007"))
    assert {fout.regel for fout in gevangen.value.fouten} == {"CS002", "TR302"}


def test_a_301_without_contacts_or_products_is_refused() -> None:
    with pytest.raises(Schemafout):
        _maak(client=replace(CLIENT, contacten=()))


@pytest.mark.parametrize("wet", ["jeugdwet", "wmo"])
def test_a_made_start_and_stop_read_back_as_the_same_values(standaard: Standaard, wet: str) -> None:
    categorie = "54" if wet == "jeugdwet" else "02"
    start, stop = replace(START, categorie=categorie), replace(STOP, categorie=categorie)
    taak = replace(start, toewijzing_nummer=None, toewijzing_ingangsdatum=None, status_aanlevering="3")
    kop = {"afzender": "12345678", "ontvanger": "0294", "identificatie": "S1"}
    client = replace(CLIENT, voorletters="TJ", contacten=())
    eerste = maak_startbericht(wet, **kop, dagtekening=DAG, client=client, producten=(start, taak))
    tweede = maak_stopbericht(wet, **kop, dagtekening=DAG, client=client, producten=(stop,))
    assert standaard.keurt_goed(eerste.naam, schrijf(eerste))
    assert standaard.keurt_goed(tweede.naam, schrijf(tweede))
    gelezen = lees_startbericht(eerste)
    assert (gelezen.client, gelezen.producten) == (client, (start, taak))
    gestopt = lees_stopbericht(tweede)
    assert (gestopt.client, gestopt.producten) == (client, (stop,))
    assert (gelezen.kop.afzender, gelezen.kop.ontvanger, gelezen.kop.dagtekening) == ("12345678", "0294", DAG)


def test_the_assignment_number_has_one_notation(standaard: Standaard) -> None:
    data = standaard.voorbeeld("JW305").replace(b">300201<", b"> +0300201 <")
    inhoud = beoordeel(data).inhoud
    assert inhoud is not None
    assert lees_startbericht(inhoud).producten[0].toewijzing_nummer == "300201"


def test_a_message_is_not_read_as_another(standaard: Standaard) -> None:
    with pytest.raises(ValueError, match="JW307"):
        lees_startbericht(standaard.bericht("JW307"))
    with pytest.raises(ValueError, match="JW305"):
        lees_stopbericht(standaard.bericht("JW305"))
