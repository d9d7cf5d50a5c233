"""Events as they were recorded and as a raw consumer of Kafka finds them: what there is, and in which order."""

# mypy: allow-untyped-calls
# aiokafka annotates only a part of its functions.

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.parts import NAMES
from shared.bus.topics import TOPICS
from shared.contracts.catalog import EVENTS
from shared.contracts.envelope import unpack
from tests.e2e.opstelling import Doelwit

CONTRACTEN = {event.TYPE: event for event in EVENTS}
GEDULD = 60.0


class Gebeurtenis(NamedTuple):
    """One record: the version is that of its aggregate, the key. `partitie` is -1 in an outbox."""

    topic: str
    sleutel: str
    id: str
    versie: int
    partitie: int = -1


def gelezen(topic: str, sleutel: str, inhoud: bytes, partitie: int = -1) -> Gebeurtenis:
    envelope = unpack(inhoud)
    versie = CONTRACTEN[envelope.type].read(envelope.data).version()
    return Gebeurtenis(topic, sleutel, envelope.id, versie, partitie)


def vastgelegd(product: Doelwit) -> list[Gebeurtenis]:
    """Every outbox, in the order of recording."""
    vraag = "select topic, sleutel, inhoud from outbox order by volgnummer"
    return [gelezen(*rij) for dienst in NAMES for rij in product.vraag(dienst, vraag)]


def op_kafka(bootstrap: str) -> list[Gebeurtenis]:
    """Everything on our topics, per partition in order, repetitions included. No group, no offsets, none of our code
    that reads."""
    return asyncio.run(asyncio.wait_for(_op_kafka(bootstrap), GEDULD))


async def _op_kafka(bootstrap: str) -> list[Gebeurtenis]:
    partities = [TopicPartition(topic.name, nummer) for topic in TOPICS for nummer in range(topic.partitions)]
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    gevonden: list[Gebeurtenis] = []
    await consumer.start()
    try:
        consumer.assign(partities)
        await consumer.seek_to_beginning()
        einde = await consumer.end_offsets(partities)
        while any([await consumer.position(partitie) < einde[partitie] for partitie in partities]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                gevonden += [gelezen(r.topic, (r.key or b"").decode(), r.value or b"", r.partition) for r in records]
    finally:
        await consumer.stop()
    return gevonden


def buiten_volgorde(gebeurtenissen: Sequence[Gebeurtenis]) -> list[tuple[Gebeurtenis, Gebeurtenis]]:
    """Neighbours of one key that are out of order: a lower or equal version for the first time behind a higher one, or
    in another partition. A repetition of what came before is none."""
    fout: list[tuple[Gebeurtenis, Gebeurtenis]] = []
    laatste: dict[tuple[str, str], Gebeurtenis] = {}
    gezien: set[str] = set()
    for item in gebeurtenissen:
        if item.id in gezien:
            continue
        gezien.add(item.id)
        vorige = laatste.get((item.topic, item.sleutel))
        if vorige is not None and (item.versie <= vorige.versie or item.partitie != vorige.partitie):
            fout.append((vorige, item))
        laatste[item.topic, item.sleutel] = item
    return fout
