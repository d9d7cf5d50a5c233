"""Named queries of explanations."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from services.financien.bijstelling.store import BIJSTELLING
from shared.database.port import Query

VASTGESTELDE_BIJSTELLINGEN = Query(
    select(BIJSTELLING.c.id, BIJSTELLING.c.termijnen)
    .where(BIJSTELLING.c.lijn == bindparam("lijn"), BIJSTELLING.c.status == "vastgesteld")
    .order_by(BIJSTELLING.c.kwartaal)
)
