"""Events to carry and to take in: leveringen over the lines of the region, as backoffice would tell them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

from shared.bus.port import Record
from shared.contracts.backoffice import LeveringGewijzigd, Leveringsperiode
from shared.contracts.contractmanagement import (
    Aanbieder,
    Contractregel,
    Instellingen,
    OvereenkomstVastgesteld,
    Regelversie,
)
from shared.contracts.envelope import Contract, pack
from tests.bench.region import AANBIEDERS, PLACES, contract, lijnen

SOURCE = "urn:nld:oin:00000001234567890000:systeem:plekregie-bench"


@dataclass(frozen=True, slots=True)
class Event:
    """An event with the id that its envelope carries."""

    id: str
    record: Record


def leveringen(number: int, vandaag: date, *, mark: str) -> Iterator[Event]:
    """So many leveringen that nobody knows yet, each running, spread over all lines; the same for the same `mark`."""
    random, alle = Random(mark), lijnen()
    cellen = [cel for aanbieder in AANBIEDERS for cel in alle[aanbieder]]
    for index in range(number):
        cel = random.choice(cellen)
        start = vandaag - timedelta(days=random.randrange(5, 200))
        yield event(
            LeveringGewijzigd(
                levering=f"{mark}-levering-{index:07d}",
                versie=1,
                toewijzing_nummer=str(1 + index),
                client=f"{mark}-client-{index:07d}",
                wet="jeugdwet",
                gemeente=cel.gemeente,
                aanbieder=cel.aanbieder,
                subsegment=cel.subsegment,
                ingangsdatum=start,
                einddatum_toewijzing=contract(vandaag)[1],
                perioden=[Leveringsperiode(begindatum=start)],
            ),
            f"{mark}-{index:07d}",
        )


def overeenkomsten(vandaag: date) -> Iterator[Event]:
    """The contracts of the region."""
    begin, einde = contract(vandaag)
    versies = [Regelversie(vanaf=begin, plekken=str(PLACES), prijs_per_plek="38500.00")]
    for aanbieder, cellen in lijnen().items():
        yield event(
            OvereenkomstVastgesteld(
                overeenkomst=f"overeenkomst-{aanbieder}",
                versie=1,
                aanbieder=Aanbieder(agb_code=aanbieder, naam=f"Aanbieder {aanbieder}"),
                begindatum=begin,
                einddatum=einde,
                instellingen=Instellingen(),
                regels=[Contractregel(gemeente=c.gemeente, subsegment=c.subsegment, versies=versies) for c in cellen],
            ),
            f"overeenkomst-{aanbieder}-1",
        )


def event(told: Contract, identity: str) -> Event:
    """As the outbox holds it."""
    value = pack(told, id=identity, source=SOURCE, time=datetime.now(UTC), cause=None)
    return Event(identity, Record(told.TOPIC, told.aggregate(), value))
