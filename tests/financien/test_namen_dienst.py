"""People read names: pages, letters, bank statements and overviews name gemeenten, aanbieders and sub-segments."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import html

from services.financien.brief.opmaak import inhoud
from services.financien.brief.rules import Afzender, Document
from services.financien.gemeente.store import GEMEENTE as GEMEENTETABEL
from shared.contracts.contractmanagement import GemeenteVastgesteld, SubsegmentVastgesteld
from shared.kernel.bedrag import Bedrag
from shared.pages.session import COOKIE
from shared.web.identity import Rol
from tests.financien.opstelling import (
    AANBIEDER,
    BUUR,
    CODE,
    GEMEENTE,
    Opstelling,
    levering,
    opgesteld,
    overeenkomst,
    regel,
    van_tot,
)

NAMEN = (
    GemeenteVastgesteld(code=GEMEENTE, versie=1, naam="Oostvoorne"),
    GemeenteVastgesteld(code=BUUR, versie=1, naam="Stuwerode"),
    SubsegmentVastgesteld(
        code=CODE,
        versie=1,
        naam="Verblijf licht",
        segment="Verblijf",
        wet="jeugdwet",
        productcategorie="54",
        bekostiging="lumpsum",
        met_toewijzing=True,
    ),
)
SLEUTEL = {GEMEENTE: "0.5", BUUR: "0.5"}
REGIONAAL = overeenkomst(regel("7", "10000.01", verdeelsleutel=SLEUTEL))
HALF_JAAR = {"gemeente": GEMEENTE, "aanbieder": AANBIEDER, "begindatum": "2026-01-01", "einddatum": "2026-04-30"}
LIJN = f"/lijn?overeenkomst=o1&subsegment={CODE}"


def bladen(financien: Opstelling, rol: Rol, **van: str) -> httpx.AsyncClient:
    """A browser of somebody who signed in."""
    assert financien.service.pages is not None
    token = financien.issuer.token(rol, uren=24 * 9999, **van)
    transport = httpx.ASGITransport(app=financien.service.pages)
    kop = {"accept": "text/html"}
    return httpx.AsyncClient(transport=transport, base_url="http://bladen", headers=kop, cookies={COOKIE: token})


def vind(bron: str | bytes, pad: str) -> Any:
    """Elements of a page."""
    return html.fromstring(bron).xpath(pad)


async def tekst(blad: httpx.AsyncClient, pad: str) -> str:
    """What a reader sees of a page below its menu, choices included."""
    antwoord = await blad.get(pad)
    assert antwoord.status_code == 200, antwoord.text
    (midden,) = vind(antwoord.text, "//main")
    return " ".join(" ".join(midden.itertext()).split())


async def met_geld(financien: Opstelling) -> dict[str, str]:
    """An award for two gemeenten, with an adjustment and a settlement that went to the aanbieder: their pages."""
    await financien.hoor(REGIONAAL, levering(van_tot(date(2026, 1, 1)), gemeente=GEMEENTE))
    wie = financien.controller
    kwartaal = (await wie.post("/kwartaalmonitors", json={"gemeente": GEMEENTE, "kwartaal": "2026-Q1"})).json()
    bijstelling = kwartaal["regels"][0]["bijstelling"]
    assert (await wie.post(f"/bijstellingen/{bijstelling}/melding")).status_code == 200
    afrekening = (await wie.post("/afrekeningen", json=HALF_JAAR)).json()["id"]
    assert (await wie.post(f"/afrekeningen/{afrekening}/verzending")).status_code == 200
    return {"bijstelling": f"/bijstellingen/{bijstelling}", "afrekening": f"/afrekeningen/{afrekening}"}


@pytest.mark.parametrize("volgorde", list(permutations(range(3))))
async def test_the_highest_version_of_a_name_holds_whatever_came_first(
    tmp_path: Path, volgorde: tuple[int, ...]
) -> None:
    async with opgesteld(tmp_path, date(2026, 5, 15)) as financien:
        versies = [GemeenteVastgesteld(code=GEMEENTE, versie=n, naam=f"Naam {n}") for n in (1, 2, 3)]
        await financien.hoor(*(versies[n] for n in volgorde))
        assert await financien.rijen(GEMEENTETABEL) == [{"code": GEMEENTE, "versie": 3, "naam": "Naam 3"}]


async def test_every_page_of_money_names_whom_it_is_about(financien: Opstelling) -> None:
    paden = await met_geld(financien)
    await financien.hoor(*NAMEN)
    for rol, van in ((Rol.CONTROLLER, {"gemeente": GEMEENTE}), (Rol.AANBIEDER, {"aanbieder": AANBIEDER})):
        blad = bladen(financien, rol, **van)
        for pad in ("/betaalschemas", f"/betaalschemas/{AANBIEDER}", *paden.values(), LIJN):
            gelezen = await tekst(blad, pad)
            assert "Oostvoorne" in gelezen, pad
            assert "De Plek" in gelezen, pad
            # Who took a step is called controller-0294 here: the name of a person, not a code.
            assert not re.search(rf"(?<![\w-])({GEMEENTE}|{BUUR}|{AANBIEDER})\b", gelezen), (pad, gelezen)
            assert re.search(rf"(?<!\()\b{CODE}\b", gelezen) is None, "a sub-segment has its name before its code"
        for pad in ("/bijstellingen", "/afrekeningen"):
            (tabel,) = vind((await blad.get(pad)).text, "//table")
            assert ("Oostvoorne" in tabel.text_content(), GEMEENTE in tabel.text_content()) == (True, False), pad


async def test_answers_about_money_have_names_beside_codes_once_they_were_heard(financien: Opstelling) -> None:
    paden = await met_geld(financien)
    wie = financien.controller

    async def namen(antwoord: httpx.Response) -> set[str | None]:
        assert antwoord.status_code in (200, 201), antwoord.text
        inhoud = antwoord.json()
        delen = [inhoud] if "subsegmentNaam" in inhoud else inhoud["regels"]
        return {inhoud["gemeenteNaam"], inhoud["aanbiederNaam"], *(deel["subsegmentNaam"] for deel in delen)}

    for pad in paden.values():
        assert await namen(await wie.get(pad)) == {None, "De Plek"}, pad
    await financien.hoor(*NAMEN)

    alle = {"Oostvoorne", "De Plek", "Verblijf licht"}
    for soort, pad in paden.items():
        assert await namen(await wie.get(pad)) == alle, pad
        (eerste,) = (await wie.get(pad.rpartition("/")[0])).json()["resultaten"]
        assert (eerste["gemeenteNaam"], eerste["aanbiederNaam"]) == ("Oostvoorne", "De Plek"), soort
    stap = await wie.post(f"{paden['bijstelling']}/intrekking", json={"toelichting": "Vergissing."})
    assert await namen(stap) == alle
    weg = await wie.post(f"{paden['afrekening']}/intrekking", json={"toelichting": "Vergissing."})
    assert await namen(weg) == alle
    assert await namen(await wie.post("/afrekeningen", json=HALF_JAAR)) == alle


async def test_for_an_aanbieder_a_row_is_called_after_its_gemeente_and_leads_there(financien: Opstelling) -> None:
    await financien.hoor(REGIONAAL, *NAMEN)
    antwoord = await bladen(financien, Rol.AANBIEDER, aanbieder=AANBIEDER).get("/betaalschemas")
    koppen = vind(antwoord.text, "//tbody//th/a")
    assert [(kop.text, kop.get("href").partition("?")[2]) for kop in koppen] == [
        ("Oostvoorne", f"gemeente={GEMEENTE}&jaar=2026"),
        ("Stuwerode", f"gemeente={BUUR}&jaar=2026"),
    ]


async def test_without_names_pages_show_codes(financien: Opstelling) -> None:
    await financien.hoor(REGIONAAL)
    blad = bladen(financien, Rol.CONTROLLER, gemeente=GEMEENTE)
    gelezen = await tekst(blad, f"/betaalschemas/{AANBIEDER}")
    assert f"Gemeente {GEMEENTE}" in gelezen
    assert CODE in gelezen


async def test_two_gemeenten_of_one_name_are_told_apart_by_their_codes(financien: Opstelling) -> None:
    await financien.hoor(REGIONAAL, NAMEN[0], GemeenteVastgesteld(code=BUUR, versie=1, naam="Oostvoorne"))
    gelezen = await tekst(bladen(financien, Rol.AANBIEDER, aanbieder=AANBIEDER), "/betaalschemas")
    assert f"Oostvoorne ({GEMEENTE})" in gelezen
    assert f"Oostvoorne ({BUUR})" in gelezen


async def test_going_to_another_year_keeps_the_gemeente_that_was_chosen(financien: Opstelling) -> None:
    await financien.hoor(REGIONAAL, *NAMEN)
    blad = bladen(financien, Rol.AANBIEDER, aanbieder=AANBIEDER)
    gekozen = (await blad.get(f"/betaalschemas/{AANBIEDER}?gemeente={BUUR}")).text
    assert [a.get("href").partition("?")[2] for a in vind(gekozen, "//nav[@aria-label='Jaren']/a")] == [
        f"jaar=2025&gemeente={BUUR}",
        f"jaar=2027&gemeente={BUUR}",
    ]


async def test_who_can_not_publish_is_not_asked_to(financien: Opstelling) -> None:
    await financien.hoor(REGIONAAL, *NAMEN)
    paden = f"/betaalschemas/{AANBIEDER}"
    assert "Publiceer het nu." in await tekst(bladen(financien, Rol.CONTROLLER, gemeente=GEMEENTE), paden)
    gelezen = await tekst(bladen(financien, Rol.AANBIEDER, aanbieder=AANBIEDER), paden)
    assert "Publiceer" not in gelezen
    assert "nog niet verteld aan u" in gelezen


async def test_the_realised_months_of_a_line_add_up_to_what_its_sentence_says(financien: Opstelling) -> None:
    """Rounded one by one they would differ by some cents: the amount of a line is rounded once."""
    await financien.hoor(overeenkomst(regel("7", "12000.04")), levering(van_tot(date(2026, 1, 1))))
    blad = bladen(financien, Rol.CONTROLLER, gemeente=GEMEENTE)
    gezegd = re.search(r"Gerealiseerd tot en met vandaag: €\s([0-9.,]+)\.", await tekst(blad, LIJN))
    assert gezegd is not None
    tabel = (await blad.get(f"{LIJN}&csv=voorschot-en-gerealiseerd")).content.decode("utf-8-sig")
    *maanden, samen = [rij["Gerealiseerd"] for rij in csv.DictReader(io.StringIO(tabel), delimiter=";")]
    cent = [in_cent(bedrag) for bedrag in maanden if bedrag]
    assert len(cent) == 5
    assert sum(cent) == in_cent(samen) == in_cent(gezegd[1].replace(".", ""))


def in_cent(bedrag: str) -> int:
    """`12,34` in cents."""
    return Bedrag.van_euro(bedrag.replace(",", ".")).cent


async def afzender(financien: Opstelling) -> dict[str, Any]:
    gevonden: dict[str, Any] = (await financien.controller.get(f"/afzenders/{GEMEENTE}")).json()
    return gevonden


async def test_the_sender_of_letters_is_the_gemeente_by_name_until_it_says_otherwise(financien: Opstelling) -> None:
    assert (await afzender(financien))["naam"] == f"Gemeente {GEMEENTE}"
    await financien.hoor(NAMEN[0])
    assert (await afzender(financien))["naam"] == "Gemeente Oostvoorne"
    await financien.hoor(GemeenteVastgesteld(code=GEMEENTE, versie=2, naam="Gemeente Westvoorne"))
    assert (await afzender(financien))["naam"] == "Gemeente Westvoorne"
    eigen = {"naam": "Regiobureau", "adres": [], "reactietermijnDagen": 10}
    assert (await financien.controller.put(f"/afzenders/{GEMEENTE}", json=eigen)).status_code == 200
    await financien.hoor(GemeenteVastgesteld(code=GEMEENTE, versie=3, naam="Weer anders"))
    assert (await afzender(financien))["naam"] == "Regiobureau"


async def test_a_letter_is_made_with_the_name_that_was_heard(
    financien: Opstelling, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What goes into the template: of the PDF itself the text is packed."""
    verzonden: list[Document] = []

    def onthoud(document: Document) -> str:
        verzonden.append(document)
        return inhoud(document)

    monkeypatch.setattr("services.financien.brief.opmaak.inhoud", onthoud)
    await financien.hoor(NAMEN[0])
    await met_geld(financien)
    assert {document.afzender for document in verzonden} == {Afzender(GEMEENTE, "Gemeente Oostvoorne")}
    assert len(verzonden) == 3  # notice; letter and specification


