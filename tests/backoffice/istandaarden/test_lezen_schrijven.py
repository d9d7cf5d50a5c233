"""Reading and writing: nothing is lost, nothing changes, nothing invalid leaves."""

import json

import pytest
from lxml import etree

from services.backoffice.istandaarden.bericht import Bericht, als_json, van_json
from services.backoffice.istandaarden.berichtsoorten import BERICHTSOORTEN
from services.backoffice.istandaarden.controle import beoordeel
from services.backoffice.istandaarden.fouten import Onleesbaar, Schemafout
from services.backoffice.istandaarden.knoop import deel
from services.backoffice.istandaarden.lezen import lees
from services.backoffice.istandaarden.schrijven import schrijf
from tests.backoffice.istandaarden.standaard import Standaard
from tests.backoffice.istandaarden.volledig import volledig

GOEDE_VOORBEELDEN = ("JW301", "JW305", "JW307", "JW317", "JW319", "WMO301", "WMO305", "WMO315")


def _canoniek(data: bytes) -> bytes:
    ontleder = etree.XMLParser(remove_blank_text=True, remove_comments=True)
    return etree.tostring(etree.fromstring(data, ontleder), method="c14n")


@pytest.mark.parametrize("naam", GOEDE_VOORBEELDEN)
def test_an_official_example_comes_back_unchanged(standaard: Standaard, naam: str) -> None:
    data = standaard.voorbeeld(naam)
    geschreven = schrijf(lees(data))
    assert _canoniek(geschreven) == _canoniek(data)
    assert standaard.keurt_goed(naam, geschreven)


@pytest.mark.parametrize("naam", BERICHTSOORTEN)
def test_what_is_written_reads_back_as_the_same_message(naam: str) -> None:
    bericht = volledig(naam)
    data = schrijf(bericht)
    assert lees(data) == bericht
    assert schrijf(lees(data)) == data


@pytest.mark.parametrize("naam", BERICHTSOORTEN)
def test_json_and_back_gives_the_same_bytes(naam: str) -> None:
    bericht = volledig(naam)
    assert schrijf(van_json(json.loads(json.dumps(als_json(bericht))))) == schrijf(bericht)


def test_the_official_example_315_has_a_day_that_does_not_exist(standaard: Standaard) -> None:
    with pytest.raises(Schemafout) as gevangen:
        standaard.bericht("JW315")
    assert [fout.plaats for fout in gevangen.value.fouten] == [
        "Client/AangevraagdeProducten/AangevraagdProduct[1]/ToewijzingEinddatum",
        "Client/AangevraagdeProducten/AangevraagdProduct[2]/ToewijzingEinddatum",
    ]


def test_every_finding_names_its_place_and_all_are_told_at_once(standaard: Standaard) -> None:
    data = standaard.voorbeeld("JW305").decode()
    data = data.replace("<jw305:Geslacht>1</jw305:Geslacht>", "").replace("2026-04-03", "2026-04-31")
    data = data.replace(">1</jw305:StatusAanlevering>", ">1</jw305:StatusAanlevering><jw305:Extra/>", 1)
    data = data.replace(">999900006<", "><").replace("<jw305:Client>", "<jw305:Client>los")
    with pytest.raises(Schemafout) as gevangen:
        lees(data.encode())
    assert gevangen.value.bericht == "JW305"
    assert {(fout.plaats, fout.regel) for fout in gevangen.value.fouten} == {
        ("Client", "XSD"),
        ("Client/Bsn", "RS037"),
        ("Client/Geslacht", "XSD"),
        ("Client/StartProducten/StartProduct[1]/Begindatum", "RS032"),
        ("Client/StartProducten/StartProduct[1]/Extra", "XSD"),
    }
    assert all(fout.retourcode is None for fout in gevangen.value.fouten)


def test_no_finding_repeats_a_value_from_the_message(standaard: Standaard) -> None:
    data = standaard.voorbeeld("JW305").replace(b"999900006", b"999900007X").replace(b">Wit<", b">Wit\nGeheim<")
    with pytest.raises(Schemafout) as gevangen:
        lees(data)
    assert len(gevangen.value.fouten) == 2
    assert not any("9999" in fout.melding or "Geheim" in fout.melding for fout in gevangen.value.fouten)


def test_numbers_lose_signs_and_zeros_and_dates_their_spaces(standaard: Standaard) -> None:
    data = (
        standaard.voorbeeld("JW305")
        .replace(b">300201<", b"> +000300201\n<")
        .replace(b">2026-04-03<", b"> 2026-04-03 <")
    )
    assert standaard.keurt_goed("JW305", data)
    assert lees(data) == standaard.bericht("JW305")


