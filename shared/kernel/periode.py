"""Calendar spans: period, month, quarter. First and last day are both included, as in the messages."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

_MAAND = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_KWARTAAL = re.compile(r"([0-9]{4})-Q([1-4])")


@dataclass(frozen=True, slots=True)
class Periode:
    """Days `begin` through `eind`, both included; `eind` None is an open end. Refuses an end before begin."""

    begin: date
    eind: date | None

    def __post_init__(self) -> None:
        if self.eind is not None and self.eind < self.begin:
            raise ValueError(
                f"De einddatum {self.eind} ligt voor de begindatum {self.begin}: "
                "kies een einddatum op of na de begindatum."
            )

    def bevat(self, dag: date) -> bool:
        """Whether `dag` is one of the days of this period."""
        return self.begin <= dag and (self.eind is None or dag <= self.eind)

    def overlapt(self, ander: "Periode") -> bool:
        """Whether both periods have at least one day in common."""
        return self.doorsnede(ander) is not None

    def doorsnede(self, ander: "Periode") -> "Periode | None":
        """The days that both periods have; None when there are none."""
        begin = max(self.begin, ander.begin)
        einden = [eind for eind in (self.eind, ander.eind) if eind is not None]
        eind = min(einden, default=None)
        return None if eind is not None and eind < begin else Periode(begin, eind)

    @property
    def dagen(self) -> int:
        """Number of days; refuses (ValueError) a period with an open end."""
        if self.eind is None:
            raise ValueError(f"De periode vanaf {self.begin} heeft geen einddatum en dus geen aantal dagen.")
        return (self.eind - self.begin).days + 1


class _JaarEnMaand(NamedTuple):
    # A tuple, for every count of days compares and looks up months: its hash and order are C.
    jaar: int
    nummer: int


class Maand(_JaarEnMaand):
    """A calendar month; months sort in time. `str` gives `2026-01`."""

    __slots__ = ()

    def __new__(cls, jaar: int, nummer: int) -> "Maand":
        if not 1 <= nummer <= 12:
            raise ValueError(f"{nummer} is geen maand: kies 1 tot en met 12.")
        return super().__new__(cls, jaar, nummer)

    @classmethod
    def van(cls, dag: date) -> "Maand":
        """The month in which `dag` lies."""
        return _maand(dag.year, dag.month)

    @classmethod
    def lees(cls, tekst: str) -> "Maand":
        """Reads `2026-01`; refuses (ValueError) anything else."""
        return _gelezen(tekst)

    @property
    def eerste(self) -> date:
        """First day of the month."""
        return date(self.jaar, self.nummer, 1)

    @property
    def laatste(self) -> date:
        """Last day of the month."""
        return _laatste(self.jaar, self.nummer)

    @property
    def dagen(self) -> int:
        """Number of days of the month: 28, 29, 30 or 31."""
        return _laatste(self.jaar, self.nummer).day

    def volgende(self) -> "Maand":
        """The month after this one."""
        return Maand(self.jaar + 1, 1) if self.nummer == 12 else Maand(self.jaar, self.nummer + 1)

    def __str__(self) -> str:
        return f"{self.jaar:04d}-{self.nummer:02d}"


@lru_cache(maxsize=2048)
def _maand(jaar: int, nummer: int) -> Maand:
    return Maand(jaar, nummer)


@lru_cache(maxsize=2048)
def _gelezen(tekst: str) -> Maand:
    gevonden = _MAAND.fullmatch(tekst)
    if gevonden is None:
        raise ValueError(f"'{tekst}' is geen maand: schrijf jaar en maand, bijvoorbeeld 2026-01.")
    return Maand(int(gevonden[1]), int(gevonden[2]))


@lru_cache(maxsize=2048)
def _laatste(jaar: int, nummer: int) -> date:
    return date(jaar, nummer, monthrange(jaar, nummer)[1])


@lru_cache(maxsize=2048)  # every count of occupied days asks for the same few spans
def maanden(begin: Maand, eind: Maand) -> tuple[Maand, ...]:
    """All months from `begin` through `eind`, both included; none when `eind` comes first."""
    eerste, laatste = begin.jaar * 12 + begin.nummer - 1, eind.jaar * 12 + eind.nummer - 1
    return tuple(Maand(volgnummer // 12, volgnummer % 12 + 1) for volgnummer in range(eerste, laatste + 1))


@dataclass(frozen=True, slots=True, order=True)
class Kwartaal:
    """A calendar quarter; quarters sort in time. `str` gives `2026-Q1`."""

    jaar: int
    nummer: int

    def __post_init__(self) -> None:
        if not 1 <= self.nummer <= 4:
            raise ValueError(f"{self.nummer} is geen kwartaal: kies 1 tot en met 4.")

    @classmethod
    def van(cls, dag: date) -> "Kwartaal":
        """The quarter in which `dag` lies."""
        return cls(dag.year, (dag.month + 2) // 3)

    @classmethod
    def lees(cls, tekst: str) -> "Kwartaal":
        """Reads `2026-Q1`; refuses (ValueError) anything else."""
        gevonden = _KWARTAAL.fullmatch(tekst)
        if gevonden is None:
            raise ValueError(f"'{tekst}' is geen kwartaal: schrijf jaar en kwartaal, bijvoorbeeld 2026-Q1.")
        return cls(int(gevonden[1]), int(gevonden[2]))

    @property
    def maanden(self) -> tuple[Maand, Maand, Maand]:
        """The three months of the quarter."""
        return _maanden_van(self.jaar, self.nummer)

    @property
    def laatste(self) -> date:
        """Last day of the quarter."""
        return self.maanden[2].laatste

    def vorige(self) -> "Kwartaal":
        """The quarter before this one."""
        return Kwartaal(self.jaar - 1, 4) if self.nummer == 1 else Kwartaal(self.jaar, self.nummer - 1)

    def __str__(self) -> str:
        return f"{self.jaar:04d}-Q{self.nummer}"


@lru_cache(maxsize=1024)
def _maanden_van(jaar: int, kwartaal: int) -> tuple[Maand, Maand, Maand]:
    laatste = kwartaal * 3
    return Maand(jaar, laatste - 2), Maand(jaar, laatste - 1), Maand(jaar, laatste)
