"""What amounts rest on: the contract, posts of the ledger, occupied days and the leveringen behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from services.financien.bezetting.handlers import cel_van, verloop_van
from services.financien.bezetting.rules import stand_van
from services.financien.bezetting.store import LEVERINGEN_VAN_CEL, als_bezet
from services.financien.grootboek.store import POSTEN_VAN_OORZAAK
from services.financien.herkomst.handlers.inzage import onbekend
from services.financien.herkomst.rules import LEVERING, POST, Bron, Maandcijfer, pad
from services.financien.overeenkomst.rules import Lijn
from services.financien.overeenkomst.store import LIJN_OP_ID, VERSIE_VAN, lijn_van
from shared.database.port import Reader
from shared.kernel.bedrag import Bedrag
from shared.kernel.periode import Maand, Periode
from shared.outbox.edge import Caller, Context


async def lijn_met_id(reader: Reader, identity: str) -> Lijn:
    """Refuses `HerkomstOnbekend`."""
    row = await reader.one(LIJN_OP_ID, id=identity)
    if row is None:
        raise onbekend()
    return lijn_van(row)


async def contract(reader: Reader, lijn: Lijn) -> Bron:
    """The contract as it is now."""
    versie = await reader.one(VERSIE_VAN, id=lijn.overeenkomst)
    waar = f"/contractmanagement/v1/overeenkomsten/{lijn.overeenkomst}"
    return Bron("overeenkomst", lijn.overeenkomst, f"Nu versie {versie.versie}", waar)


async def geboekt(reader: Reader, caller: Caller, soort: str, identity: str) -> tuple[Bron, ...]:
    """The posts that followed from it, in the ledger of the caller's gemeente."""
    rows = await reader.all(POSTEN_VAN_OORZAAK, soort=soort, id=identity)
    return tuple(
        Bron(POST, row.id, f"{row.omschrijving} ({row.boekdatum})", pad(POST, row.id))
        for row in rows
        if caller.gemeente in (None, row.gemeente)
    )


async def maandcijfers(
    reader: Reader, context: Context, lijn: Lijn, maanden: Iterable[Maand], dagen: Mapping[Maand, int] | None = None
) -> tuple[Maandcijfer, ...]:
    """What each month counts; `dagen` are those of a calculation that was kept, else those of now."""
    if dagen is None:
        stand = stand_van(await verloop_van(reader, cel_van(lijn)), context.today)
        dagen = lijn.eigen_dagen(stand.dagen)
    per_levering = [als_bezet(row.bezet) for row in await reader.all(LEVERINGEN_VAN_CEL, **cel_van(lijn).sleutel())]
    return tuple(
        Maandcijfer(
            maand,
            lijn.contract.plekken_in(maand),
            Bedrag(lijn.contract.jaarprijs_in(maand)),
            dagen.get(maand, 0),
            sum(_bezet_in(bezet, maand) for bezet in per_levering),
        )
        for maand in maanden
    )


def _bezet_in(bezet: Iterable[Periode], maand: Maand) -> bool:
    return any(periode.overlapt(Periode(maand.eerste, maand.laatste)) for periode in bezet)


async def leveringen(reader: Reader, caller: Caller, lijn: Lijn, maanden: Iterable[Maand]) -> tuple[Bron, ...]:
    """Which deliveries occupied places in these months, as backoffice names them. Backoffice says to whom it shows the
    messages and the person behind them; a provider gets figures only here."""
    if caller.aanbieder is not None:
        return ()
    rows = await reader.all(LEVERINGEN_VAN_CEL, **cel_van(lijn).sleutel())
    gevraagd = tuple(maanden)
    return tuple(
        Bron(
            LEVERING,
            row.id,
            f"Zoals verteld in versie {row.versie} van levering.gewijzigd; de berichten staan bij backoffice",
            f"/backoffice/v1/leveringen/{row.id}",
        )
        for row in sorted(rows, key=lambda row: str(row.id))
        if any(_bezet_in(als_bezet(row.bezet), maand) for maand in gevraagd)
    )
