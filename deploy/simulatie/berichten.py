"""The messages of a provider as bytes, the wrong ones included, and what a 301 or a retour says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from deploy.simulatie.personen import client_van
from deploy.simulatie.wereld import Klasse, Traject, Variant, Wereld, Zending
from services.backoffice.istandaarden.fouten import Onleesbaar, Schemafout
from services.backoffice.istandaarden.knoop import Knoop, deel, klassen, tekst, verplicht
from services.backoffice.istandaarden.kop import lees_kop
from services.backoffice.istandaarden.lezen import lees
from services.backoffice.istandaarden.retour import maak_retour, retourcodes
from services.backoffice.istandaarden.schrijven import schrijf
from services.backoffice.istandaarden.start_stop import StartProduct, StopProduct, maak_startbericht, maak_stopbericht

GOED = frozenset({"0200", "0233"})
JAREN_LATER = timedelta(days=4000)  # so far that it lies in the future for any installation


@dataclass(frozen=True, slots=True)
class Toegewezen:
    """One assignment in a 301: which client and product, and the number to use from now on."""

    gemeente: str
    bsn: str
    subsegment: str
    ingangsdatum: date
    nummer: str


def maak(wereld: Wereld, traject: Traject, zending: Zending, nummer: str, identificatie: str) -> bytes:
    """The message as it goes over the line; `nummer` is the toewijzingNummer."""
    als = str(999_999_999 - int(nummer)) if zending.variant is Variant.VERKEERD_NUMMER else nummer
    rij = zending.klassen
    if zending.variant is Variant.REGELFOUT:
        # A start twice in one message (TR101), a stop before its begin (TR018).
        vroeg = [Klasse(k.begin, k.begin - timedelta(days=2), k.reden) for k in rij]
        rij = (*rij, *rij) if zending.soort == "305" else tuple(vroeg)
    dagtekening = zending.dag + (JAREN_LATER if zending.variant is Variant.IN_DE_TOEKOMST else timedelta(0))
    tekst = _schrijf(traject, zending.soort, rij, als, identificatie, dagtekening)
    if zending.variant is Variant.SCHEMAFOUT:
        return tekst.replace(b"Begindatum>", b"Aanvangsdatum>")
    return tekst


def _schrijf(
    traject: Traject, soort: str, rij: tuple[Klasse, ...], nummer: str, identificatie: str, dagtekening: date
) -> bytes:
    client, code = client_van(traject.persoon), traject.subsegment
    kop = {"afzender": traject.aanbieder, "ontvanger": traject.gemeente, "identificatie": identificatie}
    vast = (nummer, code[:2], code, traject.ingangsdatum)
    if soort == "305":
        starts = tuple(StartProduct(*vast, klasse.begin, klasse.status) for klasse in rij)
        return schrijf(maak_startbericht(traject.wet, dagtekening=dagtekening, client=client, producten=starts, **kop))
    stops = tuple(
        StopProduct(*vast, klasse.begin, klasse.reden or "", klasse.eind or klasse.begin, klasse.status)
        for klasse in rij
    )
    return schrijf(maak_stopbericht(traject.wet, dagtekening=dagtekening, client=client, producten=stops, **kop))


def lees_toewijzingen(inhoud: bytes) -> list[Toegewezen]:
    """What a 301 assigns, taken back ones included."""
    bericht = lees(inhoud)
    gemeente, client = lees_kop(bericht).afzender, deel(bericht.inhoud, "Client")
    bsn = verplicht(client, "Bsn")
    return [
        Toegewezen(gemeente, bsn, _code(product), date.fromisoformat(verplicht(product, "Ingangsdatum")), str(nummer))
        for product in klassen(deel(client, "ToegewezenProducten"), "ToegewezenProduct")
        if isinstance(nummer := product["ToewijzingNummer"], int)
    ]


def _code(product: Knoop) -> str:
    return tekst(deel(product, "Product"), "Code") or ""


def antwoord_op(toewijzing: bytes, dag: date) -> bytes:
    """The 302 to a 301, all good; not dated before the 301 itself."""
    heen = lees(toewijzing)
    kop = lees_kop(heen)
    return schrijf(
        maak_retour(
            heen,
            identificatie_retour=f"R{kop.identificatie[:11]}",
            dagtekening_retour=max(dag, kop.dagtekening),
        )
    )


def codes_in(retour: bytes) -> list[str]:
    """The retourcodes that find fault, each once; raises ValueError when this is no retour that can be read."""
    try:
        gevonden = retourcodes(lees(retour))
    except (Onleesbaar, Schemafout) as error:
        raise ValueError(f"the retour can't be read: {error}") from error
    return sorted({code for codes in gevonden.values() for code in codes} - GOED)
