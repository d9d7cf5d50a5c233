"""Use cases of reception: decide on a message that is already kept, release or refuse what waited."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from services.backoffice.bericht.handlers import Retourcodes, beantwoord, tekst
from services.backoffice.bericht.rules import Status
from services.backoffice.bericht.store import BERICHT, BY_ID, HOLDER, IDENTIFICATIE, SENT
from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.controle import Oordeel
from services.backoffice.istandaarden.fouten import Fout
from services.backoffice.istandaarden.kop import Kop, lees_kop
from services.backoffice.istandaarden.lezen import lees
from services.backoffice.istandaarden.retour import aantal_producten, retourcodes
from services.backoffice.istandaarden.start_stop import (
    Startbericht,
    StartProduct,
    Stopbericht,
    StopProduct,
    lees_startbericht,
    lees_stopbericht,
)
from services.backoffice.levering.feiten import Aanlevering, Startsleutel, Stopsleutel
from services.backoffice.levering.handlers import Dossier, Plaats, laad, laat_vervallen, leg_stand_vast, neem_op
from services.backoffice.levering.store import AANLEVERING, LEVERINGEN_OF, WITH_SET_BY_NUMMER
from services.backoffice.ontvangst.rules import (
    GOED,
    RETOUR_OP_ONS,
    TECHNISCH,
    TR019,
    TR056,
    TR135,
    VAN_AANBIEDER,
    Afzender,
    codes_per_product,
    mag_aanleveren,
)
from services.backoffice.subsegment.store import BY_CODE
from services.backoffice.toewijzing.rules import Status as Toewijzingstatus
from services.backoffice.toewijzing.store import BY_NUMMER
from shared.database.changeset import Changeset
from shared.database.port import Reader
from shared.kalender import is_feestdag
from shared.kernel.werkdag import plus_werkdagen
from shared.outbox.edge import Context, Outcome
from shared.privacy.vault import Vault


@dataclass(frozen=True, slots=True)
class Beslist:
    """What became of a message, for who delivered it. `retour` is the answer's XML; None while it waits, and for a
    message that gets no retour. `fouten` as found by the library on levels 1 and 2."""

    bericht: str
    status: Status
    soort: str | None = None
    retour: bytes | None = None
    fouten: tuple[Fout, ...] = ()


@dataclass(frozen=True, slots=True)
class Ontvangen:
    """A message that is kept, and what the library says of it."""

    bericht: str
    vingerafdruk: str
    oordeel: Oordeel


@dataclass(frozen=True, slots=True)
class Werkwijze:
    """What reception needs beside the message: keys, and how many werkdagen a message may wait."""

    vault: Vault
    wachttijd: int


@dataclass(slots=True)
class Besluit:
    """The message being decided on, and the changes so far."""

    context: Context
    werkwijze: Werkwijze
    id: str
    heen: Bericht
    zojuist: bool = False
    toewijzingen: dict[str, Any] = field(default_factory=dict)  # as read for this message
    sets: dict[str, Sequence[Any]] = field(default_factory=dict)  # likewise, of their leveringen
    changes: Changeset = field(default_factory=Changeset)
    _kop: Kop | None = None

    @property
    def kop(self) -> Kop:
        if self._kop is None:
            self._kop = lees_kop(self.heen)
        return self._kop

    def meld(self, status: Status, **fields: object) -> None:
        """Note the verdict in the archive."""
        kop = self.kop
        self.changes.update(
            BERICHT,
            {"id": self.id},
            version=1,
            status=str(status),
            soort=self.heen.naam,
            van=kop.afzender,
            aan=kop.ontvanger,
            identificatie=kop.identificatie,
            dagtekening=kop.dagtekening,
            **fields,
        )

    def antwoord(self, codes: Retourcodes, fouten: tuple[Fout, ...] = ()) -> Outcome[Beslist]:
        """Accept (no codes) or refuse, with the retour."""
        status = Status.AFGEKEURD if codes.alle() else Status.GOEDGEKEURD
        retour, inhoud = beantwoord(self.changes, self.context, self.werkwijze.vault, self.heen, self.id, codes)
        self.meld(status, retourcodes=codes.alle(), fouten=als_json(fouten), retour=retour)
        return Outcome(Beslist(self.id, status, self.heen.naam, inhoud, fouten), self.changes)


async def beslis(
    reader: Reader, context: Context, werkwijze: Werkwijze, ontvangen: Ontvangen, *, zojuist: bool = False
) -> Outcome[Beslist]:
    """Decide on a message that was kept as `ontvangen`. Decided before (a crash in between): that answer again.

    `zojuist`: kept by this same call, and tried for the first time. Then it is taken for granted, and not looked up,
    that nobody decided on it and that its Identificatie is new: every verdict is written with a version and the
    Identificatie with its key, so where that is wrong the edge tries again, without `zojuist`."""
    if not zojuist:
        row = await reader.one(BY_ID, id=ontvangen.bericht)
        if row.status != Status.ONTVANGEN:
            return Outcome(await eerder_beslist(reader, werkwijze.vault, row))
    oordeel = ontvangen.oordeel
    if oordeel.oordeel in ("onleesbaar", "schemafout") or oordeel.inhoud is None:
        return _geen_bericht(ontvangen.bericht, oordeel)
    besluit = Besluit(context, werkwijze, ontvangen.bericht, oordeel.inhoud, zojuist)
    soort = oordeel.inhoud.soort.nummer
    if soort in RETOUR_OP_ONS:
        return await _retour_op_ons(reader, besluit)
    kop = besluit.kop
    wie = Afzender(context.caller.aanbieder, context.caller.gemeente)
    if soort not in VAN_AANBIEDER:
        besluit.meld(Status.NIET_ONDERSTEUND)
        return Outcome(Beslist(besluit.id, Status.NIET_ONDERSTEUND, besluit.heen.naam), besluit.changes)
    if not mag_aanleveren(wie, van=kop.afzender, aan=kop.ontvanger):
        besluit.meld(Status.GEWEIGERD)
        return Outcome(Beslist(besluit.id, Status.GEWEIGERD, besluit.heen.naam), besluit.changes)
    return await _beoordeel(reader, besluit, ontvangen)


async def weiger(reader: Reader, context: Context, bericht: str) -> Outcome[None]:
    """A message that is kept but will not be judged: the call around it was refused."""
    row = await reader.one(BY_ID, id=bericht)
    outcome: Outcome[None] = Outcome(None)
    outcome.changes.update(BERICHT, {"id": bericht}, version=row.versie, status=str(Status.GEWEIGERD))
    return outcome


async def _beoordeel(reader: Reader, besluit: Besluit, ontvangen: Ontvangen) -> Outcome[Beslist]:
    """From level 2 on: the sender is known to be who it says."""
    kop, changes = besluit.kop, besluit.changes
    key = {"soort": besluit.heen.naam, "afzender": kop.afzender, "identificatie": kop.identificatie}
    holder = None if besluit.zojuist else await reader.one(HOLDER, **key)
    if holder is not None and holder.vingerafdruk == ontvangen.vingerafdruk:
        first = await reader.one(BY_ID, id=holder.bericht)
        besluit.meld(Status.HERHALING, heenbericht=first.id)
        return Outcome(await eerder_beslist(reader, besluit.werkwijze.vault, first), changes)
    if holder is not None:
        return besluit.antwoord(Retourcodes(kop=(TR056,)))
    changes.insert(IDENTIFICATIE, **key, bericht=besluit.id, vingerafdruk=ontvangen.vingerafdruk)
    if ontvangen.oordeel.oordeel == "afgekeurd":
        return besluit.antwoord(Retourcodes(kop=(TECHNISCH,)), tuple(ontvangen.oordeel.fouten))
    if kop.dagtekening > besluit.context.today:
        return besluit.antwoord(Retourcodes(kop=(TR135,)))
    return await _verwerk(reader, besluit)


async def _verwerk(reader: Reader, besluit: Besluit) -> Outcome[Beslist]:
    """Levels 3 and 4, and the set of the levering."""
    start = besluit.heen.soort.nummer == "305"
    bericht = lees_startbericht(besluit.heen) if start else lees_stopbericht(besluit.heen)
    plaatsen = await asyncio.gather(*(_plaats(reader, besluit, bericht, product) for product in bericht.producten))
    if None in plaatsen:
        codes = codes_per_product([() if plaats else (TR019,) for plaats in plaatsen])
        return besluit.antwoord(Retourcodes(kop=(GOED,), client=(GOED,), producten=codes))
    nieuw: dict[str, list[Aanlevering]] = {}
    bekend: dict[str, Plaats] = {}
    producten: tuple[StartProduct | StopProduct, ...] = bericht.producten
    for index, (plaats, product) in enumerate(zip(plaatsen, producten, strict=True)):
        assert plaats is not None
        bekend[plaats.levering] = plaats
        nieuw.setdefault(plaats.levering, []).append(aanlevering(besluit.id, index, product))
    dossier = await laad(reader, nieuw, besluit.toewijzingen, besluit.sets)
    neem_op(besluit.changes, dossier, nieuw, besluit.id)
    return await _ronden_af(reader, besluit, dossier, bekend)


async def _ronden_af(
    reader: Reader, besluit: Besluit, dossier: Dossier, plaatsen: dict[str, Plaats]
) -> Outcome[Beslist]:
    """Judge the new message together with what waits, and write what came of it."""
    aanvaard = dossier.aanvaard()
    if besluit.werkwijze.wachttijd == 0 and besluit.id not in aanvaard:
        codes = _bezwaarcodes(dossier, besluit.id, besluit.heen)
        dossier.zonder(besluit.id)
        besluit.changes.statements = [s for s in besluit.changes.statements if s.shape.table is not AANLEVERING]
        return besluit.antwoord(codes)
    for ander in sorted(aanvaard - {besluit.id}):
        await _laat_los(reader, besluit, ander)
    await leg_stand_vast(reader, besluit.changes, dossier, plaatsen)
    if besluit.id in aanvaard:
        return besluit.antwoord(Retourcodes())
    codes = _bezwaarcodes(dossier, besluit.id, besluit.heen)
    wacht_tot = plus_werkdagen(besluit.context.today, besluit.werkwijze.wachttijd, is_feestdag)
    besluit.meld(Status.WACHT, retourcodes=codes.alle(), wacht_tot=wacht_tot)
    return Outcome(Beslist(besluit.id, Status.WACHT, besluit.heen.naam), besluit.changes)


async def _laat_los(reader: Reader, besluit: Besluit, bericht: str) -> None:
    """A message that waited can be accepted now: its retour goes out."""
    row = await reader.one(BY_ID, id=bericht)
    vault = besluit.werkwijze.vault
    heen = lees(tekst(row, vault))
    retour, _ = beantwoord(besluit.changes, besluit.context, vault, heen, bericht, Retourcodes())
    besluit.changes.update(
        BERICHT,
        {"id": bericht},
        version=row.versie,
        status=str(Status.GOEDGEKEURD),
        retourcodes=[],
        wacht_tot=None,
        retour=retour,
    )


async def weiger_na_wachten(
    reader: Reader, context: Context, werkwijze: Werkwijze, bericht: str
) -> Outcome[str | None]:
    """The waiting time of a message is over: it is refused and leaves the set; what waited on it is judged again.
    Answers with the message, or None when it waits no longer."""
    row = await reader.one(BY_ID, id=bericht)
    if row.status != Status.WACHT:
        return Outcome(None)
    heen = lees(tekst(row, werkwijze.vault))
    besluit = Besluit(context, werkwijze, bericht, heen)
    dossier = await laad(reader, await _leveringen(reader, bericht))
    codes = _bezwaarcodes(dossier, bericht, heen)
    retour, _ = beantwoord(besluit.changes, context, werkwijze.vault, heen, bericht, codes)
    besluit.changes.update(
        BERICHT,
        {"id": bericht},
        version=row.versie,
        status=str(Status.AFGEKEURD),
        retourcodes=codes.alle(),
        wacht_tot=None,
        retour=retour,
    )
    laat_vervallen(besluit.changes, dossier, bericht)
    for ander in sorted(dossier.aanvaard()):
        await _laat_los(reader, besluit, ander)
    await leg_stand_vast(reader, besluit.changes, dossier, {})
    return Outcome(bericht, besluit.changes)


async def _leveringen(reader: Reader, bericht: str) -> list[str]:
    return [row.levering for row in await reader.all(LEVERINGEN_OF, bericht=bericht)]


def _bezwaarcodes(dossier: Dossier, bericht: str, heen: Bericht) -> Retourcodes:
    """The codes of a message that can't be accepted, per class."""
    eigen: list[list[str]] = [[] for _ in range(aantal_producten(heen))]
    for fout in dossier.bezwaren(bericht):
        if fout.retourcode not in eigen[fout.index]:
            eigen[fout.index].append(fout.retourcode)
    return Retourcodes(kop=(GOED,), client=(GOED,), producten=codes_per_product(eigen))


