"""Level 2 rules about the answer of a municipality to a request (319)."""

from collections.abc import Iterator

from services.backoffice.istandaarden.knoop import deel, tekst
from services.backoffice.istandaarden.regels.beeld import Beeld
from services.backoffice.istandaarden.regels.register import Bevinding, regel
from services.backoffice.istandaarden.wet import JEUGDWET

AFGEWEZEN, IN_ONDERZOEK = "1", "2"
WOONPLAATSBEGINSEL = "8"


@regel("CD085", "319")
def reden_bij_afwijzing(beeld: Beeld) -> Iterator[Bevinding]:
    """A rejection gives its reason."""
    antwoord = deel(beeld.inhoud, "Antwoord")
    if tekst(antwoord, "VerzoekAntwoord") == AFGEWEZEN and "RedenAfwijzingVerzoek" not in antwoord:
        yield "Antwoord/RedenAfwijzingVerzoek", "Vul de reden in: die is verplicht als u het verzoek afwijst."


@regel("CD086", "319")
def geen_reden_in_onderzoek(beeld: Beeld) -> Iterator[Bevinding]:
    """What is still under investigation has no reason of rejection."""
    antwoord = deel(beeld.inhoud, "Antwoord")
    if tekst(antwoord, "VerzoekAntwoord") == IN_ONDERZOEK and "RedenAfwijzingVerzoek" in antwoord:
        yield "Antwoord/RedenAfwijzingVerzoek", "Laat de reden weg: het verzoek is nog in onderzoek."


@regel("TR377", "319")
def gemeente_bij_woonplaatsbeginsel(beeld: Beeld) -> Iterator[Bevinding]:
    """Reason 8 names the municipality that is responsible (OP359, IV095). iWmo has no such class."""
    antwoord = deel(beeld.inhoud, "Antwoord")
    reden = tekst(antwoord, "RedenAfwijzingVerzoek")
    if beeld.soort.wet is JEUGDWET and reden == WOONPLAATSBEGINSEL and "Woonplaatsbeginsel" not in antwoord:
        yield "Antwoord/Woonplaatsbeginsel", "Noem bij reden 8 de gemeente die wel verantwoordelijk is."


@regel("TR409", "319")
def geen_gemeente_zonder_woonplaatsbeginsel(beeld: Beeld) -> Iterator[Bevinding]:
    """With any other reason, or none, no other municipality is named (IV095)."""
    antwoord = deel(beeld.inhoud, "Antwoord")
    if "Woonplaatsbeginsel" in antwoord and tekst(antwoord, "RedenAfwijzingVerzoek") != WOONPLAATSBEGINSEL:
        yield "Antwoord/Woonplaatsbeginsel", "Laat Woonplaatsbeginsel weg: dat hoort alleen bij reden 8."
