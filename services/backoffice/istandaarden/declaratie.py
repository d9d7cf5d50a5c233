"""What the claim (323) and the answer to a claim (325) hold; the answer is no plain return message (IV087)."""

from services.backoffice.istandaarden import bouwstenen as b
from services.backoffice.istandaarden import waardesoorten as w
from services.backoffice.istandaarden.bouwstenen import Klasse, Veld, lijst, mag, moet
from services.backoffice.istandaarden.wet import Wet

RETOURCODES = moet("RetourCodes", lijst("RetourCodes", w.RETOURCODE, "RetourCode"))


def _clienten(wet: Wet, *slot: Veld) -> Klasse:
    prestatie = Klasse(
        "Prestatie",
        (
            moet("ProductReferentie", b.REFERENTIE),
            moet("ToewijzingNummer", w.NUMMER),
            moet("ProductCategorie", w.productcategorie(wet)),
            moet("ProductCode", w.PRODUCTCODE),
            moet("ProductPeriode", b.GESLOTEN_PERIODE),
            moet("GeleverdVolume", w.VOLUME),
            moet("Eenheid", w.EENHEID),
            mag("ProductTarief", w.BEDRAG),
            moet("IngediendBedrag", b.BEDRAG_DC),
            *slot,
        ),
    )
    client = Klasse(
        "Client",
        (
            moet("Bsn", w.BSN),
            moet("Prestaties", lijst("Prestaties", prestatie, "Prestatie")),
            *slot,
        ),
    )
    return lijst("Clienten", client, "Client")


def declaratie(wet: Wet) -> tuple[Veld, ...]:
    """323: what was done per client, with amounts in cents."""
    velden = (
        moet("DeclaratieNummer", w.DECLARATIENUMMER),
        moet("DeclaratiePeriode", b.GESLOTEN_PERIODE),
        moet("DeclaratieDagtekening", w.DATUM),
        moet("TotaalIngediendBedrag", b.TOTAALBEDRAG_DC),
        moet("Clienten", _clienten(wet)),
    )
    return (moet("Declaratie", Klasse("Declaratie", velden)),)


def declaratie_antwoord(wet: Wet) -> tuple[Veld, ...]:
    """325: what was granted; lists rejected lines only (OP304)."""
    velden = (
        moet("DeclaratieNummer", w.IDENTIFICATIE_DECLARATIE),
        moet("TotaalIngediendBedrag", b.TOTAALBEDRAG_DC),
        moet("TotaalToegekendBedrag", b.TOTAALBEDRAG_DC),
        mag("Clienten", _clienten(wet, RETOURCODES)),
        RETOURCODES,
    )
    return (mag("DeclaratieAntwoord", Klasse("DeclaratieAntwoord", velden)),)
