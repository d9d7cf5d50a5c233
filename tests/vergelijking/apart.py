"""A story told by the calculation apart: tests/onafhankelijk.py and, here, what becomes of terms.

Everything is worked out anew from what had been heard on a day; nothing is carried along but the terms, which have a
past by their nature: a month that has begun keeps what it was (domain.md: the terms not yet fixed may change).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from tests import onafhankelijk as o

Json = dict[str, Any]
Schema = dict[str, tuple[int, int]]  # month → what the contract gives, what adjustments added or took


def vertel(verhaal: Json) -> Json:
    """Line → everything that two calculations must agree on."""
    return {
        f"{contract}/{gemeente}": dict(_van_lijn(verhaal, contract, gemeente))
        for contract in range(len(verhaal["contracten"]))
        for gemeente in verhaal["gemeenten"]
        if lijn_op(verhaal["contracten"][contract], gemeente, verhaal["vandaag"]) is not None
    }


def _van_lijn(verhaal: Json, nummer: int, gemeente: str) -> Iterator[tuple[str, Any]]:
    contract, vandaag = verhaal["contracten"][nummer], verhaal["vandaag"]
    monitors = [m for m in verhaal["monitors"] if (m["contract"], m["gemeente"]) == (nummer, gemeente)]
    beeld = Beeld(verhaal, contract, gemeente)
    geschiedenis = list(beeld.schemas(monitors))
    for monitor in monitors:
        yield f"monitor {monitor['kwartaal']}", beeld.monitor(monitor, _schema_op(geschiedenis, monitor["op"], 0))
    for volg, vraag in enumerate(verhaal["afrekeningen"]):
        if (vraag["contract"], vraag["gemeente"]) == (nummer, gemeente):
            yield f"afrekening {volg}", beeld.afrekening(vraag, _schema_op(geschiedenis, vraag["op"]))
    lijn = lijn_op(contract, gemeente, vandaag)
    assert lijn is not None
    leveringen, houdt = beeld.leveringen(vandaag), beeld.houdt(vandaag)
    yield "lumpsum", o.lumpsum(lijn)
    yield "voorschotten", o.voorschotten(lijn)
    yield "termijnen", _schema_op(geschiedenis, vandaag)
    yield "dagen", o.eigen_dagen(lijn, leveringen, vandaag, houdt)
    yield "tot vandaag", o.prognose_tot(lijn, leveringen, vandaag, houdt)


def _schema_op(geschiedenis: list[tuple[date, int, Schema]], dag: date, tot_en_met: int = 2) -> Schema:
    """The terms as they were after everything of that day, or after its contracts only."""
    gevonden: Schema = {}
    for wanneer, volgorde, schema in geschiedenis:
        if (wanneer, volgorde) <= (dag, tot_en_met):
            gevonden = schema
    return gevonden


def versie_op(contract: Json, dag: date) -> Json | None:
    """The contract as it was known on a day."""
    gehoord = [versie for versie in contract["versies"] if versie["gehoord"] <= dag]
    return gehoord[-1] if gehoord else None


def lijn_op(contract: Json, gemeente: str, dag: date) -> Json | None:
    """The line of a gemeente as known on a day; None as long as it was never in the contract. It begins with the first
    month in which it was ever covered: a month that was paid does not leave the books."""
    gevonden: Json | None = None
    for versie in contract["versies"]:
        if versie["gehoord"] > dag:
            break
        tarieven = [
            {
                "vanaf": tarief["vanaf"],
                "plekken": tarief["plekken"],
                "prijs_per_plek": tarief["prijs"],
                "aandeel": "1" if tarief["sleutel"] is None else tarief["sleutel"].get(gemeente),
            }
            for regel in versie["regels"]
            if regel["gemeente"] in (None, gemeente)
            for tarief in regel["tarieven"]
        ]
        begins = [tarief["vanaf"] for tarief in tarieven if tarief["aandeel"] is not None]
        if gevonden is not None:
            begins.append(gevonden["begindatum"])
        if begins:
            gevonden = {
                "begindatum": min(begins),
                "einddatum": contract["eind"],
                "tarieven": [{**NIETS, "vanaf": contract["begin"]}, *tarieven],
            }
    return gevonden


NIETS = {"plekken": "0", "prijs_per_plek": "0", "aandeel": None}


class Beeld:
    """What could be known of one line, day by day."""

    def __init__(self, verhaal: Json, contract: Json, gemeente: str) -> None:
        self.verhaal, self.contract, self.gemeente = verhaal, contract, gemeente

    def leveringen(self, dag: date) -> list[Json]:
        """Of each levering the newest version that had been heard."""
        gevonden = []
        for levering in self.verhaal["leveringen"]:
            gehoord = [m for m in levering["meldingen"] if m["gehoord"] <= dag]
            if levering["gemeente"] == self.gemeente and gehoord:
                nieuwste = max(gehoord, key=lambda melding: melding["versie"])
                gevonden.append({**nieuwste, "einddatum_toewijzing": nieuwste["einddatum"]})
        return gevonden

    def houdt(self, dag: date) -> o.Houdt:
        """How long the contract that holds on the day of a temporary stop keeps its place."""
        bekend = [
            (lijn, versie)
            for contract in self.verhaal["contracten"]
            if (versie := versie_op(contract, dag)) and (lijn := lijn_op(contract, self.gemeente, dag))
        ]

        def dagen(stop: date) -> int:
            geldend = [
                int(versie["instellingen"]["tijdelijkeStopHoudtPlekDagen"])
                for lijn, versie in bekend
                if o.gedekt(lijn, o.maand_van(stop))
            ]
            return geldend[0] if geldend else 0

        return dagen

    def schemas(self, monitors: list[Json]) -> Iterator[tuple[date, int, Schema]]:
        """The terms after each day on which they may have changed: contracts first, then what a person fixed."""
        schema: Schema = {}
        gebeurd: list[tuple[date, int, int, Json]] = [
            (versie["gehoord"], 0, nummer, {}) for nummer, versie in enumerate(self.contract["versies"])
        ]
        for nummer, monitor in enumerate(monitors):
            gebeurd.append((monitor["op"], 1, nummer, monitor))
            if monitor["vast_op"] is not None:
                gebeurd.append((monitor["vast_op"], 2, nummer, monitor))
        voorgesteld: dict[str, int] = {}
        for dag, volgorde, _, monitor in sorted(gebeurd, key=lambda g: g[:3]):
            if dag > self.verhaal["vandaag"]:
                return
            if volgorde == 0:
                schema = self._na_contract(schema, dag)
            elif volgorde == 1:
                uitkomst = self.monitor(monitor, schema)
                if uitkomst is not None and uitkomst["voorstel"]:
                    voorgesteld[monitor["kwartaal"]] = uitkomst["verwacht"]
            elif monitor["kwartaal"] in voorgesteld:
                schema = self._na_bijstelling(schema, dag, voorgesteld[monitor["kwartaal"]])
            yield dag, volgorde, schema

    def _na_contract(self, schema: Schema, dag: date) -> Schema:
        lijn = lijn_op(self.contract, self.gemeente, dag)
        if lijn is None:
            return schema
        begonnen = {maand: termijn for maand, termijn in schema.items() if maand <= o.maand_van(dag)}
        open_ = {m: (cent, schema.get(m, (0, 0))[1]) for m, cent in o.voorschotten(lijn).items() if m not in begonnen}
        return {**begonnen, **open_}

    def _na_bijstelling(self, schema: Schema, dag: date, verwacht: int) -> Schema:
        nieuw = dict(schema)
        for maand, cent in self._voorstel(schema, dag, verwacht).items():
            nieuw[maand] = (schema[maand][0], cent - schema[maand][0])
        return nieuw

    def _voorstel(self, schema: Schema, dag: date, verwacht: int) -> Mapping[str, int]:
        lijn = lijn_op(self.contract, self.gemeente, dag)
        assert lijn is not None
        betaald = sum(bedrag(termijn) for maand, termijn in schema.items() if maand <= o.maand_van(dag))
        over = [maand for maand in sorted(schema) if maand > o.maand_van(dag) and o.gedekt(lijn, maand)]
        return o.voorstel(verwacht, betaald, over)

    def monitor(self, monitor: Json, schema: Schema) -> Json | None:
        """The forecast after a quarter and what would be proposed; None when the line has no month in it."""
        dag, kwartaal = monitor["op"], monitor["kwartaal"]
        lijn, versie = lijn_op(self.contract, self.gemeente, dag), versie_op(self.contract, dag)
        if lijn is None or versie is None:
            return None
        if not any(o.gedekt(lijn, maand) for maand in o.maanden_van(lijn) if o.kwartaal_van(maand) == kwartaal):
            return None
        uitkomst = o.prognose(lijn, self.leveringen(dag), kwartaal, dag, self.houdt(dag))
        assert uitkomst is not None
        drempel, lumpsum = Fraction(versie["instellingen"]["bijstellingsdrempel"]), uitkomst["lumpsum"]
        nodig = lumpsum != 0 and Fraction(abs(uitkomst["verwacht"] - lumpsum), lumpsum) > drempel
        voorstel = self._voorstel(schema, dag, uitkomst["verwacht"]) if nodig else {}
        return {**uitkomst, "nodig": nodig, "voorstel": dict(voorstel)}

    def afrekening(self, vraag: Json, schema: Schema) -> Json | None:
        """The settlement as it could be made that day; None when the line has no month in it."""
        dag = vraag["op"]
        lijn, versie = lijn_op(self.contract, self.gemeente, dag), versie_op(self.contract, dag)
        if lijn is None or versie is None:
            return None
        maanden = [maand for maand in o.maanden_van(lijn) if vraag["van"] <= maand <= vraag["tot"]]
        if not maanden:
            return None
        betaald = sum(bedrag(schema[maand]) for maand in maanden)
        instellingen, houdt = versie["instellingen"], self.houdt(dag)
        return o.afrekening(lijn, self.leveringen(dag), maanden, betaald, dag, instellingen, houdt)


def bedrag(termijn: tuple[int, int]) -> int:
    """What is paid: never less than nothing."""
    return max(0, sum(termijn))
