"""Signing in and out, and who does not get in."""

from playwright.sync_api import Browser

from shared.web.identity import Rol
from tests.browser.conftest import Bezoek, Product


def test_who_is_not_signed_in_goes_there_first_and_then_on(bezoek: Bezoek, product: Product) -> None:
    blad = bezoek.naar("/contractmanagement/signalen")
    assert "/aanmelden" in blad.url

    blad.get_by_label("Rol", exact=True).select_option("contractmanager")
    bezoek.klik(blad.get_by_role("button", name="Aanmelden", exact=True))

    assert blad.url == f"{product.url}/contractmanagement/signalen"


def test_a_choice_that_lacks_something_says_what(bezoek: Bezoek) -> None:
    blad = bezoek.meld_aan("controller")

    assert "CBS-code van vier cijfers" in blad.get_by_role("alert").inner_text()
    assert blad.evaluate("document.activeElement.id") == "fouten"


def test_a_token_signs_in_too(bezoek: Bezoek, product: Product) -> None:
    blad = bezoek.naar("/aanmelden")

    blad.get_by_label("Token", exact=True).fill(product.token(Rol.CONTRACTMANAGER))
    bezoek.klik(blad.get_by_role("button", name="Aanmelden met token"))

    assert blad.locator("h1").inner_text() == "Bezetting in de regio"


def test_a_token_that_is_none_is_refused(bezoek: Bezoek) -> None:
    blad = bezoek.naar("/aanmelden")

    blad.get_by_label("Token", exact=True).fill("niets")
    bezoek.klik(blad.get_by_role("button", name="Aanmelden met token"))

    assert "niet geldig" in blad.get_by_role("alert").inner_text()


def test_signing_out_ends_it(bezoek: Bezoek) -> None:
    blad = bezoek.meld_aan("contractmanager")

    bezoek.klik(blad.get_by_role("button", name="Afmelden"))
    bezoek.naar("/contractmanagement/regio")

    assert "/aanmelden" in blad.url


def test_a_page_of_another_role_is_refused_in_words(bezoek: Bezoek) -> None:
    bezoek.meld_aan("contractmanager")
    blad = bezoek.naar("/backoffice/berichten")

    assert blad.locator("h1").inner_text() == "Deze bladzijde is niet voor uw rol"


def test_no_script_reads_the_session(bezoek: Bezoek) -> None:
    blad = bezoek.meld_aan("contractmanager")

    assert blad.evaluate("document.cookie") == ""


def test_pages_work_without_script(product: Product, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    bezoek = Bezoek(product, context)
    blad = bezoek.meld_aan("contractmanager")

    assert blad.locator("table").count() == 1
    bezoek.klik(blad.locator("td.warmte a").first)
    assert blad.locator("tbody tr").count() >= 1
    context.close()
