"""The command: what it needs and says so, and where it goes on."""

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli import app
from deploy.simulatie.bedenken import KanNiet, Omvang, bedenk
from deploy.simulatie.metingen import Metingen
from deploy.simulatie.opdracht import adressen_van, benodigd, leesbaar
from deploy.simulatie.personen import client_van
from deploy.simulatie.sleutelbos import GeenTokens, Tokenbestand, naam_van
from deploy.simulatie.vergelijken import Vergelijking
from deploy.simulatie.voortgang import AndereSimulatie, Voortgang, als_waarheid, hervat, laatste_dag
from deploy.simulatie.waarheid import Waarheid
from deploy.simulatie.wereld import Wereld
from shared.kernel.rol import Rol


@pytest.fixture
def wereld() -> Wereld:
    return bedenk("klein", 1, Omvang(2, 2, 6, 60, date(2026, 8, 19)))


def draai(map: Path, *woorden: str) -> tuple[int, str]:
    omgeving = {"PLEKREGIE_DATA_DIR": str(map / "data"), "PLEKREGIE_PROEF": "true", "PLEKREGIE_VANDAAG": "2026-08-19"}
    uitkomst = CliRunner().invoke(
        app, ["simuleer", "--waarheid", str(map / "waar.json"), *woorden], env={**omgeving, "COLUMNS": "400"}
    )
    return uitkomst.exit_code, uitkomst.output


def test_without_keys_it_says_what_is_missing_and_makes_none(tmp_path: Path) -> None:
    code, tekst = draai(tmp_path)
    assert code == 2
    assert "geen sleutel" in tekst
    assert "--token-bestand" in tekst
    assert list(tmp_path.iterdir()) == []


def test_a_file_without_somebodys_token_names_whose(wereld: Wereld, tmp_path: Path) -> None:
    bestand = tmp_path / "tokens.json"
    bestand.write_text(json.dumps({"contractmanager": "x"}))
    nodig = list(benodigd(Waarheid(als_waarheid(wereld, Voortgang())), spelen=True))
    with pytest.raises(GeenTokens, match=r"ontbreken tokens: consulent/9\d{3}, .* en \d+ andere.*plekregie token"):
        Tokenbestand(bestand).keur(nodig)
    bestand.write_text(json.dumps({naam_van(*wie): "token" for wie in nodig}))
    Tokenbestand(bestand).keur(nodig)
    assert {rol for rol, _ in nodig} == {Rol.CONTRACTMANAGER, Rol.CONSULENT, Rol.CONTROLLER, Rol.AANBIEDER}


def test_what_is_no_token_file_or_no_truth_is_refused_in_words(tmp_path: Path) -> None:
    fout = tmp_path / "fout.json"
    fout.write_text("[1]")
    assert draai(tmp_path, "--token-bestand", str(fout)) == (
        2,
        f'{fout}: schrijf {{"rol/organisatie": "token"}}, bijvoorbeeld "consulent/9704".\n',
    )
    goed = tmp_path / "goed.json"
    goed.write_text("{}")
    code, tekst = draai(tmp_path, "--token-bestand", str(goed), "--vergelijk")
    assert (code, "niet te lezen als waarheid" in tekst) == (2, True)


def test_a_day_that_is_none_and_a_size_that_can_not_be_are_refused(tmp_path: Path) -> None:
    leeg = tmp_path / "leeg.json"
    leeg.write_text("{}")
    assert draai(tmp_path, "--tot", "31-12-2026")[0] == 2
    code, tekst = draai(tmp_path, "--token-bestand", str(leeg), "--clienten", "0")
    assert (code, "--clienten 0 kan niet" in tekst) == (2, True)


def test_where_the_truth_can_not_be_kept_nothing_is_played(wereld: Wereld, tmp_path: Path) -> None:
    with pytest.raises(KanNiet, match=r"kan niet worden geschreven. Kies met --waarheid"):
        hervat(wereld, tmp_path / "nergens" / "waar.json")


def test_one_address_or_one_for_each_service() -> None:
    assert adressen_van(["http://127.0.0.1:8000/"]) == "http://127.0.0.1:8000"
    diensten = ["toegang", "backoffice", "financien", "contractmanagement"]
    urls = [f"{naam}=http://{naam}:1/" for naam in diensten]
    assert adressen_van(urls) == {naam: f"http://{naam}:1" for naam in diensten}
    with pytest.raises(KanNiet, match="voor elke dienst een"):
        adressen_van(urls[:3])


def test_the_file_of_another_play_is_not_overwritten(wereld: Wereld, tmp_path: Path) -> None:
    bestand = tmp_path / "waar.json"
    eerst = hervat(wereld, bestand)
    eerst.gespeeld_tot = date(2026, 7, 3)
    eerst.nummers[wereld.trajecten[0].nummer] = "12"
    eerst.berichten["ABC"] = ("50000001", "305", "goedgekeurd")
    eerst.bewaar(eerst)
    weer = hervat(wereld, bestand)
    assert (weer.gespeeld_tot, weer.nummers, weer.berichten) == (eerst.gespeeld_tot, eerst.nummers, eerst.berichten)
    assert laatste_dag(bestand) == date(2026, 8, 19)
    assert laatste_dag(tmp_path / "geen.json") is None
    ander = bedenk("klein", 2, Omvang(2, 2, 6, 60, date(2026, 8, 19)))
    for inhoud in (bestand.read_text(), "[]", "geen JSON"):
        bestand.write_text(inhoud)
        with pytest.raises(AndereSimulatie, match="hoort bij een andere simulatie"):
            hervat(ander, bestand)
        assert bestand.read_text() == inhoud


def test_no_bsn_is_written_down(wereld: Wereld) -> None:
    tekst = json.dumps(als_waarheid(wereld, Voortgang()))
    bsns = {client_van(traject.persoon).bsn for traject in wereld.trajecten}
    assert len(bsns) > 3
    assert not [bsn for bsn in bsns if bsn in tekst]


def test_the_summary_counts_by_type_and_verdict_and_shows_every_difference() -> None:
    metingen = Metingen()
    for milliseconden in range(1, 101):
        metingen.duur("305", milliseconden / 1000)
    metingen.bericht("305", "goedgekeurd")
    metingen.bericht("305", "afgekeurd", ["9019"])
    metingen.onverwacht.append("305 van 50000001: afgekeurd (9019)")
    vergelijking = Vergelijking()
    vergelijking.houd("bezetting", "bezetting van X", 3, 3)
    vergelijking.houd("bezetting", "bezetting van Y", 3, 4)
    verslag = {
        "waarheid": "w.json",
        "trajecten": 1,
        **metingen.als_json(),
        "vergelijking": vergelijking.als_json(),
    }
    assert verslag["berichten"] == {"305": {"afgekeurd": 1, "goedgekeurd": 1}}
    assert verslag["aanroepen"] == {"305": {"aantal": 100, "p50Ms": 51.0, "p99Ms": 100.0}}
    assert verslag["retourcodes"] == {"9019": 1}
    assert not vergelijking.gelijk
    tekst = leesbaar(verslag)
    assert "305             1 afgekeurd, 1 goedgekeurd" in tekst
    assert "bezetting van Y: hier 3, in werkelijkheid 4" in tekst
    assert "1 berichten kregen een ander oordeel" in tekst
