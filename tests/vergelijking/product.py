"""A story told by the product's pure rules, fact after fact, as its handlers do: occupancy by differences, a cell
counted afresh once a day, lines worked out when a contract is heard, terms that follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any

from services.financien.afrekening.rules import Instellingen, afrekening, kosten_per_maand
from services.financien.betaalschema.rules import Termijn, bijgesteld, herzien, open_maanden, vastgelegd
from services.financien.bezetting.rules import Stand, bijgewerkt, stand_van
from services.financien.bijstelling.rules import overschrijdt_drempel, prognose, prognose_tot, voorstel
from services.financien.lumpsum.rules import lumpsum, voorschotten
from services.financien.overeenkomst.rules import (
    Lijn,
    Regel,
    Versie,
    dekkingen,
    houdt_plek,
    lijn_id,
    met_eerdere_maanden,
    zonder_dekking,
)
from shared.kernel.bedrag import Bedrag, som
from shared.kernel.periode import Kwartaal, Maand, maanden
from shared.kernel.plekken import Plekken
from shared.kernel.verloop import Leverperiode, Verloop, bezette_perioden, mutaties, verschil

Json = dict[str, Any]
Sleutel = tuple[int, str]  # which contract, which gemeente
AANBIEDER, CODE = "42420001", "54Z01"


def vertel(verhaal: Json) -> Json:
    """Line → everything that two calculations must agree on."""
    boeken = Boeken(verhaal)
    uit: dict[Sleutel, Json] = {}
    for dag, _, _, soort, feit in sorted(_feiten(verhaal), key=lambda feit: feit[:3]):
        if dag <= verhaal["vandaag"]:
            gevonden = boeken.hoor(dag, soort, feit)
            if gevonden is not None:
                sleutel, naam, uitkomst = gevonden
                uit.setdefault(sleutel, {})[naam] = uitkomst
    vandaag = verhaal["vandaag"]
    return {
        f"{contract}/{gemeente}": {
            **uit.get((contract, gemeente), {}),
            **boeken.eind((contract, gemeente), vandaag),
        }
        for contract, gemeente in sorted(boeken.lijnen)
    }


def _feiten(verhaal: Json) -> Iterator[tuple[date, int, int, str, Json]]:
    """Day, order within the day, place in the story, kind, fact."""
    nummer = 0
    for contract, inhoud in enumerate(verhaal["contracten"]):
        for versie in inhoud["versies"]:
            yield versie["gehoord"], 0, (nummer := nummer + 1), "overeenkomst", {**versie, "contract": contract}
    for naam, levering in enumerate(verhaal["leveringen"]):
        for melding in levering["meldingen"]:
            feit = {**melding, "gemeente": levering["gemeente"], "levering": naam}
            yield melding["gehoord"], 1, (nummer := nummer + 1), "levering", feit
    for monitor in verhaal["monitors"]:
        nummer += 1
        yield monitor["op"], 2, nummer, "monitor", monitor
        if monitor["vast_op"] is not None:
            yield monitor["vast_op"], 3, nummer, "vaststelling", monitor
    for naam, vraag in enumerate(verhaal["afrekeningen"]):
        yield vraag["op"], 4, (nummer := nummer + 1), "afrekening", {**vraag, "naam": naam}


class Boeken:
    """What the service would have stored."""

    def __init__(self, verhaal: Json) -> None:
        self.verhaal = verhaal
        self.lijnen: dict[Sleutel, Lijn] = {}
        self.instellingen: dict[int, Json] = {}
        self.schemas: dict[Sleutel, Mapping[Maand, Termijn]] = {}
        self.leveringen: dict[int, Json] = {}
        self.geteld: dict[int, dict[date, int]] = {}
        self.mutaties: dict[str, dict[date, int]] = {}
        self.standen: dict[str, Stand] = {}
        self.voorgesteld: dict[tuple[Sleutel, str], Bedrag] = {}

    def hoor(self, dag: date, soort: str, feit: Json) -> tuple[Sleutel, str, Any] | None:
        """Take in a fact; what it says of a line, if it asks for something."""
        if soort == "overeenkomst":
            self._overeenkomst(dag, feit)
            return None
        if soort == "levering":
            self._levering(dag, feit)
            return None
        sleutel = (feit["contract"], feit["gemeente"])
        if soort == "vaststelling":
            self._stel_vast(dag, sleutel, feit["kwartaal"])
            return None
        if soort == "monitor":
            return sleutel, f"monitor {feit['kwartaal']}", self._monitor(dag, sleutel, feit["kwartaal"])
        return sleutel, f"afrekening {feit['naam']}", self._afrekening(dag, sleutel, feit)

    def _overeenkomst(self, dag: date, feit: Json) -> None:
        nummer = feit["contract"]
        inhoud = self.verhaal["contracten"][nummer]
        self.instellingen[nummer] = feit["instellingen"]
        houdt = int(feit["instellingen"]["tijdelijkeStopHoudtPlekDagen"])
        regels = [_regel(regel) for regel in feit["regels"]]
        gedekt = dekkingen(regels, Maand.van(inhoud["begin"]), Maand.van(inhoud["eind"]))
        nieuw = {gemeente: dekking for (gemeente, _), dekking in gedekt.items()}
        for gemeente in self.verhaal["gemeenten"]:
            oud = self.lijnen.get((nummer, gemeente))
            if oud is not None:
                nieuw[gemeente] = met_eerdere_maanden(
                    *nieuw.get(gemeente) or zonder_dekking(oud.contract), oud.contract
                )
        for gemeente, (contract, ongedekt) in nieuw.items():
            naam = lijn_id(str(nummer), gemeente, CODE)
            lijn = Lijn(naam, 1, str(nummer), AANBIEDER, gemeente, CODE, contract, ongedekt, houdt)
            self.lijnen[nummer, gemeente] = lijn
            bekend = self.schemas.get((nummer, gemeente), {})
            self.schemas[nummer, gemeente] = herzien(contract, bekend, Maand.van(dag))
            # How long a temporary stop keeps its place may differ now.
            for naam_levering, levering in self.leveringen.items():
                if levering["gemeente"] == gemeente and any(p[2] for p in levering["perioden"]):
                    self._tel(dag, naam_levering, levering)

    def _levering(self, dag: date, feit: Json) -> None:
        bekend = self.leveringen.get(feit["levering"])
        if bekend is None or bekend["versie"] < feit["versie"]:
            self.leveringen[feit["levering"]] = feit
            self._tel(dag, feit["levering"], feit)

    def _tel(self, dag: date, naam: int, feit: Json) -> None:
        """Let the days of a levering work on its cell, as the difference with what was counted."""
        gemeente = feit["gemeente"]
        eigen = [lijn for (_, wie), lijn in self.lijnen.items() if wie == gemeente]
        perioden = [Leverperiode(*periode) for periode in feit["perioden"]]
        bezet = bezette_perioden(
            perioden, einddatum_toewijzing=feit["einddatum"], houdt_dagen=partial(houdt_plek, eigen)
        )
        nu = {} if feit["verwijderd"] else mutaties(bezet)
        anders = verschil(self.geteld.get(naam, {}), nu)
        self.geteld[naam] = nu
        stand = self._stand(dag, gemeente)
        cel = self.mutaties.setdefault(gemeente, {})
        for wanneer, aantal in anders.items():
            cel[wanneer] = cel.get(wanneer, 0) + aantal
        self.standen[gemeente] = bijgewerkt(stand, anders)

    def _stand(self, dag: date, gemeente: str) -> Stand:
        """Counted afresh once a day; the rest of that day only what changes."""
        stand = self.standen.get(gemeente)
        if stand is None or stand.dag != dag:
            stand = stand_van(Verloop(self.mutaties.get(gemeente, {})), dag)
        return stand

    def _monitor(self, dag: date, sleutel: Sleutel, tekst: str) -> Json | None:
        lijn, kwartaal = self.lijnen.get(sleutel), Kwartaal.lees(tekst)
        if lijn is None or not any(lijn.dekt(maand) for maand in kwartaal.maanden):
            return None
        uitkomst = prognose(lijn.contract, lijn.eigen_dagen(self._stand(dag, sleutel[1]).dagen), kwartaal)
        nodig = overschrijdt_drempel(uitkomst, Fraction(self.instellingen[sleutel[0]]["bijstellingsdrempel"]))
        termijnen = self._voorstel(dag, sleutel, uitkomst.verwacht) if nodig else {}
        if termijnen:
            self.voorgesteld[sleutel, tekst] = uitkomst.verwacht
        return {
            "lumpsum": uitkomst.lumpsum.cent,
            "gerealiseerd": uitkomst.gerealiseerd.cent,
            "verwacht": uitkomst.verwacht.cent,
            "gemiddeld_bezet": uitkomst.gemiddeld_bezet,
            "afwijking": uitkomst.afwijking.cent,
            "nodig": nodig,
            "voorstel": _centen(termijnen),
        }

    def _voorstel(self, dag: date, sleutel: Sleutel, verwacht: Bedrag) -> dict[Maand, Bedrag]:
        schema, lopend = self.schemas[sleutel], Maand.van(dag)
        over = tuple(maand for maand in open_maanden(schema, lopend) if self.lijnen[sleutel].dekt(maand))
        return voorstel(verwacht, vastgelegd(schema, lopend), over)

    def _stel_vast(self, dag: date, sleutel: Sleutel, kwartaal: str) -> None:
        verwacht = self.voorgesteld.get((sleutel, kwartaal))
        if verwacht is not None:
            self.schemas[sleutel] = bijgesteld(self.schemas[sleutel], self._voorstel(dag, sleutel, verwacht))

    def _afrekening(self, dag: date, sleutel: Sleutel, vraag: Json) -> Json | None:
        lijn = self.lijnen.get(sleutel)
        if lijn is None:
            return None
        periode = maanden(Maand.lees(vraag["van"]), Maand.lees(vraag["tot"]))
        eigen = [maand for maand in periode if lijn.contract.begin <= maand <= lijn.contract.eind]
        if not eigen:
            return None
        schema, dagen = self.schemas[sleutel], lijn.eigen_dagen(self._stand(dag, sleutel[1]).dagen)
        termijnen = {maand: schema[maand].bedrag for maand in eigen}
        instellingen = _instellingen(self.instellingen[sleutel[0]])
        regel = afrekening(lijn.contract, dagen, eigen, som(termijnen.values()), instellingen)
        kosten = kosten_per_maand(lijn.contract, dagen, termijnen, regel, instellingen)
        # Financial years get their exact part: months of cost, none below zero, together what it costs in the end.
        assert som(kosten.values()) == regel.betaald + regel.afrekening
        assert all(bedrag.cent >= 0 for bedrag in kosten.values())
        return {
            "plekken": regel.plekken,
            "gemiddeldBezet": regel.gemiddeld_bezet,
            "gerealiseerd": regel.gerealiseerd.cent,
            "betaald": regel.betaald.cent,
            "afrekening": regel.afrekening.cent,
        }

    def eind(self, sleutel: Sleutel, vandaag: date) -> Json:
        """What stands when everything was heard."""
        lijn, stand = self.lijnen[sleutel], self._stand(vandaag, sleutel[1])
        tot = prognose_tot(lijn.contract, lijn.eigen_dagen(stand.dagen), vandaag, stand.bezet)
        return {
            "lumpsum": lumpsum(lijn.contract).cent,
            "voorschotten": _centen(voorschotten(lijn.contract)),
            "termijnen": {str(m): (t.voorschot.cent, t.bijstelling.cent) for m, t in self.schemas[sleutel].items()},
            "dagen": {str(maand): aantal for maand, aantal in lijn.eigen_dagen(stand.dagen).items()},
            "tot vandaag": {
                "lumpsum": tot.lumpsum.cent,
                "gerealiseerd": tot.gerealiseerd.cent,
                "verwacht": tot.verwacht.cent,
                "bezet": tot.gemiddeld_bezet,
            },
        }


def _regel(regel: Json) -> Regel:
    versies = [
        Versie(
            Maand.van(tarief["vanaf"]),
            Plekken.lees(tarief["plekken"]).als_breuk(),
            Bedrag.van_euro(tarief["prijs"]),
            None if tarief["sleutel"] is None else {wie: Fraction(deel) for wie, deel in tarief["sleutel"].items()},
        )
        for tarief in regel["tarieven"]
    ]
    return Regel(regel["gemeente"], CODE, tuple(versies))


def _instellingen(instellingen: Json) -> Instellingen:
    maximum, minimum = instellingen["maximum"], instellingen["minimum"]
    return Instellingen(
        Fraction(instellingen["tolerantie"]),
        None if maximum is None else Fraction(maximum),
        None if minimum is None else Fraction(minimum),
    )


def _centen(bedragen: Mapping[Maand, Bedrag]) -> dict[str, int]:
    return {str(maand): bedrag.cent for maand, bedrag in bedragen.items()}
