"""What PostgreSQL can't store is refused at the door on every engine, with the field, the rule and the way out."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.refusal import FieldFault
from shared.web.identity import MOST_USER, Issuer, Rol
from shared.web.storable import LARGEST, MOST_FAULTS, faults_of, may_hold_nul, suspect
from tests.shared.region import keys
from tests.shared.things import THING, HandClock, rows
from tests.shared.web.test_problem import problem
from tests.shared.web.thing_app import ThingApp

JSON = {"content-type": "application/json"}
KEY = "een sleutel\x00"
WRONG: list[tuple[dict[str, Any], str, str, str]] = [
    ({"naam": "a\x00b"}, "naam", "string_nul", "Haal dat teken weg"),
    ({"naam": "\ud800"}, "naam", "string_unicode", "hele teken"),
    ({"naam": "a", "aantal": 2**63}, "aantal", "int_parsing_size", "hoogstens 18 cijfers"),
    ({"naam": "a", "aantal": -(2**63) - 1}, "aantal", "int_parsing_size", "hoogstens 18 cijfers"),
    ({"naam": "a", "delen": [{"code": "54Z01"}, {"code": "\x00"}]}, "delen[1].code", "string_nul", "Haal"),
    ({"naam": "a", "sleutel": {"\x00": "1"}}, "sleutel.(onbekend veld)", "string_nul", "Haal"),
    ({"naam": "a", "onbekend": [[{"x": "\x00"}]]}, "onbekend[0][0].x", "string_nul", "Haal"),
]


@pytest.mark.parametrize(("body", "field", "rule", "text"), WRONG)
async def test_a_body_is_refused_with_field_rule_and_way_out(
    app: ThingApp, beheer: httpx.AsyncClient, body: object, field: str, rule: str, text: str
) -> None:
    answer = await beheer.post("/dingen", content=json.dumps(body).encode(), headers=JSON)
    found = problem(answer, 400)
    (fault,) = found["fouten"]
    assert (fault["veld"], fault["regel"]) == (field, rule)
    assert text in fault["melding"]
    assert field in found["detail"]
    assert await rows(app.database, THING) == []


async def test_half_a_pair_in_the_bytes_themselves_is_refused_too(beheer: httpx.AsyncClient) -> None:
    answer = await beheer.post("/dingen", content=b'{"naam": "\xed\xa0\x80"}', headers=JSON)
    assert [fault["regel"] for fault in problem(answer, 400)["fouten"]] == ["string_unicode"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32-be"])
async def test_json_in_another_encoding_is_no_way_around(beheer: httpx.AsyncClient, encoding: str) -> None:
    answer = await beheer.post("/dingen", content='{"naam": "a\\u0000"}'.encode(encoding), headers=JSON)
    assert [fault["veld"] for fault in problem(answer, 400)["fouten"]] == ["inhoud"]


@pytest.mark.parametrize(
    "kind", ["application/json", "Application/JSON; charset=utf-8", "application/x+json", "application/a/json"]
)
async def test_a_kind_of_json_is_no_way_around_either(app: ThingApp, beheer: httpx.AsyncClient, kind: str) -> None:
    answer = await beheer.post("/dingen", content=b'{"naam": "\\u0000"}', headers={"content-type": kind})
    assert answer.status_code in (400, 415)
    assert await rows(app.database, THING) == []


@pytest.mark.parametrize("naam", ["\\u0000", "é\U0001f600", "\ud83d\ude00", "\ufffe", "\x7f", "1" * 12])
async def test_what_only_looks_like_it_is_taken(beheer: httpx.AsyncClient, naam: str) -> None:
    answer = await beheer.post("/dingen", content=json.dumps({"naam": naam}).encode(), headers=JSON)
    assert answer.status_code == 201


async def test_a_body_full_of_them_names_the_first_ones(beheer: httpx.AsyncClient) -> None:
    body = {"naam": "a", "dagen": ["\x00"] * 10_000}
    faults = problem(await beheer.post("/dingen", json=body), 400)["fouten"]
    assert [fault["veld"] for fault in faults] == [f"dagen[{number}]" for number in range(MOST_FAULTS)]


async def test_deep_nesting_is_no_way_out(beheer: httpx.AsyncClient) -> None:
    body = b'{"naam": "a", "delen": ' + b"[" * 800 + b'"\\u0000"' + b"]" * 800 + b"}"
    problem(await beheer.post("/dingen", content=body, headers=JSON), 400)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("na=%00", "na"),
        ("op=2026-01-01%00", "op"),
        ("na=x&na=%00&na=y", "na"),
        ("onbekend=a%00b", "onbekend"),
        ("a%00b=1", "(onbekend veld)"),
        ("na=" + "9" * 501, "na"),
        ("aantal=" + "9" * 30, "aantal"),
        ("aantal=" + "9" * 5000, "aantal"),
    ],
)
async def test_a_query_is_refused_with_its_field(beheer: httpx.AsyncClient, query: str, field: str) -> None:
    assert [fault["veld"] for fault in problem(await beheer.get(f"/dingen?{query}"), 400)["fouten"]] == [field]


async def test_a_query_that_only_looks_like_it_is_taken(beheer: httpx.AsyncClient) -> None:
    assert (await beheer.get("/dingen?onbekend=%2500")).status_code == 200


@pytest.mark.parametrize("inside", ["a\x00", "\x00"])
async def test_a_bookmark_that_holds_one_is_no_bookmark_of_ours(beheer: httpx.AsyncClient, inside: str) -> None:
    na = base64.urlsafe_b64encode(json.dumps([inside]).encode()).decode()
    assert "bladwijzer" in problem(await beheer.get("/dingen", params={"na": na}), 400)["title"]


async def test_nothing_has_an_address_that_holds_one(beheer: httpx.AsyncClient) -> None:
    assert "%00" in problem(await beheer.get("/weigeringen/%00"), 404)["detail"]


@pytest.mark.parametrize("key", ["a\x00b", "a\tb", "\x7f"])
async def test_a_key_is_readable_text(app: ThingApp, beheer: httpx.AsyncClient, key: str) -> None:
    answer = await beheer.post("/dingen", json={"naam": "a"}, headers={"idempotency-key": key})
    assert "Idempotency-Key" in problem(answer, 400)["detail"]
    assert await rows(app.database, THING) == []


@pytest.mark.parametrize("name", ["", "a\x00", "a\n", "\ud800", "x" * (MOST_USER + 1)])
def test_nobody_is_called_what_can_not_be_stored(name: str) -> None:
    with pytest.raises(ValueError, match=str(MOST_USER)):
        Issuer(keys(), HandClock()).token(Rol.BEHEER, gebruiker=name)


def test_the_longest_name_is_a_user() -> None:
    issuer = Issuer(keys(), HandClock())
    assert issuer.caller(issuer.token(Rol.BEHEER, gebruiker="é" * MOST_USER)).gebruiker == "é" * MOST_USER


TEXT = st.one_of(
    st.text(max_size=6), st.sampled_from(["\x00", "a\x00", "\\u0000", "\ud800", "\udfff\ud800", "\ud83d\ude00", "\\"])
)
NUMBER = st.one_of(st.integers(), st.sampled_from([LARGEST, LARGEST + 1, -LARGEST - 1, -LARGEST - 2, 10**400]))
VALUE = st.recursive(
    st.one_of(TEXT, NUMBER, st.none(), st.booleans(), st.floats()),
    lambda inside: st.one_of(st.lists(inside, max_size=4), st.dictionaries(TEXT, inside, max_size=4)),
    max_leaves=8,
)


@given(VALUE, st.booleans())
def test_the_look_at_the_bytes_misses_nothing_that_the_walk_would_find(value: object, escaped: bool) -> None:
    sent = json.dumps(value, ensure_ascii=escaped).encode("utf-8", "surrogatepass")
    if list(faults_of(json.loads(sent))):
        assert suspect(sent)


@given(VALUE)
def test_the_walk_finds_exactly_what_a_naive_walk_finds(value: object) -> None:
    assert bool(list(faults_of(value))) == naive(value)


def naive(value: object) -> bool:
    if isinstance(value, dict):
        return any(naive(name) or naive(inside) for name, inside in value.items())
    if isinstance(value, list):
        return any(map(naive, value))
    if isinstance(value, str):
        return any(ord(one) == 0 or 0xD800 <= ord(one) < 0xE000 for one in value)
    return isinstance(value, int) and value.bit_length() > 63 and value != -(2**63)


def test_fields_are_named_in_the_order_of_the_body() -> None:
    found = list(faults_of({"a": ["\x00", {"b": "\x00"}], "c": "\x00"}, "body"))
    assert [fault.veld for fault in found] == ["a[0]", "a[1].b", "c"]
    assert all(isinstance(fault, FieldFault) for fault in found)


@pytest.mark.parametrize(
    ("query", "holds"), [(b"a=%00", True), (b"a=\x00", True), (b"a=%2500", False), (b"", False), (b"a=0%200", False)]
)
def test_a_query_holds_a_nul_or_not(query: bytes, holds: bool) -> None:
    assert may_hold_nul(query) is holds
