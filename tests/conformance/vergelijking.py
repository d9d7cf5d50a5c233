"""Own verdict against the official schema's, mutant by mutant; a disagreement is made as small as it gets."""

import random
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from lxml import etree

from services.backoffice.istandaarden.fouten import Onleesbaar, Schemafout
from services.backoffice.istandaarden.grondig import lees_grondig
from services.backoffice.istandaarden.lezen import lees
from services.backoffice.istandaarden.ontleden import ontleed
from tests.backoffice.istandaarden.standaard import Standaard
from tests.conformance.bronnen import Grensmutant, bomen


@dataclass(frozen=True, slots=True)
class Verschil:
    """A disagreement. Two of one `klasse` very likely have one cause."""

    naam: str
    klasse: str
    data: bytes


@dataclass(slots=True)
class Uitslag:
    """What came of some mutants of one kind."""

    naam: str
    mutanten: int = 0
    goed: int = 0
    verschillen: list[Verschil] = field(default_factory=list)


def eigen_oordeel(naam: str, data: bytes) -> str:
    """`goed`, `fout`, or what should not have happened."""
    try:
        bericht = lees(data)
    except (Onleesbaar, Schemafout):
        return "fout"
    except Exception as error:
        return f"uitzondering {type(error).__name__}"
    if bericht.naam != naam:
        return f"gelezen als {bericht.naam}"
    inhoud, fouten = lees_grondig(ontleed(data), bericht.soort)
    if fouten:
        return "snel goed, grondig fout"
    return "goed" if inhoud == bericht.inhoud else "snel en grondig lezen iets anders"


def oordelen(standaard: Standaard, naam: str, data: bytes) -> tuple[str, str]:
    """The verdict of the official schema, and our own."""
    return "goed" if standaard.keurt_goed(naam, data) else "fout", eigen_oordeel(naam, data)


def klasse(standaard: Standaard, naam: str, data: bytes) -> str | None:
    """The class of disagreement on these bytes (verdicts, and what the refusing side says), None when there is none."""
    verwacht, eigen = oordelen(standaard, naam, data)
    if eigen == verwacht:
        return None
    reden = _eigen_reden(data) if eigen == "fout" else _schemareden(standaard, naam) if verwacht == "fout" else ""
    return f"schema {verwacht}, eigen {eigen} {reden}".strip()


def _eigen_reden(data: bytes) -> str:
    try:
        lees(data)
    except Schemafout as error:
        return f"({error.fouten[0].regel} {error.fouten[0].plaats.rpartition('/')[2].partition('[')[0]})"
    except Onleesbaar:
        return "(onleesbaar)"
    return ""


def _schemareden(standaard: Standaard, naam: str) -> str:
    """The kind of the last error of the validation that has just been done."""
    fout = standaard.schema(naam).error_log.last_error  # type: ignore[attr-defined]  # lxml-stubs lacks it
    return f"({fout.type_name})" if fout is not None else "(geen XML)"


@cache
def _standaard(pad: Path) -> Standaard:
    """Once per process: compiled schemas don't travel between processes."""
    return Standaard(pad)


def vergelijk(pad: Path, naam: str, zaad: int, aantal: int) -> Uitslag:
    """Compare `aantal` mutants; the same seed gives the same ones. `pad` is the standard's folder."""
    standaard = _standaard(pad)
    mutant, keuze = Grensmutant(zaad), random.Random(zaad)
    uitslag = Uitslag(naam)
    for _ in range(aantal):
        data = mutant.maak(keuze.choice(bomen(standaard, naam)))
        verwacht, eigen = oordelen(standaard, naam, data)
        uitslag.mutanten += 1
        uitslag.goed += verwacht == "goed"
        if eigen != verwacht:
            uitslag.verschillen.append(Verschil(naam, klasse(standaard, naam, data) or "", data))
    return uitslag


def verklein(standaard: Standaard, verschil: Verschil) -> Verschil:
    """The same disagreement with every element left out that it does not need."""
    data = verschil.data
    gelukt = True
    while gelukt:
        gelukt = False
        for kleiner in _kleinere(data):
            if klasse(standaard, verschil.naam, kleiner) == verschil.klasse:
                data, gelukt = kleiner, True
                break
    return Verschil(verschil.naam, verschil.klasse, data)


def _kleinere(data: bytes) -> list[bytes]:
    """Every text with one element less, largest element first; none when the text is no XML."""
    try:
        wortel = etree.fromstring(data)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        return []
    aantal = len(list(wortel.iter(etree.Element)))
    gemaakt = []
    for nummer in range(1, aantal):
        kopie = deepcopy(wortel)
        element = list(kopie.iter(etree.Element))[nummer]
        ouder = element.getparent()
        if ouder is not None:
            ouder.remove(element)
            gemaakt.append(etree.tostring(kopie, encoding="UTF-8", xml_declaration=True))
    return sorted(gemaakt, key=len)
