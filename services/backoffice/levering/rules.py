"""The levering rules: which deliveries are at fault, which messages may be accepted, which periods result.

Everything is a function of the SET of deliveries that were received and not refused, the waiting ones
included (OP080); order and moment of receipt mean nothing. A fault found here may still be cured by a message
under way: the caller lets the message wait, refuses it when its time is up (it then leaves the set) and
judges again. Refuse one message at a time: two that only contradict each other would otherwise both go.

What is accepted has been answered and can't be taken back, while what waits may still be refused: so a message is
accepted only when it is also without fault when everything that keeps waiting is thought away.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from services.backoffice.levering.feiten import (
    EERSTE,
    TR063,
    TR071,
    TR074,
    TR326,
    TR382,
    Aanlevering,
    Fout,
    Sleutel,
    Startsleutel,
    Stopsleutel,
)
from services.backoffice.levering.samenloop import botsende_starts, botsende_stops
from services.backoffice.levering.stand import Stand, stand
from shared.kernel.verloop import Leverperiode


def fouten(aanleveringen: Iterable[Aanlevering]) -> tuple[Fout, ...]:
    """All cross-message faults in the deliveries of ONE levering, sorted by message, class and retourcode."""
    verzameling = frozenset(aanleveringen)
    huidig = stand(verzameling)
    samenloop = _samenloop(huidig)
    gevonden = [
        Fout(aanlevering.bericht, aanlevering.index, retourcode)
        for aanlevering in verzameling
        for retourcode in (
            _codes_eerste(aanlevering.sleutel, huidig, samenloop)
            if aanlevering.status == EERSTE
            else _codes_verwijdering(aanlevering.sleutel, huidig)
        )
    ]
    return tuple(sorted(gevonden))


def beoordeel(leveringen: Iterable[Iterable[Aanlevering]], wachtend: AbstractSet[str]) -> dict[str, tuple[Fout, ...]]:
    """Per new or waiting message its faults in the whole set, sorted by message.

    `leveringen` holds, per levering, its whole set, for EVERY levering that a message in `wachtend` touches.
    Accepting changes no set; refusing does, so judge again after each refusal. Raises ValueError for a message that
    occurs in no levering: nothing to judge is not the same as no fault.
    """
    per_levering = [frozenset(levering) for levering in leveringen]
    bekend = {aanlevering.bericht for levering in per_levering for aanlevering in levering}
    if onbekend := sorted(wachtend - bekend):
        raise ValueError(f"no deliveries given for waiting messages: {', '.join(onbekend)}")
    oordeel: dict[str, list[Fout]] = {bericht: [] for bericht in sorted(wachtend)}
    for levering in per_levering:
        for fout in fouten(levering):
            if fout.bericht in oordeel:
                oordeel[fout.bericht].append(fout)
    return {bericht: tuple(sorted(lijst)) for bericht, lijst in oordeel.items()}


def aanvaardbaar(leveringen: Iterable[Iterable[Aanlevering]], wachtend: AbstractSet[str]) -> frozenset[str]:
    """The new or waiting messages that can be accepted now, together: none of them is at fault, nor would be if all
    others that wait were refused. `leveringen` as for `beoordeel`."""
    per_levering = [frozenset(levering) for levering in leveringen]
    kandidaten = frozenset(wachtend)
    while kandidaten:
        blijft_wachten = wachtend - kandidaten
        oordeel = beoordeel(_zonder(per_levering, blijft_wachten), kandidaten)
        zonder_fout = frozenset(bericht for bericht, fouten in oordeel.items() if not fouten)
        if zonder_fout == kandidaten:
            break
        kandidaten = zonder_fout
    return kandidaten


def bezwaren(leveringen: Iterable[Iterable[Aanlevering]], wachtend: AbstractSet[str], bericht: str) -> tuple[Fout, ...]:
    """Why a waiting message waits, or is refused when its time is up: its faults in the set, or when it has none there,
    those it has without the others that wait."""
    per_levering = [frozenset(levering) for levering in leveringen]
    fouten = beoordeel(per_levering, {bericht})[bericht]
    return fouten or beoordeel(_zonder(per_levering, wachtend - {bericht}), {bericht})[bericht]


def _zonder(leveringen: Iterable[frozenset[Aanlevering]], berichten: AbstractSet[str]) -> list[frozenset[Aanlevering]]:
    return [frozenset(a for a in levering if a.bericht not in berichten) for levering in leveringen]


def perioden(aanleveringen: Iterable[Aanlevering]) -> tuple[Leverperiode, ...]:
    """The periods of ONE levering, sorted by Begindatum: one per present start (B-5).

    The earliest present stop on a start ends its period, no stop leaves it open. Stops without a present
    start give nothing.
    """
    huidig = stand(aanleveringen)
    return tuple(_periode(start, huidig.stops.get(start, ())) for start in huidig.starts)


def _samenloop(huidig: Stand) -> dict[Sleutel, tuple[str, ...]]:
    """Retourcodes of the present keys that contradict another present key (TR326, TR413, TR414, TR415)."""
    gevonden: dict[Sleutel, tuple[str, ...]] = dict.fromkeys(botsende_starts(huidig), (TR326,))
    for stops in huidig.stops.values():
        for stop, codes in botsende_stops(stops).items():
            gevonden[stop] = codes
    return gevonden


def _codes_eerste(sleutel: Sleutel, huidig: Stand, samenloop: Mapping[Sleutel, tuple[str, ...]]) -> tuple[str, ...]:
    """Retourcodes of a first delivery (status 1); none when its key was deleted again."""
    if not huidig.aanwezig(sleutel):
        return ()
    dubbel = (TR074,) if huidig.saldo[sleutel] > 1 else ()
    los = isinstance(sleutel, Stopsleutel) and not huidig.aanwezig(sleutel.start)
    return dubbel + ((TR382,) if los else ()) + samenloop.get(sleutel, ())


def _codes_verwijdering(sleutel: Sleutel, huidig: Stand) -> tuple[str, ...]:
    """Retourcodes of a deletion (status 3): of something never delivered, or of a start that a stop leans on.

    No other rule looks at a deletion (TR063).
    """
    te_veel = (TR063,) if huidig.saldo[sleutel] < 0 else ()
    onder_een_stop = isinstance(sleutel, Startsleutel) and not huidig.aanwezig(sleutel) and not huidig.open(sleutel)
    return te_veel + ((TR071,) if onder_een_stop else ())


def _periode(start: Startsleutel, stops: Sequence[Stopsleutel]) -> Leverperiode:
    """The period of one start; on one Einddatum the definitive stop wins, a later one is `definitief`."""
    if not stops:
        return Leverperiode(begindatum=start.begindatum, einddatum=None)
    laatste_dag, tijdelijk = min((stop.einddatum, stop.tijdelijk) for stop in stops)
    definitief = min((stop.einddatum for stop in stops if not stop.tijdelijk), default=None)
    return Leverperiode(
        begindatum=start.begindatum,
        einddatum=laatste_dag,
        tijdelijk=tijdelijk,
        definitief=definitief if tijdelijk else None,
    )
