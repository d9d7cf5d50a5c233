"""What people do about a signal stays apart from what is computed, is never lost, and is not for everybody (C-2)."""

import asyncio
from datetime import date
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, update

from services.contractmanagement.signaal.store import SIGNAAL, SIGNAALSTAP
from services.contractmanagement.signaal.voorraad import Zoek, lees_signalen
from services.contractmanagement.signaal.werk import Stap, Werk, Werkstatus
from shared.contracts.contractmanagement import SignaalGewijzigd
from shared.web.identity import Rol
from tests.contractmanagement.omgeving import AANBIEDER, Omgeving, levering, regel, regionaal

Json = dict[str, Any]
ZELF = {"eigenaar": "j.vries", "werkstatus": "in_behandeling"}
BSN = "999993653"


async def stap(omgeving: Omgeving, signaal: str, **inhoud: Any) -> Json:
    answer = await omgeving.manager.post(f"/signalen/{signaal}/stappen", json=inhoud)
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    return made


async def dossier(omgeving: Omgeving, signaal: str, client: httpx.AsyncClient | None = None) -> Json:
    answer = await (client or omgeving.manager).get(f"/signalen/{signaal}")
    assert answer.status_code == 200, answer.text
    made: Json = answer.json()
    return made


async def vol(omgeving: Omgeving, vanaf: str = "2026-03-03") -> str:
    """A line of one place that is full; the id of its signal."""
    await omgeving.sluit(regel(plekken="1"))
    await omgeving.lever(levering("L1", (vanaf, None)))
    return await het_signaal(omgeving)


async def het_signaal(omgeving: Omgeving, vraag: str = "soort=vol") -> str:
    (row,) = await omgeving.lees(f"/signalen?{vraag}")
    identity: str = row["id"]
    return identity


async def schuif(omgeving: Omgeving, versie: int, vanaf: str, einde: str | None = None) -> None:
    await omgeving.lever(levering("L1", (vanaf, einde), versie=versie))


def werk(row: Json) -> tuple[str | None, str | None, str | None]:
    return row["eigenaar"], row["werkstatus"], row["stilTot"]


async def test_a_step_changes_what_it_names_and_the_list_shows_it(omgeving: Omgeving) -> None:
    signaal = await vol(omgeving)
    assert werk(await stap(omgeving, signaal, **ZELF)) == ("j.vries", "in_behandeling", None)
    assert werk(await stap(omgeving, signaal, werkstatus="afgehandeld")) == ("j.vries", "afgehandeld", None)
    made = await stap(omgeving, signaal, eigenaar=None, opmerking="Besproken met de aanbieder.")
    assert werk(made) == (None, "afgehandeld", None)
    assert [werk(row) for row in await omgeving.lees("/signalen?soort=vol")] == [(None, "afgehandeld", None)]
    assert made == (await omgeving.lees("/signalen?soort=vol"))[0]


async def test_the_history_holds_every_step_and_every_computed_change_with_who_when_and_why(
    omgeving: Omgeving,
) -> None:
    signaal = await vol(omgeving)
    await stap(omgeving, signaal, **ZELF)
    await stap(omgeving, signaal, opmerking="Gebeld.", stilTot=None)
    await schuif(omgeving, 2, "2026-03-03", "2026-03-09")
    gang = (await dossier(omgeving, signaal))["geschiedenis"]
    assert [(regel["wat"], regel["door"], regel["status"], regel["totEnMet"]) for regel in gang] == [
        ("berekend", "plekregie", "open", None),
        ("stap", "contractmanager-regio", None, None),
        ("stap", "contractmanager-regio", None, None),
        ("berekend", "plekregie", "gesloten", "2026-03-09"),
    ]
    assert [regel["stap"] for regel in gang[1:3]] == [ZELF, {"stilTot": None, "opmerking": "Gebeld."}]
    assert [gang[n]["oorzaak"]["gebeurtenis"] for n in (0, 3)] == ["gebeurtenis-1", "gebeurtenis-2"]
    assert [regel["tijdstip"] for regel in gang] == sorted(regel["tijdstip"] for regel in gang)
    assert {regel["signaal"] for regel in gang} == {signaal}


