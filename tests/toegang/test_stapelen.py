"""OP259: the same care is not granted twice for one day."""

from datetime import date

import pytest

from services.toegang.indicatie.rules import Indicatie, stapelt

MEI, JUNI = date(2026, 5, 1), date(2026, 6, 30)


def _indicatie(einde: date | None) -> Indicatie:
    return Indicatie("jeugdwet", "0294", "54Z01", "12345678", MEI, einde, (), ())


@pytest.mark.parametrize(
    ("einde", "begin_ander", "einde_ander", "verwacht"),
    [
        (JUNI, date(2026, 6, 30), None, True),
        (JUNI, date(2026, 7, 1), None, False),
        (JUNI, date(2026, 1, 1), date(2026, 5, 1), True),
        (JUNI, date(2026, 1, 1), date(2026, 4, 30), False),
        (None, date(2030, 1, 1), date(2030, 1, 1), True),
    ],
)
def test_op259_two_decisions_on_one_day_are_stacked(
    einde: date | None, begin_ander: date, einde_ander: date | None, verwacht: bool
) -> None:
    verleden = (date(2020, 1, 1), date(2020, 12, 31))
    assert stapelt(_indicatie(einde), [verleden, (begin_ander, einde_ander)]) is verwacht
    assert not stapelt(_indicatie(einde), [verleden])
