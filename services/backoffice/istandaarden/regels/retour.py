"""Level 2 rules about answers: return messages (302 … 320) and the answer to a claim (325)."""

from collections.abc import Iterator
from itertools import chain
from typing import cast

from services.backoffice.istandaarden.knoop import Knoop, Waarde, deel, tekst, teksten
from services.backoffice.istandaarden.regels.beeld import Beeld
from services.backoffice.istandaarden.regels.kolommen import (
    clienten,
    clientplaats,
    kern,
    met_teken,
    plaats,
    prestaties_per_client,
    som,
)
from services.backoffice.istandaarden.regels.register import Bevinding, regel
from services.backoffice.istandaarden.vormen import Prestatie325

_GEEN_AFKEUR = frozenset(("0200", "0233", "8001"))
_RETOUREN = ("302", "306", "308", "316", "318", "320")


def _keurt_af(klasse: Knoop) -> bool:
    """Whether a class carries a code of its own that rejects it."""
    return not _GEEN_AFKEUR.issuperset(teksten(deel(klasse, "RetourCodes"), "RetourCode"))


def _keurt_ergens_af(waarde: Waarde) -> bool:
    """Whether a class or anything below it is rejected."""
    if isinstance(waarde, list):
        return any(_keurt_ergens_af(lid) for lid in waarde)
    return isinstance(waarde, dict) and (_keurt_af(waarde) or any(_keurt_ergens_af(lid) for lid in waarde.values()))


@regel("OP065", *_RETOUREN)
def retour_noemt_alleen_afgekeurd(beeld: Beeld) -> Iterator[Bevinding]:
    """A client (320: an answer) comes back only when something in it is rejected."""
    for naam, klasse in beeld.inhoud.items():
        if naam != "Header" and not _keurt_ergens_af(klasse):
            yield naam, "Laat dit onderdeel weg: er is niets in afgekeurd. Stuur dan alleen de Header terug."


@regel("OP304", "325")
def antwoord_noemt_alleen_afgekeurde_clienten(beeld: Beeld) -> Iterator[Bevinding]:
    """A client stands in the answer only when it or one of its lines is rejected."""
    for nummer, client in enumerate(clienten(beeld)):
        if not _keurt_ergens_af(client):
            yield clientplaats(beeld, nummer), "Laat deze cliënt weg: er is niets van afgekeurd."


@regel("TR342", "325")
def toegekend_volgt_uit_de_afwijzingen(beeld: Beeld) -> Iterator[Bevinding]:
    """Claimed less granted is what the rejected lines add up to; nothing is granted when the claim itself is rejected.

    Lines that carry no rejection do not belong in the answer. 0233 rejects a line of a rejected client (IV087).
    """
    naam, antwoord = kern(beeld)
    if not antwoord:
        return
    ingediend = met_teken(deel(antwoord, "TotaalIngediendBedrag"))
    toegekend = met_teken(deel(antwoord, "TotaalToegekendBedrag"))
    if _keurt_af(antwoord):
        if toegekend != 0 or "Clienten" in antwoord:
            yield (
                f"{naam}/TotaalToegekendBedrag",
                "De hele declaratie is afgekeurd. Vul 0 in als toegekend bedrag en laat Clienten weg.",
            )
    elif ingediend - toegekend != som(beeld):
        yield (
            f"{naam}/TotaalToegekendBedrag",
            "Het toegekende bedrag klopt niet. Trek van het ingediende bedrag de afgewezen regels af.",
        )
    for nummer, prestatie in enumerate(chain.from_iterable(prestaties_per_client(beeld))):
        if not {"0200", "8001"}.isdisjoint(cast(Prestatie325, prestatie)["RetourCodes"]["RetourCode"]):
            yield plaats(beeld, nummer), "Laat deze regel weg: alleen afgewezen regels staan in het antwoord."


@regel("IV034", "301", "305", "307", "315", "317", "319", "323", "325", *_RETOUREN, verplicht=False)
def schemaversie_klopt(beeld: Beeld) -> Iterator[Bevinding]:
    """The versions are those of the schemas of this release.

    Only on request: the published iJw schemas and examples contradict each other, so a sender can be right with
    another version. The versions of a message that is answered are copied, and are the other side's affair (TR371).
    """
    verwacht = beeld.soort.wet.xsd_versie
    # In an answer XsdVersie is that of the message answered; in a 325 it is that of the 325.
    eigen = "XsdVersieRetour" if beeld.soort.nummer in _RETOUREN else "XsdVersie"
    for veld in ("BasisschemaXsdVersie", "BerichtXsdVersie"):
        if tekst(deel(beeld.kop, eigen), veld) != verwacht:
            yield f"Header/{eigen}/{veld}", "Neem de versie over uit het schema waarmee het bericht is gemaakt."
