"""Damages messages in small ways, by a seeded random source: what a broken or hostile sender might send."""

import random
from copy import deepcopy

from lxml import etree

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_XS = "http://www.w3.org/2001/XMLSchema"

TEKSTEN = (
    *("", " ", "\n", "\t", "0", "1", "3", "9", "+5", "-0", "-1", "007", "00", "03", "13", "20", "31", "82", "NL", "nl"),
    *("0200", "9063", "9355", "S300", "438", "439", "436", "1.0.0", "01.0.0", "0.1.0", "1.0", "a", "A.", "TJ"),
    *("Àỳ", "\u00a0", "\u2003", "\u2028", "\x85", "😀", "é" * 200, "x" * 201, "x" * 24, "x" * 25, "x" * 12, "x" * 13),
    *("999900006", "99990000", "9999000061", "12345678", "0294", "0294 ", " 0294", "999999999", "1000000000"),
    *("99999", "100000", "99999999", "100000000", "0" * 40 + "7", "9" * 30, "1e3", "1.0", "٣", "１", "a\nb", "\na"),
    *("2026-01-31", " 2026-01-31\n", "2026-02-29", "2024-02-29", "1900-02-29", "2000-02-29", "0000-01-01"),
    *("-0001-01-01", "12026-01-01", "02026-01-01", "2026-13-01", "2026-01-00", "2026-01-31Z", "2026-01-31+01:00"),
    *("9999-12-31", "9223372036854775807-01-01", "9223372036854775808-01-01", "2026-1-1", "20260131", "2026-W01-1"),
    *("12:34:56", "24:00:00", "24:00:01", "23:59:60", "12:34:56.789", "12:34:56.", "12:34", "12:34:56Z"),
    *("23:59:59." + "9" * 14, "23:59:59.9", " 12:34:56 ", "12:34:56+01:00"),
)
_NAMEN = ("Bsn", "Header", "Client", "Datum", "Code", "Onbekend", "RetourCodes", "Geslacht", "Bericht", "Adres")
_SOORTEN = ("LDT_Geslacht", "LDT_Datum", "LDT_Nummer", "CDT_Product", "CDT_Adres", "Header", "Client", "Root", "nix")
_LOCATIES = ("", "x", "a b", "http://www.istandaarden.nl/ijw/3_2/jw305/schema JW305.xsd", "urn:x nergens.xsd")