async def test_the_computed_status_and_the_work_do_not_touch_each_other(omgeving: Omgeving) -> None:
    signaal = await vol(omgeving)
    told = len(omgeving.events(SignaalGewijzigd))
    before = await omgeving.rijen("signaal")
    await stap(omgeving, signaal, **ZELF)
    await omgeving.rond()
    assert await omgeving.rijen("signaal") == before
    assert len(omgeving.events(SignaalGewijzigd)) == told
    werken = await omgeving.rijen("signaalwerk")
    await schuif(omgeving, 2, "2026-03-03", "2026-03-09")
    await omgeving.lever(levering("L1", versie=3, vervallen=True))
    await schuif(omgeving, 4, "2026-03-03")
    row = await dossier(omgeving, signaal)
    assert (row["status"], row["versie"], *werk(row)) == ("open", 4, "j.vries", "in_behandeling", None)
    assert await omgeving.rijen("signaalwerk") == werken


async def test_silent_until_a_date_is_not_in_the_list_until_that_date_and_then_by_itself(omgeving: Omgeving) -> None:
    signaal = await vol(omgeving)
    assert (await stap(omgeving, signaal, stilTot="2026-12-01"))["stilTot"] == "2026-12-01"
    assert await omgeving.lees("/signalen?soort=vol") == []
    for vraag, aantal in (("stil=ja", 1), ("stil=alle", 1), ("stil=nee", 0), ("status=alle", 0)):
        assert len(await omgeving.lees(f"/signalen?soort=vol&{vraag}")) == aantal, vraag
    omgeving.clock.fixed_today = date(2026, 11, 30)
    assert await omgeving.lees("/signalen?soort=vol") == []
    omgeving.clock.fixed_today = date(2026, 12, 1)
    (row,) = await omgeving.lees("/signalen?soort=vol")
    assert werk(row) == (None, "nieuw", None)
    assert await omgeving.lees("/signalen?soort=vol&stil=ja") == []
    await stap(omgeving, signaal, stilTot="2026-12-03")
    await stap(omgeving, signaal, stilTot=None)
    assert len(await omgeving.lees("/signalen?soort=vol")) == 1


async def test_the_list_can_be_asked_for_an_owner_and_a_status_of_the_work(omgeving: Omgeving) -> None:
    await omgeving.sluit(regel(plekken="1"), regel("0197", "1"), regel("1586", "1"))
    for gemeente in ("0294", "0197", "1586"):
        await omgeving.lever(levering(gemeente, ("2026-03-03", None), gemeente=gemeente))
    rows = {row["gemeente"]: row["id"] for row in await omgeving.lees("/signalen?soort=vol")}
    await stap(omgeving, rows["0294"], **ZELF)
    await stap(omgeving, rows["0197"], eigenaar="p.jansen")
    for vraag, gemeenten in (
        ("eigenaar=j.vries", ["0294"]),
        ("werkstatus=in_behandeling", ["0294"]),
        ("werkstatus=nieuw", ["0197", "1586"]),
        ("werkstatus=nieuw&eigenaar=j.vries", []),
        ("werkstatus=afgehandeld", []),
    ):
        found = await omgeving.lees(f"/signalen?soort=vol&{vraag}")
        assert sorted(row["gemeente"] for row in found) == gemeenten, vraag


