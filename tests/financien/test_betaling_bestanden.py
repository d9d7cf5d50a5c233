"""The file for the bank and the files of the bank, by themselves: the schema, the characters, and what is no file."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from sepaxml.validation import try_valid_xml

from services.financien.betaling.bankbericht import Bankbericht, BankberichtOnbruikbaar, lees
from services.financien.betaling.bankbestand import (
    BestandOngeldig,
    Bestandsinhoud,
    Overboeking,
    bankteken,
    keur,
    schrijf,
)
from services.financien.betaling.rules.uitslag import Melding, Uitslag
from shared.kernel.bedrag import Bedrag
from tests.financien.betaalopstelling import (
    IBAN_AANBIEDER,
    IBAN_GEMEENTE,
    PAIN001,
    boeking,
    camt053,
    overboekingen,
    pain002,
)
from tests.voorbeelden import voorbeelden

EEN = Overboeking("k1", "De Plek", IBAN_AANBIEDER, Bedrag(5), "Gemeente 0294: voorschot 2026-05")
INHOUD = Bestandsinhoud(
    "b1",
    datetime(2026, 5, 15, 22, 30, tzinfo=UTC),
    date(2026, 5, 18),
    "Gemeente ’s-Gravenhage & Ommelanden",
    IBAN_GEMEENTE,
    "ABNANL2A",
    (EEN, replace(EEN, kenmerk="k2", bedrag=Bedrag(123_456_789))),
)
namen = st.text(min_size=1, max_size=90)


def _waarde(xml: bytes, pad: str) -> list[str]:
    namespaces = {"p": PAIN001.strip("{}")}
    return [str(element.text) for element in etree.fromstring(xml).iterfind(pad, namespaces)]


def test_the_same_batch_gives_the_same_bytes_with_our_own_names() -> None:
    xml = schrijf(INHOUD)
    assert schrijf(INHOUD) == xml
    try_valid_xml(xml, "pain.001.001.09")
    assert _waarde(xml, ".//p:MsgId") == ["b1"]
    assert _waarde(xml, ".//p:PmtInfId") == ["b1-1"]
    assert _waarde(xml, ".//p:CreDtTm") == ["2026-05-16T00:30:00"]
    assert _waarde(xml, ".//p:ReqdExctnDt/p:Dt") == ["2026-05-18"]
    assert _waarde(xml, ".//p:CtrlSum") == ["1234567.94"] * 2
    assert _waarde(xml, ".//p:BtchBookg") == ["false"]
    assert _waarde(xml, ".//p:Dbtr/p:Nm") == ["Gemeente 's-Gravenhage + Ommelanden"]
    assert [bedrag for _, _, bedrag in overboekingen(xml)] == ["0.05", "1234567.89"]
    assert b"PstlAdr" not in xml


def test_without_a_bic_the_file_says_so_and_keeps_to_the_schema() -> None:
    xml = schrijf(replace(INHOUD, bic=None))
    try_valid_xml(xml, "pain.001.001.09")
    assert _waarde(xml, ".//p:DbtrAgt//p:Id") == ["NOTPROVIDED"]


@voorbeelden(40)
@given(namen, namen)
def test_any_name_gives_a_file_that_keeps_to_the_schema(betaler: str, ontvanger: str) -> None:
    leesbaar = "".join(teken for teken in ontvanger if teken.isprintable()) or "x"
    eigen = "".join(teken for teken in betaler if teken.isprintable()) or "x"
    xml = schrijf(replace(INHOUD, naam=eigen, overboekingen=(replace(EEN, naam=leesbaar, omschrijving=leesbaar),)))
    for naam in _waarde(xml, ".//p:Nm"):
        assert re.fullmatch(r"[A-Za-z0-9/?:().,'+ -]{1,70}", naam)


@given(st.text())
def test_a_text_for_the_bank_has_only_its_characters_and_is_never_empty(tekst: str) -> None:
    gemaakt = bankteken(tekst)
    assert re.fullmatch(r"[A-Za-z0-9/?:().,'+ -]+", gemaakt)
    assert bankteken(gemaakt) == gemaakt
    assert "//" not in gemaakt


def test_a_file_that_breaks_the_schema_does_not_leave_and_names_no_account() -> None:
    kapot = etree.fromstring(schrijf(INHOUD).replace(IBAN_AANBIEDER.encode(), b"geen rekening"))
    with pytest.raises(BestandOngeldig) as fout:
        keur(kapot)
    assert "geen rekening" not in str(fout.value)


def test_a_status_report_is_read_per_payment_and_per_file() -> None:
    xml = pain002("m1", ("k1", "RJCT", "AC04"), ("k2", "ACSC", None), ("k3", "PART", None), groep="PART")
    assert lees(xml) == Bankbericht(
        "pain.002", (Melding("k1", Uitslag.AFGEWEZEN, "AC04"), Melding("k2", Uitslag.UITGEVOERD))
    )
    assert lees(pain002("m1", groep="RJCT")).meldingen == (Melding("m1", Uitslag.AFGEWEZEN, heel=True),)


def test_a_statement_is_read_debits_first_and_only_what_was_booked() -> None:
    niet_geboekt = boeking("k9", "1.00").replace("BOOK", "PDNG")
    bijschrijving = boeking("k8", "2.00", "CRDT")
    xml = camt053(boeking("k1", "3.10", "CRDT", terug="AC06"), boeking("k2", "4.5"), niet_geboekt, bijschrijving)
    dag = date(2026, 5, 15)
    assert lees(xml) == Bankbericht(
        "camt.053",
        (
            Melding("k2", Uitslag.UITGEVOERD, None, Bedrag(450), dag),
            Melding("k1", Uitslag.TERUGGEBOEKT, "AC06", Bedrag(310), dag),
        ),
        andere=1,
    )


def test_a_newer_version_of_a_statement_is_read_as_well() -> None:
    nieuw = camt053(boeking("k1", "3.10").replace("<Sts>BOOK</Sts>", "<Sts><Cd>BOOK</Cd></Sts>"))
    assert lees(nieuw.replace(b"camt.053.001.02", b"camt.053.001.08")).meldingen[0].kenmerk == "k1"


@pytest.mark.parametrize("bestand", [pain002("m1", ("k1", "RJCT", "AC04")), camt053(boeking("k1", "3.10"))])
@voorbeelden(60)
@given(plek=st.integers(0, 400), vervanging=st.binary(max_size=6))
def test_no_mutilated_file_is_a_mishap(bestand: bytes, plek: int, vervanging: bytes) -> None:
    # Anything else than a reading or this refusal fails here.
    with suppress(BankberichtOnbruikbaar):
        lees(bestand[:plek] + vervanging + bestand[plek + 3 :])
