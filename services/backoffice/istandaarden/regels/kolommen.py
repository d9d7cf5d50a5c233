"""The lines (prestaties) of a claim (323) or its answer (325), as rules look at them.

There can be tens of thousands of lines, nearly always without a fault. What rules need is taken out of them in one
go, for fetching each line from memory anew per rule costs more than the rules; the place of a line is made only when
something is wrong there.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import cast

from services.backoffice.istandaarden.knoop import Knoop, deel, getal, klassen, tekst, verplicht
from services.backoffice.istandaarden.regels.beeld import Beeld, eenmaal
from services.backoffice.istandaarden.regels.datums import Dag
from services.backoffice.istandaarden.regels.register import Bevinding
from services.backoffice.istandaarden.vormen import Prestatie323

CREDIT = "C"
Periodeoordeel = Callable[[Dag, Dag], list[Bevinding]]
"""What is wrong with a period of a first and a last day: element in it, and advice."""


def kern(beeld: Beeld) -> tuple[str, Knoop]:
    """Name and contents of what stands beside the Header: Declaratie or DeclaratieAntwoord."""
    naam = "Declaratie" if beeld.soort.nummer == "323" else "DeclaratieAntwoord"
    return naam, deel(beeld.inhoud, naam)


@eenmaal
def clienten(beeld: Beeld) -> Iterator[Knoop]:
    """Every client."""
    return klassen(deel(kern(beeld)[1], "Clienten"), "Client")


def clientplaats(beeld: Beeld, nummer: int) -> str:
    """Where client `nummer` stands, from 0."""
    return f"{kern(beeld)[0]}/Clienten/Client[{nummer + 1}]"


@eenmaal
def prestaties_per_client(beeld: Beeld) -> list[list[Prestatie323]]:
    """The lines of each client. One of a 325 has the same elements, and its codes."""
    return [cast(list[Prestatie323], deel(client, "Prestaties")["Prestatie"]) for client in clienten(beeld)]


@eenmaal
def _eerste_nummers(beeld: Beeld) -> Iterator[int]:
    """The number of the first line of each client."""
    return accumulate(map(len, prestaties_per_client(beeld)), initial=0)


def plaats(beeld: Beeld, nummer: int) -> str:
    """Where line `nummer` stands, counted from 0 through all clients."""
    eerste = _eerste_nummers(beeld)
    client = bisect_right(eerste, nummer) - 1
    return f"{clientplaats(beeld, client)}/Prestaties/Prestatie[{nummer - eerste[client] + 1}]"


@dataclass(slots=True)
class Kolommen:
    """One value of every line per column, in the order of the message."""

    referentie: list[str] = field(default_factory=list)
    vorige: list[str | None] = field(default_factory=list)
    toewijzing: list[int] = field(default_factory=list)
    begin: list[Dag] = field(default_factory=list)
    einde: list[Dag] = field(default_factory=list)
    volume: list[int] = field(default_factory=list)
    eenheid: list[str] = field(default_factory=list)
    heeft_tarief: list[bool] = field(default_factory=list)
    bedrag: list[int] = field(default_factory=list)
    """Euro cents as written; `credit` tells the direction."""
    credit: list[bool] = field(default_factory=list)

    def voeg_toe(self, prestaties: list[Prestatie323]) -> None:
        """The lines of one client, which passed level 1."""
        for prestatie in prestaties:
            referentie, periode = prestatie["ProductReferentie"], prestatie["ProductPeriode"]
            ingediend = prestatie["IngediendBedrag"]
            self.referentie.append(referentie["ReferentieNummer"])
            self.vorige.append(referentie.get("VorigReferentieNummer"))
            self.toewijzing.append(prestatie["ToewijzingNummer"])
            self.begin.append(periode["Begindatum"])
            self.einde.append(periode["Einddatum"])
            self.volume.append(prestatie["GeleverdVolume"])
            self.eenheid.append(prestatie["Eenheid"])
            self.heeft_tarief.append("ProductTarief" in prestatie)
            self.bedrag.append(ingediend["Bedrag"])
            self.credit.append(ingediend["DebetCredit"] == CREDIT)

    @property
    def perioden(self) -> Iterator[tuple[Dag, Dag]]:
        """First and last day of each line."""
        return zip(self.begin, self.einde, strict=True)


def _kolommen(beeld: Beeld) -> Kolommen:
    gevuld = Kolommen()
    for prestaties in prestaties_per_client(beeld):
        gevuld.voeg_toe(prestaties)
    return gevuld


def kolommen(beeld: Beeld) -> Kolommen:
    """All lines of the message."""
    return beeld.eens(_kolommen)


def met_teken(totaal: Knoop) -> int:
    """Euro cents of a total, below zero for credit."""
    cent = getal(totaal, "TotaalBedrag") or 0
    return -cent if tekst(totaal, "DebetCredit") == CREDIT else cent


def som(beeld: Beeld) -> int:
    """All lines together in euro cents: debit adds, credit takes off (IV086)."""
    regels = kolommen(beeld)
    paren = zip(regels.bedrag, regels.credit, strict=True)
    return sum(-bedrag if credit else bedrag for bedrag, credit in paren)


@eenmaal
def _verschillende_perioden(beeld: Beeld) -> set[tuple[Dag, Dag]]:
    """Lines share a few periods, mostly one month."""
    return set(kolommen(beeld).perioden)


def productperioden(beeld: Beeld, oordeel: Periodeoordeel) -> Iterator[Bevinding]:
    """What is wrong with the periods of lines; judged once per different period."""
    fout = {periode: gevonden for periode in _verschillende_perioden(beeld) if (gevonden := oordeel(*periode))}
    if not fout:
        return
    for nummer, periode in enumerate(kolommen(beeld).perioden):
        for veld, melding in fout.get(periode, ()):
            yield f"{plaats(beeld, nummer)}/ProductPeriode/{veld}", melding


def perioden(beeld: Beeld, oordeel: Periodeoordeel) -> Iterator[Bevinding]:
    """The same for every period: that of the claim, if it has one, and those of its lines."""
    naam, inhoud = kern(beeld)
    if "DeclaratiePeriode" in inhoud:
        periode = deel(inhoud, "DeclaratiePeriode")
        for veld, melding in oordeel(verplicht(periode, "Begindatum"), verplicht(periode, "Einddatum")):
            yield f"{naam}/DeclaratiePeriode/{veld}", melding
    yield from productperioden(beeld, oordeel)
