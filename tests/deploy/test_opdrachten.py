"""The command line as a person types it: results on stdout, talk on stderr, exit codes that scripts can use."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from deploy.all_in_one import build, migrate
from deploy.serving import CanNotServe, alone
from services.backoffice.istandaarden.persoon import Client
from services.backoffice.istandaarden.schrijven import schrijf
from services.backoffice.istandaarden.start_stop import StartProduct, maak_startbericht
from shared.bus.port import Record
from shared.contracts.contractmanagement import SubsegmentVastgesteld
from shared.contracts.envelope import pack
from shared.privacy.vault import open_vault
from shared.runtime.settings import Settings, load_settings
from tests.deploy.opdrachtregel import plekregie

ROOT = Path(__file__).resolve().parents[2]
BERICHT = schrijf(
    maak_startbericht(
        "jeugdwet",
        afzender="42420001",
        ontvanger="0294",
        identificatie="CLI1",
        dagtekening=date(2026, 5, 4),
        client=Client("999900006", date(2010, 2, 14), "1", "Wit"),
        producten=(StartProduct("1", "54", "54Z01", date(2026, 1, 1), date(2026, 5, 1)),),
    )
)


@pytest.fixture
def omgeving(tmp_path: Path) -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PLEKREGIE_DATA_DIR": str(tmp_path / "data")}


def los(omgeving: dict[str, str], *woorden: str, code: int = 0) -> subprocess.CompletedProcess[bytes]:
    """As `plekregie`, in a process that has read nothing yet."""
    done = subprocess.run(
        [sys.executable, "-m", "deploy.cli", *woorden], cwd=ROOT, env=omgeving, capture_output=True, check=False
    )
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    return done


def instellingen(omgeving: dict[str, str]) -> Settings:
    return load_settings(omgeving)


def test_messages_are_judged_with_one_json_line_a_file_and_an_exit_code(
    omgeving: dict[str, str], tmp_path: Path
) -> None:
    map = tmp_path / "berichten"
    map.mkdir()
    (map / "a-goed.xml").write_bytes(BERICHT)
    (map / "b-bsn.xml").write_bytes(BERICHT.replace(b"999900006", b"999900007"))
    (map / "c-schema.xml").write_bytes(BERICHT.replace(b"Begindatum", b"Begin"))
    (map / "d-half.xml").write_bytes(BERICHT[:200])
    done = plekregie(omgeving, "bericht", "controleer", "--json", str(map), code=1)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["bericht"], line["oordeel"]) for line in lines] == [
        ("JW305", "goed"),
        ("JW305", "afgekeurd"),
        ("JW305", "schemafout"),
        (None, "onleesbaar"),
    ]
    assert all(set(line) == {"bestand", "bericht", "oordeel", "fouten"} for line in lines)
    (fout,) = lines[1]["fouten"]
    assert (fout["plaats"], fout["regel"], fout["retourcode"]) == ("Client/Bsn", "CS002", "0001")
    assert "999900007" not in fout["melding"]
    plekregie(omgeving, "bericht", "controleer", str(map / "a-goed.xml"))
    plekregie(omgeving, "bericht", "controleer", str(map / "nergens.xml"), code=2)


def test_many_messages_are_judged_in_order_by_several_processes(omgeving: dict[str, str], tmp_path: Path) -> None:
    map = tmp_path / "veel"
    map.mkdir()
    for number in range(70):
        (map / f"{number:03d}.xml").write_bytes(BERICHT if number % 7 else b"<x")
    done = los(omgeving, "bericht", "controleer", "--json", str(map), code=1)
    oordelen = [json.loads(line)["oordeel"] for line in done.stdout.splitlines()]
    assert oordelen == ["goed" if number % 7 else "onleesbaar" for number in range(70)]


def test_a_message_read_as_json_is_written_back_to_the_same_bytes(omgeving: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "in.xml").write_bytes(BERICHT)
    (tmp_path / "in.json").write_bytes(plekregie(omgeving, "bericht", "lees", str(tmp_path / "in.xml")).stdout)
    assert plekregie(omgeving, "bericht", "schrijf", str(tmp_path / "in.json")).stdout == BERICHT
    (tmp_path / "stuk.json").write_text("{")
    assert b"JSON" in plekregie(omgeving, "bericht", "schrijf", str(tmp_path / "stuk.json"), code=1).stderr


def test_a_token_says_what_its_role_needs(omgeving: dict[str, str]) -> None:
    token = los(omgeving, "token", "--rol", "consulent", "--gemeente", "0294").stdout.decode().strip()
    assert token.count(".") == 2
    refused = plekregie(omgeving, "token", "--rol", "consulent", code=2)
    assert b"--gemeente" in refused.stderr
    assert refused.stdout == b""


def test_a_wrong_setting_stops_the_start_and_says_what_is_allowed(omgeving: dict[str, str]) -> None:
    done = plekregie({**omgeving, "PLEKREGIE_PORT": "poort"}, "start", code=2)
    assert b"PLEKREGIE_PORT" in done.stderr
    assert b"65535" in done.stderr


@pytest.mark.slow
def test_migrating_is_safe_to_repeat_and_knows_its_services(omgeving: dict[str, str]) -> None:
    eerste = plekregie(omgeving, "migrate").stdout
    assert plekregie(omgeving, "migrate").stdout == eerste
    assert plekregie(omgeving, "migrate", "financien").stdout.startswith(b"financien")
    plekregie(omgeving, "migrate", "boekhouding", code=2)


def test_two_products_never_run_on_the_same_data(omgeving: dict[str, str]) -> None:
    settings = instellingen(omgeving)
    with alone(settings), pytest.raises(CanNotServe, match="al een Plekregie"), alone(settings):
        pass
    with alone(settings):
        pass


def park_one(settings: Settings) -> str:
    """Let backoffice meet an event that it can't handle, because a table is away."""

    async def run() -> str:
        product = build(settings)
        service = product.services["backoffice"]
        event = SubsegmentVastgesteld(
            code="54Z01",
            versie=1,
            naam="x",
            segment="y",
            wet="jeugdwet",
            productcategorie="54",
            bekostiging="lumpsum",
            met_toewijzing=True,
        )
        packed = pack(event, id="gebeurtenis-1", source="urn:test", time=datetime.now(UTC), cause=None)
        rename(settings, "subsegment", "weg")
        assert service.consumer is not None
        await service.consumer.deliver([Record(event.TOPIC, "54Z01", packed)])
        await product.stop()
        return "gebeurtenis-1"

    return asyncio.run(run())


