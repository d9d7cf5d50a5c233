"""Level 2 rules about clients and lines (prestaties), as a claim (323) and its answer (325) both hold them."""

from collections.abc import Hashable, Iterator

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.knoop import Knoop, deel, getal, klassen, tekst, verplicht
from services.backoffice.istandaarden.regels.client import BSN_KLOPT_NIET, voldoet_aan_elfproef
from services.backoffice.istandaarden.regels.datums import dag, dagtekening
from services.backoffice.istandaarden.regels.register import Bevinding, regel
from services.backoffice.istandaarden.regels.sleutels import dubbel, logische_sleutel

CREDIT, DEBET = "C", "D"
_NIET_NA_DAGTEKENING = "De datum ligt na de dagtekening van het bericht. Verbeter de datum."


def kern(bericht: Bericht) -> tuple[str, Knoop]:
    """Name and contents of what stands beside the Header: Declaratie or DeclaratieAntwoord."""
    naam = "Declaratie" if bericht.soort.nummer == "323" else "DeclaratieAntwoord"
    return naam, deel(bericht.inhoud, naam)


def clienten(bericht: Bericht) -> Iterator[tuple[str, Knoop]]:
    """Place and contents of each client."""
    naam, inhoud = kern(bericht)
    for volgnummer, client in enumerate(klassen(deel(inhoud, "Clienten"), "Client"), start=1):
        yield f"{naam}/Clienten/Client[{volgnummer}]", client


def prestaties_van(plaats: str, client: Knoop) -> Iterator[tuple[str, Knoop]]:
    """Place and contents of each line of one client."""
    for volgnummer, prestatie in enumerate(klassen(deel(client, "Prestaties"), "Prestatie"), start=1):
        yield f"{plaats}/Prestaties/Prestatie[{volgnummer}]", prestatie


def prestaties(bericht: Bericht) -> Iterator[tuple[str, Knoop]]:
    """Place and contents of every line in the message."""
    for plaats, client in clienten(bericht):
        yield from prestaties_van(plaats, client)


def is_credit(prestatie: Knoop) -> bool:
    """Whether the line takes back an earlier one."""
    return tekst(deel(prestatie, "IngediendBedrag"), "DebetCredit") == CREDIT


def met_teken(bedrag: Knoop, veld: str = "Bedrag") -> int:
    """Euro cents, below zero for credit."""
    cent = getal(bedrag, veld) or 0
    return -cent if tekst(bedrag, "DebetCredit") == CREDIT else cent


def som(bericht: Bericht) -> int:
    """All lines together in euro cents: debit adds, credit takes off (IV086)."""
    return sum(met_teken(deel(prestatie, "IngediendBedrag")) for _, prestatie in prestaties(bericht))


def perioden(bericht: Bericht) -> Iterator[tuple[str, Knoop]]:
    """Place and contents of every period: that of the claim, if it has one, and those of its lines."""
    naam, inhoud = kern(bericht)
    if "DeclaratiePeriode" in inhoud:
        yield f"{naam}/DeclaratiePeriode", deel(inhoud, "DeclaratiePeriode")
    for plaats, prestatie in prestaties(bericht):
        yield f"{plaats}/ProductPeriode", deel(prestatie, "ProductPeriode")


@regel("CS002", "323", "325")
def elk_bsn_voldoet_aan_elfproef(bericht: Bericht) -> Iterator[Bevinding]:
    """Every BSN passes the eleven test."""
    for plaats, client in clienten(bericht):
        if not voldoet_aan_elfproef(verplicht(client, "Bsn")):
            yield f"{plaats}/Bsn", BSN_KLOPT_NIET


@regel("TR101", "323", "325")
def geen_dubbele_clienten_of_prestaties(bericht: Bericht) -> Iterator[Bevinding]:
    """Each client occurs once, and each line once under its client."""
    gezien: set[Hashable] = set()
    for plaats, client in clienten(bericht):
        bsn = verplicht(client, "Bsn")
        if bsn in gezien:
            yield plaats, dubbel(("Bsn",))
        gezien.add(bsn)
        for regelplaats, prestatie in prestaties_van(plaats, client):
            sleutel = (bsn, logische_sleutel(prestatie, ("ProductReferentie",)))
            if sleutel in gezien:
                yield regelplaats, dubbel(("ProductReferentie",))
            gezien.add(sleutel)


@regel("TR134", "323", "325")
def periode_begint_niet_na_dagtekening(bericht: Bericht) -> Iterator[Bevinding]:
    """No period begins, and no claim was made, after Dagtekening: the dates that TR137 leaves."""
    naam, inhoud = kern(bericht)
    eigen = dagtekening(bericht)
    identificatie = deel(bericht.kop, "DeclaratieIdentificatie")
    data = [(f"{plaats}/Begindatum", tekst(periode, "Begindatum")) for plaats, periode in perioden(bericht)]
    data.append((f"{naam}/DeclaratieDagtekening", tekst(inhoud, "DeclaratieDagtekening")))
    data.append(("Header/DeclaratieIdentificatie/Dagtekening", tekst(identificatie, "Dagtekening")))
    for plaats, datum in data:
        if datum is not None and dag(datum) > eigen:
            yield plaats, _NIET_NA_DAGTEKENING


@regel("TR137", "323", "325")
def periode_eindigt_na_begin_en_niet_na_dagtekening(bericht: Bericht) -> Iterator[Bevinding]:
    """A period ends on or after its begin, and not after Dagtekening (OP354: claimed afterwards)."""
    for plaats, periode in perioden(bericht):
        einde = dag(verplicht(periode, "Einddatum"))
        if einde < dag(verplicht(periode, "Begindatum")):
            yield f"{plaats}/Einddatum", "De einddatum ligt voor de begindatum. Verbeter een van beide."
        if einde > dagtekening(bericht):
            yield f"{plaats}/Einddatum", _NIET_NA_DAGTEKENING


@regel("CD060", "323", "325")
def vorig_nummer_alleen_bij_credit(bericht: Bericht) -> Iterator[Bevinding]:
    """VorigReferentieNummer is filled when the line is a credit, and only then."""
    for plaats, prestatie in prestaties(bericht):
        if is_credit(prestatie) != ("VorigReferentieNummer" in deel(prestatie, "ProductReferentie")):
            yield (
                f"{plaats}/ProductReferentie/VorigReferentieNummer",
                "Vul VorigReferentieNummer in bij een creditregel, en laat het bij een debetregel weg.",
            )


@regel("CS325", "323", "325")
def nul_is_debet(bericht: Bericht) -> Iterator[Bevinding]:
    """An amount of nothing is marked D."""
    naam, inhoud = kern(bericht)
    totalen = [
        (f"{naam}/{veld}", deel(inhoud, veld), "TotaalBedrag")
        for veld in ("TotaalIngediendBedrag", "TotaalToegekendBedrag")
    ]
    regels = ((f"{p}/IngediendBedrag", deel(lid, "IngediendBedrag"), "Bedrag") for p, lid in prestaties(bericht))
    for plaats, bedrag, veld in (*totalen, *regels):
        if getal(bedrag, veld) == 0 and tekst(bedrag, "DebetCredit") != DEBET:
            yield f"{plaats}/DebetCredit", "Vul D (debet) in bij een bedrag van 0."
