"""Asks toegang for the client data that a 301 needs: over HTTP, outside any transaction, never through an event."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date

import httpx

from services.backoffice.istandaarden.persoon import Client, Contact
from shared.web.identity import Issuer, Rol

TIMEOUT = 10.0


class GeenClientgegevens(Exception):
    """toegang gave no data; the 301 waits and is tried again."""


class Clientgegevens:
    """The other side of `GET /toegang/v1/clienten/{pseudoniem}`."""

    def __init__(self, http: Callable[[], httpx.AsyncClient], issuer: Issuer) -> None:
        self._http = http
        self._issuer = issuer

    @asynccontextmanager
    async def verbinding(self) -> AsyncIterator[httpx.AsyncClient]:
        """For a run of questions: making a connection costs more than a question."""
        async with self._http() as http:
            yield http

    async def haal(self, http: httpx.AsyncClient, client: str, gemeente: str) -> Client:
        """The client as the messages know one. Raises GeenClientgegevens."""
        token = self._issuer.token(Rol.BACKOFFICE, gemeente=gemeente, gebruiker="dienst:backoffice", uren=0.1)
        try:
            answer = await http.get(
                f"/toegang/v1/clienten/{client}", headers={"Authorization": f"Bearer {token}"}, timeout=TIMEOUT
            )
        except httpx.HTTPError as error:
            raise GeenClientgegevens(type(error).__name__) from error
        if answer.status_code != 200:
            raise GeenClientgegevens(f"status {answer.status_code}")
        found = answer.json()
        names = ("bsn", "geslacht", "achternaam", "voorvoegsel", "voornamen", "voorletters")
        return Client(
            **{name: found[name] for name in names},
            geboortedatum=date.fromisoformat(found["geboortedatum"]),
            contacten=tuple(Contact(**contact) for contact in found["contact"]),
        )
