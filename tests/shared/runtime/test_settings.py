"""What is unknown or malformed stops the start, and the message says which setting, which value, and what may be."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from shared.database.engines import Address, address_of
from shared.runtime.settings import Settings, SettingsError, load_settings


def test_without_anything_the_defaults_hold() -> None:
    settings = load_settings({})
    assert (settings.host, settings.port, settings.proef, settings.vandaag) == ("127.0.0.1", 8000, False, None)
    assert (settings.data_dir, settings.keys) == (Path("data"), Path("data/sleutels"))


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("PLEKREGIE_PORT", "tachtig", "1 tot en met 65535"),
        ("PLEKREGIE_PORT", "0", "1 tot en met 65535"),
        ("PLEKREGIE_PORT", "65536", "1 tot en met 65535"),
        ("PLEKREGIE_PORT", "", "1 tot en met 65535"),
        ("PLEKREGIE_OIN", "123", "20 cijfers"),
        ("PLEKREGIE_PROEF", "misschien", "true of false"),
        ("PLEKREGIE_VANDAAG", "morgen", "JJJJ-MM-DD"),
        ("PLEKREGIE_VANDAAG", "2026-02-30", "JJJJ-MM-DD"),
        ("PLEKREGIE_VANDAAG", "0", "JJJJ-MM-DD"),
        ("PLEKREGIE_VANDAAG", "2026-01-01T00:00", "JJJJ-MM-DD"),
        ("PLEKREGIE_WACHTTIJD_WERKDAGEN", "-1", "0 tot 30"),
        ("PLEKREGIE_DATABASE_URL", "mysql://db/plekregie", "postgresql://"),
        ("PLEKREGIE_DATABASE_URL", "postgresql://db", "postgresql://"),
        ("PLEKREGIE_FINANCIEN_DATABASE_URL", "financien", "postgresql://"),
        ("PLEKREGIE_KAFKA_BOOTSTRAP_SERVERS", "kafka", "server:9092"),
        ("PLEKREGIE_KAFKA_BOOTSTRAP_SERVERS", "kafka:9092;other:9092", "server:9092"),
        ("PLEKREGIE_TOEGANG_URL", "toegang:8000", "http://toegang:8000"),
    ],
)
def test_a_malformed_setting_is_refused_with_its_name_its_value_and_what_is_allowed(
    name: str, value: str, allowed: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings({name: value})
    assert f"{name}={value!r}" in str(refused.value)
    assert allowed in str(refused.value)


def test_every_malformed_setting_is_named_at_once() -> None:
    with pytest.raises(SettingsError, match=r"PLEKREGIE_PORT=.*PLEKREGIE_OIN="):
        load_settings({"PLEKREGIE_PORT": "x", "PLEKREGIE_OIN": "y"})


def test_an_unknown_setting_is_refused_and_the_known_ones_are_listed() -> None:
    with pytest.raises(SettingsError, match=r"PLEKREGIE_PROT='8080'.*PLEKREGIE_PORT"):
        load_settings({"PLEKREGIE_PROT": "8080"})


def test_settings_of_others_and_of_the_tests_are_left_alone() -> None:
    others = {"PATH": "/bin", "PORT": "x", "PLEKREGIE_TEST_BROWSER": "1", "PLEKREGIE_SHARED": "/elsewhere"}
    assert load_settings(others) == load_settings({})


def test_a_password_never_ends_up_in_the_message() -> None:
    for name in ("PLEKREGIE_DATABASE_URL", "PLEKREGIE_TOEGANG_DATABASE_URL"):
        with pytest.raises(SettingsError) as refused:
            load_settings({name: "postgrez://plek:ge@heim@db/x"})
        assert "heim" not in str(refused.value)
        assert name in str(refused.value)


def test_a_fixed_today_is_for_trials_only() -> None:
    assert load_settings({"PLEKREGIE_PROEF": "true", "PLEKREGIE_VANDAAG": "2026-05-01"}).vandaag == date(2026, 5, 1)
    assert load_settings({"PLEKREGIE_PROEF": "true", "PLEKREGIE_VANDAAG": ""}).vandaag is None
    for proef in ({}, {"PLEKREGIE_PROEF": "false"}):
        with pytest.raises(SettingsError, match=r"PLEKREGIE_VANDAAG='2026-05-01'.*PLEKREGIE_PROEF=true"):
            load_settings({"PLEKREGIE_VANDAAG": "2026-05-01", **proef})


def test_the_env_file_counts_and_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("PLEKREGIE_PORT=8001\nPLEKREGIE_HOST=0.0.0.0\nCOMPOSE_PROJECT_NAME=x\n")
    monkeypatch.setenv("PLEKREGIE_PORT", "8002")
    settings = load_settings()
    assert (settings.port, settings.host) == (8002, "0.0.0.0")


@pytest.mark.parametrize(
    ("line", "said"), [("PLEKREGIE_PROT=1", "PLEKREGIE_PROT='1'"), ("PLEKREGIE_PORT=x", "PLEKREGIE_PORT='x'")]
)
def test_the_env_file_is_judged_as_strictly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text(f"{line}\n")
    with pytest.raises(SettingsError, match=said):
        load_settings()


def test_given_settings_are_all_that_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLEKREGIE_PORT", "8002")
    assert load_settings({"PLEKREGIE_HOST": "::1"}).port == 8000
    assert load_settings({"PLEKREGIE_HOST": "::1"}).host == "::1"


def test_every_setting_is_documented() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_the_servers_of_the_distributed_mode_are_read() -> None:
    settings = load_settings(
        {
            "PLEKREGIE_DATABASE_URL": "postgresql://u:p@db:5432/plekregie",
            "PLEKREGIE_TOEGANG_DATABASE_URL": "postgresql://t:p@db:5432/plekregie",
            "PLEKREGIE_KAFKA_BOOTSTRAP_SERVERS": "een:9092,twee:9092",
            "PLEKREGIE_TOEGANG_URL": "http://toegang:8000/",
        }
    )
    assert address_of(settings, "toegang") == Address("postgresql://t:p@db:5432/plekregie", "toegang")
    assert address_of(settings, "financien") == Address("postgresql://u:p@db:5432/plekregie", "financien")
    assert settings.toegang_url == "http://toegang:8000"