@pytest.mark.parametrize("nieuw", ["2026-02-20", "2026-03-20"])
async def test_when_a_late_message_moves_the_first_day_the_work_moves_along_and_back(
    omgeving: Omgeving, nieuw: str
) -> None:
    oud = await vol(omgeving)
    await stap(omgeving, oud, **ZELF, opmerking="Gebeld.")
    await stap(omgeving, oud, stilTot="2026-12-01")
    await schuif(omgeving, 2, nieuw)
    opvolger = await het_signaal(omgeving, "soort=vol&stil=ja")
    assert opvolger != oud
    volgt, lapsed = await dossier(omgeving, opvolger), await dossier(omgeving, oud)
    assert (volgt["status"], volgt["sinds"], *werk(volgt)) == ("open", nieuw, *ZELF.values(), "2026-12-01")
    assert [one["id"] for one in volgt["voorgangers"]] == [oud]
    assert [regel["signaal"] for regel in volgt["geschiedenis"]] == [oud, oud, opvolger]
    assert (lapsed["status"], [one["id"] for one in lapsed["opvolgers"]]) == ("vervallen", [opvolger])
    answer = await omgeving.manager.post(f"/signalen/{oud}/stappen", json={"opmerking": "Te laat."})
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:plekregie:fout:signaal-opgevolgd")
    assert opvolger in answer.json()["detail"]
    await stap(omgeving, opvolger, werkstatus="afgehandeld")
    assert (await dossier(omgeving, oud))["werkstatus"] == "in_behandeling"
    await schuif(omgeving, 3, "2026-03-03")
    terug = await dossier(omgeving, oud)
    assert (terug["status"], *werk(terug)) == ("open", "j.vries", "afgehandeld", "2026-12-01")
    assert [one["id"] for one in terug["voorgangers"]] == [opvolger]
    assert [regel["stap"] for regel in terug["geschiedenis"] if regel["wat"] == "stap"] == [
        {**ZELF, "opmerking": "Gebeld."},
        {"stilTot": "2026-12-01"},
        {"werkstatus": "afgehandeld"},
    ]


async def test_another_kind_or_other_days_take_no_work_over_but_the_kind_has_a_link(omgeving: Omgeving) -> None:
    oud = await vol(omgeving)
    await stap(omgeving, oud, stilTot="2026-12-01", **ZELF)
    await omgeving.lever(levering("L2", ("2026-03-03", None)))
    over = await dossier(omgeving, await het_signaal(omgeving, "soort=overbezet"))
    assert werk(over) == (None, "nieuw", None)
    assert [(one["id"], one["eigenaar"]) for one in over["voorgangers"]] == [(oud, "j.vries")]
    assert [regel["wat"] for regel in over["geschiedenis"]] == ["berekend"]
    lapsed = await dossier(omgeving, oud)
    assert [one["soort"] for one in lapsed["opvolgers"]] == ["overbezet"]
    assert werk(await stap(omgeving, oud, werkstatus="afgehandeld"))[:2] == ("j.vries", "afgehandeld")


async def test_an_episode_on_other_days_is_a_new_matter(omgeving: Omgeving) -> None:
    await omgeving.sluit(regel(plekken="1"))
    await omgeving.lever(levering("L1", ("2026-03-03", "2026-03-09")))
    oud = await het_signaal(omgeving, "soort=vol&status=gesloten")
    await stap(omgeving, oud, **ZELF)
    await schuif(omgeving, 2, "2026-03-09", "2026-03-12")
    een_dag = await het_signaal(omgeving, "soort=vol&status=gesloten")
    assert (await dossier(omgeving, een_dag))["eigenaar"] == "j.vries"
    await schuif(omgeving, 3, "2026-03-10", "2026-03-12")
    ander = await dossier(omgeving, await het_signaal(omgeving, "soort=vol&status=gesloten"))
    assert (*werk(ander), ander["voorgangers"]) == (None, "nieuw", None, [])
    lapsed = await dossier(omgeving, oud)
    assert (lapsed["eigenaar"], lapsed["opvolgers"]) == ("j.vries", [])
    assert [row["id"] for row in await omgeving.lees("/signalen?status=vervallen&werkstatus=in_behandeling")] != []


