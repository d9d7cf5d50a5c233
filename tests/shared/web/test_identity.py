"""Who may do what: without a good token nobody, with one only what its role and organisation may."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from shared.web.identity import ALGORITHM, GEMEENTE_ROLES, ISSUER, Issuer, Rol
from shared.web.problem import Problem
from tests.shared.conftest import Logs
from tests.shared.region import INDICATIE, Region, keys
from tests.shared.things import HandClock
from tests.shared.web.test_problem import problem
from tests.shared.web.thing_app import ThingApp

KEY = OKPKey.import_key(json.loads((keys() / "uitgever.json").read_text()))


def signed(key: Any = KEY, alg: str = ALGORITHM, typ: str = "at+jwt", **claims: object) -> str:
    """A token as the issuer makes them, but for what is asked."""
    now = int(HandClock().now().timestamp())
    whole = {"iss": ISSUER, "aud": ISSUER, "sub": "jansen", "exp": now + 60, "rol": "beheer", **claims}
    return jwt.encode({"alg": alg, "typ": typ}, whole, key, algorithms=[alg])


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def unsigned(alg: str) -> str:
    _, body, _ = signed().split(".")
    return f"{part({'alg': alg, 'typ': 'at+jwt'})}.{body}."


def altered() -> str:
    head, body, signature = signed(rol="aanbieder", aanbieder="42420001").split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    return f"{head}.{part({**claims, 'rol': 'beheer'})}.{signature}"


def with_public_key_as_secret() -> str:
    public = json.dumps(KEY.as_dict(private=False)).encode()
    return signed(OctKey.import_key(public), "HS256")


BAD_TOKENS = {
    "nonsense": "x",
    "three parts of nonsense": "a.b.c",
    "no algorithm": unsigned("none"),
    "no algorithm, in capitals": unsigned("None"),
    "algorithm without signature": unsigned(ALGORITHM),
    "altered": altered(),
    "another key": signed(OKPKey.generate_key("Ed25519", private=True)),
    "public key as secret": with_public_key_as_secret(),
    "another issuer": signed(iss="elders"),
    "another audience": signed(aud="elders"),
    "another type of token": signed(typ="JWT"),
    "unknown role": signed(rol="baas"),
    "no role": signed(rol=None),
    "no end": signed(exp=None),
    "expired": signed(exp=int(HandClock().now().timestamp())),
}


@pytest.mark.parametrize("kind", BAD_TOKENS)
async def test_a_bad_token_is_a_401_that_asks_for_a_good_one(app: ThingApp, logs: Logs, kind: str) -> None:
    async with app.caller(token=BAD_TOKENS[kind]) as client:
        answer = await client.get("/dingen")
    problem(answer, 401)
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert BAD_TOKENS[kind] == "x" or BAD_TOKENS[kind] not in answer.text + logs.text


@pytest.mark.parametrize("value", [None, "", "Bearer", "Bearer ", "Basic YTpi", "Token abc", "bearer\tx"])
async def test_without_a_bearer_token_every_call_is_a_401(app: ThingApp, value: str | None) -> None:
    async with app.http(headers={} if value is None else {"authorization": value}) as client:
        answer = await client.get("/dingen")
    problem(answer, 401)
    assert "www-authenticate" in answer.headers


async def test_the_good_token_beside_them_is_accepted(app: ThingApp) -> None:
    async with app.caller(token=signed()) as client:
        assert (await client.get("/dingen")).status_code == 200


async def test_a_token_ends_also_when_it_was_seen_before(app: ThingApp) -> None:
    async with app.caller(token=app.issuer.token(Rol.BEHEER, uren=1)) as client:
        assert (await client.get("/dingen")).status_code == 200
        app.clock.forward(minutes=59)
        assert (await client.get("/dingen")).status_code == 200
        app.clock.forward(minutes=1)
        assert "verlopen" in problem(await client.get("/dingen"), 401)["detail"]


@pytest.mark.parametrize("rol", [rol for rol in Rol if rol not in (Rol.BEHEER, Rol.CONSULENT)])
async def test_a_role_that_may_not_is_a_403_that_names_the_roles_that_may(app: ThingApp, rol: Rol) -> None:
    organisation = {"gemeente": "0294"} if rol in GEMEENTE_ROLES else {}
    if rol is Rol.AANBIEDER:
        organisation = {"aanbieder": "42420001"}
    async with app.caller(token=app.issuer.token(rol, **organisation)) as client:  # type: ignore[arg-type]
        found = problem(await client.get("/dingen"), 403)
    assert "beheer" in found["detail"]


@pytest.mark.parametrize("rol", sorted(GEMEENTE_ROLES))
@pytest.mark.parametrize("gemeente", [None, "", "294", "02940", "abcd"])
def test_a_role_of_a_gemeente_gets_no_token_without_one(rol: Rol, gemeente: str | None) -> None:
    with pytest.raises(ValueError, match="--gemeente"):
        Issuer(keys(), HandClock()).token(rol, gemeente=gemeente)


@pytest.mark.parametrize("aanbieder", [None, "", "4242000", "424200011"])
def test_a_provider_gets_no_token_without_its_agb(aanbieder: str | None) -> None:
    with pytest.raises(ValueError, match="--aanbieder"):
        Issuer(keys(), HandClock()).token(Rol.AANBIEDER, aanbieder=aanbieder)


def test_a_token_says_for_whom_it_speaks() -> None:
    issuer = Issuer(keys(), HandClock())
    caller = issuer.caller(issuer.token(Rol.CONSULENT, gemeente="0294", gebruiker="jansen"))
    assert (caller.gebruiker, caller.rol, caller.gemeente, caller.aanbieder) == ("jansen", "consulent", "0294", None)


def test_a_role_of_the_region_speaks_for_no_gemeente_whatever_is_asked() -> None:
    issuer = Issuer(keys(), HandClock())
    assert issuer.caller(issuer.token(Rol.CONTRACTMANAGER, gemeente="0294")).gemeente is None


def test_two_installations_do_not_accept_each_others_tokens(tmp_path: Path) -> None:
    other = Issuer(tmp_path / "other", HandClock())
    with pytest.raises(Problem):
        other.caller(signed())


async def test_another_gemeente_in_the_body_is_a_403_and_one_addressed_by_id_a_404(toegang: Region) -> None:
    async with toegang.consulent as own:
        made = (await own.post("/toegang/v1/indicaties", json=INDICATIE)).json()
    async with toegang.als(Rol.CONSULENT, gemeente="1955") as other:
        problem(await other.post("/toegang/v1/indicaties", json=INDICATIE), 403)
        for path in (f"indicaties/{made['id']}", f"clienten/{made['client']}"):
            problem(await other.get(f"/toegang/v1/{path}"), 404)
        change = await other.post(f"/toegang/v1/indicaties/{made['id']}/wijzigingen", json={"ingetrokken": True})
        problem(change, 404)
        found = await other.post("/toegang/v1/clienten/_zoek", json={"bsn": INDICATIE["client"]["bsn"]})
        problem(found, 404)
        assert (await other.get("/toegang/v1/indicaties")).json()["resultaten"] == []


async def test_another_organisation_in_a_filter_is_a_403(beide: Region) -> None:
    async with beide.aanbieder as provider, beide.backoffice as gemeente:
        problem(await provider.get("/backoffice/v1/toewijzingen?aanbieder=42420002"), 403)
        problem(await gemeente.get("/backoffice/v1/toewijzingen?gemeente=1955"), 403)
        problem(await provider.get("/backoffice/v1/berichten?richting=uit&ontvanger=42420002"), 403)