async def test_the_specification_as_spreadsheet_says_whose_it_is(financien: Opstelling) -> None:
    await financien.hoor(*NAMEN)
    paden = await met_geld(financien)
    werkblad = (await financien.aanbieder.get(f"{paden['afrekening']}/specificatie?vorm=xlsx")).content
    with zipfile.ZipFile(io.BytesIO(werkblad)) as pakket:
        teksten = vind(pakket.read("xl/sharedStrings.xml"), "//text()")
        assert vind(pakket.read("xl/workbook.xml"), "//sheet/@name")[:2] == ["Waarover", "Afrekening"]
    for naam in ("Gemeente Oostvoorne", GEMEENTE, "De Plek", AANBIEDER, f"Verblijf licht ({CODE})"):
        assert naam in teksten


async def test_overviews_of_the_api_have_names_beside_codes(financien: Opstelling) -> None:
    await financien.hoor(REGIONAAL)
    leeg = (await financien.aanbieder.get("/betaalschemas")).json()["resultaten"][0]
    assert (leeg["gemeenteNaam"], leeg["aanbiederNaam"], leeg["gemeente"]) == (None, "De Plek", GEMEENTE)
    await financien.hoor(*NAMEN)
    rij = (await financien.aanbieder.get("/betaalschemas")).json()["resultaten"][0]
    assert rij["gemeenteNaam"] == "Oostvoorne"
    assert rij["termijnen"][0]["opbouw"][0]["subsegmentNaam"] == "Verblijf licht"
    jaar = (await financien.controller.get(f"/betaalschemas/{rij['contractjaren'][0]['id']}")).json()
    assert (jaar["gemeenteNaam"], jaar["aanbiederNaam"]) == ("Oostvoorne", "De Plek")
    kwartaal = (await financien.aanbieder.get("/kwartaalmonitors?kwartaal=2026-Q1")).json()["resultaten"][0]
    assert (kwartaal["aanbiederNaam"], [r["gemeenteNaam"] for r in kwartaal["regels"]]) == (
        "De Plek",
        ["Oostvoorne", "Stuwerode"],
    )
    assert {r["subsegmentNaam"] for r in kwartaal["regels"]} == {"Verblijf licht"}
    jaren = (await financien.aanbieder.get("/verantwoordingen?jaar=2026")).json()["resultaten"]
    assert [een["gemeenteNaam"] for een in jaren] == ["Oostvoorne", "Stuwerode"]
    assert {(r["aanbiederNaam"], r["subsegmentNaam"]) for een in jaren for r in een["regels"]} == {
        ("De Plek", "Verblijf licht")
    }


async def test_the_accountability_as_csv_has_a_name_beside_each_code(financien: Opstelling) -> None:
    await financien.hoor(REGIONAAL, *NAMEN)
    inhoud_ = (await financien.controller.get("/verantwoordingen?jaar=2026&vorm=csv")).content.decode("utf-8-sig")
    kop, eerste, *_ = csv.reader(io.StringIO(inhoud_), delimiter=";")
    velden = dict(zip(kop, eerste, strict=True))
    assert [velden[naam] for naam in ("gemeente", "naam gemeente", "aanbieder", "naam aanbieder")] == [
        *(GEMEENTE, "Oostvoorne", AANBIEDER, "De Plek"),
    ]
    assert [velden[naam] for naam in ("sub-segment", "naam sub-segment")] == [CODE, "Verblijf licht"]
