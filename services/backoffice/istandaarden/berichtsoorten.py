"""All messages of iJw 3.2 and iWmo 3.2 by name and by root element: 28 kinds out of 8 descriptions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from services.backoffice.istandaarden import beschrijving as m
from services.backoffice.istandaarden import bouwstenen as b
from services.backoffice.istandaarden import declaratie as d
from services.backoffice.istandaarden import waardesoorten as w
from services.backoffice.istandaarden.bouwstenen import Klasse, Veld, mag, moet
from services.backoffice.istandaarden.wet import JEUGDWET, WMO, Wet


@dataclass(frozen=True, slots=True)
class Berichtsoort:
    """One message kind of one law. `retour` names its answer, `heen` the message that it answers (one is None)."""

    naam: str
    nummer: str
    wet: Wet
    berichtcode: str
    wortel: Klasse
    retour: str | None
    heen: str | None

    @property
    def ruimte(self) -> str:
        """Namespace of the message's own elements."""
        return self.wet.berichtruimte(self.nummer)

    @property
    def wortelnaam(self) -> str:
        """Root element in {namespace}name notation."""
        return f"{{{self.ruimte}}}Bericht"


@dataclass(frozen=True, slots=True)
class _Paar:
    """A message and its answer: number, codes (iJw, iWmo) of both, contents, and whether the municipality sends it."""

    nummer: str
    codes: tuple[str, str]
    retournummer: str
    retourcodes: tuple[str, str]
    inhoud: Callable[[Wet], tuple[Veld, ...]]
    van_gemeente: bool


_PAREN = (
    _Paar("301", ("436", "414"), "302", ("437", "415"), m.toewijzing, True),
    _Paar("305", ("438", "418"), "306", ("439", "419"), m.start, False),
    _Paar("307", ("440", "420"), "308", ("441", "421"), m.stop, False),
    _Paar("315", ("446", "444"), "316", ("447", "445"), m.verzoek_om_toewijzing, False),
    _Paar("317", ("486", "480"), "318", ("487", "481"), m.verzoek_om_wijziging, False),
    _Paar("319", ("488", "482"), "320", ("489", "483"), m.antwoord, True),
    _Paar("323", ("490", "484"), "325", ("491", "485"), d.declaratie, False),
)

_RETOURKOP = (
    moet("IdentificatieRetour", w.IDENTIFICATIE_BERICHT),
    moet("DagtekeningRetour", w.DATUM),
    mag("XsltVersie", w.VERSIENUMMER),
    moet("XsdVersieRetour", b.XSDVERSIE),
    replace(d.RETOURCODES, verplicht=False),
)
_ANTWOORDKOP = (
    moet("DeclaratieIdentificatie", b.BERICHTIDENTIFICATIE),
    mag("XsltVersie", w.VERSIENUMMER),
    moet("XsdVersieDeclaratie", b.XSDVERSIE),
    d.RETOURCODES,
)


def _kop(berichtcode: str, van_gemeente: bool, *slot: Veld) -> Veld:
    afzender, ontvanger = (w.GEMEENTE, w.AGB) if van_gemeente else (w.AGB, w.GEMEENTE)
    velden = (
        moet("BerichtCode", w.berichtcode(berichtcode)),
        moet("BerichtVersie", w.BERICHTVERSIE),
        moet("BerichtSubversie", w.BERICHTSUBVERSIE),
        moet("Afzender", afzender),
        moet("Ontvanger", ontvanger),
        moet("BerichtIdentificatie", b.BERICHTIDENTIFICATIE),
        moet("XsdVersie", b.XSDVERSIE),
        *slot,
    )
    return moet("Header", Klasse("Header", velden))


def _met_retourcodes(veld: Veld) -> Veld:
    """The same element with return codes at the end of every class; wrappers and shared parts carry none (IV028)."""
    if not isinstance(veld.soort, Klasse) or veld.soort.basis:
        return veld
    velden = tuple(_met_retourcodes(deel) for deel in veld.soort.velden)
    slot = () if veld.soort.is_lijst else (d.RETOURCODES,)
    return replace(veld, soort=replace(veld.soort, velden=(*velden, *slot)))


def _soorten(paar: _Paar, wet: Wet) -> Iterator[Berichtsoort]:
    kant = 0 if wet is JEUGDWET else 1
    heen, terug = wet.berichtnaam(paar.nummer), wet.berichtnaam(paar.retournummer)
    inhoud = paar.inhoud(wet)
    kop = _kop(paar.codes[kant], paar.van_gemeente)
    yield Berichtsoort(heen, paar.nummer, wet, paar.codes[kant], Klasse("Root", (kop, *inhoud)), terug, None)
    code = paar.retourcodes[kant]
    if paar.retournummer == "325":
        wortel = (_kop(code, True, *_ANTWOORDKOP), *d.declaratie_antwoord(wet))
    else:
        terug_inhoud = (replace(_met_retourcodes(veld), verplicht=False) for veld in inhoud)
        wortel = (_kop(code, paar.van_gemeente, *_RETOURKOP), *terug_inhoud)
    yield Berichtsoort(terug, paar.retournummer, wet, code, Klasse("Root", wortel), None, heen)


BERICHTSOORTEN: dict[str, Berichtsoort] = {
    soort.naam: soort for wet in (JEUGDWET, WMO) for paar in _PAREN for soort in _soorten(paar, wet)
}
"""Every message that this version knows, by name."""
