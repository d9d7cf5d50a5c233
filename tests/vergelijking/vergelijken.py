"""Two tellings of the same stories held against each other; where they differ, the story made small."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from tests.vergelijking import apart, product
from tests.vergelijking.verhaal import maak

Json = dict[str, Any]
DATUM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass
class Uitslag:
    """How many stories and lines agreed, what occurred in them, and the first story that did not."""

    verhalen: int = 0
    lijnen: int = 0
    komt_voor: Counter[str] = field(default_factory=Counter)
    verschil: Json | None = None

    def tel_op(self, ander: Uitslag) -> None:
        self.verhalen += ander.verhalen
        self.lijnen += ander.lijnen
        self.komt_voor += ander.komt_voor
        self.verschil = self.verschil or ander.verschil


def vergelijk(zaden: Iterable[int]) -> Uitslag:
    """The stories of some seeds, until one is told differently."""
    uitslag = Uitslag()
    for zaad in zaden:
        verhaal = maak(zaad)
        uitkomst = vertel_product(verhaal)
        if uitkomst != apart.vertel(verhaal):
            uitslag.verschil = verhaal
            return uitslag
        uitslag.verhalen += 1
        uitslag.lijnen += len(uitkomst)
        uitslag.komt_voor.update(kenmerken(verhaal, uitkomst))
    return uitslag


def vertel_product(verhaal: Json) -> Json:
    """What the product says; a mishap is an answer too, and never the right one."""
    try:
        return product.vertel(verhaal)
    except Exception as fout:
        return {"fout": f"{type(fout).__name__}: {fout}"}


def verschillen(verhaal: Json) -> Iterator[str]:
    """Each figure on which the two tellings differ: line, figure, the product's value, the other."""
    een, ander = vertel_product(verhaal), apart.vertel(verhaal)
    for lijn in sorted(een.keys() | ander.keys()):
        links, rechts = een.get(lijn), ander.get(lijn)
        if not isinstance(links, dict) or not isinstance(rechts, dict):
            if links != rechts:
                yield f"{lijn}: product {links}, apart {rechts}"
            continue
        for naam in sorted(links.keys() | rechts.keys()):
            if links.get(naam) != rechts.get(naam):
                yield f"{lijn}, {naam}: product {links.get(naam)}, apart {rechts.get(naam)}"


def verklein(verhaal: Json) -> Json:
    """A story with less in it that is still told differently; nothing more can be left out of it."""
    kleiner = True
    while kleiner:
        kleiner = False
        for minder in _minder(verhaal):
            if vertel_product(minder) != apart.vertel(minder):
                verhaal, kleiner = minder, True
                break
    return verhaal


def _minder(verhaal: Json) -> Iterator[Json]:
    """The story with one thing left out."""
    for naam in ("leveringen", "monitors", "afrekeningen"):
        for plek in range(len(verhaal[naam])):
            yield {**verhaal, naam: _zonder(verhaal[naam], plek)}
    for plek, levering in enumerate(verhaal["leveringen"]):
        for melding in range(len(levering["meldingen"])):
            minder = {**levering, "meldingen": _zonder(levering["meldingen"], melding)}
            yield {**verhaal, "leveringen": _met(verhaal["leveringen"], plek, minder)}
    for plek, contract in enumerate(verhaal["contracten"]):
        for versie in range(len(contract["versies"])):
            if len(contract["versies"]) > 1:
                minder = {**contract, "versies": _zonder(contract["versies"], versie)}
                yield {**verhaal, "contracten": _met(verhaal["contracten"], plek, minder)}


def _zonder(rij: list[Any], plek: int) -> list[Any]:
    return rij[:plek] + rij[plek + 1 :]


def _met(rij: list[Any], plek: int, nieuw: Any) -> list[Any]:
    return [*rij[:plek], nieuw, *rij[plek + 1 :]]


def bewaar(verhaal: Json, pad: Path) -> None:
    """Write a story down, with what the two say of it."""
    inhoud = {**verhaal, "verschillen": list(verschillen(verhaal))}
    pad.write_text(json.dumps(inhoud, default=date.isoformat, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def lees(pad: Path) -> Json:
    """A story as it was written down."""
    verhaal: Json = _met_datums(json.loads(pad.read_text(encoding="utf-8")))
    verhaal.pop("verschillen", None)
    return verhaal


def _met_datums(waarde: Any) -> Any:
    if isinstance(waarde, dict):
        return {naam: _met_datums(deel) for naam, deel in waarde.items()}
    if isinstance(waarde, list):
        return [_met_datums(deel) for deel in waarde]
    if isinstance(waarde, str) and DATUM.fullmatch(waarde):
        return date.fromisoformat(waarde)
    return waarde


def kenmerken(verhaal: Json, uitkomst: Json) -> Counter[str]:
    """What a story and its outcome have of the things that the rules treat apart: figures that nothing is proved
    without."""
    aantal: Counter[str] = Counter()
    for contract in verhaal["contracten"]:
        aantal["contract over een jaargrens"] += contract["begin"].year != contract["eind"].year
        aantal["contract in een latere versie"] += len(contract["versies"]) > 1
        aantal["contract dat pas na het begin bekend werd"] += contract["versies"][0]["gehoord"] > contract["begin"]
        aantal["verandering met terugwerkende kracht"] += any(
            versie["gehoord"] > tarief["vanaf"] > contract["begin"]
            for versie in contract["versies"][1:]
            for regel in versie["regels"]
            for tarief in regel["tarieven"]
        )
        sleutels = [
            tuple(sorted(tarief["sleutel"]))
            for regel in contract["versies"][-1]["regels"]
            for tarief in regel["tarieven"]
            if tarief["sleutel"] is not None
        ]
        aantal["regionaal contract met verdeelsleutel"] += bool(sleutels)
        aantal["gemeente in of uit de sleutel"] += len(set(sleutels)) > 1
    for levering in verhaal["leveringen"]:
        meldingen = levering["meldingen"]
        aantal["toewijzing verwijderd"] += any(melding["verwijderd"] for melding in meldingen)
        aantal["tijdelijke stop"] += any(periode[2] for melding in meldingen for periode in melding["perioden"])
        volgorde = [m["versie"] for m in sorted(meldingen, key=lambda m: (m["gehoord"], m["versie"]))]
        aantal["berichten in andere volgorde"] += volgorde != sorted(volgorde)
    for lijn in uitkomst.values():
        for naam, gevonden in lijn.items():
            if gevonden is not None:
                aantal.update(_van_uitkomst(naam, gevonden))
    return +aantal


def _van_uitkomst(naam: str, gevonden: Json) -> Iterator[str]:
    if naam.startswith("monitor"):
        yield "prognose"
        if gevonden["voorstel"]:
            yield "prognose met voorstel"
        if gevonden["voorstel"] and not any(gevonden["voorstel"].values()):
            yield "voorstel van nul"
    elif naam.startswith("afrekening"):
        yield "afrekening"
        if gevonden["afrekening"] < 0:
            yield "afrekening die terugkomt"
        if gevonden["afrekening"] == 0 and gevonden["gerealiseerd"] != gevonden["betaald"]:
            yield "afrekening binnen de tolerantie"
    elif naam == "termijnen" and any(bijstelling for _, bijstelling in gevonden.values()):
        yield "schema met een vastgestelde bijstelling"
