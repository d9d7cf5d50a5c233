"""A random set of messages over three assignments, told to a region of its own, in any order."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from services.backoffice.istandaarden.persoon import Client
from services.backoffice.istandaarden.start_stop import StartProduct, StopProduct
from services.backoffice.levering.feiten import Startsleutel
from tests.backoffice.levering.simulatie import Bericht, Klasse, dag
from tests.backoffice.levering.verhalen import Verhaal
from tests.e2e.regio import Json, Regio, Toewijzing, regel

A, B = "54Z01", "45Z01"
BEGIN, EIND = date(2026, 1, 1), date(2026, 12, 31)
INGANG = date(2025, 11, 1)
EERSTE = date(2026, 1, 20)  # what day 100 of a story becomes
PEILDATA = (
    date(2025, 12, 31),
    *(date(2026, maand, 3 * maand) for maand in range(1, 9)),
    date(2026, 10, 1),
)
KWARTALEN = ("2026-Q1", "2026-Q2")
LEVERINGEN = ("toewijzing 1", "toewijzing 2")


@dataclass(frozen=True)
class Reeks:
    """Two clients with their stories, one per assignment. `post` are (client, message); `tempo` stretches the days."""

    verhalen: tuple[tuple[Verhaal, ...], ...]
    post: tuple[tuple[int, Bericht], ...]
    tempo: int
    houdt: int
    einddatum: date | None

    def datum(self, van_verhaal: date) -> date:
        return EERSTE + timedelta(days=(van_verhaal - dag(100)).days * self.tempo)

    def perioden(self, client: int, levering: int) -> list[tuple[str, str | None, bool, str | None]]:
        """What the provider meant, told by the story itself."""

        def tekst(wanneer: date | None) -> str | None:
            return None if wanneer is None else self.datum(wanneer).isoformat()

        return [
            (str(tekst(p.begindatum)), tekst(p.einddatum), p.tijdelijk, tekst(p.definitief))
            for p in self.verhalen[client][levering].perioden()
        ]


class Streek:
    """Two gemeenten and a provider of their own, with three lines, one of them for the region."""

    def __init__(self, regio: Regio, reeks: Reeks, clienten: Sequence[Client]) -> None:
        self.regio, self.reeks = regio, reeks
        self.aanbieder = regio.aanbieder()
        self.gemeenten = (regio.gemeente(), regio.gemeente())
        een, twee = self.gemeenten
        regels = [
            regel(een, A, "2", "38500.00"),
            regel(twee, A, "1", "21750.50"),
            regel(None, B, "3", "64200.00", {een: "0.4", twee: "0.6"}),
        ]
        regio.overeenkomst(self.aanbieder, BEGIN, EIND, regels, {"tijdelijkeStopHoudtPlekDagen": reeks.houdt})
        besluiten = [
            [
                regio.indicatie(gemeente, self.aanbieder, code, INGANG, reeks.einddatum, client=client)[0]
                for code, _ in zip((A, B), verhalen, strict=False)
            ]
            for client, gemeente, verhalen in zip(clienten, self.gemeenten, reeks.verhalen, strict=True)
        ]
        self.toewijzingen = [
            [regio.toewijzing(indicatie, gemeente, client) for indicatie in indicaties]
            for client, gemeente, indicaties in zip(clienten, self.gemeenten, besluiten, strict=True)
        ]

    def bericht(self, client: int, bericht: Bericht) -> bytes:
        """The bytes of a message of the story; the same whenever they are made."""
        producten = [self._product(client, klasse) for klasse in bericht.klassen]
        return self.regio.bericht(self.toewijzingen[client][0], producten, f"C{client}{bericht.id.upper()}")

    def _product(self, client: int, klasse: Klasse) -> StartProduct | StopProduct:
        toewijzing: Toewijzing = self.toewijzingen[client][LEVERINGEN.index(klasse.levering)]
        sleutel, status, datum = klasse.sleutel, str(klasse.status), self.reeks.datum
        if isinstance(sleutel, Startsleutel):
            return toewijzing.start(datum(sleutel.begindatum), status)
        return toewijzing.stop(datum(sleutel.begindatum), datum(sleutel.einddatum), sleutel.reden, status)

    def vertel(self, volgorde: Sequence[int], *, tegelijk: int = 1) -> None:
        """Deliver the messages in this order (an index may occur twice: the same bytes again)."""
        post = [self.bericht(*self.reeks.post[index]) for index in volgorde]
        with ThreadPoolExecutor(tegelijk) as zenders:
            list(zenders.map(lambda inhoud: self.regio.stuur(inhoud, self.aanbieder), post))
        self.regio.rust()

    def stand(self) -> Json:
        """Everything that the messages led to, under names that do not depend on who or when."""
        return stand_van(self.regio, self.aanbieder, dict(zip(self.gemeenten, ("een", "twee"), strict=True)))

    def oordelen(self) -> dict[str, str]:
        """Identificatie → status of each message, repetitions aside."""
        return {
            f"{rij['bericht']}/{rij['identificatie']}": rij["status"]
            for rij in self.regio.berichten(self.aanbieder, richting="in")
            if rij["status"] != "herhaling"
        }


def stand_van(regio: Regio, aanbieder: str, gemeenten: Mapping[str, str]) -> Json:
    """Administration, places, money and signals of a provider; `gemeenten` gives each a name that stays the same."""
    namen: dict[str | None, str] = {**gemeenten, None: "regio"}
    signaalvelden = ("subsegment", "soort", "sinds", "totEnMet", "toelichting")
    return {
        "administratie": {naam: toegewezen(regio.toewijzingen(gemeente)) for gemeente, naam in gemeenten.items()},
        "bezetting": {
            peildatum.isoformat(): sorted(
                (namen[rij["gemeente"]], rij["subsegment"], rij["plekken"], rij["bezet"], rij["benutting"])
                for rij in regio.bezetting(peildatum, aanbieder)
            )
            for peildatum in PEILDATA
        },
        "prognoses": [zonder(rij, namen) for gemeente in gemeenten for rij in regio.prognoses(gemeente)],
        "monitor": [
            (naam, kwartaal, zonder(rij, namen) | {"bijstelling": rij["bijstelling"] is not None})
            for gemeente, naam in gemeenten.items()
            for kwartaal in KWARTALEN
            for rij in regio.kwartaalmonitor(gemeente, kwartaal)
        ],
        "signalen": sorted(
            (namen[rij["gemeente"]], *(str(rij[veld]) for veld in signaalvelden))
            for status in ("open", "gesloten")
            for rij in regio.signalen(aanbieder, status)
        ),
    }


def toegewezen(rijen: Sequence[Json]) -> list[tuple[object, ...]]:
    """Assignments with what was delivered, without their numbers (these follow the order of deciding)."""
    velden = ("subsegment", "status", "ingangsdatum", "einddatum")
    return sorted(((*(rij[veld] for veld in velden), als_perioden(rij["leveringen"])) for rij in rijen), key=str)


def als_perioden(leveringen: Sequence[Json]) -> list[tuple[str, str | None, bool, str | None]]:
    return [(rij["begindatum"], rij["einddatum"], rij["tijdelijk"], rij["definitief"]) for rij in leveringen]


WEG = ("lijn", "overeenkomst", "aanbieder", "oorzaak", "bijstelling")


def zonder(rij: Json, namen: Mapping[str | None, str]) -> Json:
    """A row without what differs from region to region."""
    gebleven = {naam: waarde for naam, waarde in rij.items() if naam not in WEG}
    return gebleven | ({"gemeente": namen[rij["gemeente"]]} if "gemeente" in rij else {})


def door_elkaar(aantal: int, random: Random) -> list[int]:
    """Any order, with about a third of the messages sent twice."""
    volgorde = [*range(aantal), *(index for index in range(aantal) if random.random() < 0.35)]
    random.shuffle(volgorde)
    return volgorde
