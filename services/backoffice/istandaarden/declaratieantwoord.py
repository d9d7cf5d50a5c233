"""The answer to a claim (325, IV087): the totals, and of all lines only those that are rejected."""

from collections.abc import Mapping, Sequence
from datetime import date

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.knoop import Knoop, Waarde, deel, getal, klassen, tekst, verplicht
from services.backoffice.istandaarden.kop import maak_kop
from services.backoffice.istandaarden.retour import GOED, NIET_BEOORDEELD, met_retourcodes

VOLLEDIG_TOEGEKEND = "8001"
CREDIT, DEBET = "C", "D"

Codes = Sequence[str]


def maak_declaratieantwoord(
    declaratie: Bericht,
    *,
    identificatie: str,
    dagtekening: date,
    kop_codes: Codes = (),
    declaratie_codes: Codes = (),
    client_codes: Mapping[int, Codes] | None = None,
    prestatie_codes: Mapping[tuple[int, int], Codes] | None = None,
) -> Bericht:
    """The 325 on a 323, from the municipality that the claim names.

    Nothing rejected: granted in full (8001). `kop_codes` (0001 on level 2): only the Header goes back.
    `declaratie_codes`: the claim is rejected as a whole and nothing granted. `client_codes` per client in the order of
    the claim, from 1: all its lines go back unjudged (0233). `prestatie_codes` per client and line, both from 1. What
    goes back is not granted. Raises ValueError for another message, or a client or line that is not in it.
    """
    if declaratie.soort.nummer != "323":
        raise ValueError(f"op {declaratie.naam} volgt geen antwoord op een declaratie")
    naam = declaratie.soort.retour
    assert naam is not None
    ontvangen, kern = declaratie.kop, deel(declaratie.inhoud, "Declaratie")
    kop = maak_kop(
        naam,
        afzender=verplicht(ontvangen, "Ontvanger"),
        ontvanger=verplicht(ontvangen, "Afzender"),
        identificatie=identificatie,
        dagtekening=dagtekening,
    )
    kop["DeclaratieIdentificatie"] = ontvangen["BerichtIdentificatie"]
    kop["XsdVersieDeclaratie"] = ontvangen["XsdVersie"]
    inhoud: Knoop = {"Header": met_retourcodes(kop, kop_codes or (GOED,))}
    if not kop_codes:
        afgewezen = [] if declaratie_codes else _afgewezen(kern, client_codes or {}, prestatie_codes or {})
        inhoud["DeclaratieAntwoord"] = _antwoord(kern, declaratie_codes, afgewezen)
    return Bericht(naam, inhoud)


def _antwoord(kern: Knoop, codes: Codes, afgewezen: list[Knoop]) -> Knoop:
    ingediend = deel(kern, "TotaalIngediendBedrag")
    toegekend = 0 if codes else _cent(ingediend, "TotaalBedrag") - sum(map(_ingediend, afgewezen))
    antwoord: Knoop = {
        "DeclaratieNummer": kern["DeclaratieNummer"],
        "TotaalIngediendBedrag": ingediend,
        "TotaalToegekendBedrag": {
            "TotaalBedrag": abs(toegekend),
            "DebetCredit": CREDIT if toegekend < 0 else DEBET,  # nothing is debit (CS325)
        },
    }
    if afgewezen:
        clienten: list[Waarde] = [*afgewezen]
        antwoord["Clienten"] = {"Client": clienten}
    return met_retourcodes(antwoord, codes or ((GOED,) if afgewezen else (VOLLEDIG_TOEGEKEND,)))


def _afgewezen(
    kern: Knoop, client_codes: Mapping[int, Codes], prestatie_codes: Mapping[tuple[int, int], Codes]
) -> list[Knoop]:
    """The clients that have something rejected, with those lines only and all codes filled in (OP304, TR342)."""
    open_clienten, open_regels = {*client_codes}, {*prestatie_codes}
    gevonden: list[Knoop] = []
    for nummer, client in enumerate(klassen(deel(kern, "Clienten"), "Client"), start=1):
        eigen = client_codes.get(nummer)
        open_clienten.discard(nummer)
        regels: list[Waarde] = []
        for plek, regel in enumerate(klassen(deel(client, "Prestaties"), "Prestatie"), start=1):
            codes = prestatie_codes.get((nummer, plek)) if eigen is None else (NIET_BEOORDEELD,)
            open_regels.discard((nummer, plek))
            if codes:
                regels.append(met_retourcodes(regel, codes))
        if regels:
            terug: Knoop = {"Bsn": client["Bsn"], "Prestaties": {"Prestatie": regels}}
            gevonden.append(met_retourcodes(terug, eigen or (GOED,)))
    if open_clienten or open_regels:
        raise ValueError(f"niet in deze declaratie: {sorted(open_clienten)} {sorted(open_regels)}")
    return gevonden


def _cent(bedrag: Knoop, veld: str) -> int:
    """Euro cents, below zero for credit (IV086)."""
    cent = getal(bedrag, veld) or 0
    return -cent if tekst(bedrag, "DebetCredit") == CREDIT else cent


def _ingediend(client: Knoop) -> int:
    """What the lines of a client add up to."""
    regels = klassen(deel(client, "Prestaties"), "Prestatie")
    return sum(_cent(deel(regel, "IngediendBedrag"), "Bedrag") for regel in regels)
