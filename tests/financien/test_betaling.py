"""Rules of payments: what adds up, who may approve, what the bank's words do, and how it is booked (F-2, F-8, F-9)."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.financien.betaalgegevens.rules import (
    Betaalpunt,
    Doel,
    Nummerstatus,
    Rekeningnummer,
    TweedePersoonNodig,
    betaler,
    geldend,
    zelfde_persoon,
)
from services.financien.betaling.rules.boekingen import (
    Opdracht,
    aangeboden,
    boekdatum_bij_bank,
    teruggeboekt,
    uitgevoerd,
)
from services.financien.betaling.rules.samenstelling import OpenPost, kenmerk, omschrijving, stel_samen
from services.financien.betaling.rules.stappen import (
    BatchAlGoedgekeurd,
    BatchNietGoedgekeurd,
    Batchstatus,
    keur_bestand,
    keur_goed,
    na_uitslag,
)
from services.financien.betaling.rules.uitslag import (
    MISLUKT,
    NIEUW,
    Betaalstatus,
    Gevolg,
    Melding,
    Uitslag,
    gevolg,
    reden_in_woorden,
)
from services.financien.grootboek.rules import Journaalpost, Rekening
from shared.kernel.bedrag import Bedrag, som
from shared.kernel.periode import Maand

DAG = date(2026, 5, 15)
NIETS = Bedrag(0)
posten = st.lists(
    st.builds(
        OpenPost,
        post=st.uuids().map(str),
        nummer=st.integers(1, 9),
        gemeente=st.sampled_from(["0294", "1955"]),
        aanbieder=st.sampled_from(["42420001", "42420002"]),
        doel=st.sampled_from(Doel),
        subsegment=st.sampled_from(["54Z01", "54Z02", None]),
        maand=st.sampled_from([Maand(2026, 1), Maand(2026, 2), None]),
        bedrag=st.integers(-(10**9), 10**9).filter(bool).map(Bedrag),
    ),
    max_size=30,
)
uitslagen = st.lists(st.sampled_from(Uitslag), max_size=8)


@given(posten, st.randoms(use_true_random=False))
def test_payments_add_up_to_the_open_items_and_do_not_depend_on_their_order(open_posten: list[OpenPost], kans) -> None:  # type: ignore[no-untyped-def]
    samengesteld = stel_samen(open_posten, {"54Z01": "Verblijf"})
    assert som(betaling.bedrag for betaling in samengesteld) == som(post.bedrag for post in open_posten)
    paren = [(betaling.gemeente, betaling.aanbieder) for betaling in samengesteld]
    assert len(paren) == len(set(paren))
    genomen = Counter((post.post, post.nummer) for betaling in samengesteld for post in betaling.posten)
    assert genomen == Counter((post.post, post.nummer) for post in open_posten)
    for betaling in samengesteld:
        assert {(post.gemeente, post.aanbieder) for post in betaling.posten} == {
            (betaling.gemeente, betaling.aanbieder)
        }
        assert all(deel.bedrag != NIETS for deel in betaling.onderdelen)
        assert all((deel.segment == "Verblijf") == (deel.subsegment == "54Z01") for deel in betaling.onderdelen)
    geschud = list(open_posten)
    kans.shuffle(geschud)
    assert [b.onderdelen for b in stel_samen(geschud, {"54Z01": "Verblijf"})] == [b.onderdelen for b in samengesteld]


def _saldi(*boekstukken: Journaalpost) -> dict[tuple[str, Rekening], int]:
    gevonden: dict[tuple[str, Rekening], int] = {}
    for post in boekstukken:
        for boeking in post.boekingen:
            for rekening, cent in ((boeking.debet, boeking.bedrag.cent), (boeking.credit, -boeking.bedrag.cent)):
                gevonden[post.gemeente, rekening] = gevonden.get((post.gemeente, rekening), 0) + cent
    return {sleutel: cent for sleutel, cent in gevonden.items() if cent}


@given(posten, st.sampled_from(["0294", "1955"]))
def test_a_payment_moves_its_own_amount_and_no_more(open_posten: list[OpenPost], betaalt: str) -> None:
    for betaling in stel_samen(open_posten, {}):
        if not betaling.onderdelen:
            continue
        opdracht = Opdracht("b1", "b1", betaalt, betaling.gemeente, betaling.aanbieder, betaling.onderdelen)
        cent = betaling.bedrag.cent
        van = betaling.gemeente
        heen = _saldi(*aangeboden(opdracht, DAG))
        onderling = {} if van == betaalt else {(van, Rekening.REGIO): -cent, (betaalt, Rekening.REGIO): cent}
        verwacht = {(van, Rekening.TE_BETALEN): cent, (betaalt, Rekening.ONDERWEG): -cent, **onderling}
        assert heen == {sleutel: waarde for sleutel, waarde in verwacht.items() if waarde}
        betaald = _saldi(*aangeboden(opdracht, DAG), uitgevoerd(opdracht, DAG))
        assert (betaalt, Rekening.ONDERWEG) not in betaald
        assert betaald.get((betaalt, Rekening.BANK), 0) == -cent
        assert _saldi(uitgevoerd(opdracht, DAG), teruggeboekt(opdracht, DAG)) == {}


@given(uitslagen)
def test_whatever_the_bank_says_and_however_often_money_leaves_once_and_comes_back_once(reeks: list[Uitslag]) -> None:
    status, boekingen = Betaalstatus.AANGEBODEN, Counter[Gevolg]()
    for uitslag in reeks:
        voor = status
        wat = gevolg(status, Bedrag(100), Melding("k", uitslag))
        if wat not in (Gevolg.NIETS, Gevolg.STRIJDIG):
            status = NIEUW[uitslag]
            boekingen[wat] += 1
        assert voor not in MISLUKT or status == voor, "what is payable again is never paid by an old order"
    uit = boekingen[Gevolg.BOEK] + boekingen[Gevolg.BOEK_HEEN_EN_TERUG]
    terug = boekingen[Gevolg.BOEK_TERUG] + boekingen[Gevolg.BOEK_HEEN_EN_TERUG]
    vrij = terug + boekingen[Gevolg.DRAAI_TERUG]
    assert terug <= uit <= 1
    assert vrij == (1 if status in MISLUKT else 0)
    assert uit - terug == (1 if status is Betaalstatus.UITGEVOERD else 0)


@given(st.sampled_from(Betaalstatus), st.sampled_from(Uitslag), st.integers(1, 100))
def test_another_amount_or_a_double_is_never_booked(status: Betaalstatus, uitslag: Uitslag, cent: int) -> None:
    assert gevolg(status, Bedrag(cent), Melding("k", uitslag, bedrag=Bedrag(cent + 1))) is Gevolg.STRIJDIG
    for reden in ("AM05", "DUPL", "DU01", "DU04"):
        assert gevolg(status, Bedrag(cent), Melding("k", Uitslag.AFGEWEZEN, reden)) is Gevolg.STRIJDIG


@given(st.lists(st.sampled_from(["anna", "Anna ", "bert", " BERT", "carla"]), max_size=6))
def test_two_different_people_approve_or_there_is_no_file(mensen: list[str]) -> None:
    status, goed = Batchstatus.CONCEPT, []
    for naam in mensen:
        try:
            status = keur_goed(status, goed, naam)
        except TweedePersoonNodig:
            assert any(zelfde_persoon(naam, eerder) for eerder in goed)
        except BatchAlGoedgekeurd:
            assert status is Batchstatus.GOEDGEKEURD
        else:
            goed.append(naam)
    verschillend = {naam.strip().lower() for naam in mensen}
    assert (status is Batchstatus.GOEDGEKEURD) == (len(verschillend) >= 2)
    if status is Batchstatus.GOEDGEKEURD:
        assert keur_bestand(status, goed)
    else:
        with pytest.raises(BatchNietGoedgekeurd):
            keur_bestand(status, goed)


def test_an_approved_batch_with_one_person_under_two_names_gets_no_file() -> None:
    with pytest.raises(BatchNietGoedgekeurd):
        keur_bestand(Batchstatus.GOEDGEKEURD, ["anna", "ANNA"])


@pytest.mark.parametrize(
    ("betalingen", "status"),
    [
        ("uu", Batchstatus.VERWERKT),
        ("aa", Batchstatus.AFGEWEZEN),
        ("at", Batchstatus.AFGEWEZEN),
        ("ua", Batchstatus.DEELS_VERWERKT),
        ("ut", Batchstatus.DEELS_VERWERKT),
        ("ub", Batchstatus.AANGELEVERD),
        ("gb", Batchstatus.AANGELEVERD),
    ],
)
def test_a_batch_stands_where_its_payments_stand(betalingen: str, status: Batchstatus) -> None:
    letters = {
        "u": Betaalstatus.UITGEVOERD,
        "a": Betaalstatus.AFGEWEZEN,
        "t": Betaalstatus.TERUGGEBOEKT,
        "b": Betaalstatus.AANGEBODEN,
        "g": Betaalstatus.GEACCEPTEERD,
    }
    assert na_uitslag(Batchstatus.BESTAND_GEMAAKT, [letters[letter] for letter in betalingen]) is status


def test_the_number_in_use_is_the_last_confirmed_one_of_the_latest_date() -> None:
    def nummer(volgnummer: int, vanaf: date, status: Nummerstatus = Nummerstatus.GELDIG) -> Rekeningnummer:
        return Rekeningnummer(f"r{volgnummer}", volgnummer, f"NL{volgnummer}", "n", vanaf, status, "anna")

    mei, juni = date(2026, 5, 1), date(2026, 6, 1)
    nummers = [
        nummer(1, mei),
        nummer(2, mei),
        nummer(3, mei, Nummerstatus.VOORGESTELD),
        nummer(4, juni),
        nummer(5, juni, Nummerstatus.AFGEWEZEN),
    ]
    gevonden = [geldend(nummers, dag) for dag in (date(2026, 4, 30), mei, date(2026, 5, 31), juni)]
    assert [gekozen and gekozen.volgnummer for gekozen in gevonden] == [None, 2, 2, 4]


def test_a_gemeente_pays_itself_unless_it_named_a_payment_point() -> None:
    punten = {
        ("0294", Doel.BETALING): [Betaalpunt(1, "1955", date(2026, 5, 1)), Betaalpunt(2, "0294", date(2026, 7, 1))]
    }
    dagen = (date(2026, 4, 30), date(2026, 5, 1), date(2026, 6, 30), date(2026, 7, 1))
    assert [betaler(punten, "0294", Doel.BETALING, dag) for dag in dagen] == ["0294", "1955", "1955", "0294"]
    assert betaler(punten, "0294", Doel.AFREKENING, date(2026, 6, 1)) == "0294"


@given(posten)
def test_what_the_aanbieder_reads_fits_a_bank_statement(open_posten: list[OpenPost]) -> None:
    for betaling in stel_samen(open_posten, {}):
        assert len(omschrijving(f"Gemeente {betaling.gemeente}", betaling.onderdelen)) <= 140
        lang = omschrijving("Gemeente " + "Lang" * 40, betaling.onderdelen)
        assert len(lang) <= 140
        assert lang.endswith(omschrijving("", betaling.onderdelen)), "what it is for stays"


def test_a_name_for_the_bank_is_that_of_a_uuid_without_dashes() -> None:
    assert kenmerk("0199a1b2-0000-7000-8000-000000000001") == "0199a1b2000070008000000000000001"
    with pytest.raises(ValueError, match="kenmerk"):
        kenmerk("a" * 40)


@pytest.mark.parametrize(
    ("dag", "gesloten", "verwacht"),
    [
        (date(2026, 5, 13), None, date(2026, 5, 13)),
        (date(2026, 4, 30), Maand(2026, 4), DAG),
        (date(2026, 5, 1), Maand(2026, 4), date(2026, 5, 1)),
        (date(2026, 5, 16), None, DAG),
        (None, None, DAG),
    ],
)
def test_the_day_in_the_books_is_the_banks_while_its_month_is_open(
    dag: date | None, gesloten: Maand | None, verwacht: date
) -> None:
    assert boekdatum_bij_bank(dag, DAG, gesloten) == verwacht


def test_a_reason_is_told_in_plain_words_and_an_unknown_one_by_its_code() -> None:
    assert "opgeheven" in str(reden_in_woorden("AC04"))
    assert "ZZ99" in str(reden_in_woorden("ZZ99"))
    assert reden_in_woorden(None) is None
