"""Bodies and answers of signals."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import StringConstraints

from services.contractmanagement.signaal.behandeling import GezetteStap, Signaaldossier
from services.contractmanagement.signaal.geschiedenis import Verandering
from services.contractmanagement.signaal.stroken import Strook
from services.contractmanagement.signaal.voorraad import Signaal
from services.contractmanagement.signaal.werk import Stap, Werkstatus
from shared.web.identity import MOST_USER
from shared.web.schema import Invoer, Uitvoer

DOOR_PLEKREGIE = "plekregie"
Gebruiker = Annotated[str, StringConstraints(min_length=1, max_length=MOST_USER)]


class StapIn(Invoer):
    """A step on a signal; at least one of these. `eigenaar` null: nobody any more; `stilTot` null: no longer silent."""

    eigenaar: Gebruiker | None = None
    werkstatus: Werkstatus | None = None
    stil_tot: date | None = None
    opmerking: Annotated[str, StringConstraints(min_length=1, max_length=2000)] | None = None

    def als_stap(self) -> Stap:
        wijzigt = self.model_fields_set & {"eigenaar", "stil_tot"}
        if self.werkstatus is None:
            return Stap(frozenset(wijzigt), self.eigenaar, stil_tot=self.stil_tot, opmerking=self.opmerking)
        return Stap(frozenset({*wijzigt, "werkstatus"}), self.eigenaar, self.werkstatus, self.stil_tot, self.opmerking)


class SignaalUit(Uitvoer):
    """A signal; `gemeente` null: on a line for the region. `oorzaak`: what raised it. What people do about it
    (`eigenaar`, `werkstatus`, `stilTot`) is null for an aanbieder."""

    id: str
    soort: str
    status: str
    aanbieder: str
    gemeente: str | None
    subsegment: str
    sinds: date
    tot_en_met: date | None
    toelichting: str
    oorzaak: str
    versie: int
    eigenaar: str | None
    werkstatus: Werkstatus | None
    stil_tot: date | None


class OorzaakUit(Uitvoer):
    """The event that led to a change (or `dagwissel:` with the day), and what led to that event, when it says so."""

    gebeurtenis: str
    aanleiding: str | None


class DrempelsUit(Uitvoer):
    """The thresholds on the first day of the signal."""

    bijna_vol: str
    vol: str
    marge: str
    onderbezet: str


class StrookUit(Uitvoer):
    """Days on which the figures stay the same, both included; `plekken` null: no contract line covers them."""

    van: date
    tot_en_met: date
    bezet: int
    plekken: str | None


class GeschiedenisUit(Uitvoer):
    """What happened: worked out (`status`, `totEnMet`, `oorzaak`) or a step of a person (`stap`: what was named).
    `signaal` is another one for a step on a lapsed signal whose work this one took over."""

    tijdstip: datetime
    door: str
    wat: Literal["berekend", "stap"]
    signaal: str
    status: str | None = None
    tot_en_met: date | None = None
    oorzaak: OorzaakUit | None = None
    stap: dict[str, str | None] | None = None


class VerwantUit(Uitvoer):
    """Another signal about the same days."""

    id: str
    soort: str
    status: str
    sinds: date
    tot_en_met: date | None
    eigenaar: str | None
    werkstatus: Werkstatus | None


class SignaaldossierUit(SignaalUit):
    """A signal with the occupancy around it, its history, and the signals that came before or after it."""

    verwekt_door: OorzaakUit
    drempels: DrempelsUit | None
    bezetting: list[StrookUit]
    geschiedenis: list[GeschiedenisUit]
    voorgangers: list[VerwantUit]
    opvolgers: list[VerwantUit]


def uit(signaal: Signaal) -> SignaalUit:
    """A signal as answered."""
    return SignaalUit(**_velden(signaal))


def _velden(signaal: Signaal) -> dict[str, object]:
    werk = signaal.werk
    return {
        **{name: getattr(signaal, name) for name in SignaalUit.model_fields if hasattr(signaal, name)},
        "eigenaar": None if werk is None else werk.eigenaar,
        "werkstatus": None if werk is None else werk.werkstatus,
        "stil_tot": None if werk is None else werk.stil_tot,
    }


def dossier_uit(dossier: Signaaldossier) -> SignaaldossierUit:
    """A signal with all that belongs to it, as answered."""
    berekend = [_berekend(dossier.signaal.id, verandering) for verandering in dossier.veranderingen]
    gang = [*berekend, *map(_gezet, dossier.stappen)]
    return SignaaldossierUit(
        **_velden(dossier.signaal),
        verwekt_door=OorzaakUit(**dossier.oorzaak._asdict()),
        drempels=None if dossier.drempels is None else DrempelsUit(**asdict(dossier.drempels)),
        bezetting=[_strook(strook) for strook in dossier.bezetting],
        geschiedenis=sorted(gang, key=lambda regel: regel.tijdstip),
        voorgangers=[_verwant(signaal) for signaal in dossier.voorgangers],
        opvolgers=[_verwant(signaal) for signaal in dossier.opvolgers],
    )


def _strook(strook: Strook) -> StrookUit:
    plekken = None if strook.plekken is None else strook.plekken.als_tekst()
    return StrookUit(van=strook.van, tot_en_met=strook.tot_en_met, bezet=strook.bezet, plekken=plekken)


def _berekend(signaal: str, verandering: Verandering) -> GeschiedenisUit:
    return GeschiedenisUit(
        tijdstip=verandering.tijdstip,
        door=DOOR_PLEKREGIE,
        wat="berekend",
        signaal=signaal,
        status=verandering.status,
        tot_en_met=verandering.tot_en_met,
        oorzaak=OorzaakUit(**verandering.oorzaak._asdict()),
    )


def _gezet(stap: GezetteStap) -> GeschiedenisUit:
    return GeschiedenisUit(
        tijdstip=stap.tijdstip, door=stap.gebruiker, wat="stap", signaal=stap.signaal, stap=stap.inhoud
    )


def _verwant(signaal: Signaal) -> VerwantUit:
    velden = _velden(signaal)
    return VerwantUit.model_validate({name: velden[name] for name in VerwantUit.model_fields})
