"""The four services as a runtime sees them before any of their code is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from sqlalchemy import MetaData

from shared.runtime.service import Service, Surroundings, migrations_of

SERVICES = Path(__file__).resolve().parents[1] / "services"


@dataclass(frozen=True, slots=True)
class Part:
    """How one service is found, built, and shown on the front page."""

    name: str
    purpose: str

    @property
    def base(self) -> str:
        """The path under which all its routes are."""
        return f"/{self.name}/v1"

    @property
    def migrations(self) -> Path:
        """Where its schema's history is."""
        return migrations_of(str(SERVICES / self.name / "app.py"))

    @property
    def metadata(self) -> MetaData:
        """Its tables."""
        found = import_module(f"services.{self.name}.tables").Base.metadata
        assert isinstance(found, MetaData)
        import_module(f"services.{self.name}.app")  # its rows are known once its code is loaded
        return found

    def build(self, around: Surroundings) -> Service:
        """Put it together."""
        made = import_module(f"services.{self.name}.app").build(around)
        assert isinstance(made, Service)
        return made


PARTS = (
    Part(
        "contractmanagement",
        "Sub-segmenten, overeenkomsten, bezetting en signalen: wat is ingekocht en hoe vol is het.",
    ),
    Part("toegang", "Cliënten en indicaties: wie heeft wat nodig, in welk sub-segment, van wie."),
    Part("backoffice", "Toewijzingen, leveringen en het berichtenverkeer iJw en iWmo 3.2."),
    Part("financien", "Voorschotten, prognoses, bijstellingen en afrekeningen van plekken."),
)
NAMES = tuple(part.name for part in PARTS)


def part_of(name: str) -> Part:
    """The service with this name. Raises ValueError that names the others."""
    for part in PARTS:
        if part.name == name:
            return part
    raise ValueError(f"Onbekende dienst {name!r}. Kies uit: {', '.join(NAMES)}.")
