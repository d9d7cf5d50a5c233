"""What `plekregie gebeurtenissen` does: parked events of the embedded mode."""

from __future__ import annotations

from collections.abc import Iterator

from deploy.all_in_one import AllInOne, build
from shared.outbox.parked import drive_again, parked_events
from shared.runtime.service import Service
from shared.runtime.settings import Settings


async def lijst(settings: Settings, dienst: str | None, *, ook_opgelost: bool = False) -> list[dict[str, str]]:
    """Parked events, oldest first, per service."""
    product = build(settings)
    found: list[dict[str, str]] = []
    try:
        for service in _services(product, dienst):
            for row in await parked_events(service.edge, also_solved=ook_opgelost):
                found.append(
                    {
                        "dienst": service.name,
                        "gebeurtenis": row.gebeurtenis,
                        "topic": row.topic,
                        "sleutel": row.sleutel,
                        "geparkeerdOp": row.geparkeerd_op.isoformat(),
                        "opgelostOp": row.opgelost_op.isoformat() if row.opgelost_op else "",
                        "fout": row.fout,
                    }
                )
    finally:
        await product.stop()
    return found


async def herstel(settings: Settings, dienst: str | None, ids: frozenset[str]) -> tuple[int, list[str]]:
    """Drive parked events again (all, or those with these ids): how many went well, and a line for each that did not.
    A running product sees the results at once: both work on the same files."""
    product = build(settings)
    done, failed = 0, []
    try:
        for service in _services(product, dienst):
            assert service.consumer is not None
            for row in await parked_events(service.edge):
                if ids and row.gebeurtenis not in ids:
                    continue
                try:
                    await drive_again(service.edge, service.consumer, row)
                    done += 1
                except Exception as error:
                    # Whatever it fails on, it stays parked; the person at the terminal must see why.
                    failed.append(f"{service.name} {row.gebeurtenis}: {type(error).__name__}: {error}")
    finally:
        await product.stop()
    return done, failed


def _services(product: AllInOne, dienst: str | None) -> Iterator[Service]:
    for service in product.services.values():
        if dienst in (None, service.name):
            yield service
