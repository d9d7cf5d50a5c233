"""Bytes to an XML tree, safely: no outside references, no document type, bounded size; anything else is Onleesbaar."""

from typing import Final

from lxml import etree

from services.backoffice.istandaarden.fouten import Onleesbaar

MAXIMAAL_BYTES: Final = 25 * 1024 * 1024
# Elements cost far more memory than bytes; no real message of 25 MB comes near this.
MAXIMAAL_TEKENS_KLEINER_DAN: Final = 2_000_000

# Comments and processing instructions mean nothing in a message; without them the text of an element is one piece.
_ONTLEDER = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    dtd_validation=False,
    attribute_defaults=False,
    huge_tree=False,
    recover=False,
    remove_comments=True,
    remove_pis=True,
)

_SOORT = etree.ErrorTypes
_AFGEBROKEN = frozenset(
    (_SOORT.ERR_DOCUMENT_END, _SOORT.ERR_TAG_NOT_FINISHED, _SOORT.ERR_GT_REQUIRED, _SOORT.ERR_LTSLASH_REQUIRED)
)
_CODERING = frozenset(
    (
        _SOORT.ERR_INVALID_ENCODING,
        _SOORT.ERR_UNSUPPORTED_ENCODING,
        _SOORT.ERR_UNKNOWN_ENCODING,
        _SOORT.ERR_ENCODING_NAME,
        _SOORT.ERR_INVALID_CHAR,
        _SOORT.I18N_CONV_FAILED,
    )
)
_ENTITEIT = frozenset((_SOORT.ERR_UNDECLARED_ENTITY, _SOORT.ERR_ENTITY_LOOP))


def _reden(fout: etree.XMLSyntaxError) -> str:
    """Dutch reason with line and column; never the offending text itself."""
    regel, kolom = fout.position
    soort = getattr(fout, "code", None)
    plek = f" (regel {regel}, kolom {kolom})" if regel else ""
    if soort in _AFGEBROKEN:
        return f"De XML is niet compleet{plek}. Stuur het hele bericht opnieuw."
    if soort in _CODERING:
        return f"De tekens passen niet bij de opgegeven codering{plek}. Gebruik UTF-8."
    if soort in _ENTITEIT:
        return f"Het bericht gebruikt een entiteit die niet bestaat{plek}. Schrijf het teken zelf."
    return f"Dit is geen goed gevormde XML{plek}. Maak het bericht opnieuw."


def bewaak_omvang(data: bytes) -> None:
    """Refuses more than 25 MB with Onleesbaar (OP179)."""
    if len(data) > MAXIMAAL_BYTES:
        raise Onleesbaar("Het bericht is groter dan 25 MB. Verdeel het over meer berichten.")


def ontleed(data: bytes) -> etree._Element:
    """The root element of `data`. Refuses with Onleesbaar: too large, no well-formed XML, a DOCTYPE."""
    bewaak_omvang(data)
    if data.count(b"<") > MAXIMAAL_TEKENS_KLEINER_DAN:
        raise Onleesbaar("Het bericht heeft te veel elementen. Verdeel het over meer berichten.")
    try:
        wortel = etree.fromstring(data, _ONTLEDER)
    except etree.XMLSyntaxError as fout:
        raise Onleesbaar(_reden(fout)) from None
    except (ValueError, LookupError):
        raise Onleesbaar("Dit is geen goed gevormde XML. Maak het bericht opnieuw.") from None
    if wortel.getroottree().docinfo.internalDTD is not None:
        raise Onleesbaar("Het bericht heeft een DOCTYPE. Dat is niet toegestaan: haal die regel weg.")
    return wortel
