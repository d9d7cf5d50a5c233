"""Calls the installation: with the token of who speaks, measured, and again when it was only its own trouble."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any, Self

import httpx

from deploy.simulatie.metingen import Metingen
from deploy.simulatie.sleutelbos import Sleutelbos
from shared.kernel.rol import Rol

# The installation's own trouble, and two decisions at the same moment (its own retries were used up).
LATER = frozenset({502, 503, 504, 507})
TIMEOUT = 120.0
PATIENCE = 300.0
PAUSE = 0.2
OK = 200
Json = dict[str, Any]


class Geweigerd(Exception):
    """The installation refused a call that must succeed, or does not answer; the text says which."""


class Onbereikbaar(Exception):
    """Nothing answers there, or it is not ready; the text says what to do."""


class PerDienst(httpx.AsyncBaseTransport):
    """Does what a gateway does: the first part of the path says which service gets the request."""

    def __init__(self, diensten: Mapping[str, str], lines: httpx.AsyncBaseTransport) -> None:
        self._diensten = {naam: httpx.URL(adres) for naam, adres in diensten.items()}
        self._lines = lines

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        adres = self._diensten[request.url.path.split("/")[1]]
        request.url = request.url.copy_with(scheme=adres.scheme, host=adres.host, port=adres.port)
        request.headers["Host"] = request.url.netloc.decode()
        return await self._lines.handle_async_request(request)

    async def aclose(self) -> None:
        await self._lines.aclose()


class Verbinding:
    """At most `gelijktijdig` calls at once."""

    def __init__(self, http: httpx.AsyncClient, sleutels: Sleutelbos, metingen: Metingen, gelijktijdig: int) -> None:
        self._http = http
        self._sleutels = sleutels
        self.metingen = metingen
        self._plaats = asyncio.Semaphore(gelijktijdig)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def keur(self, paden: Iterable[str]) -> None:
        """Ask once whether these addresses of health are well: a wrong address is not worth waiting for. Raises
        Onbereikbaar."""
        for pad in paden:
            try:
                answer = await self._http.get(pad)
            except httpx.TransportError as error:
                raise Onbereikbaar(
                    f"Daar antwoordt niets ({type(error).__name__} op {pad}). Start de installatie, of geef met --url "
                    "het adres waarop zij luistert."
                ) from error
            if answer.status_code != OK:
                raise Onbereikbaar(f"De installatie is niet gereed: {pad} antwoordt {answer.status_code}.")

    async def roep(
        self,
        soort: str,
        methode: str,
        pad: str,
        rol: Rol,
        organisatie: str | None = None,
        *,
        goed: tuple[int, ...] | None = (200, 201, 204),
        headers: Mapping[str, str] | None = None,
        **inhoud: Any,
    ) -> httpx.Response:
        """One call, counted under `soort`; repeated while the installation says that it can't now. Raises Geweigerd for
        a status that is not `goed` (None: any is)."""
        kop = {"Authorization": f"Bearer {self._sleutels.token(rol, organisatie)}", **(headers or {})}
        until = time.monotonic() + PATIENCE
        while True:
            answer = await self._eenmaal(soort, methode, pad, kop, inhoud)
            if answer is not None and answer.status_code not in LATER:
                break
            if time.monotonic() > until:
                raise Geweigerd(f"{methode} {pad}: na {PATIENCE:.0f} seconden nog geen antwoord.")
            self.metingen.uitgesteld += 1
            await asyncio.sleep(PAUSE)
        if goed is not None and answer.status_code not in goed:
            raise Geweigerd(f"{methode} {pad} door {rol} {organisatie or ''}: {answer.status_code} {answer.text[:500]}")
        return answer

    async def _eenmaal(
        self, soort: str, methode: str, pad: str, kop: Mapping[str, str], inhoud: Mapping[str, Any]
    ) -> httpx.Response | None:
        async with self._plaats:
            begin = time.perf_counter()
            try:
                answer = await self._http.request(methode, pad, headers=dict(kop), **inhoud)
            except httpx.TransportError:
                return None
            self.metingen.duur(soort, time.perf_counter() - begin)
            return answer

    async def lijst(
        self, soort: str, pad: str, rol: Rol, organisatie: str | None = None, **filters: str | int
    ) -> list[Json]:
        """All rows of a list, page after page."""
        answer = await self.roep(soort, "GET", pad, rol, organisatie, params=filters)
        pagina: Json = answer.json()
        rijen: list[Json] = pagina["resultaten"]
        while pagina["volgende"]:
            pagina = (await self.roep(soort, "GET", pagina["volgende"], rol, organisatie)).json()
            rijen += pagina["resultaten"]
        return rijen


def open_verbinding(
    adressen: Mapping[str, str] | str, sleutels: Sleutelbos, metingen: Metingen, gelijktijdig: int
) -> Verbinding:
    """To one address, or to an address per service."""
    limits = httpx.Limits(max_connections=gelijktijdig, max_keepalive_connections=gelijktijdig)
    lines = httpx.AsyncHTTPTransport(limits=limits)
    if isinstance(adressen, str):
        http = httpx.AsyncClient(base_url=adressen, timeout=TIMEOUT, transport=lines)
    else:
        transport = PerDienst(adressen, lines)
        http = httpx.AsyncClient(base_url="http://plekregie", timeout=TIMEOUT, transport=transport)
    return Verbinding(http, sleutels, metingen, gelijktijdig)
