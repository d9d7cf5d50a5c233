"""Level 2 rules about clients and lines (prestaties), as a claim (323) and its answer (325) both hold them."""

from collections.abc import Iterator
from typing import NamedTuple, cast

from services.backoffice.istandaarden.knoop import Knoop, deel, getal, klassen, tekst, verplicht
from services.backoffice.istandaarden.regels.beeld import Beeld, eenmaal
from services.backoffice.istandaarden.regels.client import BSN_KLOPT_NIET, voldoet_aan_elfproef
from services.backoffice.istandaarden.regels.datums import Dag
from services.backoffice.istandaarden.regels.register import Bevinding, regel
from services.backoffice.istandaarden.regels.sleutels import dubbel
from services.backoffice.istandaarden.vormen import Prestatie323

CREDIT = "C"
_NIET_NA_DAGTEKENING = "De datum ligt na de dagtekening van het bericht. Verbeter de datum."


def kern(beeld: Beeld) -> tuple[str, Knoop]:
    """Name and contents of what stands beside the Header: Declaratie or DeclaratieAntwoord."""
    naam = "Declaratie" if beeld.soort.nummer == "323" else "DeclaratieAntwoord"
    return naam, deel(beeld.inhoud, naam)


class Prestatie(NamedTuple):
    """One line: where it stands, what it holds, and the parts that rules look at most."""

    plaats: str
    bsn: str
    knoop: Knoop
    referentie: str
    vorige: str | None
    begin: Dag
    einde: Dag
    bedrag: int
    """Euro cents as written; `credit` tells the direction."""
    credit: bool


@eenmaal
def clienten(beeld: Beeld) -> Iterator[tuple[str, Knoop]]:
    """Place and contents of each client."""
    naam, inhoud = kern(beeld)
    for volgnummer, client in enumerate(klassen(deel(inhoud, "Clienten"), "Client"), start=1):
        yield f"{naam}/Clienten/Client[{volgnummer}]", client


@eenmaal
def prestaties(beeld: Beeld) -> Iterator[Prestatie]:
    """Every line in the message."""
    for plaats, client in clienten(beeld):
        bsn = verplicht(client, "Bsn")
        for volgnummer, knoop in enumerate(klassen(deel(client, "Prestaties"), "Prestatie"), start=1):
            vorm = cast(Prestatie323, knoop)  # one of a 325 has no other elements, save for its codes
            referentie, periode, bedrag = vorm["ProductReferentie"], vorm["ProductPeriode"], vorm["IngediendBedrag"]
            yield Prestatie(
                f"{plaats}/Prestaties/Prestatie[{volgnummer}]",
                bsn,
                knoop,
                referentie["ReferentieNummer"],
                referentie.get("VorigReferentieNummer"),
                periode["Begindatum"],
                periode["Einddatum"],
                bedrag["Bedrag"],
                bedrag["DebetCredit"] == CREDIT,
            )


def met_teken(totaal: Knoop) -> int:
    """Euro cents of a total, below zero for credit."""
    cent = getal(totaal, "TotaalBedrag") or 0
    return -cent if tekst(totaal, "DebetCredit") == CREDIT else cent


def som(beeld: Beeld) -> int:
    """All lines together in euro cents: debit adds, credit takes off (IV086)."""
    return sum(-regel.bedrag if regel.credit else regel.bedrag for regel in prestaties(beeld))


@eenmaal
def perioden(beeld: Beeld) -> Iterator[tuple[str, Dag, Dag]]:
    """Place, first and last day of every period: that of the claim, if it has one, and those of its lines."""
    naam, inhoud = kern(beeld)
    if "DeclaratiePeriode" in inhoud:
        periode = deel(inhoud, "DeclaratiePeriode")
        yield f"{naam}/DeclaratiePeriode", verplicht(periode, "Begindatum"), verplicht(periode, "Einddatum")
    for prestatie in prestaties(beeld):
        yield f"{prestatie.plaats}/ProductPeriode", prestatie.begin, prestatie.einde


