"""`plekregie bericht` on many files: the same verdicts as one by one, and Ctrl-C that ends it at once."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.berichten import FEW, PORTION_BYTES, PORTION_FILES, bestanden, controleer, oordeel, porties
from services.backoffice.istandaarden.ontleden import MAXIMAAL_BYTES
from services.backoffice.istandaarden.schrijven import schrijf
from tests.backoffice.istandaarden.geldig import geldig
from tests.deploy.opdrachtregel import plekregie

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def map_(tmp_path: Path) -> Path:
    """More files than one process takes, in folders below each other; every seventh is broken."""
    goed, fout = schrijf(geldig("JW305")), b"<geen-bericht/>"
    for nummer in range(FEW + 10):
        folder = tmp_path / f"m{nummer % 3}" / "diep"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{nummer:03}.xml").write_bytes(fout if nummer % 7 == 0 else goed)
    (tmp_path / "geen.txt").write_bytes(b"niets")
    return tmp_path


def test_many_files_get_the_verdicts_of_one_by_one_in_order(map_: Path) -> None:
    files = bestanden([map_])
    assert len(files) == FEW + 10
    assert list(controleer(files)) == [oordeel(pad) for pad in files]


def test_few_large_files_are_divided_as_well_as_many_small_ones(tmp_path: Path) -> None:
    klein = [tmp_path / f"{nummer}.xml" for nummer in range(PORTION_FILES + 1)]
    groot = [tmp_path / f"groot{nummer}.xml" for nummer in range(3)]
    for pad in klein:
        pad.write_bytes(b"x")
    for pad in groot:
        with pad.open("wb") as file:
            file.truncate(PORTION_BYTES)
    delen = porties([*klein, *groot])
    assert [len(deel) for deel in delen] == [PORTION_FILES, 1, 1, 1, 1]
    assert [pad for deel in delen for pad in deel] == [*klein, *groot]
    assert porties([tmp_path / "weg.xml"]) == [[tmp_path / "weg.xml"]]


def test_a_file_that_is_far_too_large_is_not_read_whole(tmp_path: Path) -> None:
    groot = tmp_path / "groot.xml"
    with groot.open("wb") as file:
        file.truncate(100 * MAXIMAAL_BYTES)
    gevonden = oordeel(groot)
    assert gevonden["oordeel"] == "onleesbaar"
    assert "25 MB" in str(gevonden["fouten"])


def _opdracht(*pad: Path) -> list[str]:
    return [str(Path(sys.executable).parent / "plekregie"), "bericht", "controleer", "--json", *map(str, pad)]


def test_the_exit_code_tells_whether_all_was_good(map_: Path) -> None:
    goed = next(pad for pad in bestanden([map_]) if oordeel(pad)["oordeel"] == "goed")
    for code, pad in enumerate((goed, map_, map_ / "bestaat-niet")):
        plekregie(dict(os.environ), "bericht", "controleer", "--json", str(pad), code=code)


@pytest.fixture
def bezig(map_: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A check that takes long, in a group of its own as in a terminal."""
    command = _opdracht(*[map_] * 400)
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        yield process
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


def test_ctrl_c_ends_it_without_a_word_and_leaves_nothing_behind(bezig: subprocess.Popen[bytes]) -> None:
    assert bezig.stdout is not None
    assert json.loads(bezig.stdout.readline())["bericht"] is None
    os.killpg(bezig.pid, signal.SIGINT)
    rest, woorden = bezig.communicate(timeout=60)
    assert bezig.returncode == 130
    assert b"Traceback" not in woorden
    assert len(rest.splitlines()) < 400 * (FEW + 10) - 1
    assert _group_ends(bezig.pid)


def _group_ends(group: int) -> bool:
    """Whether no process of the group is left within half a minute."""
    for _ in range(600):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False
