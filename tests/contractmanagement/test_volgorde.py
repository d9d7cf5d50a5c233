"""Whatever the order, however often: the same tables, and those that a walk over the days gives."""

import random
import shutil
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.contracts.backoffice import LeveringGewijzigd
from tests import onafhankelijk as los
from tests import onafhankelijk_signalen as los_signalen
from tests.contractmanagement.conftest import VANDAAG
from tests.contractmanagement.omgeving import Omgeving, levering, regel, regionaal

HOUDT = 9
BEGIN, EINDE = date(2026, 1, 1), date(2026, 12, 31)
DAG = timedelta(days=1)
GEMEENTEN = ("0294", "0197", "1586")
PLEKKEN = {"0294": [(BEGIN, "3"), (date(2026, 6, 1), "5")], "regio": [(BEGIN, "6")]}
ANDERS = {"bijnaVol": "0.60", "vol": "0.80", "onderbezet": "0.40"}
DREMPELS = {
    "0294": [*los_signalen.GEWOON, (date(2026, 7, 1), ("0.60", "0.80", "0.05", "0.40"))],
    "regio": los_signalen.GEWOON,
}
Stap = Callable[[Omgeving], Awaitable[None]]


def verhaal(gok: random.Random) -> dict[str, list[LeveringGewijzigd]]:
    """Leveringen with their successive versions."""
    versies: dict[str, list[LeveringGewijzigd]] = {}
    for nummer in range(16):
        begin = BEGIN + gok.randrange(-40, 300) * DAG
        stop = begin + gok.randrange(0, 120) * DAG
        terug = stop + gok.randrange(1, 20) * DAG
        tekst = begin.isoformat(), stop.isoformat(), terug.isoformat()
        stappen: list[tuple[Any, ...]] = [((tekst[0], None),), ((tekst[0], tekst[1], True),)]
        stappen += [((tekst[0], tekst[1], True), (tekst[2], None)), ((tekst[0], tekst[1]),)]
        einde = (begin + 200 * DAG).isoformat()
        gekozen = gok.sample(stappen, gok.randrange(1, 4))
        naam, gemeente = f"L{nummer}", gok.choice(GEMEENTEN)
        versies[naam] = [
            levering(
                naam,
                *perioden,
                versie=2 * versie + 1,
                einde=einde,
                gemeente=gemeente,
                vervallen=versie > 0 and gok.random() < 0.1,
            )
            for versie, perioden in enumerate(gekozen)
        ]
    return versies


def contracten() -> list[Stap]:
    """Decisions of people: their order is kept, their place among the events is free."""

    async def eerste(omgeving: Omgeving) -> None:
        await omgeving.sluit(regel(plekken="3"), instellingen={"tijdelijkeStopHoudtPlekDagen": HOUDT})

    async def tweede(omgeving: Omgeving) -> None:
        sleutel = regionaal("6", g0197="0.3", g1586="0.7")
        await omgeving.sluit(sleutel, instellingen={"tijdelijkeStopHoudtPlekDagen": HOUDT})

    async def gesloten(omgeving: Omgeving) -> Any:
        rows = await omgeving.rijen("contractregel")
        (made,) = [row["overeenkomst"] for row in rows if row["gemeente"] == "0294"]
        return made

    async def wijziging(omgeving: Omgeving) -> None:
        made = await gesloten(omgeving)
        assert (await omgeving.wijzig(made, "2026-06-01", regel(plekken="5"))).status_code == 200

    async def drempels(omgeving: Omgeving) -> None:
        url = f"/overeenkomsten/{await gesloten(omgeving)}/wijzigingen"
        answer = await omgeving.manager.post(url, json={"ingangsdatum": "2026-07-01", "drempels": ANDERS})
        assert answer.status_code == 200, answer.text
        await omgeving.rond()

    return [eerste, tweede, wijziging, drempels]


def geschud(gok: random.Random, versies: dict[str, list[LeveringGewijzigd]], doorgeschud: bool) -> list[Stap]:
    """All steps; shuffled with repeats, or each levering in order after the contracts."""

    def stap(event: LeveringGewijzigd) -> Stap:
        return lambda omgeving: omgeving.lever(event)

    events = [event for rij in versies.values() for event in rij]
    if not doorgeschud:
        return [*contracten(), *map(stap, events)]
    events += gok.sample(events, 8)
    gok.shuffle(events)
    stappen = list(map(stap, events))
    besluiten = contracten()
    plaatsen = sorted(gok.choices(range(len(stappen) + 1), k=len(besluiten)))
    for nummer, (plaats, contract) in enumerate(zip(plaatsen, besluiten, strict=True)):
        stappen.insert(plaats + nummer, contract)
    return stappen


