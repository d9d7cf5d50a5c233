"""The region: figures as the API gives them, by themselves up to date, as CSV too."""

import csv
import io

from playwright.sync_api import expect

from shared.web.identity import Rol
from tests.browser.conftest import Bekend, Bezoek, Product

NIEUW = {
    "aanbieder": {"agbCode": "42429901", "naam": "Erve De Nieuwkomer"},
    "begindatum": "2026-01-01",
    "einddatum": "2027-12-31",
}


def test_the_region_is_where_a_contract_manager_begins(bezoek: Bezoek, product: Product) -> None:
    blad = bezoek.meld_aan("contractmanager")
    assert blad.url == f"{product.url}/contractmanagement/regio"

    bezoek.naar("/")

    assert blad.url == f"{product.url}/contractmanagement/regio"


def test_the_totals_are_those_of_the_api(bezoek: Bezoek, product: Product) -> None:
    with product.api(Rol.CONTRACTMANAGER) as http:
        rijen = http.get("/contractmanagement/v1/bezetting?aantal=1000").json()["resultaten"]
    bezet = sum(rij["bezet"] for rij in rijen)

    blad = bezoek.meld_aan("contractmanager")

    cijfers = blad.locator("tfoot tr").locator("td, th").all_inner_texts()
    assert cijfers[-3] == f"{bezet:,}".replace(",", ".")


def test_a_new_contract_appears_without_loading_the_page_again(
    bezoek: Bezoek, product: Product, bekend: Bekend
) -> None:
    blad = bezoek.meld_aan("contractmanager")
    assert blad.get_by_text("Erve De Nieuwkomer").count() == 0
    blad.evaluate("window.zelfde = true")
    with product.api(Rol.CONTRACTMANAGER) as http:
        subsegment = http.get("/contractmanagement/v1/bezetting?aantal=1").json()["resultaten"][0]["subsegment"]
        regel = {"gemeente": bekend.gemeente, "subsegment": subsegment, "plekken": "3", "prijsPerPlek": "10000.00"}
        regel["opgegevenDoorlooptijdDagen"] = 100  # type: ignore[assignment]
        gesloten = http.post("/contractmanagement/v1/overeenkomsten", json=NIEUW | {"regels": [regel]})
        assert gesloten.status_code == 201, gesloten.text

    expect(blad.get_by_role("link", name="Erve De Nieuwkomer")).to_be_visible()

    assert blad.evaluate("window.zelfde") is True
    assert bezoek.klachten == []


def test_the_table_leaves_as_csv_with_the_same_rows(bezoek: Bezoek) -> None:
    blad = bezoek.meld_aan("contractmanager")
    getoond = [rij.locator("th, td").first.inner_text() for rij in blad.locator("tbody tr").all()]

    with blad.expect_download() as verwacht:
        blad.get_by_role("link", name="Deze tabel als CSV").first.click()

    inhoud = verwacht.value.path().read_bytes()
    assert inhoud.startswith(b"\xef\xbb\xbf")
    rijen = list(csv.reader(io.StringIO(inhoud.decode("utf-8-sig")), delimiter=";"))
    assert rijen[0][0] == "Aanbieder"
    assert [rij[0] for rij in rijen[1:-1]] == getoond


def test_a_box_leads_to_its_lines_and_a_line_to_its_chart(bezoek: Bezoek) -> None:
    blad = bezoek.meld_aan("contractmanager")

    bezoek.klik(blad.locator("td.warmte a").first)
    bezoek.klik(blad.locator("tbody th a").first)

    assert blad.locator("figure.grafiek svg").count() >= 1
    assert blad.locator("figcaption").first.inner_text().startswith("Bezet:")


def test_an_aanbieder_sees_its_own_row_only(bezoek: Bezoek, bekend: Bekend) -> None:
    blad = bezoek.meld_aan("aanbieder", aanbieder=bekend.aanbieder)

    assert blad.locator("tbody tr").count() == 1
