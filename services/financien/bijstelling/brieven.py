"""What the letters of an adjustment say (F-4): the notice with the date to react by, and the decision."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from services.financien.brief.rules import (
    Afzender,
    Alinea,
    Blok,
    Document,
    Kop,
    Tabel,
    alineas,
    in_decimalen,
    in_euro,
    in_procenten,
    in_woorden,
    maand_in_woorden,
)
from services.financien.wederhoor.rules import AKKOORD, GEEN_ANTWOORD, NIET_AFGEWACHT
from shared.kernel.bedrag import Bedrag, som
from shared.kernel.periode import Kwartaal, Maand
from shared.outbox.edge import Context

Row = dict[str, Any]
NIET_AKKOORD = "niet_akkoord"
GEHOORD = {
    AKKOORD: "U hebt laten weten dat u akkoord bent.",
    NIET_AKKOORD: "U hebt laten weten dat u niet akkoord bent. Hieronder leest u waarom wij haar toch vaststellen.",
    GEEN_ANTWOORD: "U hebt binnen de termijn niet gereageerd.",
    NIET_AFGEWACHT: "Wij hebben uw reactie niet afgewacht.",
}


def melding(
    context: Context, row: Row, afzender: Afzender, naam: str | None, subsegment: str, toelichting: str | None
) -> Document:
    """The notice; `row` as it is when it was notified. `subsegment`: code and name."""
    nieuw = row["termijnen"]
    richting = "lager" if sum(nieuw.values()) < _oud(row) else "hoger"
    blokken: list[Blok] = [
        Alinea(
            f"Wij betalen u elke maand een voorschot voor de plekken in {subsegment}. Na elk kwartaal kijken wij of "
            f"dat voorschot nog past bij het aantal plekken dat bezet is. Na het {_kwartaal(row)} is dat niet zo. "
            f"Daarom stellen wij voor om het voorschot bij te stellen: het wordt {richting}."
        ),
        *_verwachting(row),
        _termijnen(row, "Zo worden de termijnen"),
        Kop("Uw reactie"),
        Alinea(
            f"Wij horen graag uiterlijk {in_woorden(row['reactie_uiterlijk'])} of u akkoord bent. Bent u niet akkoord, "
            "schrijf dan waarom. U kunt reageren in Plekregie, of bij de gemeente die deze brief stuurt. Reageert u "
            "niet voor of op die dag, dan leggen wij vast dat er geen antwoord kwam. Uw voorschot verandert pas als "
            "wij de bijstelling vaststellen; dat hoort u van ons."
        ),
        *_woorden("Toelichting van de gemeente", toelichting),
    ]
    return _document(context, row, afzender, naam, f"Voorstel: ander voorschot voor {subsegment}", blokken)


def vaststelling(
    context: Context, row: Row, afzender: Afzender, naam: str | None, subsegment: str, toelichting: str | None
) -> Document:
    """The decision; `row` as it was fixed."""
    blokken: list[Blok] = [
        Alinea(
            f"Wij stellen uw voorschot voor {subsegment} bij, zoals wij u na het {_kwartaal(row)} hebben gemeld. "
            f"{GEHOORD.get(row['reactie'], '')}".strip()
        ),
        *_woorden("Motivering", toelichting),
        _termijnen(row, "Dit zijn de termijnen"),
        Alinea(
            "De andere termijnen blijven zoals zij zijn. Wat u te veel of te weinig ontvangt, volgt bij de afrekening."
        ),
    ]
    return _document(context, row, afzender, naam, f"Besluit: ander voorschot voor {subsegment}", blokken)


def _document(
    context: Context, row: Row, afzender: Afzender, naam: str | None, onderwerp: str, blokken: list[Blok]
) -> Document:
    kenmerk = f"bijstelling {row['kwartaal']}, {row['id']}"
    return Document(afzender, row["aanbieder"], naam, context.today, kenmerk, onderwerp, tuple(blokken))


def _oud(row: Row) -> int:
    """What the same terms were together in cents; of a proposal of before that was kept as expected."""
    oud = row["oude_termijnen"]
    return sum(oud.values()) if oud else sum(row["termijnen"].values()) + row["lumpsum_cent"] - row["verwacht_cent"]


def _kwartaal(row: Row) -> str:
    kwartaal = Kwartaal.lees(row["kwartaal"])
    return f"{('eerste', 'tweede', 'derde', 'vierde')[kwartaal.nummer - 1]} kwartaal van {kwartaal.jaar}"


def _verwachting(row: Row) -> list[Blok]:
    """What a proposal rests on; one of before that was kept names the amounts alone."""
    lumpsum, verwacht = Bedrag(row["lumpsum_cent"]), Bedrag(row["verwacht_cent"])
    verschil = abs(verwacht.cent - lumpsum.cent)
    meer = "minder" if verwacht < lumpsum else "meer"
    deel = in_procenten(Fraction(verschil, lumpsum.cent))
    bezet = in_decimalen(Fraction(row["gemiddeld_bezet"]))
    tekst = (
        f"De lumpsum over de hele looptijd is {in_euro(lumpsum)}. In het kwartaal waren gemiddeld {bezet} plekken "
        f"bezet. Blijft dat zo, dan komt het bedrag over de hele looptijd uit op {in_euro(verwacht)}. Dat is "
        f"{in_euro(Bedrag(verschil))} ({deel}) {meer}."
    )
    aanleiding = row["aanleiding"]
    if not aanleiding:
        return [Kop("Wat wij verwachten"), Alinea(tekst)]
    drempel = in_procenten(Fraction(aanleiding["drempel"]))
    return [
        Kop("Wat wij verwachten"),
        Alinea(f"{tekst} Volgens uw overeenkomst stellen wij een bijstelling voor bij meer dan {drempel} verschil."),
        Tabel(
            "Bezetting tot en met dit kwartaal",
            ("Maand", "Plekken", "Bezette dagen", "Gemiddeld bezet"),
            tuple(
                (
                    maand_in_woorden(Maand.lees(deel["maand"])),
                    Fraction(deel["plekken"]),
                    deel["bezette_dagen"],
                    Fraction(deel["gemiddeld_bezet"]),
                )
                for deel in aanleiding["maanden"]
            ),
        ),
    ]


def _termijnen(row: Row, naam: str) -> Tabel:
    """The terms as they were, where that was kept, and as they become."""
    oud = {maand: Bedrag(cent) for maand, cent in row["oude_termijnen"].items()}
    nieuw = {maand: Bedrag(cent) for maand, cent in sorted(row["termijnen"].items())}
    wordt = som(nieuw.values())
    if oud.keys() != nieuw.keys():
        rijen = tuple((maand_in_woorden(Maand.lees(maand)), bedrag) for maand, bedrag in nieuw.items())
        return Tabel(naam, ("Maand", "Wordt"), rijen, ("Totaal", wordt))
    was = som(oud.values())
    return Tabel(
        naam,
        ("Maand", "Was", "Wordt", "Verschil"),
        tuple(
            (maand_in_woorden(Maand.lees(maand)), oud[maand], bedrag, bedrag - oud[maand])
            for maand, bedrag in nieuw.items()
        ),
        ("Totaal", was, wordt, wordt - was),
    )


def _woorden(kop: str, tekst: str | None) -> list[Blok]:
    geschreven = alineas(tekst)
    return [Kop(kop), *geschreven] if geschreven else []
