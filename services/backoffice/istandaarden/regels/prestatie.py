"""Level 2 rules about clients and lines (prestaties), as a claim (323) and its answer (325) both hold them."""

from collections.abc import Iterator
from itertools import chain, repeat

from services.backoffice.istandaarden.knoop import deel, getal, tekst, verplicht
from services.backoffice.istandaarden.regels.beeld import Beeld
from services.backoffice.istandaarden.regels.client import BSN_KLOPT_NIET, voldoet_aan_elfproef
from services.backoffice.istandaarden.regels.datums import Dag
from services.backoffice.istandaarden.regels.kolommen import (
    CREDIT,
    clienten,
    clientplaats,
    kern,
    kolommen,
    perioden,
    plaats,
    prestaties_per_client,
)
from services.backoffice.istandaarden.regels.register import Bevinding, regel
from services.backoffice.istandaarden.regels.sleutels import dubbel

_NIET_NA_DAGTEKENING = "De datum ligt na de dagtekening van het bericht. Verbeter de datum."


@regel("CS002", "323", "325")
def elk_bsn_voldoet_aan_elfproef(beeld: Beeld) -> Iterator[Bevinding]:
    """Every BSN passes the eleven test."""
    for nummer, client in enumerate(clienten(beeld)):
        if not voldoet_aan_elfproef(verplicht(client, "Bsn")):
            yield f"{clientplaats(beeld, nummer)}/Bsn", BSN_KLOPT_NIET


@regel("TR101", "323", "325")
def geen_dubbele_clienten_of_prestaties(beeld: Beeld) -> Iterator[Bevinding]:
    """Each client occurs once, and each line once under its client."""
    bekend: set[str] = set()
    bsns = [verplicht(client, "Bsn") for client in clienten(beeld)]
    for nummer, bsn in enumerate(bsns):
        if bsn in bekend:
            yield clientplaats(beeld, nummer), dubbel(("Bsn",))
        bekend.add(bsn)
    regels = kolommen(beeld)
    if len(set(regels.referentie)) == len(regels.referentie):
        return  # as it nearly always is
    gezien: set[tuple[str, str, str | None]] = set()
    van_wie = chain.from_iterable(map(repeat, bsns, map(len, prestaties_per_client(beeld))))
    for nummer, sleutel in enumerate(zip(van_wie, regels.referentie, regels.vorige, strict=True)):
        if sleutel in gezien:
            yield plaats(beeld, nummer), dubbel(("ProductReferentie",))
        gezien.add(sleutel)


@regel("TR134", "323", "325")
def periode_begint_niet_na_dagtekening(beeld: Beeld) -> Iterator[Bevinding]:
    """No period begins, and no claim was made, after Dagtekening: the dates that TR137 leaves."""
    naam, inhoud = kern(beeld)
    identificatie = deel(beeld.kop, "DeclaratieIdentificatie")

    def oordeel(begin: Dag, _: Dag) -> list[Bevinding]:
        return [("Begindatum", _NIET_NA_DAGTEKENING)] if begin > beeld.dagtekening else []

    yield from perioden(beeld, oordeel)
    if (tekst(inhoud, "DeclaratieDagtekening") or "") > beeld.dagtekening:
        yield f"{naam}/DeclaratieDagtekening", _NIET_NA_DAGTEKENING
    if (tekst(identificatie, "Dagtekening") or "") > beeld.dagtekening:
        yield "Header/DeclaratieIdentificatie/Dagtekening", _NIET_NA_DAGTEKENING


@regel("TR137", "323", "325")
def periode_eindigt_na_begin_en_niet_na_dagtekening(beeld: Beeld) -> Iterator[Bevinding]:
    """A period ends on or after its begin, and not after Dagtekening (OP354: claimed afterwards)."""

    def oordeel(begin: Dag, einde: Dag) -> list[Bevinding]:
        gevonden = []
        if einde < begin:
            gevonden.append(("Einddatum", "De einddatum ligt voor de begindatum. Verbeter een van beide."))
        if einde > beeld.dagtekening:
            gevonden.append(("Einddatum", _NIET_NA_DAGTEKENING))
        return gevonden

    yield from perioden(beeld, oordeel)


@regel("CD060", "323", "325")
def vorig_nummer_alleen_bij_credit(beeld: Beeld) -> Iterator[Bevinding]:
    """VorigReferentieNummer is filled when the line is a credit, and only then."""
    regels = kolommen(beeld)
    for nummer, (credit, vorige) in enumerate(zip(regels.credit, regels.vorige, strict=True)):
        if credit is (vorige is None):
            yield (
                f"{plaats(beeld, nummer)}/ProductReferentie/VorigReferentieNummer",
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
    regels = kolommen(beeld)
    for nummer, (bedrag, credit) in enumerate(zip(regels.bedrag, regels.credit, strict=True)):
        if bedrag == 0 and credit:
            yield f"{plaats(beeld, nummer)}/IngediendBedrag/DebetCredit", melding
