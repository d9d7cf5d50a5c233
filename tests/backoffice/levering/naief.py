"""The faults once more, straight from their definition: every delivery against every other, no shortcuts."""

from collections.abc import Collection, Iterator

from services.backoffice.levering.feiten import Aanlevering, Sleutel, Startsleutel, Stopsleutel


def naieve_fouten(verzameling: Collection[Aanlevering]) -> set[tuple[str, int, str]]:
    return {(x.bericht, x.index, code) for x in verzameling for code in _codes(x, verzameling)}


def _saldo(sleutel: Sleutel, verzameling: Collection[Aanlevering]) -> int:
    erbij = sum(1 for x in verzameling if x.sleutel == sleutel and x.status == 1)
    eraf = sum(1 for x in verzameling if x.sleutel == sleutel and x.status == 3)
    return erbij - eraf


def _codes(x: Aanlevering, verzameling: Collection[Aanlevering]) -> Iterator[str]:
    saldo = _saldo(x.sleutel, verzameling)
    aanwezig = {y.sleutel for y in verzameling if _saldo(y.sleutel, verzameling) > 0}
    if x.status == 3:
        if saldo < 0:
            yield "9063"
        if isinstance(x.sleutel, Startsleutel) and saldo <= 0 and _stops_op(x.sleutel, aanwezig):
            yield "9071"
        return
    if saldo <= 0:
        return
    if saldo > 1:
        yield "9074"
    if isinstance(x.sleutel, Startsleutel):
        for ander in aanwezig - {x.sleutel}:
            if isinstance(ander, Startsleutel) and _botst(x.sleutel, ander, aanwezig):
                yield "9326"
        return
    if Startsleutel(x.sleutel.product, x.sleutel.begindatum) not in aanwezig:
        yield "9069"
    for stop in _stops_op(x.sleutel, aanwezig - {x.sleutel}):
        yield from _samen(x.sleutel, stop)


def _stops_op(bij: Sleutel, aanwezig: set[Sleutel]) -> list[Stopsleutel]:
    return [
        y
        for y in aanwezig
        if isinstance(y, Stopsleutel) and y.product == bij.product and y.begindatum == bij.begindatum
    ]


def _botst(een: Startsleutel, ander: Startsleutel, aanwezig: set[Sleutel]) -> bool:
    een_open, ander_open = (not _stops_op(start, aanwezig) for start in (een, ander))
    if een.begindatum == ander.begindatum:
        return een_open and ander_open
    return een_open if een.begindatum < ander.begindatum else ander_open


def _samen(een: Stopsleutel, ander: Stopsleutel) -> Iterator[str]:
    if een.reden == "20" and ander.reden == "20":
        yield "9413"
    elif een.reden != "20" and ander.reden != "20":
        yield "9415"
    else:
        tijdelijk, definitief = (een, ander) if een.reden == "20" else (ander, een)
        if definitief.einddatum < tijdelijk.einddatum:
            yield "9414"
