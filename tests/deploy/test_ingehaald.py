"""An installation of before a service listened to something: at its next start it hears what it missed."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.all_in_one import AllInOne, build, database_file
from shared.runtime.settings import Settings, load_settings
from shared.web.identity import Rol

GEMEENTE, TOPIC = "9701", "contractmanagement.gemeente"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"PLEKREGIE_DATA_DIR": str(tmp_path / "data")})


async def vraag(
    product: AllInOne, methode: str, pad: str, rol: Rol, *, gemeente: str | None = None, **meer: Any
) -> Any:
    """Ask the product over HTTP, as who has that role; the answer."""
    kop = {"authorization": f"Bearer {product.issuer.token(rol, gemeente=gemeente)}"}
    transport = httpx.ASGITransport(app=product.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://plekregie", headers=kop) as http:
        antwoord = await http.request(methode, pad, **meer)
    assert antwoord.is_success, antwoord.text
    return antwoord.json()


async def noem(product: AllInOne, naam: str) -> None:
    pad = f"/contractmanagement/v1/gemeenten/{GEMEENTE}"
    await vraag(product, "PUT", pad, Rol.CONTRACTMANAGER, json={"naam": naam})
    await product.settle()


async def afzender(product: AllInOne) -> Any:
    pad = f"/financien/v1/afzenders/{GEMEENTE}"
    return (await vraag(product, "GET", pad, Rol.CONTROLLER, gemeente=GEMEENTE))["naam"]


def als_van_voor_0008(settings: Settings) -> None:
    """Financien as it was before it listened to gemeenten: without the table, and without them in its inbox."""
    with closing(sqlite3.connect(database_file(settings, "contractmanagement"))) as verteld:
        gehoord = verteld.execute("SELECT id FROM outbox WHERE topic = ? AND verzonden_op IS NOT NULL", (TOPIC,))
        ids = gehoord.fetchall()
    assert len(ids) == 2
    with closing(sqlite3.connect(database_file(settings, "financien"))) as financien, financien:
        financien.execute("DROP TABLE gemeente")
        financien.execute("UPDATE alembic_version SET version_num = '0007'")
        assert financien.executemany("DELETE FROM inbox WHERE gebeurtenis = ?", ids).rowcount == 2


@pytest.mark.slow
async def test_an_older_installation_knows_the_names_after_its_next_start(settings: Settings) -> None:
    eerst = build(settings)
    await eerst.start()
    await noem(eerst, "Oostvoorn")
    await noem(eerst, "Oostvoorne")
    assert await afzender(eerst) == "Gemeente Oostvoorne"
    await eerst.stop()

    als_van_voor_0008(settings)
    daarna = build(settings)
    await daarna.start()
    try:
        assert await afzender(daarna) == "Gemeente Oostvoorne", "before anything else happens"
        await noem(daarna, "Westvoorne")
        assert await afzender(daarna) == "Gemeente Westvoorne"
    finally:
        await daarna.stop()
