"""Tells the installation what is bought: sub-segments, contracts and what changes in them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from datetime import date

from deploy.simulatie.bedenken import KanNiet
from deploy.simulatie.samen import samen
from deploy.simulatie.verbinding import Json, Verbinding
from deploy.simulatie.wereld import Lijn, Overeenkomst, Subsegment, Versie, Wereld
from shared.kernel.rol import Rol

CM, FI = "/contractmanagement/v1", "/financien/v1"
PATIENCE = 60.0


async def richt_in(verbinding: Verbinding, wereld: Wereld) -> date:
    """Everything that must be there before the first decision; which day it is there. Raises KanNiet, Geweigerd."""
    rijen = await verbinding.lijst("inrichten", f"{CM}/subsegmenten", Rol.CONTRACTMANAGER, aantal=1000)
    bekend = {rij["code"]: rij for rij in rijen}
    await samen(_subsegment(verbinding, item, bekend.get(item.code)) for item in wereld.subsegmenten)
    await samen(_gemeente(verbinding, *item) for item in wereld.gemeenten.items())
    await samen(_overeenkomst(verbinding, wereld, item) for item in wereld.overeenkomsten)
    vandaag = await _vandaag(verbinding, wereld.overeenkomsten[0])
    if vandaag < wereld.tot:
        # A message from the future would be refused, and a month that is not over can't be settled.
        raise KanNiet(
            f"Bij deze installatie is het {vandaag}, en gespeeld wordt tot en met {wereld.tot}. "
            f"Kies --tot {vandaag} of eerder."
        )
    return vandaag


async def _subsegment(verbinding: Verbinding, subsegment: Subsegment, bekend: Json | None) -> None:
    """What the installation calls it stays; what it means must fit."""
    gewenst = {"wet": subsegment.wet, "bekostiging": "lumpsum", "metToewijzing": True}
    if bekend is None:
        body = {
            **gewenst,
            "naam": subsegment.naam,
            "segment": subsegment.segment,
            "productcategorie": subsegment.productcategorie,
        }
        pad = f"{CM}/subsegmenten/{subsegment.code}"
        await verbinding.roep("inrichten", "PUT", pad, Rol.CONTRACTMANAGER, json=body)
    elif anders := [naam for naam, waarde in gewenst.items() if bekend[naam] != waarde]:
        raise KanNiet(
            f"Sub-segment {subsegment.code} is hier anders vastgesteld ({', '.join(anders)}); de simulatie gebruikt "
            f"het als {gewenst}. Speel op een installatie waar dat kan."
        )


async def _gemeente(verbinding: Verbinding, code: str, naam: str) -> None:
    pad = f"{CM}/gemeenten/{code}"
    # An installation of before gemeenten had names does without them.
    await verbinding.roep("inrichten", "PUT", pad, Rol.CONTRACTMANAGER, goed=(200, 201, 404), json={"naam": naam})


async def _overeenkomst(verbinding: Verbinding, wereld: Wereld, overeenkomst: Overeenkomst) -> None:
    body = {
        "aanbieder": {"agbCode": overeenkomst.aanbieder, "naam": overeenkomst.naam},
        "begindatum": overeenkomst.begin.isoformat(),
        "einddatum": overeenkomst.eind.isoformat(),
        "regels": [_regel(lijn, lijn.versies[0]) for lijn in overeenkomst.lijnen],
        "instellingen": dict(overeenkomst.instellingen),
    }
    key = {"Idempotency-Key": f"{wereld.merk}-overeenkomst-{overeenkomst.aanbieder}"}
    pad = f"{CM}/overeenkomsten"
    made = await verbinding.roep("inrichten", "POST", pad, Rol.CONTRACTMANAGER, json=body, headers=key)
    dagen = _wijzigingsdagen(overeenkomst.lijnen)
    if dagen:
        # Changed before financien heard of the contract, it would never have had its first terms.
        await _vandaag(verbinding, overeenkomst)
    for vanaf in dagen:
        anders = [(lijn, versie) for lijn in overeenkomst.lijnen for versie in lijn.versies if versie.vanaf == vanaf]
        await verbinding.roep(
            "inrichten",
            "POST",
            f"{pad}/{made.json()['id']}/wijzigingen",
            Rol.CONTRACTMANAGER,
            json={"ingangsdatum": vanaf.isoformat(), "regels": [_regel(lijn, versie) for lijn, versie in anders]},
            headers={"Idempotency-Key": f"{wereld.merk}-overeenkomst-{overeenkomst.aanbieder}-{vanaf}"},
        )


def _wijzigingsdagen(lijnen: Iterable[Lijn]) -> list[date]:
    return sorted({versie.vanaf for lijn in lijnen for versie in lijn.versies[1:]})


def _regel(lijn: Lijn, versie: Versie) -> dict[str, object]:
    """A contract line as the API takes it."""
    sleutel = {"verdeelsleutel": dict(lijn.verdeelsleutel)} if lijn.gemeente is None else {}
    return {
        "gemeente": lijn.gemeente,
        "subsegment": lijn.subsegment,
        "plekken": versie.plekken,
        "prijsPerPlek": versie.prijs,
        "opgegevenDoorlooptijdDagen": lijn.doorlooptijd,
        **sleutel,
    }


async def _vandaag(verbinding: Verbinding, overeenkomst: Overeenkomst) -> date:
    """Today at the installation, as soon as financien knows this contract."""
    gemeente = overeenkomst.lijnen[0].gemeenten[0]
    until = time.monotonic() + PATIENCE
    filters = {"gemeente": gemeente, "aanbieder": overeenkomst.aanbieder}
    while not (rijen := await verbinding.lijst("inrichten", f"{FI}/prognoses", Rol.CONTROLLER, gemeente, **filters)):
        if time.monotonic() > until:
            raise KanNiet(f"Financien kent de overeenkomsten na {PATIENCE:.0f} seconden nog niet: draaien de workers?")
        await asyncio.sleep(0.1)
    return date.fromisoformat(rijen[0]["stand"])
