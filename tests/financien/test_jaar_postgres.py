"""Schema versions, indexation, proposals, year-ends and accountability on PostgreSQL: the same claims as on SQLite."""

from __future__ import annotations

import inspect

import pytest

from tests.financien import (
    test_betaalschema_versies,
    test_indexatie,
    test_jaareinde_dienst,
    test_verantwoording_dienst,
    test_voorstel,
)
from tests.financien.test_grootboek_postgres import financien, schema
from tests.financien.test_migratie_van_termijnen import keur

pytestmark = pytest.mark.distributed
__all__ = ["financien", "schema"]

MODULES = (
    *(test_betaalschema_versies, test_indexatie, test_jaareinde_dienst),
    *(test_verantwoording_dienst, test_voorstel),
)
for module in MODULES:
    for name, claim in list(vars(module).items()):
        if name.startswith("test_") and "financien" in inspect.signature(claim).parameters:
            globals()[f"{name}__{module.__name__.rpartition('.')[2]}"] = claim


def test_terms_of_before_get_their_first_version(postgres_url: str, schema: str) -> None:
    keur(postgres_url, schema)
