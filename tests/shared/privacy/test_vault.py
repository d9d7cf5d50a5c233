"""Personal data at rest: bound to its row, found by keyed hash, keys made once."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import tink
from joserfc.jwk import OKPKey

from shared.kernel.clock import SystemClock
from shared.privacy.vault import ENCRYPTION, HASHING, open_vault, write_secret
from shared.web.identity import KEY_FILE, Issuer, Rol

ROOT = Path(__file__).resolve().parents[3]
BSN = "999900006"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vault") / "keys"
    open_vault(folder)
    return folder


def test_what_was_encrypted_comes_back_for_its_own_row_only(keys: Path) -> None:
    vault = open_vault(keys)
    sealed = vault.encrypt(BSN.encode(), "client/1")
    assert vault.decrypt(sealed, "client/1") == BSN.encode()
    with pytest.raises(tink.TinkError):
        vault.decrypt(sealed, "client/2")


def test_a_changed_byte_is_noticed(keys: Path) -> None:
    vault = open_vault(keys)
    sealed = bytearray(vault.encrypt(BSN.encode(), "client/1"))
    sealed[-1] ^= 1
    with pytest.raises(tink.TinkError):
        vault.decrypt(bytes(sealed), "client/1")


def test_the_same_text_looks_different_each_time_and_never_like_itself(keys: Path) -> None:
    vault = open_vault(keys)
    first, second = (vault.encrypt(BSN.encode(), "client/1") for _ in range(2))
    assert first != second
    assert BSN.encode() not in first


def test_another_installation_can_not_read_it(keys: Path, tmp_path: Path) -> None:
    sealed = open_vault(keys).encrypt(BSN.encode(), "client/1")
    with pytest.raises(tink.TinkError):
        open_vault(tmp_path / "other").decrypt(sealed, "client/1")


def test_the_search_hash_is_the_same_every_time_and_another_elsewhere(keys: Path, tmp_path: Path) -> None:
    here = open_vault(keys).blind_index(BSN)
    assert here == open_vault(keys).blind_index(BSN)
    assert here != open_vault(keys).blind_index("999900018")
    assert here != open_vault(tmp_path / "other").blind_index(BSN)
    assert len(here) == 32
    assert BSN not in here


def test_key_files_are_for_their_owner_only_whatever_the_umask(tmp_path: Path) -> None:
    script = "import os,sys,pathlib; os.umask(0); from shared.privacy.vault import open_vault; "
    script += "open_vault(pathlib.Path(sys.argv[1]))"
    folder = tmp_path / "keys"
    subprocess.run([sys.executable, "-c", script, str(folder)], check=True, cwd=ROOT)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == {ENCRYPTION: 0o600, HASHING: 0o600}


def test_the_signing_key_is_for_its_owner_only_and_is_kept(tmp_path: Path) -> None:
    token = Issuer(tmp_path / "k", SystemClock()).token(Rol.BEHEER)
    path = tmp_path / "k" / KEY_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert OKPKey.import_key(json.loads(path.read_text())).is_private
    assert Issuer(tmp_path / "k", SystemClock()).caller(token).rol == Rol.BEHEER


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "a"
    write_secret(path, b"first")
    write_secret(path, b"second")
    assert path.read_bytes() == b"first"
    assert [entry.name for entry in path.parent.iterdir()] == ["a"]


def test_what_a_crash_left_behind_does_not_stop_the_next_start(tmp_path: Path) -> None:
    half = tmp_path / f".a.{os.getpid()}"
    half.write_bytes(b"half")
    write_secret(tmp_path / "a", b"whole")
    assert (tmp_path / "a").read_bytes() == b"whole"


TOGETHER = """
import pathlib, sys
from shared.privacy.vault import open_vault
print("ready", flush=True)
sys.stdin.readline()
print(open_vault(pathlib.Path(sys.argv[1])).blind_index("x"), flush=True)
"""


def test_processes_that_start_at_once_end_with_one_key(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", TOGETHER, str(folder)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    found = {process.communicate(timeout=30)[0].strip() for process in started}
    assert found == {open_vault(folder).blind_index("x")}
