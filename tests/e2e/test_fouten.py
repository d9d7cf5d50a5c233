"""Wrong messages over the real HTTP server: refused in words, without harm, and what came can be found again."""

import gzip
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest

from shared.web.identity import Rol
from tests.e2e.conftest import VERSPREID, Regios
from tests.e2e.opstelling import Doelwit, Sterveling
from tests.e2e.regio import BO, XML, Regio

PROBLEEM = "application/problem+json"
MB = 1024 * 1024
MEEST_ERBIJ_MB = 300  # repeating what was done before asks for no more than some copies of one message
MEEST_MB = 600
KOP = b'<?xml version="1.0" encoding="UTF-8"?>\n'


class Balie:
    """A provider at the counter of a product in a process of its own."""

    def __init__(self, regio: Regio, proces: Doelwit) -> None:
        self.proces, self.regio = proces, regio
        self.gezegd = len(proces.uitvoer_van())
        self.aanbieder, self.gemeente = self.regio.aanbieder(), self.regio.gemeente()
        self.regio.subsegment("54Z01")
        self.client = next(self.regio.personen)

    def goed(self) -> bytes:
        """A message that would be accepted: the start of one more client."""
        toewijzing = self.regio.maak_toewijzing(self.gemeente, self.aanbieder, "54Z01", date(2026, 1, 1))
        self.client = toewijzing.client
        return self.regio.bericht(toewijzing, [toewijzing.start(date(2026, 2, 1))])

    def lever(self, inhoud: object, aanbieder: str | None = None, **kop: str) -> httpx.Response:
        token = self.regio.token(Rol.AANBIEDER, aanbieder=aanbieder or self.aanbieder)
        headers = {"Authorization": f"Bearer {token}", **XML, **{n.replace("_", "-"): w for n, w in kop.items()}}
        return self.regio.http.post(f"{BO}/berichten", content=inhoud, headers=headers)  # type: ignore[arg-type]

    def bewaard(self, antwoord: httpx.Response, aanbieder: str | None = None) -> tuple[str, bytes]:
        """Status and text of what was kept, as this provider finds them."""
        wie = aanbieder or self.aanbieder
        plek = antwoord.headers.get("location") or f"{BO}/berichten/{antwoord.json().get('bericht', '')}"
        rijen = {rij["id"]: rij for rij in self.regio.berichten(wie, richting="in")}
        bericht = plek.rpartition("/")[2] or max(rijen)
        return rijen[bericht]["status"], self.regio.xml(bericht, wie)

    def geheugen(self) -> float:
        """The most memory that the process at the counter ever held, in MB."""
        status = Path(f"/proc/{self.proces.pid_van('backoffice')}/status").read_text()
        return next(int(regel.split()[1]) for regel in status.splitlines() if regel.startswith("VmHWM")) / 1024


@pytest.fixture(scope="module")
def balie(stand: str, regios: Regios, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Balie]:
    if stand == VERSPREID:
        # Its processes are apart already.
        regio = regios.van(VERSPREID)
        yield Balie(regio, regio.opstelling)  # type: ignore[arg-type]  # also something that may be hit
        return
    proces = Sterveling(tmp_path_factory.mktemp("fouten") / "data")
    try:
        with Regio(proces.start()) as regio:
            yield Balie(regio, proces)
    finally:
        proces.stop()


def lach() -> bytes:
    """A billion laughs."""
    regels = [b'<!ENTITY a0 "ha">']
    regels += [b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10)]
    return KOP + b"<!DOCTYPE x [" + b"".join(regels) + b"]><x>&a9;</x>"


def van_buiten(adres: bytes) -> bytes:
    return KOP + b'<!DOCTYPE x [<!ENTITY e SYSTEM "' + adres + b'">]><x>&e;</x>'


