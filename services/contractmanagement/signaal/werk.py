"""What people make of a signal: owner, status of the work, comments, silence until a date (C-2). Pure.

Apart from the computed status (open, gesloten, vervallen), which stays a function of occupancy alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from shared.kernel.bsn import voldoet_aan_elfproef
from shared.kernel.refusal import FieldFault

# Nine digits, also when somebody wrote them in groups.
_NEGEN_CIJFERS = re.compile(r"(?<![0-9])[0-9](?:[ .-]?[0-9]){8}(?![0-9])")


class Werkstatus(StrEnum):
    """How far the work on a signal is."""

    NIEUW = "nieuw"
    IN_BEHANDELING = "in_behandeling"
    AFGEHANDELD = "afgehandeld"


@dataclass(frozen=True, slots=True)
class Werk:
    """The work on a signal as it stands. Silent on every day before `stil_tot`, and again to be seen from that day."""

    eigenaar: str | None = None
    werkstatus: Werkstatus = Werkstatus.NIEUW
    stil_tot: date | None = None

    def op(self, dag: date) -> Werk:
        """As it is on `dag`: silence ends by itself."""
        return replace(self, stil_tot=None) if self.stil_tot is not None and self.stil_tot <= dag else self


@dataclass(frozen=True, slots=True)
class Stap:
    """One step: what is named in `wijzigt` becomes what stands here (None ends it), and a comment."""

    wijzigt: frozenset[str]
    eigenaar: str | None = None
    werkstatus: Werkstatus = Werkstatus.NIEUW
    stil_tot: date | None = None
    opmerking: str | None = None

    def na(self, werk: Werk) -> Werk:
        """The work after this step."""
        return Werk(
            self.eigenaar if "eigenaar" in self.wijzigt else werk.eigenaar,
            self.werkstatus if "werkstatus" in self.wijzigt else werk.werkstatus,
            self.stil_tot if "stil_tot" in self.wijzigt else werk.stil_tot,
        )

    def inhoud(self) -> dict[str, str | None]:
        """What was named, under the names that callers know."""
        named: dict[str, str | None] = {}
        if "eigenaar" in self.wijzigt:
            named["eigenaar"] = self.eigenaar
        if "werkstatus" in self.wijzigt:
            named["werkstatus"] = self.werkstatus.value
        if "stil_tot" in self.wijzigt:
            named["stilTot"] = None if self.stil_tot is None else self.stil_tot.isoformat()
        if self.opmerking is not None:
            named["opmerking"] = self.opmerking
        return named


def fouten(stap: Stap, vandaag: date) -> Iterator[FieldFault]:
    """Every fault of a step at once."""
    if not stap.wijzigt and stap.opmerking is None:
        melding = "Deze stap doet niets. Noem minstens één van eigenaar, werkstatus, stilTot en opmerking."
        yield FieldFault("inhoud", "C-2", melding)
    if stap.eigenaar is not None and not stap.eigenaar.isprintable():
        yield FieldFault("eigenaar", "C-2", "Een gebruikersnaam bestaat uit leesbare tekens, op één regel.")
    if stap.stil_tot is not None and stap.stil_tot <= vandaag:
        melding = (
            f"Het signaal is er weer vanaf deze datum, dus kies een dag na vandaag ({vandaag}). "
            "Geef null om de stilte nu te beëindigen."
        )
        yield FieldFault("stilTot", "C-2", melding)
    if stap.opmerking is not None and _noemt_bsn(stap.opmerking):
        melding = (
            "In de opmerking staat een getal dat een burgerservicenummer kan zijn. Een BSN hoort niet bij een signaal: "
            "haal het weg. Is het een ander nummer van negen cijfers, kort het dan in."
        )
        yield FieldFault("opmerking", "BSN", melding)


def _noemt_bsn(tekst: str) -> bool:
    return any(voldoet_aan_elfproef(re.sub("[^0-9]", "", gevonden)) for gevonden in _NEGEN_CIJFERS.findall(tekst))
