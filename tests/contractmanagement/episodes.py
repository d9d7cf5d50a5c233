"""The episodes of a line as the tests ask for them, without the figures they rest on."""

from datetime import date

from services.contractmanagement.signaal.rules.episodes import Episode, onderbezet_episodes, volte_episodes
from services.contractmanagement.signaal.rules.maatstaf import STANDAARD, Drempelreeks, Plekkenreeks, maatstaf
from shared.kernel.verloop import Verloop


def volte(
    verloop: Verloop,
    plekken: Plekkenreeks,
    begin: date,
    eind: date,
    vandaag: date,
    drempels: Drempelreeks = STANDAARD,
) -> tuple[Episode, ...]:
    """Nearly full, full and over, without their figures."""
    return tuple(vol.episode for vol in volte_episodes(verloop, maatstaf(plekken, begin, eind, vandaag, drempels)))


def onderbezet(
    verloop: Verloop,
    plekken: Plekkenreeks,
    begin: date,
    eind: date,
    vandaag: date,
    drempels: Drempelreeks = STANDAARD,
) -> Episode | None:
    """The under-use that is open today."""
    gevonden = onderbezet_episodes(verloop, maatstaf(plekken, begin, eind, vandaag, drempels))
    return next((een.episode for een in gevonden if een.episode.tot_en_met is None), None)
