"""Loads the demo region as its users would: played over the public HTTP API, with their own tokens and real messages.

Every call has its own Idempotency-Key or message identification and its date is remembered, so that a loading that was
broken off goes on where it was, and a second start changes nothing.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import httpx
from rich.console import Console

from deploy.all_in_one import AllInOne
from deploy.demo.verlopen import demowereld
from deploy.simulatie.bedenken import KanNiet
from deploy.simulatie.metingen import Metingen
from deploy.simulatie.opdracht import Teller, balk
from deploy.simulatie.samen import samen
from deploy.simulatie.sleutelbos import Uitgever
from deploy.simulatie.spelen import Spel
from deploy.simulatie.verbinding import Geweigerd, Verbinding
from deploy.simulatie.voortgang import hervat
from shared.kernel.periode import Kwartaal
from shared.web.identity import Rol

TRUTH = "demo-waarheid.json"
AT_ONCE = 12
STEP = 60  # days played at once


class DemoError(Exception):
    """A call of the demo was refused: that is a fault of the demo."""


async def load_demo(product: AllInOne, talk: Console) -> None:
    """Load what is not loaded yet."""
    marker = product.settings.data_dir / "demo.json"
    state = json.loads(marker.read_text()) if marker.exists() else {"vandaag": product.clock.today().isoformat()}
    if state.get("klaar"):
        return
    marker.write_text(json.dumps(state))
    transport = httpx.ASGITransport(app=product.app, raise_app_exceptions=False)
    http = httpx.AsyncClient(transport=transport, base_url="http://plekregie")
    sleutels = Uitgever(product.issuer, "demo")
    async with Verbinding(http, sleutels, Metingen(), AT_ONCE) as verbinding:
        try:
            await _load(verbinding, date.fromisoformat(state["vandaag"]), product.settings.data_dir, talk)
        except (Geweigerd, KanNiet) as error:
            raise DemoError(str(error)) from error
    mark_done(marker, state)


async def _load(verbinding: Verbinding, vandaag: date, folder: Path, talk: Console) -> None:
    wereld = demowereld(vandaag)
    with balk(talk) as progress:
        teller = Teller(progress, "Demoregio laden")
        spel = Spel(wereld, verbinding, hervat(wereld, folder / TRUTH), teller.tel)
        teller.begin(spel.stappen)
        await spel.speel(STEP)
    if verbinding.metingen.onverwacht:
        raise DemoError(verbinding.metingen.onverwacht[0])
    await samen(_monitor(verbinding, gemeente, vandaag) for gemeente in wereld.gemeenten)


async def _monitor(verbinding: Verbinding, gemeente: str, vandaag: date) -> None:
    """What the controller would do after a quarter: proposals where occupancy drifts."""
    kwartaal = Kwartaal.van(vandaag).vorige()
    body = {"gemeente": gemeente, "kwartaal": f"{kwartaal.jaar}-Q{kwartaal.nummer}"}
    pad, key = "/financien/v1/kwartaalmonitors", {"Idempotency-Key": f"demo-monitor-{gemeente}"}
    await verbinding.roep("kwartaalmonitor", "POST", pad, Rol.CONTROLLER, gemeente, json=body, headers=key)


def mark_done(marker: Path, state: dict[str, object]) -> None:
    """Remember that the demo region is complete."""
    marker.write_text(json.dumps({**state, "klaar": True}))
