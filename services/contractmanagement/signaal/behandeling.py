"""Use cases of people on signals: show one with all that belongs to it, take a step on one (C-2)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from services.contractmanagement.aanbod.store import Aanbod
from services.contractmanagement.bezetting.handlers import lijnen_van
from services.contractmanagement.bezetting.store import lees_mutaties
from services.contractmanagement.overeenkomst.rules.drempels import Drempelwaarden
from services.contractmanagement.overeenkomst.rules.drempels import drempels_op as waarden_op
from services.contractmanagement.overeenkomst.store import CONCERNS
from services.contractmanagement.signaal.geschiedenis import Oorzaak, Verandering, veranderingen
from services.contractmanagement.signaal.store import (
    GESCHIEDENIS,
    SIGNAALSTAP,
    SIGNAALWERK,
    STAPPEN_VAN,
    WERK_VAN,
)
from services.contractmanagement.signaal.stroken import Strook, stroken_van_cel, stroken_van_lijn, venster
from services.contractmanagement.signaal.voorraad import Signaal, een_signaal, opvolgers, voorgangers
from services.contractmanagement.signaal.werk import Stap, Werk, fouten
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kernel.refusal import Conflict, Invalid, NotFound
from shared.outbox.edge import Caller, Context, Outcome


class SignaalOnbekend(NotFound):
    """No such signal, or not for this caller."""


class SignaalstapOngeldig(Invalid):
    """The step breaks a rule."""


class SignaalOpgevolgd(Conflict):
    """The signal lapsed and another of its kind took its days over, with the work."""


class GezetteStap(NamedTuple):
    """A step that somebody took, on this signal or on a lapsed one whose work it took over."""

    signaal: str
    tijdstip: datetime
    gebruiker: str
    inhoud: dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Signaaldossier:
    """A signal with all that belongs to it. `drempels`: those on its first day, None without a contract line;
    `veranderingen` and `stappen` oldest first; without `signaal.werk` there are no steps and no work here."""

    signaal: Signaal
    oorzaak: Oorzaak
    drempels: Drempelwaarden | None
    bezetting: tuple[Strook, ...]
    veranderingen: tuple[Verandering, ...]
    stappen: tuple[GezetteStap, ...]
    voorgangers: tuple[Signaal, ...]
    opvolgers: tuple[Signaal, ...]


def ziet_werk(caller: Caller) -> bool:
    """Who buys sees what is done about a signal; who is spoken of does not."""
    return caller.aanbieder is None


async def aanbod_van_signaal(reader: Reader, context: Context, identity: str) -> Aanbod:
    """The offer of a signal, to bring it up to today with `wissel_dag`. Refuses `SignaalOnbekend`."""
    signaal = await _mijn_signaal(reader, context, identity)
    return Aanbod(signaal.aanbieder, signaal.subsegment)


async def toon_signaal(reader: Reader, context: Context, identity: str) -> Signaaldossier:
    """One signal, as far as the caller may see it. Refuses `SignaalOnbekend`."""
    signaal = await _mijn_signaal(reader, context, identity)
    volgers = await opvolgers(reader, signaal, context.today)
    eerder = await voorgangers(reader, signaal, context.today)
    drempels, bezetting = await _bezetting_rond(reader, context, signaal)
    row = await reader.one(GESCHIEDENIS, id=identity)
    gang = tuple(veranderingen(row.geschiedenis))
    if not gang or gang[-1].versie != signaal.versie:
        # It was raised before there was a history: what is known of it is how it now stands.
        bekend = Verandering(signaal.versie, row.gewijzigd_op, signaal.status, signaal.tot_en_met, Oorzaak(row.oorzaak))
        gang = (*gang, bekend)
    verwekt = next((een.oorzaak for een in gang if een.oorzaak.gebeurtenis == row.oorzaak), Oorzaak(row.oorzaak))
    zicht = ziet_werk(context.caller)
    bronnen = [identity, *(een.id for een in eerder if een.soort is signaal.soort)]
    return Signaaldossier(
        signaal=_gezien(signaal, zicht),
        oorzaak=verwekt,
        drempels=drempels,
        bezetting=bezetting,
        veranderingen=gang,
        stappen=await _stappen(reader, bronnen) if zicht else (),
        voorgangers=tuple(_gezien(een, zicht) for een in eerder) if zicht else (),
        opvolgers=tuple(_gezien(een, zicht) for een in volgers),
    )


async def zet_stap(reader: Reader, context: Context, identity: str, stap: Stap) -> Outcome[Signaal]:
    """Take a step; what changes nothing and says nothing writes nothing. Refuses `SignaalOnbekend`,
    `SignaalstapOngeldig` and `SignaalOpgevolgd`."""
    signaal = await _mijn_signaal(reader, context, identity)
    if found := tuple(fouten(stap, context.today)):
        raise SignaalstapOngeldig("De stap kan zo niet worden vastgelegd.", *found)
    for ander in await opvolgers(reader, signaal, context.today):
        if ander.soort is signaal.soort:
            raise SignaalOpgevolgd(f"Dit signaal is vervallen. Het werk gaat verder bij signaal {ander.id}.")
    assert signaal.werk is not None
    werk = stap.na(signaal.werk)
    changes = Changeset()
    if werk != signaal.werk or stap.opmerking is not None:
        nummer = await _schrijf_werk(reader, context, changes, signaal, werk)
        changes.insert(
            SIGNAALSTAP,
            signaal=identity,
            nummer=nummer,
            tijdstip=context.now,
            gebruiker=context.caller.gebruiker,
            inhoud=stap.inhoud(),
        )
    return Outcome(replace(signaal, werk=werk), changes)


async def _schrijf_werk(reader: Reader, context: Context, changes: Changeset, signaal: Signaal, werk: Werk) -> int:
    """Write the work on this signal itself, wherever it was until now; its version is the number of the step."""
    columns = {
        "eigenaar": werk.eigenaar,
        "werkstatus": werk.werkstatus.value,
        "stil_tot": werk.stil_tot,
        "gewijzigd_op": context.now,
    }
    row = await reader.one(WERK_VAN, signaal=signaal.id)
    if row is not None:
        changes.update(SIGNAALWERK, {"signaal": signaal.id}, version=row.versie, **columns)
        return int(row.versie) + 1
    soort = signaal.soort.value
    changes.insert(SIGNAALWERK, signaal=signaal.id, versie=1, onderwerp=signaal.onderwerp, soort=soort, **columns)
    return 1


async def _mijn_signaal(reader: Reader, context: Context, identity: str) -> Signaal:
    """With its work, whoever asks. Refuses `SignaalOnbekend`."""
    signaal, caller = await een_signaal(reader, identity, context.today), context.caller
    if signaal is not None and caller.aanbieder in (None, signaal.aanbieder):
        if caller.gemeente in (None, signaal.gemeente):
            return signaal
        if await reader.one(CONCERNS, regel=signaal.onderwerp, gemeente=caller.gemeente) is not None:
            return signaal
    raise SignaalOnbekend("Dit signaal is niet bekend, of niet voor u.")


def _gezien(signaal: Signaal, zicht: bool) -> Signaal:
    return signaal if zicht else replace(signaal, werk=None)


async def _bezetting_rond(
    reader: Reader, context: Context, signaal: Signaal
) -> tuple[Drempelwaarden | None, tuple[Strook, ...]]:
    aanbod = Aanbod(signaal.aanbieder, signaal.subsegment)
    lijnen, mutaties = await lijnen_van(reader, aanbod), await lees_mutaties(reader, aanbod)
    dagen = venster(signaal.soort, signaal.sinds, signaal.tot_en_met, context.today)
    lijn = next((lijn for lijn in lijnen if lijn.id == signaal.onderwerp), None)
    if lijn is not None:
        return waarden_op(lijn.drempels, signaal.sinds), stroken_van_lijn(lijn, mutaties, *dagen)
    assert signaal.gemeente is not None
    return None, stroken_van_cel(signaal.gemeente, lijnen, mutaties.get(signaal.gemeente, {}), *dagen)


async def _stappen(reader: Reader, signalen: list[str]) -> tuple[GezetteStap, ...]:
    rows = [row for signaal in signalen for row in await reader.all(STAPPEN_VAN, signaal=signaal)]
    steps = (GezetteStap(row.signaal, row.tijdstip, row.gebruiker, row.inhoud) for row in rows)
    return tuple(sorted(steps, key=lambda stap: stap.tijdstip))
