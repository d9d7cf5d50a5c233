"""The check endpoint over the real HTTP server: the verdict of the command line, and not a trace of it afterwards."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import httpx
import pytest

from deploy.berichten import oordeel
from shared.web.identity import Rol
from tests.e2e.opstelling import Ingebouwd
from tests.e2e.regio import BO, XML, Regio, Toewijzing

PAD = f"{BO}/berichten/_controleer"
PROBLEEM = "application/problem+json"
MB = 1024 * 1024


class Toets:
    """A provider's developer, and a look at the database behind the counter."""

    def __init__(self, regio: Regio, data: Path) -> None:
        self.regio, self.database = regio, data / "backoffice.sqlite"
        self.aanbieder, self.gemeente = regio.aanbieder(), regio.gemeente()

    def goed(self, begin: date = date(2026, 2, 1)) -> bytes:
        ingang, client = date(2026, 1, 1), next(self.regio.personen)
        toewijzing = Toewijzing("", "1", "jeugdwet", self.gemeente, self.aanbieder, "54Z01", ingang, client)
        return self.regio.bericht(toewijzing, [toewijzing.start(begin)])

    def stuur(self, inhoud: object, rol: Rol = Rol.AANBIEDER, **kop: str) -> httpx.Response:
        gemeente = self.gemeente if rol is Rol.BACKOFFICE else None
        token = self.regio.token(rol, gemeente, self.aanbieder if rol is Rol.AANBIEDER else None)
        headers = {"Authorization": f"Bearer {token}", **XML, **{n.replace("_", "-"): w for n, w in kop.items()}}
        return self.regio.http.post(PAD, content=inhoud, headers=headers)  # type: ignore[arg-type]

    def rijen(self) -> dict[str, int]:
        """How many rows each table of backoffice holds."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=10)) as connection:
            namen = [naam for (naam,) in connection.execute("select name from sqlite_master where type = 'table'")]
            return {naam: connection.execute(f'select count(*) from "{naam}"').fetchone()[0] for naam in namen}


@pytest.fixture(scope="module")
def toets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Toets]:
    data = tmp_path_factory.mktemp("proefcontrole") / "data"
    opstelling = Ingebouwd(data)
    try:
        with Regio(opstelling) as regio:
            regio.rust()
            yield Toets(regio, data)
    finally:
        opstelling.stop()


def varianten(goed: bytes) -> dict[str, bytes]:
    """One text per verdict."""
    return {
        "goed": goed,
        "afgekeurd": goed.replace(b"StatusAanlevering>1<", b"StatusAanlevering>2<"),
        "schemafout": goed.replace(b"Begindatum>", b"Begindatums>"),
        "onleesbaar": goed[:100],
    }


@pytest.mark.parametrize("soort", ["goed", "afgekeurd", "schemafout", "onleesbaar"])
def test_the_verdict_is_that_of_the_command_line_without_the_file(toets: Toets, tmp_path: Path, soort: str) -> None:
    inhoud = varianten(toets.goed())[soort]
    bestand = tmp_path / "bericht.xml"
    bestand.write_bytes(inhoud)
    verwacht = json.loads(json.dumps(oordeel(bestand)))
    del verwacht["bestand"]
    antwoord = toets.stuur(inhoud)
    assert (antwoord.status_code, antwoord.headers["content-type"]) == (200, "application/json")
    assert antwoord.json() == verwacht
    assert antwoord.json()["oordeel"] == soort
    assert bool(antwoord.json()["fouten"]) == (soort != "goed")
    assert antwoord.json()["bericht"] == (None if soort == "onleesbaar" else "JW305")


@pytest.mark.parametrize("rol", [Rol.AANBIEDER, Rol.BACKOFFICE, Rol.KNOOPPUNT])
def test_whose_message_it_is_does_not_matter(toets: Toets, rol: Rol) -> None:
    inhoud = toets.goed().replace(toets.aanbieder.encode(), b"42429999")
    assert toets.stuur(inhoud, rol).json()["oordeel"] == "goed"


@pytest.mark.parametrize("kind", ["application/json", "text/plain", ""])
def test_another_content_type_is_415(toets: Toets, kind: str) -> None:
    antwoord = toets.stuur(toets.goed(), Content_Type=kind)
    assert (antwoord.status_code, antwoord.headers["content-type"]) == (415, PROBLEEM)
    assert "application/xml" in antwoord.json()["detail"]


def brokken(aantal: int) -> Iterator[bytes]:
    yield from (b" " * MB for _ in range(aantal))


@pytest.mark.parametrize("verklaard", [True, False], ids=["length declared", "in pieces"])
def test_more_than_25_mb_is_413_and_says_nothing_was_kept(toets: Toets, verklaard: bool) -> None:
    antwoord = toets.stuur(b"".join(brokken(27)) if verklaard else brokken(27))
    assert (antwoord.status_code, antwoord.headers["content-type"]) == (413, PROBLEEM)
    assert "25 MB" in antwoord.json()["detail"]
    assert "bericht" not in antwoord.json()


def test_what_is_larger_than_json_may_be_is_judged(toets: Toets) -> None:
    kop, einde, rest = toets.goed().partition(b"?>")
    assert toets.stuur(kop + einde + (b"<!--" + b"x" * 4_000_000 + b"-->") * 2 + rest).json()["oordeel"] == "goed"


def test_an_answer_never_repeats_what_was_refused(toets: Toets) -> None:
    inhoud = toets.goed().replace(b">54Z01<", b">999900006<")
    antwoord = toets.stuur(inhoud)
    assert antwoord.json()["oordeel"] == "schemafout"
    assert "999900006" not in antwoord.text


def test_nothing_is_stored_whatever_came(toets: Toets) -> None:
    voor = toets.rijen()
    assert voor["bericht"] == 0, "everything above came by, and the archive is empty"
    for inhoud in (*varianten(toets.goed()).values(), b"", b" " * (26 * MB)):
        toets.stuur(inhoud)
        toets.stuur(inhoud, Idempotency_Key="proef")
        toets.stuur(inhoud, Content_Type="text/plain")
    toets.regio.rust()
    assert toets.rijen() == voor


def test_a_checked_message_can_still_be_delivered_under_its_identification(toets: Toets) -> None:
    inhoud = toets.goed()
    assert toets.stuur(inhoud).json()["oordeel"] == "goed"
    antwoord = toets.regio.stuur(inhoud, toets.aanbieder)
    assert b"9056" not in antwoord.content


def test_the_route_is_documented(toets: Toets) -> None:
    route = toets.regio.http.get(f"{BO}/openapi.json").json()["paths"]["/berichten/_controleer"]["post"]
    assert list(route["requestBody"]["content"]) == ["application/xml"]
    assert route["tags"] == ["berichten"]
    assert "niets bewaard" in route["description"]
    assert route["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].endswith("/OordeelUit")
