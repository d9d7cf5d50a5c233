"""A region from a seed: the same each time, as big as asked, and full of what goes wrong in a real one."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import combinations

import pytest

from deploy.simulatie import bedenken, personen
from deploy.simulatie.bedenken import KanNiet, Omvang, bedenk
from deploy.simulatie.berichten import maak
from deploy.simulatie.personen import client_van
from deploy.simulatie.trajecten import DAG
from deploy.simulatie.wereld import FOUT, Traject, Variant, Wereld
from services.backoffice.istandaarden.controle import beoordeel
from shared.kernel.bsn import is_test_bsn

TOT = date(2026, 8, 19)
OMVANG = Omvang(8, 3, 120, 365, TOT)


@pytest.fixture(scope="module")
def wereld() -> Wereld:
    return bedenk("proef", 7, OMVANG)


def berichten(wereld: Wereld) -> Iterator[tuple[Traject, Variant, str, bytes]]:
    """Every message: whose, what is special, its identification, its bytes."""
    for traject in wereld.trajecten:
        for volgnummer, zending in enumerate(traject.post):
            eerste = volgnummer - (zending.variant is Variant.HERHALING)
            naam = wereld.identificatie(traject, eerste)
            yield traject, zending.variant, naam, maak(wereld, traject, zending, str(1000 + traject.nummer), naam)


def test_the_same_seed_and_name_give_the_same_region_to_the_last_byte(wereld: Wereld) -> None:
    again = bedenk("proef", 7, OMVANG)
    assert again == wereld
    assert list(berichten(again)) == list(berichten(wereld))


@pytest.mark.parametrize(("naam", "zaad"), [("proef", 8), ("anders", 7)])
def test_another_seed_or_name_is_another_region_that_gets_in_nobodys_way(wereld: Wereld, naam: str, zaad: int) -> None:
    ander = bedenk(naam, zaad, OMVANG)
    assert ander.merk != wereld.merk
    assert not {o.aanbieder for o in ander.overeenkomsten} & {o.aanbieder for o in wereld.overeenkomsten}
    assert not {n for _, _, n, _ in berichten(ander)} & {n for _, _, n, _ in berichten(wereld)}


def test_a_right_message_is_right_and_a_wrong_one_is_wrong_in_its_own_way(wereld: Wereld) -> None:
    verwacht = {Variant.SCHEMAFOUT: "schemafout", Variant.REGELFOUT: "afgekeurd"}
    gezien = Counter(variant for _, variant, _, _ in berichten(wereld))
    assert set(gezien) == set(Variant)
    for traject, variant, _, inhoud in berichten(wereld):
        oordeel = beoordeel(inhoud)
        assert oordeel.oordeel == verwacht.get(variant, "goed"), (traject, variant, oordeel.fouten)


def test_no_identification_is_used_for_two_messages(wereld: Wereld) -> None:
    bytes_van: dict[str, set[bytes]] = {}
    for _, _, naam, inhoud in berichten(wereld):
        assert len(naam) <= 12
        bytes_van.setdefault(naam, set()).add(inhoud)
    assert all(len(inhouden) == 1 for inhouden in bytes_van.values())


def test_all_that_really_happened_is_reported_in_the_end_and_nothing_else(wereld: Wereld) -> None:
    """Count the keys as the standard does: present when delivered more often than taken back."""
    vergeten = 0
    for traject in wereld.trajecten:
        saldo: Counter[tuple[date, date | None]] = Counter()
        for zending in traject.post:
            if zending.variant in FOUT or zending.variant is Variant.HERHALING:
                continue
            for klasse in zending.klassen:
                saldo[klasse.begin, klasse.eind] += 1 if klasse.status == "1" else -1
        waar: set[tuple[date, date | None]] = {(p.begin, None) for p in traject.perioden}
        waar |= {(p.begin, eind) for p in traject.perioden for eind in (p.eind, p.definitief) if eind is not None}
        assert {key for key, aantal in saldo.items() if aantal} == waar, traject
        assert set(saldo.values()) <= {0, 1}
        vergeten += any(p.eind is None for p in traject.perioden) and (traject.laatste_einddatum or TOT) < TOT
    assert vergeten  # a stop that is never reported: the assignment's own end frees the place


def test_nothing_lies_after_the_last_day_and_messages_follow_each_other(wereld: Wereld) -> None:
    for traject in wereld.trajecten:
        dagen = [zending.dag for zending in traject.post]
        assert dagen == sorted(dagen)
        assert all(wereld.begin <= dag <= TOT for dag in [traject.besluit, *dagen])
        assert all(wijziging.dag <= TOT for wijziging in traject.wijzigingen)
        for periode in traject.perioden:
            assert traject.ingangsdatum <= periode.begin <= TOT
            assert all(traject.besluit <= eind <= TOT for eind in (periode.eind, periode.definitief) if eind)


def test_the_region_knows_waiting_refusing_pausing_changing_and_taking_back(wereld: Wereld) -> None:
    trajecten = wereld.trajecten
    assert any(t.perioden and (t.perioden[0].begin - t.besluit).days > 30 for t in trajecten)
    assert any(not t.perioden and t.ingetrokken for t in trajecten)
    assert any(len(t.perioden) > 1 and t.perioden[0].tijdelijk for t in trajecten)
    assert any(p.definitief for t in trajecten for p in t.perioden)
    assert any(t.laatste_einddatum != t.einddatum for t in trajecten)
    lijnen = [lijn for o in wereld.overeenkomsten for lijn in o.lijnen]
    assert {lijn.gemeente is None for lijn in lijnen} == {True, False}
    assert any(len(lijn.versies) > 1 for lijn in lijnen)


def test_decisions_about_one_client_at_one_provider_do_not_overlap(wereld: Wereld) -> None:
    per_offer: dict[tuple[str, str, str, str], list[tuple[date, date]]] = {}
    for t in wereld.trajecten:
        sleutel = (client_van(t.persoon).bsn, t.gemeente, t.aanbieder, t.subsegment)
        eind = max(filter(None, (t.einddatum or date.max, *(w.einddatum for w in t.wijzigingen))))
        per_offer.setdefault(sleutel, []).append((t.ingangsdatum, eind))
    for perioden in per_offer.values():
        assert all(a[1] < b[0] or b[1] < a[0] for a, b in combinations(perioden, 2))


def test_residents_have_test_numbers_and_a_number_that_returns_lives_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    weinig = personen.testnummers()[:40]
    assert all(map(is_test_bsn, weinig))
    monkeypatch.setattr(personen, "testnummers", lambda: weinig)
    monkeypatch.setattr(bedenken, "testnummers", lambda: weinig)
    wereld = bedenk("vol", 1, Omvang(6, 3, 110, 60, TOT))
    assert len({t.persoon for t in wereld.trajecten}) > 80
    woont: dict[tuple[str, str], set[int]] = {}
    for traject in wereld.trajecten:
        woont.setdefault((client_van(traject.persoon).bsn, traject.gemeente), set()).add(traject.persoon)
    assert all(len(personen_hier) == 1 for personen_hier in woont.values())
    with pytest.raises(KanNiet, match=r"--clienten 121 kan niet: kies 1 tot en met 120 .*test-BSN"):
        bedenk("vol", 1, Omvang(6, 3, 121, 60, TOT))


@pytest.mark.parametrize(
    ("veld", "waarde", "grens"), [("aanbieders", 0, 500), ("gemeenten", 61, 60), ("dagen", 1501, 1500)]
)
def test_a_size_that_can_not_be_is_refused_naming_what_can(veld: str, waarde: int, grens: int) -> None:
    maten = {"aanbieders": 3, "gemeenten": 2, "clienten": 5, "dagen": 30, veld: waarde}
    with pytest.raises(KanNiet, match=f"--{veld} {waarde} kan niet: kies 1 tot en met {grens}"):
        bedenk("proef", 1, Omvang(**maten, tot=TOT))


def test_a_calendar_begins_on_the_first_of_a_month_and_contracts_go_on_after_it() -> None:
    wereld = bedenk("kort", 1, Omvang(2, 1, 3, 1, date(2026, 2, 14)))
    assert wereld.begin == date(2026, 2, 1)
    assert {(o.begin, o.eind) for o in wereld.overeenkomsten} == {(date(2026, 2, 1), date(2027, 4, 1) - DAG)}
