"""What the letters and the specification of a settlement say (F-5): figures that an aanbieder can check, no clients."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from services.financien.afrekening.rules import Verrekening
from services.financien.afrekening.stappen import BEZWAAR, Row, boekjaren, voorschot_van
from services.financien.brief.rules import (
    Afzender,
    Alinea,
    Blok,
    Cel,
    Document,
    Tabel,
    alineas,
    in_euro,
    in_woorden,
    maand_in_woorden,
)
from services.financien.brief.rules import Kop as Tussenkop
from services.financien.wederhoor.rules import AKKOORD, GEEN_ANTWOORD
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Maand
from shared.kernel.verloop import Verloop

GEHOORD = {
    AKKOORD: "U bent akkoord.",
    BEZWAAR: "U hebt bezwaar gemaakt. Hieronder leest u ons antwoord.",
    GEEN_ANTWOORD: "Wij kregen binnen de termijn geen reactie van u.",
}


@dataclass(frozen=True, slots=True)
class Kop:
    """What every document of a settlement begins with. `namen`: code of a sub-segment → how it is called."""

    dag: date
    row: Row
    afzender: Afzender
    aanbieder_naam: str | None
    namen: Mapping[str, str]

    @property
    def periode(self) -> str:
        """In words."""
        begin, eind = Maand.van(self.row["begindatum"]), Maand.van(self.row["einddatum"])
        return (
            maand_in_woorden(begin)
            if begin == eind
            else f"{maand_in_woorden(begin)} tot en met {maand_in_woorden(eind)}"
        )

    @property
    def correctie(self) -> bool:
        """Whether it is about a difference."""
        return self.row["corrigeert"] is not None

    @property
    def soort(self) -> str:
        """In words."""
        return "correctie op de afrekening" if self.correctie else "afrekening"

    def document(self, onderwerp: str, blokken: list[Blok], *, brief: bool = True) -> Document:
        """The document with these blocks."""
        return Document(
            self.afzender,
            self.row["aanbieder"],
            self.aanbieder_naam,
            self.dag,
            f"{self.row['soort']} {self.row['id']}",
            onderwerp,
            tuple(blokken),
            brief=brief,
            liggend=not brief,
        )


def begeleidend(kop: Kop, toelichting: str | None) -> Document:
    """The letter that goes with the specification, with the date to react by."""
    blokken: list[Blok] = [
        Alinea(_aanleiding(kop)),
        _overzicht(kop, kort=True),
        Alinea(_uitkomst(kop)),
        *_per_boekjaar(kop),
        Tussenkop("Uw reactie"),
        Alinea(
            f"Klopt dit volgens u? Laat het ons uiterlijk {in_woorden(kop.row['reactie_uiterlijk'])} weten. Hebt u "
            "bezwaar, schrijf dan bij elke regel wat er volgens u niet klopt. U kunt reageren in Plekregie, of bij de "
            "gemeente die deze brief stuurt. Daarna stellen wij de afrekening vast; u krijgt daarvan bericht."
        ),
        *_woorden("Toelichting van de gemeente", toelichting),
    ]
    return kop.document(f"{_groot(kop.soort)} over {kop.periode}", blokken)


def besluit(kop: Kop, toelichting: str | None) -> Document:
    """The decision: what it came to, what was heard, and how it is paid."""
    row = kop.row
    blokken: list[Blok] = [
        Alinea(f"Wij stellen de {kop.soort} over {kop.periode} vast. {GEHOORD.get(row['reactie'], '')}".strip()),
        *_woorden("Ons antwoord" if row["reactie"] == BEZWAAR else "Toelichting", toelichting),
        _overzicht(kop, kort=True),
        Alinea(_betaling(kop)),
        *_per_boekjaar(kop),
        Alinea(
            "Komt er later nog een bericht over deze maanden binnen, dan verandert deze afrekening niet. Het verschil "
            "komt in een correctie."
        ),
    ]
    return kop.document(f"Besluit: {kop.soort} over {kop.periode}", blokken)


def specificatie(kop: Kop, verlopen: Mapping[tuple[str, str], Verloop]) -> Document:
    """Everything the figures rest on, as far as it is not about persons. `verlopen`: occupancy per overeenkomst and
    sub-segment."""
    blokken: list[Blok] = [
        Alinea(
            "Gerealiseerd = per maand bezette dagen gedeeld door het aantal dagen van de maand, maal de prijs per plek "
            "per jaar, gedeeld door twaalf; opgeteld en per regel eenmaal afgerond. Grenzen en tolerantie uit de "
            "overeenkomst zijn toegepast. Een plek is bezet van de begindatum (305) tot en met de einddatum (307)."
        ),
        _overzicht(kop),
        _maanden(kop),
        *_per_boekjaar(kop, altijd=True),
        *_doorlooptijden(kop),
        _dagen(kop, verlopen),
    ]
    return kop.document(f"Specificatie van de {kop.soort} over {kop.periode}", blokken, brief=False)


def _aanleiding(kop: Kop) -> str:
    if kop.correctie:
        return (
            f"De afrekening over {kop.periode} staat vast. Daarna kwamen berichten of wijzigingen over die maanden "
            f"binnen. Deze correctie gaat alleen over het verschil; de eerste afrekening ({kop.row['corrigeert']}) "
            "blijft zoals zij is. De specificatie zit hierbij, zonder gegevens van cliënten."
        )
    return (
        f"Hierbij ontvangt u de afrekening van uw plekken over {kop.periode}. Wij rekenen af op de plekken die echt "
        "bezet waren. Het bezettingsoverzicht zit hierbij: per maand en per dag, zonder gegevens van cliënten."
    )


def _uitkomst(kop: Kop) -> str:
    totaal = Bedrag(kop.row["totaal_cent"])
    if totaal.cent > 0:
        return f"U ontvangt nog {in_euro(totaal)}."
    if totaal.cent < 0:
        return (
            f"U hebt {in_euro(-totaal)} te veel ontvangen. In het besluit leest u of wij dat verrekenen met een "
            "volgende betaling of terugvragen."
        )
    return "Per saldo hoeft niemand iets te betalen."


def _betaling(kop: Kop) -> str:
    totaal = Bedrag(kop.row["totaal_cent"])
    bedrag = in_euro(max(totaal, -totaal))
    if totaal.cent == 0:
        return "Per saldo hoeft niemand iets te betalen."
    return {
        Verrekening.UITBETALEN: f"Wij betalen u {bedrag}, samen met een volgende betaling.",
        Verrekening.VERREKENEN: f"Wij houden {bedrag} in op wat wij u hierna betalen.",
        Verrekening.TERUGVORDEREN: f"Wij vragen u {bedrag} terug te betalen. Noem daarbij het kenmerk van deze brief.",
    }[Verrekening(kop.row["verrekening"])]


def _overzicht(kop: Kop, *, kort: bool = False) -> Tabel:
    """The regels with their sums; in a letter about a difference without the places, so that it fits on the page."""
    kolommen = [
        ("Gerealiseerd", "gerealiseerd_cent"),
        ("Ontvangen", "betaald_cent"),
        *([("Eerder afgerekend", "eerder_cent")] if kop.correctie else []),
        ("Afrekening", "afrekening_cent"),
    ]
    regels = kop.row["regels"]
    plekken = not (kort and kop.correctie)

    def rij(regel: Row) -> tuple[Cel, ...]:
        bezet: tuple[Cel, ...] = (Fraction(regel["plekken"]), Fraction(regel["gemiddeld_bezet"])) if plekken else ()
        return (kop.namen[regel["subsegment"]], *bezet, *(Bedrag(regel[naam]) for _, naam in kolommen))

    sommen = (Bedrag(sum(regel[naam] for regel in regels)) for _, naam in kolommen)
    return Tabel(
        "Afrekening",
        ("Sub-segment", *(("Plekken", "Gemiddeld bezet") if plekken else ()), *(titel for titel, _ in kolommen)),
        tuple(map(rij, regels)),
        ("Totaal", *((None, None) if plekken else ()), *sommen),
    )


def _maanden(kop: Kop) -> Tabel:
    def rijen() -> Iterator[tuple[Cel, ...]]:
        for regel in kop.row["regels"]:
            for deel in regel["maanden"]:
                maand = Maand.lees(deel["maand"])
                yield (
                    kop.namen[regel["subsegment"]],
                    maand_in_woorden(maand),
                    Fraction(deel["plekken"]),
                    maand.dagen,
                    deel["bezette_dagen"],
                    Fraction(deel["bezette_dagen"], maand.dagen),
                    Bedrag(deel["jaarprijs_cent"]),
                    Bedrag(deel["betaald_cent"]),
                    Bedrag(deel["kosten_cent"]),
                )

    delen = [deel for regel in kop.row["regels"] for deel in regel["maanden"]]
    som = {naam: sum(deel[naam] for deel in delen) for naam in ("bezette_dagen", "betaald_cent", "kosten_cent")}
    return Tabel(
        "Per maand",
        (
            *("Sub-segment", "Maand", "Plekken", "Dagen", "Bezette dagen", "Gemiddeld bezet"),
            *("Prijs per plek per jaar", "Ontvangen", "Verschil in kosten" if kop.correctie else "Kosten"),
        ),
        tuple(rijen()),
        (
            *("Totaal", None, None, None, som["bezette_dagen"], None, None),
            *(Bedrag(som["betaald_cent"]), Bedrag(som["kosten_cent"])),
        ),
    )


def _per_boekjaar(kop: Kop, *, altijd: bool = False) -> Iterator[Blok]:
    """Only when there is more than one, unless asked for."""
    jaren = boekjaren(kop.row["regels"])
    if len(jaren) > 1 or altijd:
        rijen = tuple((str(deel.jaar), deel.kosten, deel.voorschot, deel.afrekening) for deel in jaren)
        delen = [deel for regel in kop.row["regels"] for deel in regel["maanden"]]
        kosten = Bedrag(sum(deel["kosten_cent"] for deel in delen))
        voorschot = Bedrag(sum(voorschot_van(deel) for deel in delen))
        totaal: tuple[Cel, ...] = ("Totaal", kosten, voorschot, kosten - voorschot)
        yield Tabel("Per boekjaar", ("Boekjaar", "Kosten", "Voorschot", "Afrekening"), rijen, totaal)


def _doorlooptijden(kop: Kop) -> Iterator[Blok]:
    def rijen() -> Iterator[tuple[Cel, ...]]:
        for regel in kop.row["regels"]:
            duur: dict[str, Any] | None = regel["doorlooptijd"]
            if duur is not None:
                echt = Fraction(duur["dagen"], duur["beeindigd"]) if duur["beeindigd"] else None
                yield kop.namen[regel["subsegment"]], duur["opgegeven_dagen"], echt, duur["beeindigd"]

    gevonden = tuple(rijen())
    if gevonden:
        koppen = ("Sub-segment", "Opgegeven (dagen)", "Werkelijk gemiddeld (dagen)", "Beëindigde leveringen")
        yield Tabel("Doorlooptijd (telt niet mee)", koppen, gevonden)


def _dagen(kop: Kop, verlopen: Mapping[tuple[str, str], Verloop]) -> Tabel:
    def rijen() -> Iterator[tuple[Cel, ...]]:
        for regel in kop.row["regels"]:
            verloop = verlopen.get((regel["overeenkomst"], regel["subsegment"]))
            if verloop is None or not regel["maanden"]:
                continue
            begin = Maand.lees(regel["maanden"][0]["maand"]).eerste
            eind = Maand.lees(regel["maanden"][-1]["maand"]).laatste
            for van, tot, bezet in verloop.stappen(begin, eind):
                aantal = (tot - van).days + 1
                yield kop.namen[regel["subsegment"]], van, tot, aantal, bezet, aantal * bezet

    return Tabel(
        "Bezetting per dag",
        ("Sub-segment", "Van", "Tot en met", "Dagen", "Bezette plekken", "Bezette dagen"),
        tuple(rijen()),
    )


def _woorden(kop: str, tekst: str | None) -> Iterator[Blok]:
    geschreven = alineas(tekst)
    if geschreven:
        yield Tussenkop(kop)
        yield from geschreven


def _groot(tekst: str) -> str:
    return tekst[:1].upper() + tekst[1:]
