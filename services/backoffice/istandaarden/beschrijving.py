"""What each message holds: one description per message for both laws; a return message is derived from its own."""

from services.backoffice.istandaarden import bouwstenen as b
from services.backoffice.istandaarden import waardesoorten as w
from services.backoffice.istandaarden.bouwstenen import Klasse, Veld, lijst, mag, moet
from services.backoffice.istandaarden.wet import JEUGDWET, Wet

CONTACT = Klasse(
    "Contact",
    (
        moet("Soort", w.ADRESSOORT),
        mag("Adres", b.ADRES),
        mag("Organisatie", w.ORGANISATIENAAM),
        mag("Telefoon", b.TELEFOONNUMMERS),
        mag("Emailadres", w.EMAILADRES),
        mag("Periode", b.OPEN_PERIODE),
    ),
)
RELATIE = Klasse(
    "Relatie",
    (
        moet("Nummer", w.PERSOONSID),
        mag("Volgorde", w.RELATIEVOLGORDE),
        moet("Soort", w.SOORT_RELATIE),
        mag("Geboortedatum", b.GEBOORTEDATUM),
        mag("Geslacht", w.GESLACHT),
        moet("Naam", b.VOLLEDIGE_NAAM),
        moet("Contact", CONTACT),
    ),
)


def _persoon(naam: Klasse) -> tuple[Veld, ...]:
    return (
        moet("Bsn", w.BSN),
        moet("Geboortedatum", b.GEBOORTEDATUM),
        moet("Geslacht", w.GESLACHT),
        moet("Naam", naam),
    )


def _client(*velden: Veld) -> tuple[Veld, ...]:
    return (moet("Client", Klasse("Client", velden)),)


def toewijzing(wet: Wet) -> tuple[Veld, ...]:
    """301: all current and changed assignments of one client to one provider (OP087)."""
    toegewezen = Klasse(
        "ToegewezenProduct",
        (
            moet("ToewijzingNummer", w.NUMMER),
            mag("ReferentieAanbieder", w.REFERENTIE),
            mag("Product", b.product(wet)),
            moet("Toewijzingsdatum", w.DATUM),
            moet("Toewijzingstijd", w.TIJD),
            moet("Ingangsdatum", w.DATUM),
            mag("Einddatum", w.DATUM),
            mag("RedenWijziging", w.REDEN_WIJZIGING),
            mag("Omvang", b.OMVANG),
            mag("Budget", w.BUDGET),
            mag("Commentaar", w.COMMENTAAR),
        ),
    )
    return _client(
        *_persoon(b.VOLLEDIGE_NAAM),
        mag("Communicatie", b.COMMUNICATIE),
        mag("JuridischeStatus", w.JURIDISCHE_STATUS),
        mag("WettelijkeVertegenwoordiging", w.WETTELIJKE_VERTEGENWOORDIGING),
        mag("Commentaar", w.COMMENTAAR),
        mag("Relaties", lijst("Relaties", RELATIE, "Relatie")),
        moet("Contactgegevens", lijst("Contactgegevens", CONTACT, "Contact")),
        moet("ToegewezenProducten", lijst("ToegewezenProducten", toegewezen, "ToegewezenProduct")),
    )


def _levering(wet: Wet, soort: str, *einde: Veld) -> tuple[Veld, ...]:
    product = Klasse(
        f"{soort}Product",
        (
            mag("ToewijzingNummer", w.NUMMER),
            mag("Product", b.product(wet)),
            mag("ToewijzingIngangsdatum", w.DATUM),
            moet("Begindatum", w.DATUM),
            *einde,
            moet("StatusAanlevering", w.STATUS_AANLEVERING),
        ),
    )
    producten = f"{soort}Producten"
    return _client(*_persoon(b.VERKORTE_NAAM), moet(producten, lijst(producten, product, f"{soort}Product")))


def start(wet: Wet) -> tuple[Veld, ...]:
    """305: care really started."""
    return _levering(wet, "Start")


def stop(wet: Wet) -> tuple[Veld, ...]:
    """307: care stopped, for good or for a while."""
    return _levering(wet, "Stop", moet("RedenBeeindiging", w.reden_beeindiging(wet)), moet("Einddatum", w.DATUM))


def verzoek_om_toewijzing(wet: Wet) -> tuple[Veld, ...]:
    """315: a provider asks for an assignment; only iJw asks for the holder of authority."""
    aangevraagd = Klasse(
        "AangevraagdProduct",
        (
            moet("ReferentieAanbieder", w.REFERENTIE),
            mag("BeschikkingNummer", w.NUMMER),
            mag("Product", b.product(wet)),
            mag("BeschikkingIngangsdatum", w.DATUM),
            moet("ToewijzingIngangsdatum", w.DATUM),
            mag("ToewijzingEinddatum", w.DATUM),
            mag("Omvang", b.OMVANG),
            mag("Budget", w.BUDGET),
            moet("Verwijzer", b.VERWIJZER),
            mag("Raamcontract", w.JA_NEE),
            mag("Commentaar", w.COMMENTAAR),
        ),
    )
    gezag = (mag("GezagsdragerBekend", w.JA_NEE),) if wet is JEUGDWET else ()
    return _client(
        *_persoon(b.VERKORTE_NAAM),
        *gezag,
        mag("Commentaar", w.COMMENTAAR),
        moet("AangevraagdeProducten", lijst("AangevraagdeProducten", aangevraagd, "AangevraagdProduct")),
    )


def verzoek_om_wijziging(wet: Wet) -> tuple[Veld, ...]:
    """317: a provider asks to change running assignments and lists them all (TR349)."""
    ongewijzigd = Klasse("OngewijzigdProduct", (moet("ToewijzingNummer", w.NUMMER),))
    wens = (
        moet("GewensteIngangsdatum", w.DATUM),
        mag("Einddatum", w.DATUM),
        mag("Omvang", b.OMVANG),
        mag("Budget", w.BUDGET),
    )
    te_wijzigen = Klasse("TeWijzigenProduct", (moet("ToewijzingNummer", w.NUMMER), *wens))
    nieuw = Klasse("NieuwProduct", (mag("Product", b.product(wet)), *wens))
    verzoek = Klasse(
        "Verzoek",
        (
            moet("ReferentieAanbieder", w.REFERENTIE),
            moet("RedenVerzoek", w.REDEN_VERZOEK),
            mag("OngewijzigdeProducten", lijst("OngewijzigdeProducten", ongewijzigd, "OngewijzigdProduct")),
            mag("TeWijzigenProducten", lijst("TeWijzigenProducten", te_wijzigen, "TeWijzigenProduct")),
            mag("NieuweProducten", lijst("NieuweProducten", nieuw, "NieuwProduct")),
        ),
    )
    return _client(moet("Bsn", w.BSN), moet("Verzoek", verzoek))


def antwoord(wet: Wet) -> tuple[Veld, ...]:
    """319: rejected or under investigation; only iJw names the responsible municipality."""
    woonplaats = Klasse("Woonplaatsbeginsel", (moet("Gemeente", w.GEMEENTE),))
    velden = (
        moet("ReferentieAanbieder", w.REFERENTIE),
        moet("VerzoekAntwoord", w.VERZOEKANTWOORD),
        mag("RedenAfwijzingVerzoek", w.REDEN_AFWIJZING),
        *((mag("Woonplaatsbeginsel", woonplaats),) if wet is JEUGDWET else ()),
    )
    return (moet("Antwoord", Klasse("Antwoord", velden)),)
