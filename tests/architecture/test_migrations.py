"""The migrations bring a database to exactly what the models say, and run at every start."""

from pathlib import Path

import pytest

from deploy.parts import PARTS, Part
from shared.database.migrations import differences, on_database, upgrade


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_the_migrations_lead_to_the_models_and_running_them_again_changes_nothing(part: Part, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'leeg.sqlite'}"
    newest = upgrade(url, part.migrations)
    assert newest is not None
    assert upgrade(url, part.migrations) == newest
    assert on_database(url, lambda connection: differences(connection, part.metadata)) == []
