"""Why this amount? One path from a payment to the messages behind it, each step followed as it is given; persons only
for who may see them."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

from shared.web.identity import Rol
from tests.e2e.regio import BO, FI, Regio, regel
from tests.e2e.streken import A
from tests.financien.betaalopstelling import IBAN_AANBIEDER, IBAN_GEMEENTE

GEDULD = 120.0
UITVOERDATUM = "2026-08-20"


def betaling(regio: Regio, gemeente: str, aanbieder: str) -> str:
    """A payment of everything that is open to this aanbieder; its id."""

    def roep(methode: str, pad: str, wie: str, goed: tuple[int, ...] = (200, 201), **inhoud: Any) -> Any:
        token = regio.opstelling.token(Rol.CONTROLLER, gemeente=gemeente, gebruiker=wie)
        kop = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"{methode} {pad} {wie}"}
        antwoord = regio.http.request(methode, f"{FI}{pad}", headers=kop, **inhoud)
        assert antwoord.status_code in goed, antwoord.text
        return antwoord.json()

    rekening = {"iban": IBAN_GEMEENTE, "naam": "Gemeente", "vanaf": "2026-01-01"}
    roep("PUT", f"/rekeningen/gemeenten/{gemeente}", "anna", json=rekening)
    rekening = {"iban": IBAN_AANBIEDER, "naam": "Aanbieder", "vanaf": "2026-01-01"}
    nummer = roep("PUT", f"/rekeningen/aanbieders/{aanbieder}", "anna", json=rekening)
    roep("POST", f"/rekeningen/{nummer['id']}/bevestiging", "bert")
    einde = time.monotonic() + GEDULD
    while len(regio.lijst(f"{FI}/grootboek/posten", Rol.CONTROLLER, gemeente=gemeente)) < 8:
        assert time.monotonic() < einde, "the terms of January through August are not released"
        time.sleep(0.2)
    batch = roep("POST", "/betaalbatches", "anna", json={"gemeente": gemeente, "uitvoerdatum": UITVOERDATUM})
    return str(batch["betalingen"][0]["id"])


def test_from_a_payment_to_the_messages_behind_it(regio: Regio) -> None:
    gemeente, aanbieder = regio.gemeente(), regio.aanbieder()
    regio.subsegment(A)
    regio.overeenkomst(aanbieder, date(2026, 1, 1), date(2026, 12, 31), [regel(gemeente, A, "2", "12000.00")])
    toewijzing = regio.maak_toewijzing(gemeente, aanbieder, A, date(2026, 1, 1))
    regio.meld(toewijzing, toewijzing.start(date(2026, 2, 1)))
    regio.meld(toewijzing, toewijzing.stop(date(2026, 2, 1), date(2026, 3, 31)))
    regio.rust()

    def lees(rol: Rol, pad: str, goed: int = 200) -> Any:
        return regio.roep("GET", pad, rol, gemeente=gemeente, goed=(goed,)).json()

    betaald = lees(Rol.CONTROLLER, f"{FI}/herkomst/betaling/{betaling(regio, gemeente, aanbieder)}")
    assert betaald["bedrag"] == "16000.00"
    (maart,) = [deel for deel in betaald["delen"] if deel["herkomst"].endswith(":2026-03")]
    termijn = lees(Rol.CONTROLLER, maart["herkomst"])
    assert [(m["maand"], m["bezetteDagen"], m["leveringen"]) for m in termijn["maanden"]] == [("2026-03", 31, 1)]
    bronnen = {bron["soort"]: bron for bron in termijn["bronnen"]}
    contract = lees(Rol.CONTROLLER, bronnen["overeenkomst"]["pad"])
    assert contract["versie"] == 1
    geleverd = bronnen["levering"]["pad"]
    # The controller sees figures; who the resident is, is for who administers the message.
    lees(Rol.CONTROLLER, geleverd, 403)
    levering = lees(Rol.BACKOFFICE, geleverd)
    assert [(a["soort"], a["status"], a["verwijdering"], a["vervallen"]) for a in levering["aanleveringen"]] == [
        ("JW305", "goedgekeurd", False, False),
        ("JW307", "goedgekeurd", False, False),
    ]
    assert [(p["begindatum"], p["einddatum"]) for p in levering["perioden"]] == [("2026-02-01", "2026-03-31")]
    assert toewijzing.client.bsn not in str(levering)
    for aanlevering in levering["aanleveringen"]:
        bericht = lees(Rol.BACKOFFICE, aanlevering["pad"])
        assert bericht["id"] == aanlevering["bericht"]
    assert regio.roep("GET", geleverd, Rol.AANBIEDER, aanbieder=aanbieder).json() == levering
    regio.roep("GET", geleverd, Rol.AANBIEDER, aanbieder=regio.aanbieder(), goed=(404,))
    lees(Rol.BACKOFFICE, f"{BO}/leveringen/bestaat-niet", 404)
