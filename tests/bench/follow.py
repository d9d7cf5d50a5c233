"""From retour to visible: how long until the occupancy and the signaal of a message's line have followed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from time import monotonic
from typing import NamedTuple

from shared.web.identity import Rol
from tests.bench.client import Connection, request
from tests.bench.region import Cel
from tests.bench.senders import Load, send
from tests.bench.server import BenchError, Server, check
from tests.bench.setting_up import Klaar

PATIENCE = 10.0
PAUSE = 0.005  # between two looks, so that the looking itself is a moderate load


class Followed(NamedTuple):
    """One probe, in seconds: 305 in → retour out; retour → changed bezetting; retour → signaal `vol`."""

    retour: float
    bezetting: float
    signaal: float


async def follow(server: Server, proeven: Sequence[Klaar], load: Load) -> list[Followed]:
    """Send the probes one after the other, each on a line of its own with one place, under a moderate load."""
    background = asyncio.create_task(send(load))
    sender, watcher = await Connection.open(server.port), await Connection.open(server.port)
    token = server.token(Rol.CONTRACTMANAGER)
    found = []
    for proef in proeven:
        started = monotonic()
        check(await sender.call(proef.request), 200)
        retour = monotonic()
        cel = proef.plaatsing.cel
        # Both are written in one transaction: the second look measures when it can be read, not when it was there.
        bezetting = await _until(watcher, _bezetting(cel, token), lambda rows: bool(rows[0]["bezet"]))
        signaal = await _until(watcher, _signaal(cel, token), bool)
        found.append(Followed(retour - started, bezetting - retour, signaal - retour))
    for answer in (await background).answers:
        check(answer, 200)
    return found


def _bezetting(cel: Cel, token: str) -> bytes:
    wanted = f"aanbieder={cel.aanbieder}&gemeente={cel.gemeente}&subsegment={cel.subsegment}"
    return request("GET", f"/contractmanagement/v1/bezetting?{wanted}", token)


def _signaal(cel: Cel, token: str) -> bytes:
    wanted = f"aanbieder={cel.aanbieder}&gemeente={cel.gemeente}&subsegment={cel.subsegment}&soort=vol"
    return request("GET", f"/contractmanagement/v1/signalen?{wanted}", token)


async def _until(connection: Connection, raw: bytes, good: Callable[[list[dict[str, object]]], bool]) -> float:
    until = monotonic() + PATIENCE
    while monotonic() < until:
        rows = json.loads(check(await connection.call(raw), 200).body)["resultaten"]
        if good(rows):
            return monotonic()
        await asyncio.sleep(PAUSE)
    raise BenchError(f"not followed within {PATIENCE} s")
