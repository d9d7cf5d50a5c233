"""Holds what the installation says against the truth: leveringen, messages, places, advances, settlements."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from deploy.simulatie.samen import samen
from deploy.simulatie.verbinding import Json, Verbinding
from deploy.simulatie.waarheid import (
    Cel,
    Waarheid,
    contractmaanden,
    dagen_van,
    decimalen,
    gemeenten_van,
    versie_in,
    voorschotten,
)
from shared.kernel.rol import Rol

CM, BO, FI = "/contractmanagement/v1", "/backoffice/v1", "/financien/v1"
PEILDATA = 8
LATER = timedelta(days=45)
PATIENCE = 60.0
MOST = 1000
ONDERDELEN = ("leveringen", "berichten", "bezetting", "betaalschema's", "realisatie", "afrekeningen")


@dataclass
class Vergelijking:
    """How many figures were compared, and which differ, per part."""

    vergeleken: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ONDERDELEN, 0))
    verschillen: dict[str, list[str]] = field(default_factory=lambda: {naam: [] for naam in ONDERDELEN})

    @property
    def gelijk(self) -> bool:
        """Whether nothing differs."""
        return not any(self.verschillen.values())

    def houd(self, onderdeel: str, wat: str, gekregen: object, waar: object) -> None:
        """Compare one figure."""
        self.vergeleken[onderdeel] += 1
        if gekregen != waar:
            self.verschillen[onderdeel].append(f"{wat}: hier {gekregen}, in werkelijkheid {waar}")

    def als_json(self) -> Json:
        """The summary with every difference."""
        return {"gelijk": self.gelijk, "vergeleken": self.vergeleken, "verschillen": self.verschillen}


class Vergelijker:
    """Asks everything that there is to compare. What is still under way between the services may come: a part that
    differs is asked again for a while."""

    def __init__(
        self,
        verbinding: Verbinding,
        waarheid: Waarheid,
        gedaan: Callable[[int], None],
        geduld: float = PATIENCE,
    ) -> None:
        """`geduld`: for how many seconds in all it asks again."""
        self._geduld = geduld
        self._verbinding = verbinding
        self._waarheid = waarheid
        self._gedaan = gedaan
        self._uit = Vergelijking()

    @property
    def stappen(self) -> int:
        """How much there is to do in all."""
        return len(ONDERDELEN)

    async def vergelijk(self) -> Vergelijking:
        """Everything; raises Geweigerd."""
        vragen = (
            self._leveringen,
            self._berichten,
            self._bezetting,
            self._betaalschemas,
            self._realisatie,
            self._afrekeningen,
        )
        until = time.monotonic() + self._geduld
        for onderdeel, vraag in zip(ONDERDELEN, vragen, strict=True):
            await self._tot_gelijk(onderdeel, vraag, until)
            self._gedaan(1)
        return self._uit

    async def _tot_gelijk(
        self, onderdeel: str, vraag: Callable[[], Iterable[Coroutine[Any, Any, None]]], until: float
    ) -> None:
        while True:
            self._uit.vergeleken[onderdeel], self._uit.verschillen[onderdeel] = 0, []
            await samen(vraag())
            self._uit.verschillen[onderdeel].sort()
            if not self._uit.verschillen[onderdeel] or time.monotonic() > until:
                return
            await asyncio.sleep(1.0)

    # --- backoffice: nothing lost ---

    def _leveringen(self) -> Iterable[Coroutine[Any, Any, None]]:
        return (self._leveringen_van(item["aanbieder"]) for item in self._waarheid.overeenkomsten)

    async def _leveringen_van(self, aanbieder: str) -> None:
        rijen = await self._verbinding.lijst(
            "toewijzingen", f"{BO}/toewijzingen", Rol.AANBIEDER, aanbieder, aantal=MOST
        )
        bekend = {(rij["gemeente"], rij["wet"], rij["toewijzingNummer"]): rij for rij in rijen}
        for levering in self._waarheid.leveringen:
            if levering["aanbieder"] != aanbieder or levering["indicatie"] is None:
                continue
            rij = bekend.get((levering["gemeente"], levering["wet"], levering["toewijzingNummer"]))
            wat = f"toewijzing {levering['toewijzingNummer']} van {aanbieder} in {levering['gemeente']}"
            if rij is None:
                self._uit.houd("leveringen", wat, "niet bekend", "bekend")
                continue
            status = "verwijderd" if levering["ingetrokken"] else "verzonden"
            self._uit.houd("leveringen", f"{wat}, status", rij["status"], status)
            if not levering["ingetrokken"]:
                self._uit.houd("leveringen", f"{wat}, einddatum", rij["einddatum"], levering["einddatum"])
            gekregen = sorted(
                (p["begindatum"], p["einddatum"] or "", p["tijdelijk"], p["definitief"] or "")
                for p in rij["leveringen"]
            )
            waar = sorted(
                (p["begin"], p["eind"] or "", p["tijdelijk"], p["definitief"] or "") for p in levering["perioden"]
            )
            self._uit.houd("leveringen", f"{wat}, perioden", gekregen, waar)

    def _berichten(self) -> Iterable[Coroutine[Any, Any, None]]:
        per_aanbieder: dict[str, dict[str, str]] = {}
        for identificatie, (aanbieder, _, oordeel) in self._waarheid.inhoud["berichten"].items():
            per_aanbieder.setdefault(aanbieder, {})[identificatie] = oordeel
        return (self._berichten_van(*item) for item in per_aanbieder.items())

    async def _berichten_van(self, aanbieder: str, verstuurd: dict[str, str]) -> None:
        rijen = await self._verbinding.lijst(
            "archief", f"{BO}/berichten", Rol.AANBIEDER, aanbieder, richting="in", aantal=MOST
        )
        # The same bytes again are kept as well, as a repetition.
        bewaard = {rij["identificatie"]: rij["status"] for rij in rijen if rij["status"] != "herhaling"}
        for identificatie, oordeel in verstuurd.items():
            wat = f"bericht {identificatie} van {aanbieder}"
            self._uit.houd("berichten", wat, bewaard.get(identificatie, "niet bewaard"), oordeel)

    # --- contractmanagement: places ---

    def peildata(self) -> list[date]:
        """Days spread over the play, its last day, and one that is still to come."""
        begin, tot = date.fromisoformat(self._waarheid.inhoud["begin"]), self._waarheid.tot
        stap = max((tot - begin).days // PEILDATA, 1)
        dagen = [begin + timedelta(days=index * stap) for index in range(PEILDATA)]
        return [*(dag for dag in dagen if dag < tot), tot, tot + LATER]

    def _bezetting(self) -> Iterable[Coroutine[Any, Any, None]]:
        return (self._bezetting_op(item, dag) for item in self._waarheid.overeenkomsten for dag in self.peildata())

    async def _bezetting_op(self, overeenkomst: Json, dag: date) -> None:
        aanbieder, maand = overeenkomst["aanbieder"], dag.isoformat()[:7]
        filters = {"peildatum": dag.isoformat(), "aanbieder": aanbieder}
        rijen = await self._verbinding.lijst("bezetting", f"{CM}/bezetting", Rol.CONTRACTMANAGER, **filters)
        bekend = {(rij["subsegment"], rij["gemeente"]): rij for rij in rijen}
        for lijn in overeenkomst["regels"]:
            wat = f"bezetting van {aanbieder} {lijn['subsegment']} {lijn['gemeente'] or 'regio'} op {dag}"
            rij = bekend.get((lijn["subsegment"], lijn["gemeente"]))
            cellen = [Cel(aanbieder, gemeente, lijn["subsegment"]) for gemeente in gemeenten_van(lijn)]
            bezet = sum(self._waarheid.bezet_op(cel, dag) for cel in cellen)
            toegekend = Fraction(versie_in(lijn, maand)["plekken"])
            waar = (bezet, toegekend, decimalen(bezet / toegekend, 4))
            gekregen = None if rij is None else (rij["bezet"], Fraction(rij["plekken"]), rij["benutting"])
            self._uit.houd("bezetting", wat, gekregen, waar)

    # --- financien: money ---

    def _paren(self) -> Iterable[tuple[Json, str]]:
        """Every contract in every gemeente that it is for."""
        for overeenkomst in self._waarheid.overeenkomsten:
            gemeenten = {gemeente for lijn in overeenkomst["regels"] for gemeente in gemeenten_van(lijn)}
            yield from ((overeenkomst, gemeente) for gemeente in sorted(gemeenten))

    def _betaalschemas(self) -> Iterable[Coroutine[Any, Any, None]]:
        return (self._betaalschema(*paar) for paar in self._paren())

    async def _betaalschema(self, overeenkomst: Json, gemeente: str) -> None:
        aanbieder = overeenkomst["aanbieder"]
        filters = {"gemeente": gemeente, "aanbieder": aanbieder}
        rijen = await self._verbinding.lijst("betaalschema", f"{FI}/betaalschemas", Rol.CONTROLLER, gemeente, **filters)
        gekregen = {
            (termijn["maand"], deel["subsegment"]): cent(deel["bedrag"])
            for rij in rijen
            for termijn in rij["termijnen"]
            for deel in termijn["opbouw"]
        }
        totaal = 0
        for lijn in _lijnen_in(overeenkomst, gemeente):
            for maand, bedrag in voorschotten(overeenkomst, lijn, gemeente, self._waarheid.vastgelegd_op).items():
                wat = f"voorschot {maand} van {aanbieder} {lijn['subsegment']} in {gemeente}"
                self._uit.houd("betaalschema's", wat, gekregen.get((maand, lijn["subsegment"])), bedrag)
                totaal += bedrag
        wat = f"totaal van het betaalschema van {aanbieder} in {gemeente}"
        self._uit.houd("betaalschema's", wat, sum(cent(rij["totaal"]) for rij in rijen), totaal)

    def _realisatie(self) -> Iterable[Coroutine[Any, Any, None]]:
        return (self._realisatie_van(*paar) for paar in self._paren())

    async def _realisatie_van(self, overeenkomst: Json, gemeente: str) -> None:
        aanbieder = overeenkomst["aanbieder"]
        filters = {"gemeente": gemeente, "aanbieder": aanbieder}
        rijen = await self._verbinding.lijst("prognose", f"{FI}/prognoses", Rol.CONTROLLER, gemeente, **filters)
        bekend = {rij["subsegment"]: rij for rij in rijen}
        for lijn in _lijnen_in(overeenkomst, gemeente):
            rij = bekend.get(lijn["subsegment"])
            wat = f"{aanbieder} {lijn['subsegment']} in {gemeente}"
            if rij is None:
                self._uit.houd("realisatie", wat, "niet bekend", "bekend")
                continue
            stand, cel = date.fromisoformat(rij["stand"]), Cel(aanbieder, gemeente, lijn["subsegment"])
            maanden = [maand for maand in contractmaanden(overeenkomst) if maand <= stand.isoformat()[:7]]
            dagen = {item["maand"]: item["dagen"] for item in rij["bezetteDagen"]}
            for maand in maanden:
                waar = self._waarheid.dagen_in(cel, maand, stand)
                self._uit.houd("realisatie", f"bezette dagen van {wat} in {maand}", dagen.get(maand, 0), waar)
            bedrag = self._waarheid.gerealiseerd(overeenkomst, lijn, gemeente, maanden, stand)
            self._uit.houd(
                "realisatie", f"gerealiseerd van {wat} tot en met {stand}", cent(rij["gerealiseerd"]), bedrag
            )

    def _afrekeningen(self) -> Iterable[Coroutine[Any, Any, None]]:
        return (self._afrekening(*paar) for paar in self._paren())

    async def _afrekening(self, overeenkomst: Json, gemeente: str) -> None:
        """A concept over the months of the play that are over. Calculated anew at each comparison: nothing is fixed."""
        maanden = [m for m in contractmaanden(overeenkomst) if dagen_van(m)[-1] < self._waarheid.tot]
        if not maanden:
            return
        aanbieder = overeenkomst["aanbieder"]
        body = {
            "gemeente": gemeente,
            "aanbieder": aanbieder,
            "begindatum": f"{maanden[0]}-01",
            "einddatum": dagen_van(maanden[-1])[-1].isoformat(),
        }
        made = await self._verbinding.roep(
            "afrekening", "POST", f"{FI}/afrekeningen", Rol.CONTROLLER, gemeente, json=body
        )
        bekend = {regel["subsegment"]: regel for regel in made.json()["regels"]}
        totaal = 0
        for lijn in _lijnen_in(overeenkomst, gemeente):
            waar = self._waarheid.afrekening(overeenkomst, lijn, gemeente, maanden)
            totaal += waar.afrekening
            regel = bekend.get(lijn["subsegment"])
            wat = f"afrekening van {aanbieder} {lijn['subsegment']} in {gemeente}"
            gekregen = regel and (
                *(cent(regel[naam]) for naam in ("gerealiseerd", "betaald", "afrekening")),
                regel["gemiddeldBezet"],
            )
            verwacht = (waar.gerealiseerd, waar.betaald, waar.afrekening, waar.gemiddeld_bezet)
            self._uit.houd("afrekeningen", wat, gekregen, verwacht)
        wat = f"totaal van de afrekening van {aanbieder} in {gemeente}"
        self._uit.houd("afrekeningen", wat, cent(made.json()["totaal"]), totaal)


def _lijnen_in(overeenkomst: Json, gemeente: str) -> list[Json]:
    return [lijn for lijn in overeenkomst["regels"] if gemeente in gemeenten_van(lijn)]


def cent(bedrag: str) -> int:
    """An amount of the API in cents."""
    return int(Decimal(bedrag) * 100)
