"""The tokens of everybody who is played: made with the keys of the installation, or given in a file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from shared.kernel.clock import SystemClock
from shared.kernel.rol import Rol
from shared.web.identity import KEY_FILE, Issuer

UREN = 24.0
SHOWN = 3


class GeenTokens(Exception):
    """There are no tokens for everybody; the text says what is missing and how to get it."""


class Sleutelbos(Protocol):
    """Gives a bearer token for a role and its organisation."""

    def token(self, rol: Rol, organisatie: str | None = None) -> str:
        """The token; the same each time."""


class Uitgever:
    """With the issuer of the installation itself."""

    def __init__(self, issuer: Issuer, gebruiker: str) -> None:
        self._issuer = issuer
        self._gebruiker = gebruiker
        self._made: dict[tuple[Rol, str | None], str] = {}

    def token(self, rol: Rol, organisatie: str | None = None) -> str:
        key = (rol, organisatie)
        if key not in self._made:
            wie = {"aanbieder" if rol is Rol.AANBIEDER else "gemeente": organisatie}
            self._made[key] = self._issuer.token(rol, **wie, gebruiker=self._gebruiker, uren=UREN)
        return self._made[key]


def eigen_sleutels(keys: Path) -> Uitgever:
    """With the keys of the embedded mode: this machine is the installation's. Raises GeenTokens."""
    if not (keys / KEY_FILE).exists():
        raise GeenTokens(
            f"In {keys} staat geen sleutel ({KEY_FILE}) om tokens mee te maken. Start de installatie eerst, wijs "
            "met PLEKREGIE_DATA_DIR of PLEKREGIE_KEYS_DIR haar sleutels aan, of geef --token-bestand."
        )
    return Uitgever(Issuer(keys, SystemClock()), "simulatie")


class Tokenbestand:
    """From a JSON file: `{"contractmanager": "…", "consulent/9704": "…", "aanbieder/59826443": "…"}`."""

    def __init__(self, bestand: Path) -> None:
        try:
            inhoud = json.loads(bestand.read_text())
        except (OSError, ValueError) as error:
            raise GeenTokens(f"{bestand} is geen JSON-bestand dat te lezen is ({error}).") from error
        if not isinstance(inhoud, dict) or not all(isinstance(token, str) for token in inhoud.values()):
            raise GeenTokens(f'{bestand}: schrijf {{"rol/organisatie": "token"}}, bijvoorbeeld "consulent/9704".')
        self._tokens: dict[str, str] = inhoud
        self._bestand = bestand

    def keur(self, nodig: Iterable[tuple[Rol, str | None]]) -> None:
        """Raises GeenTokens naming who has none."""
        missing = [naam for wie in nodig if (naam := naam_van(*wie)) not in self._tokens]
        if missing:
            rest = f" en {len(missing) - SHOWN} andere" if len(missing) > SHOWN else ""
            raise GeenTokens(
                f"In {self._bestand} ontbreken tokens: {', '.join(missing[:SHOWN])}{rest}. Een token maakt u met: "
                f"plekregie token --rol {missing[0].partition('/')[0]} …"
            )

    def token(self, rol: Rol, organisatie: str | None = None) -> str:
        return self._tokens[naam_van(rol, organisatie)]


def naam_van(rol: Rol, organisatie: str | None) -> str:
    """How the file names whom a token is for."""
    return str(rol) if organisatie is None else f"{rol}/{organisatie}"
