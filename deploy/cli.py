"""The command line: `plekregie`. Results on stdout, talk on stderr."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from shared.kernel.clock import SystemClock
from shared.kernel.rol import Rol
from shared.runtime.logs import set_up_logs
from shared.runtime.settings import Settings, SettingsError, load_settings

# The product itself is imported by the command that needs it: a token or a message check answers at once.

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Plekregie: zorg ingekocht als plekken.")
bericht_app = typer.Typer(no_args_is_help=True, help="Berichten (iJw en iWmo 3.2) controleren, lezen, schrijven.")
gebeurtenissen_app = typer.Typer(no_args_is_help=True, help="Geparkeerde gebeurtenissen bekijken en opnieuw aanbieden.")
grootboek_app = typer.Typer(no_args_is_help=True, help="Het grootboek controleren.")
app.add_typer(bericht_app, name="bericht")
app.add_typer(grootboek_app, name="grootboek")
app.add_typer(gebeurtenissen_app, name="gebeurtenissen")
talk = Console(stderr=True)
UNUSABLE = 2
INTERRUPTED = 130
Dienst = Annotated[str, typer.Argument(help="toegang, backoffice, financien of contractmanagement.")]
Kopieen = Annotated[int, typer.Option(min=-1, help="Op hoeveel brokers elk bericht staat; -1: wat de broker wil.")]


def stop(message: str, code: int = UNUSABLE) -> typer.Exit:
    """Say why it can't be done, and end."""
    talk.print(message, style="red", markup=False, soft_wrap=True)
    return typer.Exit(code)


def settings() -> Settings:
    """The settings of this installation."""
    try:
        return load_settings()
    except SettingsError as error:
        raise stop(str(error)) from error


@app.command()
def start(
    demo: Annotated[bool, typer.Option("--demo", help="Laad de demoregio (eenmalig).")] = False,
    leeg: Annotated[bool, typer.Option("--leeg", help="Begin zonder demoregio (standaard).")] = False,
) -> None:
    """Start alle vier de diensten in één proces."""
    from deploy.around import CanNotRun
    from deploy.demo.loader import DemoError
    from deploy.serving import CanNotServe, run
    from shared.database.port import StorageUnavailable

    if demo and leeg:
        raise stop("Kies --demo of --leeg, niet allebei.")
    try:
        run(settings(), demo=demo)
    except (CanNotRun, CanNotServe, DemoError, StorageUnavailable) as error:
        raise stop(str(error), 1) from error


@app.command()
def serve(dienst: Dienst) -> None:
    """Start de HTTP-kant van één dienst (PostgreSQL)."""
    from deploy.around import CanNotRun
    from deploy.processes import serve as run
    from deploy.serving import CanNotServe

    try:
        run(settings(), dienst)
    except ValueError as error:
        raise stop(str(error)) from error
    except (CanNotRun, CanNotServe) as error:
        raise stop(str(error), 1) from error


@app.command()
def worker(dienst: Dienst) -> None:
    """Start een worker van één dienst: verzendt, leest en doet wat op tijd moet (PostgreSQL en Kafka)."""
    from deploy.around import CanNotRun
    from deploy.processes import work
    from deploy.serving import CanNotServe

    try:
        work(settings(), dienst)
    except ValueError as error:
        raise stop(str(error)) from error
    except (CanNotRun, CanNotServe) as error:
        raise stop(str(error), 1) from error


@app.command("inrichten")
def inrichten_command(kopieen: Kopieen = -1) -> None:
    """Zet eenmalig alles klaar: sleutels, rollen en schema's in de database, topics. Nog eens kan altijd."""
    from deploy.around import CanNotRun
    from deploy.inrichting import inrichten
    from shared.database.port import StorageUnavailable

    try:
        inrichten(settings(), kopieen, typer.echo)
    except (CanNotRun, StorageUnavailable) as error:
        raise stop(str(error), 1) from error


@app.command("topics")
def topics_command(kopieen: Kopieen = -1) -> None:
    """Maak de topics op Kafka; wat er al is blijft, en wordt vergeleken."""
    from deploy.around import CanNotRun
    from deploy.inrichting import topics

    try:
        topics(settings(), kopieen, typer.echo)
    except CanNotRun as error:
        raise stop(str(error), 1) from error