class Mutant:
    """One source of mutants; the same seed gives the same row."""

    def __init__(self, zaad: int) -> None:
        self.kans = random.Random(zaad)
        self.boom_bewerkingen = (
            *(self.andere_tekst,) * 6,
            *(self.weg, self.dubbel, self.verplaats, self.hernoem, self.attribuut, self.eigen_soort),
            *(self.losse_tekst, self.opmerking, self.kind_erbij, self.leeg, self.naamruimte, self.spaties),
        )
        self.byte_bewerkingen = (self.cdata, self.verwijzing, self.bytes_anders, self.afgekapt, self.codering)

    def maak(self, wortel: etree._Element) -> bytes:
        """A damaged copy of a message, as bytes; sometimes still valid."""
        kopie = deepcopy(wortel)
        for _ in range(self.kans.choice((0, 1, 1, 1, 1, 2, 3))):
            elementen = list(kopie.iter(etree.Element))
            self.kans.choice(self.boom_bewerkingen)(self.kans.choice(elementen))
        data = etree.tostring(kopie, encoding="UTF-8", xml_declaration=True)
        if self.kans.random() < 0.12:
            data = self.kans.choice(self.byte_bewerkingen)(data)
        return data

    def tekst(self) -> str:
        return self.kans.choice(TEKSTEN)

    def andere_tekst(self, element: etree._Element) -> None:
        if len(element) and self.kans.random() < 0.9:
            bladeren = [blad for blad in element.iter(etree.Element) if not len(blad)]
            element = self.kans.choice(bladeren or [element])
        oud = element.text or ""
        plek = self.kans.randrange(len(oud) + 1)
        keuze = self.kans.random()
        if keuze < 0.5:
            element.text = self.tekst()
        elif keuze < 0.75:
            element.text = oud[:plek] + self.kans.choice(" \t\n0123456789-:.+aZé\u00a0") + oud[plek:]
        else:
            element.text = oud[:plek] + oud[plek + 1 :]

    def weg(self, element: etree._Element) -> None:
        ouder = element.getparent()
        if ouder is not None:
            ouder.remove(element)

    def dubbel(self, element: etree._Element) -> None:
        if element.getparent() is not None:
            element.addnext(deepcopy(element))

    def verplaats(self, element: etree._Element) -> None:
        ouder = element.getparent()
        if ouder is not None:
            ouder.insert(self.kans.randrange(len(ouder)), element)

    def hernoem(self, element: etree._Element) -> None:
        naam = etree.QName(element)
        element.tag = etree.QName(naam.namespace, self.kans.choice((*_NAMEN, naam.localname.lower()))).text

    def naamruimte(self, element: etree._Element) -> None:
        ruimten = [*element.nsmap.values(), None, "urn:x"]
        element.tag = etree.QName(self.kans.choice(ruimten), etree.QName(element).localname).text

    def attribuut(self, element: etree._Element) -> None:
        naam, waarde = self.kans.choice(
            (
                (f"{{{_XSI}}}schemaLocation", self.kans.choice(_LOCATIES)),
                (f"{{{_XSI}}}noNamespaceSchemaLocation", self.kans.choice(_LOCATIES)),
                (f"{{{_XSI}}}nil", self.kans.choice(("true", "false", "0", "x"))),
                (f"{{{_XSI}}}anders", "1"),
                ("{http://www.w3.org/XML/1998/namespace}lang", "nl"),
                ("id", "1"),
            )
        )
        element.set(naam, waarde)

    def eigen_soort(self, element: etree._Element) -> None:
        """xsi:type: now and then the type that the element has anyway."""
        voorvoegsels = [*(f"{v}:" for v in element.nsmap if v), "", ":", "q:"]
        lokaal = etree.QName(element).localname
        namen = (*_SOORTEN, lokaal, lokaal, f"LDT_{lokaal}", f"LDT_{lokaal}", f"CDT_{lokaal}")
        spatie = " " if self.kans.random() < 0.1 else ""
        waarde = f"{spatie}{self.kans.choice(voorvoegsels)}{self.kans.choice(namen)}"
        element.set(f"{{{_XSI}}}type", waarde)

    def losse_tekst(self, element: etree._Element) -> None:
        tekst = self.kans.choice((" ", "\n", "x", "\u00a0", "\t\r", "0"))
        if self.kans.random() < 0.5 and element.getparent() is not None:
            element.tail = tekst
        else:
            element.text = tekst + (element.text or "")

    def opmerking(self, element: etree._Element) -> None:
        """A comment or instruction somewhere, also in the middle of a value."""
        knip: etree._Element = self.kans.choice((etree.Comment("x"), etree.PI("x", "y")))
        tekst = element.text or ""
        plek = self.kans.randrange(len(tekst) + 1)
        element.text, knip.tail = tekst[:plek], tekst[plek:]
        element.insert(0, knip)

    def kind_erbij(self, element: etree._Element) -> None:
        ruimte = self.kans.choice(list(element.nsmap.values()))
        kind = etree.Element(etree.QName(ruimte, self.kans.choice(_NAMEN)))
        kind.text = self.tekst()
        element.insert(self.kans.randrange(len(element) + 1), kind)

    def leeg(self, element: etree._Element) -> None:
        for kind in list(element):
            element.remove(kind)
        element.text = self.kans.choice((None, "", " ", "\n"))

    def spaties(self, element: etree._Element) -> None:
        element.text = self.kans.choice((" ", "\n", "\t")) + (element.text or "") + self.kans.choice(("", " ", "\n"))

    def cdata(self, data: bytes) -> bytes:
        plekken = [
            i for i in range(len(data) - 1) if data[i : i + 1] == b">" and data[i + 1 : i + 2] not in (b"<", b"\n")
        ]
        if not plekken:
            return data
        begin = self.kans.choice(plekken) + 1
        einde = data.find(b"<", begin)
        return data[:begin] + b"<![CDATA[" + data[begin:einde].replace(b"&", b"") + b"]]>" + data[einde:]

    def verwijzing(self, data: bytes) -> bytes:
        plek = data.find(b"<", self.kans.randrange(len(data)))
        if plek <= 0:
            return data
        invoeging = self.kans.choice(
            (b"&#32;", b"&#13;", b"&#x31;", b"&amp;", b"&lt;", b"&#160;", b"&x;", b"&#0;", b"&")
        )
        return data[:plek] + invoeging + data[plek:]

    def bytes_anders(self, data: bytes) -> bytes:
        plek = self.kans.randrange(len(data))
        nieuw = self.kans.choice((b"", b"<", b">", b"/", b"\xe9", b"\xff", b"\x00", b"7", b" ", b"\xc3\xa9"))
        return data[:plek] + nieuw + data[plek + self.kans.choice((0, 1)) :]

    def afgekapt(self, data: bytes) -> bytes:
        return data[: self.kans.randrange(len(data))]

    def codering(self, data: bytes) -> bytes:
        tekst = data.decode()
        genoemd = self.kans.choice(("UTF-8", "UTF-16", "ISO-8859-1", "US-ASCII", "windows-1252", "KOI8-R", "nix"))
        echt = self.kans.choice(("utf-8", "utf-16", "utf-16-le", "latin-1", "cp1252", "utf-8-sig"))
        kop = tekst.replace("encoding='UTF-8'", f"encoding='{genoemd}'", 1)
        return kop.encode(echt, errors="xmlcharrefreplace")