async def _plaats(
    reader: Reader, besluit: Besluit, bericht: Startbericht | Stopbericht, product: StartProduct | StopProduct
) -> Plaats | None:
    """The levering that a class belongs to; None when it can't be tied to an assignment (TR019)."""
    kop, vault = bericht.kop, besluit.werkwijze.vault
    if product.toewijzing_nummer is None:
        return await _zonder_toewijzing(reader, besluit, bericht, product)
    welke = {"gemeente": kop.ontvanger, "wet": bericht.wet, "nummer": int(product.toewijzing_nummer)}
    row, verzameling = await asyncio.gather(reader.one(BY_NUMMER, **welke), reader.all(WITH_SET_BY_NUMMER, **welke))
    fits = (
        row is not None
        and row.aanbieder == kop.afzender
        and row.bsn_hash == vault.blind_index(bericht.client.bsn)
        and row.status != Toewijzingstatus.VERWIJDERD
        and product.code in (None, row.subsegment)
        and product.categorie in (None, row.subsegment[:2])
    )
    if not fits:
        return None
    besluit.toewijzingen[row.id], besluit.sets[row.id] = row, verzameling
    return Plaats(row.id, row.id, row.client, row.wet, row.gemeente, row.aanbieder, row.subsegment)


async def _zonder_toewijzing(
    reader: Reader, besluit: Besluit, bericht: Startbericht | Stopbericht, product: StartProduct | StopProduct
) -> Plaats | None:
    """Task based work, where the messages carry no number (IV096): the levering is of client and product."""
    subsegment = None if product.code is None else await reader.one(BY_CODE, code=product.code)
    if subsegment is None or subsegment.met_toewijzing or subsegment.wet != bericht.wet:
        return None
    kop = bericht.kop
    parts = ("levering", bericht.wet, kop.ontvanger, kop.afzender, bericht.client.bsn, subsegment.code)
    levering = besluit.werkwijze.vault.blind_index("/".join(parts))
    return Plaats(levering, None, levering, bericht.wet, kop.ontvanger, kop.afzender, subsegment.code)


