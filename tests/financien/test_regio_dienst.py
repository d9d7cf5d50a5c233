"""Small random regions through the whole service: any order, to the cent as the independent calculation."""

import asyncio
import random
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.envelope import Contract
from tests import onafhankelijk as na
from tests.financien.opstelling import BUUR, GEMEENTE, Opstelling, levering, opgesteld, overeenkomst
from tests.financien.voorbeelden import leveringen, lijnen
from tests.onafhankelijk import Levering, Lijn
from tests.voorbeelden import voorbeelden

INSTELLINGEN: list[dict[str, Any]] = [
    {},
    {"tolerantie": "0.05", "tijdelijkeStopHoudtPlekDagen": 14},
    {"maximum": "1.05", "minimum": "0.8", "bijstellingsdrempel": "0.2"},
]


@dataclass(frozen=True)
class Aandeel:
    """One contract with one line, and what was delivered on it."""

    aanbieder: str
    lijn: Lijn
    leveringen: list[Levering]
    instellingen: dict[str, Any]
    regionaal: bool

    @property
    def gemeentelijn(self) -> Lijn:
        """The line as the gemeente has it: it begins with its first value, and has no share unless regional."""
        tarieven = [t if self.regionaal else {**t, "aandeel": "1"} for t in self.lijn["tarieven"]]
        return {**self.lijn, "begindatum": tarieven[0]["vanaf"], "tarieven": tarieven}

    @property
    def houdt(self) -> int:
        return int(self.instellingen.get("tijdelijkeStopHoudtPlekDagen", 0))

    def events(self) -> list[Contract]:
        versies = [
            {
                "vanaf": t["vanaf"],
                "plekken": t["plekken"],
                "prijsPerPlek": t["prijs_per_plek"],
                "verdeelsleutel": self._sleutel(t["aandeel"]) if self.regionaal else None,
            }
            for t in self.lijn["tarieven"]
        ]
        regel = {"gemeente": None if self.regionaal else GEMEENTE, "subsegment": "54Z01", "versies": versies}
        contract = overeenkomst(
            regel,
            id=f"o{self.aanbieder}",
            aanbieder=self.aanbieder,
            begindatum=self.lijn["begindatum"],
            einddatum=self.lijn["einddatum"],
            **self.instellingen,
        )
        geleverd: list[Contract] = []
        for nummer, item in enumerate(self.leveringen):
            naam = f"l{self.aanbieder}-{nummer}"
            delen = {"id": naam, "aanbieder": self.aanbieder, "einde": item["einddatum_toewijzing"]}
            geleverd.append(levering(*item["perioden"][:1], **delen))
            geleverd.append(levering(*item["perioden"], versie=2, **delen))
        return [contract, *geleverd]

    @staticmethod
    def _sleutel(aandeel: str) -> dict[str, str]:
        rest = 1 - Fraction(aandeel)
        return {GEMEENTE: aandeel} | ({BUUR: f"{float(rest):.6f}"} if rest else {})


@st.composite
def aandelen(draw: st.DrawFn, aanbieder: str) -> Aandeel:
    geleverd = draw(st.lists(leveringen(), max_size=3))
    return Aandeel(aanbieder, draw(lijnen()), geleverd, draw(st.sampled_from(INSTELLINGEN)), draw(st.booleans()))


regios = st.tuples(aandelen("42420001"), aandelen("42420002"))
vandagen = st.integers(60, 1000).map(lambda n: date(2025, 1, 1) + timedelta(days=n))


async def _gehoord(folder: Path, vandaag: date, events: list[Contract], vragen: Any = None) -> Any:
    async with opgesteld(folder, vandaag) as made:
        await made.hoor(*events)
        if vragen is not None:
            await vragen(made)
        return await made.stand()


@voorbeelden(15)
@given(regios, vandagen, st.integers(0, 10**6))
def test_any_order_with_duplicates_gives_the_same_tables(regio: tuple[Aandeel, ...], vandaag: date, worp: int) -> None:
    events = [event for aandeel in regio for event in aandeel.events()]
    geschud = [*events, *events[::2]]
    random.Random(worp).shuffle(geschud)
    with TemporaryDirectory() as een, TemporaryDirectory() as ander:
        eerste = asyncio.run(_gehoord(Path(een), vandaag, events))
        assert asyncio.run(_gehoord(Path(ander), vandaag, geschud)) == eerste


@voorbeelden(25)
@given(regios, vandagen)
def test_schema_forecast_monitor_and_settlement_equal_the_independent_calculation(
    regio: tuple[Aandeel, ...], vandaag: date
) -> None:
    async def vragen(made: Opstelling) -> None:
        for aandeel in regio:
            await _vergelijk(made, aandeel, vandaag)

    events = [event for aandeel in regio for event in aandeel.events()]
    with TemporaryDirectory() as folder:
        asyncio.run(_gehoord(Path(folder), vandaag, events, vragen))


