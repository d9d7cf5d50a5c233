"""A story of one client from indicatie to stop, mishaps included; then the BSN is looked for where it may not be."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client import generate_latest

from services.backoffice.istandaarden.persoon import Client
from services.backoffice.istandaarden.schrijven import schrijf
from services.backoffice.istandaarden.start_stop import (
    StartProduct,
    StopProduct,
    maak_startbericht,
    maak_stopbericht,
)
from shared.bus.port import Record
from shared.web.identity import Rol
from tests.shared.conftest import Logs
from tests.shared.region import (
    AANBIEDER,
    BSN,
    CODE,
    GEMEENTE,
    INDICATIE,
    SUBSEGMENT,
    Region,
    but,
    of_client,
    region,
    until,
)

BEGIN, DAY = date(2026, 1, 1), date(2026, 1, 4)
XML = {"content-type": "application/xml"}
BERICHTEN = "/backoffice/v1/berichten"


class Story:
    """What happens, and every answer that no one may find the BSN in."""

    def __init__(self, made: Region) -> None:
        self.region = made
        self.problems: list[httpx.Response] = []
        self.events: list[bytes] = []
        made.bus.subscribe(
            "story", frozenset({"toegang.indicatie", "backoffice.toewijzing", "backoffice.levering"}), self.listen
        )

    async def listen(self, records: list[Record]) -> None:  # type: ignore[override]
        self.events.extend(record.value for record in records)

    async def deliver(self, text: bytes, status: int, *, aanbieder: str = AANBIEDER, **headers: str) -> httpx.Response:
        async with self.region.als(Rol.AANBIEDER, aanbieder=aanbieder) as client:
            answer = await client.post(BERICHTEN, content=text, headers={**XML, **headers})
        assert answer.status_code == status, answer.text
        if status >= 400:
            self.problems.append(answer)
        return answer

    def start(self, identificatie: str, begin: date = DAY, **client: Any) -> bytes:
        product = StartProduct("1", "54", CODE, BEGIN, begin, "1")
        return schrijf(maak_startbericht("jeugdwet", **self._kop(identificatie, **client), producten=(product,)))

    def stop(self, identificatie: str, begin: date = DAY) -> bytes:
        product = StopProduct("1", "54", CODE, BEGIN, begin, "31", date(2026, 1, 5), "1")
        return schrijf(maak_stopbericht("jeugdwet", **self._kop(identificatie), producten=(product,)))

    def _kop(self, identificatie: str, bsn: str = BSN) -> dict[str, Any]:
        client = Client(bsn=bsn, geboortedatum=date(2010, 2, 14), geslacht="1", achternaam="Wit")
        return {
            "afzender": AANBIEDER,
            "ontvanger": GEMEENTE,
            "identificatie": identificatie,
            "dagtekening": date(2026, 1, 5),
            "client": client,
        }

    async def tell(self) -> None:
        await self.region.tell(SUBSEGMENT)
        await self.access()
        await self.messages()
        await self.mishaps()
        await self.change()

    async def access(self) -> None:
        """toegang: decide, look for, look at; with keys, so that answers are kept."""
        async with self.region.consulent as client:
            for _ in range(2):
                made = await client.post(
                    "/toegang/v1/indicaties", json=INDICATIE, headers={"idempotency-key": "indicatie"}
                )
                assert made.status_code == 201
                found = await client.post(
                    "/toegang/v1/clienten/_zoek", json={"bsn": BSN}, headers={"idempotency-key": "zoek"}
                )
                assert found.json()["bsn"] == BSN
            self.indicatie = made.json()["id"]
            self.problems.append(await client.post("/toegang/v1/indicaties", json=INDICATIE))
            for wrong in (but(INDICATIE, subsegment=BSN), of_client(voornamen=[BSN]), but(INDICATIE, **{BSN: BSN})):
                self.problems.append(await client.post("/toegang/v1/indicaties", json=wrong))
            self.problems.append(await client.get(f"/toegang/v1/clienten/{BSN}"))

    async def messages(self) -> None:
        """backoffice: the 301 leaves, a stop waits for its start, the start comes, twice."""
        async with self.region.aanbieder as client:

            async def sent() -> Any:
                return (await client.get(BERICHTEN, params={"richting": "uit", "berichtcode": "JW301"})).json()[
                    "resultaten"
                ]

            (toewijzing,) = await until(sent)
            text = await client.get(f"{BERICHTEN}/{toewijzing['id']}", headers={"accept": "application/xml"})
            assert BSN in text.text
        await self.deliver(self.stop("S1"), 202)
        await self.deliver(self.start("S2"), 200)
        await self.deliver(self.start("S2"), 200)

    async def mishaps(self) -> None:
        """Everything that is refused, with the BSN in places where it does not belong."""
        good = self.start("S3", date(2026, 1, 5))
        await self.deliver(good.replace(b"<ijw:Code>54Z01", b"<ijw:Code>" + BSN.encode()), 400)
        await self.deliver(good.replace(b"2026-01-05", BSN.encode()), 400)
        await self.deliver(good.replace(b"StatusAanlevering>1", b"StatusAanlevering>" + BSN.encode()), 400)
        await self.deliver(good.replace(b"Bsn>", b"Bsm>"), 400)
        await self.deliver(good.replace(b"Begindatum>", b"Begindatum" + BSN.encode() + b">"), 400)
        await self.deliver(good[: good.index(BSN.encode()) + 9], 400)
        await self.deliver(f"<bsn>{BSN}</bsn>".encode(), 400)
        await self.deliver(BSN.encode(), 400)
        await self.deliver(f"<!DOCTYPE a [<!ENTITY b '{BSN}'>]><a>&b;</a>".encode(), 400)
        await self.deliver(good, 415, **{"content-type": "text/plain"})
        await self.deliver(good, 403, aanbieder="42420002")
        await self.deliver(good + BSN.encode() * 3_000_000, 413)
        await self.deliver(self.start("S4", bsn="999900018"), 200)  # refused: the assignment is of another client
        await self.deliver(
            self.start("S5").replace(b">1</jw305:ToewijzingNummer", b">999900006</jw305:ToewijzingNummer"), 200
        )
        await self.deliver(self.start("S2", date(2026, 1, 3)), 200)  # another text under a used Identificatie

    async def change(self) -> None:
        """The indicatie ends earlier: a second 301, a new state of the levering."""
        async with self.region.consulent as client:
            path = f"/toegang/v1/indicaties/{self.indicatie}/wijzigingen"
            assert (await client.post(path, json={"einddatum": "2026-06-30"})).status_code == 200

        async def told() -> bool:
            return sum(b"levering.gewijzigd" in event for event in self.events) >= 2

        await until(told)


@asynccontextmanager
async def told(folder: Path) -> AsyncIterator[Story]:
    async with region(folder) as made:
        story = Story(made)
        await story.tell()
        yield story


def cells(path: Path) -> Iterator[tuple[str, bytes]]:
    """Every value in every column of every table of a file."""
    with sqlite3.connect(path) as plain:
        for (table,) in plain.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            cursor = plain.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor:
                for name, value in zip(names, row, strict=True):
                    yield f"{path.stem}.{table}.{name}", value if isinstance(value, bytes) else str(value).encode()


def all_cells(folder: Path) -> list[tuple[str, bytes]]:
    return [place for path in folder.glob("*.sqlite") for place in cells(path)]


def all_bytes(folder: Path) -> dict[str, bytes]:
    """Every file as it lies on the disk, logs of the database included."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def holders(secret: str, places: Iterable[tuple[str, bytes | str]]) -> list[str]:
    """The names of the places that hold a text."""
    found = {name for name, held in places if secret.encode() in (held if isinstance(held, bytes) else held.encode())}
    return sorted(found)