@regel("CS002", "323", "325")
def elk_bsn_voldoet_aan_elfproef(beeld: Beeld) -> Iterator[Bevinding]:
    """Every BSN passes the eleven test."""
    for plaats, client in clienten(beeld):
        if not voldoet_aan_elfproef(verplicht(client, "Bsn")):
            yield f"{plaats}/Bsn", BSN_KLOPT_NIET


@regel("TR101", "323", "325")
def geen_dubbele_clienten_of_prestaties(beeld: Beeld) -> Iterator[Bevinding]:
    """Each client occurs once, and each line once under its client."""
    bekend: set[str] = set()
    for plaats, client in clienten(beeld):
        bsn = verplicht(client, "Bsn")
        if bsn in bekend:
            yield plaats, dubbel(("Bsn",))
        bekend.add(bsn)
    if len({prestatie.referentie for prestatie in prestaties(beeld)}) == len(prestaties(beeld)):
        return  # as it nearly always is
    gezien: set[tuple[str, str, str | None]] = set()
    for prestatie in prestaties(beeld):
        sleutel = prestatie.bsn, prestatie.referentie, prestatie.vorige
        if sleutel in gezien:
            yield prestatie.plaats, dubbel(("ProductReferentie",))
        gezien.add(sleutel)


@regel("TR134", "323", "325")
def periode_begint_niet_na_dagtekening(beeld: Beeld) -> Iterator[Bevinding]:
    """No period begins, and no claim was made, after Dagtekening: the dates that TR137 leaves."""
    naam, inhoud = kern(beeld)
    identificatie = deel(beeld.kop, "DeclaratieIdentificatie")
    for plaats, begin, _ in perioden(beeld):
        if begin > beeld.dagtekening:
            yield f"{plaats}/Begindatum", _NIET_NA_DAGTEKENING
    if (tekst(inhoud, "DeclaratieDagtekening") or "") > beeld.dagtekening:
        yield f"{naam}/DeclaratieDagtekening", _NIET_NA_DAGTEKENING
    if (tekst(identificatie, "Dagtekening") or "") > beeld.dagtekening:
        yield "Header/DeclaratieIdentificatie/Dagtekening", _NIET_NA_DAGTEKENING


@regel("TR137", "323", "325")
def periode_eindigt_na_begin_en_niet_na_dagtekening(beeld: Beeld) -> Iterator[Bevinding]:
    """A period ends on or after its begin, and not after Dagtekening (OP354: claimed afterwards)."""
    for plaats, begin, einde in perioden(beeld):
        if einde < begin:
            yield f"{plaats}/Einddatum", "De einddatum ligt voor de begindatum. Verbeter een van beide."
        if einde > beeld.dagtekening:
            yield f"{plaats}/Einddatum", _NIET_NA_DAGTEKENING


@regel("CD060", "323", "325")
def vorig_nummer_alleen_bij_credit(beeld: Beeld) -> Iterator[Bevinding]:
    """VorigReferentieNummer is filled when the line is a credit, and only then."""
    for prestatie in prestaties(beeld):
        if prestatie.credit != (prestatie.vorige is not None):
            yield (
                f"{prestatie.plaats}/ProductReferentie/VorigReferentieNummer",
                "Vul VorigReferentieNummer in bij een creditregel, en laat het bij een debetregel weg.",
            )


@regel("CS325", "323", "325")
def nul_is_debet(beeld: Beeld) -> Iterator[Bevinding]:
    """An amount of nothing is marked D."""
    naam, inhoud = kern(beeld)
    melding = "Vul D (debet) in bij een bedrag van 0."
    for veld in ("TotaalIngediendBedrag", "TotaalToegekendBedrag"):
        totaal = deel(inhoud, veld)
        if getal(totaal, "TotaalBedrag") == 0 and tekst(totaal, "DebetCredit") == CREDIT:
            yield f"{naam}/{veld}/DebetCredit", melding
    for prestatie in prestaties(beeld):
        if prestatie.bedrag == 0 and prestatie.credit:
            yield f"{prestatie.plaats}/IngediendBedrag/DebetCredit", melding
