"""The sound messages that damage starts from, and mutants that seek the edges of dates, numbers and lengths."""

from functools import cache

from lxml import etree

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.berichtsoorten import BERICHTSOORTEN
from services.backoffice.istandaarden.bouwstenen import Klasse
from services.backoffice.istandaarden.knoop import Knoop, Waarde
from services.backoffice.istandaarden.schrijven import schrijf
from tests.backoffice.istandaarden.mutanten import Mutant
from tests.backoffice.istandaarden.standaard import Standaard
from tests.backoffice.istandaarden.volledig import volledig

LENGTES = 210  # just past the longest text that the standard allows (200)
JAREN = ("0000", "0001", "1582", "1900", "2000", "2023", "2024", "9999", "10000", "-0004", "99999999999999999999")


def _kaal(waarde: Waarde, klasse: Klasse) -> Waarde:
    """A class with only what must be there, one of each."""
    if not isinstance(waarde, dict):
        return waarde
    over: Knoop = {}
    for veld in klasse.velden:
        if veld.verplicht and veld.naam in waarde:
            deel = waarde[veld.naam]
            leden = [_kaal(lid, veld.soort) if isinstance(veld.soort, Klasse) else lid for lid in _rij(deel)[:1]]
            over[veld.naam] = list(leden) if veld.herhaalt else leden[0]
    return over


def _rij(waarde: Waarde) -> list[Waarde]:
    return waarde if isinstance(waarde, list) else [waarde]


def kaal(naam: str) -> Bericht:
    """The smallest message of a kind."""
    inhoud = _kaal(volledig(naam, 1).inhoud, BERICHTSOORTEN[naam].wortel)
    assert isinstance(inhoud, dict)
    return Bericht(naam, inhoud)


def soorten(standaard: Standaard) -> list[str]:
    """The kinds that have an official schema."""
    return [naam for naam in BERICHTSOORTEN if standaard.schemapad(naam).exists()]


def eigen(naam: str) -> list[bytes]:
    """Sound messages of our own making: the smallest, and full ones with one and with two of everything."""
    return [schrijf(kaal(naam)), *(schrijf(volledig(naam, leden)) for leden in (1, 2))]


def teksten(standaard: Standaard, naam: str) -> list[bytes]:
    """What damage starts from: our own, and the official example where there is one."""
    voorbeeld = standaard.pad / "examples" / f"{naam}.xml"
    return [*eigen(naam), *([voorbeeld.read_bytes()] if voorbeeld.exists() else [])]


@cache
def bomen(standaard: Standaard, naam: str) -> tuple[etree._Element, ...]:
    """The same, parsed once per process."""
    return tuple(etree.fromstring(tekst) for tekst in teksten(standaard, naam))


class Grensmutant(Mutant):
    """Mutants that also move values between elements and sit on the edges of dates, numbers and lengths."""

    def __init__(self, zaad: int) -> None:
        super().__init__(zaad)
        # mypy holds a tuple to its first length.
        self.boom_bewerkingen = (  # type: ignore[assignment]
            *self.boom_bewerkingen,
            *(self.ander_blad, self.ander_blad, self.getal, self.lengte, self.datum, self.tijd, self.ruil),
        )

    def _blad(self, element: etree._Element) -> etree._Element:
        bladeren = [blad for blad in element.getroottree().iter(etree.Element) if not len(blad)]
        return self.kans.choice(bladeren or [element])

    def ander_blad(self, element: etree._Element) -> None:
        """The value of another element: right in its own place, seldom here."""
        self._blad(element).text = self._blad(element).text

    def getal(self, element: etree._Element) -> None:
        macht = 10 ** self.kans.randrange(1, 20)
        teken = self.kans.choice(("", "", "", "+", "-", "0", " "))
        self._blad(element).text = f"{teken}{macht + self.kans.choice((-1, 0, 1))}"

    def lengte(self, element: etree._Element) -> None:
        self._blad(element).text = self.kans.choice("a1A é") * self.kans.randrange(LENGTES)

    def datum(self, element: etree._Element) -> None:
        maand, dag = self.kans.randrange(14), self.kans.randrange(33)
        zone = self.kans.choice(("", "", "", "Z", "+14:00", "+14:01", "-00:00", " "))
        data = [blad for blad in element.getroottree().iter(etree.Element) if (blad.text or "").count("-") == 2]
        self.kans.choice(data or [element]).text = f"{self.kans.choice(JAREN)}-{maand:02}-{dag:02}{zone}"

    def tijd(self, element: etree._Element) -> None:
        uur, minuut, seconde = self.kans.choice((0, 23, 24)), self.kans.choice((0, 59, 60)), self.kans.choice((0, 59))
        staart = self.kans.choice(("", "", ".0", ".000", ".", "Z", "-14:00"))
        tijden = [blad for blad in element.getroottree().iter(etree.Element) if (blad.text or "").count(":") == 2]
        self.kans.choice(tijden or [self._blad(element)]).text = f"{uur:02}:{minuut:02}:{seconde:02}{staart}"

    def ruil(self, element: etree._Element) -> None:
        """Two neighbours trade places."""
        naast = element.getnext()
        if naast is not None and element.getparent() is not None:
            naast.addnext(element)
