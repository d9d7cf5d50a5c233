"""Every topic there is: how many partitions, and how long a record stays. Created by a command, never by itself.

The key of a record is its versioned aggregate, so all changes of one aggregate are in one partition, in order. The
number of partitions therefore never changes: with another number a key moves, and its order is lost. It bounds how
many workers of a service can share the work; twelve divides over two, three, four and six.

Every event carries the whole state of its aggregate, so the last record of a key is kept for good (compaction): that
is what a read side is rebuilt from. Older ones stay for a week at least, for a reader that is behind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from shared.contracts import backoffice, contractmanagement, financien, toegang
from shared.contracts.envelope import Contract

FEW = 3  # grows with the number of contracts
MANY = 12  # grows with the number of residents or contract lines
HISTORY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Topic:
    """`config`: settings of the broker, as the texts that it takes and gives."""

    name: str
    partitions: int
    config: Mapping[str, str]


def state(contract: type[Contract], partitions: int) -> Topic:
    """The topic of an event that carries the state of its aggregate."""
    config = {
        "cleanup.policy": "compact",
        "min.compaction.lag.ms": str(HISTORY // timedelta(milliseconds=1)),
        # As the relay sends it: another codec here would ask one of every reader.
        "compression.type": "producer",
    }
    return Topic(contract.TOPIC, partitions, config)


TOPICS: tuple[Topic, ...] = (
    state(contractmanagement.SubsegmentVastgesteld, FEW),
    state(contractmanagement.OvereenkomstVastgesteld, FEW),
    state(contractmanagement.GemeenteVastgesteld, FEW),
    state(contractmanagement.SignaalGewijzigd, MANY),
    state(toegang.IndicatieVastgesteld, MANY),
    state(backoffice.ToewijzingGewijzigd, MANY),
    state(backoffice.LeveringGewijzigd, MANY),
    state(financien.BetaalschemaGewijzigd, MANY),
    state(financien.BetaalschemaGepubliceerd, MANY),
    state(financien.PrognoseGewijzigd, MANY),
    state(financien.BijstellingGewijzigd, MANY),
    state(financien.AfrekeningGewijzigd, MANY),
    state(financien.BetalingGewijzigd, MANY),
)