def test_a_value_cut_by_a_comment_is_one_value(standaard: Standaard) -> None:
    data = standaard.voorbeeld("JW305").replace(b">999900006<", b">9999<!-- 1 -->00<?x y?>006<")
    assert lees(data) == standaard.bericht("JW305")


def test_a_carriage_return_in_a_text_survives() -> None:
    bericht = volledig("JW301")
    deel(bericht.inhoud, "Client")["Commentaar"] = "een\r\ntwee & <drie> ]]>"
    assert lees(schrijf(bericht)) == bericht


@pytest.mark.parametrize("tekst", ["\x00", "a\x08", "\ufffe", "\ud800", ""])
def test_a_text_that_xml_cannot_hold_is_refused_on_writing(tekst: str) -> None:
    bericht = volledig("JW301")
    deel(bericht.inhoud, "Client")["Commentaar"] = tekst
    with pytest.raises(Schemafout) as gevangen:
        schrijf(bericht)
    assert [fout.plaats for fout in gevangen.value.fouten] == ["Client/Commentaar"]


@pytest.mark.parametrize(
    ("pad", "waarde", "plaats"),
    [
        (("Header",), None, "Header"),
        (("Header", "Afzender"), 12345678, "Header/Afzender"),
        (("Header", "Afzender"), "1234567", "Header/Afzender"),
        (("Header", "Onbekend"), "x", "Header"),
        (("Client", "Naam"), "Wit", "Client/Naam"),
        (("Client", "StartProducten"), {"StartProduct": []}, "Client/StartProducten/StartProduct"),
        (("Client", "StartProducten"), {"StartProduct": {}}, "Client/StartProducten/StartProduct"),
        (("Client", "StartProducten"), {"StartProduct": ["x"]}, "Client/StartProducten/StartProduct[1]"),
        (("Client", "Geslacht"), True, "Client/Geslacht"),
    ],
)
def test_contents_of_another_shape_are_refused_on_writing(pad: tuple[str, ...], waarde: object, plaats: str) -> None:
    gegevens = json.loads(json.dumps(als_json(volledig("JW305"))))
    knoop = gegevens["inhoud"]
    for naam in pad[:-1]:
        knoop = knoop[naam]
    knoop[pad[-1]] = waarde
    with pytest.raises(Schemafout) as gevangen:
        schrijf(van_json(gegevens))
    assert [fout.plaats for fout in gevangen.value.fouten] == [plaats]


@pytest.mark.parametrize(
    "gegevens", [None, [], {}, {"bericht": "JW999", "inhoud": {}}, {"bericht": "JW305"}, {"bericht": 305}]
)
def test_json_without_a_known_message_is_refused(gegevens: object) -> None:
    with pytest.raises(Onleesbaar):
        van_json(gegevens)


def test_a_number_must_be_a_number_and_no_boolean() -> None:
    inhoud = volledig("JW305").inhoud
    deel(inhoud, "Header")["BerichtVersie"] = True
    with pytest.raises(Schemafout):
        schrijf(Bericht("JW305", inhoud))


@pytest.mark.parametrize(
    ("soort", "goed"),
    [
        ("ijw:LDT_Geslacht", True),
        ("ijw:LDT_JaNee", False),
        ("LDT_Geslacht", False),
        (":LDT_Geslacht", False),
        ("q:LDT_Geslacht", False),
        (" ijw:LDT_Geslacht", False),
        ("jw305:LDT_Geslacht", False),
        ("ijw:LDT_Geslacht:", False),
    ],
)
@pytest.mark.parametrize("standaardruimte", ["", ' xmlns="http://www.istandaarden.nl/ijw/3_2/basisschema/schema"'])
def test_an_element_may_only_name_the_type_that_it_has_anyway(
    standaard: Standaard, soort: str, goed: bool, standaardruimte: str
) -> None:
    kenmerk = (
        f'<jw305:Geslacht xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="{soort}"{standaardruimte}>'
    )
    data = standaard.voorbeeld("JW305").replace(b"<jw305:Geslacht>", kenmerk.encode())
    goed = goed or (soort == "LDT_Geslacht" and bool(standaardruimte))
    assert standaard.keurt_goed("JW305", data) is goed
    assert (beoordeel(data).oordeel == "goed") is goed