async def test_work_does_not_depend_on_the_order_of_messages_before_and_after_it(omgeving: Omgeving) -> None:
    signaal = await vol(omgeving)
    await stap(omgeving, signaal, **ZELF)
    for versie, dag in enumerate(["2026-02-01", "2026-04-01", "2026-01-05", "2026-03-01"], start=2):
        await schuif(omgeving, versie, dag)
        (row,) = await omgeving.lees("/signalen?soort=vol")
        assert (row["sinds"], row["eigenaar"]) == (dag, "j.vries")
    assert len(await omgeving.rijen("signaalwerk")) == 1


async def test_of_two_steps_at_the_same_time_none_is_lost(omgeving: Omgeving) -> None:
    signaal = await vol(omgeving)
    bodies: list[Json] = [{"eigenaar": "j.vries"}, {"werkstatus": "in_behandeling"}, {"stilTot": "2026-12-01"}]
    bodies += [{"opmerking": f"Nummer {n}"} for n in range(5)]
    await asyncio.gather(*(stap(omgeving, signaal, **body) for body in bodies))
    row = await dossier(omgeving, signaal)
    assert werk(row) == ("j.vries", "in_behandeling", "2026-12-01")
    assert len([regel for regel in row["geschiedenis"] if regel["wat"] == "stap"]) == len(bodies)


async def test_what_changes_nothing_and_says_nothing_writes_nothing(omgeving: Omgeving) -> None:
    signaal = await vol(omgeving)
    await stap(omgeving, signaal, werkstatus="nieuw", eigenaar=None)
    assert await omgeving.rijen("signaalwerk") == []
    await stap(omgeving, signaal, **ZELF)
    await stap(omgeving, signaal, **ZELF)
    assert len(await omgeving.rijen("signaalstap")) == 1


async def test_the_same_key_takes_one_step(omgeving: Omgeving) -> None:
    signaal = await vol(omgeving)
    for _ in range(2):
        kop = {"Idempotency-Key": "een"}
        await omgeving.manager.post(f"/signalen/{signaal}/stappen", json={"opmerking": "Gebeld."}, headers=kop)
    assert len(await omgeving.rijen("signaalstap")) == 1


@pytest.mark.parametrize(
    ("inhoud", "veld"),
    [
        ({}, "inhoud"),
        ({"werkstatus": None}, "inhoud"),
        ({"werkstatus": "klaar"}, "werkstatus"),
        ({"stilTot": "2026-11-20"}, "stilTot"),
        ({"stilTot": "2026-11-19", "opmerking": "Stil."}, "stilTot"),
        ({"stilTot": "morgen"}, "stilTot"),
        ({"eigenaar": "x" * 101}, "eigenaar"),
        ({"eigenaar": ""}, "eigenaar"),
        ({"eigenaar": "j.\nvries"}, "eigenaar"),
        ({"opmerking": "x" * 2001}, "opmerking"),
        ({"opmerking": f"Het gaat om {BSN}."}, "opmerking"),
        ({"opmerking": "Het gaat om 9999.93.653."}, "opmerking"),
        ({"opmerkng": "Gebeld."}, "opmerkng"),
    ],
)
async def test_a_step_that_breaks_a_rule_is_refused_at_its_field(omgeving: Omgeving, inhoud: Json, veld: str) -> None:
    signaal = await vol(omgeving)
    answer = await omgeving.manager.post(f"/signalen/{signaal}/stappen", json=inhoud)
    assert (answer.status_code, [fout["veld"] for fout in answer.json()["fouten"]]) == (400, [veld])
    assert BSN not in answer.text
    assert await omgeving.rijen("signaalstap") == []


async def test_a_comment_may_hold_other_numbers(omgeving: Omgeving) -> None:
    signaal = await vol(omgeving)
    await stap(omgeving, signaal, opmerking=f"AGB {AANBIEDER}, 0314-123456, 1{BSN}, 123456789 en € 38.500,00.")


async def test_steps_are_only_ever_added(omgeving: Omgeving) -> None:
    signaal = await vol(omgeving)
    await stap(omgeving, signaal, opmerking="Gebeld.")
    for statement in (update(SIGNAALSTAP).values(gebruiker="iemand anders"), delete(SIGNAALSTAP)):
        with pytest.raises(Exception, match="append-only"):  # each engine its own
            await omgeving.database.execute(statement)


