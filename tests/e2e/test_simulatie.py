"""The simulator against the running product: what it says of places and money is what really happened."""

import asyncio
import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from deploy.simulatie.bedenken import Omvang, bedenk
from deploy.simulatie.metingen import Metingen
from deploy.simulatie.opdracht import Opdracht, speel, vergelijk
from deploy.simulatie.spelen import Spel
from deploy.simulatie.verbinding import open_verbinding
from deploy.simulatie.voortgang import hervat
from deploy.simulatie.wereld import Variant, Wereld
from shared.web.identity import Rol
from tests.e2e.opstelling import VANDAAG, Ingebouwd, Opstelling
from tests.e2e.regio import BO, TO, Regio
from tests.e2e.verspreid import Verspreid

OMVANG = Omvang(3, 2, 25, 240, VANDAAG)
ZAAD = 136  # tells every kind of story
STIL = Console(quiet=True)
Json = dict[str, Any]


class Tokens:
    """Of the product under test."""

    def __init__(self, opstelling: Opstelling) -> None:
        self._opstelling = opstelling

    def token(self, rol: Rol, organisatie: str | None = None) -> str:
        if rol is Rol.AANBIEDER:
            return self._opstelling.token(rol, aanbieder=organisatie)
        return self._opstelling.token(rol, gemeente=organisatie)


def opdracht(regio: Regio, waarheid: Path) -> Opdracht:
    product = regio.opstelling
    if isinstance(product, Verspreid):
        adressen: Any = {lid.dienst: lid.url for lid in product.serves()}
    else:
        assert isinstance(product, Ingebouwd)
        adressen = product.url
    return Opdracht(adressen, Tokens(product), waarheid, gelijktijdig=8, stap=14)


class Gespeeld:
    """A play that was broken off once, and then went on."""

    def __init__(self, regio: Regio, waarheid: Path) -> None:
        self.regio, self.waarheid = regio, waarheid
        self.wereld: Wereld = bedenk("proef", ZAAD, OMVANG)
        self.opdracht = opdracht(regio, waarheid)
        asyncio.run(self._breek_af())
        self.halverwege: Json = json.loads(waarheid.read_text())
        self.verslag, self.goed = speel(self.opdracht, "proef", ZAAD, OMVANG, STIL)

    async def _breek_af(self) -> None:
        """In the middle of a step: part of it was done, and nobody wrote down what."""
        gedaan = 0

        def tel(stappen: int) -> None:
            nonlocal gedaan
            gedaan += stappen
            if gedaan >= 60:
                raise KeyError

        voortgang = hervat(self.wereld, self.waarheid)
        van = (self.opdracht.adressen, self.opdracht.sleutels, Metingen(), 8)
        async with open_verbinding(*van) as verbinding:
            with pytest.raises(KeyError):
                await Spel(self.wereld, verbinding, voortgang, tel).speel(14)

    def bewaard(self) -> Counter[tuple[str, str]]:
        """(type, status) of every message that the installation keeps of these providers, once."""
        rijen = [rij for o in self.wereld.overeenkomsten for rij in self.regio.berichten(o.aanbieder, richting="in")]
        return Counter((str(rij["bericht"]), rij["status"]) for rij in rijen if rij["status"] != "herhaling")


@pytest.fixture(scope="module")
def gespeeld(regio: Regio, tmp_path_factory: pytest.TempPathFactory) -> Gespeeld:
    return Gespeeld(regio, tmp_path_factory.mktemp("simulatie") / "waarheid.json")


def test_places_advances_and_settlements_are_what_really_happened(gespeeld: Gespeeld) -> None:
    vergelijking = gespeeld.verslag["vergelijking"]
    assert isinstance(vergelijking, dict)
    assert {deel: lijst for deel, lijst in vergelijking["verschillen"].items() if lijst} == {}
    assert gespeeld.goed
    assert all(aantal > 10 for aantal in vergelijking["vergeleken"].values()), vergelijking["vergeleken"]


def test_every_message_gets_the_verdict_that_it_deserves(gespeeld: Gespeeld) -> None:
    assert gespeeld.verslag["onverwacht"] == []
    gezonden = Counter(zending.variant for traject in gespeeld.wereld.trajecten for zending in traject.post)
    assert set(gezonden) == set(Variant), "choose another seed"
    bewaard = gespeeld.bewaard()
    goed = sum(aantal for (_, status), aantal in bewaard.items() if status == "goedgekeurd")
    starts_en_stops = sum(gezonden.values()) - gezonden[Variant.HERHALING]
    fout = sum(gezonden[v] for v in (Variant.REGELFOUT, Variant.VERKEERD_NUMMER, Variant.IN_DE_TOEKOMST))
    antwoorden = sum(aantal for (soort, _), aantal in bewaard.items() if soort.endswith("302"))
    assert goed == starts_en_stops - fout - gezonden[Variant.SCHEMAFOUT] + antwoorden
    assert sum(aantal for (_, status), aantal in bewaard.items() if status == "afgekeurd") == fout


def test_broken_off_halfway_it_went_on_and_did_nothing_twice(gespeeld: Gespeeld) -> None:
    tot = gespeeld.halverwege["gespeeldTot"]
    assert gespeeld.wereld.begin < date.fromisoformat(tot) < gespeeld.wereld.tot
    for gemeente in gespeeld.wereld.gemeenten:
        hier = [t for t in gespeeld.wereld.trajecten if t.gemeente == gemeente]
        assert len(gespeeld.regio.lijst(f"{TO}/indicaties", Rol.CONSULENT, gemeente=gemeente)) == len(hier)
        assert len(gespeeld.regio.lijst(f"{BO}/toewijzingen", Rol.BACKOFFICE, gemeente=gemeente)) == len(hier)


def test_played_again_without_its_file_the_installation_stays_as_it_is(gespeeld: Gespeeld, tmp_path: Path) -> None:
    eerst = gespeeld.bewaard()
    opnieuw = opdracht(gespeeld.regio, tmp_path / "opnieuw.json")
    verslag, goed = speel(opnieuw, "proef", ZAAD, OMVANG, STIL)
    assert goed, verslag
    schemafouten = {key: aantal for key, aantal in gespeeld.bewaard().items() if key[1] == "schemafout"}
    # What can't be read has no identification to know it by: it is kept again.
    assert {**gespeeld.bewaard(), **schemafouten} == {**eerst, **schemafouten}


def test_a_truth_that_is_another_is_found_out_figure_by_figure(gespeeld: Gespeeld, tmp_path: Path) -> None:
    inhoud = json.loads(gespeeld.waarheid.read_text())
    klaar = next(
        item for item in inhoud["leveringen"] if item["perioden"] and (item["perioden"][0]["eind"] or "9") < "2026-07"
    )
    klaar["perioden"][0]["eind"] = klaar["perioden"][0]["begin"]
    ander = tmp_path / "ander.json"
    ander.write_text(json.dumps(inhoud))
    verslag, goed = vergelijk(opdracht(gespeeld.regio, ander), STIL, geduld=0)
    assert not goed
    verschillen = verslag["vergelijking"]["verschillen"]  # type: ignore[index]
    assert {deel for deel, lijst in verschillen.items() if lijst} >= {"leveringen", "realisatie", "afrekeningen"}
    assert verschillen["berichten"] == []
    assert any(str(klaar["toewijzingNummer"]) in verschil for verschil in verschillen["leveringen"])
