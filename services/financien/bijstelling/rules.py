"""Forecast of a contract line and the proposal for its terms (domain.md, "Quarterly forecast"; F-4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from services.financien.bezetting.rules import dagprijzen, gemiddeld_bezet
from services.financien.lumpsum.rules import Contractlijn, lumpsum, verdeel
from shared.kernel.bedrag import Bedrag, rond_af, som
from shared.kernel.periode import Kwartaal, Maand
from shared.kernel.refusal import FieldFault, Invalid


class KwartaalBuitenContract(Invalid):
    """Refusal: the contract line has no month in the quarter, so there is nothing to forecast from."""

    title = "Het kwartaal valt buiten de contractregel"


@dataclass(frozen=True, slots=True)
class Prognose:
    """Lump sum L, realised so far, expected E for the whole line, the occupancy it rests on, and E - L."""

    lumpsum: Bedrag
    gerealiseerd: Bedrag
    verwacht: Bedrag
    gemiddeld_bezet: Fraction
    afwijking: Bedrag


@dataclass(frozen=True, slots=True)
class Aanleiding:
    """What a forecast after a quarter rests on: the threshold of the contract, per month so far the awarded places and
    occupied days, and the event that last moved the occupancy of the line."""

    drempel: str
    maanden: tuple[tuple[Maand, Fraction, int], ...]
    oorzaak: str | None


def aanleiding(
    lijn: Contractlijn, dagen: Mapping[Maand, int], kwartaal: Kwartaal, drempel: str, oorzaak: str | None
) -> Aanleiding:
    """That of a line: its months through the end of the quarter."""
    tot = [maand for maand in lijn.maanden() if maand <= kwartaal.maanden[-1]]
    return Aanleiding(drempel, tuple((m, lijn.plekken_in(m), dagen.get(m, 0)) for m in tot), oorzaak)


def prognose(lijn: Contractlijn, dagen: Mapping[Maand, int], kwartaal: Kwartaal) -> Prognose:
    """Forecast after a quarter (domain.md, "Quarterly forecast"; F-4): E = realised(1..k) + rest.

    `dagen`: occupied place-days per month, none after today. k = last contract month not after the quarter's
    end; rest = sum over months j > k of o x P_j / 12; o = average occupied places of the quarter's contract
    months. Refuses with KwartaalBuitenContract.
    """
    in_kwartaal = [maand for maand in kwartaal.maanden if lijn.begin <= maand <= lijn.eind]
    if not in_kwartaal:
        melding = (
            f"De contractregel loopt van {lijn.begin} tot en met {lijn.eind}, zonder maand in {kwartaal}. "
            "Kies een kwartaal binnen de looptijd."
        )
        raise KwartaalBuitenContract(melding, FieldFault("kwartaal", "F-4", melding))
    bezet = gemiddeld_bezet(dagen, in_kwartaal)
    return _prognose(lijn, dagen, in_kwartaal[-1], bezet, Fraction(0))


def prognose_tot(
    lijn: Contractlijn, dagen_tot_vandaag: Mapping[Maand, int], vandaag: date, bezet_vandaag: int
) -> Prognose:
    """Running forecast behind each occupancy event; the formula is ours (F-4, realised and forecast).

    Realised: contract months through today, the running month with its days through today (no later day may
    be in `dagen_tot_vandaag`). Days after today, in the running and in later months, count at today's
    occupancy. Rounded as the quarterly forecast: realised to cents, then the whole once more.
    """
    lopend = Maand.van(vandaag)
    rest = Fraction((lopend.dagen - vandaag.day) * bezet_vandaag * lijn.jaarprijs_in(lopend), lopend.dagen * 12)
    return _prognose(lijn, dagen_tot_vandaag, lopend, Fraction(bezet_vandaag), rest)


def _prognose(
    lijn: Contractlijn, dagen: Mapping[Maand, int], tot_en_met: Maand, bezet: Fraction, rest_maand: Fraction
) -> Prognose:
    prijzen = dagprijzen(lijn)
    tot_nu = prijzen.gerealiseerd(dagen, tot_en_met)
    later = Fraction(bezet.numerator * prijzen.jaarprijzen_na(tot_en_met), bezet.denominator * 12)
    verwacht = rond_af(tot_nu.cent + rest_maand + later)
    afgesproken = lumpsum(lijn)
    return Prognose(afgesproken, tot_nu, verwacht, bezet, verwacht - afgesproken)


def overschrijdt_drempel(prognose: Prognose, drempel: Fraction) -> bool:
    """Whether |E - L| / L exceeds `bijstellingsdrempel`; L = 0: never (domain.md, "Quarterly forecast")."""
    return prognose.lumpsum.cent != 0 and abs(prognose.afwijking.cent) > drempel * prognose.lumpsum.cent


def voorstel(verwacht: Bedrag, betaald: Bedrag, resterende: tuple[Maand, ...]) -> dict[Maand, Bedrag]:
    """Terms for the months not yet fixed that together pay E - paid (domain.md, "Quarterly forecast").

    Spread evenly by cumulative rounding, in order of time; a negative rest gives zeros and is left
    to settlement.
    """
    if not resterende:
        return {}
    rest = max(verwacht - betaald, Bedrag(0))
    deel = Fraction(rest.cent, len(resterende))
    termijnen = dict(zip(sorted(resterende), verdeel([deel] * len(resterende)), strict=True))
    assert som(termijnen.values()) == rest
    return termijnen
