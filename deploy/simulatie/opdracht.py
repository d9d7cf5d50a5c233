"""The command `plekregie simuleer`: play, compare, and say what came of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from deploy.parts import NAMES
from deploy.simulatie.bedenken import KanNiet, Omvang, bedenk
from deploy.simulatie.metingen import Json, Metingen
from deploy.simulatie.sleutelbos import Sleutelbos, Tokenbestand, eigen_sleutels
from deploy.simulatie.spelen import Spel
from deploy.simulatie.verbinding import Verbinding, open_verbinding
from deploy.simulatie.vergelijken import PATIENCE, Vergelijker, Vergelijking
from deploy.simulatie.voortgang import Voortgang, als_waarheid, hervat
from deploy.simulatie.waarheid import Waarheid, gemeenten_van, lees
from deploy.simulatie.wereld import Wereld
from shared.kernel.rol import Rol

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Opdracht:
    """What to do, against which installation."""

    adressen: Mapping[str, str] | str
    sleutels: Sleutelbos
    waarheid: Path
    gelijktijdig: int = 16
    stap: int = 7
    vergelijken: bool = True


def adressen_van(urls: list[str]) -> Mapping[str, str] | str:
    """One address, or `dienst=adres` for each of the four. Raises KanNiet."""
    if len(urls) == 1 and "=" not in urls[0].partition("://")[0]:
        return urls[0].rstrip("/")
    per_dienst = dict(url.split("=", 1) for url in urls if "=" in url)
    if set(per_dienst) != set(NAMES) or len(urls) != len(NAMES):
        raise KanNiet(f"Geef met --url één adres, of voor elke dienst een: {', '.join(f'{n}=http://…' for n in NAMES)}")
    return {naam: adres.rstrip("/") for naam, adres in per_dienst.items()}


def sleutelbos(keys: Path, token_bestand: Path | None) -> Sleutelbos:
    """The tokens. Raises GeenTokens."""
    return eigen_sleutels(keys) if token_bestand is None else Tokenbestand(token_bestand)


def speel(opdracht: Opdracht, naam: str, zaad: int, omvang: Omvang, talk: Console) -> tuple[Json, bool]:
    """Play through the last day, and compare; the summary, and whether all is well. Raises KanNiet, Geweigerd,
    GeenTokens, AndereSimulatie, Onbereikbaar."""
    wereld = bedenk(naam, zaad, omvang)
    _keur_tokens(opdracht, Waarheid(als_waarheid(wereld, Voortgang())), spelen=True)
    voortgang = hervat(wereld, opdracht.waarheid)
    return asyncio.run(_speel(opdracht, wereld, voortgang, talk))


def vergelijk(opdracht: Opdracht, talk: Console, geduld: float = PATIENCE) -> tuple[Json, bool]:
    """Only compare, with the truth in the file. Raises Onbruikbaar, Geweigerd, GeenTokens,
    Onbereikbaar."""
    waarheid = lees(opdracht.waarheid)
    _keur_tokens(opdracht, waarheid, spelen=False)
    return asyncio.run(_vergelijk(opdracht, waarheid, talk, geduld))


def _keur_tokens(opdracht: Opdracht, waarheid: Waarheid, *, spelen: bool) -> None:
    if isinstance(opdracht.sleutels, Tokenbestand):
        opdracht.sleutels.keur(benodigd(waarheid, spelen=spelen))


def benodigd(waarheid: Waarheid, *, spelen: bool) -> Iterable[tuple[Rol, str | None]]:
    """Whose tokens are needed."""
    yield Rol.CONTRACTMANAGER, None
    gemeenten = sorted(
        {gemeente for item in waarheid.overeenkomsten for lijn in item["regels"] for gemeente in gemeenten_van(lijn)}
    )
    for gemeente in gemeenten:
        yield from ((rol, gemeente) for rol in ((Rol.CONSULENT, Rol.CONTROLLER) if spelen else (Rol.CONTROLLER,)))
    yield from ((Rol.AANBIEDER, item["aanbieder"]) for item in waarheid.overeenkomsten)


async def _speel(opdracht: Opdracht, wereld: Wereld, voortgang: Voortgang, talk: Console) -> tuple[Json, bool]:
    metingen = Metingen()
    async with _verbinding(opdracht, metingen) as verbinding:
        await verbinding.keur(f"/{naam}/v1/readyz" for naam in NAMES)
        with balk(talk) as progress:
            teller = Teller(progress, "Spelen")
            spel = Spel(wereld, verbinding, voortgang, teller.tel)
            teller.begin(spel.stappen)
            await spel.speel(opdracht.stap)
        metingen.stop()
        verslag: Json = {
            "merk": wereld.merk,
            "waarheid": str(opdracht.waarheid),
            "trajecten": len(wereld.trajecten),
            **metingen.als_json(),
        }
        goed = not metingen.onverwacht
        if opdracht.vergelijken:
            uitkomst = await _houd_tegen(verbinding, lees(opdracht.waarheid), talk)
            verslag |= {"vergelijking": uitkomst.als_json(), "aanroepen": metingen.als_json()["aanroepen"]}
            goed = goed and uitkomst.gelijk
    return verslag, goed


async def _vergelijk(opdracht: Opdracht, waarheid: Waarheid, talk: Console, geduld: float) -> tuple[Json, bool]:
    metingen = Metingen()
    async with _verbinding(opdracht, metingen) as verbinding:
        await verbinding.keur(f"/{naam}/v1/readyz" for naam in NAMES)
        uitkomst = await _houd_tegen(verbinding, waarheid, talk, geduld)
    verslag: Json = {
        "merk": waarheid.inhoud["merk"],
        "waarheid": str(opdracht.waarheid),
        "vergelijking": uitkomst.als_json(),
        "aanroepen": metingen.als_json()["aanroepen"],
    }
    return verslag, uitkomst.gelijk


async def _houd_tegen(
    verbinding: Verbinding, waarheid: Waarheid, talk: Console, geduld: float = PATIENCE
) -> Vergelijking:
    with balk(talk) as progress:
        teller = Teller(progress, "Vergelijken")
        vergelijker = Vergelijker(verbinding, waarheid, teller.tel, geduld)
        teller.begin(vergelijker.stappen)
        return await vergelijker.vergelijk()


def _verbinding(opdracht: Opdracht, metingen: Metingen) -> Verbinding:
    return open_verbinding(opdracht.adressen, opdracht.sleutels, metingen, opdracht.gelijktijdig)


def balk(talk: Console) -> Progress:
    """A bar on stderr, and only where somebody looks."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=talk, transient=True, disable=not talk.is_terminal)


