"""Makes up a region of any size from a seed: the same seed and name give the same region, to the last message."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from hashlib import sha256
from itertools import pairwise
from random import Random

from deploy.simulatie.briefwisseling import STIJLEN, Stijl
from deploy.simulatie.personen import testnummers, wet_van
from deploy.simulatie.trajecten import Aanleiding, Cel, geholpen, geweigerd
from deploy.simulatie.wereld import Lijn, Overeenkomst, Subsegment, Traject, Versie, Wereld

DAG = timedelta(days=1)
AANBOD = (
    (Subsegment("45Z01", "Ambulante jeugdhulp", "Ambulant", "jeugdwet"), 180, 21750),
    (Subsegment("54Z01", "Jeugd-ggz behandeling", "IAJ", "jeugdwet"), 240, 38500),
    (Subsegment("44Z01", "Gezinshuiszorg", "GWV", "jeugdwet"), 420, 64200),
    (Subsegment("41Z01", "Dagbehandeling jeugd", "Dagbehandeling", "jeugdwet"), 150, 29900),
    (Subsegment("02Z01", "Begeleiding thuis", "Wmo begeleiding", "wmo"), 300, 14300),
    (Subsegment("07Z01", "Dagbesteding ouderen", "Wmo dagbesteding", "wmo"), 380, 9850),
)
MOST_AANBIEDERS, MOST_GEMEENTEN, MOST_CLIENTEN, MOST_DAGEN = 500, 60, 80_000, 1500
TAKEN_OVER = 0.45  # share of the clients who were there when the contracts began


class KanNiet(Exception):
    """Such a region can't be made; the text says what can."""


@dataclass(frozen=True, slots=True)
class Omvang:
    """How big, and over which days."""

    aanbieders: int
    gemeenten: int
    clienten: int
    dagen: int
    tot: date

    @property
    def begin(self) -> date:
        """The first day that is played: of a month, so that contracts can begin on it."""
        return (self.tot - (self.dagen - 1) * DAG).replace(day=1)


def bedenk(naam: str, zaad: int, omvang: Omvang) -> Wereld:
    """The region. Raises KanNiet."""
    _keur(omvang)
    merk = f"{naam}-{zaad}-" + "-".join(
        str(getattr(omvang, veld)) for veld in ("aanbieders", "gemeenten", "clienten", "dagen", "tot")
    )
    random = Random(merk)
    gemeenten = {code: f"Simulatie {code}" for code in _codes(merk, 9000, 9699, omvang.gemeenten, 4)}
    aanbieders = _codes(merk, 50_000_000, 89_999_999, omvang.aanbieders, 8)
    stijlen = dict(zip(aanbieders, (STIJLEN[index % len(STIJLEN)] for index in range(omvang.aanbieders)), strict=True))
    kaal = {code: _lijnen(random, sorted(gemeenten), index, omvang) for index, code in enumerate(aanbieders)}
    cellen = [cel for code, lijnen in kaal.items() for cel in _cellen(code, lijnen, stijlen[code])]
    trajecten = tuple(_trajecten(random, omvang, cellen, sorted(gemeenten)))
    overeenkomsten = tuple(_overeenkomst(random, omvang, code, lijnen, trajecten) for code, lijnen in kaal.items())
    return Wereld(
        merk, omvang.begin, omvang.tot, gemeenten, tuple(item for item, _, _ in AANBOD), overeenkomsten, trajecten
    )


def _keur(omvang: Omvang) -> None:
    grenzen = (
        ("aanbieders", MOST_AANBIEDERS),
        ("gemeenten", MOST_GEMEENTEN),
        ("clienten", min(MOST_CLIENTEN, omvang.gemeenten * len(testnummers()))),
        ("dagen", MOST_DAGEN),
    )
    for veld, hoogstens in grenzen:
        if not 1 <= getattr(omvang, veld) <= hoogstens:
            reden = (
                f" (er zijn {len(testnummers())} test-BSN's, elk eenmaal per gemeente)" if veld == "clienten" else ""
            )
            raise KanNiet(f"--{veld} {getattr(omvang, veld)} kan niet: kies 1 tot en met {hoogstens}{reden}.")


