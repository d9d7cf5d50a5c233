"""The README's walk, word for word, against a product that was really started; and starting and stopping it.

Distributed it is `plekregie start` on PostgreSQL and Kafka: the walk needs one address, and a demo region.
"""

import json
import os
import re
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from shared.web.identity import Rol
from tests.e2e.conftest import VERSPREID, Servers
from tests.e2e.kraamkamer import WORTEL
from tests.e2e.opstelling import Proces, schone_omgeving
from tests.e2e.regio import CM, Json, Regio

pytestmark = pytest.mark.slow
ADRES = "http://127.0.0.1:8000"
AANBIEDER, GEMEENTE, SUBSEGMENT = "42420001", "9702", "54Z01"
LADEN = 300.0  # seconds to start and load the demo region on a busy machine


def wandeling() -> list[str]:
    """The blocks of the walk."""
    tekst = (WORTEL / "README.md").read_text(encoding="utf-8")
    return re.findall(r"^```sh walk\n(.*?)^```$", tekst, flags=re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def product(stand: str, servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proces]:
    with ExitStack() as stack:
        op = servers.ondergrond(stack) if stand == VERSPREID else None
        map = tmp_path_factory.mktemp("wandeling") / "data"
        proces = Proces(op.map if op else map, "--demo", vandaag=None, instellingen=op.diensten() if op else None)
        stack.callback(proces.stop)
        proces.start()
        # Broken off while the demo region loads: that is no mishap either, and the next start completes it.
        assert proces.onderbreek() == 0, proces.uitvoer.read_text()[-3000:]
        assert "Traceback" not in proces.uitvoer.read_text()
        assert f"draait op {proces.url}" not in proces.uitvoer.read_text()
        proces.start()
        wacht_tot_geladen(proces)
        yield proces


def wacht_tot_geladen(proces: Proces, keer: int = 1) -> None:
    geladen = threading.Event()
    for _ in range(int(LADEN * 10)):
        if proces.uitvoer.read_text().count(f"draait op {proces.url}") == keer:
            return
        assert proces.leeft(), proces.uitvoer.read_text()[-3000:]
        geladen.wait(0.1)
    raise AssertionError(f"the demo region was not loaded: {proces.uitvoer.read_text()[-3000:]}")


@pytest.fixture(scope="module")
def gelopen(product: Proces, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What each block of the walk printed."""
    map = tmp_path_factory.mktemp("blokken")
    scheiding = "--- volgend blok ---"
    regels = f"\necho '{scheiding}'\n".join(wandeling()).replace(ADRES, product.url).replace("/tmp/", f"{map}/")
    omgeving = {**schone_omgeving(), "PLEKREGIE_DATA_DIR": product.omgeving["PLEKREGIE_DATA_DIR"]}
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", regels],
        cwd=WORTEL,
        env=omgeving,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout.split(scheiding)


def lijsten(tekst: str) -> list[Json]:
    """The JSON documents in a block's output."""
    gevonden, lezer = [], json.JSONDecoder()
    plek = tekst.find("{")
    while plek != -1:
        document, eind = lezer.raw_decode(tekst, plek)
        gevonden.append(document)
        plek = tekst.find("{", eind)
    return gevonden


def test_the_walk_moves_occupancy_forecast_and_signal(gelopen: list[str]) -> None:
    _, ervoor, indicatie, toewijzing, retour, erna, _ = gelopen
    bezetting, prognose = (lijst["resultaten"][0] for lijst in lijsten(ervoor))
    assert (bezetting["plekken"], bezetting["bezet"]) == ("5", 4)
    assert lijsten(indicatie)[0]["subsegment"] == SUBSEGMENT
    assert "jw301:Bericht" in toewijzing
    assert "999999990" in toewijzing
    assert "jw306:Bericht" in retour
    assert "RetourCode>" not in retour
    bezetting_erna, prognose_erna, signalen, schema = (lijst["resultaten"] for lijst in lijsten(erna))
    assert (bezetting_erna[0]["bezet"], bezetting_erna[0]["benutting"]) == (5, "1.0000")
    assert float(prognose_erna[0]["verwacht"]) > float(prognose["verwacht"])
    assert "vol" in {rij["soort"] for rij in signalen if rij["gemeente"] == GEMEENTE and rij["status"] == "open"}
    assert schema[0]["totaal"]


def test_the_broken_copy_is_refused_in_words(gelopen: list[str]) -> None:
    fout = gelopen[-1]
    assert "schemafout" in fout.lower()
    probleem = lijsten(fout)[-1]
    assert probleem["status"] == 400
    assert any("Begindatum" in item["veld"] for item in probleem["fouten"])


def test_ctrl_c_ends_with_zero_and_a_second_start_goes_on_with_the_same_data(
    product: Proces, gelopen: list[str]
) -> None:
    assert product.onderbreek() == 0, product.uitvoer.read_text()[-3000:]
    assert "Traceback" not in product.uitvoer.read_text()
    product.start()
    wacht_tot_geladen(product, keer=2)
    params = {"aanbieder": AANBIEDER, "gemeente": GEMEENTE, "subsegment": SUBSEGMENT}
    with Regio(product) as regio:
        (rij,) = regio.lijst(f"{CM}/bezetting", Rol.CONTRACTMANAGER, params)
    assert rij["bezet"] == 5
    assert product.onderbreek() == 0


def test_make_run_hands_ctrl_c_on_and_ends_with_zero(tmp_path: Path) -> None:
    """The same command as `make run DEMO=0`, which replaces the shell so that signals reach the product."""
    recept = subprocess.run(
        ["make", "-n", "run", "DEMO=0"], cwd=WORTEL, capture_output=True, text=True, check=False, timeout=60
    )
    assert "exec .venv/bin/plekregie start --leeg" in recept.stdout
    proces = Proces(tmp_path / "data")
    (commando,) = [regel for regel in recept.stdout.splitlines() if "plekregie start" in regel]
    gestart = subprocess.Popen(
        ["sh", "-c", commando],
        cwd=WORTEL,
        env={**proces.omgeving, "PATH": os.environ["PATH"]},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert gestart.stderr is not None
        regels = iter(gestart.stderr.readline, "")
        assert any(f"draait op {proces.url}" in regel for regel in regels)
        gestart.send_signal(signal.SIGINT)
        rest = gestart.stderr.read()
        assert gestart.wait(30) == 0
        assert "Traceback" not in rest
    finally:
        gestart.kill()
        gestart.wait()
