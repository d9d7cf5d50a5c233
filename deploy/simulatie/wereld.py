"""A region that can be played: what is bought from whom, and what really happens to every client. Plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import sha256

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True, slots=True)
class Subsegment:
    """What can be bought; the code begins with the productcategorie."""

    code: str
    naam: str
    segment: str
    wet: str

    @property
    def productcategorie(self) -> str:
        """The category that the messages name beside the code."""
        return self.code[:2]


@dataclass(frozen=True, slots=True)
class Versie:
    """Places and price per place per year in euros, from the first of a month."""

    vanaf: date
    plekken: str
    prijs: str


@dataclass(frozen=True, slots=True)
class Lijn:
    """A contract line; `gemeente` None: awarded for the region, split by `verdeelsleutel`."""

    subsegment: str
    gemeente: str | None
    versies: tuple[Versie, ...]
    doorlooptijd: int
    verdeelsleutel: Mapping[str, str] = field(default_factory=dict)

    @property
    def gemeenten(self) -> tuple[str, ...]:
        """Whose residents it is for."""
        return tuple(sorted(self.verdeelsleutel)) if self.gemeente is None else (self.gemeente,)


@dataclass(frozen=True, slots=True)
class Overeenkomst:
    """The contract of one provider, over whole months; `instellingen` as the API takes them."""

    aanbieder: str
    naam: str
    begin: date
    eind: date
    lijnen: tuple[Lijn, ...]
    instellingen: Mapping[str, str | int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Zorgperiode:
    """Care as it really was, first and last day included. `tijdelijk`: it ended with a temporary stop, after which a
    definitive stop may have followed on `definitief`."""

    begin: date
    eind: date | None
    tijdelijk: bool = False
    definitief: date | None = None


@dataclass(frozen=True, slots=True)
class Wijziging:
    """What the consulent decides later: another end, or that it was never meant (`ingetrokken`)."""

    dag: date
    einddatum: date | None = None
    ingetrokken: bool = False


class Variant(StrEnum):
    """What is special about a message."""

    GEWOON = "gewoon"
    TE_LAAT = "te laat"
    VOOR_ZIJN_BEURT = "voor zijn beurt"
    CORRECTIE = "correctie"
    TE_CORRIGEREN = "later gecorrigeerd"
    SCHEMAFOUT = "schemafout"
    REGELFOUT = "regelfout"
    VERKEERD_NUMMER = "verkeerd nummer"
    IN_DE_TOEKOMST = "dagtekening in de toekomst"
    HERHALING = "herhaling"


FOUT = frozenset({Variant.SCHEMAFOUT, Variant.REGELFOUT, Variant.VERKEERD_NUMMER, Variant.IN_DE_TOEKOMST})


@dataclass(frozen=True, slots=True)
class Klasse:
    """One start or stop class: a stop has `eind` and `reden`; status 3 takes back an earlier delivery."""

    begin: date
    eind: date | None = None
    reden: str | None = None
    status: str = "1"


@dataclass(frozen=True, slots=True)
class Zending:
    """A message that the provider sends on `dag`: a 305, or a 307 when its classes are stops."""

    dag: date
    variant: Variant
    klassen: tuple[Klasse, ...]

    @property
    def soort(self) -> str:
        """305 or 307."""
        return "305" if self.klassen[0].eind is None else "307"


@dataclass(frozen=True, slots=True)
class Traject:
    """One decision about one client, and all that comes of it. `persoon` is the place of the client in the list of
    test numbers, `besluit` the day of the decision, `post` what the provider sends, in order."""

    nummer: int
    persoon: int
    wet: str
    gemeente: str
    aanbieder: str
    subsegment: str
    besluit: date
    ingangsdatum: date
    einddatum: date | None
    perioden: tuple[Zorgperiode, ...] = ()
    wijzigingen: tuple[Wijziging, ...] = ()
    post: tuple[Zending, ...] = ()

    @property
    def laatste_einddatum(self) -> date | None:
        """The end as it was decided last."""
        return next((w.einddatum for w in reversed(self.wijzigingen) if not w.ingetrokken), self.einddatum)

    @property
    def ingetrokken(self) -> bool:
        """Whether it was taken back in the end."""
        return any(wijziging.ingetrokken for wijziging in self.wijzigingen)


@dataclass(frozen=True, slots=True)
class Wereld:
    """Everything that will be played from `begin` through `tot`. `merk` tells this play from any other: it is part of
    every Idempotency-Key and message identification."""

    merk: str
    begin: date
    tot: date
    gemeenten: Mapping[str, str]
    subsegmenten: tuple[Subsegment, ...]
    overeenkomsten: tuple[Overeenkomst, ...]
    trajecten: tuple[Traject, ...]

    def identificatie(self, traject: Traject, volgnummer: int, poging: int = 0) -> str:
        """A message identification of at most 12 characters, the same each time (TR056)."""
        number = int.from_bytes(sha256(self.merk.encode()).digest()[:3])
        merk = "".join(ALPHABET[(number >> (5 * place)) & 31] for place in range(4))
        return f"{merk}{traject.nummer:05d}{volgnummer:02d}{ALPHABET[poging]}"
