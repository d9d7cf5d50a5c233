"""The committed schemas are the contracts. They only grow: what differs here breaks a reader."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from shared.contracts import backoffice, contractmanagement, financien, toegang
from shared.contracts.catalog import EVENTS, schemas
from shared.contracts.envelope import Contract
from shared.contracts.write_schemas import FOLDER, documents, write

AGAIN = "Draai: .venv/bin/python -m shared.contracts.write_schemas, en lees het verschil na: contracten groeien alleen."
TYPES = [event.TYPE for event in EVENTS]


def test_every_event_has_its_committed_schema_and_there_are_no_others() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(documents()), AGAIN


@pytest.mark.parametrize("kind", TYPES)
def test_the_committed_schema_is_what_the_contract_says(kind: str) -> None:
    assert (FOLDER / f"{kind}.json").read_text(encoding="utf-8") == documents()[f"{kind}.json"], AGAIN


def test_every_contract_with_a_type_is_in_the_catalog() -> None:
    modules = (backoffice, contractmanagement, financien, toegang)
    found = {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Contract) and hasattr(value, "TYPE")
    }
    assert found == set(EVENTS)


def test_types_are_unique_and_topics_belong_to_one_service() -> None:
    assert len(set(TYPES)) == len(TYPES)
    assert all(re.fullmatch(r"nl\.plekregie\.[a-z]+\.[a-z]+\.v[1-9]", kind) for kind in TYPES)
    assert all(event.TOPIC.partition(".")[0] == event.__module__.rpartition(".")[2] for event in EVENTS)


@pytest.mark.parametrize("kind", TYPES)
def test_a_schema_is_a_valid_json_schema_that_lets_the_contract_grow(kind: str) -> None:
    schema = schemas()[kind]
    jsonschema.Draft202012Validator.check_schema(schema)
    assert "additionalProperties" not in schema


def keys(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        for name, part in schema.items():
            if name == "properties":
                yield from part
            yield from keys(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from keys(part)


@pytest.mark.parametrize("kind", TYPES)
def test_keys_are_camel_case_and_none_is_a_bsn_or_a_name_of_a_person(kind: str) -> None:
    found = set(keys(schemas()[kind]))
    assert all(re.fullmatch(r"[a-z][a-zA-Z]*", key) for key in found)
    assert not found & {"bsn", "achternaam", "voornamen", "voorletters", "geboortedatum", "straatnaam", "postcode"}


@pytest.mark.parametrize("event", EVENTS)
def test_a_reader_ignores_what_was_added_later(event: type[Contract]) -> None:
    assert not event.__struct_config__.forbid_unknown_fields


def test_the_generator_leaves_exactly_the_documents(tmp_path: Path) -> None:
    (tmp_path / "nl.plekregie.vroeger.verdwenen.v1.json").write_text("{}")
    write(tmp_path)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == documents()


def test_the_generator_runs_as_a_command(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "shared.contracts.write_schemas", str(tmp_path)]
    subprocess.run(command, check=True, cwd=FOLDER.parents[1])
    assert len(list(tmp_path.iterdir())) == len(EVENTS)
    assert all(json.loads(path.read_text())["type"] == "object" for path in tmp_path.iterdir())
