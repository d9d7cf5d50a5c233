"""Corrections in general: whatever was settled before, afterwards the months stand as if settled once, with what is
known now (F-5, F-9)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.financien.afrekening.correctie import anders, verschil
from services.financien.afrekening.rules import (
    Instellingen,
    Verrekening,
    VerrekeningOntbreekt,
    afrekening,
    gekozen,
    kosten_per_maand,
    per_boekjaar,
)
from services.financien.afrekening.vaststelling import boekingen_van
from services.financien.afrekening.vordering import openstaand, posten_van
from services.financien.grootboek.rules import Boeking, Rekening
from services.financien.lumpsum.rules import Contractlijn, Tarief, voorschotten
from shared.kernel.bedrag import Bedrag, som
from shared.kernel.periode import Maand, maanden
from tests.voorbeelden import voorbeelden

BEGIN, EIND = Maand(2025, 9), Maand(2026, 4)
REEKS = maanden(BEGIN, EIND)
dagen = st.fixed_dictionaries({maand: st.integers(0, 5 * maand.dagen) for maand in REEKS})
delen = st.fractions(0, 2, max_denominator=20)
instellingen = st.builds(
    Instellingen, delen, st.none() | st.fractions(1, 2, max_denominator=20), st.none() | st.fractions(0, 1)
)
lijnen = st.builds(
    lambda plekken, prijs: Contractlijn(BEGIN, EIND, (Tarief(BEGIN, plekken, Bedrag(prijs)),)),
    st.fractions(0, 6, max_denominator=10),
    st.integers(0, 5_000_000),
)
keuzes = st.sampled_from([Verrekening.VERREKENEN, Verrekening.TERUGVORDEREN])
Row = dict[str, Any]


def _regel(lijn: Contractlijn, bezet: dict[Maand, int], afspraken: Instellingen, naam: str) -> Row:
    """A regel as the service makes it."""
    termijnen = voorschotten(lijn)
    uitkomst = afrekening(lijn, bezet, REEKS, som(termijnen.values()), afspraken)
    kosten = kosten_per_maand(lijn, bezet, termijnen, uitkomst, afspraken)
    return {
        "overeenkomst": "o1",
        "subsegment": naam,
        "gerealiseerd_cent": uitkomst.gerealiseerd.cent,
        "betaald_cent": uitkomst.betaald.cent,
        "eerder_cent": 0,
        "afrekening_cent": uitkomst.afrekening.cent,
        "maanden": [
            {
                "maand": str(maand),
                "betaald_cent": termijnen[maand].cent,
                "voorschot_cent": termijnen[maand].cent,
                "kosten_cent": kosten[maand].cent,
            }
            for maand in REEKS
        ],
    }


def _document(regels: list[Row], keuze: Verrekening, corrigeert: str | None = None) -> Row:
    totaal = Bedrag(sum(regel["afrekening_cent"] for regel in regels))
    verrekening = str(gekozen(totaal, keuze))
    return {"aanbieder": "42420001", "corrigeert": corrigeert, "verrekening": verrekening, "regels": regels}


def _stand(boekingen: Sequence[Boeking], *, naam: str | None = None, maand: Maand | None = None) -> dict[Rekening, int]:
    """Balance per account, of one sub-segment or month if asked; accounts at zero left out."""
    gevonden: dict[Rekening, int] = {}
    for boeking in boekingen:
        if naam in (None, boeking.subsegment) and maand in (None, boeking.maand):
            gevonden[boeking.debet] = gevonden.get(boeking.debet, 0) + boeking.bedrag.cent
            gevonden[boeking.credit] = gevonden.get(boeking.credit, 0) - boeking.bedrag.cent
    return {rekening: cent for rekening, cent in gevonden.items() if cent}


@voorbeelden(60)
@given(st.lists(lijnen, min_size=1, max_size=3), instellingen, st.data())
def test_after_any_corrections_the_books_are_those_of_one_settlement_with_what_is_known(
    reeks: list[Contractlijn], afspraken: Instellingen, data: st.DataObject
) -> None:
    """Also a lijn that came into being later, in the past, with the advances that were released for it."""
    namen = [f"54Z0{nummer}" for nummer in range(len(reeks))]
    bekend = data.draw(st.integers(1, len(reeks)))
    documenten: list[Row] = []
    nu: list[Row] = []
    for ronde in range(data.draw(st.integers(1, 4))):
        bekend = data.draw(st.integers(bekend, len(reeks)))
        paren = list(zip(reeks, namen, strict=True))[:bekend]
        nu = [_regel(lijn, data.draw(dagen), afspraken, naam) for lijn, naam in paren]
        regels = nu if ronde == 0 else verschil(nu, documenten)
        documenten.append(_document(regels, data.draw(keuzes), "eerste" if ronde else None))
    boekingen = [boeking for document in documenten for boeking in boekingen_van(document)]
    # The advances that were released before: each settlement starts from them.
    uitbetaald = sum(regel["betaald_cent"] for regel in nu)
    stand = _stand(boekingen)
    assert stand.get(Rekening.VOORSCHOTTEN, 0) == -uitbetaald
    assert -stand.get(Rekening.TE_BETALEN, 0) - stand.get(Rekening.TE_VORDEREN, 0) == sum(
        regel["afrekening_cent"] for regel in nu
    )
    for regel in nu:
        for deel in regel["maanden"]:
            maand = _stand(boekingen, naam=regel["subsegment"], maand=Maand.lees(deel["maand"]))
            assert maand.get(Rekening.LASTEN, 0) == deel["kosten_cent"]
    assert not anders(verschil(nu, documenten)), "nothing is left to correct"


@voorbeelden(40)
@given(st.lists(lijnen, min_size=1, max_size=3), instellingen, keuzes, st.data())
def test_the_outcome_of_a_settlement_stands_on_one_account(
    reeks: list[Contractlijn], afspraken: Instellingen, keuze: Verrekening, data: st.DataObject
) -> None:
    regels = [_regel(lijn, data.draw(dagen), afspraken, f"54Z0{n}") for n, lijn in enumerate(reeks)]
    document = _document(regels, keuze)
    stand = _stand(boekingen_van(document))
    totaal = sum(regel["afrekening_cent"] for regel in regels)
    claim = totaal < 0 and keuze is Verrekening.TERUGVORDEREN
    op, niet = (Rekening.TE_BETALEN, Rekening.TE_VORDEREN)[:: -1 if claim else 1]
    assert (-stand.get(op, 0), niet in stand) == (totaal, False)


@voorbeelden(40)
@given(lijnen, instellingen, dagen)
def test_financial_years_are_the_whole_to_the_cent(
    lijn: Contractlijn, afspraken: Instellingen, bezet: dict[Maand, int]
) -> None:
    regel = _regel(lijn, bezet, afspraken, "54Z01")
    jaren = per_boekjaar(
        (Maand.lees(deel["maand"]), Bedrag(deel["kosten_cent"]), Bedrag(deel["voorschot_cent"]))
        for deel in regel["maanden"]
    )
    assert [jaar.jaar for jaar in jaren] == [2025, 2026]
    assert som(jaar.afrekening for jaar in jaren).cent == regel["afrekening_cent"]
    assert som(jaar.voorschot for jaar in jaren).cent == regel["betaald_cent"]
    assert som(jaar.kosten for jaar in jaren) == som(Bedrag(deel["kosten_cent"]) for deel in regel["maanden"])


def test_a_line_or_month_that_is_gone_is_taken_back_whole() -> None:
    lijn = Contractlijn(BEGIN, EIND, (Tarief(BEGIN, Fraction(1), Bedrag(1_200_000)),))
    vol = {maand: maand.dagen for maand in REEKS}
    document = _document([_regel(lijn, vol, Instellingen(), "54Z01")], Verrekening.TERUGVORDEREN)
    (regel,) = verschil([], [document])
    assert (regel["afrekening_cent"], {deel["kosten_cent"] for deel in regel["maanden"]}) == (-800_000, {-100_000})
    korter = _regel(lijn, vol, Instellingen(), "54Z01")
    korter["maanden"] = korter["maanden"][:-1]
    (regel,) = verschil([korter], [document])
    assert [deel["kosten_cent"] for deel in regel["maanden"]] == [0] * 7 + [-100_000]
    assert [deel["maand"] for deel in regel["maanden"]] == [str(maand) for maand in REEKS]


def test_a_negative_outcome_is_never_paid_by_default() -> None:
    assert gekozen(Bedrag(0), None) is Verrekening.UITBETALEN
    assert gekozen(Bedrag(5), Verrekening.TERUGVORDEREN) is Verrekening.UITBETALEN
    assert gekozen(Bedrag(-5), Verrekening.VERREKENEN) is Verrekening.VERREKENEN
    for keuze in (None, Verrekening.UITBETALEN):
        with pytest.raises(VerrekeningOntbreekt):
            gekozen(Bedrag(-5), keuze)


@voorbeelden(40)
@given(st.lists(lijnen, min_size=1, max_size=3), st.data())
def test_a_claim_is_paid_back_in_any_parts_and_then_gone(reeks: list[Contractlijn], data: st.DataObject) -> None:
    regels = [_regel(lijn, data.draw(dagen), Instellingen(), f"54Z0{n}") for n, lijn in enumerate(reeks)]
    document: Row = {
        **_document(regels, Verrekening.TERUGVORDEREN),
        "id": "a1",
        "gemeente": "0294",
        "status": "vastgesteld",
        "begindatum": "b",
        "einddatum": "e",
        "stappen": [],
    }
    rest = max(-sum(regel["afrekening_cent"] for regel in regels), 0)
    assert openstaand(document).cent == rest
    while rest:
        deel = data.draw(st.integers(1, rest)) if len(document["stappen"]) < 4 else rest
        naam = data.draw(st.sampled_from(["ontvangen", "verrekend"]))
        stap = {"stap": naam, "bedrag": Bedrag(deel).als_euro(), "dag": "2026-05-15"}
        document["stappen"] = [*document["stappen"], stap]
        rest -= deel
        assert openstaand(document).cent == rest
    posten = posten_van(document)
    assert len({post.sleutel for post in posten}) == len(document["stappen"])
    alles = [*boekingen_van(document), *(boeking for post in posten for boeking in post.boekingen)]
    per_deel = [(regel["subsegment"], Maand.lees(deel["maand"])) for regel in regels for deel in regel["maanden"]]
    assert all(Rekening.TE_VORDEREN not in _stand(alles, naam=naam, maand=maand) for naam, maand in per_deel)
