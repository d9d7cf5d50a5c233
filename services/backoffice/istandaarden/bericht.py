"""A message as a value: its kind and its contents, and the JSON form of both."""

from dataclasses import dataclass

from services.backoffice.istandaarden.berichtsoorten import BERICHTSOORTEN, Berichtsoort
from services.backoffice.istandaarden.fouten import Onleesbaar
from services.backoffice.istandaarden.knoop import Knoop, deel


@dataclass(frozen=True, slots=True)
class Bericht:
    """A message of kind `naam` (JW305). `inhoud` starts below the root element; treat it as read-only."""

    naam: str
    inhoud: Knoop

    @property
    def soort(self) -> Berichtsoort:
        """The description of this kind of message."""
        return BERICHTSOORTEN[self.naam]

    @property
    def kop(self) -> Knoop:
        """The Header."""
        return deel(self.inhoud, "Header")


def als_json(bericht: Bericht) -> dict[str, object]:
    """`{"bericht": "JW305", "inhoud": {...}}`, only strings, integers, lists and objects inside."""
    return {"bericht": bericht.naam, "inhoud": bericht.inhoud}


def van_json(gegevens: object) -> Bericht:
    """The message in such an object. Refuses other shapes with Onleesbaar; the contents are judged on writing."""
    if not isinstance(gegevens, dict):
        raise Onleesbaar('De JSON is geen object. Geef {"bericht": ..., "inhoud": ...}.')
    naam, inhoud = gegevens.get("bericht"), gegevens.get("inhoud")
    if not isinstance(naam, str) or naam not in BERICHTSOORTEN:
        raise Onleesbaar(f"Het veld bericht noemt geen bekend bericht. Kies uit: {', '.join(BERICHTSOORTEN)}.")
    if not isinstance(inhoud, dict):
        raise Onleesbaar("Het veld inhoud ontbreekt of is geen object.")
    return Bericht(naam, inhoud)
