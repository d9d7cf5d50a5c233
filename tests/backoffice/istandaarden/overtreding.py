"""Changing one thing in a message, and which rules of level 2 then speak up."""

from collections.abc import Collection, Mapping
from copy import deepcopy
from typing import Any

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.lezen import lees
from services.backoffice.istandaarden.regels import controleer
from services.backoffice.istandaarden.schrijven import schrijf
from tests.backoffice.istandaarden.geldig import geldig

WEG = object()
Wijzigingen = dict[str, object]


def met(bericht: Bericht, wijzigingen: Mapping[str, object]) -> Bericht:
    """The message with values set or taken out; a step that is a number is an index."""
    inhoud = deepcopy(bericht.inhoud)
    for pad, waarde in wijzigingen.items():
        knoop: Any = inhoud
        *stappen, laatste = pad.split("/")
        for stap in stappen:
            knoop = knoop[int(stap)] if isinstance(knoop, list) else knoop[stap]
        if waarde is WEG:
            knoop.pop(laatste, None)
        elif isinstance(knoop, list) and int(laatste) == len(knoop):
            knoop.append(waarde)
        else:
            knoop[int(laatste) if isinstance(knoop, list) else laatste] = waarde
    return Bericht(bericht.naam, inhoud)


def verdubbeld(bericht: Bericht, plek: str, **anders: object) -> Bericht:
    """The message with a second item beside the one at `plek` (…/0), which differs from it in this."""
    lid: Any = bericht.inhoud
    for stap in plek.split("/"):
        lid = lid[int(stap)] if isinstance(lid, list) else lid[stap]
    return met(bericht, {f"{plek.removesuffix('0')}1": lid | anders})


def regels(bericht: Bericht, ook: Collection[str] = ()) -> list[str]:
    """The rules that a message breaks, each once; it must pass level 1."""
    assert lees(schrijf(bericht)) == bericht
    fouten = controleer(bericht, ook)
    assert all(fout.retourcode == "0001" for fout in fouten)
    return sorted({fout.regel for fout in fouten})


def gebroken(nummer: str, wijzigingen: Mapping[str, object], *basis: Mapping[str, object]) -> list[str]:
    """The rules that the change breaks in a message that was good (with `basis`), the same under both laws."""
    verschil = []
    for naam in (f"JW{nummer}", f"WMO{nummer}"):
        goed = geldig(naam)
        for stap in basis:
            goed = met(goed, stap)
        assert regels(goed) == []
        verschil.append(regels(met(goed, wijzigingen)))
    assert verschil[0] == verschil[1]
    return verschil[0]
