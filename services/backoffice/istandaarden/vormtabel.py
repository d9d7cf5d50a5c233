"""Makes `vormen.py` out of the descriptions: the contents of every message as typed dictionaries.

`python -m services.backoffice.istandaarden.vormtabel` prints it; a test holds the file against this.
"""

from collections.abc import Iterator

from services.backoffice.istandaarden.berichtsoorten import BERICHTSOORTEN, Berichtsoort
from services.backoffice.istandaarden.bouwstenen import Klasse, Veld
from services.backoffice.istandaarden.declaratie import RETOURCODES
from services.backoffice.istandaarden.typen import Geheel
from services.backoffice.istandaarden.wet import JEUGDWET

_KOP = '''"""The contents of every message as typed dictionaries, with the standard's own names.

Made by `python -m services.backoffice.istandaarden.vormtabel`; do not edit. What reading returns has this shape, so
giving it its type costs nothing. Both laws share one shape; what only iJw has need not be there. Dates and times are
texts as in the message.
"""

from typing import NotRequired, TypedDict, cast

from services.backoffice.istandaarden.bericht import Bericht


def _inhoud(bericht: Bericht, nummer: str) -> object:
    if bericht.soort.nummer != nummer:
        raise ValueError(f"{bericht.naam} is geen {nummer}")
    return bericht.inhoud
'''


def _klassenaam(klasse: Klasse, nummer: str) -> str:
    """Shared parts have one name; what belongs to a message carries its number."""
    if klasse.basis or klasse == RETOURCODES.soort:
        return klasse.soortnaam.removeprefix("CDT_")
    return f"{klasse.soortnaam.replace('Root', 'Inhoud')}{nummer}"


def _type(veld: Veld, nummer: str) -> str:
    if isinstance(veld.soort, Klasse):
        naam = _klassenaam(veld.soort, nummer)
    else:
        naam = "int" if isinstance(veld.soort, Geheel) else "str"
    heel = f"list[{naam}]" if veld.herhaalt else naam
    return heel if veld.verplicht else f"NotRequired[{heel}]"


def _klassen(klasse: Klasse, nummer: str, gemaakt: set[str]) -> Iterator[str]:
    """The class and what stands in it, innermost first, each once."""
    for veld in klasse.velden:
        if isinstance(veld.soort, Klasse):
            yield from _klassen(veld.soort, nummer, gemaakt)
    naam = _klassenaam(klasse, nummer)
    if naam in gemaakt:
        return
    gemaakt.add(naam)
    waarvan = f"Of the {nummer}." if naam.endswith(nummer) else "Shared by messages."
    regels = [f"class {naam}(TypedDict):", f'    """{waarvan}"""', ""]
    yield "\n".join([*regels, *(f"    {veld.naam}: {_type(veld, nummer)}" for veld in klasse.velden)])


def _lezer(soort: Berichtsoort) -> str:
    naam = f"Inhoud{soort.nummer}"
    return (
        f"def inhoud_{soort.nummer}(bericht: Bericht) -> {naam}:\n"
        f'    """The contents of a {soort.nummer} that passed level 1. ValueError for another message."""\n'
        f'    return cast({naam}, _inhoud(bericht, "{soort.nummer}"))'
    )


def als_python() -> str:
    """The contents of `vormen.py`."""
    delen, gemaakt = [_KOP.rstrip("\n")], set[str]()
    for soort in BERICHTSOORTEN.values():
        # The iJw description has every element of the iWmo one, and both namesakes have one order.
        if soort.wet is JEUGDWET:
            delen += [*_klassen(soort.wortel, soort.nummer, gemaakt), _lezer(soort)]
    return "\n\n\n".join(delen) + "\n"


if __name__ == "__main__":
    print(als_python(), end="")
