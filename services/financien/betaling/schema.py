"""Bodies and answers of batches and payments."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from services.financien.betaalgegevens.rules import Doel
from services.financien.betaling.rules.stappen import Batchstatus
from services.financien.betaling.rules.uitslag import Betaalstatus, reden_in_woorden
from shared.kernel.bedrag import Bedrag
from shared.web.schema import Agb, Euro, Gemeentecode, Invoer, Uitvoer


class BetaalbatchIn(Invoer):
    """What to pay on a working day: everything that is open, or that of some aanbieders."""

    gemeente: Gemeentecode
    uitvoerdatum: date
    aanbieders: Annotated[list[Agb], Field(min_length=1, max_length=1000)] | None = None


class BetaaldeelUit(Uitvoer):
    """Part of a payment: advances (`betaling`) or what a settlement left; below zero: taken back."""

    doel: Doel
    segment: str | None
    subsegment: str | None
    maand: str | None
    bedrag: Euro


class SegmentUit(Uitvoer):
    """The same, added up per segment; null while the segment of a sub-segment is not known."""

    segment: str | None
    bedrag: Euro


class BetalingUit(Uitvoer):
    """One payment: what `betaler` pays of what `gemeente` owes to `aanbieder`. `kenmerk` is on the bank statement."""

    id: str
    batch: str
    betaler: str
    gemeente: str
    aanbieder: str
    kenmerk: str
    uitvoerdatum: date
    bedrag: Euro
    iban: str
    naam: str
    omschrijving: str
    status: Betaalstatus
    reden: str | None
    toelichting: str | None
    uitgevoerd_op: date | None
    opbouw: list[BetaaldeelUit]
    segmenten: list[SegmentUit]


class GoedkeuringUit(Uitvoer):
    """Who approved, when."""

    gebruiker: str
    moment: str


class BatchstapUit(Uitvoer):
    """Who did what, when."""

    stap: str
    gebruiker: str
    moment: str


class OvergeslagenUit(Uitvoer):
    """What is open and could not be taken into the batch, and why."""

    gemeente: str
    aanbieder: str
    bedrag: Euro
    reden: str


class BetaalbatchUit(Uitvoer):
    """A batch of the gemeente that pays."""

    id: str
    versie: int
    betaler: str
    kenmerk: str
    uitvoerdatum: date
    status: Batchstatus
    aantal: int
    totaal: Euro
    iban: str
    naam: str
    goedkeuringen: list[GoedkeuringUit]
    stappen: list[BatchstapUit]
    overgeslagen: list[OvergeslagenUit]


class BetaalbatchMetBetalingenUit(BetaalbatchUit):
    """A batch with everything it pays."""

    betalingen: list[BetalingUit]


def met_betalingen(row: dict[str, Any]) -> BetaalbatchMetBetalingenUit:
    """A row with its payments, as answered."""
    betalingen = [betaling_uit(betaling) for betaling in row["betalingen"]]
    return BetaalbatchMetBetalingenUit.model_validate({**batch_uit(row), "betalingen": betalingen})


def batch_uit(row: dict[str, Any]) -> dict[str, Any]:
    """A batch without its payments, as answered."""
    zelfde = ("id", "versie", "betaler", "kenmerk", "uitvoerdatum", "status", "aantal", "iban", "naam")
    return {
        **{name: row[name] for name in (*zelfde, "goedkeuringen", "stappen")},
        "totaal": Bedrag(row["totaal_cent"]).als_euro(),
        "overgeslagen": [_in_euro(deel) for deel in row["overgeslagen"]],
    }


def betaling_uit(row: dict[str, Any]) -> BetalingUit:
    """A payment as answered, its build-up also per segment."""
    anders: set[Literal["bedrag", "toelichting", "opbouw", "segmenten"]] = {
        "bedrag",
        "toelichting",
        "opbouw",
        "segmenten",
    }
    per_segment: dict[str | None, int] = {}
    for deel in row["opbouw"]:
        per_segment[deel["segment"]] = per_segment.get(deel["segment"], 0) + deel["bedrag_cent"]
    return BetalingUit.model_validate(
        {
            **{name: row[name] for name in BetalingUit.model_fields.keys() - anders},
            "bedrag": Bedrag(row["bedrag_cent"]).als_euro(),
            "toelichting": reden_in_woorden(row["reden"]),
            "opbouw": [_in_euro(deel) for deel in row["opbouw"]],
            "segmenten": [{"segment": naam, "bedrag": Bedrag(cent).als_euro()} for naam, cent in per_segment.items()],
        }
    )


def _in_euro(deel: dict[str, Any]) -> dict[str, Any]:
    rest = {name: value for name, value in deel.items() if name != "bedrag_cent"}
    return {**rest, "bedrag": Bedrag(deel["bedrag_cent"]).als_euro()}
