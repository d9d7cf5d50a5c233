"""The ledger as rules: zero-sum by what a booking is, a chain that shows tampering, closing, settlement, export."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.financien.grootboek.csv import als_csv
from services.financien.grootboek.rules import (
    Boeking,
    Geboekt,
    Journaalpost,
    Oorzaak,
    PeriodeGesloten,
    Rekening,
    boekdatum_in,
    geketend,
    herroep,
)
from services.financien.grootboek.rules.afrekening import afgerekend
from services.financien.grootboek.rules.keten import BEGIN, eerste_breuk
from services.financien.grootboek.rules.periode import PeriodeLooptNog, keur_afsluiting, keur_boekdatum
from services.financien.grootboek.rules.rubriek import OVERIG, Rubriek, RubriekOntbreekt, journaalregels, rubriek_van
from services.financien.grootboek.rules.saldo import saldi
from shared.kernel.bedrag import Bedrag, som
from shared.kernel.periode import Maand, maanden
from tests.voorbeelden import voorbeelden

JANUARI = Maand(2026, 1)
MOMENT = datetime(2026, 1, 1, 12, tzinfo=UTC)
meerdere = voorbeelden(40)
bedragen = st.integers(1, 10**12).map(Bedrag)
dagen = st.integers(0, 700).map(lambda n: date(2026, 1, 1) + timedelta(days=n))


@st.composite
def boekingen(draw: st.DrawFn) -> Boeking:
    debet, credit = draw(st.lists(st.sampled_from(Rekening), min_size=2, max_size=2, unique=True))
    return Boeking(
        debet,
        credit,
        draw(bedragen),
        draw(st.sampled_from([None, "42420001", "42420002"])),
        draw(st.sampled_from([None, "54Z01", "54Z02"])),
        draw(st.sampled_from([None, JANUARI, Maand(2026, 7)])),
    )


@st.composite
def posten(draw: st.DrawFn) -> Journaalpost:
    return Journaalpost(
        "0294",
        draw(dagen),
        "proef",
        draw(st.text(max_size=10)),
        Oorzaak("proef", draw(st.text(max_size=5))),
        draw(st.uuids().map(str)),
        tuple(draw(st.lists(boekingen(), min_size=1, max_size=3))),
    )


def keten_van(reeks: list[Journaalpost]) -> list[Geboekt]:
    gemaakt: list[Geboekt] = []
    for nummer, post in enumerate(reeks, start=1):
        vorige = gemaakt[-1].hash if gemaakt else BEGIN
        gemaakt.append(
            geketend(post, id=f"p{nummer}", volgnummer=nummer, persoon="wie", vastgelegd_op=MOMENT, vorige=vorige)
        )
    return gemaakt


def breuk(keten: list[Geboekt], hoofd: Geboekt) -> int | None:
    gevonden = eerste_breuk(keten, volgnummer=hoofd.volgnummer, hash=hoofd.hash)
    return None if gevonden is None else gevonden.volgnummer


ketens = st.lists(posten(), min_size=1, max_size=4).map(keten_van)
enkele = voorbeelden(15)  # the fields are the cases here; which chain they stand in matters little


@pytest.mark.parametrize("cent", [0, -1])
def test_nothing_and_less_than_nothing_is_no_booking(cent: int) -> None:
    with pytest.raises(ValueError, match="ten minste een cent"):
        Boeking(Rekening.LASTEN, Rekening.BANK, Bedrag(cent))


def test_an_account_does_not_book_to_itself_and_a_post_is_not_empty() -> None:
    with pytest.raises(ValueError, match="naar een andere"):
        Boeking(Rekening.BANK, Rekening.BANK, Bedrag(1))
    with pytest.raises(ValueError, match="ten minste een boeking"):
        Journaalpost("0294", MOMENT.date(), "proef", "", Oorzaak("proef", "1"), "1", ())


@meerdere
@given(st.lists(posten(), max_size=8), dagen)
def test_balances_add_up_to_zero_on_every_day(reeks: list[Journaalpost], peildatum: date) -> None:
    assert som(saldi(reeks, peildatum).values()) == Bedrag(0)


@meerdere
@given(st.lists(posten(), min_size=1, max_size=6))
def test_undoing_every_post_brings_every_balance_back_to_zero(reeks: list[Journaalpost]) -> None:
    laatste = max(post.boekdatum for post in reeks)
    terug = [herroep(geboekt, laatste, Oorzaak("fout", "1"), "Fout") for geboekt in keten_van(reeks)]
    assert set(saldi([*reeks, *terug], laatste).values()) == {Bedrag(0)}
    assert [post.herroept for post in terug] == [f"p{nummer}" for nummer in range(1, len(reeks) + 1)]


@meerdere
@given(ketens)
def test_an_untouched_chain_has_no_break(keten: list[Geboekt]) -> None:
    assert breuk(keten, keten[-1]) is None


@meerdere
@given(ketens, st.data())
def test_a_changed_amount_is_found_at_its_post(keten: list[Geboekt], data: st.DataObject) -> None:
    plaats = data.draw(st.integers(0, len(keten) - 1))
    eerste, *rest = keten[plaats].post.boekingen
    anders = replace(keten[plaats].post, boekingen=(replace(eerste, bedrag=eerste.bedrag + Bedrag(1)), *rest))
    vals = [*keten[:plaats], replace(keten[plaats], post=anders), *keten[plaats + 1 :]]
    assert breuk(vals, keten[-1]) == plaats + 1


CHANGES: dict[str, Any] = {
    "boekdatum": date(2025, 12, 31),
    "soort": "anders",
    "omschrijving": "iets anders dan tien",
    "oorzaak": Oorzaak("anders", "x"),
    "sleutel": "anders",
    "gemeente": "1955",
    "herroept": "p9",
}


@pytest.mark.parametrize("veld", CHANGES)
@enkele
@given(keten=ketens)
def test_every_field_of_a_post_is_guarded(veld: str, keten: list[Geboekt]) -> None:
    vals = [replace(keten[0], post=replace(keten[0].post, **{veld: CHANGES[veld]})), *keten[1:]]
    assert breuk(vals, keten[-1]) == 1


@pytest.mark.parametrize(
    ("veld", "waarde"), [("persoon", "een ander"), ("vastgelegd_op", MOMENT + timedelta(microseconds=1)), ("id", "q")]
)
@enkele
@given(keten=ketens)
def test_who_when_and_under_which_id_is_guarded_as_well(veld: str, waarde: object, keten: list[Geboekt]) -> None:
    assert breuk([replace(keten[0], **{veld: waarde}), *keten[1:]], keten[-1]) == 1  # type: ignore[arg-type]  # by name


@meerdere
@given(ketens, st.data())
def test_a_removed_post_is_found_where_it_is_missing(keten: list[Geboekt], data: st.DataObject) -> None:
    plaats = data.draw(st.integers(0, len(keten) - 1))
    assert breuk([*keten[:plaats], *keten[plaats + 1 :]], keten[-1]) == plaats + 1


@meerdere
@given(st.lists(posten(), min_size=2, max_size=6).map(keten_van), st.data())
def test_posts_that_changed_places_are_found(keten: list[Geboekt], data: st.DataObject) -> None:
    plaats = data.draw(st.integers(0, len(keten) - 2))
    een, ander = keten[plaats], keten[plaats + 1]
    wissel = [replace(ander, volgnummer=een.volgnummer), replace(een, volgnummer=ander.volgnummer)]
    assert breuk([*keten[:plaats], *wissel, *keten[plaats + 2 :]], keten[-1]) == plaats + 1


@meerdere
@given(ketens)
def test_a_post_that_was_made_to_fit_again_still_misses_the_head(keten: list[Geboekt]) -> None:
    anders = replace(keten[-1].post, omschrijving="iets anders dan tien")
    vals = keten_van([*(geboekt.post for geboekt in keten[:-1]), anders])
    assert breuk(vals, keten[-1]) == len(keten)


def test_a_closed_month_refuses_and_names_the_first_open_one() -> None:
    keur_boekdatum(date(2026, 4, 1), Maand(2026, 3))
    keur_boekdatum(date(2020, 1, 1), None)
    with pytest.raises(PeriodeGesloten, match="eerste open maand is 2026-04"):
        keur_boekdatum(date(2026, 3, 31), Maand(2026, 3))


def test_what_is_late_is_booked_on_the_first_open_day() -> None:
    assert boekdatum_in(Maand(2026, 2), Maand(2026, 3)) == date(2026, 4, 1)
    assert boekdatum_in(Maand(2026, 4), Maand(2026, 3)) == date(2026, 4, 1)
    assert boekdatum_in(Maand(2026, 2), None) == date(2026, 2, 1)


def test_only_a_month_that_is_over_and_open_can_be_closed() -> None:
    keur_afsluiting(Maand(2026, 3), date(2026, 4, 1), Maand(2026, 2))
    with pytest.raises(PeriodeLooptNog):
        keur_afsluiting(Maand(2026, 3), date(2026, 3, 31), None)
    with pytest.raises(PeriodeGesloten):
        keur_afsluiting(Maand(2026, 3), date(2026, 5, 1), Maand(2026, 3))


@meerdere
@given(st.lists(st.integers(0, 10**9).map(Bedrag), min_size=1, max_size=15), st.integers(0, 10**10).map(Bedrag))
def test_a_settlement_turns_advances_into_cost_per_month_and_leaves_one_debt(
    kosten: list[Bedrag], betaald: Bedrag
) -> None:
    reeks = maanden(JANUARI, Maand(2027, 12))
    per_maand = dict(zip(reeks, kosten, strict=False))
    voorschot = [Boeking(Rekening.VOORSCHOTTEN, Rekening.TE_BETALEN, betaald)] if betaald.cent else []
    geboekt = afgerekend("42420001", "54Z01", per_maand, betaald)
    alles = [*voorschot, *geboekt]
    if not alles:
        return
    stand = saldi([Journaalpost("0294", MOMENT.date(), "p", "", Oorzaak("p", "1"), "1", tuple(alles))], MOMENT.date())
    niets = Bedrag(0)
    assert stand.get(Rekening.VOORSCHOTTEN, niets) == niets
    assert stand.get(Rekening.LASTEN, niets) == som(kosten)
    verschil = som(kosten) - betaald
    assert stand.get(Rekening.TE_VORDEREN, niets) == max(-verschil, niets)
    assert -stand.get(Rekening.TE_BETALEN, niets) - betaald == max(verschil, niets)
    for maand, bedrag in per_maand.items():
        assert som(b.bedrag for b in geboekt if b.debet is Rekening.LASTEN and b.maand == maand) == bedrag


def test_the_rubriek_of_the_books_of_that_day_holds_and_overig_stands_in() -> None:
    oud, nieuw = (Rubriek("54Z01", date(jaar, 1, 1), f"6.7{jaar % 10}", "K") for jaar in (2025, 2026))
    overig = Rubriek(OVERIG, date(2025, 1, 1), "6.99", "K")
    alle = (nieuw, overig, oud)
    assert rubriek_van(alle, "54Z01", date(2025, 12, 31)) is oud
    assert rubriek_van(alle, "54Z01", date(2026, 1, 1)) is nieuw
    assert rubriek_van(alle, "54Z02", date(2026, 1, 1)) is overig
    with pytest.raises(RubriekOntbreekt, match="54Z01"):
        rubriek_van(alle, "54Z01", date(2024, 12, 31))


@meerdere
@given(ketens)
def test_exported_lines_balance_and_only_cost_has_a_rubriek(keten: list[Geboekt]) -> None:
    regels = list(journaalregels(keten, [Rubriek(OVERIG, date(2000, 1, 1), "6.72", "K")]))
    assert som(r.debet for r in regels if r.debet) == som(r.credit for r in regels if r.credit)
    assert {r.rekening is Rekening.LASTEN for r in regels if r.rubriek} <= {True}
    assert all(r.rubriek for r in regels if r.rekening is Rekening.LASTEN)


def test_a_text_in_the_export_is_never_a_formula() -> None:
    boeking = Boeking(Rekening.TE_BETALEN, Rekening.BANK, Bedrag(123456))
    post = Journaalpost("0294", MOMENT.date(), "proef", "=1+1;x", Oorzaak("proef", "1"), "1", (boeking,))
    kop, debet, credit = als_csv(journaalregels(keten_van([post]), ())).decode("utf-8-sig").splitlines()
    assert kop.startswith("gemeente;volgnummer;boekdatum")
    assert '"\'=1+1;x"' in debet
    assert (";1234,56;;" in debet, ";;1234,56;" in credit) == (True, True)
