"""A gemeente that leaves the verdeelsleutel pays nothing for months without a contract line; what it had paid is still
there to settle."""

from __future__ import annotations

from datetime import date

from services.financien.overeenkomst.store import LIJN
from tests.financien.opstelling import (
    AANBIEDER,
    BUUR,
    CODE,
    GEMEENTE,
    Opstelling,
    levering,
    overeenkomst,
    regel,
    van_tot,
    versie,
)

SAMEN = {GEMEENTE: "0.5", BUUR: "0.5"}
ALLEEN = {BUUR: "1"}


async def test_an_adjustment_is_spread_over_months_with_a_contract_line_only(financien: Opstelling) -> None:
    weg = versie(date(2026, 8, 1), "10", "12000.00", ALLEEN)
    await financien.hoor(
        overeenkomst(regel("10", verdeelsleutel=SAMEN, daarna=(weg,))),
        *(levering(van_tot(date(2026, 1, 1)), id=f"l{nummer}") for nummer in range(7)),
    )
    vraag = {"gemeente": GEMEENTE, "kwartaal": "2026-Q1"}
    (rij,) = (await financien.controller.post("/kwartaalmonitors", json=vraag)).json()["regels"]
    # Seven places instead of five, for seven months: 49,000.00 expected, of which 25,000.00 is fixed.
    assert (rij["lumpsum"], rij["verwacht"]) == ("35000.00", "49000.00")
    identity = rij["bijstelling"]
    bijstelling = (await financien.controller.get(f"/bijstellingen/{identity}")).json()
    assert [(t["maand"], t["bedrag"]) for t in bijstelling["termijnen"]] == [
        ("2026-06", "12000.00"),
        ("2026-07", "12000.00"),
    ]
    await financien.controller.post(f"/bijstellingen/{identity}/melding")
    vast = await financien.controller.post(f"/bijstellingen/{identity}/vaststelling", headers={"Idempotency-Key": "1"})
    assert vast.status_code == 200
    (schema,) = (await financien.controller.get(f"/betaalschemas?aanbieder={AANBIEDER}")).json()["resultaten"]
    assert [t["bedrag"] for t in schema["termijnen"]] == ["5000.00"] * 5 + ["12000.00"] * 2 + ["0.00"] * 5


async def test_months_that_were_paid_stay_with_their_lijn_when_it_begins_later(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst(regel("10", verdeelsleutel=SAMEN)))
    erbij = versie(date(2026, 3, 1), "10", "12000.00", SAMEN)
    await financien.hoor(overeenkomst(regel("10", verdeelsleutel=ALLEEN, daarna=(erbij,)), versie=2))
    (lijn,) = [row for row in await financien.rijen(LIJN) if row["gemeente"] == GEMEENTE]
    assert (lijn["begin"], lijn["ongedekt"]) == ("2026-01", '["2026-01","2026-02"]')
    assert lijn["subsegment"] == CODE
    (schema,) = (await financien.controller.get("/betaalschemas")).json()["resultaten"]
    assert [t["bedrag"] for t in schema["termijnen"]] == ["5000.00"] * 12
