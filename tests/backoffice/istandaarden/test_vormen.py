"""The types of contents: made from the descriptions, and true of what reading returns."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NotRequired, get_args, get_origin, get_type_hints, is_typeddict

import pytest

from services.backoffice.istandaarden import vormen
from services.backoffice.istandaarden.berichtsoorten import BERICHTSOORTEN
from services.backoffice.istandaarden.lezen import lees
from services.backoffice.istandaarden.schrijven import schrijf
from services.backoffice.istandaarden.vormtabel import als_python
from tests.backoffice.istandaarden.volledig import volledig


def test_the_committed_types_are_the_generated_ones() -> None:
    assert Path(vormen.__file__).read_text(encoding="utf-8") == als_python()


def _past(waarde: object, soort: Any) -> bool:
    if get_origin(soort) is NotRequired:
        (soort,) = get_args(soort)
    if get_origin(soort) is list:
        return isinstance(waarde, list) and bool(waarde) and all(_past(lid, get_args(soort)[0]) for lid in waarde)
    if not is_typeddict(soort):
        return type(waarde) is soort
    velden = get_type_hints(soort, include_extras=True)
    return (
        isinstance(waarde, Mapping)
        and soort.__required_keys__ <= waarde.keys() <= velden.keys()
        and all(_past(lid, velden[naam]) for naam, lid in waarde.items())
    )


@pytest.mark.parametrize("naam", BERICHTSOORTEN)
def test_what_was_read_has_the_type_that_its_kind_promises(naam: str) -> None:
    inhoud_van = getattr(vormen, f"inhoud_{naam[-3:]}")
    soort = get_type_hints(inhoud_van)["return"]
    bericht = lees(schrijf(volledig(naam)))
    assert inhoud_van(bericht) is bericht.inhoud
    assert _past(bericht.inhoud, soort)
    assert not _past({**bericht.inhoud, "Anders": "x"}, soort)
    assert not _past({}, soort)


def test_the_contents_of_another_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="JW305"):
        vormen.inhoud_307(volledig("JW305"))
