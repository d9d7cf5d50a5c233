"""The reference data of the standard: examples, fact tables and the verdict of the official schemas."""

import csv
from pathlib import Path

from lxml import etree

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.lezen import lees


class Standaard:
    """The folder `istandaarden`; each schema is compiled once."""

    def __init__(self, pad: Path) -> None:
        self.pad = pad
        self._schemas: dict[str, etree.XMLSchema] = {}

    def schemapad(self, naam: str) -> Path:
        """The official schema of a message; it need not exist (iWmo answers)."""
        standaard = "ijw-3.2" if naam.startswith("JW") else "iwmo-3.2"
        return self.pad / "xsd" / standaard / f"{naam}.xsd"

    def schema(self, naam: str) -> etree.XMLSchema:
        """The compiled official schema."""
        if naam not in self._schemas:
            self._schemas[naam] = etree.XMLSchema(etree.parse(self.schemapad(naam)))
        return self._schemas[naam]

    def keurt_goed(self, naam: str, data: bytes) -> bool:
        """The verdict of the official schema on bytes; not well-formed is no."""
        try:
            wortel = etree.fromstring(data)
        except (etree.XMLSyntaxError, ValueError, LookupError):
            return False
        return self.schema(naam).validate(wortel)

    def voorbeeld(self, naam: str) -> bytes:
        """An official example."""
        return (self.pad / "examples" / f"{naam}.xml").read_bytes()

    def bericht(self, naam: str) -> Bericht:
        """An official example, read anew: free to change."""
        return lees(self.voorbeeld(naam))

    def codes(self, lijst: str) -> set[str]:
        """The codes in one fact table."""
        with (self.pad / "facts" / "codelists" / f"{lijst}.csv").open(encoding="utf-8", newline="") as bestand:
            return {rij["code"] for rij in csv.DictReader(bestand)}
