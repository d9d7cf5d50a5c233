"""Enter index figures, and work out what 1 January makes of the contracts that are indexed.

Contractmanagement owns the prices (C-1): what comes out here are the changes to hand in there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from services.financien.indexatie.rules import (
    Cijfer,
    Index,
    Prijs,
    geindexeerde_prijs,
    index_van,
    is_geindexeerd,
    te_indexeren,
)
from services.financien.indexatie.store import INDEXCIJFER, INDEXCIJFERS, INDEXCIJFERS_VAN
from services.financien.subsegment.handlers import wetten
from shared.contracts.contractmanagement import Contractregel, OvereenkomstVastgesteld, Regelversie
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag
from shared.outbox.edge import Caller, Context, Outcome

Row = dict[str, Any]
INDEXATIE = "indexatie"


@dataclass(frozen=True, slots=True)
class Regelvoorstel:
    """A price of a line that becomes another on `vanaf`; `wordt` None as long as the figures are not complete."""

    gemeente: str | None
    subsegment: str
    wet: str | None
    vanaf: date
    was: Bedrag
    wordt: Bedrag | None


@dataclass(frozen=True, slots=True)
class Indexatievoorstel:
    """What 1 January makes of one contract. `wijzigingen`: bodies for contractmanagement, to be handed in in this
    order, the one of 1 January last: until then the contract counts as not done."""

    overeenkomst: str
    versie: int
    aanbieder: str
    toegepast: int
    regels: tuple[Regelvoorstel, ...]
    wijzigingen: tuple[Row, ...]


async def leg_indexcijfer_vast(
    reader: Reader, context: Context, wet: str, jaar: int, prognose: str, definitief: str | None, bron: str
) -> Outcome[Row]:
    """Enter the figures of a law and year; what is entered twice is entered once, and earlier entries stay."""
    bekend = await reader.all(INDEXCIJFERS_VAN, wet=wet, jaar=jaar)
    waarden = {"prognose": prognose, "definitief": definitief, "bron": bron}
    if bekend and all(getattr(bekend[-1], naam) == waarde for naam, waarde in waarden.items()):
        return Outcome(dict(bekend[-1]._asdict()))
    nieuw: Row = {
        "wet": wet,
        "jaar": jaar,
        "volgnummer": len(bekend) + 1,
        **waarden,
        "ingevoerd_op": context.now,
        "ingevoerd_door": context.caller.gebruiker,
    }
    changes = Changeset()
    changes.insert(INDEXCIJFER, **nieuw)
    return Outcome(nieuw, changes)


async def geldende_cijfers(reader: Reader) -> dict[tuple[str, int], Row]:
    """Law and year → the last entry."""
    return {(row.wet, row.jaar): dict(row._asdict()) for row in await reader.all(INDEXCIJFERS)}


def index_in(cijfers: Mapping[tuple[str, int], Row], wet: str, jaar: int) -> Index | None:
    """The index of a law on 1 January of a year; None when a figure is missing."""
    return index_van(jaar, _cijfer(cijfers.get((wet, jaar))), _cijfer(cijfers.get((wet, jaar - 1))))


def _cijfer(row: Row | None) -> Cijfer | None:
    if row is None:
        return None
    definitief = row["definitief"]
    return Cijfer(Fraction(row["prognose"]), None if definitief is None else Fraction(definitief))


async def indexen_per_subsegment(reader: Reader, jaar: int) -> dict[str, Index]:
    """Sub-segment → its index, of those whose law and figures are known."""
    cijfers = await geldende_cijfers(reader)
    gevonden = {code: index_in(cijfers, wet, jaar) for code, wet in (await wetten(reader)).items()}
    return {code: index for code, index in gevonden.items() if index is not None}


async def stel_indexaties_voor(
    reader: Reader, caller: Caller, rows: Sequence[Any], jaar: int
) -> list[Indexatievoorstel]:
    """What 1 January of `jaar` makes of contracts (rows of `te_indexeren_overeenkomsten`), as far as the caller may see
    their lines; only who changes contracts gets the changes."""
    indexen = await indexen_per_subsegment(reader, jaar)
    wet = await wetten(reader)
    return [_voorstel(caller, row, jaar, indexen, wet) for row in rows]


def _voorstel(
    caller: Caller, row: Any, jaar: int, indexen: Mapping[str, Index], wet: Mapping[str, str]
) -> Indexatievoorstel:
    overeenkomst = OvereenkomstVastgesteld.of_values(row.inhoud)
    regels: list[Regelvoorstel] = []
    per_dag: dict[date, list[Row]] = {}
    toegepast = 0
    for regel in overeenkomst.regels:
        if not _gaat_aan(caller, regel):
            continue
        prijzen = [_prijs(versie) for versie in regel.versies]
        toegepast += is_geindexeerd(prijzen, jaar)
        index = indexen.get(regel.subsegment)
        for prijs in te_indexeren(prijzen, jaar):
            wordt = None if index is None else geindexeerde_prijs(prijs.prijs, index.waarde)
            regels.append(
                Regelvoorstel(
                    regel.gemeente, regel.subsegment, wet.get(regel.subsegment), prijs.vanaf, prijs.prijs, wordt
                )
            )
            if wordt is not None:
                per_dag.setdefault(prijs.vanaf, []).append(_regel(regel, prijs.vanaf, wordt))
    wijzigingen = [
        {
            "ingangsdatum": vanaf.isoformat(),
            "aanleiding": {"soort": INDEXATIE, "kenmerk": str(jaar)},
            "regels": per_dag[vanaf],
        }
        for vanaf in sorted(per_dag, reverse=True)
    ]
    eigenaar = caller.gemeente is None and caller.aanbieder is None
    return Indexatievoorstel(
        row.overeenkomst,
        row.versie,
        row.aanbieder,
        toegepast,
        tuple(regels),
        tuple(wijzigingen) if eigenaar else (),
    )


def _gaat_aan(caller: Caller, regel: Contractregel) -> bool:
    """A gemeente sees its own lines, and those of the region that it pays a share of."""
    if caller.gemeente is None:
        return True
    return any(caller.gemeente in (regel.gemeente, *(versie.verdeelsleutel or ())) for versie in regel.versies)


def _prijs(versie: Regelversie) -> Prijs:
    reden = versie.aanleiding
    kenmerk = reden.kenmerk if reden is not None and reden.soort == INDEXATIE else None
    return Prijs(versie.vanaf, Bedrag.van_euro(versie.prijs_per_plek), kenmerk)


def _regel(regel: Contractregel, vanaf: date, prijs: Bedrag) -> Row:
    """The line as it is on a day, at another price: as contractmanagement takes it in."""
    versie = max((v for v in regel.versies if v.vanaf <= vanaf), key=lambda v: v.vanaf)
    return {
        "gemeente": regel.gemeente,
        "subsegment": regel.subsegment,
        "plekken": versie.plekken,
        "prijsPerPlek": prijs.als_euro(),
        "opgegevenDoorlooptijdDagen": versie.opgegeven_doorlooptijd_dagen,
        "verdeelsleutel": versie.verdeelsleutel,
    }
