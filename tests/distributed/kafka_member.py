"""A worker as a process, for tests that end it the hard way: writes what is delivered to a file, record by record.

python -m tests.distributed.kafka_member BOOTSTRAP GROUP INSTANCE TOPIC FILE
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence

from shared.bus.kafka import KafkaBus
from shared.bus.port import Record


async def main(bootstrap: str, group: str, instance: str, topic: str, path: str) -> None:
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    async def deliver(records: Sequence[Record]) -> None:
        for record in records:
            os.write(file, f"{record.key} {record.value.decode()}\n".encode())
            await asyncio.sleep(0.002)

    bus = KafkaBus(bootstrap, instance=instance)
    bus.subscribe(group, frozenset({topic}), deliver)
    await bus.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
