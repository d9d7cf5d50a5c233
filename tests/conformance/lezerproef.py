"""The reader against bytes that nobody meant to send: only the named refusals, and never much memory."""

import random
import resource
import sys
import time
from dataclasses import dataclass, field

from services.backoffice.istandaarden.bericht import Bericht
from services.backoffice.istandaarden.fouten import Onleesbaar, Schemafout
from services.backoffice.istandaarden.grondig import lees_grondig
from services.backoffice.istandaarden.lezen import lees
from services.backoffice.istandaarden.ontleden import ontleed
from services.backoffice.istandaarden.regels import controleer
from tests.conformance.aanvallen import Aanval, aanvallen

MEEST_ERBIJ_MB = 400  # over what the process held before: some copies of the largest attack
BROKKEN = (
    *(b"<", b">", b"/>", b"</", b"&", b"&amp;", b"&#0;", b"&#x10FFFF;", b"&#xD800;", b"&lt;", b"&x;", b"<![CDATA["),
    *(b"]]>", b"<!--", b"-->", b"--", b"<?xml?>", b"<?x y?>", b"<!DOCTYPE x>", b"<!DOCTYPE x [", b'<!ENTITY a "b">'),
    *(b"xmlns=", b'xmlns:q=""', b'xml:id="a"', b"xsi:nil='true'", b"\x00", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf"),
    *(
        b"\xc0\xaf",
        b"\xed\xa0\x80",
        b"\xf4\x90\x80\x80",
        b"\x1a",
        b"\x7f",
        b"\x85",
        b"\r",
        b"\n",
        b"\t",
        b"'",
        b'"',
        b"=",
    ),
)
AANHEFBROKKEN = (
    *(b" ", b"  ", b"\r\n", b' standalone="yes"', b' version="1.1"', b' encoding="utf-8"', b" encoding='UTF-16'"),
    *(b' xmlns="urn:x"', b' xmlns:q="urn:q"', b' xmlns:xml="urn:x"', b' xmlns:ijw=""', b' xsi:schemaLocation="a b"'),
    *(b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"', b' xmlns:q="http://www.w3.org/2001/XMLSchema"'),
    *(b' xmlns:xmlns="http://www.w3.org/2000/xmlns/"', b' xmlns:a-b.c="http://www.w3.org/2001/XMLSchema"'),
)


@dataclass(slots=True)
class Proef:
    """What came of reading for a while: how many texts, how many of them refused, and what should not have happened."""

    teksten: int = 0
    onleesbaar: int = 0
    schemafout: int = 0
    gelezen: int = 0
    traagste: float = 0.0
    """Processor seconds for one text."""
    erbij_mb: float = 0.0
    fouten: list[tuple[str, bytes]] = field(default_factory=list)


def geheugen_mb() -> float:
    """The most that this process ever held."""
    hoogste = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return hoogste / (1024 * 1024 if sys.platform == "darwin" else 1024)


def lees_eens(proef: Proef, data: bytes, *, nooit_gelezen: bool = False) -> None:
    """Read one text and note what came of it."""
    voor, begin = geheugen_mb(), time.process_time()
    proef.teksten += 1
    try:
        bericht = lees(data)
        controleer(bericht)
        proef.gelezen += 1
        if anders := _leest_anders(bericht, data):
            proef.fouten.append((anders, data))
        if nooit_gelezen:
            proef.fouten.append(("aanval gelezen als bericht", data))
    except Onleesbaar:
        proef.onleesbaar += 1
    except Schemafout:
        proef.schemafout += 1
    except Exception as error:
        proef.fouten.append((f"uitzondering {type(error).__name__}", data))
    proef.traagste = max(proef.traagste, time.process_time() - begin)
    erbij = geheugen_mb() - voor
    proef.erbij_mb = max(proef.erbij_mb, erbij)
    if erbij > MEEST_ERBIJ_MB:
        proef.fouten.append((f"{erbij:.0f} MB erbij", data))


def _leest_anders(bericht: Bericht, data: bytes) -> str | None:
    """What the slow way, with a real parser, makes of a text that was read; None: the same."""
    try:
        inhoud, fouten = lees_grondig(ontleed(data), bericht.soort)
    except Onleesbaar:
        return "gelezen, maar geen goede XML"
    if fouten:
        return "snel goed, grondig fout"
    return None if inhoud == bericht.inhoud else "snel en grondig lezen iets anders"


class Verminker:
    """Random damage to bytes; the same seed gives the same row."""

    def __init__(self, zaad: int) -> None:
        self.kans = random.Random(zaad)
        self.manieren = (
            self.bit,
            self.byte,
            self.weg,
            self.dubbel,
            self.brok,
            self.kruis,
            self.verplaats,
            self.codering,
            self.aanhef,
            self.teken,
        )

    def maak(self, data: bytes, ander: bytes) -> bytes:
        """Damaged once to eight times."""
        for _ in range(self.kans.choice((1, 1, 1, 2, 3, 5, 8))):
            data = self.kans.choice(self.manieren)(data or b"<", ander)
        return data

    def _stuk(self, data: bytes) -> tuple[int, int]:
        begin = self.kans.randrange(len(data))
        return begin, min(len(data), begin + self.kans.choice((1, 2, 8, 64, 512)))

    def bit(self, data: bytes, _: bytes) -> bytes:
        plek = self.kans.randrange(len(data))
        return data[:plek] + bytes((data[plek] ^ 1 << self.kans.randrange(8),)) + data[plek + 1 :]

    def byte(self, data: bytes, _: bytes) -> bytes:
        plek = self.kans.randrange(len(data))
        return data[:plek] + self.kans.randbytes(self.kans.choice((1, 1, 2, 4))) + data[plek + 1 :]

    def weg(self, data: bytes, _: bytes) -> bytes:
        begin, einde = self._stuk(data)
        return data[:begin] + data[einde:]

    def dubbel(self, data: bytes, _: bytes) -> bytes:
        begin, einde = self._stuk(data)
        return data[:einde] + data[begin:einde] * self.kans.choice((1, 2, 50)) + data[einde:]

    def brok(self, data: bytes, _: bytes) -> bytes:
        plek = self.kans.randrange(len(data))
        return data[:plek] + self.kans.choice(BROKKEN) + data[plek:]

    def kruis(self, data: bytes, ander: bytes) -> bytes:
        """The beginning of one message, the end of another."""
        return data[: self.kans.randrange(len(data))] + ander[self.kans.randrange(len(ander)) :]

    def verplaats(self, data: bytes, _: bytes) -> bytes:
        begin, einde = self._stuk(data)
        over = data[:begin] + data[einde:]
        plek = self.kans.randrange(len(over) + 1)
        return over[:plek] + data[begin:einde] + over[plek:]

    def aanhef(self, data: bytes, _: bytes) -> bytes:
        """Something in what stands before the first value."""
        plek = self.kans.randrange(min(len(data), 400))
        return (
            data[:plek] + self.kans.choice((*AANHEFBROKKEN, *BROKKEN)) + data[plek + self.kans.choice((0, 0, 1, 8)) :]
        )

    def teken(self, data: bytes, _: bytes) -> bytes:
        """Any sign of Unicode between two others, allowed or not."""
        plek = self.kans.randrange(len(data))
        nummer = self.kans.choice((self.kans.randrange(0x110000), self.kans.randrange(0xA0), 0xFFFE, 0xFFFF, 0x2028))
        return data[:plek] + chr(nummer).encode("utf-8", errors="surrogatepass") + data[plek:]

    def codering(self, data: bytes, _: bytes) -> bytes:
        naam = self.kans.choice(("utf-16", "utf-16-be", "utf-32", "latin-1", "utf-8-sig", "utf-7", "cp037"))
        return data.decode("utf-8", errors="replace").encode(naam, errors="replace")


def beproef(bronnen: list[bytes], zaad: int, seconden: float) -> Proef:
    """Read damaged texts and attacks for so many seconds of processor time: as much work on a busy machine."""
    proef, verminker = Proef(), Verminker(zaad)
    kans, einde = random.Random(zaad), time.process_time() + seconden
    while time.process_time() < einde and not proef.fouten:
        if kans.random() < 0.002:
            aanval: Aanval = kans.choice(aanvallen)
            lees_eens(proef, aanval(kans, kans.choice(bronnen)), nooit_gelezen=True)
        else:
            lees_eens(proef, verminker.maak(kans.choice(bronnen), kans.choice(bronnen)))
    return proef
