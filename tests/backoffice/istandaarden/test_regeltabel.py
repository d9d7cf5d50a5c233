"""docs/regels.md: made from the code, complete, and true about what it names."""

import csv
import re
from importlib import import_module
from pathlib import Path

import pytest

from services.backoffice.istandaarden.regeltabel import Regelrij, als_markdown, geregistreerd, rijen
from tests.backoffice.istandaarden.standaard import Standaard

ROOT = Path(__file__).resolve().parents[3]
RIJEN = {rij.regel: rij for rij in rijen()}
HOE = {"schema", "within", "across", "process", "not applicable"}


@pytest.fixture(scope="module")
def feiten(standaard: Standaard) -> dict[str, dict[str, str]]:
    with (standaard.pad / "facts" / "rules.csv").open(encoding="utf-8", newline="") as bestand:
        return {rij["rule_id"]: rij for rij in csv.DictReader(bestand)}


def test_the_committed_table_is_the_generated_one() -> None:
    assert (ROOT / "docs" / "regels.md").read_text(encoding="utf-8") == als_markdown()


def test_the_table_holds_every_rule_of_the_standards_and_no_other(feiten: dict[str, dict[str, str]]) -> None:
    assert len(rijen()) == len(RIJEN) == 286
    assert list(RIJEN) == list(feiten)
    for regel, feit in feiten.items():
        assert RIJEN[regel].berichten.split() == feit["messages"].split(";")
        assert RIJEN[regel].standaarden == {"iJw+iWmo": "both"}.get(feit["standards"], feit["standards"])


def test_every_rule_within_one_message_is_enforced_or_says_why_not(feiten: dict[str, dict[str, str]]) -> None:
    binnen = {regel for regel, feit in feiten.items() if feit["scope"] == "within"}
    zonder = {regel for regel in binnen if not RIJEN[regel].waar}
    assert zonder == {"IV033", "IV047"}
    assert {RIJEN[regel].hoe for regel in zonder} == {"not applicable"}
    assert {rij.regel for rij in rijen() if rij.hoe == "within"} <= binnen
    assert set(geregistreerd()) <= binnen


def test_every_element_rule_within_one_message_binds_the_messages_that_the_standard_names(
    feiten: dict[str, dict[str, str]],
) -> None:
    from services.backoffice.istandaarden.regels import toegepaste_regels

    for regel, feit in feiten.items():
        if feit["scope"] == "within" and feit["kind"] in ("TR", "CD", "CS"):
            berichten = {"301", "305", "307", "315", "317", "319", "323", "325"}
            assert {nummer for nummer in berichten if regel in toegepaste_regels(nummer)} == set(
                feit["messages"].split(";")
            ), regel


@pytest.mark.parametrize("rij", rijen(), ids=RIJEN)
def test_what_a_row_names_exists(rij: Regelrij) -> None:
    assert rij.hoe in HOE
    assert rij.waar or rij.uitleg or rij.hoe == "schema"
    for naam in rij.waar.split() if "." in rij.waar else ():
        _zoek(naam if naam.startswith("services.") else f"services.backoffice.istandaarden.regels.{naam}")
    if "." not in rij.waar and rij.waar not in ("", "later, level 3"):
        assert rij.waar in RIJEN
    if rij.toets != "-":
        bestand, naam, geval = re.fullmatch(r"(.+)::(\w+)(?:\[(\w+)\])?", rij.toets).groups()  # type: ignore[union-attr]
        bron = (ROOT / bestand).read_text(encoding="utf-8")
        assert f"def {naam}(" in bron
        assert geval is None or f'"{geval}"' in bron
    elif rij.hoe in ("schema", "within"):
        pytest.fail("geen toets")


def _zoek(naam: str) -> None:
    module, _, functie = naam.rpartition(".")
    if not hasattr(import_module(module), functie):
        import_module(naam)


def test_every_rule_of_level_2_has_a_test_that_bears_its_name() -> None:
    binnen = [rij for rij in rijen() if rij.hoe == "within"]
    assert set(geregistreerd()) <= {rij.regel for rij in binnen}
    for rij in binnen:
        assert f"::test_{rij.regel.lower()}_" in rij.toets, rij.regel


def test_rules_that_no_code_enforces_say_so() -> None:
    for rij, tekst in zip(rijen(), als_markdown().splitlines()[-len(rijen()) :], strict=True):
        assert (
            ("**not enforced yet**" in tekst)
            == rij.waar.startswith("later")
            == (rij.hoe == "across" and not rij.toets.startswith("tests/"))
        )
