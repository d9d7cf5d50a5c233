"""Settlement through the service (F-5)."""

from datetime import date
from typing import Any

import pytest

from services.financien.afrekening.store import AFREKENING
from shared.web.identity import Rol
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
)

JANUARI = date(2026, 1, 1)


def _vraag(begin: date = JANUARI, eind: date = date(2026, 3, 31), **anders: str) -> dict[str, str]:
    periode = {"begindatum": begin.isoformat(), "einddatum": eind.isoformat()}
    return {"gemeente": GEMEENTE, "aanbieder": AANBIEDER, **periode, **anders}


async def _reken_af(financien: Opstelling, **vraag: Any) -> Any:
    return await financien.controller.post("/afrekeningen", json=_vraag(**vraag))


async def test_settlement_is_what_was_realised_minus_the_fixed_terms(financien: Opstelling) -> None:
    await financien.hoor(
        overeenkomst(regel("2.5"), regel("1", "6000.00", subsegment="54Z02")),
        levering(van_tot(JANUARI, date(2026, 2, 14))),
    )
    antwoord = await _reken_af(financien)
    assert antwoord.status_code == 201
    uit = antwoord.json()
    # one month and 14 of 28 days at 1000 a month; paid 3 × 2500 and 3 × 500
    assert uit["regels"] == [
        {
            "overeenkomst": "o1",
            "subsegment": CODE,
            "subsegmentNaam": None,
            "plekken": "2.5",
            "gemiddeldBezet": "0.5000",
            "gerealiseerd": "1500.00",
            "betaald": "7500.00",
            "eerderAfgerekend": "0.00",
            "afrekening": "-6000.00",
            "boekjaren": [{"jaar": 2026, "kosten": "1500.00", "voorschot": "7500.00", "afrekening": "-6000.00"}],
            "doorlooptijd": {"opgegeven": None, "werkelijk": "45.0", "beeindigd": 1},
        },
        {
            "overeenkomst": "o1",
            "subsegment": "54Z02",
            "subsegmentNaam": None,
            "plekken": "1",
            "gemiddeldBezet": "0.0000",
            "gerealiseerd": "0.00",
            "betaald": "1500.00",
            "eerderAfgerekend": "0.00",
            "afrekening": "-1500.00",
            "boekjaren": [{"jaar": 2026, "kosten": "0.00", "voorschot": "1500.00", "afrekening": "-1500.00"}],
            "doorlooptijd": {"opgegeven": None, "werkelijk": None, "beeindigd": 0},
        },
    ]
    assert (uit["totaal"], uit["status"]) == ("-7500.00", "concept")
    assert (await financien.controller.get(f"/afrekeningen/{uit['id']}")).json() == uit
    assert (await financien.controller.get("/afrekeningen")).json()["resultaten"] == [uit]


async def test_a_fixed_adjustment_counts_as_paid(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst(), *(levering(van_tot(JANUARI), id=f"l{i}") for i in range(9)))
    monitor = {"gemeente": GEMEENTE, "kwartaal": "2026-Q1"}
    (rij,) = (await financien.controller.post("/kwartaalmonitors", json=monitor)).json()["regels"]
    for stap in ("melding", "vaststelling"):
        adres = f"/bijstellingen/{rij['bijstelling']}/{stap}"
        await financien.controller.post(adres, headers={"Idempotency-Key": stap})
    financien.klok.vandaag = date(2027, 1, 1)
    (uit,) = (await _reken_af(financien, eind=date(2026, 12, 31))).json()["regels"]
    assert (uit["gerealiseerd"], uit["betaald"], uit["afrekening"]) == ("108000.00", "108000.00", "0.00")


async def test_settings_of_the_contract_hold(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst(tolerantie="0.1", maximum="0.8"))
    await financien.hoor(*(levering(van_tot(JANUARI), id=f"l{i}") for i in range(9)))
    (uit,) = (await _reken_af(financien)).json()["regels"]
    assert (uit["gerealiseerd"], uit["afrekening"]) == ("24000.00", "0.00")


@pytest.mark.parametrize(
    ("periode", "status", "fout"),
    [
        ({"begin": date(2026, 1, 2)}, 400, "periode-geen-hele-maanden"),
        ({"eind": date(2026, 3, 30)}, 400, "periode-geen-hele-maanden"),
        ({"eind": date(2025, 12, 31)}, 400, "periode-geen-hele-maanden"),
        ({"begin": date(2025, 12, 1)}, 400, "periode-buiten-overeenkomst"),
        ({"eind": date(2026, 5, 31)}, 409, "periode-niet-voorbij"),
        ({"aanbieder": "42420099"}, 400, "periode-buiten-overeenkomst"),
    ],
)
async def test_a_period_that_can_not_be_settled_is_refused_by_name(
    financien: Opstelling, periode: dict[str, Any], status: int, fout: str
) -> None:
    await financien.hoor(overeenkomst())
    antwoord = await _reken_af(financien, **periode)
    assert (antwoord.status_code, antwoord.json()["type"]) == (status, f"urn:plekregie:fout:{fout}")
    assert antwoord.json()["fouten"]
    assert await financien.rijen(AFREKENING) == []


async def test_the_last_day_of_the_period_must_be_over(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst())
    for dag, status in ((date(2026, 3, 31), 409), (date(2026, 4, 1), 201)):
        financien.klok.vandaag = dag
        assert (await _reken_af(financien)).status_code == status


async def test_the_same_key_gives_the_same_settlement(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst())
    kop = {"Idempotency-Key": "a"}
    eerste = await financien.controller.post("/afrekeningen", json=_vraag(), headers=kop)
    assert (await financien.controller.post("/afrekeningen", json=_vraag(), headers=kop)).json() == eerste.json()
    assert len(await financien.rijen(AFREKENING)) == 1
    anders = _vraag(eind=date(2026, 2, 28))
    assert (await financien.controller.post("/afrekeningen", json=anders, headers=kop)).status_code == 422


async def test_only_the_controller_of_the_gemeente_settles(financien: Opstelling) -> None:
    await financien.hoor(overeenkomst())
    identity = (await _reken_af(financien)).json()["id"]
    buur = financien.als(Rol.CONTROLLER, gemeente=BUUR)
    assert (await buur.post("/afrekeningen", json=_vraag())).status_code == 403
    assert (await buur.get(f"/afrekeningen/{identity}")).status_code == 404
    assert (await financien.aanbieder.post("/afrekeningen", json=_vraag())).status_code == 403
