"""Fix a settlement (F-5): from then on it stands in the ledger."""

from __future__ import annotations

from services.financien.afrekening.handlers import CONCEPT, Row, bereken, stap, toon
from services.financien.afrekening.rules import hele_maanden
from services.financien.afrekening.store import AFREKENING, OP_VOORSCHOTTEN, VAN_VOORSCHOTTEN, VASTGESTELD_VAN
from services.financien.grootboek.handlers import boek
from services.financien.grootboek.rules import Boeking, Journaalpost, Oorzaak
from services.financien.grootboek.rules.afrekening import afgerekend
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Maand
from shared.kernel.refusal import Conflict
from shared.outbox.edge import Context, Outcome

VASTGESTELD = "vastgesteld"
SOORT = "afrekening"


class AfrekeningAlVastgesteld(Conflict):
    """A fixed settlement does not change any more."""

    title = "De afrekening is al vastgesteld"


class AfrekeningVerouderd(Conflict):
    """Occupancy, contract or terms changed since it was calculated."""

    title = "De afrekening klopt niet meer"


class AfrekeningOverlapt(Conflict):
    """A month of it was settled before."""

    title = "Deze maanden zijn al afgerekend"


class TermijnenNietVrijgegeven(Conflict):
    """The advances of these months do not all stand in the ledger yet."""

    title = "De voorschotten zijn nog niet allemaal geboekt"


async def stel_vast(reader: Reader, context: Context, identity: str) -> Outcome[Row]:
    """Fix a settlement and book it: advances become cost, the difference is owed by one of both. Refuses
    `AfrekeningOnbekend`, `AfrekeningAlVastgesteld`, `AfrekeningVerouderd`, `AfrekeningOverlapt`,
    `TermijnenNietVrijgegeven`."""
    row = await toon(reader, context, identity)
    if row["status"] != CONCEPT:
        raise AfrekeningAlVastgesteld("Deze afrekening staat vast. Wat later bekend wordt, vraagt een nieuwe.")
    gemeente, aanbieder = str(row["gemeente"]), str(row["aanbieder"])
    periode = hele_maanden(row["begindatum"], row["einddatum"])
    if await bereken(reader, context, gemeente, aanbieder, periode) != row["regels"]:
        raise AfrekeningVerouderd("De bezetting, de overeenkomst of een termijn is veranderd. Bereken haar opnieuw.")
    andere = await reader.all(VASTGESTELD_VAN, status=VASTGESTELD, gemeente=gemeente, aanbieder=aanbieder)
    if any(a.begindatum <= row["einddatum"] and row["begindatum"] <= a.einddatum for a in andere):
        raise AfrekeningOverlapt("Een deel van deze maanden is al afgerekend. Kies maanden die nog open zijn.")
    changes = Changeset()
    boekingen = [boeking for regel in row["regels"] for boeking in boekingen_van(aanbieder, regel)]
    if await _voorschotten(reader, gemeente, aanbieder, periode) != sum(r["betaald_cent"] for r in row["regels"]):
        raise TermijnenNietVrijgegeven("Dat boeken gaat vanzelf. Probeer het over een paar minuten opnieuw.")
    if boekingen:
        post = Journaalpost(
            gemeente,
            context.today,
            SOORT,
            f"Afrekening {periode[0]} tot en met {periode[-1]}",
            Oorzaak(SOORT, identity),
            f"{SOORT}/{identity}",
            tuple(boekingen),
        )
        await boek(reader, context, changes, post)
    nu = {"status": VASTGESTELD, "stappen": [*row["stappen"], stap(context, VASTGESTELD)]}
    changes.update(AFREKENING, {"id": identity}, version=row["versie"], **nu)
    return Outcome({**row, **nu, "versie": row["versie"] + 1}, changes)


def boekingen_van(aanbieder: str, regel: Row) -> tuple[Boeking, ...]:
    """The bookings of one regel of a settlement."""
    kosten = {Maand.lees(deel["maand"]): Bedrag(deel["kosten_cent"]) for deel in regel["maanden"]}
    return afgerekend(aanbieder, regel["subsegment"], kosten, Bedrag(regel["betaald_cent"]))


async def _voorschotten(reader: Reader, gemeente: str, aanbieder: str, periode: tuple[Maand, ...]) -> int:
    """What stands on account `voorschotten` for these months, in cents."""
    vraag = {"gemeente": gemeente, "aanbieder": aanbieder, "van": str(periode[0]), "tot": str(periode[-1])}
    erbij, eraf = await reader.one(OP_VOORSCHOTTEN, **vraag), await reader.one(VAN_VOORSCHOTTEN, **vraag)
    return (erbij.cent or 0) - (eraf.cent or 0)
