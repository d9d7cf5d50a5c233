"""What a booking is, how posts hang together, and what a balance is (F-9). Other nouns need the names given here."""

from services.financien.grootboek.rules.boeking import Boeking, Journaalpost, Oorzaak, Rekening
from services.financien.grootboek.rules.keten import BEGIN, Geboekt, geketend, herroep
from services.financien.grootboek.rules.periode import PeriodeGesloten, boekdatum_in

__all__ = [
    "BEGIN",
    "Boeking",
    "Geboekt",
    "Journaalpost",
    "Oorzaak",
    "PeriodeGesloten",
    "Rekening",
    "boekdatum_in",
    "geketend",
    "herroep",
]
