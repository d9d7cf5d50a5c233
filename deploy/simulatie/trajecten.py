"""What happens to one client: wait, start, pause, stop, an extension in between, or a provider that never starts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from deploy.simulatie.briefwisseling import Briefwisseling, Stijl
from deploy.simulatie.wereld import Traject, Wijziging, Zorgperiode

DAG = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cel:
    """Where care can be had: a provider's sub-segment for one gemeente."""

    aanbieder: str
    gemeente: str
    subsegment: str
    wet: str
    doorlooptijd: int
    stijl: Stijl


@dataclass(frozen=True, slots=True)
class Aanleiding:
    """Who needs care from when; through which day we know what happened."""

    nummer: int
    persoon: int
    cel: Cel
    besluit: date
    tot: date


def geweigerd(random: Random, zaak: Aanleiding) -> Traject:
    """The provider refuses: nothing starts, and when there is time the decision is taken back."""
    terug = zaak.besluit + random.randint(14, 45) * DAG
    wijzigingen = (Wijziging(terug, ingetrokken=True),) if terug <= zaak.tot else ()
    return _traject(zaak, zaak.besluit, None, wijzigingen=wijzigingen)


def geholpen(random: Random, zaak: Aanleiding) -> Traject:
    """Care starts, if there is time for it, and goes its way."""
    cel = zaak.cel
    ingang = zaak.besluit - random.choice([0, 0, 0, 2, 9]) * DAG
    start = zaak.besluit + random.randint(*cel.stijl.wachtdagen) * DAG
    duur = max(5, round(random.gammavariate(2.2, cel.doorlooptijd / 2.2)))
    einde_zorg = start + duur * DAG
    einddatum = _einddatum(random, ingang, start, cel.doorlooptijd)
    wijziging = _wijziging(random, zaak, start, einde_zorg, einddatum)
    grens = wijziging.einddatum if wijziging else einddatum
    vergeten = False
    if grens is not None and einde_zorg >= grens:
        einde_zorg, vergeten = grens, random.random() < cel.stijl.vergeet
    perioden = _perioden(random, start, einde_zorg, zaak.tot)
    if vergeten and perioden and perioden[-1].eind == einde_zorg:
        perioden = (*perioden[:-1], Zorgperiode(perioden[-1].begin, None))
    else:
        vergeten = False
    post = Briefwisseling(random, cel.stijl, ingang, zaak.tot).over(perioden, vergeten) if perioden else ()
    wijzigingen = (wijziging,) if wijziging else ()
    return _traject(zaak, ingang, einddatum, perioden=perioden, wijzigingen=wijzigingen, post=post)


def _traject(zaak: Aanleiding, ingang: date, einddatum: date | None, **rest: object) -> Traject:
    cel = zaak.cel
    wie = (zaak.nummer, zaak.persoon, cel.wet, cel.gemeente, cel.aanbieder, cel.subsegment)
    return Traject(*wie, zaak.besluit, ingang, einddatum, **rest)  # type: ignore[arg-type]  # the fields by name


def _einddatum(random: Random, ingang: date, start: date, doorlooptijd: int) -> date | None:
    if random.random() < 0.15:
        return None
    return max(ingang + round(doorlooptijd * random.choice([1, 1.3, 1.6, 2])) * DAG, start + 10 * DAG)


def _wijziging(
    random: Random, zaak: Aanleiding, start: date, einde_zorg: date, einddatum: date | None
) -> Wijziging | None:
    """An extension while care is needed longer, or now and then an earlier end."""
    if einddatum is None:
        return None
    dag = max(einddatum - random.randint(5, 30) * DAG, zaak.besluit + DAG)
    if einde_zorg > einddatum and random.random() < 0.6:
        return Wijziging(dag, einddatum + random.choice([30, 90, 180]) * DAG) if dag <= zaak.tot else None
    eerder = einddatum - random.randint(10, 40) * DAG
    if eerder > start and random.random() < 0.05 and dag <= zaak.tot:
        return Wijziging(dag, eerder)
    return None


def _perioden(random: Random, start: date, einde: date, tot: date) -> tuple[Zorgperiode, ...]:
    """Care from `start` through `einde`, with a pause now and then; nothing of it after `tot`."""
    perioden: list[Zorgperiode] = []
    begin = start
    while begin <= min(einde, tot):
        pauze = begin + random.randint(10, 120) * DAG
        if random.random() > 0.15 or pauze + 3 * DAG >= min(einde, tot):
            perioden.append(Zorgperiode(begin, einde if einde <= tot else None))
            break
        if random.random() < 0.2:
            # It was to be a pause, and then it turned out to be the end.
            perioden.append(Zorgperiode(begin, pauze, True, min(pauze + random.randint(1, 40) * DAG, einde, tot)))
            break
        perioden.append(Zorgperiode(begin, pauze, True))
        begin = pauze + random.randint(1, 40) * DAG
    return tuple(perioden)
