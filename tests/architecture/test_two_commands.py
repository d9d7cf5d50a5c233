"""`make run` and `make test` on a bare machine, as far as can be said without one (see .ci/bare-machine)."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.bootstrap import environment, installers, report, sources
from deploy.bootstrap.report import StepFailed, explain, likely_cause

ROOT = Path(__file__).resolve().parents[2]
BOOTSTRAP = sorted((ROOT / "deploy" / "bootstrap").glob("*.py"))
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
TARGETS = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def test_make_lists_every_target() -> None:
    listed = subprocess.run(["make", "--no-print-directory"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert re.findall(r"^  make ([a-z]+) ", listed.stdout, re.MULTILINE) == TARGETS


@pytest.mark.parametrize("path", [*BOOTSTRAP, ROOT / "deploy" / "__init__.py"], ids=lambda path: path.stem)
def test_the_set_up_is_python_3_11_and_needs_no_library(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 11))
    imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    own = {name for name in imported if name.startswith("deploy.bootstrap")}
    assert {name.split(".")[0] for name in imported - own} <= set(sys.stdlib_module_names)


def test_the_locks_name_packages_and_hashes_but_no_place() -> None:
    for lock in LOCKS:
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        for block in re.split(r"\n(?=[a-z])", text)[1:]:
            assert re.match(r"[a-z0-9.-]+==\S+", block), f"{lock.name}: {block[:40]}"
            assert "--hash=sha256:" in block, f"{lock.name}: {block[:40]}"


def test_the_test_lock_holds_the_runtime_lock_whole() -> None:
    runtime, test = ((ROOT / "requirements" / name).read_text(encoding="utf-8") for name in ("runtime.txt", "test.txt"))
    pins = re.compile(r"^\S+==\S+", re.MULTILINE)
    assert set(pins.findall(runtime)) < set(pins.findall(test))


def test_an_environment_that_moved_counts_as_none(tmp_path: Path) -> None:
    environment.make(tmp_path / "hier")
    assert environment.is_usable(tmp_path / "hier")
    (tmp_path / "hier").rename(tmp_path / "daar")
    assert not environment.is_usable(tmp_path / "daar")


def test_a_half_environment_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").write_text("kapot", encoding="utf-8")
    assert not environment.is_usable(tmp_path)
    environment.make(tmp_path)
    assert environment.is_usable(tmp_path)


def test_uv_gets_the_index_of_pip_and_pip_that_of_uv(tmp_path: Path) -> None:
    mirror = "https://spiegel.voorbeeld/simple"
    for name in ("PIP_INDEX_URL", "UV_DEFAULT_INDEX"):
        env = sources.tool_environment({name: mirror}, {}, tmp_path)
        assert env["PIP_INDEX_URL"] == env["UV_DEFAULT_INDEX"] == mirror


def test_a_machine_without_settings_gets_no_index_and_the_system_certificates(tmp_path: Path) -> None:
    env = sources.tool_environment({}, {}, tmp_path)
    assert env["UV_SYSTEM_CERTS"] == "1"
    assert not {name for name in env if "INDEX" in name}


def test_pip_conf_counts_and_the_environment_goes_before_it(tmp_path: Path) -> None:
    (tmp_path / "pip.conf").write_text("[global]\nindex-url = https://een.voorbeeld/\n[install]\nproxy = http://p:1\n")
    found = sources.pip_configuration({"PIP_CONFIG_FILE": str(tmp_path / "pip.conf")}, tmp_path)
    assert sources.tool_environment({}, found, tmp_path)["UV_DEFAULT_INDEX"] == "https://een.voorbeeld/"
    env = sources.tool_environment({"PIP_INDEX_URL": "https://twee.voorbeeld/"}, found, tmp_path)
    assert (env["UV_DEFAULT_INDEX"], env["HTTPS_PROXY"]) == ("https://twee.voorbeeld/", "http://p:1")


def test_without_pip_and_index_it_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "python").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "python").chmod(0o755)
    with pytest.raises(StepFailed) as failure:
        installers.pip_for(tmp_path / "python", str(tmp_path / "python"), {"PATH": ""})
    assert "sudo apt install python3-venv" in failure.value.advice


@pytest.mark.parametrize(
    ("output", "way_out"),
    [
        ("Temporary failure in name resolution", "HTTPS_PROXY"),
        ("ERROR: No matching distribution found for aiokafka", "glibc"),
        ("Retrying: NewConnectionError; No matching distribution found for pip", "PIP_INDEX_URL"),
        ("invalid peer certificate: UnknownIssuer", "SSL_CERT_FILE"),
        ("[Errno 28] No space left on device", "Maak ruimte"),
        ("HTTP Error 401: Unauthorized", "de inlog"),
        ("ProxyError: 407 Proxy Authentication Required", "proxy weigert"),
    ],
)
def test_a_failure_names_its_likely_cause_and_the_way_out(output: str, way_out: str) -> None:
    assert way_out in likely_cause(output)


def test_a_failure_shows_no_login_of_the_index() -> None:
    text = explain(StepFailed("stap", "Failed to fetch https://gebruiker:geheim@spiegel.voorbeeld/x"), "make install")
    assert "geheim" not in text
    assert text.endswith("Daarna opnieuw: make install")


def test_a_command_that_fails_is_a_step_that_failed() -> None:
    with pytest.raises(StepFailed) as failure:
        report.run("stap", [sys.executable, "-c", "print('reden'); raise SystemExit(3)"], os.environ)
    assert "reden" in failure.value.output
