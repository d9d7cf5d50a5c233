"""The administration is a function of the set of messages (OP080): order, repetition and haste mean nothing."""

import os
from datetime import date
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from tests.backoffice.levering.simulatie import Bericht
from tests.backoffice.levering.verhalen import briefwisselingen, verhalen
from tests.e2e.regio import Regio
from tests.e2e.verhaallijn import INGANG, LEVERINGEN, A, B, Reeks, Streek, door_elkaar

REEKSEN = 25 * int(os.environ.get("PLEKREGIE_FUZZ") or 1)
# No shrinking: each try needs regions of its own in a running product, and the reasons are printed anyway.
INSTELLING = settings(
    max_examples=REEKSEN,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
ZENDERS = 6


@st.composite
def reeksen(kies: st.DrawFn) -> Reeks:
    """What a provider's system may send about two clients: one with two assignments, one with one."""
    paar, post_van_paar = kies(briefwisselingen())
    alleen = kies(verhalen(LEVERINGEN[0]))
    post = [
        *((0, bericht) for bericht in post_van_paar),
        *((1, Bericht(f"m{nummer:02}", tuple(klassen))) for nummer, klassen in enumerate(alleen.berichten)),
    ]
    return Reeks(
        verhalen=(tuple(paar), (alleen,)),
        post=tuple(post),
        tempo=kies(st.sampled_from([1, 3, 4])),
        houdt=kies(st.sampled_from([0, 0, 3, 20])),
        einddatum=kies(st.sampled_from([None, date(2026, 5, 31), date(2026, 12, 31)])),
    )


@pytest.fixture(scope="module")
def segmenten(regio: Regio) -> Regio:
    regio.subsegment(A)
    regio.subsegment(B)
    return regio


@INSTELLING
@given(reeks=reeksen(), zaad=st.integers(0, 2**32))
def test_any_order_repetition_or_concurrency_gives_the_same_administration_places_money_and_signals(
    segmenten: Regio, reeks: Reeks, zaad: int
) -> None:
    random = Random(zaad)
    clienten = [next(segmenten.personen) for _ in range(2)]
    op_volgorde, door_elkaar_gestuurd, tegelijk = (Streek(segmenten, reeks, clienten) for _ in range(3))
    gewoon, rommelig, gedrang = list(range(len(reeks.post))), *(door_elkaar(len(reeks.post), random) for _ in range(2))
    note(f"in order against {rommelig} and {gedrang} by {ZENDERS} senders; {reeks.post}")

    op_volgorde.vertel(gewoon)
    door_elkaar_gestuurd.vertel(rommelig)
    tegelijk.vertel(gedrang, tegelijk=ZENDERS)

    verwacht = op_volgorde.stand()
    ingang = INGANG.isoformat()
    assert verwacht["administratie"] == {
        naam: [(code, "verzonden", ingang, einde(reeks), reeks.perioden(client, levering)) for code, levering in lijst]
        for client, (naam, lijst) in enumerate([("een", [(B, 1), (A, 0)]), ("twee", [(A, 0)])])
    }
    assert door_elkaar_gestuurd.stand() == verwacht
    assert tegelijk.stand() == verwacht
    for streek in (op_volgorde, door_elkaar_gestuurd, tegelijk):
        assert set(streek.oordelen().values()) == {"goedgekeurd"}


@settings(INSTELLING, max_examples=max(8, REEKSEN // 3))
@given(reeks=reeksen(), zaad=st.integers(0, 2**32))
def test_also_of_a_set_with_holes_the_order_means_nothing(segmenten: Regio, reeks: Reeks, zaad: int) -> None:
    """Messages that never came: what leans on them waits, and the rest is the same in every order."""
    random = Random(zaad)
    clienten = [next(segmenten.personen) for _ in range(2)]
    aangekomen = [index for index in range(len(reeks.post)) if random.random() < 0.7]
    standen = []
    for _ in range(3):
        streek = Streek(segmenten, reeks, clienten)
        random.shuffle(aangekomen)
        streek.vertel(aangekomen)
        standen.append(streek.stand())
    note(f"arrived: {[reeks.post[index] for index in sorted(aangekomen)]}")
    assert standen[1] == standen[0]
    assert standen[2] == standen[0]


def einde(reeks: Reeks) -> str | None:
    return None if reeks.einddatum is None else reeks.einddatum.isoformat()


def test_the_stories_reach_what_they_are_about() -> None:
    """A property test is worth what its examples hold: corrections, temporary stops and restarts must be among them."""
    gezien = {"verwijdering": 0, "tijdelijk": 0, "herstart": 0, "samen": 0, "wacht": 0}

    @settings(INSTELLING, max_examples=25)
    @given(reeks=reeksen())
    def tel(reeks: Reeks) -> None:
        klassen = [klasse for _, bericht in reeks.post for klasse in bericht.klassen]
        gezien["verwijdering"] += any(klasse.status == 3 for klasse in klassen)
        gezien["tijdelijk"] += any(getattr(klasse.sleutel, "reden", "") == "20" for klasse in klassen)
        gezien["herstart"] += any(len(verhaal.beurten) > 1 for paar in reeks.verhalen for verhaal in paar)
        gezien["samen"] += any(len(bericht.klassen) > 1 for _, bericht in reeks.post)
        gezien["wacht"] += len(reeks.post) > 2

    tel()
    assert all(aantal >= 10 for aantal in gezien.values()), gezien
