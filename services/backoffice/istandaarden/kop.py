"""The Header of a message as a typed value."""

from dataclasses import dataclass
from datetime import date

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.berichtsoorten import BERICHTSOORTEN
from services.backoffice.istandaarden.knoop import Knoop, deel, verplicht


@dataclass(frozen=True, slots=True)
class Kop:
    """Who sends what to whom: AGB or CBS code on either side, `identificatie` unique per sender and type (TR056)."""

    berichtcode: str
    afzender: str
    ontvanger: str
    identificatie: str
    dagtekening: date
    basisschema_xsd_versie: str
    bericht_xsd_versie: str


def lees_kop(bericht: Bericht) -> Kop:
    """The Header of any message that passed levels 1 and 2."""
    kop = bericht.kop
    identificatie, versie = deel(kop, "BerichtIdentificatie"), deel(kop, "XsdVersie")
    return Kop(
        berichtcode=verplicht(kop, "BerichtCode"),
        afzender=verplicht(kop, "Afzender"),
        ontvanger=verplicht(kop, "Ontvanger"),
        identificatie=verplicht(identificatie, "Identificatie"),
        dagtekening=date.fromisoformat(verplicht(identificatie, "Dagtekening")),
        basisschema_xsd_versie=verplicht(versie, "BasisschemaXsdVersie"),
        bericht_xsd_versie=verplicht(versie, "BerichtXsdVersie"),
    )


def maak_kop(naam: str, *, afzender: str, ontvanger: str, identificatie: str, dagtekening: date) -> Knoop:
    """The Header of a new message `naam`, with the schema versions this library describes (IV034)."""
    soort = BERICHTSOORTEN[naam]
    versie = soort.wet.xsd_versie
    return {
        "BerichtCode": soort.berichtcode,
        "BerichtVersie": 3,
        "BerichtSubversie": 2,
        "Afzender": afzender,
        "Ontvanger": ontvanger,
        "BerichtIdentificatie": {"Identificatie": identificatie, "Dagtekening": dagtekening.isoformat()},
        "XsdVersie": {"BasisschemaXsdVersie": versie, "BerichtXsdVersie": versie},
    }