ONLEESBAAR: dict[str, Callable[[bytes], bytes]] = {
    "billion laughs": lambda goed: lach(),
    "quadratic blow-up": lambda goed: (
        KOP + b'<!DOCTYPE x [<!ENTITY e "%s">]><x>%s</x>' % (b"A" * 50_000, b"&e;" * 9_000)
    ),
    "external entity, a file": lambda goed: van_buiten(b"file:///etc/passwd"),
    "external entity, an address": lambda goed: van_buiten(b"http://127.0.0.1:9/geheim"),
    "external document type": lambda goed: KOP + b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x/>',
    "parameter entity": lambda goed: KOP + b'<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]><x/>',
    "a document type around a good message": lambda goed: goed.replace(KOP, KOP + b"<!DOCTYPE x>"),
    "declared as UTF-16, sent as UTF-8": lambda goed: goed.replace(b"UTF-8", b"UTF-16"),
    "an unknown encoding": lambda goed: goed.replace(b"UTF-8", b"klingon"),
    "bytes that are no UTF-8": lambda goed: goed.replace(b"Wit", b"W\xe9t\xff"),
    "truncated": lambda goed: goed[: len(goed) // 2],
    "empty": lambda goed: b"",
    "blank": lambda goed: b" \n ",
    "JSON": lambda goed: b'{"bericht": "JW305"}',
    "deep nesting": lambda goed: KOP + b"<a>" * 200_000 + b"</a>" * 200_000,
    "very many elements": lambda goed: KOP + b"<a>" + b"<b/>" * 5_000_000 + b"</a>",
    "a very long attribute": lambda goed: KOP + b'<a b="' + b"x" * 12_000_000 + b'"/>',
    "a NUL": lambda goed: goed.replace(b"Wit", b"W\x00t"),
    "a page": lambda goed: b"<!doctype html><html><body>hoi</body></html>",
    "another kind of XML": lambda goed: KOP + b"<Envelope/>",
    "another release": lambda goed: goed.replace(b"/3_2/", b"/3_1/"),
    "compressed": lambda goed: gzip.compress(goed),
    "two messages in one": lambda goed: goed + goed,
}


@pytest.mark.parametrize("soort", ONLEESBAAR)
def test_what_can_not_be_read_is_400_in_words_and_kept_byte_for_byte(balie: Balie, soort: str) -> None:
    inhoud = ONLEESBAAR[soort](balie.goed())
    antwoord = balie.lever(inhoud)
    assert (antwoord.status_code, antwoord.headers["content-type"]) == (400, PROBLEEM)
    probleem = antwoord.json()
    assert probleem["status"] == 400
    assert probleem["title"]
    assert "bewaard" in probleem["detail"]
    assert "root:" not in antwoord.text
    assert balie.bewaard(antwoord) == ("onleesbaar", inhoud)


def test_a_message_that_the_schema_refuses_names_place_and_rule_and_is_kept(balie: Balie) -> None:
    inhoud = balie.goed().replace(b"2026-02-01", b"2026-02-31").replace(b"<jw305:Geslacht>1", b"<jw305:Geslacht>7")
    antwoord = balie.lever(inhoud)
    assert (antwoord.status_code, antwoord.headers["content-type"]) == (400, PROBLEEM)
    plaatsen = [fout["veld"] for fout in antwoord.json()["fouten"]]
    assert plaatsen == ["Client/Geslacht", "Client/StartProducten/StartProduct[1]/Begindatum"]
    assert balie.bewaard(antwoord) == ("schemafout", inhoud)
    assert balie.client.bsn not in antwoord.text, "an answer never repeats what was refused"


def test_a_message_in_another_encoding_that_it_declares_is_simply_read(balie: Balie) -> None:
    inhoud = balie.goed().decode().replace("UTF-8", "UTF-16").replace("Wit", "Wít").encode("utf-16")
    antwoord = balie.lever(inhoud)
    assert antwoord.status_code == 200
    assert balie.bewaard(antwoord)[1] == inhoud
    wortel = balie.regio.xml(antwoord.headers["location"].rpartition("/")[2], balie.aanbieder, "/retour")
    assert b"RetourCode>" not in wortel


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data; boundary=x", ""])
def test_another_content_type_is_415_and_the_text_is_kept(balie: Balie, kind: str) -> None:
    inhoud = balie.goed()
    antwoord = balie.lever(inhoud, Content_Type=kind)
    assert (antwoord.status_code, antwoord.headers["content-type"]) == (415, PROBLEEM)
    assert "application/xml" in antwoord.json()["detail"]
    assert balie.bewaard(antwoord) == ("geweigerd", inhoud)


def test_another_sender_than_the_token_is_403_and_the_text_is_kept_for_who_sent_it(balie: Balie) -> None:
    inhoud, ander = balie.goed(), balie.regio.aanbieder()
    antwoord = balie.lever(inhoud, ander)
    assert (antwoord.status_code, antwoord.headers["content-type"]) == (403, PROBLEEM)
    assert balie.bewaard(antwoord, ander) == ("geweigerd", inhoud)
    assert balie.lever(inhoud).status_code == 200, "a refused text does not take the identification of its true sender"


def brokken(aantal: int) -> Iterator[bytes]:
    yield KOP + b"<a>"
    for _ in range(aantal):
        yield b"x" * MB


@pytest.mark.parametrize("verklaard", [True, False], ids=["length declared", "in pieces"])
def test_more_than_25_mb_is_413_and_its_beginning_is_kept(balie: Balie, verklaard: bool) -> None:
    inhoud: object = b"".join(brokken(27)) if verklaard else brokken(27)
    antwoord = balie.lever(inhoud)
    assert (antwoord.status_code, antwoord.headers["content-type"]) == (413, PROBLEEM)
    status, begin = balie.bewaard(antwoord)
    assert (status, begin[: len(KOP) + 3]) == ("te_groot", KOP + b"<a>")


def test_25_mb_that_fit_are_judged(balie: Balie) -> None:
    inhoud = balie.goed()
    opvulling = b"<!--" + b"x" * 4_000_000 + b"-->"
    groot = inhoud.replace(KOP, KOP + opvulling * 6)
    assert 24_000_000 < len(groot) < 25 * MB
    antwoord = balie.lever(groot)
    assert antwoord.status_code == 200, antwoord.text


def test_memory_stayed_bounded_and_the_product_lives(balie: Balie) -> None:
    """After everything above, and more of it: the peak is some copies of one message, not of all."""
    if not Path("/proc/self/status").exists():
        pytest.skip("zonder /proc is het geheugen van een ander proces niet te meten")
    voor = balie.geheugen()
    for _ in range(3):
        for soort in ("very many elements", "deep nesting", "quadratic blow-up"):
            balie.lever(ONLEESBAAR[soort](b""))
        balie.lever(b"".join(brokken(27)))
    assert balie.geheugen() - voor < MEEST_ERBIJ_MB
    assert balie.geheugen() < MEEST_MB
    assert balie.lever(balie.goed()).status_code == 200
    assert balie.proces.leeft()


def test_no_answer_was_a_mishap_of_our_own(balie: Balie) -> None:
    log = balie.proces.uitvoer_van()[balie.gezegd :]
    assert "aanvraag.mislukt" not in log
    assert "Traceback" not in log
    assert balie.client.bsn not in log
