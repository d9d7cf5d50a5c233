"""The session: who is let in, and which forms are ours."""

from pathlib import Path

import httpx
import pytest

from deploy.aanmelden import inside
from deploy.all_in_one import AllInOne, build
from shared.kernel.clock import SystemClock
from shared.pages.session import COOKIE, PROOF
from shared.runtime.settings import load_settings
from shared.web.identity import Issuer, Rol

BASE = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> AllInOne:
    """The product without its background work."""
    return build(load_settings({"PLEKREGIE_DATA_DIR": str(tmp_path_factory.mktemp("pages"))}))


def browser(product: AllInOne, base: str = BASE, client: str = "127.0.0.1") -> httpx.AsyncClient:
    """A browser on the computer `client`, that knows the product as `base`."""
    transport = httpx.ASGITransport(app=product.app, client=(client, 50000))
    return httpx.AsyncClient(transport=transport, base_url=base)


@pytest.fixture
def http(product: AllInOne) -> httpx.AsyncClient:
    """A browser on the same computer."""
    return browser(product)


async def sign_in(http: httpx.AsyncClient, **fields: str) -> None:
    answer = await http.post("/aanmelden", data={"rol": "contractmanager", **fields})
    assert answer.status_code == 303, answer.text


async def test_the_cookie_is_for_no_script_and_no_other_site(http: httpx.AsyncClient) -> None:
    answer = await http.post("/aanmelden", data={"rol": "contractmanager"})

    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Path=/" in cookie


async def test_over_https_the_cookie_stays_there(http: httpx.AsyncClient) -> None:
    answer = await http.post("/aanmelden", data={"rol": "contractmanager"}, headers={"X-Forwarded-Proto": "https"})

    assert "Secure" in answer.headers["set-cookie"]


async def test_a_form_without_our_proof_is_refused(http: httpx.AsyncClient) -> None:
    await sign_in(http)

    for given in ({}, {PROOF: ""}, {PROOF: "0" * 64}, {PROOF: "é"}):
        assert (await http.post("/afmelden", data=given)).status_code == 403


async def test_a_form_from_another_site_is_refused_even_with_a_token(http: httpx.AsyncClient) -> None:
    for path, data in (("/aanmelden", {"rol": "contractmanager"}), ("/afmelden", {})):
        assert (await http.post(path, data=data, headers={"Sec-Fetch-Site": "cross-site"})).status_code == 403


async def test_the_proof_is_of_this_session_only(http: httpx.AsyncClient) -> None:
    await sign_in(http)
    page = (await http.get("/over")).text
    proof = page.split(f'name="{PROOF}" value="')[1].split('"')[0]
    assert (await http.post("/afmelden", data={PROOF: proof})).status_code == 303

    await sign_in(http, rol="controller", gemeente="0294")

    assert (await http.post("/afmelden", data={PROOF: proof})).status_code == 403


async def test_a_role_is_chosen_only_on_this_computer_under_its_own_name(product: AllInOne) -> None:
    for base, client in (
        (BASE, "10.1.2.3"),
        ("http://evil.example:8000", "127.0.0.1"),
        ("http://[::1]:8000", "10.1.2.3"),
    ):
        http = browser(product, base, client)
        assert (await http.post("/aanmelden", data={"rol": "contractmanager"})).status_code == 403
        assert "Kies een rol" not in (await http.get("/aanmelden")).text


async def test_a_product_that_listens_to_the_network_offers_no_choice_of_roles(tmp_path: Path) -> None:
    product = build(load_settings({"PLEKREGIE_DATA_DIR": str(tmp_path), "PLEKREGIE_HOST": "0.0.0.0"}))
    http = browser(product)

    assert (await http.post("/aanmelden", data={"rol": "contractmanager"})).status_code == 403
    token = product.issuer.token(Rol.CONTRACTMANAGER)
    assert (await http.post("/aanmelden", data={"token": f"{token[:40]}\n {token[40:]}"})).status_code == 303


async def test_a_cookie_of_another_installation_is_no_session(http: httpx.AsyncClient, tmp_path: Path) -> None:
    strange = Issuer(tmp_path, SystemClock(None)).token(Rol.CONTRACTMANAGER)
    http.cookies.set(COOKIE, strange)

    answer = await http.get("/contractmanagement/regio")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/aanmelden?verder=/contractmanagement/regio"


async def test_the_api_takes_no_cookie(http: httpx.AsyncClient) -> None:
    await sign_in(http)

    assert (await http.get("/contractmanagement/v1/bezetting")).status_code == 401


async def test_pages_let_nothing_from_elsewhere_in(http: httpx.AsyncClient) -> None:
    await sign_in(http)

    policy = (await http.get("/over")).headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


async def test_a_program_that_lost_its_way_among_the_pages_gets_a_problem(http: httpx.AsyncClient) -> None:
    answer = await http.get("/contractmanagement/nergens")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["api-version"] == "1.0.0"


async def test_a_person_who_lost_the_way_gets_a_page_with_a_way_back(http: httpx.AsyncClient) -> None:
    for path in ("/nergens", "/contractmanagement/nergens"):
        answer = await http.get(path, headers={"Accept": "text/html,*/*;q=0.8"})

        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("text/html")
        assert "Dit adres bestaat niet" in answer.text
        assert '<a href="/">' in answer.text


async def test_a_form_that_is_refused_at_the_front_leads_back(http: httpx.AsyncClient) -> None:
    await sign_in(http)

    answer = await http.post("/afmelden", data={}, headers={"Accept": "text/html"})

    assert answer.status_code == 403
    assert '<a href="/">' in answer.text


@pytest.mark.parametrize("path", ["//evil.example", "/\\evil.example", "https://evil.example", "evil", "/a\nb"])
def test_nobody_is_sent_elsewhere_after_signing_in(path: str) -> None:
    assert inside(path) == ""


async def test_input_that_no_database_can_keep_is_refused_as_a_page(http: httpx.AsyncClient) -> None:
    await sign_in(http)

    answer = await http.get("/contractmanagement/regels", params={"aanbieder": "x"}, headers={"Accept": "text/html"})

    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/html")
