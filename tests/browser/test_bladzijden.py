"""Every page of every role: usable with eyes, ears and keyboard, on a small screen, with nothing from elsewhere."""

import csv
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import BREED, SMAL, Bekend, Bezoek

ROLLEN = ("contractmanager", "controller", "backoffice", "aanbieder")
PER_BLAD = 3  # links followed from each page of the menu
LABELS = """() => [...document.querySelectorAll('main input:not([type=hidden]), main select, main textarea')]
  .filter(veld => ![...(veld.labels || [])].some(label => label.offsetParent !== null)).map(veld => veld.outerHTML)"""
TABELLEN = """() => [...document.querySelectorAll('main table')].filter(tabel => !tabel.caption?.textContent.trim()
  || [...tabel.querySelectorAll('th')].some(kop => !kop.scope)).map(tabel => tabel.outerHTML.slice(0, 200))"""
GRAFIEKEN = """() => [...document.querySelectorAll('main figure.grafiek')].filter(figuur =>
  !figuur.querySelector('[role=img]')?.getAttribute('aria-label')
  || !figuur.querySelector('figcaption')?.textContent.trim())
  .map(figuur => figuur.outerHTML.slice(0, 200))"""
LINKS = """() => [...document.querySelectorAll('main a[href]')].map(a => a.getAttribute('href'))
  .filter(href => href.startsWith('/') && !href.includes('csv=') && !href.includes('/v1/'))"""
AFHALEN = "() => [...document.querySelectorAll('main a[href*=\"csv=\"]')].map(a => a.href)"
MENU = "() => [...document.querySelectorAll('nav.breedte a')].map(a => a.getAttribute('href'))"


def aangemeld(bezoek: Bezoek, bekend: Bekend, rol: str) -> Page:
    gemeente = bekend.gemeente if rol in ("controller", "backoffice") else ""
    return bezoek.meld_aan(rol, gemeente=gemeente, aanbieder=bekend.aanbieder if rol == "aanbieder" else "")


def bereikbaar(bezoek: Bezoek) -> Iterator[str]:
    """The menu of this visitor, and the first links of each page of it."""
    gezien: set[str] = set()
    for pad in bezoek.blad.evaluate(MENU):
        bezoek.naar(pad)
        for gevonden in [pad, *bezoek.blad.evaluate(LINKS)[:PER_BLAD]]:
            if gevonden not in gezien:
                gezien.add(gevonden)
                yield gevonden
    yield from ("/over", "/aanmelden")


@pytest.mark.parametrize("rol", ROLLEN)
def test_every_page_of_a_role_is_usable_by_everybody(bezoek: Bezoek, bekend: Bekend, rol: str) -> None:
    blad = aangemeld(bezoek, bekend, rol)
    paden = list(bereikbaar(bezoek))
    assert len(paden) >= 3

    for pad in paden:
        bezoek.naar(pad)
        blad.wait_for_load_state("networkidle")
        gevonden = Axe().run(blad).response["violations"]
        assert not gevonden, f"{pad}: {[(fout['id'], fout['nodes'][0]['html']) for fout in gevonden]}"
        assert blad.locator("h1").count() == 1, pad
        assert blad.evaluate("document.documentElement.lang") == "nl", pad
        for wat, script in (("veld zonder label", LABELS), ("tabel zonder koppen", TABELLEN), ("grafiek", GRAFIEKEN)):
            assert blad.evaluate(script) == [], f"{pad}: {wat}"
        blad.set_viewport_size({"width": SMAL, "height": 640})
        assert blad.evaluate("document.documentElement.scrollWidth") <= SMAL, f"{pad} schuift opzij"
        blad.set_viewport_size({"width": BREED, "height": 900})
    assert bezoek.klachten == []


@pytest.mark.parametrize("rol", ROLLEN)
def test_every_table_of_a_role_comes_as_csv_with_as_many_values_as_headings(
    bezoek: Bezoek, bekend: Bekend, rol: str
) -> None:
    blad = aangemeld(bezoek, bekend, rol)
    tabellen = 0

    for pad in list(bereikbaar(bezoek)):
        bezoek.naar(pad)
        for adres in blad.evaluate(AFHALEN):
            antwoord = blad.request.get(adres)
            assert (antwoord.status, antwoord.headers["content-type"]) == (200, "text/csv; charset=utf-8"), adres
            koppen, *rijen = csv.reader(antwoord.body().decode("utf-8-sig").splitlines(), delimiter=";")
            assert rijen, adres
            assert {len(rij) for rij in rijen} == {len(koppen)}, adres
            if "AGB-code" in koppen:
                # In the row of the totals it is empty.
                codes = {rij[koppen.index("AGB-code")] for rij in rijen}
                assert all(len(code) == 8 and code.isdigit() for code in codes - {""}), adres
                assert codes - {""}, adres
            tabellen += 1

    assert tabellen >= 1


def test_the_first_tab_leads_past_the_menu(bezoek: Bezoek) -> None:
    blad = bezoek.meld_aan("contractmanager")

    blad.keyboard.press("Tab")
    assert blad.evaluate("document.activeElement.textContent") == "Naar de inhoud"
    blad.keyboard.press("Enter")

    assert blad.evaluate("document.activeElement.id") == "inhoud"


def test_paper_says_who_printed_what_and_when(bezoek: Bezoek) -> None:
    blad = bezoek.meld_aan("contractmanager")
    onderschrift = blad.locator(".alleen-druk")
    assert not onderschrift.is_visible()

    blad.emulate_media(media="print")

    assert onderschrift.is_visible()
    assert "contractmanager-regio" in onderschrift.inner_text()
    assert not blad.locator("nav.breedte").is_visible()


def test_a_page_that_is_not_there_says_so_and_leads_back(bezoek: Bezoek) -> None:
    bezoek.meld_aan("contractmanager")
    blad = bezoek.naar("/contractmanagement/regels/bestaat-niet")

    assert blad.locator("h1").inner_text() == "Niet gevonden"
    assert blad.get_by_role("link", name="Naar het begin").is_visible()
    assert blad.viewport_size == {"width": BREED, "height": 900}
