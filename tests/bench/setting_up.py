"""Brings a started product to where messages can come: contracts, toewijzingen whose 301 has left, 305s ready to go."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from shared.web.identity import Rol
from tests.bench.client import Connection, json_request, request
from tests.bench.region import (
    GEMEENTEN,
    SUBSEGMENTEN,
    Plaatsing,
    indicatie,
    lijnen,
    overeenkomst,
    startbericht,
    subsegment,
)
from tests.bench.senders import Load, send_apart
from tests.bench.server import BenchError, check

PATIENCE = 240.0  # seconds until every 301 has left
CALLERS = 16


@dataclass(frozen=True, slots=True)
class Klaar:
    """A message that can be sent: the whole request, and about whom."""

    plaatsing: Plaatsing
    request: bytes


class Behind(Protocol):
    """The product behind one port."""

    @property
    def port(self) -> int: ...

    def token(self, rol: Rol, *, gemeente: str | None = None, aanbieder: str | None = None) -> str: ...

    async def quiet(self) -> float: ...


async def set_up(server: Behind, folder: Path, plaatsingen: Sequence[Plaatsing], vandaag: date) -> list[Klaar]:
    """Set up the region and place everyone; the 305s, in the order of `plaatsingen`."""
    await _contracten(server, vandaag)
    await server.quiet()
    tokens = {code: server.token(Rol.CONSULENT, gemeente=code) for code in GEMEENTEN}
    path = "/toegang/v1/indicaties"
    requests = [json_request("POST", path, tokens[p.cel.gemeente], indicatie(p)) for p in plaatsingen]
    sent = await send_apart(Load(server.port, requests, CALLERS), folder)
    ids = [str(json.loads(check(answer, 201).body)["id"]) for answer in sent.answers]
    nummers = await _nummers(server, len(ids))
    await server.quiet()
    return [
        Klaar(p, bericht_request(server, p, nummers[identity], vandaag))
        for p, identity in zip(plaatsingen, ids, strict=True)
    ]


def bericht_request(server: Behind, plaatsing: Plaatsing, nummer: str, vandaag: date) -> bytes:
    """The 305 as the provider sends it."""
    token = server.token(Rol.AANBIEDER, aanbieder=plaatsing.cel.aanbieder)
    body = startbericht(plaatsing, nummer, vandaag)
    return request("POST", "/backoffice/v1/berichten", token, body, "application/xml")


async def _contracten(server: Behind, vandaag: date) -> None:
    token = server.token(Rol.CONTRACTMANAGER)
    connection = await Connection.open(server.port)
    for code in SUBSEGMENTEN:
        path = f"/contractmanagement/v1/subsegmenten/{code}"
        check(await connection.call(json_request("PUT", path, token, subsegment(code))), 200, 201)
    for aanbieder, cellen in lijnen().items():
        body = overeenkomst(aanbieder, cellen, vandaag)
        path = "/contractmanagement/v1/overeenkomsten"
        check(await connection.call(json_request("POST", path, token, body)), 201)
    connection.close()


async def _nummers(server: Behind, aantal: int) -> dict[str, str]:
    """Indicatie → ToewijzingNummer, once all 301s have left."""
    connection = await Connection.open(server.port)
    until = time.monotonic() + PATIENCE
    found: dict[str, str] = {}
    while time.monotonic() < until:
        for gemeente in GEMEENTEN:
            path: str | None = f"/backoffice/v1/toewijzingen?gemeente={gemeente}&aantal=1000"
            token = server.token(Rol.BACKOFFICE, gemeente=gemeente)
            while path is not None:
                page = json.loads(check(await connection.call(request("GET", path, token)), 200).body)
                rows = page["resultaten"]
                found |= {r["indicatie"]: r["toewijzingNummer"] for r in rows if r["status"] == "verzonden"}
                path = _path(page["volgende"])
        if len(found) >= aantal:
            connection.close()
            return found
        await asyncio.sleep(1.0)
    raise BenchError(f"{len(found)} of {aantal} 301s left within {PATIENCE} s")


def _path(volgende: str | None) -> str | None:
    if volgende is None:
        return None
    parts = urlsplit(volgende)
    return f"{parts.path}?{parts.query}"
