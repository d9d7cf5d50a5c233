"""Reading the ledger: what a caller may see of it, balances, export."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.financien.bereik import begrens
from services.financien.grootboek.handlers import JournaalpostOnbekend, geboekte_post, keten_van, met_boekingen
from services.financien.grootboek.rules import Geboekt, Rekening
from services.financien.grootboek.rules.periode import keur_boekdatum
from services.financien.grootboek.rules.rubriek import Journaalregel, Rubriek, journaalregels
from services.financien.grootboek.store import POST, RUBRIEK, RUBRIEKEN_VAN, kanten, posten
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag, som
from shared.kernel.periode import Maand
from shared.kernel.refusal import FieldFault, Invalid
from shared.outbox.edge import Caller, Context, Outcome

NIETS = Bedrag(0)


class GemeenteOntbreekt(Invalid):
    """A caller who sees more than one gemeente must say which."""

    title = "Welke gemeente?"


def gemeente_van(caller: Caller, gevraagd: str | None) -> str:
    """The one gemeente that is asked for. Refuses `AndereGemeente`, `GemeenteOntbreekt`."""
    gemeente, _ = begrens(caller, gevraagd, None)
    if gemeente is None:
        melding = "Geef het filter gemeente mee, met een CBS-code van 4 cijfers."
        raise GemeenteOntbreekt(melding, FieldFault("gemeente", "F-9", melding))
    return gemeente


async def toon(reader: Reader, context: Context, identity: str) -> Geboekt:
    """A post that the caller may see: of its own gemeente, or that is about this aanbieder alone. Refuses
    `JournaalpostOnbekend`."""
    geboekt = await geboekte_post(reader, identity)
    caller = context.caller
    eigen = all(boeking.aanbieder == caller.aanbieder for boeking in geboekt.post.boekingen)
    if caller.gemeente not in (None, geboekt.post.gemeente) or (caller.aanbieder is not None and not eigen):
        raise JournaalpostOnbekend("Deze journaalpost is bij u niet bekend.")
    return geboekt


@dataclass(slots=True)
class Saldo:
    """The balance of an account (debet minus credit), and what it is made of: (aanbieder, sub-segment) → part."""

    rekening: Rekening
    opbouw: dict[tuple[str | None, str | None], Bedrag] = field(default_factory=dict)

    def totaal(self) -> Bedrag:
        """The parts together."""
        return som(self.opbouw.values())


async def saldi(reader: Reader, gemeente: str, peildatum: date) -> list[Saldo]:
    """Balances at the end of a day, added up from the bookings; parts of zero are left out."""
    gevonden = {rekening: Saldo(rekening) for rekening in Rekening}
    for teken, kant in zip((1, -1), kanten(gemeente, peildatum), strict=True):
        for naam, aanbieder, subsegment, cent in await reader.select(kant):
            opbouw = gevonden[Rekening(naam)].opbouw
            opbouw[aanbieder, subsegment] = opbouw.get((aanbieder, subsegment), NIETS) + Bedrag(teken * int(cent))
    for saldo in gevonden.values():
        saldo.opbouw = {
            wie: bedrag
            for wie, bedrag in sorted(saldo.opbouw.items(), key=lambda deel: _volgorde(deel[0]))
            if bedrag.cent
        }
    return list(gevonden.values())


def _volgorde(wie: tuple[str | None, str | None]) -> tuple[str, str]:
    return wie[0] or "", wie[1] or ""


async def rubrieken_van(reader: Reader, gemeente: str) -> list[Rubriek]:
    """Every rubriek that a gemeente laid down."""
    rows = await reader.all(RUBRIEKEN_VAN, gemeente=gemeente)
    return [Rubriek(row.subsegment, row.ingangsdatum, row.taakveld, row.kostenplaats) for row in rows]


async def leg_rubriek_vast(reader: Reader, context: Context, gemeente: str, rubriek: Rubriek) -> Outcome[Rubriek]:
    """Say where the cost of a sub-segment goes from a date on. Refuses `PeriodeGesloten`: what was exported from a
    closed month stays what it was."""
    keten = await keten_van(reader, gemeente)
    keur_boekdatum(rubriek.ingangsdatum, keten.gesloten_tot)
    changes = Changeset()
    changes.put(
        RUBRIEK,
        ("gemeente", "subsegment", "ingangsdatum"),
        gemeente=gemeente,
        subsegment=rubriek.subsegment,
        ingangsdatum=rubriek.ingangsdatum,
        taakveld=rubriek.taakveld,
        kostenplaats=rubriek.kostenplaats,
        gewijzigd_op=context.now,
        gewijzigd_door=context.caller.gebruiker,
    )
    return Outcome(rubriek, changes)


async def uitvoer(reader: Reader, gemeente: str, periode: Maand) -> list[Journaalregel]:
    """The journal entries of a month, in the order in which they were booked. Refuses `RubriekOntbreekt`."""
    rows: Any = await reader.select(posten(gemeente, periode.eerste, periode.laatste).order_by(POST.c.volgnummer))
    return list(journaalregels(await met_boekingen(reader, rows), await rubrieken_van(reader, gemeente)))
