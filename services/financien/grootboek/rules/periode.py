"""Closing of periods: what stands in a closed month stays, what comes later is booked in an open one (F-9)."""

from __future__ import annotations

from datetime import date

from shared.kernel.periode import Maand
from shared.kernel.refusal import Conflict, FieldFault


class PeriodeGesloten(Conflict):
    """The month in which something would be booked is closed."""

    title = "De periode is afgesloten"


class PeriodeLooptNog(Conflict):
    """A month is closed when it is over."""

    title = "De maand is nog niet voorbij"


def keur_boekdatum(boekdatum: date, gesloten_tot: Maand | None) -> None:
    """`gesloten_tot` is the last closed month of the gemeente. Refuses PeriodeGesloten."""
    if gesloten_tot is not None and Maand.van(boekdatum) <= gesloten_tot:
        eerste = gesloten_tot.volgende()
        melding = f"De boeken zijn afgesloten tot en met {gesloten_tot}. De eerste open maand is {eerste}."
        raise PeriodeGesloten(melding, FieldFault("boekdatum", "F-9", f"Kies een datum vanaf {eerste.eerste}."))


def boekdatum_in(maand: Maand, gesloten_tot: Maand | None) -> date:
    """The day on which something about `maand` is booked: its first, or that of the first open month."""
    if gesloten_tot is None or maand > gesloten_tot:
        return maand.eerste
    return gesloten_tot.volgende().eerste


def keur_afsluiting(maand: Maand, vandaag: date, gesloten_tot: Maand | None) -> None:
    """Whether a month, and with it every month before, can be closed. Refuses PeriodeLooptNog, PeriodeGesloten."""
    if vandaag <= maand.laatste:
        melding = f"{maand} loopt tot en met {maand.laatste:%d-%m-%Y}. Sluit een maand die voorbij is."
        raise PeriodeLooptNog(melding, FieldFault("maand", "F-9", melding))
    if gesloten_tot is not None and maand <= gesloten_tot:
        melding = f"De boeken zijn al afgesloten tot en met {gesloten_tot}."
        raise PeriodeGesloten(melding, FieldFault("maand", "F-9", f"Kies {gesloten_tot.volgende()} of later."))
