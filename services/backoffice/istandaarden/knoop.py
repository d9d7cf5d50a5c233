"""The generic form of a message: nested dictionaries with the standard's own names, ready for JSON.

Text, dates (ISO) and times are strings, numbers are integers, repeated elements are lists.
"""

from collections.abc import Iterator
from typing import TypeAlias, Union

Waarde: TypeAlias = Union[str, int, "Knoop", list["Waarde"]]
Knoop: TypeAlias = dict[str, Waarde]


def deel(knoop: Knoop, *pad: str) -> Knoop:
    """The class at `pad`; an empty one when any step is absent."""
    for naam in pad:
        volgende = knoop.get(naam)
        if not isinstance(volgende, dict):
            return {}
        knoop = volgende
    return knoop


def tekst(knoop: Knoop, naam: str) -> str | None:
    """The text of element `naam`, None when absent."""
    waarde = knoop.get(naam)
    return waarde if isinstance(waarde, str) else None


def getal(knoop: Knoop, naam: str) -> int | None:
    """The number in element `naam`, None when absent."""
    waarde = knoop.get(naam)
    return waarde if isinstance(waarde, int) else None


def verplicht(knoop: Knoop, naam: str) -> str:
    """The text of an element that level 1 guarantees; KeyError when level 1 was skipped."""
    waarde = knoop[naam]
    if not isinstance(waarde, str):
        raise KeyError(naam)
    return waarde


def klassen(knoop: Knoop, naam: str) -> Iterator[Knoop]:
    """The repeated classes under `naam`, in order."""
    rij = knoop.get(naam)
    if isinstance(rij, list):
        yield from (lid for lid in rij if isinstance(lid, dict))


def teksten(knoop: Knoop, naam: str) -> tuple[str, ...]:
    """The repeated texts under `naam`, in order."""
    rij = knoop.get(naam)
    return tuple(lid for lid in rij if isinstance(lid, str)) if isinstance(rij, list) else ()
