"""The event of a contract as it now stands."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from services.contractmanagement.overeenkomst.rules.drempels import drempels_op
from services.contractmanagement.overeenkomst.rules.inhoud import Contractregel, Overeenkomst, Regelversie
from shared.contracts import contractmanagement as contract

MOST_BYTES = 60_000  # leaves room for the envelope within the 64 kB of the NL GOV profile


def gebeurtenis(overeenkomst: Overeenkomst, versie: int) -> contract.OvereenkomstVastgesteld:
    """The whole contract (state, not a delta)."""
    return contract.OvereenkomstVastgesteld(
        overeenkomst=overeenkomst.id,
        versie=versie,
        aanbieder=contract.Aanbieder(agb_code=overeenkomst.aanbieder, naam=overeenkomst.naam),
        begindatum=overeenkomst.begindatum,
        einddatum=overeenkomst.einddatum,
        instellingen=contract.Instellingen(
            **asdict(overeenkomst.instellingen), drempels=contract.Drempels(**_eerste_drempels(overeenkomst))
        ),
        drempelwijzigingen=[
            contract.Drempelversie(**waarden) for waarden in drempelwijzigingen_als_waarden(overeenkomst)
        ],
        regels=[_regel(regel) for regel in overeenkomst.regels],
    )


def instellingen_als_waarden(overeenkomst: Overeenkomst) -> dict[str, object]:
    """The settings as agreed: thresholds are those from the first day."""
    return {**asdict(overeenkomst.instellingen), "drempels": _eerste_drempels(overeenkomst)}


def _eerste_drempels(overeenkomst: Overeenkomst) -> dict[str, Any]:
    return asdict(drempels_op(overeenkomst.drempels, overeenkomst.begindatum))


def drempelwijzigingen_als_waarden(overeenkomst: Overeenkomst) -> list[dict[str, Any]]:
    """The thresholds from every later date."""
    later = [versie for versie in overeenkomst.drempels if versie.vanaf > overeenkomst.begindatum]
    return [{"vanaf": versie.vanaf, **asdict(versie.waarden)} for versie in later]


def regel_als_waarden(regel: Contractregel) -> dict[str, object]:
    """A line in the words of the contract and the API: places and euros as text."""
    versies = [_versie(versie) for versie in regel.versies]
    return {"gemeente": regel.gemeente, "subsegment": regel.subsegment, "versies": versies}


def _regel(regel: Contractregel) -> contract.Contractregel:
    versies = []
    for versie in regel.versies:
        reden = versie.aanleiding
        aanleiding = None if reden is None else contract.Aanleiding(**asdict(reden))
        versies.append(contract.Regelversie(**{**_versie(versie), "aanleiding": aanleiding}))
    return contract.Contractregel(gemeente=regel.gemeente, subsegment=regel.subsegment, versies=versies)


def _versie(versie: Regelversie) -> dict[str, Any]:
    return {
        "vanaf": versie.vanaf,
        "plekken": versie.plekken.als_tekst(),
        "prijs_per_plek": versie.prijs_per_plek.als_euro(),
        "verdeelsleutel": None if versie.verdeelsleutel is None else dict(versie.verdeelsleutel),
        "opgegeven_doorlooptijd_dagen": versie.opgegeven_doorlooptijd_dagen,
        "aanleiding": None if versie.aanleiding is None else asdict(versie.aanleiding),
    }
