"""The page of one contract line."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response

from services.contractmanagement.contractregel.handlers import Regelbeeld, maak_regelbeeld
from services.contractmanagement.contractregel.rules import bezet_per_dag, toegekend_per_dag, zin
from services.contractmanagement.inzage import binnen_bereik
from services.contractmanagement.namen import alle_namen
from shared.outbox.edge import Caller
from shared.pages.chart import Trap, trappen
from shared.pages.engine import page
from shared.pages.navigation import GELD, REGIO
from shared.pages.session import signed_in
from shared.pages.table import Cel, Kolom, Soort, Tabel, rij
from shared.pages.words import maand, tweede_decimaal

router = APIRouter()
Kijker = Annotated[Caller, Depends(signed_in(*REGIO))]
SOORTEN = {
    "bijna_vol": "bijna vol",
    "vol": "vol",
    "overbezet": "overbezet",
    "onderbezet": "onderbezet",
    "geen_contractregel": "geen contractregel",
}


@router.get("/regels/{id:path}")
async def contractregel(request: Request, caller: Kijker, id: str) -> Response:
    """Occupancy per day, months, leveringen and signals of a line; the money comes from financien."""
    aanbieder, gemeente = binnen_bereik(caller, None, None)
    edge = request.app.state.edge
    vandaag = edge.clock.today()
    async with edge.database.reading() as reader:
        namen = await alle_namen(reader)
        beeld = await maak_regelbeeld(reader, id, vandaag, aanbieder, gemeente)
    lijn = beeld.lijn
    tot = min(vandaag, lijn.tot_en_met)
    tekst = zin(lijn, beeld.maanden, beeld.verloop, vandaag)
    grafiek = None
    if beeld.maanden:
        lijnen = [
            Trap("bezet", bezet_per_dag(lijn, beeld.verloop, tot)),
            Trap("toegekend", toegekend_per_dag(lijn, tot)),
        ]
        grafiek = await trappen(lijnen, tot, "plekken", f"Bezette en toegekende plekken per dag. {tekst}")
    van = "de regio" if lijn.regel.gemeente is None else namen.gemeente(lijn.regel.gemeente)
    return page(
        request,
        "contractregel/contractregel.html",
        f"{namen.subsegment(lijn.regel.subsegment)} bij {namen.aanbieder(lijn.aanbieder)} voor {van}",
        tabellen=[per_maand(beeld), signalen(beeld)],
        beeld=beeld,
        namen=namen,
        grafiek=grafiek,
        zin=tekst,
        geld=_geld(beeld) if caller.rol in GELD else None,
    )


def per_maand(beeld: Regelbeeld) -> Tabel:
    """The figures of the chart."""
    return Tabel(
        "bezetting-per-maand",
        "Bezetting per maand",
        (
            *(Kolom("Maand"), Kolom("Gemiddeld bezet", Soort.GETAL), Kolom("Toegekend", Soort.GETAL)),
            *(Kolom("Benutting", Soort.PROCENT), Kolom("Hoogste", Soort.GETAL)),
        ),
        [
            rij(maand(stand.maand), tweede_decimaal(stand.gemiddeld), stand.plekken, stand.benutting, stand.hoogste)
            for stand in beeld.maanden
        ],
        leeg="Deze regel is nog niet begonnen.",
    )


def signalen(beeld: Regelbeeld) -> Tabel:
    """The signals of the line, newest first."""
    return Tabel(
        "signalen",
        "Signalen op deze regel",
        (Kolom("Signaal"), Kolom("Sinds", Soort.DATUM), Kolom("Tot en met", Soort.DATUM), Kolom("Toelichting")),
        [
            rij(
                Cel(SOORTEN.get(row.soort, row.soort), f"/contractmanagement/signalen/{row.id}"),
                row.sinds,
                row.tot_en_met,
                row.toelichting,
            )
            for row in beeld.signalen
        ],
        leeg="Er zijn op deze regel geen signalen geweest.",
    )


def _geld(beeld: Regelbeeld) -> str:
    lijn = beeld.lijn
    vraag = {"overeenkomst": beeld.overeenkomst, "subsegment": lijn.regel.subsegment}
    if lijn.regel.gemeente:
        vraag["gemeente"] = lijn.regel.gemeente
    return f"/financien/lijn?{urlencode(vraag)}"
