"""The product with its demo region, and a browser."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from shared.kernel.clock import SystemClock
from shared.web.identity import Issuer, Rol
from tests.poorten import vrije_poort

WORTEL = Path(__file__).resolve().parents[2]
GEDULD = 300.0  # seconds for the demo region on a busy machine
BREED, SMAL = 1280, 320
expect.set_options(timeout=60_000)  # milliseconds; what is there is seen at once


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a browser and starts the product."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)


@dataclass(frozen=True)
class Product:
    """The running product."""

    url: str
    sleutels: Path

    def token(self, rol: Rol, **van: str) -> str:
        """A bearer token."""
        return Issuer(self.sleutels, SystemClock(None)).token(rol, **van)

    def api(self, rol: Rol, **van: str) -> httpx.Client:
        """A client of the API in a role."""
        headers = {"Authorization": f"Bearer {self.token(rol, **van)}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=60)


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """`plekregie start --demo`, ready."""
    map, poort = tmp_path_factory.mktemp("browser"), vrije_poort()
    omgeving = {naam: waarde for naam, waarde in os.environ.items() if not naam.startswith("PLEKREGIE_")}
    omgeving |= {"PLEKREGIE_DATA_DIR": str(map / "data"), "PLEKREGIE_PORT": str(poort)}
    with (map / "uitvoer").open("w") as uitvoer:
        proces = subprocess.Popen(
            [sys.executable, "-m", "deploy.cli", "start", "--demo"],
            cwd=WORTEL,
            env=omgeving,
            stdout=uitvoer,
            stderr=subprocess.STDOUT,
        )
        try:
            einde = time.monotonic() + GEDULD
            while "Plekregie draait op" not in (map / "uitvoer").read_text():
                assert proces.poll() is None, (map / "uitvoer").read_text()
                assert time.monotonic() < einde, (map / "uitvoer").read_text()
                time.sleep(0.2)
            yield Product(f"http://127.0.0.1:{poort}", map / "data" / "sleutels")
        finally:
            proces.send_signal(signal.SIGINT)
            proces.wait(60)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium as the system has it. Not for the session: while Playwright runs, no async test can."""
    gevonden = os.environ.get("PLEKREGIE_TEST_CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if gevonden is None:
        pytest.skip("een browser: installeer chromium, of zet PLEKREGIE_TEST_CHROMIUM op waar hij staat")
    with sync_playwright() as playwright:
        # Root has no sandbox; every page that it opens here is our own.
        gestart = playwright.chromium.launch(executable_path=gevonden, args=["--no-sandbox"])
        yield gestart
        gestart.close()


class Bezoek:
    """One visitor in a browser. `klachten`: what the browser complained of, and requests to elsewhere."""

    def __init__(self, product: Product, context: BrowserContext) -> None:
        self.product = product
        self.klachten: list[str] = []
        self.blad: Page = context.new_page()
        self.blad.on("pageerror", lambda fout: self.klachten.append(f"script: {fout}"))
        self.blad.on("console", lambda regel: self._hoor(regel.type, regel.text))
        self.blad.on("request", lambda vraag: self._zie(vraag.url))

    def _hoor(self, soort: str, tekst: str) -> None:
        if soort in ("error", "warning"):
            self.klachten.append(f"{soort}: {tekst}")

    def _zie(self, url: str) -> None:
        if not url.startswith((self.product.url, "data:", "blob:")):
            self.klachten.append(f"request to elsewhere: {url}")

    def naar(self, pad: str) -> Page:
        """Open a page of the product."""
        self.blad.goto(self.product.url + pad)
        return self.blad

    def meld_aan(self, rol: str, *, gemeente: str = "", aanbieder: str = "") -> Page:
        """Sign in by choosing a role."""
        blad = self.naar("/aanmelden")
        blad.get_by_label("Rol", exact=True).select_option(rol)
        blad.get_by_label("Gemeente", exact=True).fill(gemeente)
        blad.get_by_label("Aanbieder", exact=True).fill(aanbieder)
        self.klik(blad.get_by_role("button", name="Aanmelden", exact=True))
        return blad

    def klik(self, doel: Locator) -> None:
        """Click on what leads to another page, and wait until that page is there: a click alone is over before."""
        with self.blad.expect_navigation():
            doel.click()


@pytest.fixture
def bezoek(product: Product, browser: Browser) -> Iterator[Bezoek]:
    """A visitor with a wide screen, and no cookies yet."""
    context = browser.new_context(viewport={"width": BREED, "height": 900}, locale="nl-NL")
    context.set_default_timeout(60_000)
    yield Bezoek(product, context)
    context.close()


@dataclass(frozen=True)
class Bekend:
    """Somebody of the demo region for each role."""

    gemeente: str
    aanbieder: str


@pytest.fixture(scope="session")
def bekend(product: Product) -> Bekend:
    """A gemeente and an aanbieder of the demo region that have lines with each other."""
    with product.api(Rol.CONTRACTMANAGER) as http:
        rijen = http.get("/contractmanagement/v1/bezetting").json()["resultaten"]
    rij = next(rij for rij in rijen if rij["gemeente"])
    return Bekend(rij["gemeente"], rij["aanbieder"])
