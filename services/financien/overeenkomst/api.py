"""The route that shows a contract as it was heard, version by version: what older amounts rest on."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request

from services.financien.overeenkomst.handlers import versies_voor
from shared.contracts.contractmanagement import Contractregel, OvereenkomstVastgesteld
from shared.outbox.edge import Caller
from shared.web.identity import Rol, requires
from shared.web.schema import Datum, Euro, Uitvoer

router = APIRouter(tags=["overeenkomsten"])
Lezer = Annotated[Caller, Depends(requires(Rol.CONTROLLER, Rol.AANBIEDER, Rol.AUDITOR))]


class PrijsversieUit(Uitvoer):
    """What held for a line from a date; `aanleiding` names the year of an indexation."""

    vanaf: date
    plekken: str
    prijs_per_plek: Euro
    verdeelsleutel: dict[str, str] | None
    aanleiding: str | None


class GehoordeRegelUit(Uitvoer):
    """A line with its dated versions; `gemeente` null is an award for the region."""

    gemeente: str | None
    subsegment: str
    versies: list[PrijsversieUit]


class GehoordeVersieUit(Uitvoer):
    """A contract as it was told in one version, and when financien heard it."""

    versie: int
    soort: str
    kenmerk: str | None
    gehoord_op: str
    begindatum: date
    einddatum: date
    instellingen: dict[str, str | int | bool | None]
    regels: list[GehoordeRegelUit]


class GehoordeOvereenkomstUit(Uitvoer):
    """Every version that was heard, oldest first."""

    overeenkomst: str
    aanbieder: str
    versies: list[GehoordeVersieUit]


@router.get("/overeenkomsten/{overeenkomst}")
async def toon_gehoorde_overeenkomst(
    overeenkomst: str, request: Request, caller: Lezer, op: Annotated[Datum | None, Query()] = None
) -> GehoordeOvereenkomstUit:
    """Een overeenkomst zoals die in elke versie is verteld; `op`: alleen de versie die op die dag bekend was. Een
    gemeente ziet de regels die haar aangaan."""
    edge = request.app.state.edge
    rows = await edge.read(lambda reader, context: versies_voor(reader, context, overeenkomst, op), caller)
    return GehoordeOvereenkomstUit(
        overeenkomst=overeenkomst,
        aanbieder=rows[0].aanbieder,
        versies=[_versie(row, caller.gemeente) for row in rows],
    )


def _versie(row: Any, gemeente: str | None) -> GehoordeVersieUit:
    inhoud = OvereenkomstVastgesteld.of_values(row.inhoud)
    return GehoordeVersieUit(
        versie=row.versie,
        soort=row.soort,
        kenmerk=row.kenmerk,
        gehoord_op=row.gehoord_op.isoformat(),
        begindatum=inhoud.begindatum,
        einddatum=inhoud.einddatum,
        instellingen=_vlak(inhoud),
        regels=[_regel(regel) for regel in inhoud.regels if _gaat_aan(regel, gemeente)],
    )


def _vlak(inhoud: OvereenkomstVastgesteld) -> dict[str, str | int | bool | None]:
    """The settings that are one value each."""
    alle = inhoud.instellingen.as_values()
    return {naam: waarde for naam, waarde in alle.items() if waarde is None or isinstance(waarde, str | int)}


def _gaat_aan(regel: Contractregel, gemeente: str | None) -> bool:
    return gemeente is None or any(
        gemeente in (regel.gemeente, *(versie.verdeelsleutel or ())) for versie in regel.versies
    )


def _regel(regel: Contractregel) -> GehoordeRegelUit:
    return GehoordeRegelUit(
        gemeente=regel.gemeente,
        subsegment=regel.subsegment,
        versies=[
            PrijsversieUit(
                vanaf=versie.vanaf,
                plekken=versie.plekken,
                prijs_per_plek=versie.prijs_per_plek,
                verdeelsleutel=versie.verdeelsleutel,
                aanleiding=None if (reden := versie.aanleiding) is None else f"{reden.soort} {reden.kenmerk}",
            )
            for versie in regel.versies
        ],
    )
