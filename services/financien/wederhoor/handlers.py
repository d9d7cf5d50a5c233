"""How a step of what an aanbieder is heard about is recorded."""

from __future__ import annotations

from services.financien.wederhoor.rules import AANBIEDER, GEMEENTE, SYSTEEM
from shared.outbox.edge import Context


def stap(
    context: Context,
    naam: str,
    toelichting: str | None = None,
    *,
    bijzonderheid: str | None = None,
    brief: str | None = None,
) -> dict[str, str | None]:
    """A step as recorded: who, on whose behalf, when, in what words, with which letter."""
    caller = context.caller
    return {
        "stap": naam,
        "gebruiker": caller.gebruiker,
        "namens": AANBIEDER if caller.aanbieder else GEMEENTE if caller.gemeente else SYSTEEM,
        "moment": context.now.isoformat(timespec="seconds"),
        "toelichting": toelichting,
        "bijzonderheid": bijzonderheid,
        "brief": brief,
    }
