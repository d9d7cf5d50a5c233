"""What codes are called, for people: a name where there is one, with the code where names do not tell two apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

REGIO = "regio"


class Namen:
    """Names of aanbieders (AGB), gemeenten (CBS) and sub-segments, by code. A code without a name is shown as it is."""

    def __init__(
        self, aanbieders: Mapping[str, str], gemeenten: Mapping[str, str], subsegmenten: Mapping[str, str]
    ) -> None:
        """The names as they are."""
        self.aanbieders = aanbieders
        self.gemeenten = gemeenten
        self.subsegmenten = subsegmenten
        self._aanbieders = herkenbaar(aanbieders)
        self._gemeenten = herkenbaar(gemeenten)

    def aanbieder(self, code: str) -> str:
        """An aanbieder as people call it."""
        return self._aanbieders.get(code, code)

    def aanbieder_in_zin(self, code: str) -> str:
        """The same for within a sentence, where a code alone would say too little: `aanbieder 42420001`."""
        return self._aanbieders.get(code, f"aanbieder {code}")

    def gemeente(self, code: str | None) -> str:
        """A gemeente as people call it; None: awarded for the region."""
        return REGIO if code is None else self._gemeenten.get(code, code)

    def gemeente_voluit(self, code: str) -> str:
        """`Gemeente Oostvoorne`, as a title names it."""
        return voluit(self.gemeente(code))

    def gemeente_in_zin(self, code: str) -> str:
        """`gemeente Oostvoorne`, for within a sentence."""
        tekst = self.gemeente_voluit(code)
        return f"{tekst[:1].lower()}{tekst[1:]}"

    def partij(self, code: str) -> str:
        """Whoever sends or gets a message: an aanbieder or a gemeente."""
        return self._gemeenten.get(code) or self.aanbieder(code)

    def partij_met_code(self, code: str) -> str:
        """The same with its code, by which messages go."""
        naam = self.gemeenten.get(code) or self.aanbieders.get(code)
        return code if naam is None else f"{naam} ({code})"

    def partijen_met(self, deel: str) -> list[str]:
        """The codes of those that have this in their name, whatever the capitals."""
        alle = {**self.aanbieders, **self.gemeenten}
        return [code for code, naam in alle.items() if deel.casefold() in naam.casefold()]

    def subsegment(self, code: str) -> str:
        """Name and code of a sub-segment: in messages and contracts it goes by its code."""
        naam = self.subsegmenten.get(code)
        return code if naam is None else f"{naam} ({code})"


def herkenbaar(namen: Mapping[str, str]) -> dict[str, str]:
    """Code → name, with the code after it where another code has that name too."""
    hoe_vaak = Counter(naam.casefold() for naam in namen.values())
    return {code: naam if hoe_vaak[naam.casefold()] == 1 else f"{naam} ({code})" for code, naam in namen.items()}


def voluit(gemeente: str) -> str:
    """From `Oostvoorne`, or its code, to `Gemeente Oostvoorne`; what begins so stays."""
    return gemeente if gemeente.casefold().startswith("gemeente ") else f"Gemeente {gemeente}"