def _codes(merk: str, eerste: int, laatste: int, aantal: int, cijfers: int) -> list[str]:
    """Codes of this play alone, as far as chance allows: another name or seed gets others."""
    ruimte = (laatste - eerste + 1) // aantal
    begin = eerste + int.from_bytes(sha256(f"{merk}/{cijfers}".encode()).digest()[:8]) % ruimte * aantal
    return [f"{begin + index:0{cijfers}d}" for index in range(aantal)]


def _lijnen(random: Random, gemeenten: list[str], index: int, omvang: Omvang) -> list[Lijn]:
    """What a provider offers where; places follow when it is known who comes. The first two cover both laws."""
    begin = omvang.begin
    gekozen = [AANBOD[index % len(AANBOD)], AANBOD[(index + 3) % len(AANBOD)]]
    if random.random() < 0.4:
        gekozen.append(AANBOD[(index + 1) % len(AANBOD)])
    lijnen = []
    for subsegment, doorlooptijd, jaarprijs in gekozen:
        prijs = f"{jaarprijs * random.randint(90, 110) // 100}.{random.choice(['00', '50', '25', '99'])}"
        versie = (Versie(begin, "1", prijs),)
        hier = sorted(random.sample(gemeenten, random.randint(1, min(len(gemeenten), 4))))
        if len(hier) > 1 and random.random() < 0.3:
            lijnen.append(Lijn(subsegment.code, None, versie, doorlooptijd, _sleutel(random, hier)))
        else:
            lijnen += [Lijn(subsegment.code, gemeente, versie, doorlooptijd) for gemeente in hier]
    return lijnen


def _sleutel(random: Random, gemeenten: list[str]) -> dict[str, str]:
    """Shares in hundredths that add up to one."""
    grenzen = [0, *sorted(random.sample(range(5, 96), len(gemeenten) - 1)), 100]
    delen = [na - voor for voor, na in pairwise(grenzen)]
    return {gemeente: f"0.{deel:02d}" for gemeente, deel in zip(gemeenten, delen, strict=True)}


def _cellen(aanbieder: str, lijnen: list[Lijn], stijl: Stijl) -> Iterator[Cel]:
    wetten = {item.code: item.wet for item, _, _ in AANBOD}
    for lijn in lijnen:
        for gemeente in lijn.gemeenten:
            yield Cel(aanbieder, gemeente, lijn.subsegment, wetten[lijn.subsegment], lijn.doorlooptijd, stijl)


