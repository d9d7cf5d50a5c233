"""How far a play has come: kept in the file of the truth, so that the same command goes on where it was."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from deploy.simulatie.bedenken import KanNiet
from deploy.simulatie.waarheid import VERSIE
from deploy.simulatie.wereld import Lijn, Overeenkomst, Traject, Wereld

Json = dict[str, Any]


class AndereSimulatie(Exception):
    """The file belongs to another play."""


@dataclass
class Voortgang:
    """`vastgelegd_op`: today at the installation when it heard of the contracts. `indicaties`, `nummers`: per traject;
    `berichten`: identification → provider, type and last verdict."""

    vastgelegd_op: date | None = None
    gespeeld_tot: date | None = None
    indicaties: dict[int, str] = field(default_factory=dict)
    nummers: dict[int, str] = field(default_factory=dict)
    berichten: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    bewaar: Callable[[Voortgang], None] = lambda _: None


def hervat(wereld: Wereld, bestand: Path) -> Voortgang:
    """The progress in this file, which may not exist yet, and which is kept up to date. Raises AndereSimulatie, and
    KanNiet before anything is played when it can't be kept."""
    if not os.access(bestand.parent, os.W_OK):
        raise KanNiet(
            f"In {bestand.parent.resolve()} kan niet worden geschreven. Kies met --waarheid een bestand elders, "
            f"bijvoorbeeld --waarheid /tmp/{bestand.name}."
        )
    voortgang = Voortgang()
    if bestand.exists():
        inhoud = _inhoud(bestand)
        if inhoud.get("versie") != VERSIE or inhoud.get("merk") != wereld.merk:
            raise AndereSimulatie(
                f"{bestand} hoort bij een andere simulatie ({inhoud.get('merk')}). Kies met --waarheid een ander "
                f"bestand, of speel verder met dezelfde naam, hetzelfde zaad en dezelfde omvang."
            )
        voortgang = lees_voortgang(inhoud)

    def bewaar(stand: Voortgang) -> None:
        # A file that is half written would lose what was played: first beside it, then in its place.
        tijdelijk = bestand.with_suffix(".nieuw")
        tijdelijk.write_text(json.dumps(als_waarheid(wereld, stand)))
        os.replace(tijdelijk, bestand)

    voortgang.bewaar = bewaar
    return voortgang


def _inhoud(bestand: Path) -> Json:
    try:
        inhoud = json.loads(bestand.read_text())
    except ValueError:
        inhoud = None
    return inhoud if isinstance(inhoud, dict) else {}


def laatste_dag(bestand: Path) -> date | None:
    """The last day of the play that this file belongs to; None when it belongs to none. A play that was broken off
    goes on tomorrow with the calendar that it had."""
    try:
        return date.fromisoformat(json.loads(bestand.read_text())["tot"])
    except (OSError, ValueError, KeyError, TypeError):
        return None  # no file, or another one: `hervat` says what is wrong with it


def lees_voortgang(inhoud: Json) -> Voortgang:
    """The progress as it stands in a file of the truth."""
    vastgelegd, gespeeld = inhoud["vastgelegdOp"], inhoud["gespeeldTot"]
    leveringen = inhoud["leveringen"]
    return Voortgang(
        None if vastgelegd is None else date.fromisoformat(vastgelegd),
        None if gespeeld is None else date.fromisoformat(gespeeld),
        {item["traject"]: item["indicatie"] for item in leveringen if item["indicatie"]},
        {item["traject"]: item["toewijzingNummer"] for item in leveringen if item["toewijzingNummer"]},
        {naam: (aanbieder, soort, oordeel) for naam, (aanbieder, soort, oordeel) in inhoud["berichten"].items()},
    )


def als_waarheid(wereld: Wereld, voortgang: Voortgang) -> Json:
    """The truth as it is written down. No BSN in it: a levering is known by its toewijzingNummer."""
    return {
        "versie": VERSIE,
        "merk": wereld.merk,
        "begin": wereld.begin.isoformat(),
        "tot": wereld.tot.isoformat(),
        "vastgelegdOp": None if voortgang.vastgelegd_op is None else voortgang.vastgelegd_op.isoformat(),
        "gespeeldTot": None if voortgang.gespeeld_tot is None else voortgang.gespeeld_tot.isoformat(),
        "overeenkomsten": [_overeenkomst(item) for item in wereld.overeenkomsten],
        "leveringen": [_levering(traject, voortgang) for traject in wereld.trajecten],
        "berichten": voortgang.berichten,
    }


def _overeenkomst(overeenkomst: Overeenkomst) -> Json:
    return {
        "aanbieder": overeenkomst.aanbieder,
        "begindatum": overeenkomst.begin.isoformat(),
        "einddatum": overeenkomst.eind.isoformat(),
        "instellingen": dict(overeenkomst.instellingen),
        "regels": [_lijn(lijn) for lijn in overeenkomst.lijnen],
    }


def _lijn(lijn: Lijn) -> Json:
    return {
        "subsegment": lijn.subsegment,
        "gemeente": lijn.gemeente,
        "verdeelsleutel": dict(lijn.verdeelsleutel),
        "versies": [{**asdict(versie), "vanaf": versie.vanaf.isoformat()} for versie in lijn.versies],
    }


def _levering(traject: Traject, voortgang: Voortgang) -> Json:
    einddatum = traject.laatste_einddatum
    return {
        "traject": traject.nummer,
        "indicatie": voortgang.indicaties.get(traject.nummer),
        "toewijzingNummer": voortgang.nummers.get(traject.nummer),
        "wet": traject.wet,
        "gemeente": traject.gemeente,
        "aanbieder": traject.aanbieder,
        "subsegment": traject.subsegment,
        "ingangsdatum": traject.ingangsdatum.isoformat(),
        "einddatum": None if einddatum is None else einddatum.isoformat(),
        "ingetrokken": traject.ingetrokken,
        "perioden": [
            {
                "begin": periode.begin.isoformat(),
                "eind": None if periode.eind is None else periode.eind.isoformat(),
                "tijdelijk": periode.tijdelijk,
                "definitief": None if periode.definitief is None else periode.definitief.isoformat(),
            }
            for periode in traject.perioden
        ],
    }
