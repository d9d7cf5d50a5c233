"""What a hostile or broken sender may send: each is refused with a reason, and nothing is fetched or blown up."""

from pathlib import Path

import pytest

from services.backoffice.istandaarden.controle import beoordeel
from services.backoffice.istandaarden.fouten import MEEST_GETELD, MEESTE_FOUTEN
from services.backoffice.istandaarden.ontleden import MAXIMAAL_BYTES
from services.backoffice.istandaarden.schrijven import schrijf
from tests.backoffice.istandaarden.geldig import geldig, prestatie
from tests.backoffice.istandaarden.overtreding import met
from tests.backoffice.istandaarden.standaard import Standaard

WORTEL = b"<jw305:Bericht "
LACHERS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"ha") for n in range(10))


def _reden(data: bytes) -> str:
    oordeel = beoordeel(data)
    assert oordeel.oordeel == "onleesbaar"
    assert oordeel.inhoud is None
    (fout,) = oordeel.fouten
    assert fout.retourcode is None
    return fout.melding


@pytest.mark.parametrize(
    "doctype",
    [
        b"<!DOCTYPE x>",
        b"<!DOCTYPE jw305:Bericht SYSTEM 'http://127.0.0.1:9/x.dtd'>",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
        b"<!DOCTYPE x [<!ENTITY % a SYSTEM 'file:///etc/passwd'> %a;]>",
    ],
)
def test_any_doctype_is_refused(standaard: Standaard, doctype: bytes) -> None:
    assert "DOCTYPE" in _reden(standaard.voorbeeld("JW305").replace(WORTEL, doctype + WORTEL))


def test_a_doctype_in_a_comment_is_just_text(standaard: Standaard) -> None:
    data = standaard.voorbeeld("JW305").replace(WORTEL, b"<!-- <!DOCTYPE x> -->" + WORTEL)
    assert beoordeel(data).oordeel == "goed"


@pytest.mark.parametrize("in_attribuut", [False, True])
def test_the_billion_laughs_are_not_expanded(standaard: Standaard, in_attribuut: bool) -> None:
    data = standaard.voorbeeld("JW305").replace(WORTEL, b"<!DOCTYPE x [" + LACHERS + b"]>" + WORTEL)
    data = data.replace(WORTEL, WORTEL + b'a="&l9;" ') if in_attribuut else data.replace(b">Wit<", b">&l9;<")
    assert beoordeel(data).oordeel == "onleesbaar"


def test_a_file_is_never_read_through_an_entity(standaard: Standaard, tmp_path: Path) -> None:
    geheim = tmp_path / "geheim.txt"
    geheim.write_text("geheim")
    doctype = f'<!DOCTYPE x [<!ENTITY g SYSTEM "{geheim.as_uri()}">]>'.encode()
    data = standaard.voorbeeld("JW305").replace(WORTEL, doctype + WORTEL).replace(b">Wit<", b">&g;<")
    oordeel = beoordeel(data)
    assert oordeel.oordeel == "onleesbaar"
    assert "geheim" not in str(oordeel)


def test_an_unknown_entity_is_named_as_such(standaard: Standaard) -> None:
    assert "entiteit" in _reden(standaard.voorbeeld("JW305").replace(b">Wit<", b">&nix;<"))


def test_a_schema_location_is_never_followed(standaard: Standaard) -> None:
    kenmerk = b'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x file:///dev/zero" '
    assert beoordeel(standaard.voorbeeld("JW305").replace(WORTEL, WORTEL + kenmerk)).oordeel == "goed"


def test_deep_nesting_is_refused_without_a_crash() -> None:
    _reden(b"<a>" * 100_000 + b"</a>" * 100_000)


def test_deep_nesting_inside_a_message_is_refused_without_a_crash(standaard: Standaard) -> None:
    diep = b"<a>" * 1500 + b"</a>" * 1500
    data = standaard.voorbeeld("JW305").replace(b"<jw305:Client>", b"<jw305:Client>" + diep)
    assert beoordeel(data).oordeel in ("onleesbaar", "schemafout")