def _trajecten(random: Random, omvang: Omvang, cellen: list[Cel], gemeenten: list[str]) -> Iterator[Traject]:
    """Every client's way through the region. A number that is used again belongs to somebody who moved: each time in
    other gemeenten."""
    gewicht = {id(cel): random.choice([1, 1, 2, 3, 5]) for cel in cellen}
    rondes = -(-omvang.clienten // len(testnummers()))
    nummer = 0
    for persoon in range(omvang.clienten):
        ronde, plaats = divmod(persoon, len(testnummers()))
        hier = {code for index, code in enumerate(gemeenten) if (index + plaats) % rondes == ronde}
        mogelijk = [cel for cel in cellen if cel.gemeente in hier]
        passend = [cel for cel in mogelijk if cel.wet == wet_van(persoon)] or mogelijk
        if not passend:
            continue
        dag: date | None = _aanvang(random, omvang)
        gehad: set[tuple[str, str]] = set()
        while dag is not None and dag <= omvang.tot and passend:
            (cel,) = random.choices(passend, [gewicht[id(cel)] for cel in passend])
            nummer += 1
            zaak = Aanleiding(nummer, persoon, cel, dag, omvang.tot)
            nee = random.random() < cel.stijl.weigert
            traject = geweigerd(random, zaak) if nee else geholpen(random, zaak)
            yield traject
            gehad.add((cel.aanbieder, cel.subsegment))
            # Wherever the next one is, it is in the same gemeente, and nowhere twice: decisions may not overlap.
            passend = [c for c in passend if c.gemeente == cel.gemeente and (c.aanbieder, c.subsegment) not in gehad]
            dag = _vervolg(random, traject)


def _aanvang(random: Random, omvang: Omvang) -> date:
    if random.random() < TAKEN_OVER:
        return omvang.begin + random.randint(0, min(20, omvang.dagen - 1)) * DAG
    return omvang.begin + random.randrange((omvang.tot - omvang.begin).days + 1) * DAG


def _vervolg(random: Random, traject: Traject) -> date | None:
    """When the next decision about this client falls, if it does: after a refusal, or as doorstroom after a stop."""
    if traject.ingetrokken:
        return traject.wijzigingen[-1].dag + random.randint(1, 5) * DAG
    laatste = traject.perioden[-1] if traject.perioden else None
    eind = None if laatste is None else laatste.definitief or (None if laatste.tijdelijk else laatste.eind)
    if eind is not None and random.random() < 0.12:
        return eind + random.randint(1, 20) * DAG
    return None


def _overeenkomst(
    random: Random, omvang: Omvang, aanbieder: str, lijnen: list[Lijn], trajecten: tuple[Traject, ...]
) -> Overeenkomst:
    """Contract with places near what comes: sometimes too few, sometimes far too many."""
    begin = omvang.begin
    eind = maanden_verder(omvang.tot, 14) - DAG
    instellingen: Mapping[str, str | int | None] = {
        "tolerantie": random.choice(["0", "0", "0.05", "0.1"]),
        "maximum": random.choice([None, None, "1", "1.1"]),
        "minimum": random.choice([None, None, "0.5", "0.8"]),
        "bijstellingsdrempel": "0.05",
        "tijdelijkeStopHoudtPlekDagen": random.choice([0, 0, 7, 14, 30]),
    }
    eigen = [traject for traject in trajecten if traject.aanbieder == aanbieder]
    gevuld = tuple(_met_plekken(random, omvang, lijn, eigen) for lijn in lijnen)
    return Overeenkomst(aanbieder, f"Aanbieder {aanbieder}", begin, eind, gevuld, instellingen)


def _met_plekken(random: Random, omvang: Omvang, lijn: Lijn, trajecten: list[Traject]) -> Lijn:
    hier = [t for t in trajecten if t.subsegment == lijn.subsegment and t.gemeente in lijn.gemeenten]
    dagen = sum(((p.eind or omvang.tot) - p.begin).days + 1 for t in hier for p in t.perioden)
    gemiddeld = Fraction(dagen, (omvang.tot - omvang.begin).days + 1)
    plekken = max(Fraction(1), Fraction(round(2 * gemiddeld * random.choice([7, 9, 10, 11, 13, 18]) / 10), 2))
    versies = [replace(lijn.versies[0], plekken=als_plekken(plekken))]
    maand = random.randint(2, 11)
    if random.random() < 0.3 and maanden_verder(omvang.begin, maand) <= omvang.tot:
        anders = max(Fraction(1), Fraction(round(plekken * random.choice([3, 5, 6])), 4))
        euro = int(versies[0].prijs.partition(".")[0]) * 103 // 100
        versies.append(Versie(maanden_verder(omvang.begin, maand), als_plekken(anders), f"{euro}.00"))
    return replace(lijn, versies=tuple(versies))


def als_plekken(plekken: Fraction) -> str:
    """At most two decimals, as the API takes places."""
    honderdsten = int(plekken * 100)
    return f"{honderdsten // 100}.{honderdsten % 100:02d}".rstrip("0").rstrip(".")


def maanden_verder(dag: date, aantal: int) -> date:
    """The first of a month, so many months on."""
    jaren, maand = divmod(dag.month - 1 + aantal, 12)
    return date(dag.year + jaren, maand + 1, 1)
