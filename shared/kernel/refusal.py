"""Refusals: a decision that was not taken, named as the fact. `shared.web.problem` turns the kind into a status."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar, NamedTuple


class Kind(Enum):
    """What went wrong, seen from the caller."""

    INVALID = "ongeldig"
    FORBIDDEN = "verboden"
    MISSING = "onbekend"
    CONFLICT = "botst"
    KEY_REUSED = "sleutel hergebruikt"


class FieldFault(NamedTuple):
    """One fault in the input: which field, which rule, what to do (Dutch)."""

    veld: str
    regel: str
    melding: str


class Refusal(Exception):
    """Base of every refusal. The class name is the fact (`ContractregelOverlapt`), `title` its Dutch heading."""

    kind: ClassVar[Kind] = Kind.INVALID
    title: ClassVar[str] = "De aanvraag klopt niet"

    def __init__(self, detail: str, *faults: FieldFault) -> None:
        super().__init__(detail)
        self.detail = detail
        self.faults = faults


class Invalid(Refusal):
    """Input that breaks a rule."""


class NotFound(Refusal):
    """What was asked for does not exist, or not for this caller."""

    kind = Kind.MISSING
    title = "Niet gevonden"


class Forbidden(Refusal):
    """The caller may not do this."""

    kind = Kind.FORBIDDEN
    title = "Niet toegestaan"


class Conflict(Refusal):
    """It does not fit what is already there."""

    kind = Kind.CONFLICT
    title = "Dit botst met wat er al is"
