"""`plekregie gebeurtenissen` with the settings of one service and no other, as in a container."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.contracts.contractmanagement import SubsegmentVastgesteld
from shared.contracts.envelope import pack
from tests.e2e.inzage import InPostgres
from tests.e2e.kraamkamer import WORTEL
from tests.e2e.ondergrond import Ondergrond, ondergrond

pytestmark = [pytest.mark.distributed, pytest.mark.slow]
GEBEURTENIS = SubsegmentVastgesteld(
    code="54Z01",
    versie=1,
    naam="Jeugd-ggz",
    segment="1",
    wet="jeugdwet",
    productcategorie="54",
    bekostiging="lumpsum",
    met_toewijzing=True,
)
PARKEER = (
    "insert into geparkeerd (gebeurtenis, topic, sleutel, inhoud, fout, pogingen, geparkeerd_op)"
    " values (?, ?, ?, ?, 'te vroeg', 1, ?)"
)


@pytest.fixture(scope="module")
def op(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ondergrond]:
    with ondergrond(tmp_path_factory.mktemp("opdracht") / "data", postgres_url, "", topics=False) as made:
        yield made


@pytest.fixture
def inzage(op: Ondergrond) -> Iterator[InPostgres]:
    made = InPostgres(op.adres("eigenaar"))
    inhoud = pack(GEBEURTENIS, id="g-1", source="urn:test", time=datetime.now(UTC), cause=None)
    made.wijzig("backoffice", PARKEER, "g-1", GEBEURTENIS.TOPIC, "54Z01", inhoud, datetime.now(UTC))
    yield made
    made.wijzig("backoffice", "delete from geparkeerd")
    made.sluit()


def in_container(op: Ondergrond, dienst: str, map: Path) -> dict[str, str]:
    """What a container of one service is told: its own database, the keys, an empty folder for data."""
    eigen = {"PLEKREGIE_DATA_DIR": str(map), "PLEKREGIE_KEYS_DIR": str(op.map / "sleutels")}
    return {**op.diensten(dienst, kafka=False), **eigen}


def plekregie(woorden: list[str], omgeving: dict[str, str], code: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "deploy.cli", *woorden], cwd=WORTEL, env=omgeving, capture_output=True, text=True
    )
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    return done


def test_parked_events_are_listed_and_driven_again_with_the_settings_of_their_service_alone(
    op: Ondergrond, inzage: InPostgres, tmp_path: Path
) -> None:
    hier = in_container(op, "backoffice", tmp_path)
    gezien = plekregie(["gebeurtenissen", "lijst"], hier)
    assert gezien.stdout.startswith("backoffice  g-1")
    assert "Alleen van backoffice" in gezien.stderr
    assert all(naam in gezien.stderr for naam in ("toegang", "financien", "contractmanagement"))
    assert "1 opgelost, 0 opnieuw mislukt" in plekregie(["gebeurtenissen", "herstel"], hier).stderr
    assert inzage.vraag("backoffice", "select code from subsegment") == [("54Z01",)]
    assert "niets geparkeerd" in plekregie(["gebeurtenissen", "lijst", "--dienst", "backoffice"], hier).stderr
    assert list(tmp_path.iterdir()) == [], "no database was made beside the real one"


def test_what_is_not_here_is_refused_with_the_way_there(op: Ondergrond, tmp_path: Path) -> None:
    hier = in_container(op, "toegang", tmp_path)
    for woorden in (
        ["gebeurtenissen", "lijst", "--dienst", "backoffice"],
        ["gebeurtenissen", "herstel", "--dienst", "backoffice"],
    ):
        gezegd = plekregie(woorden, hier, code=2).stderr
        assert "geen database van backoffice" in gezegd
        assert "PLEKREGIE_BACKOFFICE_DATABASE_URL" in gezegd
    assert "geen database van financien" in plekregie(["grootboek", "controleer"], hier, code=2).stderr
    financien = in_container(op, "financien", tmp_path)
    assert "PLEKREGIE_KAFKA_BOOTSTRAP_SERVERS" in plekregie(["herbouw", "financien"], financien, code=1).stderr
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_does_not_answer_is_named(op: Ondergrond, tmp_path: Path) -> None:
    nergens = {"PLEKREGIE_BACKOFFICE_DATABASE_URL": "postgresql://a:b@127.0.0.1:1/x"}
    weg = in_container(op, "backoffice", tmp_path) | nergens
    for wat in ("lijst", "herstel"):
        assert "De database van backoffice antwoordt niet" in plekregie(["gebeurtenissen", wat], weg, code=2).stderr
