"""Attacks on an XML reader, each of a random size; none of them may ever be taken for a message."""

import random
from collections.abc import Callable

Aanval = Callable[[random.Random, bytes], bytes]
KOP = b'<?xml version="1.0" encoding="UTF-8"?>\n'


def _met_doctype(goed: bytes, doctype: bytes, waarde: bytes) -> bytes:
    """A sound message with a document type in front and a reference in its first value."""
    kop, _, rest = goed.partition(b"?>")
    voor, _, na = rest.partition(b"</")
    return kop + b"?>" + doctype + voor + waarde + b"</" + na


def lachers(kans: random.Random, goed: bytes) -> bytes:
    """Entities that hold entities: exponential."""
    diep, breed = kans.randrange(2, 40), kans.randrange(2, 20)
    regels = [b'<!ENTITY l0 "ha">']
    regels += [b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * breed) for n in range(1, diep)]
    return _met_doctype(goed, b"<!DOCTYPE x [" + b"".join(regels) + b"]>", b"&l%d;" % (diep - 1))


def kwadratisch(kans: random.Random, goed: bytes) -> bytes:
    """One long entity, many times."""
    lang, vaak = kans.randrange(1000, 100_000), kans.randrange(10, 20_000)
    return _met_doctype(goed, b'<!DOCTYPE x [<!ENTITY e "%s">]>' % (b"A" * lang), b"&e;" * vaak)


def kring(kans: random.Random, goed: bytes) -> bytes:
    """Entities that hold each other."""
    doctype = b'<!DOCTYPE x [<!ENTITY a "&b;"><!ENTITY b "&a;">]>'
    return _met_doctype(goed, doctype, kans.choice((b"&a;", b"&b;&a;")))


def van_buiten(kans: random.Random, goed: bytes) -> bytes:
    """An outside file or address, as entity, parameter entity or document type."""
    adres = kans.choice((b"file:///etc/passwd", b"file:///dev/zero", b"http://127.0.0.1:9/x", b"/etc/passwd", b""))
    doctype = kans.choice(
        (
            b'<!DOCTYPE x [<!ENTITY e SYSTEM "%s">]>',
            b'<!DOCTYPE x [<!ENTITY %% p SYSTEM "%s"> %%p;]>',
            b'<!DOCTYPE x SYSTEM "%s">',
            b'<!DOCTYPE x PUBLIC "-//x" "%s" [<!ENTITY e "x">]>',
        )
    )
    return _met_doctype(goed, doctype % adres, kans.choice((b"&e;", b"x")))


def diepte(kans: random.Random, goed: bytes) -> bytes:
    """Elements in elements, in a message or instead of one, closed or not."""
    diep = kans.choice((250, 257, 1000, 30_000, 300_000))
    inhoud = b"<a>" * diep + b"</a>" * kans.choice((0, diep))
    voor, _, na = goed.partition(b"</")
    return kans.choice((KOP + inhoud, voor + inhoud + b"</" + na))


def breedte(kans: random.Random, goed: bytes) -> bytes:
    """Very many elements, attributes or namespaces."""
    aantal = kans.choice((1000, 100_000, 1_000_000))
    if kans.random() < 0.5:
        return KOP + b"<a>" + b"<b/>" * aantal + b"</a>"
    soort = kans.choice((b' a%d="1"', b' xmlns:a%d="urn:a"'))
    return KOP + b"<a" + b"".join(soort % n for n in range(min(aantal, 20_000))) + b"/>"


def lengte(kans: random.Random, goed: bytes) -> bytes:
    """A name, value, comment or instruction of megabytes, never closed or in a message that is none."""
    veel = b"x" * kans.choice((70_000, 1_000_000, 11_000_000))
    return (
        KOP + kans.choice((b"<%s/>", b'<a b="%s"/>', b"<a>%s</a>", b"<!--%s", b"<?%s", b"<![CDATA[%s", b"<a %s")) % veel
    )


aanvallen: tuple[Aanval, ...] = (lachers, kwadratisch, kring, van_buiten, diepte, breedte, lengte)
