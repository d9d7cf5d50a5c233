"""A service apart says what it misses before it touches anything, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.around import CanNotRun
from deploy.inrichting import inrichten
from deploy.parts import NAMES
from deploy.processes import serve, work
from shared.runtime.settings import Settings, load_settings

POSTGRES = {"PLEKREGIE_DATABASE_URL": "postgresql://plek:regie@127.0.0.1:9/plekregie"}
KAFKA = {"PLEKREGIE_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9"}
Start = Callable[[Settings, str], None]


def settings(folder: Path, **more: str) -> Settings:
    return load_settings({"PLEKREGIE_DATA_DIR": str(folder), **more})


@pytest.mark.parametrize("start", [serve, work])
def test_a_name_that_is_no_service_is_refused_with_those_that_are(start: Start, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"'voorkant'.*contractmanagement, toegang, backoffice, financien"):
        start(settings(tmp_path), "voorkant")


@pytest.mark.parametrize("start", [serve, work])
def test_without_postgresql_it_names_the_setting_and_the_other_way(start: Start, tmp_path: Path) -> None:
    with pytest.raises(CanNotRun, match=r"PLEKREGIE_FINANCIEN_DATABASE_URL.*plekregie start"):
        start(settings(tmp_path), "financien")


@pytest.mark.parametrize("start", [serve, work])
def test_without_the_keys_of_the_installation_it_makes_none_of_its_own(start: Start, tmp_path: Path) -> None:
    with pytest.raises(CanNotRun, match=r"plekregie inrichten.*PLEKREGIE_KEYS_DIR"):
        start(settings(tmp_path, **POSTGRES), "toegang")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_worker_needs_kafka_and_that_of_backoffice_the_address_of_toegang(name: str, tmp_path: Path) -> None:
    inrichten(settings(tmp_path), -1, lambda _: None)  # on files: it makes the keys
    with pytest.raises(CanNotRun, match="PLEKREGIE_KAFKA_BOOTSTRAP_SERVERS"):
        work(settings(tmp_path, **POSTGRES), name)
    if name == "backoffice":
        with pytest.raises(CanNotRun, match="PLEKREGIE_TOEGANG_URL"):
            work(settings(tmp_path, **POSTGRES, **KAFKA), name)


def test_setting_up_without_servers_makes_keys_and_schemas_and_may_be_repeated(tmp_path: Path) -> None:
    first: list[str] = []
    inrichten(settings(tmp_path), -1, first.append)
    keys = {path.name: path.read_bytes() for path in (tmp_path / "sleutels").iterdir()}
    again: list[str] = []
    inrichten(settings(tmp_path), -1, again.append)
    assert first == again
    assert {path.name: path.read_bytes() for path in (tmp_path / "sleutels").iterdir()} == keys
    assert len(keys) == 3
    assert {path.stem for path in tmp_path.glob("*.sqlite")} == set(NAMES)


def test_an_administrator_alone_is_not_enough_and_what_misses_is_named(tmp_path: Path) -> None:
    beheer = {"PLEKREGIE_BEHEER_DATABASE_URL": "postgresql://beheer:x@127.0.0.1:9/postgres"}
    with pytest.raises(CanNotRun, match=r"PLEKREGIE_EIGENAAR_DATABASE_URL.*PLEKREGIE_TOEGANG_DATABASE_URL"):
        inrichten(settings(tmp_path, **beheer), -1, lambda _: None)


def test_kafka_that_does_not_answer_is_said_with_its_address(tmp_path: Path) -> None:
    with pytest.raises(CanNotRun, match=r"127\.0\.0\.1:9 antwoordt niet"):
        inrichten(settings(tmp_path, **KAFKA), -1, lambda _: None)
