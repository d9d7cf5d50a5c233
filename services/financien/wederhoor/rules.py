"""Until when an aanbieder can react, and where that stands: a function of the day, so nothing has to run for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from shared.kernel.refusal import Conflict, FieldFault, Forbidden, Invalid
from shared.kernel.werkdag import is_werkdag

AKKOORD, GEEN_ANTWOORD, NIET_AFGEWACHT = "akkoord", "geen_antwoord", "niet_afgewacht"
NIET_GEVRAAGD, WACHT = "niet_gevraagd", "wacht_op_reactie"
VERST = timedelta(days=366)
REACTIE = "reactie: "  # begins the name of a step
AANBIEDER, GEMEENTE, SYSTEEM = "aanbieder", "gemeente", "systeem"
Stap = Mapping[str, str | None]


class ReactiedatumOnbruikbaar(Invalid):
    """A date to react by lies after today, at most a year ahead."""

    title = "De uiterste reactiedatum kan niet"


class ReactietermijnLooptNog(Conflict):
    """The aanbieder can still react."""

    title = "De reactietermijn loopt nog"


class ReactieVanAanbieder(Conflict):
    """What the aanbieder said itself is not replaced by somebody else."""

    title = "De aanbieder heeft zelf gereageerd"


class AntwoordNietMogelijk(Forbidden):
    """An aanbieder can't report its own silence."""


class ToelichtingOntbreekt(Invalid):
    """This step needs a reason."""

    title = "De toelichting ontbreekt"


def uiterste_dag(vandaag: date, dagen: int, gevraagd: date | None, feestdagen: Callable[[date], bool]) -> date:
    """The last day to react: as asked, else `dagen` days from today, moved on to a working day. Refuses
    ReactiedatumOnbruikbaar."""
    if gevraagd is not None:
        if not vandaag < gevraagd <= vandaag + VERST:
            melding = "Kies een dag na vandaag, hoogstens een jaar vooruit."
            raise ReactiedatumOnbruikbaar(melding, FieldFault("reactieUiterlijk", "F-4", melding))
        return gevraagd
    dag = vandaag + timedelta(days=dagen)
    while not is_werkdag(dag, feestdagen):
        dag += timedelta(days=1)
    return dag


def reactiestand(*, gevraagd: bool, reactie: str | None, uiterlijk: date | None, dag: date) -> str:
    """What was said, or whether it is still waited for on this day. Without a date it is waited for."""
    if reactie is not None:
        return reactie
    if not gevraagd:
        return NIET_GEVRAAGD
    return GEEN_ANTWOORD if uiterlijk is not None and dag > uiterlijk else WACHT


def bij_beslissing(reactie: str | None, uiterlijk: date | None, dag: date) -> tuple[str, str | None]:
    """The reaction that stands from a decision on, and what the story says of it: without one, that no answer came by
    the date or that it was not waited for."""
    if reactie is not None:
        return reactie, None
    if uiterlijk is None or dag <= uiterlijk:
        tot = "" if uiterlijk is None else f" De aanbieder kon reageren tot en met {uiterlijk:%d-%m-%Y}."
        return NIET_AFGEWACHT, f"Geen reactie afgewacht.{tot}"
    return GEEN_ANTWOORD, f"Tot en met {uiterlijk:%d-%m-%Y} kwam geen reactie."


def keur_reactie(reactie: str, stappen: Sequence[Stap], *, van: str, uiterlijk: date | None, dag: date) -> None:
    """Whether this reaction can be recorded; `van` is who records it. Refuses AntwoordNietMogelijk,
    ReactietermijnLooptNog, ReactieVanAanbieder."""
    if reactie == GEEN_ANTWOORD:
        if van == AANBIEDER:
            raise AntwoordNietMogelijk("U kunt niet zelf vastleggen dat er geen antwoord kwam. Geef uw reactie.")
        if uiterlijk is not None and dag <= uiterlijk:
            melding = f"De aanbieder kan nog reageren tot en met {uiterlijk:%d-%m-%Y}."
            raise ReactietermijnLooptNog(melding, FieldFault("reactie", "F-4", melding))
    if van != AANBIEDER and laatste_reactie_van(stappen) == AANBIEDER:
        raise ReactieVanAanbieder("Alleen de aanbieder zelf kan zijn eigen reactie veranderen.")


def laatste_reactie_van(stappen: Sequence[Stap]) -> str | None:
    """Who recorded the reaction that stands: since it was last asked for."""
    for stap in reversed(stappen):
        naam = stap["stap"] or ""
        if naam.startswith(REACTIE):
            return stap.get("namens")
        if naam in ("gemeld", "verzonden"):
            return None
    return None


def keur_toelichting(toelichting: str | None, waarom: str) -> None:
    """Refuses ToelichtingOntbreekt, saying why this step needs one."""
    if not toelichting:
        raise ToelichtingOntbreekt(waarom, FieldFault("toelichting", "F-4", waarom))
