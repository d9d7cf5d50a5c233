"""Money on pages: the steps of an adjustment and of a settlement, each taken once, each in the story."""

import re

import pytest
from playwright.sync_api import Page, expect

from shared.web.identity import Rol
from tests.browser.conftest import Bezoek, Product


@pytest.fixture(scope="module")
def gemeente(product: Product) -> str:
    """A gemeente of the demo region for which an adjustment is proposed."""
    with product.api(Rol.CONTRACTMANAGER) as http:
        regels = http.get("/contractmanagement/v1/bezetting?aantal=1000").json()["resultaten"]
    for code in sorted({regel["gemeente"] for regel in regels if regel["gemeente"]}):
        with product.api(Rol.CONTROLLER, gemeente=code) as http:
            if http.get("/financien/v1/bijstellingen?status=voorgesteld").json()["resultaten"]:
                return str(code)
    raise AssertionError("the demo region proposes no adjustment")


def stappen(blad: Page) -> list[str]:
    """The steps of the story, by name."""
    return [stap.inner_text() for stap in blad.locator("ol.verhaal strong").all()]


def test_an_adjustment_goes_from_proposal_to_terms_with_its_story_on_one_page(bezoek: Bezoek, gemeente: str) -> None:
    blad = bezoek.meld_aan("controller", gemeente=gemeente)
    bezoek.naar("/financien/bijstellingen?status=voorgesteld")
    bezoek.klik(blad.locator("tbody th a").first)
    assert stappen(blad) == ["voorgesteld"]

    bezoek.klik(blad.get_by_role("button", name="Melden aan de aanbieder"))
    blad.get_by_label("niet akkoord", exact=True).check()
    blad.get_by_label(re.compile("verplicht bij niet akkoord")).fill("Wij verwachten nieuwe cliënten.")
    bezoek.klik(blad.get_by_role("button", name="Reactie vastleggen"))
    assert "Wij verwachten nieuwe cliënten." in blad.locator("ol.verhaal").inner_text()

    bezoek.klik(blad.get_by_role("button", name="Vaststellen"))
    expect(blad.locator("h1")).to_have_text("De toelichting ontbreekt")
    bezoek.klik(blad.get_by_role("link", name="Terug naar de bladzijde"))
    blad.get_by_label(re.compile("^Toelichting \\(niet verplicht\\)$")).last.fill("De instroom blijft achter.")
    bezoek.klik(blad.get_by_role("button", name="Vaststellen"))

    assert stappen(blad)[-1] == "vastgesteld"
    assert blad.get_by_role("button", name="Vaststellen").count() == 0


def test_the_letter_is_a_pdf(bezoek: Bezoek, gemeente: str) -> None:
    blad = bezoek.meld_aan("controller", gemeente=gemeente)
    bezoek.naar("/financien/bijstellingen")
    bezoek.klik(blad.locator("tbody th a").first)

    with blad.expect_download() as verwacht:
        blad.get_by_role("link", name="De brief (PDF)").click()

    assert verwacht.value.path().read_bytes().startswith(b"%PDF-")


def test_a_settlement_is_calculated_and_sent_but_not_fixed_before_the_aanbieder_spoke(
    bezoek: Bezoek, gemeente: str
) -> None:
    blad = bezoek.meld_aan("controller", gemeente=gemeente)
    bezoek.naar("/financien/betaalschemas")
    aanbieder = blad.locator("tbody th a").first.get_attribute("href").split("/")[-1].split("?")[0]  # type: ignore[union-attr]
    bezoek.naar("/financien/afrekeningen")
    blad.get_by_label("Aanbieder", exact=True).select_option(aanbieder)
    blad.get_by_label(re.compile("^Eerste dag")).fill("2026-07-01")
    blad.get_by_label(re.compile("^Laatste dag")).fill("2026-09-30")
    bezoek.klik(blad.get_by_role("button", name="Berekenen"))
    assert stappen(blad) == ["concept"]

    bezoek.klik(blad.get_by_role("button", name="Verzenden aan de aanbieder"))
    assert stappen(blad)[-1] == "verzonden"
    adres = blad.url
    bezoek.klik(blad.get_by_role("button", name="Vaststellen"))
    expect(blad.locator("h1")).to_have_text("De reactietermijn loopt nog")

    blad.goto(adres)
    blad.get_by_label("akkoord", exact=True).check()
    bezoek.klik(blad.get_by_role("button", name="Reactie vastleggen"))
    if blad.get_by_label("verrekenen met de volgende betalingen").count():
        blad.get_by_label("verrekenen met de volgende betalingen").check()
    bezoek.klik(blad.get_by_role("button", name="Vaststellen"))

    assert stappen(blad)[-1] == "vastgesteld"


def test_a_contract_line_shows_its_money_from_the_other_service(bezoek: Bezoek, gemeente: str) -> None:
    blad = bezoek.meld_aan("controller", gemeente=gemeente)
    bezoek.klik(blad.locator("td.warmte a").first)
    bezoek.klik(blad.locator("tbody th a").first)

    expect(blad.get_by_role("heading", name="Voorschotten en gerealiseerde bedragen")).to_be_visible()
    expect(blad.locator("[data-deel] figure.grafiek svg")).to_be_visible()
    assert "Gerealiseerd tot en met vandaag" in blad.locator("[data-deel] figcaption").inner_text()
    assert bezoek.klachten == []


def test_an_aanbieder_sees_no_proposal_before_it_is_notified(bezoek: Bezoek, product: Product, gemeente: str) -> None:
    with product.api(Rol.CONTROLLER, gemeente=gemeente) as http:
        voorgesteld = http.get("/financien/v1/bijstellingen?status=voorgesteld").json()["resultaten"]
    if not voorgesteld:
        pytest.fail("the demo region proposes more than one adjustment for this gemeente")
    bezoek.meld_aan("aanbieder", aanbieder=voorgesteld[0]["aanbieder"])

    blad = bezoek.naar(f"/financien/bijstellingen/{voorgesteld[0]['id']}")

    expect(blad.locator("h1")).to_have_text("Niet gevonden")
