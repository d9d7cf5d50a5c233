"""Keep what a contract says beside money, and give it to who asks."""

from __future__ import annotations

from datetime import date

from services.financien.contractgegevens.rules import Opgave
from services.financien.contractgegevens.store import CONTRACTGEGEVENS, GEGEVENS_VAN, NAAM_VAN, NAMEN
from shared.contracts.contractmanagement import OvereenkomstVastgesteld
from shared.database.changeset import Changeset
from shared.database.port import Reader


async def onthoud_gegevens(reader: Reader, changes: Changeset, event: OvereenkomstVastgesteld) -> None:
    """Keep those of the highest version."""
    row = await reader.one(GEGEVENS_VAN, overeenkomst=event.overeenkomst)
    if row is not None and row.versie >= event.versie:
        return
    changes.put(
        CONTRACTGEGEVENS,
        ("overeenkomst",),
        overeenkomst=event.overeenkomst,
        versie=event.versie,
        aanbieder=event.aanbieder.agb_code,
        naam=event.aanbieder.naam,
        doorlooptijden=[
            {
                "gemeente": regel.gemeente,
                "subsegment": regel.subsegment,
                "vanaf": versie.vanaf.isoformat(),
                "dagen": versie.opgegeven_doorlooptijd_dagen,
            }
            for regel in event.regels
            for versie in regel.versies
        ],
    )


async def naam_van(reader: Reader, aanbieder: str) -> str | None:
    """What an aanbieder is called; None while no contract told."""
    row = await reader.one(NAAM_VAN, aanbieder=aanbieder)
    return None if row is None else str(row.naam)


async def namen_van_aanbieders(reader: Reader) -> dict[str, str]:
    """AGB → name, of every aanbieder with a contract."""
    return {row.aanbieder: row.naam for row in await reader.all(NAMEN)}


async def opgaven_van(reader: Reader, overeenkomst: str) -> tuple[Opgave, ...]:
    """Every stated length of stay of a contract."""
    row = await reader.one(GEGEVENS_VAN, overeenkomst=overeenkomst)
    return tuple(
        Opgave(deel["gemeente"], deel["subsegment"], date.fromisoformat(deel["vanaf"]), deel["dagen"])
        for deel in (() if row is None else row.doorlooptijden)
    )
