"""Fix a settlement (F-5): from then on it stands in the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from services.financien.afrekening import brieven
from services.financien.afrekening.berekening import geld
from services.financien.afrekening.correctie import eerder_per_lijn, eerdere, opnieuw, sleutel_van
from services.financien.afrekening.handlers import eigen
from services.financien.afrekening.rules import Verrekening, gekozen, hele_maanden
from services.financien.afrekening.stappen import BEZWAAR, VASTGESTELD, VERZONDEN, Row, voorschot_van, zet
from services.financien.afrekening.store import OP_VOORSCHOTTEN, VAN_VOORSCHOTTEN
from services.financien.afrekening.verzending import (
    BESLUIT,
    SOORT,
    AfrekeningVerouderd,
    bestandsnaam,
    keur_maanden_vrij,
    onderwerp,
)
from services.financien.brief.handlers import afzender, bewaar, maak_pdf
from services.financien.contractgegevens.handlers import naam_van
from services.financien.grootboek.handlers import boek
from services.financien.grootboek.rules import Boeking, Journaalpost, Oorzaak, Rekening
from services.financien.grootboek.rules.afrekening import afgerekend, gecorrigeerd
from services.financien.subsegment.handlers import genoemd
from services.financien.wederhoor.rules import (
    NIET_AFGEWACHT,
    ReactietermijnLooptNog,
    bij_beslissing,
    keur_toelichting,
)
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Maand
from shared.kernel.refusal import Conflict, FieldFault
from shared.outbox.edge import Context, Outcome

__all__ = ["SOORT", "VASTGESTELD", "boekingen_van", "stel_vast"]


class TermijnenNietVrijgegeven(Conflict):
    """The advances of these months do not all stand in the ledger yet."""

    title = "De voorschotten zijn nog niet allemaal geboekt"


async def stel_vast(
    reader: Reader,
    context: Context,
    identity: str,
    keuze: Verrekening | None = None,
    toelichting: str | None = None,
    *,
    zoals_verzonden: bool = False,
) -> Outcome[Row]:
    """Fix a settlement that was sent and book it: advances become cost, the difference is owed by one of both. Only
    after the aanbieder reacted or its time was over; after an objection with a reason. `zoals_verzonden`: as it was
    sent, also when figures changed since; a correctie then takes the difference. Refuses `AfrekeningOnbekend`,
    `AfrekeningNietVerzonden`, `AfrekeningAlVastgesteld`, `ReactietermijnLooptNog`, `ToelichtingOntbreekt`,
    `VerrekeningOntbreekt`, `AfrekeningVerouderd`, `AfrekeningOverlapt`, `TermijnenNietVrijgegeven`."""
    row = await eigen(reader, context, identity, VERZONDEN)
    reactie, bijzonderheid = _gehoord(context, row, toelichting)
    verrekening = gekozen(Bedrag(row["totaal_cent"]), keuze)
    await keur_maanden_vrij(reader, row)
    await _keur_cijfers(reader, context, row, zoals_verzonden)
    periode = hele_maanden(row["begindatum"], row["einddatum"])
    voorschotten = sum(voorschot_van(deel) for regel in row["regels"] for deel in regel["maanden"])
    if await _voorschotten(reader, row["gemeente"], row["aanbieder"], periode) != voorschotten:
        raise TermijnenNietVrijgegeven("Dat boeken gaat vanzelf. Probeer het over een paar minuten opnieuw.")
    changes = Changeset()
    nu: Row = {"status": VASTGESTELD, "reactie": reactie, "verrekening": str(verrekening)}
    boekingen = boekingen_van(row | nu)
    if boekingen:
        post = Journaalpost(
            row["gemeente"],
            context.today,
            SOORT,
            f"{row['soort'].capitalize()} {periode[0]} tot en met {periode[-1]}",
            Oorzaak(SOORT, identity),
            f"{SOORT}/{identity}",
            boekingen,
        )
        await boek(reader, context, changes, post)
    brief = await _besluit(reader, context, changes, row | nu, toelichting)
    gezet = zet(changes, context, row, VASTGESTELD, toelichting, bijzonderheid=bijzonderheid, brief=brief, waarden=nu)
    return Outcome(gezet, changes)


def _gehoord(context: Context, row: Row, toelichting: str | None) -> tuple[str, str | None]:
    reactie, bijzonderheid = bij_beslissing(row["reactie"], row["reactie_uiterlijk"], context.today)
    if reactie == NIET_AFGEWACHT:
        uiterlijk = row["reactie_uiterlijk"]
        melding = f"De aanbieder kan nog reageren tot en met {uiterlijk:%d-%m-%Y}. Wacht op de reactie of op die dag."
        raise ReactietermijnLooptNog(melding, FieldFault("reactie", "F-5", melding))
    if reactie == BEZWAAR:
        keur_toelichting(toelichting, "De aanbieder heeft bezwaar. Schrijf in toelichting waarom u toch vaststelt.")
    return reactie, bijzonderheid


async def _keur_cijfers(reader: Reader, context: Context, row: Row, zoals_verzonden: bool) -> None:
    """The figures still hold, or at least what they are the difference with. Refuses `AfrekeningVerouderd`."""
    if not zoals_verzonden and geld(await opnieuw(reader, context, row)) != geld(row["regels"]):
        raise AfrekeningVerouderd(
            "De bezetting, de overeenkomst of een termijn is veranderd. Trek haar in en bereken haar opnieuw, of stel "
            "haar vast zoals verzonden; een correctie neemt dan het verschil mee."
        )
    if row["corrigeert"] is not None:
        eerder = {sleutel: deel.afrekening for sleutel, deel in eerder_per_lijn(await eerdere(reader, row)).items()}
        if any(eerder.get(sleutel_van(regel), 0) != regel["eerder_cent"] for regel in row["regels"]):
            raise AfrekeningVerouderd("Er is intussen een andere correctie vastgesteld. Trek deze in.")


def boekingen_van(row: Mapping[str, Any]) -> tuple[Boeking, ...]:
    """The bookings of a settlement as it was fixed. The whole outcome goes to one account, so that what one regel takes
    back is netted with what another gives; before there was a choice each regel went its own way."""
    aanbieder: str = row["aanbieder"]
    if row["verrekening"] is None:
        return tuple(_alle(afgerekend(aanbieder, *_bedragen(regel)) for regel in row["regels"]))
    claim = row["verrekening"] == Verrekening.TERUGVORDEREN
    saldo_op = Rekening.TE_VORDEREN if claim else Rekening.TE_BETALEN
    if row["corrigeert"] is not None:
        return tuple(_alle(gecorrigeerd(aanbieder, *_bedragen(regel), saldo_op) for regel in row["regels"]))
    return tuple(
        _alle(afgerekend(aanbieder, *_bedragen(regel), meer=saldo_op, minder=saldo_op) for regel in row["regels"])
    )


def _alle(per_regel: Iterable[tuple[Boeking, ...]]) -> Iterable[Boeking]:
    return (boeking for boekingen in per_regel for boeking in boekingen)


def _bedragen(regel: Mapping[str, Any]) -> tuple[str, dict[Maand, Bedrag], Bedrag]:
    """Sub-segment, cost per month, and the advances that are settled with it."""
    kosten = {Maand.lees(deel["maand"]): Bedrag(deel["kosten_cent"]) for deel in regel["maanden"]}
    return regel["subsegment"], kosten, Bedrag(sum(voorschot_van(deel) for deel in regel["maanden"]))


async def _voorschotten(reader: Reader, gemeente: str, aanbieder: str, periode: tuple[Maand, ...]) -> int:
    """What stands on account `voorschotten` for these months, in cents."""
    vraag = {"gemeente": gemeente, "aanbieder": aanbieder, "van": str(periode[0]), "tot": str(periode[-1])}
    erbij, eraf = await reader.one(OP_VOORSCHOTTEN, **vraag), await reader.one(VAN_VOORSCHOTTEN, **vraag)
    return (erbij.cent or 0) - (eraf.cent or 0)


async def _besluit(reader: Reader, context: Context, changes: Changeset, row: Row, toelichting: str | None) -> str:
    namens, naam = await afzender(reader, row["gemeente"]), await naam_van(reader, row["aanbieder"])
    namen = {regel["subsegment"]: await genoemd(reader, regel["subsegment"]) for regel in row["regels"]}
    document = brieven.besluit(brieven.Kop(context.today, row, namens, naam, namen), toelichting)
    return bewaar(
        changes, context, BESLUIT, onderwerp(row), await maak_pdf(context, document, f"{bestandsnaam(row)}-besluit")
    )