def rename(settings: Settings, table: str, to: str) -> None:
    with sqlite3.connect(settings.data_dir / "backoffice.sqlite") as plain:
        plain.execute(f"ALTER TABLE {table} RENAME TO {to}")
    plain.close()


@pytest.mark.slow
def test_a_parked_event_is_listed_with_its_error_and_driven_again_when_the_cause_is_gone(
    omgeving: dict[str, str],
) -> None:
    settings = instellingen(omgeving)
    migrate(settings)
    identity = park_one(settings)
    (line,) = plekregie(omgeving, "gebeurtenissen", "lijst", "--json").stdout.splitlines()
    found = json.loads(line)
    assert (found["dienst"], found["gebeurtenis"]) == ("backoffice", identity)
    assert "subsegment" in found["fout"]

    again = plekregie(omgeving, "gebeurtenissen", "herstel", code=1)
    assert identity.encode() in again.stderr
    rename(settings, "weg", "subsegment")
    plekregie(omgeving, "gebeurtenissen", "herstel", identity)
    assert plekregie(omgeving, "gebeurtenissen", "lijst").stdout == b""
    assert b"opgelost" in plekregie(omgeving, "gebeurtenissen", "herstel").stderr
    with sqlite3.connect(settings.data_dir / "backoffice.sqlite") as plain:
        assert plain.execute("SELECT code FROM subsegment").fetchall() == [("54Z01",)]
    plain.close()


@pytest.mark.slow
def test_parked_events_are_looked_for_where_there_is_a_database_and_nothing_is_made(omgeving: dict[str, str]) -> None:
    settings = instellingen(omgeving)
    assert b"geen installatie" in plekregie(omgeving, "gebeurtenissen", "lijst", code=2).stderr
    migrate(settings, ("toegang",))
    open_vault(settings.keys)
    gezegd = plekregie(omgeving, "gebeurtenissen", "lijst").stderr.decode()
    assert "niets geparkeerd" in gezegd
    assert "Alleen van toegang" in gezegd
    weg = plekregie(omgeving, "gebeurtenissen", "lijst", "--dienst", "financien", code=2).stderr.decode()
    assert "geen database van financien" in weg
    assert "Kies uit: " in plekregie(omgeving, "gebeurtenissen", "herstel", "--dienst", "x", code=2).stderr.decode()
    assert [file.name for file in settings.data_dir.glob("*.sqlite")] == ["toegang.sqlite"]


@pytest.mark.slow
def test_a_backup_is_put_back_only_where_no_data_is_and_holds_no_keys(omgeving: dict[str, str], tmp_path: Path) -> None:
    settings = instellingen(omgeving)
    migrate(settings)
    park_one(settings)
    kopie = tmp_path / "kopie.tar.gz"
    plekregie(omgeving, "backup", str(kopie))
    assert b"bestaat al" in plekregie(omgeving, "backup", str(kopie), code=1).stderr
    assert b"al gegevens" in plekregie(omgeving, "herstel", str(kopie), code=1).stderr
    elders = {**omgeving, "PLEKREGIE_DATA_DIR": str(tmp_path / "elders"), "PLEKREGIE_KEYS_DIR": str(settings.keys)}
    plekregie(elders, "herstel", str(kopie))
    assert sorted(path.name for path in (tmp_path / "elders").iterdir()) == [
        "backoffice.sqlite",
        "contractmanagement.sqlite",
        "financien.sqlite",
        "toegang.sqlite",
    ]
    assert b"gebeurtenis-1" in plekregie(elders, "gebeurtenissen", "lijst").stdout
    (tmp_path / "vreemd.tar.gz").write_bytes(b"geen archief")
    leeg = {**omgeving, "PLEKREGIE_DATA_DIR": str(tmp_path / "leeg")}
    assert b"niet te lezen" in plekregie(leeg, "herstel", str(tmp_path / "vreemd.tar.gz"), code=1).stderr
