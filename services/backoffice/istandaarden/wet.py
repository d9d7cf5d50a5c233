"""The two laws that share one message standard: iWmo is iJw with named differences."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wet:
    """What differs between iJw and iWmo release 3.2: names, versions (IV034: as in appinfo) and two code lists."""

    naam: str
    berichtvoorvoegsel: str
    basisvoorvoegsel: str
    xsd_versie: str
    categorieen: tuple[str, ...]
    redenen_beeindiging: tuple[str, ...]
    stapelbaar: frozenset[str]
    """Categories whose assignments may overlap (TR302, iWmo aids and adaptations)."""

    @property
    def basisruimte(self) -> str:
        """Namespace of the shared elements."""
        return f"http://www.istandaarden.nl/{self.basisvoorvoegsel}/3_2/basisschema/schema"

    def berichtruimte(self, nummer: str) -> str:
        """Namespace of message `nummer`."""
        return f"http://www.istandaarden.nl/{self.basisvoorvoegsel}/3_2/{self.berichtvoorvoegsel}{nummer}/schema"

    def berichtnaam(self, nummer: str) -> str:
        """Name as people say it: JW305, WMO305."""
        return f"{self.berichtvoorvoegsel.upper()}{nummer}"


JEUGDWET = Wet(
    naam="jeugdwet",
    berichtvoorvoegsel="jw",
    basisvoorvoegsel="ijw",
    xsd_versie="0.1.0",
    categorieen=tuple(str(n) for n in (*range(31, 39), *range(40, 56))),
    redenen_beeindiging=("02", "20", *(str(n) for n in range(31, 40))),
    stapelbaar=frozenset(),
)
WMO = Wet(
    naam="wmo",
    berichtvoorvoegsel="wmo",
    basisvoorvoegsel="iwmo",
    xsd_versie="1.0.0",
    categorieen=tuple(f"{n:02}" for n in range(1, 19)),
    redenen_beeindiging=("02", "19", "20", "21", "22", "23", "31", "36", "37", "38", "39"),
    stapelbaar=frozenset(("11", "12", "13", "14")),
)
WETTEN = {wet.naam: wet for wet in (JEUGDWET, WMO)}
