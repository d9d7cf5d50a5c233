"""Every service's document follows the NL GOV API Design Rules as far as a document can show it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from shared.bus.in_process import InProcessBus
from shared.database.sqlite import SqliteDatabase
from shared.privacy.vault import open_vault
from shared.runtime.service import Surroundings
from shared.runtime.settings import load_settings
from shared.web.app import API_VERSION
from shared.web.identity import Issuer
from tests.shared.region import keys
from tests.shared.things import HandClock, Ids

SERVICES = ("toegang", "backoffice", "financien", "contractmanagement")
DOCUMENTS: dict[str, dict[str, Any]] = {}
KEBAB = re.compile(r"(/(_?[a-z0-9]+(-[a-z0-9]+)*|\{[a-z][a-zA-Z]*\}))+")


@pytest.fixture(params=SERVICES)
async def document(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The document of each service, made once."""
    name: str = request.param
    if name not in DOCUMENTS:
        assert find_spec(f"services.{name}.app"), f"services.{name} has no app"
        folder: Path = tmp_path_factory.mktemp(name)
        database = SqliteDatabase(folder / "x.sqlite")
        issuer, clock = Issuer(keys(), HandClock()), HandClock()
        around = Surroundings(
            load_settings({}), database, InProcessBus(), clock, Ids(), issuer, open_vault(keys()), lambda: None
        )  # type: ignore[arg-type]  # nothing is called here
        DOCUMENTS[name] = import_module(f"services.{name}.app").build(around).app.openapi()
        await database.close()
    return DOCUMENTS[name]


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


async def test_it_says_who_to_turn_to_which_version_and_under_which_licence(document: dict[str, Any]) -> None:
    info = document["info"]
    assert set(info["contact"]) >= {"name", "url", "email"}
    assert info["version"] == API_VERSION
    assert re.fullmatch(r"\d+\.\d+\.\d+", info["version"])
    assert info["license"]["identifier"] == "EUPL-1.2"
    assert info["description"]
    assert document["openapi"].startswith("3.")


async def test_it_is_served_under_its_major_version_only(document: dict[str, Any]) -> None:
    (server,) = document["servers"]
    assert re.fullmatch(r"/[a-z]+/v1", server["url"])


async def test_paths_are_kebab_case_without_version_or_trailing_slash(document: dict[str, Any]) -> None:
    assert document["paths"]
    for path in document["paths"]:
        assert KEBAB.fullmatch(path), path
        assert not path.startswith("/v1")


async def test_methods_are_standard_and_operations_have_a_unique_name_a_tag_and_a_text(
    document: dict[str, Any],
) -> None:
    found = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(found) == len(set(found))
    for path, method, operation in operations(document):
        assert method in ("get", "post", "put", "patch", "delete"), path
        assert operation["tags"], path
        assert operation.get("description"), path


async def test_query_keys_and_properties_are_camel_case(document: dict[str, Any]) -> None:
    for path, _, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            assert re.fullmatch(r"[a-z][a-zA-Z0-9]*", parameter["name"]) or parameter["in"] == "header", path
    for name, schema in document["components"]["schemas"].items():
        assert re.fullmatch(r"[A-Z][a-zA-Z0-9]*", name), name
        for key in schema.get("properties", ()):
            assert re.fullmatch(r"[a-z][a-zA-Z0-9]*", key), (name, key)


async def test_a_bsn_is_never_part_of_an_address(document: dict[str, Any]) -> None:
    for path, _, operation in operations(document):
        names = {parameter["name"].lower() for parameter in operation.get("parameters", ())}
        assert not any("bsn" in name for name in names), path


async def test_every_answer_names_the_version_header(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        for status, answer in operation["responses"].items():
            assert "API-Version" in answer["headers"], (path, method, status)


async def test_every_operation_asks_for_a_token_and_tells_its_problems(document: dict[str, Any]) -> None:
    problem = document["components"]["schemas"]["Probleem"]
    assert set(problem["required"]) == {"status", "title", "detail"}
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    for path, method, operation in operations(document):
        assert operation["security"] == [{"token": []}]
        assert {"400", "401", "403", "404"} <= set(operation["responses"]), (path, method)
        for status, answer in operation["responses"].items():
            if status.startswith(("4", "5")):
                assert set(answer["content"]) == {"application/problem+json"}, (path, method, status)


async def test_nothing_of_the_frameworks_own_errors_is_left(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        answer = operation["responses"].get("422", {"content": {"application/problem+json": {}}})
        assert set(answer["content"]) == {"application/problem+json"}, (path, method)
    assert not {"HTTPValidationError", "ValidationError"} & set(document["components"]["schemas"])


def references(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "$ref":
                yield value
            yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


async def test_every_reference_leads_somewhere_and_every_schema_is_used(document: dict[str, Any]) -> None:
    wanted = {reference.removeprefix("#/components/schemas/") for reference in references(document)}
    assert wanted == set(document["components"]["schemas"])


def parts_of(schemas: dict[str, Any], schema: dict[str, Any], where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every text and number that a schema lets in, with its place."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        yield from parts_of(schemas, schemas[name], name)
    for choice in ("anyOf", "oneOf", "allOf"):
        for one in schema.get(choice, ()):
            yield from parts_of(schemas, one, where)
    for name, inside in schema.get("properties", {}).items():
        yield from parts_of(schemas, inside, f"{where}.{name}")
    for inside in (schema.get("items"), schema.get("additionalProperties"), schema.get("propertyNames")):
        if isinstance(inside, dict):
            yield from parts_of(schemas, inside, where)
    if schema.get("type") in ("string", "integer", "number"):
        yield where, schema


def bounded(schema: dict[str, Any]) -> bool:
    if schema["type"] == "string":
        return bool({"maxLength", "pattern", "enum", "const"} & schema.keys()) or schema.get("format") == "date"
    return schema["type"] == "integer" and {"minimum", "maximum"} <= schema.keys()


async def test_every_text_and_number_that_comes_in_has_a_limit(document: dict[str, Any]) -> None:
    """No index holds a text of any length, no column a number of any size. What is in a path is only looked up."""
    schemas = document["components"]["schemas"]
    for path, method, operation in operations(document):
        taken = [(p["name"], p["schema"]) for p in operation.get("parameters", ()) if p["in"] == "query"]
        body = operation.get("requestBody", {}).get("content", {}).get("application/json")
        taken += [] if body is None else [("inhoud", body["schema"])]
        for name, schema in taken:
            for where, part in parts_of(schemas, schema, name):
                assert bounded(part), f"{method.upper()} {path}: {where} {part}"
