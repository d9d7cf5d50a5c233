"""Reads an IBAN as people write it. What is refused is never repeated: the answer names the rule and the way out."""

from __future__ import annotations

from schwifty import IBAN
from schwifty.exceptions import InvalidChecksumDigits, InvalidCountryCode, InvalidLength, SchwiftyException

from shared.kernel.refusal import FieldFault, Invalid

REGEL = "ISO 13616"


class IbanOngeldig(Invalid):
    """No account number that money can be paid to in euros."""

    title = "De IBAN klopt niet"


def lees_iban(tekst: str) -> str:
    """The IBAN without spaces, in capitals. Refuses `IbanOngeldig`."""
    try:
        iban = IBAN(tekst)
    except SchwiftyException as fout:
        raise _ongeldig(_uitleg(fout)) from None
    if not iban.in_sepa_zone:
        raise _ongeldig("Dit land doet niet mee aan SEPA. Kies een rekening in een SEPA-land.")
    return str(iban)


def bic_van(iban: str) -> str | None:
    """The BIC of the bank of a valid IBAN, None when the list of banks does not know it."""
    bic = IBAN(iban).bic
    return None if bic is None else str(bic)


def _uitleg(fout: SchwiftyException) -> str:
    match fout:
        case InvalidChecksumDigits():
            return "Het controlegetal past niet bij het nummer. Kijk of er tekens zijn verwisseld of vergeten."
        case InvalidLength():
            return "Het aantal tekens past niet bij het land. Een Nederlandse IBAN telt 18 tekens."
        case InvalidCountryCode():
            return "De eerste twee letters zijn geen land met een IBAN. Een Nederlandse IBAN begint met NL."
        case _:
            return "Een IBAN is een landcode, twee cijfers en een rekeningnummer, zoals op een bankpas staat."


def _ongeldig(melding: str) -> IbanOngeldig:
    return IbanOngeldig(melding, FieldFault("iban", REGEL, melding))
