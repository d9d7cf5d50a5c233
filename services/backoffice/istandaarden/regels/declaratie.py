"""Level 2 rules about a claim (323)."""

from calendar import monthrange
from collections.abc import Iterator

from services.backoffice.istandaarden.knoop import deel, verplicht
from services.backoffice.istandaarden.regels.beeld import Beeld
from services.backoffice.istandaarden.regels.datums import Dag
from services.backoffice.istandaarden.regels.kolommen import (
    kern,
    kolommen,
    met_teken,
    perioden,
    plaats,
    prestaties_per_client,
    productperioden,
    som,
)
from services.backoffice.istandaarden.regels.register import Bevinding, regel

_EUROCENT = "83"
_EERSTE_DAG = "2021-01-01"
_MEESTE_JAREN = 5


@regel("TR315", "323")
def vorig_nummer_is_uniek(beeld: Beeld) -> Iterator[Bevinding]:
    """No two lines of the message credit the same earlier line."""
    gezien: set[str] = set()
    for nummer, vorige in enumerate(kolommen(beeld).vorige):
        if vorige is None:
            continue
        if vorige in gezien:
            yield (
                f"{plaats(beeld, nummer)}/ProductReferentie/VorigReferentieNummer",
                "Deze eerdere regel wordt al gecrediteerd in dit bericht. Laat er één staan.",
            )
        gezien.add(vorige)


@regel("TR316", "323")
def geen_credit_op_eigen_bericht(beeld: Beeld) -> Iterator[Bevinding]:
    """No line of the message is credited in that same message (IV086)."""
    eigen = set(kolommen(beeld).referentie)
    for nummer, vorige in enumerate(kolommen(beeld).vorige):
        if vorige in eigen:
            yield (
                f"{plaats(beeld, nummer)}/ProductReferentie/VorigReferentieNummer",
                "Laat beide regels weg: een regel en zijn creditering horen niet in één bericht.",
            )


def _vijf_jaar_terug(datum: Dag) -> Dag:
    # A leap day has no counterpart five years earlier: the last day of that month counts.
    rest = "-02-28" if datum.endswith("-02-29") else datum[4:]
    return f"{int(datum[:4]) - _MEESTE_JAREN:04}{rest}"


@regel("TR335", "323")
def zorg_is_hoogstens_vijf_jaar_oud(beeld: Beeld) -> Iterator[Bevinding]:
    """A product period ends at most five years before DeclaratieDagtekening."""
    grens = _vijf_jaar_terug(verplicht(kern(beeld)[1], "DeclaratieDagtekening"))
    melding = "Deze zorg is meer dan vijf jaar oud en kan niet meer worden gedeclareerd. Haal de regel weg."
    return productperioden(beeld, lambda _, einde: [("Einddatum", melding)] if einde < grens else [])


@regel("TR358", "323")
def totaal_is_de_som(beeld: Beeld) -> Iterator[Bevinding]:
    """TotaalIngediendBedrag is what the lines add up to, debit less credit (IV086)."""
    if met_teken(deel(kern(beeld)[1], "TotaalIngediendBedrag")) != som(beeld):
        yield (
            "Declaratie/TotaalIngediendBedrag",
            "Het totaal klopt niet met de regels. Tel de debetregels op en trek de creditregels eraf.",
        )


@regel("TR416", "323")
def een_debetregel_per_periode(beeld: Beeld) -> Iterator[Bevinding]:
    """One debit line per assignment, product and period (OP366); how references differ does not matter."""
    regels = kolommen(beeld)
    debet = [nummer for nummer, credit in enumerate(regels.credit) if not credit]
    if len({regels.toewijzing[nummer] for nummer in debet}) == len(debet):
        return  # as it mostly is
    producten = [
        (prestatie["ProductCategorie"], prestatie["ProductCode"])
        for prestaties in prestaties_per_client(beeld)
        for prestatie in prestaties
    ]
    gezien: set[tuple[int, tuple[str, str], Dag, Dag]] = set()
    for nummer in debet:
        sleutel = regels.toewijzing[nummer], producten[nummer], regels.begin[nummer], regels.einde[nummer]
        if sleutel in gezien:
            melding = "Er is al een debetregel voor dit product in deze periode. Voeg de regels samen."
            yield plaats(beeld, nummer), melding
        gezien.add(sleutel)


@regel("CD087", "323")
def tarief_tenzij_eurocent(beeld: Beeld) -> Iterator[Bevinding]:
    """ProductTarief is filled, but not with unit 83."""
    regels = kolommen(beeld)
    for nummer, (eenheid, heeft_tarief) in enumerate(zip(regels.eenheid, regels.heeft_tarief, strict=True)):
        in_euro = eenheid == _EUROCENT
        if in_euro is heeft_tarief:
            melding = "Laat ProductTarief weg bij eenheid 83." if in_euro else "Vul ProductTarief in bij deze eenheid."
            yield f"{plaats(beeld, nummer)}/ProductTarief", melding


@regel("CS100", "323")
def periode_ligt_na_2020(beeld: Beeld) -> Iterator[Bevinding]:
    """Periods lie on or after 1 January 2021."""
    melding = "Vul een datum in vanaf 1 januari 2021: zorg van eerder gaat buiten dit om."

    def oordeel(begin: Dag, einde: Dag) -> list[Bevinding]:
        dagen = (("Begindatum", begin), ("Einddatum", einde))
        return [(veld, melding) for veld, datum in dagen if datum < _EERSTE_DAG]

    return perioden(beeld, oordeel)


@regel("CS337", "323")
def productperiode_in_een_maand(beeld: Beeld) -> Iterator[Bevinding]:
    """A product period lies in one calendar month (OP367)."""
    melding = "Verdeel de regel: een productperiode ligt in één maand."
    return productperioden(beeld, lambda begin, einde: [("Einddatum", melding)] if begin[:7] != einde[:7] else [])


@regel("CS339", "323")
def bedrag_is_volume_bij_eurocent(beeld: Beeld) -> Iterator[Bevinding]:
    """With unit 83 the amount is the delivered volume, both in euro cents (IV042)."""
    regels = kolommen(beeld)
    for nummer, (eenheid, bedrag, volume) in enumerate(zip(regels.eenheid, regels.bedrag, regels.volume, strict=True)):
        if eenheid == _EUROCENT and bedrag != volume:
            yield (
                f"{plaats(beeld, nummer)}/IngediendBedrag/Bedrag",
                "Vul bij eenheid 83 hetzelfde in als bij GeleverdVolume.",
            )


@regel("CS340", "323")
def declaratieperiode_is_een_maand(beeld: Beeld) -> Iterator[Bevinding]:
    """A claim is about exactly one calendar month (OP280)."""
    periode = deel(kern(beeld)[1], "DeclaratiePeriode")
    begin = verplicht(periode, "Begindatum")
    laatste = monthrange(int(begin[:4]), int(begin[5:7]))[1]
    if not begin.endswith("-01") or verplicht(periode, "Einddatum") != f"{begin[:8]}{laatste}":
        yield "Declaratie/DeclaratiePeriode", "Vul precies één maand in, van de eerste tot en met de laatste dag."
