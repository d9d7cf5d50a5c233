"""The quick way: takes what software writes, leaves all else, and never takes what is no XML."""

import json

import pytest

from services.backoffice.istandaarden.berichtsoorten import BERICHTSOORTEN
from services.backoffice.istandaarden.fouten import Onleesbaar, Schemafout
from services.backoffice.istandaarden.grondig import lees_grondig
from services.backoffice.istandaarden.knoop import deel
from services.backoffice.istandaarden.lezen import lees
from services.backoffice.istandaarden.ontleden import ontleed
from services.backoffice.istandaarden.schrijven import schrijf
from services.backoffice.istandaarden.snel import lees_snel
from tests.backoffice.istandaarden.geldig import geldig
from tests.backoffice.istandaarden.volledig import volledig
from tests.conformance.bronnen import eigen

BASIS = "http://www.istandaarden.nl/ijw/3_2/basisschema/schema"
EIGEN = "http://www.istandaarden.nl/ijw/3_2/jw305/schema"
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
GOED = schrijf(geldig("JW305")).decode()
Vervang = tuple[tuple[str, str], ...]


def _met(vervang: Vervang) -> str:
    tekst = GOED
    for oud, nieuw in vervang:
        assert oud in tekst, oud
        tekst = tekst.replace(oud, nieuw)
    return tekst


@pytest.mark.parametrize("naam", BERICHTSOORTEN)
@pytest.mark.parametrize("leden", [1, 3])
def test_what_we_write_ourselves_is_plain(naam: str, leden: int) -> None:
    bericht = volledig(naam, leden)
    assert lees_snel(schrijf(bericht).decode()) == bericht


@pytest.mark.parametrize("naam", BERICHTSOORTEN)
def test_elements_come_in_the_order_of_the_text(naam: str) -> None:
    for tekst in eigen(naam):
        bericht = lees_snel(tekst.decode())
        assert bericht is not None
        grondig, _ = lees_grondig(ontleed(tekst), bericht.soort)
        assert json.dumps(bericht.inhoud) == json.dumps(grondig)


PLAIN: dict[str, Vervang] = {
    "other line ends": (("\n", "\r\n"),),
    "no white space": (("\n", ""), ("\t", "")),
    "no declaration": (('<?xml version="1.0" encoding="UTF-8"?>\n', ""),),
    "single quotes": (('version="1.0" encoding="UTF-8"', "version='1.0' encoding='utf-8' standalone='yes'"),),
    "other prefixes": (
        ("jw305:", "ns2:"),
        ("xmlns:jw305=", "xmlns:ns2="),
        ("ijw:", "q_1:"),
        ("xmlns:ijw=", "xmlns:q_1="),
    ),
    "default namespace for the message": (("jw305:", ""), ("xmlns:jw305=", "xmlns=")),
    "default namespace for the shared elements": (("ijw:", ""), ("xmlns:ijw=", "xmlns=")),
    "a place of the schema": (("<jw305:Bericht ", f'<jw305:Bericht {XSI} xsi:schemaLocation="a b" '),),
    "a reference": ((">Wit<", ">W &amp; it<"),),
}


@pytest.mark.parametrize("vervang", PLAIN.values(), ids=PLAIN)
def test_what_other_software_writes_is_plain_too(vervang: Vervang) -> None:
    tekst = _met(vervang)
    bericht = lees_snel(tekst)
    assert bericht is not None
    assert lees_grondig(ontleed(tekst.encode()), bericht.soort) == (bericht.inhoud, ())


NOT_PLAIN: dict[str, Vervang] = {
    "a comment": (("<jw305:Client>", "<!-- x --><jw305:Client>"),),
    "CDATA": ((">Wit<", "><![CDATA[Wit]]><"),),
    "a character by number": ((">Wit<", ">W&#105;t<"),),
    "space in a tag": (("<jw305:Client>", "<jw305:Client >"),),
    "a namespace further on": (("<jw305:Client>", f'<jw305:Client xmlns:jw305="{EIGEN}">'),),
    "two prefixes for one namespace": (
        ("xmlns:ijw=", f'xmlns:b="{BASIS}" xmlns:ijw='),
        ("ijw:Achternaam", "b:Achternaam"),
    ),
    "prefixes that changed places": (
        ("ijw:", "§:"),
        ("jw305:", "ijw:"),
        ("§:", "jw305:"),
        ("xmlns:ijw=", "xmlns:§="),
        ("xmlns:jw305=", "xmlns:ijw="),
        ("xmlns:§=", "xmlns:jw305="),
    ),
}