async def _vergelijk(made: Opstelling, aandeel: Aandeel, vandaag: date) -> None:
    lijn, geleverd, houdt = aandeel.gemeentelijn, aandeel.leveringen, aandeel.houdt
    adres = f"?aanbieder={aandeel.aanbieder}"
    (schema,) = (await made.controller.get(f"/betaalschemas{adres}")).json()["resultaten"]
    termijnen = na.voorschotten(lijn)
    assert {t["maand"]: t["bedrag"] for t in schema["termijnen"]} == _euros(termijnen)
    assert schema["totaal"] == _euro(na.lumpsum(lijn))
    (getoond,) = (await made.controller.get(f"/prognoses{adres}")).json()["resultaten"]
    verwacht = na.prognose_tot(lijn, geleverd, vandaag, houdt)
    namen = ("lumpsum", "gerealiseerd", "verwacht")
    assert [getoond[naam] for naam in namen] == [_euro(verwacht[naam]) for naam in namen]
    await _vergelijk_monitor(made, aandeel, vandaag, termijnen)
    await _vergelijk_afrekening(made, aandeel, vandaag, termijnen)


async def _vergelijk_monitor(made: Opstelling, aandeel: Aandeel, vandaag: date, termijnen: dict[str, int]) -> None:
    lopend = vandaag.isoformat()[:7]
    voorbij = [k for k in _kwartalen(na.maanden_van(aandeel.gemeentelijn)) if k < na.kwartaal_van(lopend)]
    for kwartaal in voorbij[-2:]:
        vraag = {"gemeente": GEMEENTE, "kwartaal": kwartaal}
        regels = (await made.controller.post("/kwartaalmonitors", json=vraag)).json()["regels"]
        (rij,) = [r for r in regels if r["aanbieder"] == aandeel.aanbieder]
        uit = na.prognose(aandeel.gemeentelijn, aandeel.leveringen, kwartaal, vandaag, aandeel.houdt)
        assert uit is not None
        namen = ("lumpsum", "gerealiseerd", "verwacht", "afwijking")
        assert [rij[naam] for naam in namen] == [_euro(uit[naam]) for naam in namen]
        drempel = Fraction(aandeel.instellingen.get("bijstellingsdrempel", "0.05"))
        boven = uit["lumpsum"] > 0 and Fraction(abs(uit["afwijking"]), uit["lumpsum"]) > drempel
        rest = [maand for maand in termijnen if maand > lopend]
        assert (rij["bijstelling"] is not None) == (boven and bool(rest))
        if rij["bijstelling"] is not None:
            betaald = sum(cent for maand, cent in termijnen.items() if maand <= lopend)
            bijstelling = (await made.controller.get(f"/bijstellingen/{rij['bijstelling']}")).json()
            voorstel = na.voorstel(uit["verwacht"], betaald, rest)
            assert {t["maand"]: t["bedrag"] for t in bijstelling["termijnen"]} == _euros(voorstel)


async def _vergelijk_afrekening(made: Opstelling, aandeel: Aandeel, vandaag: date, termijnen: dict[str, int]) -> None:
    voorbij = [maand for maand in termijnen if maand < vandaag.isoformat()[:7]][1:]
    if not voorbij:
        return
    vraag = {
        "gemeente": GEMEENTE,
        "aanbieder": aandeel.aanbieder,
        "begindatum": f"{voorbij[0]}-01",
        "einddatum": na.dagen_in(voorbij[-1])[-1].isoformat(),
    }
    antwoord = (await made.controller.post("/afrekeningen", json=vraag)).json()
    (regel,) = antwoord["regels"]
    betaald = sum(termijnen[maand] for maand in voorbij)
    uit = na.afrekening(aandeel.gemeentelijn, aandeel.leveringen, voorbij, betaald, vandaag, aandeel.instellingen)
    namen = ("gerealiseerd", "betaald", "afrekening")
    assert [regel[naam] for naam in namen] == [_euro(uit[naam]) for naam in namen]
    assert Fraction(regel["gemiddeldBezet"]) == Fraction(na.rond(uit["gemiddeldBezet"] * 10_000), 10_000)
    assert Fraction(regel["plekken"]) == Fraction(na.rond(uit["plekken"] * 10_000), 10_000)
    assert antwoord["totaal"] == regel["afrekening"]


def _kwartalen(maanden: list[str]) -> list[str]:
    return [kwartaal for kwartaal, _ in groupby(maanden, key=na.kwartaal_van)]


def _euro(cent: int) -> str:
    teken = "-" if cent < 0 else ""
    return f"{teken}{abs(cent) // 100}.{abs(cent) % 100:02d}"


def _euros(centen: dict[str, int]) -> dict[str, str]:
    return {maand: _euro(cent) for maand, cent in centen.items()}
