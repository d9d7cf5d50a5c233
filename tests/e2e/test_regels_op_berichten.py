"""Rules of the standard that need a clock or earlier messages, seen from outside."""

from datetime import date, timedelta

import pytest
from lxml import etree

from services.backoffice.istandaarden.schrijven import schrijf
from services.backoffice.istandaarden.start_stop import maak_startbericht
from tests.e2e.keuring import velden
from tests.e2e.opstelling import VANDAAG
from tests.e2e.regio import Regio, Toewijzing, regel

CODES = ("55Z01", "55Z02")
EIND = date(2026, 12, 31)


@pytest.fixture
def toewijzing(gekeurde_regio: Regio) -> Toewijzing:
    regio = gekeurde_regio
    gemeente, aanbieder = regio.gemeente(), regio.aanbieder()
    for code in CODES:
        regio.subsegment(code)
    regels = [regel(gemeente, code, "2", "12000.00") for code in CODES]
    regio.overeenkomst(aanbieder, date(2026, 1, 1), EIND, regels)
    return regio.maak_toewijzing(gemeente, aanbieder, CODES[0], date(2026, 4, 1), EIND)


@pytest.mark.parametrize(("dagen", "codes"), [(0, []), (1, ["8848"])])
def test_tr135_dagtekening_does_not_lie_in_the_future(
    gekeurde_regio: Regio, toewijzing: Toewijzing, dagen: int, codes: list[str]
) -> None:
    gestart = maak_startbericht(
        "jeugdwet",
        afzender=toewijzing.aanbieder,
        ontvanger=toewijzing.gemeente,
        identificatie=gekeurde_regio.identificatie(),
        dagtekening=VANDAAG + timedelta(days=dagen),
        client=toewijzing.client,
        producten=(toewijzing.start(date(2026, 4, 1)),),
    )
    retour = gekeurde_regio.stuur(schrijf(gestart), toewijzing.aanbieder)
    assert [element.text for element in velden(etree.fromstring(retour.content), "RetourCode")] == codes


def test_iv013_a_resent_assignment_keeps_its_date_and_time(gekeurde_regio: Regio, toewijzing: Toewijzing) -> None:
    gekeurde_regio.maak_toewijzing(
        toewijzing.gemeente, toewijzing.aanbieder, CODES[1], date(2026, 5, 1), EIND, client=toewijzing.client
    )
    eerste, tweede = (etree.fromstring(inhoud) for _, inhoud in gekeurde_regio.postbus(toewijzing.aanbieder))

    def moment(wortel: etree._Element) -> tuple[str | None, str | None]:
        return velden(wortel, "Toewijzingsdatum")[0].text, velden(wortel, "Toewijzingstijd")[0].text

    assert len(velden(tweede, "ToewijzingNummer")) == 2
    assert moment(tweede) == moment(eerste)
