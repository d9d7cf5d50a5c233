"""Explain an amount from what the tables hold: each call goes one step back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from services.financien.herkomst.handlers.afrekening import verklaar_afrekening, verklaar_regel
from services.financien.herkomst.handlers.betaling import verklaar_batch, verklaar_betaling
from services.financien.herkomst.handlers.bijstelling import verklaar_bijstelling
from services.financien.herkomst.handlers.inzage import gezien, onbekend
from services.financien.herkomst.handlers.jaareinde import verklaar_jaareinde
from services.financien.herkomst.handlers.journaalpost import verklaar_post
from services.financien.herkomst.handlers.termijn import verklaar_termijn
from services.financien.herkomst.rules import (
    AFREKENING,
    BATCH,
    BETALING,
    BIJSTELLING,
    JAAREINDE,
    POST,
    REGEL,
    TERMIJN,
    Herkomst,
)
from shared.database.port import Reader
from shared.outbox.edge import Context, Outcome

Verklaring = Callable[[Reader, Context, str], Awaitable[Herkomst]]
VERKLARINGEN: Mapping[str, Verklaring] = {
    TERMIJN: verklaar_termijn,
    BIJSTELLING: verklaar_bijstelling,
    AFREKENING: verklaar_afrekening,
    REGEL: verklaar_regel,
    POST: verklaar_post,
    BETALING: verklaar_betaling,
    BATCH: verklaar_batch,
    JAAREINDE: verklaar_jaareinde,
}


async def verklaar(reader: Reader, context: Context, soort: str, identity: str) -> Outcome[Herkomst]:
    """Where an amount comes from; which leveringen were shown is recorded. Refuses `HerkomstOnbekend`, also for what
    the caller may not see."""
    verklaring = VERKLARINGEN.get(soort)
    if verklaring is None:
        raise onbekend()
    herkomst = await verklaring(reader, context, identity)
    return Outcome(herkomst, gezien(context, herkomst))
