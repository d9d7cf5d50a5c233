"""Level 2 rules about a claim (323)."""

from calendar import monthrange
from collections.abc import Hashable, Iterator

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.knoop import deel, getal, tekst, verplicht
from services.backoffice.istandaarden.regels.datums import Dag, dag
from services.backoffice.istandaarden.regels.prestatie import (
    is_credit,
    kern,
    met_teken,
    perioden,
    prestaties,
    som,
)
from services.backoffice.istandaarden.regels.register import Bevinding, regel
from services.backoffice.istandaarden.regels.sleutels import logische_sleutel

_EUROCENT = "83"
_EERSTE_DAG = (2021, 1, 1)
_MEESTE_JAREN = 5


@regel("TR315", "323")
def vorig_nummer_is_uniek(bericht: Bericht) -> Iterator[Bevinding]:
    """No two lines of the message credit the same earlier line."""
    gezien: set[str] = set()
    for plaats, prestatie in prestaties(bericht):
        vorig = tekst(deel(prestatie, "ProductReferentie"), "VorigReferentieNummer")
        if vorig in gezien:
            yield (
                f"{plaats}/ProductReferentie/VorigReferentieNummer",
                "Deze eerdere regel wordt al gecrediteerd in dit bericht. Laat er één staan.",
            )
        if vorig is not None:
            gezien.add(vorig)


@regel("TR316", "323")
def geen_credit_op_eigen_bericht(bericht: Bericht) -> Iterator[Bevinding]:
    """No line of the message is credited in that same message (IV086)."""
    referenties = [(plaats, deel(prestatie, "ProductReferentie")) for plaats, prestatie in prestaties(bericht)]
    eigen = {verplicht(referentie, "ReferentieNummer") for _, referentie in referenties}
    for plaats, referentie in referenties:
        if tekst(referentie, "VorigReferentieNummer") in eigen:
            yield (
                f"{plaats}/ProductReferentie/VorigReferentieNummer",
                "Laat beide regels weg: een regel en zijn creditering horen niet in één bericht.",
            )


def _vijf_jaar_terug(datum: Dag) -> Dag:
    jaar, maand, dag_ = datum
    # A leap day has no counterpart five years earlier: the last day of that month counts.
    return jaar - _MEESTE_JAREN, maand, 28 if (maand, dag_) == (2, 29) else dag_


@regel("TR335", "323")
def zorg_is_hoogstens_vijf_jaar_oud(bericht: Bericht) -> Iterator[Bevinding]:
    """A product period ends at most five years before DeclaratieDagtekening."""
    grens = _vijf_jaar_terug(dag(verplicht(kern(bericht)[1], "DeclaratieDagtekening")))
    for plaats, prestatie in prestaties(bericht):
        if dag(verplicht(deel(prestatie, "ProductPeriode"), "Einddatum")) < grens:
            yield (
                f"{plaats}/ProductPeriode/Einddatum",
                "Deze zorg is meer dan vijf jaar oud en kan niet meer worden gedeclareerd. Haal de regel weg.",
            )


@regel("TR358", "323")
def totaal_is_de_som(bericht: Bericht) -> Iterator[Bevinding]:
    """TotaalIngediendBedrag is what the lines add up to, debit less credit (IV086)."""
    if met_teken(deel(kern(bericht)[1], "TotaalIngediendBedrag"), "TotaalBedrag") != som(bericht):
        yield (
            "Declaratie/TotaalIngediendBedrag",
            "Het totaal klopt niet met de regels. Tel de debetregels op en trek de creditregels eraf.",
        )


@regel("TR416", "323")
def een_debetregel_per_periode(bericht: Bericht) -> Iterator[Bevinding]:
    """One debit line per assignment, product and period (OP366); how references differ does not matter."""
    gezien: set[Hashable] = set()
    sleutelvelden = ("ToewijzingNummer", "ProductCategorie", "ProductCode", "ProductPeriode")
    for plaats, prestatie in prestaties(bericht):
        if is_credit(prestatie):
            continue
        sleutel = logische_sleutel(prestatie, sleutelvelden)
        if sleutel in gezien:
            yield plaats, "Er is al een debetregel voor dit product in deze periode. Voeg de regels samen."
        gezien.add(sleutel)


@regel("CD087", "323")
def tarief_tenzij_eurocent(bericht: Bericht) -> Iterator[Bevinding]:
    """ProductTarief is filled, but not with unit 83."""
    for plaats, prestatie in prestaties(bericht):
        in_euro = tekst(prestatie, "Eenheid") == _EUROCENT
        if in_euro == ("ProductTarief" in prestatie):
            melding = "Laat ProductTarief weg bij eenheid 83." if in_euro else "Vul ProductTarief in bij deze eenheid."
            yield f"{plaats}/ProductTarief", melding


@regel("CS100", "323")
def periode_ligt_na_2020(bericht: Bericht) -> Iterator[Bevinding]:
    """Periods lie on or after 1 January 2021."""
    for plaats, periode in perioden(bericht):
        for veld in ("Begindatum", "Einddatum"):
            if dag(verplicht(periode, veld)) < _EERSTE_DAG:
                yield f"{plaats}/{veld}", "Vul een datum in vanaf 1 januari 2021: zorg van eerder gaat buiten dit om."


@regel("CS337", "323")
def productperiode_in_een_maand(bericht: Bericht) -> Iterator[Bevinding]:
    """A product period lies in one calendar month (OP367)."""
    for plaats, prestatie in prestaties(bericht):
        periode = deel(prestatie, "ProductPeriode")
        if dag(verplicht(periode, "Begindatum"))[:2] != dag(verplicht(periode, "Einddatum"))[:2]:
            yield f"{plaats}/ProductPeriode/Einddatum", "Verdeel de regel: een productperiode ligt in één maand."


@regel("CS339", "323")
def bedrag_is_volume_bij_eurocent(bericht: Bericht) -> Iterator[Bevinding]:
    """With unit 83 the amount is the delivered volume, both in euro cents (IV042)."""
    for plaats, prestatie in prestaties(bericht):
        bedrag = getal(deel(prestatie, "IngediendBedrag"), "Bedrag")
        if tekst(prestatie, "Eenheid") == _EUROCENT and bedrag != getal(prestatie, "GeleverdVolume"):
            yield f"{plaats}/IngediendBedrag/Bedrag", "Vul bij eenheid 83 hetzelfde in als bij GeleverdVolume."


@regel("CS340", "323")
def declaratieperiode_is_een_maand(bericht: Bericht) -> Iterator[Bevinding]:
    """A claim is about exactly one calendar month (OP280)."""
    periode = deel(kern(bericht)[1], "DeclaratiePeriode")
    jaar, maand, eerste = dag(verplicht(periode, "Begindatum"))
    if eerste != 1 or dag(verplicht(periode, "Einddatum")) != (jaar, maand, monthrange(jaar, maand)[1]):
        yield "Declaratie/DeclaratiePeriode", "Vul precies één maand in, van de eerste tot en met de laatste dag."
