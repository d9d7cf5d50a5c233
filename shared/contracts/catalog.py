"""Every event type there is; its JSON Schema is generated, committed in docs/events and compared in the tests."""

from __future__ import annotations

from inspect import cleandoc

import msgspec

from shared.contracts import backoffice, contractmanagement, financien, toegang
from shared.contracts.envelope import Contract

EVENTS: tuple[type[Contract], ...] = (
    contractmanagement.SubsegmentVastgesteld,
    contractmanagement.OvereenkomstVastgesteld,
    contractmanagement.GemeenteVastgesteld,
    contractmanagement.SignaalGewijzigd,
    toegang.IndicatieVastgesteld,
    backoffice.ToewijzingGewijzigd,
    backoffice.LeveringGewijzigd,
    financien.BetaalschemaGewijzigd,
    financien.BetaalschemaGepubliceerd,
    financien.PrognoseGewijzigd,
    financien.BijstellingGewijzigd,
    financien.AfrekeningGewijzigd,
    financien.BetalingGewijzigd,
)


def schemas() -> dict[str, dict[str, object]]:
    """Type → JSON Schema of its data."""
    made: dict[str, dict[str, object]] = {}
    for event in EVENTS:
        _, parts = msgspec.json.schema_components([event])
        for part in parts.values():
            part["description"] = cleandoc(part["description"])
        own = parts.pop(event.__name__)
        others = {"$defs": parts} if parts else {}
        made[event.TYPE] = {"$schema": "https://json-schema.org/draft/2020-12/schema", **others, **own}
    return made
