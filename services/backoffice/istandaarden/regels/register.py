"""Where rules sign in: a rule is a function that yields the places in one message where it is broken, with advice."""

from collections.abc import Callable, Iterator

from services.backoffice.istandaarden.regels.beeld import Beeld

Bevinding = tuple[str, str]
"""Element path and Dutch advice."""
Regel = Callable[[Beeld], Iterator[Bevinding]]

REGELS: dict[str, list[tuple[str, Regel]]] = {}
"""Per message number the rules that bind it, in the order in which they were written."""
KEUZEREGELS: dict[str, list[tuple[str, Regel]]] = {}
"""The same for rules that are applied only when asked for, because the published standard contradicts itself."""


def regel(nummer: str, *berichten: str, verplicht: bool = True) -> Callable[[Regel], Regel]:
    """Registers a function as rule `nummer` (CS002) of the given message numbers (305), for both laws."""

    def meld_aan(functie: Regel) -> Regel:
        for bericht in berichten:
            (REGELS if verplicht else KEUZEREGELS).setdefault(bericht, []).append((nummer, functie))
        return functie

    return meld_aan