async def test_the_occupancy_around_a_signal_in_days_and_places(omgeving: Omgeving) -> None:
    made = await omgeving.sluit(regel(plekken="2"), instellingen={"drempels": {"marge": "0.1"}})
    await omgeving.wijzig(made["id"], "2026-04-01", regel(plekken="3"))
    await omgeving.lever(levering("L1", ("2026-01-15", None)), levering("L2", ("2026-03-03", "2026-04-20")))
    row = await dossier(omgeving, await het_signaal(omgeving, "soort=vol&status=gesloten"))
    assert row["drempels"] == {"bijnaVol": "0.90", "vol": "1.00", "marge": "0.1", "onderbezet": "0.70"}
    assert [(s["van"], s["totEnMet"], s["bezet"], s["plekken"]) for s in row["bezetting"]] == [
        ("2026-02-01", "2026-03-02", 1, "2"),
        ("2026-03-03", "2026-03-31", 2, "2"),
        ("2026-04-01", "2026-04-20", 2, "3"),
        ("2026-04-21", "2026-04-30", 1, "3"),
    ]
    laag = await dossier(omgeving, await het_signaal(omgeving, "soort=onderbezet"))
    assert (laag["sinds"], laag["bezetting"][0]["van"]) == ("2026-10-01", "2026-07-01")
    assert laag["bezetting"][-1]["totEnMet"] == "2026-11-20"


async def test_the_occupancy_around_a_signal_without_a_contract_line(omgeving: Omgeving) -> None:
    await omgeving.sluit(regionaal("5", g0294="1"), begindatum="2026-06-01", einddatum="2026-06-30")
    await omgeving.sluit(regel("0197"))
    await omgeving.lever(levering("L1", ("2026-05-30", None)))
    row = await dossier(omgeving, await het_signaal(omgeving, "soort=geen_contractregel"))
    assert row["drempels"] is None
    assert [(s["van"], s["totEnMet"], s["bezet"], s["plekken"]) for s in row["bezetting"]] == [
        ("2026-04-30", "2026-05-29", 0, None),
        ("2026-05-30", "2026-05-31", 1, None),
        ("2026-06-01", "2026-06-30", 1, "5"),
        ("2026-07-01", "2026-11-20", 1, None),
    ]


async def test_a_detail_is_never_behind_the_calendar_and_names_what_raised_it(omgeving: Omgeving) -> None:
    await omgeving.sluit(regel(plekken="1"))
    await omgeving.lever(levering("L1", ("2026-11-22", None), einde="2026-11-24"))
    omgeving.clock.fixed_today = date(2026, 11, 22)
    signaal = await het_signaal(omgeving)
    assert (await dossier(omgeving, signaal))["verwektDoor"] == {
        "gebeurtenis": "dagwissel:2026-11-22",
        "aanleiding": None,
    }
    omgeving.clock.fixed_today = date(2026, 11, 25)
    assert (await dossier(omgeving, signaal))["status"] == "gesloten"


async def test_a_signal_from_before_there_was_a_history_shows_how_it_stands(omgeving: Omgeving) -> None:
    signaal = await vol(omgeving)
    await omgeving.database.execute(update(SIGNAAL).values(geschiedenis=""))
    (bekend,) = (await dossier(omgeving, signaal))["geschiedenis"]
    assert (bekend["status"], bekend["oorzaak"]["gebeurtenis"]) == ("open", "gebeurtenis-1")
    await schuif(omgeving, 2, "2026-03-03", "2026-03-09")
    (later,) = (await dossier(omgeving, signaal))["geschiedenis"]
    assert (later["status"], later["totEnMet"]) == ("gesloten", "2026-03-09")