@pytest.mark.parametrize("vervang", NOT_PLAIN.values(), ids=NOT_PLAIN)
def test_what_is_right_but_not_plain_is_left_and_read_all_the_same(vervang: Vervang) -> None:
    tekst = _met(vervang)
    assert lees_snel(tekst) is None
    assert lees(tekst.encode()) == geldig("JW305")


NO_XML: dict[str, Vervang] = {
    "quotes that differ": (('version="1.0"', "version=\"1.0'"),),
    "the prefix xml for something else": (("<jw305:Bericht ", f'<jw305:Bericht xmlns:xml="{XSI[11:-1]}" '),),
    "a prefix twice": (("<jw305:Bericht ", f'<jw305:Bericht xmlns:ijw="{BASIS}" '),),
    "a prefix that was never declared": (("<jw305:Client>", "<b:Client>"), ("</jw305:Client>", "</b:Client>")),
    "a usual prefix that was never declared": (
        ("jw305:", "x:"),
        ("xmlns:jw305=", "xmlns:x="),
        ("x:Bsn", "jw305:Bsn"),
    ),
    "another end": (("</jw305:Client>", "</jw305:Klient>"),),
    "a sign that XML does not have": ((">Wit<", ">W\x01t<"),),
    "a place that is no text": ((">Wit<", ">W\ufffet<"),),
    "a place of the schema with such a sign": (
        ("<jw305:Bericht ", f'<jw305:Bericht {XSI} xsi:schemaLocation="\x02" '),
    ),
    "the end of CDATA": ((">Wit<", ">W]]>it<"),),
    "a bare ampersand": ((">Wit<", ">W & it<"),),
    "an unknown reference": ((">Wit<", ">W&nbsp;it<"),),
    "something after the end": (("</jw305:Bericht>\n", "</jw305:Bericht>\nx"),),
    "a second root": (("</jw305:Bericht>\n", "</jw305:Bericht><a/>"),),
    "more white space than a parser takes": (("<jw305:Client>", " " * 10_100_000 + "<jw305:Client>"),),
}


@pytest.mark.parametrize("vervang", NO_XML.values(), ids=NO_XML)
def test_what_is_no_xml_is_never_taken(vervang: Vervang) -> None:
    tekst = _met(vervang)
    assert lees_snel(tekst) is None
    with pytest.raises(Onleesbaar):
        lees(tekst.encode())


NO_MESSAGE: dict[str, Vervang] = {
    "an attribute that looks like a namespace": (("<jw305:Bericht ", f'<jw305:Bericht xmlnsx="{BASIS}" '),),
    "another attribute": (("<jw305:Bericht ", '<jw305:Bericht id="1" '),),
    "only spaces": ((">Wit<", ">   <"),),
    "two lines": ((">Wit<", ">W\nit<"),),
    "too long with its references replaced": ((">Wit<", f">{'a' * 200}&amp;<"),),
    "a line feed beside a reference": ((">Wit<", ">a&lt;\nb<"),),
    "a day that does not exist": ((">2010-02-14<", ">2010-02-30<"),),
    "a code that does not exist": (("<jw305:Geslacht>1<", "<jw305:Geslacht>7<"),),
}


@pytest.mark.parametrize("vervang", NO_MESSAGE.values(), ids=NO_MESSAGE)
def test_what_the_schema_refuses_is_never_taken(vervang: Vervang) -> None:
    tekst = _met(vervang)
    assert lees_snel(tekst) is None
    with pytest.raises(Schemafout):
        lees(tekst.encode())


def test_many_references_are_for_the_slow_way_and_come_through_whole() -> None:
    bericht = volledig("JW301")
    deel(bericht.inhoud, "Client")["Commentaar"] = "<&" * 100_000
    tekst = schrijf(bericht).decode()
    assert lees_snel(tekst) is None
    assert lees(tekst.encode()) == bericht