@app.command("migrate")
def migrate_command(
    dienst: Annotated[str | None, typer.Argument(help="Eén dienst; zonder: alle vier.")] = None,
) -> None:
    """Breng de databases naar het huidige schema."""
    from deploy.around import CanNotRun, migrate
    from deploy.parts import part_of
    from shared.database.port import StorageUnavailable

    try:
        names = (part_of(dienst).name,) if dienst else ()
    except ValueError as error:
        raise stop(str(error)) from error
    try:
        for name, version in migrate(settings(), names).items():
            typer.echo(f"{name}: versie {version}")
    except (CanNotRun, StorageUnavailable) as error:
        raise stop(str(error), 1) from error


@app.command()
def token(
    rol: Annotated[Rol, typer.Option(help="De rol.")],
    gemeente: Annotated[str | None, typer.Option(help="CBS-code, bij consulent, backoffice en controller.")] = None,
    aanbieder: Annotated[str | None, typer.Option(help="AGB-code, bij aanbieder.")] = None,
    gebruiker: Annotated[str | None, typer.Option(help="Naam van de gebruiker, voor het logboek.")] = None,
    uren: Annotated[float, typer.Option(min=0.01, max=8760, help="Hoe lang het token geldt.")] = 12,
) -> None:
    """Maak een token (ingebouwde stand) en druk het af."""
    from shared.web.identity import Issuer

    issuer = Issuer(settings().keys, SystemClock())
    try:
        made = issuer.token(rol, gemeente=gemeente, aanbieder=aanbieder, gebruiker=gebruiker, uren=uren)
    except ValueError as error:
        raise stop(str(error)) from error
    typer.echo(made)


@app.command()
def backup(
    bestand: Annotated[Path, typer.Argument(help="Nieuw bestand voor de kopie (.tar.gz).")],
) -> None:
    """Maak een kopie van alle gegevens (ingebouwde stand), ook terwijl het product draait. Sleutels gaan niet mee."""
    from deploy import kopie

    try:
        count = kopie.backup(settings(), bestand)
    except kopie.KopieError as error:
        raise stop(str(error), 1) from error
    talk.print(f"{count} databases gekopieerd naar {bestand}. Bewaar de sleutels ({settings().keys}) apart.")


@app.command()
def herstel(bestand: Annotated[Path, typer.Argument(help="Een kopie van `plekregie backup`.")]) -> None:
    """Zet een kopie terug in een lege DATA_DIR (ingebouwde stand)."""
    from deploy import kopie

    try:
        count = kopie.herstel(settings(), bestand)
    except kopie.KopieError as error:
        raise stop(str(error), 1) from error
    talk.print(f"{count} databases teruggezet in {settings().data_dir}. Start nu met: plekregie start")


@app.command()
def herbouw(dienst: Annotated[str, typer.Argument(help="financien of contractmanagement.")]) -> None:
    """Tel de bezetting opnieuw uit alle gebeurtenissen, ook terwijl het product draait."""
    from deploy.around import CanNotRun
    from deploy.herbouw import AGAIN, run, summary

    set_up_logs(level=logging.WARNING)
    try:
        typer.echo(summary(run(settings(), dienst, talk)))
    except ValueError as error:
        raise stop(str(error)) from error
    except CanNotRun as error:
        raise stop(str(error), 1) from error
    except KeyboardInterrupt as error:
        raise stop(f"Afgebroken. {AGAIN} {dienst}", INTERRUPTED) from error


