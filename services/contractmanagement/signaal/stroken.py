"""The occupancy around a signal: stretches of days on which occupied and awarded places stay the same. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from services.contractmanagement.bezetting.rules import Mutaties, verloop_van
from services.contractmanagement.overeenkomst.rules.dekking import Lijn
from services.contractmanagement.signaal.rules.episodes import Soort
from shared.kernel.periode import Kwartaal
from shared.kernel.plekken import Plekken
from shared.kernel.verloop import Verloop

_DAG = timedelta(days=1)
RUIMTE = timedelta(days=30)  # shown before and after the days of the signal


class Strook(NamedTuple):
    """Both days included. `plekken` None: no contract line covers these days."""

    van: date
    tot_en_met: date
    bezet: int
    plekken: Plekken | None


def venster(soort: Soort, sinds: date, tot_en_met: date | None, vandaag: date) -> tuple[date, date]:
    """First and last day to show: a month around the signal, with the whole quarter that under-use judged."""
    van = Kwartaal.van(sinds - _DAG).maanden[0].eerste if soort is Soort.ONDERBEZET else sinds - RUIMTE
    laatste = vandaag if tot_en_met is None or tot_en_met >= vandaag - RUIMTE else tot_en_met + RUIMTE
    return van, max(laatste, sinds)


def stroken_van_lijn(lijn: Lijn, mutaties: Mapping[str, Mutaties], van: date, tot_en_met: date) -> tuple[Strook, ...]:
    """Of a contract line, within its own days."""
    verloop = verloop_van(lijn, mutaties)
    return tuple(_stroken(verloop, [lijn], None, max(van, lijn.vanaf), min(tot_en_met, lijn.tot_en_met)))


def stroken_van_cel(
    gemeente: str, lijnen: Sequence[Lijn], mutaties: Mutaties, van: date, tot_en_met: date
) -> tuple[Strook, ...]:
    """Of a cell: what its gemeente occupies, with the places of the line that covers the day, if one does (those of
    the region, where the line is one for the region)."""
    return tuple(_stroken(Verloop(mutaties), lijnen, gemeente, van, tot_en_met))


def _stroken(
    verloop: Verloop, lijnen: Sequence[Lijn], gemeente: str | None, van: date, tot_en_met: date
) -> Iterator[Strook]:
    wisselingen = {dag for lijn in lijnen for dag in _wisselingen(lijn) if van < dag <= tot_en_met}
    for eerste, daarna in pairwise(sorted({van, *wisselingen, tot_en_met + _DAG})):
        plekken = _plekken_op(lijnen, gemeente, eerste)
        for strook_van, strook_tot, bezet in verloop.stappen(eerste, daarna - _DAG):
            yield Strook(strook_van, strook_tot, bezet, plekken)


def _wisselingen(lijn: Lijn) -> Iterator[date]:
    """Days on which the places of a line, or what it covers, may change."""
    yield from (versie.vanaf for versie in lijn.regel.versies)
    if lijn.tot_en_met < date.max:
        yield lijn.tot_en_met + _DAG


def _plekken_op(lijnen: Sequence[Lijn], gemeente: str | None, dag: date) -> Plekken | None:
    for lijn in lijnen:
        versie = lijn.regel.versie_op(dag)
        if versie is not None and dag <= lijn.tot_en_met and (gemeente is None or lijn.dekt(gemeente, dag)):
            return versie.plekken
    return None
