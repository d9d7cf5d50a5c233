"""The event of a contract as it now stands."""

from __future__ import annotations

from dataclasses import asdict

from services.contractmanagement.overeenkomst.rules.inhoud import Contractregel, Overeenkomst, Regelversie
from shared.contracts.contractmanagement import OvereenkomstVastgesteld

MOST_BYTES = 60_000  # leaves room for the envelope within the 64 kB of the NL GOV profile


def gebeurtenis(overeenkomst: Overeenkomst, versie: int) -> OvereenkomstVastgesteld:
    """The whole contract (state, not a delta)."""
    return OvereenkomstVastgesteld.model_validate(
        {
            "overeenkomst": overeenkomst.id,
            "versie": versie,
            "aanbieder": {"agb_code": overeenkomst.aanbieder, "naam": overeenkomst.naam},
            "begindatum": overeenkomst.begindatum,
            "einddatum": overeenkomst.einddatum,
            "instellingen": asdict(overeenkomst.instellingen),
            "regels": [regel_als_waarden(regel) for regel in overeenkomst.regels],
        }
    )


def regel_als_waarden(regel: Contractregel) -> dict[str, object]:
    """A line in the words of the contract and the API: places and euros as text."""
    versies = [_versie(versie) for versie in regel.versies]
    return {"gemeente": regel.gemeente, "subsegment": regel.subsegment, "versies": versies}


def _versie(versie: Regelversie) -> dict[str, object]:
    return {
        "vanaf": versie.vanaf,
        "plekken": versie.plekken.als_tekst(),
        "prijs_per_plek": versie.prijs_per_plek.als_euro(),
        "verdeelsleutel": None if versie.verdeelsleutel is None else dict(versie.verdeelsleutel),
        "opgegeven_doorlooptijd_dagen": versie.opgegeven_doorlooptijd_dagen,
    }