@app.command()
def simuleer(
    url: Annotated[
        list[str] | None, typer.Option(help="Adres van de installatie, of voor elke dienst een: toegang=http://…")
    ] = None,
    naam: Annotated[str, typer.Option(help="Naam van de simulatie; een andere naam is een andere regio.")] = "regio",
    zaad: Annotated[int, typer.Option(help="Hetzelfde zaad geeft dezelfde regio, tot het laatste bericht.")] = 1,
    aanbieders: Annotated[int, typer.Option(help="Aantal aanbieders.")] = 8,
    gemeenten: Annotated[int, typer.Option(help="Aantal gemeenten.")] = 3,
    clienten: Annotated[int, typer.Option(help="Aantal cliënten (met BSN's uit de testreeks).")] = 100,
    dagen: Annotated[int, typer.Option(help="Hoeveel dagen er worden gespeeld, afgerond op hele maanden.")] = 365,
    tot: Annotated[
        str | None,
        typer.Option(help="Laatste dag JJJJ-MM-DD, niet na vandaag bij de installatie (proefstand: VANDAAG)."),
    ] = None,
    stap: Annotated[int, typer.Option(min=1, max=366, help="Hoeveel dagen tegelijk worden gespeeld.")] = 7,
    gelijktijdig: Annotated[int, typer.Option(min=1, max=256, help="Hoeveel aanroepen tegelijk.")] = 16,
    waarheid: Annotated[
        Path | None, typer.Option(help="Bestand voor wat er werkelijk gebeurt; zonder: simulatie-NAAM-ZAAD.json.")
    ] = None,
    token_bestand: Annotated[
        Path | None, typer.Option(help='JSON: {"contractmanager": "…", "consulent/9704": "…"}; zonder: uit KEYS_DIR.')
    ] = None,
    alleen_vergelijken: Annotated[
        bool, typer.Option("--vergelijk", help="Speel niet, vergelijk alleen met de waarheid.")
    ] = False,
    zonder_vergelijking: Annotated[bool, typer.Option("--zonder-vergelijking", help="Speel alleen.")] = False,
    als_json: Annotated[bool, typer.Option("--json", help="Het verslag als één JSON-object.")] = False,
) -> None:
    """Speel aanbieders en een regio tegen een draaiende installatie, en vergelijk haar cijfers met wat er werkelijk
    gebeurde. Uitgang 0: alles gelijk; 1: verschillen; 2: de aanroep kan niet. Nog eens: gaat verder waar het was."""
    from deploy.simulatie import opdracht
    from deploy.simulatie.bedenken import KanNiet, Omvang
    from deploy.simulatie.sleutelbos import GeenTokens
    from deploy.simulatie.verbinding import Geweigerd, Onbereikbaar
    from deploy.simulatie.voortgang import AndereSimulatie, laatste_dag
    from deploy.simulatie.waarheid import Onbruikbaar

    ours = settings()
    bestand = waarheid or Path(f"simulatie-{naam}-{zaad}.json")
    try:
        begonnen = laatste_dag(bestand) or SystemClock(ours.vandaag).today()
        laatste = date.fromisoformat(tot) if tot else begonnen
    except ValueError as error:
        raise stop(f"--tot {tot} is geen datum. Schrijf JJJJ-MM-DD.") from error
    try:
        adressen = opdracht.adressen_van(url or [f"http://{ours.host}:{ours.port}"])
        sleutels = opdracht.sleutelbos(ours.keys, token_bestand)
        wat = opdracht.Opdracht(adressen, sleutels, bestand, gelijktijdig, stap, not zonder_vergelijking)
        if alleen_vergelijken:
            verslag, goed = opdracht.vergelijk(wat, talk)
        else:
            omvang = Omvang(aanbieders, gemeenten, clienten, dagen, laatste)
            verslag, goed = opdracht.speel(wat, naam, zaad, omvang, talk)
    except (KanNiet, GeenTokens, AndereSimulatie, Onbereikbaar, Onbruikbaar) as error:
        raise stop(str(error)) from error
    except Geweigerd as error:
        raise stop(str(error), 1) from error
    except KeyboardInterrupt as error:
        raise stop("Afgebroken. Met dezelfde opdracht gaat de simulatie verder.", INTERRUPTED) from error
    typer.echo(opdracht.als_regel(verslag) if als_json else opdracht.leesbaar(verslag))
    raise typer.Exit(0 if goed else 1)


@gebeurtenissen_app.command("lijst")
def gebeurtenissen_lijst(
    dienst: Annotated[str | None, typer.Option(help="Alleen deze dienst.")] = None,
    alles: Annotated[bool, typer.Option(help="Ook wat al is opgelost.")] = False,
    als_json: Annotated[bool, typer.Option("--json", help="Eén JSON-object per regel.")] = False,
) -> None:
    """Toon geparkeerde gebeurtenissen met hun fout, van elke dienst die hier een database heeft."""
    from deploy import gebeurtenissen
    from deploy.around import CanNotRun

    set_up_logs(level=logging.WARNING)
    ours = settings()
    try:
        diensten = gebeurtenissen.hier(ours, dienst)
        rows = asyncio.run(gebeurtenissen.lijst(ours, diensten, ook_opgelost=alles))
    except (CanNotRun, ValueError) as error:
        raise stop(str(error)) from error
    for row in rows:
        typer.echo(json.dumps(row) if als_json else "  ".join(str(value) for value in row.values()))
    if not rows:
        talk.print("Er is niets geparkeerd.")
    if dienst is None and (rest := gebeurtenissen.dekking(diensten)):
        talk.print(rest, soft_wrap=True)


