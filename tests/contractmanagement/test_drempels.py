"""Thresholds per contract, from a date: what they do to signals, how they are agreed and changed (C-2)."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contractmanagement.overeenkomst.handlers import wijzig_overeenkomst
from services.contractmanagement.overeenkomst.rules.drempels import (
    STANDAARD,
    Drempelversie,
    Drempelwaarden,
    drempels_op,
    vanaf_gewijzigd,
)
from services.contractmanagement.signaal.rules.maatstaf import Drempels
from shared.contracts.contractmanagement import OvereenkomstVastgesteld, SignaalGewijzigd
from shared.database.port import StaleVersion
from shared.kernel.plekken import Plekken
from shared.kernel.verloop import Verloop
from tests import onafhankelijk_signalen as dag_voor_dag
from tests.contractmanagement.episodes import onderbezet, volte
from tests.contractmanagement.omgeving import Omgeving, levering, overeenkomst, regel, regionaal
from tests.voorbeelden import voorbeelden

NUL, EINDE = date(2026, 1, 1), date(2026, 12, 31)
DAG = timedelta(days=1)
GEWOON = {"bijnaVol": "0.90", "vol": "1.00", "marge": "0.05", "onderbezet": "0.70"}
RUIM = {"drempels": {"bijnaVol": "0.50", "onderbezet": "0.2"}}


async def vul(omgeving: Omgeving, aantal: int, vanaf: str, einde: str | None = None) -> None:
    await omgeving.lever(*(levering(f"{vanaf}-{nummer}", (vanaf, einde)) for nummer in range(aantal)))


async def gezien(omgeving: Omgeving, vraag: str = "?status=alle") -> list[tuple[str, str, str | None]]:
    rows = await omgeving.lees(f"/signalen{vraag}")
    return sorted((row["soort"], row["sinds"], row["totEnMet"]) for row in rows if row["status"] != "vervallen")


async def wijzig(omgeving: Omgeving, identity: str, ingangsdatum: str, drempels: dict[str, Any]) -> httpx.Response:
    body = {"ingangsdatum": ingangsdatum, "drempels": drempels}
    answer = await omgeving.manager.post(f"/overeenkomsten/{identity}/wijzigingen", json=body)
    await omgeving.rond()
    return answer


# In hundredths: nearly full, how much higher full is, margin, under-used.
waarden = st.tuples(st.integers(71, 100), st.integers(0, 30), st.integers(0, 10), st.integers(0, 120)).map(
    lambda vier: tuple(f"{deel // 100}.{deel % 100:02d}" for deel in (vier[0], vier[0] + vier[1], *vier[2:]))
)
reeksen = st.dictionaries(st.integers(-10, 330).map(lambda n: NUL + n * DAG), waarden, min_size=1, max_size=4).map(
    lambda rij: sorted(rij.items())
)
standen = st.dictionaries(st.integers(0, 360).map(lambda n: NUL + n * DAG), st.integers(0, 23), max_size=20)
plekken = st.dictionaries(
    st.integers(-20, 360).map(lambda n: NUL + n * DAG), st.sampled_from(["0", "10", "19.5", "21"]), max_size=3
).map(lambda rij: sorted(rij.items()))


@voorbeelden(200)
@given(standen, plekken, reeksen, st.integers(0, 400).map(lambda n: NUL + n * DAG))
def test_signals_by_dated_thresholds_equal_a_walk_over_every_day(
    stand: dict[date, int], rij: list[tuple[date, str]], reeks: list[Any], vandaag: date
) -> None:
    vorige, wijzigingen = 0, {}
    for dag in sorted(stand):
        wijzigingen[dag], vorige = stand[dag] - vorige, stand[dag]
    verloop = Verloop(wijzigingen)
    gelezen = [(dag, Plekken.lees(aantal)) for dag, aantal in rij]
    drempels = [(vanaf, Drempels(*map(Fraction, vier))) for vanaf, vier in reeks]
    gegevens = (verloop, gelezen, NUL, EINDE, vandaag, drempels)
    episodes = [(e.soort.value, e.sinds, e.tot_en_met) for e in volte(*gegevens)]
    los = (verloop.bezet_op, rij, NUL, EINDE, vandaag, reeks)
    assert episodes == dag_voor_dag.volte(*los)
    gevonden = onderbezet(*gegevens)
    laag = None if gevonden is None else (gevonden.soort.value, gevonden.sinds, gevonden.tot_en_met)
    assert laag == dag_voor_dag.onderbezet(*los)


def test_what_a_change_does_not_name_stays_as_it_was_on_that_day_and_later_versions_stay() -> None:
    begin = (Drempelversie(NUL, STANDAARD),)
    juli = vanaf_gewijzigd(begin, date(2026, 7, 1), {"vol": "1.10"})
    april = vanaf_gewijzigd(juli, date(2026, 4, 1), {"marge": "0.02"})
    assert [versie.vanaf.month for versie in april] == [1, 4, 7]
    assert drempels_op(april, date(2026, 6, 30)) == Drempelwaarden(marge="0.02")
    assert drempels_op(april, date(2026, 7, 1)) == Drempelwaarden(vol="1.10")
    opnieuw = vanaf_gewijzigd(april, date(2026, 7, 1), {"bijna_vol": "0.80"})
    assert opnieuw[-1].waarden == Drempelwaarden(bijna_vol="0.80", vol="1.10")
    assert len(opnieuw) == 3


async def test_thresholds_left_out_are_the_usual_ones_and_all_are_answered_and_told(omgeving: Omgeving) -> None:
    made = await omgeving.sluit(instellingen={"drempels": {"bijnaVol": "0.8", "onderbezet": "0.5"}})
    drempels = {**GEWOON, "bijnaVol": "0.8", "onderbezet": "0.5"}
    assert made["instellingen"]["drempels"] == drempels
    assert made["drempelwijzigingen"] == []
    assert omgeving.events(OvereenkomstVastgesteld)[-1]["instellingen"]["drempels"] == drempels
    assert (await omgeving.manager.get(f"/overeenkomsten/{made['id']}")).json() == made


async def test_signals_follow_the_thresholds_of_their_own_contract(omgeving: Omgeving) -> None:
    await omgeving.sluit(instellingen=RUIM)
    await omgeving.sluit(regel("0197"))
    await vul(omgeving, 5, "2026-01-01")
    await omgeving.lever(*(levering(f"B{n}", ("2026-01-01", None), gemeente="0197") for n in range(5)))
    assert await gezien(omgeving, "?gemeente=0294") == [("bijna_vol", "2026-01-01", None)]
    assert {soort for soort, *_ in await gezien(omgeving, "?gemeente=0197")} == {"onderbezet"}


async def test_full_below_all_places_is_not_over_until_all_are_taken(omgeving: Omgeving) -> None:
    await omgeving.sluit(regel(plekken="20"), instellingen={"drempels": {"vol": "0.95"}})
    await vul(omgeving, 20, "2026-03-01")
    assert await gezien(omgeving, "?soort=vol") == [("vol", "2026-03-01", None)]
    await vul(omgeving, 1, "2026-04-01")
    assert await gezien(omgeving, "?soort=overbezet") == [("overbezet", "2026-04-01", None)]


async def test_a_change_from_a_date_works_all_lines_out_again_and_leaves_the_days_before(omgeving: Omgeving) -> None:
    made = await omgeving.sluit(regel(), regel("0197"), regionaal(g1586="1"))
    await vul(omgeving, 9, "2026-03-01")
    await omgeving.lever(*(levering(f"B{n}", ("2026-03-01", None), gemeente="1586") for n in range(9)))
    answer = await wijzig(omgeving, made["id"], "2026-06-01", {"bijnaVol": "1"})
    assert answer.status_code == 200, answer.text
    laatste = {**GEWOON, "bijnaVol": "1", "vanaf": "2026-06-01"}
    assert (answer.json()["instellingen"]["drempels"], answer.json()["drempelwijzigingen"]) == (GEWOON, [laatste])
    assert omgeving.events(OvereenkomstVastgesteld)[-1]["drempelwijzigingen"] == [laatste]
    # 9 of 10 is no longer nearly full, and 0.05 below the new threshold
    assert await gezien(omgeving, "?status=gesloten&soort=bijna_vol") == [("bijna_vol", "2026-03-01", "2026-05-31")] * 2
    assert await gezien(omgeving, "?status=open&soort=bijna_vol") == []


@pytest.mark.parametrize(("ingangsdatum", "einde"), [("2026-06-01", "2026-06-30"), ("2026-07-01", "2026-09-30")])
async def test_an_under_used_quarter_is_judged_by_the_threshold_of_its_last_day(
    omgeving: Omgeving, ingangsdatum: str, einde: str
) -> None:
    made = await omgeving.sluit()
    await vul(omgeving, 6, "2026-01-01")
    since = [sinds for _, sinds, _ in await gezien(omgeving, "?status=alle&soort=onderbezet")]
    assert since == ["2026-04-01", "2026-07-01", "2026-10-01"]
    await wijzig(omgeving, made["id"], ingangsdatum, {"onderbezet": "0.5"})
    rows = await gezien(omgeving, "?status=alle&soort=onderbezet")
    assert rows[-1][2] == einde


async def test_lines_and_thresholds_change_in_one_call_and_a_later_line_has_them_too(omgeving: Omgeving) -> None:
    made = await omgeving.sluit(instellingen=RUIM)
    body = {"ingangsdatum": "2026-06-01", "regels": [regel(plekken="20")], "drempels": {"bijnaVol": "0.3"}}
    assert (await omgeving.manager.post(f"/overeenkomsten/{made['id']}/wijzigingen", json=body)).status_code == 200
    await omgeving.wijzig(made["id"], "2026-06-01", regel("0197"))
    await omgeving.lever(*(levering(f"B{n}", ("2026-06-01", None), gemeente="0197") for n in range(3)))
    assert await gezien(omgeving, "?soort=bijna_vol") == [("bijna_vol", "2026-06-01", None)]
    een, ander = await omgeving.rijen("contractregel")
    assert een["drempels"] == ander["drempels"]
    assert len(een["drempels"]) == 2


async def test_the_order_of_messages_and_of_a_change_of_thresholds_makes_no_difference(omgeving: Omgeving) -> None:
    zonder = ("id", "onderwerp", "versie", "oorzaak", "geschiedenis", "gewijzigd_op", "aanbieder")
    gevonden = []
    for agb, eerst in (("42420001", True), ("42420002", False)):
        made = await omgeving.sluit(agb=agb)
        if eerst:
            await wijzig(omgeving, made["id"], "2026-06-01", {"bijnaVol": "0.6", "marge": "0.2", "onderbezet": "0.5"})
        dagen = [("2026-02-01", None)] * 4 + [("2026-05-01", None)] * 3 + [("2026-07-01", "2026-09-01")] * 3
        events = [levering(f"{agb}-{n}", dag, aanbieder=agb) for n, dag in enumerate(dagen)]
        await omgeving.lever(*(events if eerst else reversed(events)))
        if not eerst:
            await wijzig(omgeving, made["id"], "2026-06-01", {"bijnaVol": "0.6", "marge": "0.2", "onderbezet": "0.5"})
        rows = [row for row in await omgeving.rijen("signaal", *zonder[:-1]) if row.pop("aanbieder") == agb]
        gevonden.append(sorted((row for row in rows if row["status"] != "vervallen"), key=repr))
    assert gevonden[0] == gevonden[1]
    assert {row["soort"] for row in gevonden[0]} == {"bijna_vol", "vol", "onderbezet"}


TEGENSPRAAK: list[tuple[dict[str, Any], list[str]]] = [
    ({"bijnaVol": "1.1"}, ["bijnaVol"]),
    ({"vol": "0.8"}, ["bijnaVol"]),
    ({"marge": "0.9"}, ["marge"]),
    ({"onderbezet": "0.9"}, ["onderbezet"]),
    ({"bijnaVol": "0"}, ["marge", "onderbezet"]),
    ({"vol": "100"}, ["vol"]),
    ({"bijnaVol": "-0.1"}, ["bijnaVol"]),
    ({"bijnavol": "0.8"}, ["bijnavol"]),
    ({"vol": 1}, ["vol"]),
]


@pytest.mark.parametrize(("drempels", "velden"), TEGENSPRAAK)
async def test_thresholds_that_contradict_are_refused_at_their_field_at_first_and_in_a_change(
    omgeving: Omgeving, drempels: dict[str, Any], velden: list[str]
) -> None:
    answer = await omgeving.manager.post("/overeenkomsten", json=overeenkomst(instellingen={"drempels": drempels}))
    assert answer.status_code == 400
    assert [fout["veld"] for fout in answer.json()["fouten"]] == [f"instellingen.drempels.{veld}" for veld in velden]
    made = await omgeving.sluit()
    answer = await wijzig(omgeving, made["id"], "2026-05-01", drempels)
    assert answer.status_code == 400
    assert [fout["veld"] for fout in answer.json()["fouten"]] == [f"drempels.{veld}" for veld in velden]


async def test_a_change_is_judged_with_what_it_leaves_as_it_is(omgeving: Omgeving) -> None:
    made = await omgeving.sluit(instellingen={"drempels": {"vol": "1.2"}})
    assert (await wijzig(omgeving, made["id"], "2026-05-01", {"bijnaVol": "1.1"})).status_code == 200
    assert (await wijzig(omgeving, made["id"], "2026-06-01", {"vol": "1"})).status_code == 400


@pytest.mark.parametrize("body", [{}, {"drempels": {}}, {"regels": [], "drempels": {"vol": None}}])
async def test_a_change_of_nothing_is_refused(omgeving: Omgeving, body: dict[str, Any]) -> None:
    made = await omgeving.sluit()
    body = {"ingangsdatum": "2026-05-01", **body}
    answer = await omgeving.manager.post(f"/overeenkomsten/{made['id']}/wijzigingen", json=body)
    assert (answer.status_code, [fout["veld"] for fout in answer.json()["fouten"]]) == (400, ["regels"])


async def test_the_usual_thresholds_are_not_stored_and_agreeing_on_them_again_tells_no_signal(
    omgeving: Omgeving,
) -> None:
    made = await omgeving.sluit()
    await vul(omgeving, 9, "2026-03-01")
    told = len(omgeving.events(SignaalGewijzigd))
    answer = await wijzig(omgeving, made["id"], "2026-05-01", {"vol": "1.00"})
    assert answer.json()["instellingen"]["drempels"] == GEWOON
    assert [row["drempels"] for row in await omgeving.rijen("overeenkomst")] == [None]
    assert [row["drempels"] for row in await omgeving.rijen("contractregel")] == [None]
    assert len(omgeving.events(SignaalGewijzigd)) == told


async def test_a_change_of_thresholds_and_a_levering_at_the_same_time_are_decided_one_after_the_other(
    omgeving: Omgeving,
) -> None:
    made = await omgeving.sluit(regel(), regel("0197"))
    async with omgeving.database.reading() as reader:
        context = omgeving.service.edge.context()
        drempels = {"bijna_vol": "0.80"}
        changes = (await wijzig_overeenkomst(reader, context, made["id"], date(2026, 5, 1), [], drempels)).changes
    await vul(omgeving, 8, "2026-03-01")
    with pytest.raises(StaleVersion) as geweigerd:
        await omgeving.database.commit(changes)
    assert geweigerd.value.table == "aanbod"
