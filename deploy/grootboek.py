"""What `plekregie grootboek` does: follow the chain of every gemeente, and compare the posts with their sources."""

from __future__ import annotations

from dataclasses import dataclass

from deploy.around import CanNotRun, address_here
from services.financien.grootboek.controle import Controle, controleer, gemeenten
from services.financien.herkomst.aansluiting import Verschil, verschillen
from shared.database.port import DatabaseError
from shared.runtime.settings import Settings

DIENST = "financien"
LEEG = f"De database van {DIENST} is leeg: er is geen grootboek om te controleren."


@dataclass(frozen=True, slots=True)
class Oordeel:
    """What was found in the ledger of one gemeente. Sources are compared when the chain holds."""

    controle: Controle
    verschillen: tuple[Verschil, ...] = ()

    @property
    def goed(self) -> bool:
        """Nothing was found."""
        return self.controle.breuk is None and not self.verschillen

    def als_json(self) -> dict[str, object]:
        """For `--json`: one object per gemeente."""
        breuk = self.controle.breuk
        return {
            "gemeente": self.controle.gemeente,
            "oordeel": "goed" if self.goed else "fout",
            "posten": self.controle.posten,
            "hash": self.controle.hash,
            "breuk": None
            if breuk is None
            else {"volgnummer": breuk.volgnummer, "journaalpost": breuk.post, "melding": breuk.melding},
            "verschillen": [
                {"journaalpost": gevonden.post, "melding": gevonden.melding} for gevonden in self.verschillen
            ],
        }

    def leesbaar(self) -> str:
        """For people: a line, and one for each fault."""
        gemeente, breuk = self.controle.gemeente, self.controle.breuk
        if self.goed:
            return f"{gemeente}: {self.controle.posten} posten in orde, tot en met {self.controle.hash}"
        lines = [f"{gemeente}: {self.controle.posten} posten in orde, daarna niet"] if breuk is not None else []
        if breuk is not None:
            post = "" if breuk.post is None else f" ({breuk.post})"
            lines.append(f"{gemeente}: post {breuk.volgnummer}{post}: {breuk.melding}")
        lines += [f"{gemeente}: post {gevonden.post}: {gevonden.melding}" for gevonden in self.verschillen]
        return "\n".join(lines)


async def controle(settings: Settings, gemeente: str | None) -> list[Oordeel]:
    """Check one gemeente, or every one that has a ledger; beside a running product. Raises CanNotRun."""
    database = address_here(settings, DIENST).open()
    try:
        if await database.schema_version() is None:
            raise CanNotRun(LEEG)
        async with database.reading() as reader:
            gevraagd = [naam for naam in await gemeenten(reader) if gemeente in (None, naam)]
        gevonden = []
        for naam in gevraagd:
            # A snapshot for each: a post that is booked meanwhile is in it with its head, or not at all.
            async with database.reading() as reader:
                uitslag = await controleer(reader, naam)
                bronnen = await verschillen(reader, naam) if uitslag.breuk is None else []
            gevonden.append(Oordeel(uitslag, tuple(bronnen)))
        return gevonden
    except DatabaseError as error:
        raise CanNotRun(f"De database van {DIENST} werkt niet mee: {error}.") from error
    finally:
        await database.close()