async def test_the_bsn_is_in_no_event_no_log_no_metric_no_problem_and_no_column(
    tmp_path: Path, logs: Logs, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    async with told(tmp_path) as story:
        places, raw = all_cells(tmp_path), all_bytes(tmp_path)
        # The search works: what may be found is found.
        assert "backoffice.toewijzing.aanbieder" in holders(AANBIEDER, places)
        assert "toegang.sqlite" in holders(CODE, raw.items()) or "toegang.sqlite-wal" in holders(CODE, raw.items())
        assert {name for name, _ in places} >= {
            "toegang.client.gegevens",
            "toegang.antwoord.inhoud",
            "toegang.outbox.inhoud",
            "backoffice.bericht.inhoud",
            "backoffice.bericht.fouten",
            "backoffice.outbox.inhoud",
        }
        assert holders(BSN, places) == []
        assert holders(BSN, raw.items()) == []
        assert holders(BSN, [(event[:80].decode(), event) for event in story.events]) == []
        assert len(story.problems) >= 17
        told_of = [(str(answer.request.content[:60]), f"{answer.text}{answer.headers}") for answer in story.problems]
        assert holders(BSN, told_of) == []
    printed = capfd.readouterr()
    lines = [("log", line) for line in (logs.text + printed.out + printed.err).splitlines()]
    # The client of these tests tells which addresses it called; what is said on our side is what counts.
    lines += [(record.name, record.getMessage()) for record in caplog.records if record.name != "httpx"]
    assert holders(BSN, lines) == []
    assert holders(BSN, [("metrics", generate_latest())]) == []


async def test_after_closing_nothing_readable_is_left_on_disk(tmp_path: Path) -> None:
    async with told(tmp_path):
        pass
    left = all_bytes(tmp_path)
    assert holders(CODE, left.items()) == ["backoffice.sqlite", "toegang.sqlite"]
    for secret in (BSN, "Winterswijk", "2010-02-14"):
        assert holders(secret, left.items()) == []


async def test_the_same_client_is_the_same_pseudonym_in_every_event_and_none_elsewhere(tmp_path: Path) -> None:
    async with told(tmp_path) as story:
        clients = {json.loads(event)["data"]["client"] for event in story.events}
        async with story.region.consulent as consulent:
            found = await consulent.post("/toegang/v1/clienten/_zoek", json={"bsn": BSN})
        async with story.region.als(Rol.CONSULENT, gemeente="1955") as neighbour:
            other = await neighbour.post("/toegang/v1/indicaties", json=but(INDICATIE, gemeente="1955"))
    assert clients == {found.json()["id"]}
    assert other.json()["client"] not in clients
