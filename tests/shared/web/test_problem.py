"""Every error is a problem that names field, rule and way out, and never says again what was refused."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from shared.web.identity import Rol
from tests.shared.conftest import Logs
from tests.shared.region import BSN, INDICATIE, Region, but, of_client
from tests.shared.things import THING, rows
from tests.shared.web.thing_app import ThingApp

GOOD: dict[str, Any] = {"naam": "a"}


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The body of a problem, which every error must be."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return body


WRONG = [
    ({}, "naam", "missing", "verplicht"),
    ({**GOOD, "namen": 1}, "namen", "extra_forbidden", "bestaat hier niet"),
    ({"naam": 1}, "naam", "string_type", "tekst"),
    ({"naam": ""}, "naam", "string_too_short", "Minstens 1"),
    ({"naam": "x" * 13}, "naam", "string_too_long", "Hoogstens 12"),
    ({**GOOD, "kleur": "blauw"}, "kleur", "literal_error", "'rood' of 'wit'"),
    ({**GOOD, "aantal": -1}, "aantal", "greater_than_equal", "de grens is 0"),
    ({**GOOD, "aantal": 11}, "aantal", "less_than_equal", "de grens is 10"),
    ({**GOOD, "aantal": "veel"}, "aantal", "int_parsing", "geheel getal"),
    ({**GOOD, "aantal": 1.5}, "aantal", "int_from_float", "geheel getal"),
    ({**GOOD, "aan": "soms"}, "aan", "bool_parsing", "true of false"),
    ({**GOOD, "sindsDag": "morgen"}, "sindsDag", "date_type", "JJJJ-MM-DD"),
    ({**GOOD, "sindsDag": "2026-02-30"}, "sindsDag", "date_from_datetime_parsing", "JJJJ-MM-DD"),
    ({**GOOD, "sindsDag": "2026-01-01T00:00:00"}, "sindsDag", "date_type", "JJJJ-MM-DD"),
    ({**GOOD, "sindsDag": 0}, "sindsDag", "date_type", "JJJJ-MM-DD"),
    ({**GOOD, "sindsDag": "86400"}, "sindsDag", "date_type", "JJJJ-MM-DD"),
    ({**GOOD, "dagen": ["2026-01-01", 86400]}, "dagen", "date_type", "JJJJ-MM-DD"),
    ({**GOOD, "dagen": "2026-01-01"}, "dagen", "list_type", "lijst"),
    ({**GOOD, "prijs": "12,50"}, "prijs", "string_pattern_mismatch", "vorm"),
    ({**GOOD, "prijs": 12.5}, "prijs", "string_type", "tekst"),
    ({**GOOD, "plekken": "1.234"}, "plekken", "string_pattern_mismatch", "vorm"),
    ({**GOOD, "gemeente": "294"}, "gemeente", "string_pattern_mismatch", "vorm"),
    ({**GOOD, "aanbieder": "4242000a"}, "aanbieder", "string_pattern_mismatch", "vorm"),
    ({**GOOD, "delen": [{"code": "54Z01"}, {"code": "x"}]}, "delen[1].code", "string_pattern_mismatch", "vorm"),
    ({**GOOD, "delen": [{"code": "54Z01"}] * 3}, "delen", "too_long", "Hoogstens 2"),
    ({**GOOD, "delen": [7]}, "delen[0]", "model_attributes_type", "object"),
    ({**GOOD, "sleutel": {"0294": "veel"}}, "sleutel.0294", "string_pattern_mismatch", "vorm"),
    ([], "inhoud", "model_attributes_type", "object"),
    ("tekst", "inhoud", "model_attributes_type", "object"),
]


@pytest.mark.parametrize(("body", "field", "rule", "text"), WRONG)
async def test_wrong_input_is_a_400_that_names_field_and_rule_and_says_what_to_do(
    app: ThingApp, beheer: httpx.AsyncClient, body: object, field: str, rule: str, text: str
) -> None:
    (fault,) = problem(await beheer.post("/dingen", json=body), 400)["fouten"]
    assert (fault["veld"], fault["regel"]) == (field, rule)
    assert text in fault["melding"]
    assert await rows(app.database, THING) == []


async def test_all_faults_are_named_at_once(beheer: httpx.AsyncClient) -> None:
    answer = await beheer.post("/dingen", json={"kleur": "x", "aantal": -1})
    found = problem(answer, 400)
    assert [fault["veld"] for fault in found["fouten"]] == ["naam", "kleur", "aantal"]
    assert found["detail"] == "Controleer: naam, kleur, aantal."


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b"{'naam': 1}",
        b"\xff\xfe{}",
        b'{"naam": "\xff"}',
        b"[" * 100_000,
        b'{"aantal": ' + b"9" * 5000 + b"}",
    ],
)
async def test_what_is_no_json_is_a_400_that_says_so(beheer: httpx.AsyncClient, body: bytes) -> None:
    answer = await beheer.post("/dingen", content=body, headers={"content-type": "application/json"})
    (fault,) = problem(answer, 400)["fouten"]
    assert fault["veld"] == "inhoud"


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/x-www-form-urlencoded", ""])
async def test_json_under_another_content_type_is_a_415(beheer: httpx.AsyncClient, kind: str) -> None:
    answer = await beheer.post("/dingen", content=b'{"naam": "a"}', headers={"content-type": kind} if kind else {})
    assert "application/json" in problem(answer, 415)["detail"]


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "application/merge-patch+json"])
async def test_kinds_of_json_are_json(beheer: httpx.AsyncClient, kind: str) -> None:
    answer = await beheer.post("/dingen", content=b'{"naam": "a"}', headers={"content-type": kind})
    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("query", "field"),
    [("aantal=0", "aantal"), ("aantal=1001", "aantal"), ("aantal=x", "aantal"), ("op=86400", "op"), ("op=x", "op")],
)
async def test_a_wrong_query_is_a_400_with_its_field(beheer: httpx.AsyncClient, query: str, field: str) -> None:
    assert [f["veld"] for f in problem(await beheer.get(f"/dingen?{query}"), 400)["fouten"]] == [field]


BSN_ASTRAY = [
    but(INDICATIE, gemeente=BSN),
    but(INDICATIE, subsegment=BSN),
    but(INDICATIE, aanbieder=BSN),
    but(INDICATIE, wet=BSN),
    but(INDICATIE, ingangsdatum=BSN),
    but(INDICATIE, ingangsdatum=int(BSN)),
    but(INDICATIE, einddatum=BSN),
    but(INDICATIE, evaluatiemomenten=[BSN]),
    but(INDICATIE, resultaatafspraken=BSN),
    but(INDICATIE, client=BSN),
    but(INDICATIE, extra=BSN),
    but(INDICATIE, **{BSN: 1}),
    but(INDICATIE, **{f"bsn{BSN}": 1}),
    of_client(bsn=f"{BSN}0"),
    of_client(bsn=int(BSN)),
    of_client(bsn=f" {BSN[:3]} {BSN[3:]}", voorletters=BSN),
    of_client(geslacht=BSN),
    of_client(geboortedatum=BSN),
    of_client(contact=[{"soort": BSN}]),
    of_client(contact=[{"soort": "01", "huisnummer": BSN, "telefoon": BSN}]),
    of_client(contact=[{"soort": "01", "postcode": BSN}]),
    of_client(contact=BSN),
    BSN,
    [BSN],
    {BSN: BSN},
]


@pytest.mark.parametrize("body", BSN_ASTRAY)
async def test_a_bsn_in_the_wrong_place_is_refused_and_repeated_nowhere(
    toegang: Region, logs: Logs, body: object
) -> None:
    async with toegang.consulent as client:
        answer = await client.post("/toegang/v1/indicaties", json=body, headers={"idempotency-key": "k"})
    assert problem(answer, 400)["fouten"]
    assert BSN not in answer.text + str(answer.headers) + logs.text
    assert BSN[:8] not in answer.text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"/toegang/v1/clienten/{BSN}"),
        ("GET", f"/toegang/v1/indicaties/{BSN}"),
        ("POST", f"/toegang/v1/indicaties/{BSN}/wijzigingen"),
        ("GET", f"/toegang/v1/{BSN}"),
        ("DELETE", f"/toegang/v1/clienten/{BSN}"),
        ("GET", f"/toegang/v1/indicaties?client={BSN}&na={BSN}"),
        ("GET", f"/toegang/v1/indicaties?aantal={BSN}"),
    ],
)
async def test_a_bsn_in_an_address_is_not_repeated_either(toegang: Region, logs: Logs, method: str, path: str) -> None:
    async with toegang.consulent as client:
        body = {"ingetrokken": True} if method == "POST" else None
        answer = await client.request(method, path, json=body)
    assert problem(answer, answer.status_code)
    assert answer.status_code in (400, 404, 405)
    assert BSN not in answer.text + str(answer.headers) + logs.text


async def test_a_bsn_that_fails_the_eleven_test_is_a_400_with_the_rule(toegang: Region) -> None:
    async with toegang.consulent as client:
        answer = await client.post("/toegang/v1/indicaties", json=of_client(bsn="999900007"))
    (fault,) = problem(answer, 400)["fouten"]
    assert (fault["veld"], fault["regel"]) == ("client.bsn", "CS002")
    assert "999900007" not in answer.text


@pytest.mark.parametrize("character", ["\x00", "\x01", "\n", "\t", "\ufffe"])
async def test_a_text_that_no_message_can_hold_is_refused_before_anything_is_decided(
    toegang: Region, character: str
) -> None:
    contact = {**INDICATIE["client"]["contact"][0], "straatnaam": f"Dorp{character}straat"}
    body = of_client(achternaam=f"Wi{character}t", contact=[contact])
    async with toegang.consulent as client:
        found = problem(await client.post("/toegang/v1/indicaties", json=body), 400)
    assert [fault["veld"] for fault in found["fouten"]] == ["client.achternaam", "client.contact[0].straatnaam"]


@pytest.mark.parametrize(
    ("kind", "status"), [("vergeven", 409), ("onbekend", 404), ("van-ander", 403), ("kan-niet", 400)]
)
async def test_each_refusal_has_its_status_and_its_own_type(beheer: httpx.AsyncClient, kind: str, status: int) -> None:
    found = problem(await beheer.get(f"/weigeringen/{kind}"), status)
    assert found["type"] == f"urn:plekregie:fout:ding-{kind}"
    if kind == "vergeven":
        assert found["fouten"] == [{"veld": "naam", "regel": "D-1", "melding": "Kies een andere naam."}]


@pytest.mark.parametrize("path", ["/dingen/", "/nergens", "/Dingen", "//dingen", "/dingen/1/2"])
async def test_an_address_that_is_not_there_is_a_404_and_never_a_redirect(beheer: httpx.AsyncClient, path: str) -> None:
    assert "schuine streep" in problem(await beheer.get(f"http://x{path}"), 404)["detail"]


async def test_a_method_that_is_not_there_is_a_405_with_what_can_be_done(beheer: httpx.AsyncClient) -> None:
    answer = await beheer.delete("/weigeringen/vergeven")
    problem(answer, 405)
    assert answer.headers["allow"] == "GET"


async def test_our_own_error_is_a_500_that_shows_nothing_of_the_inside(app: ThingApp, logs: Logs) -> None:
    async with app.caller() as client:
        answer = await client.get(f"/ongelukken/{BSN}")
    problem(answer, 500)
    assert "RuntimeError" not in answer.text
    assert BSN not in answer.text + logs.text
    assert "aanvraag.mislukt" in logs.text
    assert "GET /ongelukken/{wat}" in logs.text


async def test_an_answer_that_breaks_halfway_is_never_passed_off_as_whole(app: ThingApp, logs: Logs) -> None:
    transport = httpx.ASGITransport(app=app.app)
    token = app.issuer.token(Rol.BEHEER)
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        with pytest.raises(RuntimeError):
            await client.get("/ongelukken/half", headers={"authorization": f"Bearer {token}"})
    assert "aanvraag.mislukt" in logs.text


async def test_a_form_that_is_not_there_is_a_406_that_names_those_that_are(beide: Region) -> None:
    async with beide.aanbieder as client:
        xml = {"content-type": "application/xml"}
        posted = await client.post("/backoffice/v1/berichten", content=b"x", headers=xml)
        answer = await client.get(posted.headers["location"], headers={"accept": "text/html"})
    assert "application/xml" in problem(answer, 406)["detail"]