def aanlevering(bericht: str, index: int, product: StartProduct | StopProduct) -> Aanlevering:
    """A class of a message as the levering rules know it."""
    naam = product.code or product.categorie or ""
    sleutel: Startsleutel | Stopsleutel = (
        Stopsleutel(naam, product.begindatum, product.einddatum, product.reden_beeindiging)
        if isinstance(product, StopProduct)
        else Startsleutel(naam, product.begindatum)
    )
    return Aanlevering(bericht, index, sleutel, cast(Literal[1, 3], int(product.status_aanlevering)))


def _geen_bericht(bericht: str, oordeel: Oordeel) -> Outcome[Beslist]:
    """Level 1: no retour exists for what the schema refuses; the text stays."""
    status = Status.ONLEESBAAR if oordeel.oordeel == "onleesbaar" else Status.SCHEMAFOUT
    fouten = tuple(oordeel.fouten)
    outcome = Outcome(Beslist(bericht, status, oordeel.bericht, None, fouten))
    outcome.changes.update(
        BERICHT, {"id": bericht}, version=1, status=str(status), soort=oordeel.bericht, fouten=als_json(fouten)
    )
    return outcome


async def _retour_op_ons(reader: Reader, besluit: Besluit) -> Outcome[Beslist]:
    """A 302: the provider's verdict on our 301. Its header is that of the 301: we are the Afzender."""
    kop, context = besluit.kop, besluit.context
    wie = Afzender(context.caller.aanbieder, context.caller.gemeente)
    heen = besluit.heen.naam.replace("302", "301")
    row = await reader.one(SENT, soort=heen, van=kop.afzender, identificatie=kop.identificatie)
    own = mag_aanleveren(wie, van=kop.ontvanger, aan=kop.afzender)
    if not own or row is None or row.aan != kop.ontvanger:
        besluit.meld(Status.GEWEIGERD)
        return Outcome(Beslist(besluit.id, Status.GEWEIGERD, besluit.heen.naam), besluit.changes)
    codes = [code for found in retourcodes(besluit.heen).values() for code in found if code not in (GOED, "0233")]
    if row.retour is None:
        status = Status.AFGEKEURD if codes else Status.GOEDGEKEURD
        besluit.changes.update(
            BERICHT, {"id": row.id}, version=row.versie, status=str(status), retourcodes=codes, retour=besluit.id
        )
    besluit.meld(Status.GOEDGEKEURD, heenbericht=row.id)
    return Outcome(Beslist(besluit.id, Status.GOEDGEKEURD, besluit.heen.naam), besluit.changes)


async def eerder_beslist(reader: Reader, vault: Vault, row: Any) -> Beslist:
    """The stored answer to a message that was decided on before."""
    retour = None if row.retour is None else await reader.one(BY_ID, id=row.retour)
    inhoud = None if retour is None else tekst(retour, vault)
    return Beslist(row.id, Status(row.status), row.soort, inhoud, tuple(Fout(**fout) for fout in row.fouten))


def als_json(fouten: tuple[Fout, ...]) -> list[dict[str, object]]:
    """Findings as stored: they name places and rules, never values."""
    names = ("plaats", "regel", "retourcode", "melding")
    return [{name: getattr(fout, name) for name in names} for fout in fouten]