async def test_an_aanbieder_sees_its_signals_without_what_the_region_does_and_silence_hides_nothing(
    omgeving: Omgeving,
) -> None:
    signaal = await vol(omgeving)
    await stap(omgeving, signaal, stilTot="2026-12-01", opmerking="Gesprek nodig.", **ZELF)
    own = omgeving.als(Rol.AANBIEDER, aanbieder=AANBIEDER)
    (row,) = await omgeving.lees("/signalen?soort=vol", own)
    assert werk(row) == (None, None, None)
    seen = await dossier(omgeving, signaal, own)
    assert [regel["wat"] for regel in seen["geschiedenis"]] == ["berekend"]
    assert werk(seen) == (None, None, None)
    for vraag in ("eigenaar=j.vries", "werkstatus=nieuw", "stil=nee"):
        assert (await own.get(f"/signalen?{vraag}")).status_code == 403
    await schuif(omgeving, 2, "2026-02-20")
    lapsed, volgt = await dossier(omgeving, signaal, own), await het_signaal(omgeving, "soort=vol&stil=ja")
    assert [(one["id"], one["eigenaar"], one["werkstatus"]) for one in lapsed["opvolgers"]] == [(volgt, None, None)]
    assert (await dossier(omgeving, volgt, own))["voorgangers"] == []


async def test_who_does_not_see_a_signal_gets_404_and_only_the_contract_manager_takes_steps(
    omgeving: Omgeving,
) -> None:
    signaal = await vol(omgeving)
    await omgeving.sluit(regionaal("1", g0294="0.5", g0197="0.5"), agb="42420002")
    await omgeving.lever(levering("R", ("2026-03-03", None), aanbieder="42420002", gemeente="0197"))
    regio = await het_signaal(omgeving, "soort=vol&aanbieder=42420002")
    own, foreign = (omgeving.als(Rol.CONTROLLER, gemeente=code) for code in ("0294", "0197"))
    assert [(await own.get(f"/signalen/{one}")).status_code for one in (signaal, regio)] == [200, 200]
    assert [(await foreign.get(f"/signalen/{one}")).status_code for one in (signaal, regio)] == [404, 200]
    provider = omgeving.als(Rol.AANBIEDER, aanbieder="42420002")
    assert [(await provider.get(f"/signalen/{one}")).status_code for one in (signaal, regio)] == [404, 200]
    assert (await omgeving.manager.get("/signalen/bestaat-niet")).status_code == 404
    assert (await omgeving.manager.post("/signalen/bestaat-niet/stappen", json=ZELF)).status_code == 404
    for client in (own, provider, omgeving.als(Rol.BEHEER)):
        assert (await client.post(f"/signalen/{regio}/stappen", json=ZELF)).status_code == 403


async def test_a_page_reads_signals_without_a_route(omgeving: Omgeving) -> None:
    signaal = await vol(omgeving)
    await stap(omgeving, signaal, stilTot="2026-12-01", **ZELF)
    async with omgeving.database.reading() as reader:
        vandaag = omgeving.clock.today()
        zichtbaar = await lees_signalen(reader, Zoek(), vandaag)
        (stil,) = await lees_signalen(reader, Zoek(stil="ja"), vandaag)
        (blind,) = await lees_signalen(reader, Zoek(), vandaag, met_werk=False, hoogstens=1)
    assert zichtbaar == []
    assert (stil.id, stil.werk) == (signaal, Werk("j.vries", Werkstatus.IN_BEHANDELING, date(2026, 12, 1)))
    assert (blind.id, blind.werk) == (signaal, None)


def test_a_step_that_names_only_one_thing_leaves_the_rest() -> None:
    begin = Werk("j.vries", Werkstatus.IN_BEHANDELING, date(2026, 12, 1))
    assert Stap(frozenset(), opmerking="Gebeld.").na(begin) == begin
    assert Stap(frozenset({"eigenaar"})).na(begin) == Werk(None, Werkstatus.IN_BEHANDELING, date(2026, 12, 1))
    assert begin.op(date(2026, 11, 30)) == begin
    assert begin.op(date(2026, 12, 1)).stil_tot is None