@gebeurtenissen_app.command("herstel")
def gebeurtenissen_herstel(
    gebeurtenis: Annotated[list[str] | None, typer.Argument(help="Ids van gebeurtenissen; zonder: alle.")] = None,
    dienst: Annotated[str | None, typer.Option(help="Alleen deze dienst.")] = None,
) -> None:
    """Bied geparkeerde gebeurtenissen opnieuw aan, van elke dienst die hier een database heeft."""
    from deploy import gebeurtenissen
    from deploy.around import CanNotRun

    set_up_logs(level=logging.WARNING)
    ours = settings()
    try:
        diensten = gebeurtenissen.hier(ours, dienst)
        done, failed = asyncio.run(gebeurtenissen.herstel(ours, diensten, frozenset(gebeurtenis or ())))
    except (CanNotRun, ValueError) as error:
        raise stop(str(error)) from error
    talk.print(f"{done} opgelost, {len(failed)} opnieuw mislukt.")
    for line in failed:
        talk.print(line, markup=False)
    if dienst is None and (rest := gebeurtenissen.dekking(diensten)):
        talk.print(rest, soft_wrap=True)
    if failed:
        raise typer.Exit(1)


@bericht_app.command("controleer")
def bericht_controleer(
    pad: Annotated[list[Path], typer.Argument(help="Bestanden of mappen.")],
    als_json: Annotated[bool, typer.Option("--json", help="Eén JSON-object per bestand.")] = False,
) -> None:
    """Controleer berichten. Uitgang 0: alles goed; 1: niet alles; 2: de aanroep kan niet."""
    from deploy import berichten

    missing = [str(path) for path in pad if not path.exists()]
    if missing:
        raise stop(f"Bestaat niet: {', '.join(missing)}")
    files = berichten.bestanden(pad)
    if not files:
        raise stop("Er zijn hier geen bestanden om te controleren.")
    good = True
    with berichten.onderbreekbaar() as interrupted:
        try:
            with Progress(console=talk, disable=not sys.stderr.isatty(), transient=True) as progress:
                for oordeel in progress.track(berichten.controleer(files), total=len(files), description="Controleren"):
                    good = good and oordeel["oordeel"] == "goed"
                    typer.echo(json.dumps(oordeel, ensure_ascii=False) if als_json else berichten.leesbaar(oordeel))
                    if interrupted():
                        break
        except (Exception, KeyboardInterrupt):
            # What breaks while it is being broken off is no news.
            if not interrupted():
                raise
    raise typer.Exit(INTERRUPTED if interrupted() else 0 if good else 1)


@bericht_app.command("lees")
def bericht_lees(bestand: Annotated[Path, typer.Argument(help="Een bericht (XML).")]) -> None:
    """Lees een bericht en druk het af als JSON."""
    from deploy import berichten

    try:
        typer.echo(berichten.lees_als_json(bestand.read_bytes()))
    except (OSError, berichten.Onbruikbaar) as error:
        raise stop(str(error), 1) from error


@bericht_app.command("schrijf")
def bericht_schrijf(bestand: Annotated[Path, typer.Argument(help="De JSON van `bericht lees`.")]) -> None:
    """Schrijf een bericht (XML) uit JSON."""
    from deploy import berichten

    try:
        sys.stdout.buffer.write(berichten.schrijf_uit_json(bestand.read_bytes()))
    except (OSError, berichten.Onbruikbaar) as error:
        raise stop(str(error), 1) from error


@grootboek_app.callback()
def grootboek_group() -> None:
    """Het grootboek controleren."""


@grootboek_app.command("controleer")
def grootboek_controleer(
    gemeente: Annotated[str | None, typer.Option(help="CBS-code; zonder: elke gemeente met een grootboek.")] = None,
    als_json: Annotated[bool, typer.Option("--json", help="Eén JSON-object per gemeente.")] = False,
) -> None:
    """Reken elke keten na, vanaf de eerste post. Uitgang 0: in orde; 1: niet; 2: de aanroep kan niet."""
    from deploy import grootboek
    from deploy.around import CanNotRun
    from shared.kernel.gemeente import is_gemeentecode

    if gemeente is not None and not is_gemeentecode(gemeente):
        raise stop("Een gemeente is een CBS-code van 4 cijfers, bijvoorbeeld 0294.")
    try:
        oordelen = asyncio.run(grootboek.controle(settings(), gemeente))
    except CanNotRun as error:
        raise stop(str(error)) from error
    for oordeel in oordelen:
        typer.echo(json.dumps(oordeel.als_json(), ensure_ascii=False) if als_json else oordeel.leesbaar())
    if not oordelen:
        talk.print("Er is nog niets geboekt.")
    raise typer.Exit(0 if all(oordeel.goed for oordeel in oordelen) else 1)


def main() -> None:
    """Entry point of the `plekregie` script."""
    set_up_logs()
    app()


if __name__ == "__main__":
    main()
