"""An amount explained: the rule with its numbers filled in, the parts it adds up from, and where those come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from services.financien.grootboek.rules import Oorzaak
from services.financien.lumpsum.rules import Contractlijn, exacte_lumpsum
from shared.kernel.bedrag import Bedrag, rond_af
from shared.kernel.periode import Maand

# Kinds of amounts that can be explained, as they are named in the address.
TERMIJN, BIJSTELLING, AFREKENING, REGEL, POST, BETALING, BATCH, JAAREINDE = SOORTEN = (
    *("termijn", "bijstelling", "afrekening", "afrekeningsregel", "journaalpost", "betaling", "betaalbatch"),
    "jaareinde",
)
LEVERING = "levering"  # what an amount rests on; no amount itself
MEESTE_UITGESCHREVEN = 24  # parts in one sum that a person still follows


NIETS = Bedrag(0)


@dataclass(frozen=True, slots=True)
class Regel:
    """A rule by its id, as a formula and with the numbers of this amount in it (Dutch)."""

    id: str
    formule: str
    ingevuld: str


@dataclass(frozen=True, slots=True)
class Deel:
    """A part of the amount; `herkomst` is where that part is explained in its turn."""

    omschrijving: str
    bedrag: Bedrag
    herkomst: str | None = None


@dataclass(frozen=True, slots=True)
class Maandcijfer:
    """What a month went into the amount with. `leveringen`: how many occupied a place, `dagen` together."""

    maand: Maand
    plekken: Fraction
    prijs_per_plek: Bedrag
    dagen: int
    leveringen: int


@dataclass(frozen=True, slots=True)
class Bron:
    """What the amount rests on outside itself; `pad` is where it can be read, if there is such a place."""

    soort: str
    id: str
    omschrijving: str
    pad: str | None = None


@dataclass(frozen=True, slots=True)
class Herkomst:
    """The explanation of one amount. Parts add up to `bedrag` where a rule adds."""

    soort: str
    id: str
    omschrijving: str
    gemeente: str
    aanbieder: str | None
    subsegment: str | None
    bedrag: Bedrag
    regel: Regel
    delen: tuple[Deel, ...] = ()
    maanden: tuple[Maandcijfer, ...] = ()
    bronnen: tuple[Bron, ...] = ()
    opmerkingen: tuple[str, ...] = ()


def pad(soort: str, identity: str) -> str:
    """Where an amount is explained."""
    return f"/financien/v1/herkomst/{soort}/{identity}"


def pad_van_oorzaak(oorzaak: Oorzaak) -> str | None:
    """Where what a post follows from is explained, if it is an amount."""
    return pad(oorzaak.soort, oorzaak.id) if oorzaak.soort in SOORTEN else None


def opgeteld(delen: Sequence[Deel], totaal: Bedrag) -> str:
    """Parts added up, written out; of many parts their number."""
    if len(delen) > MEESTE_UITGESCHREVEN:
        return f"{len(delen)} delen, samen {totaal.als_euro()}"
    return f"{' + '.join(deel.bedrag.als_euro() for deel in delen)} = {totaal.als_euro()}"


def exact_in_euro(cent: Fraction) -> str:
    """An unrounded amount in euros: as a decimal when it is one, else as whole euros and a fraction."""
    euro = cent / 100
    macht = 0
    while macht < 8 and (euro * 10**macht).denominator != 1:
        macht += 1
    if macht == 8:
        return f"{euro.numerator}/{euro.denominator}"
    heel = abs(euro) * 10**macht
    cijfers = f"{heel.numerator:0{macht + 1}d}"
    teken = "-" if euro < 0 else ""
    return teken + (f"{cijfers[:-macht]}.{cijfers[-macht:].ljust(2, '0')}" if macht else f"{cijfers}.00")


def leesbaar(cent: Fraction) -> str:
    """The same, a fraction with its first decimals before it."""
    exact = exact_in_euro(cent)
    if "/" not in exact:
        return exact
    begin = exact_in_euro(Fraction(cent.numerator * 10_000 // cent.denominator, 10_000))
    return f"{begin}… = {exact}"


def voorschotregel(contract: Contractlijn, maand: Maand) -> tuple[Regel, Bedrag]:
    """How the advance of a month follows from the contract (F-2), and what that gives."""
    tot = [maand_ for maand_ in contract.maanden() if maand_ <= maand]
    na, voor = exacte_lumpsum(contract, tot), exacte_lumpsum(contract, tot[:-1])
    voorschot = rond_af(na) - rond_af(voor)
    tarief = (
        f"{als_getal(contract.plekken_in(maand))} plekken × {exact_in_euro(Fraction(contract.jaarprijs_in(maand)))}"
    )
    ingevuld = (
        f"{maand}: {tarief} / 12. Opgeteld vanaf {contract.begin}: afgerond({leesbaar(na)}) − "
        f"afgerond({leesbaar(voor)}) = {voorschot.als_euro()}"
    )
    formule = (
        "voorschot = afgerond(C_k) − afgerond(C_k−1), met C_k = Σ plekken × prijs per plek / 12 tot en met maand k"
    )
    return Regel("F-2", formule, ingevuld), voorschot


def realisatieregel(gerealiseerd: Bedrag, betaald: Bedrag, afrekening: Bedrag, eerder: Bedrag = NIETS) -> Regel:
    """How the settlement of a line follows from what was realised and paid, and settled before (F-5)."""
    af = "" if eerder == NIETS else " − eerder afgerekend"
    formule = (
        f"afrekening = gerealiseerd − betaald{af}, met gerealiseerd = Σ (bezette dagen / dagen) × prijs per plek / 12"
    )
    getallen = f"{gerealiseerd.als_euro()} − {betaald.als_euro()}"
    if eerder != NIETS:
        getallen += f" − {eerder.als_euro()}"
    if gerealiseerd - betaald - eerder == afrekening:
        ingevuld = f"{getallen} = {afrekening.als_euro()}"
    else:
        ingevuld = f"{getallen} blijft binnen de tolerantie: {afrekening.als_euro()}"
    return Regel("F-5", formule, ingevuld)


def prognoseregel(gerealiseerd: Bedrag, verwacht: Bedrag, lumpsum: Bedrag, gemiddeld_bezet: str, drempel: str) -> Regel:
    """How an expected amount follows from realised months and the occupancy of the quarter (F-4)."""
    afwijking = verwacht - lumpsum
    ingevuld = (
        f"{gerealiseerd.als_euro()} + {(verwacht - gerealiseerd).als_euro()} (gemiddeld {gemiddeld_bezet} plekken "
        f"bezet) = {verwacht.als_euro()}; dat is {afwijking.als_euro()} anders dan de lumpsum van "
        f"{lumpsum.als_euro()}, drempel {drempel}"
    )
    formule = (
        "verwacht = gerealiseerd tot en met het kwartaal + Σ latere maanden: gemiddeld bezet × prijs per plek / 12"
    )
    return Regel("F-4", formule, ingevuld)


def als_getal(aantal: Fraction) -> str:
    """Places as written: `12`, `4.8`, else a fraction."""
    tekst = exact_in_euro(aantal * 100)
    return tekst.rstrip("0").rstrip(".") if "/" not in tekst else tekst
