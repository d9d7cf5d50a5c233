"""Every message that the product hands out, against the official schema."""

import re
from pathlib import Path

from lxml import etree

from tests.backoffice.istandaarden.standaard import Standaard

RUIMTE = re.compile(rb"http://www\.istandaarden\.nl/iwmo/3_2/(wmo(\d{3})|basisschema)/schema")
JW_CODE = {"415": "437", "419": "439", "421": "441"}  # a WMO answer → its JW counterpart
JW_CATEGORIE, JW_REDEN = "45", "31"


class Keuring:
    """The verdict of the official schemas. iWmo answers have none: they are held against their iJw twin, from which
    they differ in namespace, message code and two code lists (istandaarden/README, overview of the iWmo schemas)."""

    def __init__(self, gedeeld: Path) -> None:
        self.standaard = Standaard(gedeeld / "istandaarden")
        self.gekeurd: dict[str, int] = {}

    def keur(self, inhoud: bytes) -> str:
        """The name of the message. Fails when it is not valid."""
        wortel = etree.fromstring(inhoud)
        naam = etree.QName(wortel).namespace.split("/")[-2].upper()
        if self.standaard.schemapad(naam).exists():
            schema = self.standaard.schema(naam)
        else:
            wortel, schema = self._als_jw(inhoud, naam), self.standaard.schema(naam.replace("WMO", "JW"))
        assert schema.validate(wortel), f"{naam}: {schema.error_log}"
        self.gekeurd[naam] = self.gekeurd.get(naam, 0) + 1
        return naam

    def _als_jw(self, inhoud: bytes, naam: str) -> etree._Element:
        def ruimte(gevonden: re.Match[bytes]) -> bytes:
            eigen = b"jw" + gevonden[2] if gevonden[2] else b"basisschema"
            return b"http://www.istandaarden.nl/ijw/3_2/" + eigen + b"/schema"

        wortel = etree.fromstring(RUIMTE.sub(ruimte, inhoud))
        code = veld(wortel, "BerichtCode")
        assert code.text in JW_CODE, f"{naam} has code {code.text}"
        code.text = JW_CODE[code.text]
        for naam_in_wmo, in_jw in (("Categorie", JW_CATEGORIE), ("RedenBeeindiging", JW_REDEN)):
            for element in velden(wortel, naam_in_wmo):
                element.text = in_jw
        return wortel


def velden(wortel: etree._Element, naam: str) -> list[etree._Element]:
    """All elements with this local name."""
    return list(wortel.iter(f"{{*}}{naam}"))


def veld(wortel: etree._Element, naam: str) -> etree._Element:
    """The one element with this local name."""
    (element,) = velden(wortel, naam)
    return element
