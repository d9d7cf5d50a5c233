"""Fixtures of the HTTP edge."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest_asyncio

from tests.shared.region import Region, region
from tests.shared.web.thing_app import ThingApp, thing_app


@pytest_asyncio.fixture
async def app(tmp_path: Path) -> AsyncIterator[ThingApp]:
    """The small app of things."""
    async with thing_app(tmp_path) as made:
        yield made


@pytest_asyncio.fixture
async def beheer(app: ThingApp) -> AsyncIterator[httpx.AsyncClient]:
    """A caller of the small app."""
    async with app.caller() as client:
        yield client


@pytest_asyncio.fixture
async def toegang(tmp_path: Path) -> AsyncIterator[Region]:
    """toegang alone, without background work."""
    async with region(tmp_path, "toegang", started=False) as made:
        yield made


@pytest_asyncio.fixture
async def beide(tmp_path: Path) -> AsyncIterator[Region]:
    """toegang and backoffice, mounted as the all-in-one does, without background work."""
    async with region(tmp_path, started=False) as made:
        yield made