class Teller:
    """One task of a bar."""

    def __init__(self, progress: Progress, naam: str) -> None:
        self._progress = progress
        self._task = progress.add_task(naam, total=None)

    def begin(self, stappen: int) -> None:
        self._progress.update(self._task, total=stappen)

    @property
    def tel(self) -> Callable[[int], None]:
        return lambda stappen: self._progress.advance(self._task, stappen)


def leesbaar(verslag: Json) -> str:
    """The summary for a person."""
    lines: list[str] = []
    if "berichten" in verslag:
        lines += _gespeeld(verslag)
    if "aanroepen" in verslag:
        lines += ["", f"{'aanroep':<18}{'aantal':>8}{'p50 ms':>10}{'p99 ms':>10}"]
        aanroepen = verslag["aanroepen"]
        assert isinstance(aanroepen, dict)
        lines += [
            f"{soort:<18}{item['aantal']:>8}{item['p50Ms']:>10}{item['p99Ms']:>10}" for soort, item in aanroepen.items()
        ]
    vergelijking = verslag.get("vergelijking")
    if isinstance(vergelijking, dict):
        lines += ["", *_vergeleken(vergelijking)]
    return "\n".join([*lines, "", f"De werkelijkheid staat in {verslag['waarheid']}."])


def _gespeeld(verslag: Json) -> list[str]:
    berichten, onverwacht = verslag["berichten"], verslag["onverwacht"]
    assert isinstance(berichten, dict)
    assert isinstance(onverwacht, list)
    lines = [
        f"Gespeeld in {verslag['seconden']} s: {verslag['trajecten']} trajecten, "
        f"{verslag['berichtenPerSeconde']} berichten per seconde.",
        *(
            f"  {soort:<16}" + ", ".join(f"{aantal} {oordeel}" for oordeel, aantal in oordelen.items())
            for soort, oordelen in berichten.items()
        ),
    ]
    if onverwacht:
        lines.append(f"{verslag['aantalOnverwacht']} berichten kregen een ander oordeel dan zij verdienen:")
        lines += [f"  {wat}" for wat in onverwacht]
    return lines


def _vergeleken(vergelijking: Mapping[str, object]) -> list[str]:
    vergeleken, verschillen = vergelijking["vergeleken"], vergelijking["verschillen"]
    assert isinstance(vergeleken, dict)
    assert isinstance(verschillen, dict)
    lines = ["Vergeleken met de werkelijkheid:"]
    for onderdeel, aantal in vergeleken.items():
        anders = verschillen[onderdeel]
        lines.append(f"  {onderdeel:<16}{aantal:>8} cijfers, {len(anders) or 'geen'} verschillen")
        lines += [f"    {verschil}" for verschil in anders[:MOST_SHOWN]]
        if len(anders) > MOST_SHOWN:
            lines.append(f"    … en {len(anders) - MOST_SHOWN} meer (alle met --json)")
    return lines


def als_regel(verslag: Json) -> str:
    """The summary for a program."""
    return json.dumps(verslag, ensure_ascii=False)
