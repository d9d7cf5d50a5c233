"""When a distributed installation has come to rest: every event is sent, and taken in by each of its readers."""

import asyncio
import functools
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from deploy.all_in_one import build
from deploy.parts import NAMES
from shared.runtime.settings import load_settings
from tests.e2e.inzage import InPostgres

GEDULD = 120.0  # after trouble the relay and the readers wait for up to half a minute before they try again


@functools.cache
def lezers() -> Mapping[str, frozenset[str]]:
    """Service → the topics it reads, as the product itself says."""
    with tempfile.TemporaryDirectory() as map:
        return asyncio.run(_lezers(Path(map) / "data"))


async def _lezers(map: Path) -> Mapping[str, frozenset[str]]:
    product = build(load_settings({"PLEKREGIE_DATA_DIR": str(map)}))
    try:
        consumers = {naam: service.consumer for naam, service in product.services.items()}
        return {naam: consumer.topics if consumer else frozenset() for naam, consumer in consumers.items()}
    finally:
        await product.stop()


class Rust:
    """Looks at all outboxes and inboxes in one statement, so at one moment. What had come to rest a minute before an
    earlier look is not looked at again."""

    def __init__(self, inzage: InPostgres) -> None:
        self._inzage = inzage
        self._vanaf = dict.fromkeys(NAMES, 0)

    def wacht(self, geduld: float = GEDULD) -> None:
        """Until it has. Fails naming what is still under way."""
        einde = time.monotonic() + geduld
        while onderweg := self.onderweg():
            assert time.monotonic() < einde, f"still under way: {onderweg[:5]} of {len(onderweg)}"
            time.sleep(0.01)
        for naam in NAMES:
            vraag = f"select max(volgnummer) from {naam}.outbox where verzonden_op < now() - interval '1 minute'"
            self._vanaf[naam] = max(self._vanaf[naam], self._inzage.vraag(naam, vraag)[0][0] or 0)

    def onderweg(self) -> list[tuple[str, str, str]]:
        """(where to, topic, event) of what is not there yet."""
        delen = [
            f"(select 'kafka', o.topic, o.id from {naam}.outbox o where o.verzonden_op is null limit 100)"
            for naam in NAMES
        ]
        for lezer, topics in lezers().items():
            for topic in sorted(topics):
                delen.append(self._ongelezen(topic.partition(".")[0], lezer, topic))
        return self._inzage.vraag(NAMES[0], " union all ".join(delen))

    def _ongelezen(self, schrijver: str, lezer: str, topic: str) -> str:
        return (
            f"(select '{lezer}', o.topic, o.id from {schrijver}.outbox o"
            f" where o.topic = '{topic}' and o.volgnummer > {self._vanaf[schrijver]}"
            f" and not exists (select 1 from {lezer}.inbox i where i.gebeurtenis = o.id)"
            f" and not exists (select 1 from {lezer}.geparkeerd g where g.gebeurtenis = o.id) limit 100)"
        )