@pytest.mark.parametrize("deel", range(1, 40))
def test_a_truncated_message_is_never_taken_for_whole(standaard: Standaard, deel: int) -> None:
    data = standaard.voorbeeld("JW305").rstrip()
    assert _reden(data[: len(data) * deel // 40])


@pytest.mark.parametrize("data", [b"", b" ", b"geen xml", b"\x00\x01", b"{}", b"\xff\xfe<", b"PK\x03\x04"])
def test_what_is_no_xml_is_refused(data: bytes) -> None:
    assert _reden(data)


@pytest.mark.parametrize("naam", ["bestaat-niet", "UTF-16", "US-ASCII", "UTF-8"])
def test_a_wrongly_declared_encoding_is_refused(standaard: Standaard, naam: str) -> None:
    tekst = standaard.voorbeeld("JW305").decode().replace("UTF-8", naam).replace(">Wit<", ">Wît<")
    codering = "latin-1" if naam == "UTF-8" else "utf-8"
    assert _reden(tekst.encode(codering))


@pytest.mark.parametrize(
    ("naam", "codering"), [("UTF-16", "utf-16"), ("ISO-8859-1", "latin-1"), ("UTF-8", "utf-8-sig")]
)
def test_a_rightly_declared_encoding_is_read(standaard: Standaard, naam: str, codering: str) -> None:
    tekst = standaard.voorbeeld("JW305").decode().replace("UTF-8", naam).replace(">Wit<", ">Wît<")
    oordeel = beoordeel(tekst.encode(codering))
    assert oordeel.oordeel == "goed"
    assert "Wît" in str(oordeel.inhoud)


@pytest.mark.parametrize(
    ("ruimte", "woord"), [("ijw/3_1/jw305", "3.1"), ("iwmo/3_0/wmo305", "3.0"), ("ijw/3_2/jw999", "iJw 3.2")]
)
def test_an_unknown_message_is_refused_with_what_is_known(ruimte: str, woord: str) -> None:
    data = f'<m:Bericht xmlns:m="http://www.istandaarden.nl/{ruimte}/schema"/>'
    assert woord in _reden(data.encode())


def test_more_than_25_mb_is_refused() -> None:
    assert "25 MB" in _reden(b" " * (MAXIMAAL_BYTES + 1))


def test_millions_of_elements_are_refused_before_they_take_memory() -> None:
    assert "elementen" in _reden(b"<a>" + b"<a/>" * 3_000_000 + b"</a>")


@pytest.mark.parametrize(
    ("aantal", "slot"),
    [
        (MEESTE_FOUTEN, None),
        (MEESTE_FOUTEN + 1, "En nog 1."),
        (5000, "En nog 4900."),
        (20_000, "En nog ten minste 9900."),
    ],
)
def test_a_message_full_of_faults_gets_a_bounded_list_that_says_how_many_more(
    standaard: Standaard, aantal: int, slot: str | None
) -> None:
    data = standaard.voorbeeld("JW305").replace(b"<jw305:Client>", b"<jw305:Client>" + b"<nix/>" * aantal)
    oordeel = beoordeel(data)
    assert oordeel.oordeel == "schemafout"
    assert [fout.regel for fout in oordeel.fouten[:MEESTE_FOUTEN]] == ["XSD"] * MEESTE_FOUTEN
    assert [fout.melding.startswith(slot or "") for fout in oordeel.fouten[MEESTE_FOUTEN:]] == [True] * (
        slot is not None
    )


@pytest.mark.parametrize(
    ("aantal", "slot"),
    [(MEESTE_FOUTEN, None), (MEESTE_FOUTEN + 2, "En nog 2."), (MEEST_GETELD + 1, "En nog ten minste 9900.")],
)
def test_a_claim_full_of_broken_rules_gets_a_bounded_list_too(aantal: int, slot: str | None) -> None:
    los = [prestatie("JW323", f"R{nummer}", 10) | {"ToewijzingNummer": nummer} for nummer in range(aantal)]
    fout = [regel | {"ProductPeriode": {"Begindatum": "2026-02-28", "Einddatum": "2026-03-01"}} for regel in los]
    client: dict[str, object] = {
        "Declaratie/Clienten/Client/0/Prestaties/Prestatie": fout,
        "Declaratie/TotaalIngediendBedrag/TotaalBedrag": 10 * aantal,
    }
    oordeel = beoordeel(schrijf(met(geldig("JW323"), client)))
    assert oordeel.oordeel == "afgekeurd"
    assert {fout.retourcode for fout in oordeel.fouten} == {"0001"}
    assert [fout.regel for fout in oordeel.fouten[:MEESTE_FOUTEN]] == ["CS337"] * MEESTE_FOUTEN
    assert [fout.melding.startswith(slot or "") for fout in oordeel.fouten[MEESTE_FOUTEN:]] == [True] * (
        slot is not None
    )
