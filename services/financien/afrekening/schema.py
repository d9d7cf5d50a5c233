"""Bodies and answers of settlements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from services.financien.afrekening.rules import Verrekening
from services.financien.afrekening.stappen import VASTGESTELD, Row, boekjaren
from services.financien.afrekening.vordering import openstaand
from services.financien.wederhoor.rules import reactiestand
from shared.kernel.bedrag import Bedrag
from shared.kernel.namen import Namen
from shared.web.schema import Agb, Euro, EuroIn, Gemeentecode, Invoer, Subsegmentcode, Uitvoer

Toelichting = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Identiteit = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Status = Literal["concept", "verzonden", "vastgesteld", "ingetrokken", "vervangen"]
Soort = Literal["afrekening", "correctie"]


class AfrekeningIn(Invoer):
    """Whole months that are over, within the contract."""

    gemeente: Gemeentecode
    aanbieder: Agb
    begindatum: date
    einddatum: date


class VerzendingIn(Invoer):
    """Words to go with it; without a date the aanbieder gets the days that the gemeente set."""

    toelichting: Toelichting | None = None
    reactie_uiterlijk: date | None = None


class BezwaarIn(Invoer):
    """Against which regel, and why."""

    overeenkomst: Identiteit
    subsegment: Subsegmentcode
    toelichting: Toelichting


class AfrekeningreactieIn(Invoer):
    """What the aanbieder says; `geen_antwoord` when the date passed."""

    reactie: Literal["akkoord", "bezwaar", "geen_antwoord"]
    toelichting: Toelichting | None = None
    bezwaren: Annotated[list[BezwaarIn], Field(max_length=500)] = Field(default_factory=list)


class VaststellingIn(Invoer):
    """`verrekening` is asked for when the aanbieder received too much; `toelichting` after an objection."""

    verrekening: Literal["verrekenen", "terugvorderen"] | None = None
    toelichting: Toelichting | None = None
    zoals_verzonden: bool = False


class IntrekkingIn(Invoer):
    """Why."""

    toelichting: Toelichting | None = None


class OntvangstIn(Invoer):
    """What the aanbieder paid back; without a day: today."""

    bedrag: EuroIn
    ontvangen_op: date | None = None
    toelichting: Toelichting | None = None


class AlsnogIn(Invoer):
    """Why, if wanted."""

    toelichting: Toelichting | None = None


class BoekjaarUit(Uitvoer):
    """The part of a financial year: `afrekening` = kosten − voorschot; together exactly the whole."""

    jaar: int
    kosten: Euro
    voorschot: Euro
    afrekening: Euro


class DoorlooptijdUit(Uitvoer):
    """Length of stay in days, which is no part of the settlement: as stated in the contract, and the average of the
    stays that ended in these months (one decimal; null when none did)."""

    opgegeven: int | None
    werkelijk: str | None
    beeindigd: int


class RegelUit(Uitvoer):
    """One lijn: average awarded and occupied places, and `afrekening` = gerealiseerd − betaald − eerderAfgerekend (zero
    within the tolerance). Positive: still to be paid to the aanbieder."""

    overeenkomst: str
    subsegment: str
    subsegment_naam: str | None
    plekken: str
    gemiddeld_bezet: str
    gerealiseerd: Euro
    betaald: Euro
    eerder_afgerekend: Euro
    afrekening: Euro
    boekjaren: list[BoekjaarUit]
    doorlooptijd: DoorlooptijdUit | None


class AfrekeningstapUit(Uitvoer):
    """Who did what, on whose behalf, when. `brief` is the letter that went with it (`/brieven/{brief}`); `bedrag` and
    `dag`: what was received or netted."""

    stap: str
    gebruiker: str
    namens: Literal["aanbieder", "gemeente", "systeem"] | None = None
    moment: str
    toelichting: str | None = None
    bijzonderheid: str | None = None
    brief: str | None = None
    bedrag: Euro | None = None
    dag: date | None = None


class BezwaarUit(Uitvoer):
    """An objection against one regel."""

    overeenkomst: str
    subsegment: str
    toelichting: str


class SindsdienRegelUit(Uitvoer):
    """What a lijn comes to now: `verschil` is not settled yet."""

    overeenkomst: str
    subsegment: str
    gerealiseerd: Euro
    verschil: Euro


class SindsdienUit(Uitvoer):
    """What became known since it was sent or fixed: the difference now; fixed corrections are taken off."""

    gewijzigd: bool
    verschil: Euro
    regels: list[SindsdienRegelUit]
    correcties: list[str]


class AfrekeningUit(Uitvoer):
    """A settlement: calculated (concept), sent to the aanbieder (verzonden), booked (vastgesteld). `reactiestand`: the
    reaction, or whether it is waited for today. `sindsdien` only when it is asked for by id. `openstaand`: what the
    aanbieder still has to pay back of a fixed one. A name is null until it was heard."""

    id: str
    soort: Soort
    corrigeert: str | None
    status: Status
    gemeente: str
    gemeente_naam: str | None
    aanbieder: str
    aanbieder_naam: str | None
    begindatum: date
    einddatum: date
    regels: list[RegelUit]
    boekjaren: list[BoekjaarUit]
    totaal: Euro
    verrekening: Verrekening | None
    reactie: str | None
    reactie_uiterlijk: date | None
    reactiestand: str
    bezwaren: list[BezwaarUit]
    sindsdien: SindsdienUit | None = None
    openstaand: Euro | None = None
    stappen: list[AfrekeningstapUit]


def uit(row: Row, namen: Namen, vandaag: date, sindsdien: SindsdienUit | None = None) -> AfrekeningUit:
    """A settlement as shown on a day."""
    zelfde = ("id", "soort", "corrigeert", "status", "gemeente", "aanbieder", "begindatum", "einddatum")
    stand = reactiestand(
        gevraagd=row["verzonden_op"] is not None,
        reactie=row["reactie"],
        uiterlijk=row["reactie_uiterlijk"],
        dag=vandaag,
    )
    return AfrekeningUit.model_validate(
        {
            **{name: row[name] for name in (*zelfde, "verrekening", "reactie", "reactie_uiterlijk")},
            **{name: row[name] for name in ("bezwaren", "stappen")},
            "gemeente_naam": namen.gemeenten.get(row["gemeente"]),
            "aanbieder_naam": namen.aanbieders.get(row["aanbieder"]),
            "regels": [_regel(regel, namen) for regel in row["regels"]],
            "boekjaren": _boekjaren(row["regels"]),
            "totaal": Bedrag(row["totaal_cent"]).als_euro(),
            "reactiestand": stand,
            "sindsdien": sindsdien,
            "openstaand": openstaand(row).als_euro() if row["status"] == VASTGESTELD else None,
        }
    )


def sindsdien_uit(regels: Sequence[Row], gewijzigd: bool, correcties: list[str]) -> SindsdienUit:
    """The difference with now."""
    return SindsdienUit(
        gewijzigd=gewijzigd,
        verschil=Bedrag(sum(regel["afrekening_cent"] for regel in regels)).als_euro(),
        regels=[
            SindsdienRegelUit(
                overeenkomst=regel["overeenkomst"],
                subsegment=regel["subsegment"],
                gerealiseerd=Bedrag(regel["gerealiseerd_cent"]).als_euro(),
                verschil=Bedrag(regel["afrekening_cent"]).als_euro(),
            )
            for regel in regels
        ],
        correcties=correcties,
    )


def _regel(regel: Mapping[str, Any], namen: Namen) -> dict[str, Any]:
    duur = regel.get("doorlooptijd")
    return {
        **{naam: regel[naam] for naam in ("overeenkomst", "subsegment", "plekken", "gemiddeld_bezet")},
        "subsegment_naam": namen.subsegmenten.get(regel["subsegment"]),
        **{naam: Bedrag(regel[f"{naam}_cent"]).als_euro() for naam in ("gerealiseerd", "betaald", "afrekening")},
        "eerder_afgerekend": Bedrag(regel.get("eerder_cent", 0)).als_euro(),
        "boekjaren": _boekjaren([dict(regel)]),
        "doorlooptijd": None
        if duur is None
        else DoorlooptijdUit(
            opgegeven=duur["opgegeven_dagen"],
            werkelijk=_een_decimaal(duur["dagen"], duur["beeindigd"]),
            beeindigd=duur["beeindigd"],
        ),
    }


def _een_decimaal(dagen: int, aantal: int) -> str | None:
    """An average with one decimal, half up."""
    if not aantal:
        return None
    tienden = (2 * 10 * dagen + aantal) // (2 * aantal)
    return f"{tienden // 10}.{tienden % 10}"


def _boekjaren(regels: list[Row]) -> list[BoekjaarUit]:
    return [
        BoekjaarUit(
            jaar=deel.jaar,
            kosten=deel.kosten.als_euro(),
            voorschot=deel.voorschot.als_euro(),
            afrekening=deel.afrekening.als_euro(),
        )
        for deel in boekjaren(regels)
    ]
