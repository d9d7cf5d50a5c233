"""When a contract, or a change of one, holds together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from services.contractmanagement.overeenkomst.rules.drempels import drempels_op, fouten_in_drempels, vanaf_gewijzigd
from services.contractmanagement.overeenkomst.rules.inhoud import Contractregel, Instellingen, Overeenkomst
from shared.kernel.periode import Maand, maanden
from shared.kernel.refusal import FieldFault

LANGST = 120  # months


def fouten(overeenkomst: Overeenkomst) -> tuple[FieldFault, ...]:
    """Every fault of a new contract at once (whole months: domain.md, "How the amounts are computed")."""
    return (
        *_periode(overeenkomst.begindatum, overeenkomst.einddatum),
        *_regels(overeenkomst.regels),
        *_instellingen(overeenkomst.instellingen),
        *fouten_in_drempels(drempels_op(overeenkomst.drempels, overeenkomst.begindatum), "instellingen.drempels"),
    )


def fouten_in_wijziging(
    overeenkomst: Overeenkomst, ingangsdatum: date, regels: Sequence[Contractregel], drempels: Mapping[str, str]
) -> tuple[FieldFault, ...]:
    """Every fault of a change at once: from the first of a month within the contract."""
    found = [*_regels(regels)]
    if not regels and not drempels:
        found.append(FieldFault("regels", "C-1", "Er wijzigt niets. Noem minstens één regel of één drempel."))
    if drempels:
        straks = drempels_op(vanaf_gewijzigd(overeenkomst.drempels, ingangsdatum, drempels), ingangsdatum)
        found += fouten_in_drempels(straks, "drempels")
    if ingangsdatum.day != 1:
        melding = "Een wijziging gaat in op de eerste dag van een maand."
        found.append(FieldFault("ingangsdatum", "C-1", melding))
    elif not overeenkomst.begindatum <= ingangsdatum <= overeenkomst.einddatum:
        melding = (
            f"De overeenkomst loopt van {overeenkomst.begindatum} tot en met {overeenkomst.einddatum}; "
            "kies een maand daarbinnen."
        )
        found.append(FieldFault("ingangsdatum", "C-1", melding))
    return tuple(found)


def fouten_in_einddatum(overeenkomst: Overeenkomst, einddatum: date, vandaag: date) -> tuple[FieldFault, ...]:
    """Every fault of another last day: a whole month, not in the past on either side (advances of months that have
    begun stand), and no version of a line or threshold after it."""
    found = list(_periode(overeenkomst.begindatum, einddatum))
    lopend = Maand.van(vandaag).laatste
    if overeenkomst.einddatum < lopend:
        melding = f"Deze overeenkomst eindigde op {overeenkomst.einddatum}. Sluit een nieuwe."
        found.append(FieldFault("einddatum", "F-2", melding))
    elif einddatum < lopend:
        melding = f"Voorschotten van maanden die zijn begonnen staan vast. Kies {lopend} of later."
        found.append(FieldFault("einddatum", "F-2", melding))
    versies = [versie.vanaf for regel in overeenkomst.regels for versie in regel.versies]
    later = sorted({dag for dag in (*versies, *(versie.vanaf for versie in overeenkomst.drempels)) if dag > einddatum})
    if later:
        dagen = ", ".join(map(str, later))
        melding = f"Er is al een wijziging afgesproken vanaf {dagen}. Kies een einddatum daarna."
        found.append(FieldFault("einddatum", "C-1", melding))
    return tuple(found)


def _periode(begin: date, eind: date) -> Iterator[FieldFault]:
    if begin.day != 1:
        yield FieldFault("begindatum", "F-1", "Een overeenkomst begint op de eerste dag van een maand.")
    if eind != Maand.van(eind).laatste:
        yield FieldFault("einddatum", "F-1", "Een overeenkomst eindigt op de laatste dag van een maand.")
    if eind < begin:
        yield FieldFault("einddatum", "F-1", "De einddatum ligt vóór de begindatum.")
    elif len(maanden(Maand.van(begin), Maand.van(eind))) > LANGST:
        yield FieldFault("einddatum", "F-1", "Een overeenkomst duurt hoogstens tien jaar. Maak er twee van.")


def _regels(regels: Sequence[Contractregel]) -> Iterator[FieldFault]:
    gezien: set[tuple[str | None, str]] = set()
    for nummer, regel in enumerate(regels):
        veld = f"regels[{nummer}]"
        sleutel = regel.versies[0].verdeelsleutel
        if (regel.gemeente is None) == (sleutel is None):
            melding = "Geef óf een gemeente, óf (voor de regio) een verdeelsleutel: precies een van beide."
            yield FieldFault(f"{veld}.gemeente", "C-1", melding)
        elif sleutel is not None and sum(Fraction(aandeel) for _, aandeel in sleutel) != 1:
            melding = "De aandelen van de verdeelsleutel zijn samen niet precies 1."
            yield FieldFault(f"{veld}.verdeelsleutel", "C-1", melding)
        if regel.sleutel in gezien:
            melding = "Deze gemeente en dit sub-segment staan al in een eerdere regel. Voeg de regels samen."
            yield FieldFault(veld, "C-1", melding)
        gezien.add(regel.sleutel)


def _instellingen(instellingen: Instellingen) -> Iterator[FieldFault]:
    hoogst, laagst = instellingen.maximum, instellingen.minimum
    if hoogst is not None and laagst is not None and Fraction(hoogst) < Fraction(laagst):
        yield FieldFault("instellingen.maximum", "F-5", "Het maximum is lager dan het minimum.")
