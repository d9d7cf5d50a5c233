"""Shapes of single values as plain data: what the standard allows in one element, without any checking code."""

from dataclasses import dataclass

# Blank means the four characters XML calls white space; a no-break space counts as a visible character.
OP_EEN_REGEL = r"[ \t]*[^ \t\r\n][^\r\n]*"
NIET_LEEG = r"[ \t\r\n]*[^ \t\r\n](?s:.*)"
VERSIE = r"(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)"


@dataclass(frozen=True, slots=True)
class Tekst:
    """Text judged exactly as written, spaces included.

    `soortnaam` is the type's public name (None: unnamed). `vorm` completes the Dutch sentence "vul ... in".
    """

    soortnaam: str | None
    vorm: str
    regel: str
    minimaal: int = 0
    maximaal: int | None = None
    patroon: str | None = None
    waarden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Geheel:
    """A whole number between two bounds, both allowed; `precies` fixes the notation (then 03 is not 3)."""

    soortnaam: str | None
    regel: str
    hoogste: int
    laagste: int = 0
    precies: str | None = None


@dataclass(frozen=True, slots=True)
class Datum:
    """A calendar date without time zone (RS032)."""

    soortnaam: str = "LDT_Datum"
    regel: str = "RS032"


@dataclass(frozen=True, slots=True)
class Tijd:
    """A time of day without time zone (RS034); that last part is judged on level 2, see `toetsen.tijd`."""

    soortnaam: str = "LDT_Tijd"
    regel: str = "RS034"


Enkelvoudig = Tekst | Geheel | Datum | Tijd


def vrije_tekst(soort: str, maximaal: int) -> Tekst:
    """One line of text with at least one visible character."""
    vorm = f"1 tot en met {maximaal} tekens op één regel, niet alleen spaties"
    return Tekst(f"LDT_{soort}", vorm, "RS033", 1, maximaal, OP_EEN_REGEL)


def cijfers(soort: str, aantal: int, regel: str) -> Tekst:
    """An identifying number of exactly so many digits; leading zeros count."""
    return Tekst(f"LDT_{soort}", f"precies {aantal} cijfers", regel, aantal, aantal, f"[0-9]{{{aantal}}}")


def code(soort: str, *waarden: str) -> Tekst:
    """A value from a code list that the schema itself enforces."""
    vorm = f"een van de codes {', '.join(waarden)}" if len(waarden) < 40 else "een code uit de codelijst"
    return Tekst(f"LDT_{soort}", vorm, "codelijst", waarden=waarden)
