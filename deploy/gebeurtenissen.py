"""What `plekregie gebeurtenissen` does: parked events of the services that these settings lead to."""

from __future__ import annotations

from collections.abc import Sequence

from deploy.around import CanNotRun, address, address_here, opened
from deploy.parts import NAMES, part_of
from shared.database.port import DatabaseError
from shared.outbox.parked import drive_again, parked_events
from shared.runtime.settings import Settings


def hier(settings: Settings, dienst: str | None) -> tuple[str, ...]:
    """The services to look at: the one that was asked for, else every one that has a database here. A process of a
    service apart knows its own only. Raises CanNotRun when that is none, ValueError for a name that is none."""
    if dienst is not None:
        address_here(settings, part_of(dienst).name)
        return (dienst,)
    gevonden = tuple(naam for naam in NAMES if address(settings, naam).made)
    if not gevonden:
        raise CanNotRun(f"Hier is geen installatie: {settings.data_dir} is leeg en geen instelling noemt een database.")
    return gevonden


def dekking(diensten: Sequence[str]) -> str | None:
    """What was not looked at, for who expects all services; None when that is nothing."""
    anders = [naam for naam in NAMES if naam not in diensten]
    if not anders:
        return None
    return f"Alleen van {', '.join(diensten)}; hier is geen database van {', '.join(anders)}."


async def lijst(settings: Settings, diensten: Sequence[str], *, ook_opgelost: bool = False) -> list[dict[str, str]]:
    """Parked events, oldest first, per service. Raises CanNotRun."""
    found: list[dict[str, str]] = []
    for naam in diensten:
        try:
            async with opened(settings, naam) as service:
                rows = await parked_events(service.edge, also_solved=ook_opgelost)
        except DatabaseError as error:
            raise onwillig(naam, error) from error
        found += [
            {
                "dienst": naam,
                "gebeurtenis": row.gebeurtenis,
                "topic": row.topic,
                "sleutel": row.sleutel,
                "geparkeerdOp": row.geparkeerd_op.isoformat(),
                "opgelostOp": row.opgelost_op.isoformat() if row.opgelost_op else "",
                "fout": row.fout,
            }
            for row in rows
        ]
    return found


async def herstel(settings: Settings, diensten: Sequence[str], ids: frozenset[str]) -> tuple[int, list[str]]:
    """Drive parked events again (all, or those with these ids): how many went well, and a line for each that did not.
    A running product sees the results at once: both work on the same tables. Raises CanNotRun."""
    done, failed = 0, []
    for naam in diensten:
        try:
            async with opened(settings, naam) as service:
                assert service.consumer is not None
                for row in await parked_events(service.edge):
                    if ids and row.gebeurtenis not in ids:
                        continue
                    try:
                        await drive_again(service.edge, service.consumer, row)
                        done += 1
                    except Exception as error:
                        # Whatever it fails on, it stays parked; the person at the terminal must see why.
                        failed.append(f"{naam} {row.gebeurtenis}: {type(error).__name__}: {error}")
        except DatabaseError as error:
            raise onwillig(naam, error) from error
    return done, failed


def onwillig(naam: str, error: DatabaseError) -> CanNotRun:
    """The database of a service is away or will not."""
    return CanNotRun(f"De database van {naam} werkt niet mee: {error}.")
