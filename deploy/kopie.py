"""Backup and restore of the embedded mode: a consistent copy of every database, taken while the product runs."""

from __future__ import annotations

import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from deploy.all_in_one import PARTS, database_file
from shared.database.sqlite import connect
from shared.runtime.settings import Settings


class KopieError(Exception):
    """The copy can't be made or put back; the text says why and what to do."""


def backup(settings: Settings, bestand: Path) -> int:
    """Copy all databases into a new archive; the number of databases. The copies show one moment: all four are closed
    to writers for the instant in which their snapshots are taken, so no event is between two of them unseen."""
    if bestand.exists():
        raise KopieError(f"{bestand} bestaat al. Kies een nieuwe naam; een kopie wordt nooit overschreven.")
    present = [part.name for part in PARTS if database_file(settings, part.name).exists()]
    if not present:
        raise KopieError(f"In {settings.data_dir} staan nog geen gegevens.")
    half = bestand.with_name(f"{bestand.name}.half")
    with (
        tempfile.TemporaryDirectory(dir=bestand.absolute().parent) as folder,
        snapshots([database_file(settings, name) for name in present]) as sources,
        tarfile.open(half, "w:gz") as archive,
    ):
        for name, source in zip(present, sources, strict=True):
            copy = Path(folder) / f"{name}.sqlite"
            with closing(sqlite3.connect(copy)) as target:
                source.backup(target)
            archive.add(copy, arcname=copy.name)
    half.rename(bestand)
    return len(present)


@contextmanager
def snapshots(paths: list[Path]) -> Iterator[list[sqlite3.Connection]]:
    """Reading connections that all show the same moment."""
    with ExitStack() as stack:
        writers = [stack.enter_context(closing(connect(path))) for path in paths]
        for writer in writers:
            writer.execute("BEGIN IMMEDIATE")
        readers = [stack.enter_context(closing(connect(path))) for path in paths]
        for reader in readers:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
        for writer in writers:
            writer.execute("ROLLBACK")
        yield readers


def herstel(settings: Settings, bestand: Path) -> int:
    """Put a copy back where no data is; the number of databases."""
    names = {f"{part.name}.sqlite" for part in PARTS}
    there = [part.name for part in PARTS if database_file(settings, part.name).exists()]
    if there:
        raise KopieError(f"In {settings.data_dir} staan al gegevens. Kies een lege DATA_DIR of verplaats ze eerst.")
    try:
        with tarfile.open(bestand, "r:gz") as archive:
            members = archive.getmembers()
            if not members or {member.name for member in members} - names:
                raise KopieError(f"{bestand} is geen kopie van Plekregie.")
            settings.data_dir.mkdir(parents=True, exist_ok=True)
            archive.extractall(settings.data_dir, members=members, filter="data")
    except (OSError, tarfile.TarError) as error:
        raise KopieError(f"{bestand} is niet te lezen: {error}") from error
    return len(members)