async def uitkomst(file: Path, basis: Path, stappen: list[Stap]) -> dict[str, Any]:
    """Everything that is stored in the end, but for what only says how it came."""
    shutil.copy(basis / "leeg.sqlite", file)
    omgeving = Omgeving(file, basis / "sleutels", VANDAAG)
    await omgeving.subsegment()
    for stap in stappen:
        await stap(omgeving)
    signalen = await omgeving.rijen("signaal", "id", "onderwerp", "versie", "oorzaak", "geschiedenis", "gewijzigd_op")
    dagen = [(BEGIN + n * DAG).isoformat() for n in range(0, 380, 17)]
    gevonden = {
        "levering": await omgeving.rijen("levering"),
        "mutatie": await omgeving.rijen("bezetting_mutatie"),
        "signaal": [row for row in signalen if row["status"] != "vervallen"],
        "bezet": {dag: await _bezet_op(omgeving, dag) for dag in dagen},
    }
    await omgeving.database.close()
    return gevonden


async def _bezet_op(omgeving: Omgeving, dag: str) -> dict[str, int]:
    rows = await omgeving.lees(f"/bezetting?peildatum={dag}")
    return {row["gemeente"] or "regio": row["bezet"] for row in rows}


def losse_uitkomst(versies: dict[str, list[LeveringGewijzigd]]) -> tuple[dict[str, dict[str, int]], set[Any]]:
    """Occupancy per line and signals on fullness, from a walk over the days."""
    per_lijn: dict[str, list[dict[str, Any]]] = {"0294": [], "regio": []}
    for rij in versies.values():
        event = rij[-1]
        plat = [(p.begindatum, p.einddatum, p.tijdelijk, p.definitief) for p in event.perioden]
        los_levering = {
            "perioden": plat,
            "einddatum_toewijzing": event.einddatum_toewijzing,
            "verwijderd": event.vervallen,
        }
        per_lijn["0294" if event.gemeente == "0294" else "regio"].append(los_levering)
    horizon = EINDE + 60 * DAG
    signalen = set()
    bezet: dict[str, dict[str, int]] = {}
    for lijn, leveringen in per_lijn.items():
        sets = [los.bezette_dagen(item, horizon, _houdt(item)) for item in leveringen]

        def op(dag: date, sets: list[set[date]] = sets) -> int:
            return sum(dag in dagen for dagen in sets)

        for dag in los.dagen_van(BEGIN, EINDE):
            bezet.setdefault(dag.isoformat(), {})[lijn] = op(dag)
        found = los_signalen.volte(op, PLEKKEN[lijn], BEGIN, EINDE, VANDAAG, DREMPELS[lijn])
        under = los_signalen.onderbezet(op, PLEKKEN[lijn], BEGIN, EINDE, VANDAAG, DREMPELS[lijn])
        signalen |= {(lijn, *item) for item in [*found, *([under] if under else [])]}
    return bezet, signalen


def _houdt(item: dict[str, Any]) -> int:
    # Kept days hold for a stop within the contract; none of these leveringen stops both before and within it.
    return HOUDT if all(p[1] is None or p[1] >= BEGIN for p in item["perioden"]) else 0


@pytest.mark.parametrize("zaad", range(3))
async def test_any_order_with_repeats_gives_the_same_and_the_right_tables(
    tmp_path: Path, basis: Path, zaad: int
) -> None:
    gok = random.Random(zaad)
    versies = verhaal(gok)
    eerste = await uitkomst(tmp_path / "0.sqlite", basis, geschud(gok, versies, False))
    for nummer in range(1, 4):
        stappen = geschud(gok, versies, True)
        assert await uitkomst(tmp_path / f"{nummer}.sqlite", basis, stappen) == eerste
    bezet, signalen = losse_uitkomst(versies)
    assert eerste["bezet"] == {dag: bezet.get(dag, {}) for dag in eerste["bezet"]}
    gekregen = {
        (row["gemeente"] or "regio", row["soort"], row["sinds"], row["tot_en_met"])
        for row in eerste["signaal"]
        if row["soort"] in ("bijna_vol", "vol", "overbezet")
        or (row["soort"] == "onderbezet" and row["status"] == "open")
    }
    assert gekregen == signalen
