"""The one reden that means temporary, held against both published code lists."""

import csv
from pathlib import Path

import pytest

from services.backoffice.levering.feiten import REDEN_TIJDELIJK


@pytest.mark.parametrize("lijst", ["JZ588", "WMO588"])
def test_only_reden_20_is_temporary_in_jeugdwet_and_wmo(gedeeld: Path, lijst: str) -> None:
    bestand = gedeeld / "istandaarden" / "facts" / "codelists" / f"{lijst}.csv"
    with bestand.open(encoding="utf-8", newline="") as regels:
        tijdelijk = [regel["code"] for regel in csv.DictReader(regels) if "tijdelijk" in regel["label"].lower()]
    assert tijdelijk == [REDEN_TIJDELIJK]
