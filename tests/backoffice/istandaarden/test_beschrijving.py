"""Our description of the messages against the official schemas and fact tables, piece by piece."""

import pytest
from lxml import etree

from services.backoffice.istandaarden import codelijsten
from services.backoffice.istandaarden.berichtsoorten import BERICHTSOORTEN, Berichtsoort
from services.backoffice.istandaarden.bouwstenen import Klasse
from services.backoffice.istandaarden.schrijven import schrijf
from services.backoffice.istandaarden.typen import Enkelvoudig, Geheel, Tekst
from services.backoffice.istandaarden.wet import JEUGDWET, WMO
from tests.backoffice.istandaarden.standaard import Standaard
from tests.backoffice.istandaarden.volledig import volledig

XS = "{http://www.w3.org/2001/XMLSchema}"
NAMEN = tuple(BERICHTSOORTEN)


def _soorten(pad: str) -> dict[str, etree._Element]:
    return {kind.get("name", ""): kind for kind in etree.parse(pad).getroot() if kind.tag.endswith("Type")}


def _vergelijk_waarde(soort: Enkelvoudig, officieel: etree._Element) -> None:
    """Bounds, lengths and listed values; how patterns judge is compared by the mutants."""
    grenzen = {str(kind.tag).removeprefix(XS): kind.get("value") for kind in officieel.iter() if kind.get("value")}
    waarden = tuple(kind.get("value", "") for kind in officieel.iter(f"{XS}enumeration"))
    if isinstance(soort, Geheel):
        assert (str(soort.laagste), str(soort.hoogste)) == (grenzen["minInclusive"], grenzen["maxInclusive"])
    elif isinstance(soort, Tekst) and soort.waarden:
        assert set(soort.waarden) == set(waarden)
    elif isinstance(soort, Tekst) and soort.minimaal == soort.maximaal != 1:
        # A fixed number of digits: the official pattern says so, its lengths are wider.
        assert grenzen["pattern"] == soort.patroon
    elif isinstance(soort, Tekst):
        lang = None if soort.maximaal is None else str(soort.maximaal)
        assert (str(soort.minimaal), lang) == (grenzen.get("minLength", "0"), grenzen.get("maxLength"))


def _vergelijk(
    soort: Berichtsoort, klasse: Klasse, eigen: dict[str, etree._Element], basis: dict[str, etree._Element]
) -> None:
    bron = basis if klasse.basis else eigen
    officieel = list(bron[klasse.soortnaam].iter(f"{XS}element"))
    assert [veld.naam for veld in klasse.velden] == [element.get("name") for element in officieel]
    for veld, element in zip(klasse.velden, officieel, strict=True):
        assert veld.verplicht == (element.get("minOccurs", "1") == "1"), veld.naam
        assert veld.herhaalt == (element.get("maxOccurs") == "unbounded"), veld.naam
        genoemd = (element.get("type") or "").rpartition(":")[2] or None
        assert veld.soort.soortnaam == genoemd, veld.naam
        if isinstance(veld.soort, Klasse):
            _vergelijk(soort, veld.soort, eigen, basis)
        elif genoemd:
            _vergelijk_waarde(veld.soort, basis[genoemd])


@pytest.mark.parametrize("naam", NAMEN)
def test_the_description_has_the_elements_of_the_official_schema(standaard: Standaard, naam: str) -> None:
    pad = standaard.schemapad(naam)
    if not pad.exists():
        assert naam in {"WMO302", "WMO306", "WMO308", "WMO316", "WMO318", "WMO320", "WMO325"}
        return
    soort = BERICHTSOORTEN[naam]
    assert soort.ruimte == etree.parse(pad).getroot().get("targetNamespace")
    _vergelijk(soort, soort.wortel, _soorten(str(pad)), _soorten(str(pad.parent / "basisschema.xsd")))


@pytest.mark.parametrize("naam", NAMEN)
def test_a_message_with_everything_in_it_is_valid(standaard: Standaard, naam: str) -> None:
    data = schrijf(volledig(naam))
    assert not standaard.schemapad(naam).exists() or standaard.keurt_goed(naam, data)


@pytest.mark.parametrize("wet", [JEUGDWET, WMO])
def test_our_schema_version_is_the_one_in_the_official_appinfo(standaard: Standaard, wet: object) -> None:
    naam, versie = ("JW305", JEUGDWET.xsd_versie) if wet is JEUGDWET else ("WMO305", WMO.xsd_versie)
    tekst = standaard.schemapad(naam).read_text(encoding="utf-8")
    assert f":BerichtXsdVersie>{versie}<" in tekst
    assert f":BasisschemaXsdVersie>{versie}<" in tekst


def test_the_code_lists_hold_the_codes_of_the_standard(standaard: Standaard) -> None:
    # 9355 stands in the schemas and in TR355, not in the published list.
    assert set(codelijsten.RETOURCODES) == standaard.codes("WJ001") | {"9355"}
    assert set(codelijsten.REDENEN_WIJZIGING) == standaard.codes("JZ002") == standaard.codes("WMO002")
    assert set(codelijsten.REDENEN_BEEINDIGING["jeugdwet"]) == standaard.codes("JZ588")
    assert set(codelijsten.REDENEN_BEEINDIGING["wmo"]) == standaard.codes("WMO588")
    assert set(codelijsten.EENHEDEN) == standaard.codes("WJ756")
    assert set(codelijsten.FREQUENTIES) == standaard.codes("WMO757")
    assert set(codelijsten.LANDEN) == standaard.codes("COD032")
    assert set(JEUGDWET.categorieen) == standaard.codes("JZ020")
    assert set(WMO.categorieen) == standaard.codes("WMO020")
