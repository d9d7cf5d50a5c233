"""The table of all 286 rules of the standards and how each is kept; `python -m` on this package prints docs/regels.md.

Our own data (regels.csv) names what the code cannot say of itself; functions of level 2 are looked up in the code.
"""

import csv
from collections import Counter
from dataclasses import dataclass, replace
from importlib.resources import files

import services.backoffice.istandaarden.regels as niveau_2
from services.backoffice.istandaarden.regels.register import KEUZEREGELS, REGELS

_LATER = "later"
_HOE = {
    "schema": "level 1, with the schema",
    "within": "level 2, inside one message",
    "across": "level 3 or 4, with an administration; no code enforces those marked **not enforced yet**",
    "process": "work of people, or a term: no check of a message",
    "not applicable": "does not bind this product; the note says why",
}


@dataclass(frozen=True, slots=True)
class Regelrij:
    """One rule: standards (both, iJw), messages, how and by what it is kept, the test that pins it, and a note."""

    regel: str
    standaarden: str
    berichten: str
    hoe: str
    waar: str
    toets: str
    uitleg: str


def geregistreerd() -> dict[str, tuple[str, ...]]:
    """Per rule of level 2 its functions, as module.function below `regels`."""
    gevonden: dict[str, dict[str, None]] = {}
    for register in (REGELS, KEUZEREGELS):
        for rij in register.values():
            for nummer, functie in rij:
                module = functie.__module__.removeprefix(f"{niveau_2.__name__}.")
                naam = getattr(functie, "__name__", "")
                gevonden.setdefault(nummer, {})[f"{module}.{naam}"] = None
    return {nummer: tuple(namen) for nummer, namen in gevonden.items()}


def rijen() -> tuple[Regelrij, ...]:
    """Every rule in the order of the standard, level 2 with its functions filled in."""
    functies = geregistreerd()
    tekst = files(__name__).joinpath("regels.csv").read_text(encoding="utf-8")
    kaal = (Regelrij(**rij) for rij in csv.DictReader(tekst.splitlines()))
    return tuple(replace(rij, waar=" ".join(functies.get(rij.regel, (rij.waar,)))) for rij in kaal)


def _toets(toets: str) -> str:
    bestand, _, naam = toets.partition("::")
    # The case of a parametrised test stands in brackets, which would end the link text.
    naam, _, geval = naam.rstrip("]").partition("[")
    link = f"[{naam}](../{bestand})" if naam else toets
    return f"{link} `{geval}`" if geval else link


def _regel(rij: Regelrij) -> str:
    waar = ", ".join(f"`{deel}`" for deel in rij.waar.split()) if "." in rij.waar else rij.waar
    if rij.waar.startswith(_LATER):
        waar = f"**not enforced yet**: {rij.waar}"
    cellen = (rij.regel, rij.standaarden, rij.berichten, rij.hoe, waar or "-", _toets(rij.toets), rij.uitleg)
    return f"| {' | '.join(cellen)} |"


def als_markdown() -> str:
    """The contents of docs/regels.md."""
    alle = rijen()
    aantallen = Counter(rij.hoe for rij in alle)
    later = sum(rij.waar.startswith(_LATER) for rij in alle)
    kop = [
        "# The rules of iJw and iWmo 3.2",
        "",
        "Made by `python -m services.backoffice.istandaarden.regeltabel`; do not edit. Every rule of the standards and",
        "how it is kept. Functions without a package stand in `services/backoffice/istandaarden/regels`.",
        "",
        "| how | rules | meaning |",
        "| --- | --- | --- |",
        *(f"| {hoe} | {aantallen[hoe]} | {betekenis} |" for hoe, betekenis in _HOE.items()),
        "",
        f"{len(alle)} rules. Of those across messages {later} are **not enforced yet**: no code looks at them.",
        "",
        "| rule | standards | messages | how | by | test | note |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    return "\n".join([*kop, *(_regel(rij) for rij in alle)]) + "\n"
