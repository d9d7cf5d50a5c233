"""What PostgreSQL can't store is refused at the door, in one place for every route and on both engines alike.

PostgreSQL keeps no NUL and no half of a surrogate pair in a text, and no whole number beyond 64 bits. SQLite takes some
of that, so without this a call would be a 201 on the one and a raw error of the server on the other. A message is XML,
which can't hold a NUL or a surrogate: its route reads its own body and is not looked at here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from fastapi import Request
from fastapi.routing import APIRoute

from shared.kernel.refusal import FieldFault
from shared.web.problem import TITLES, Problem, is_json, place

LARGEST = 2**63 - 1
MOST_FAULTS = 50  # named in one answer
NINES_AS_ZEROS = bytes.maketrans(b"123456789", b"000000000")
LONG_NUMBER = b"0" * len(str(LARGEST))
SURROGATE = re.compile(r"[\ud800-\udfff]")

NO_JSON = FieldFault("inhoud", "json_invalid", "De inhoud is geen leesbare JSON (UTF-8).")
NUL = "Deze tekst bevat het stuurteken met code nul. Haal dat teken weg."
HALF = "Deze tekst bevat een half teken (\\ud800 tot en met \\udfff los). Stuur het hele teken."
TOO_LARGE = "Dit getal is te groot. Geef een getal van hoogstens 18 cijfers."


async def storable(request: Request) -> None:
    """A dependency of the whole app. Raises a 400 that names every such field; 404 for an address that holds a NUL,
    for nothing can have that address. Async though it may wait for nothing: FastAPI would run it in a thread."""
    if "\x00" in request.scope["path"]:
        raise Problem(404, TITLES[404], "Dit adres bestaat niet: een adres bevat geen stuurteken met code nul (%00).")
    if may_hold_nul(request.scope["query_string"]):
        items = request.query_params.multi_items()
        refuse([fault for name, value in items for fault in faults_of({name: value}, "query")])
    route = request.scope.get("route")
    if (
        isinstance(route, APIRoute)
        and route.body_field is not None
        and is_json(request.headers.get("content-type", ""))
    ):
        body = await request.body()
        if suspect(body):
            refuse([NO_JSON] if b"\x00" in body else [*islice(faults_of(await request.json(), "body"), MOST_FAULTS)])


def may_hold_nul(query: bytes) -> bool:
    """Whether a query string, as sent, holds a NUL: `%2500` does not contain `%00`."""
    return b"%00" in query or b"\x00" in query


def suspect(body: bytes) -> bool:
    """Whether a JSON body might hold what can't be stored; a look at its bytes costs less than a walk through it.
    A raw NUL is no JSON in UTF-8 (in UTF-16 it is), 0xED begins every surrogate."""
    return b"\\u" in body or b"\x00" in body or b"\xed" in body or LONG_NUMBER in body.translate(NINES_AS_ZEROS)


def refuse(faults: list[FieldFault]) -> None:
    """Raise the 400, when there is anything to refuse."""
    if faults:
        names = ", ".join(dict.fromkeys(fault.veld for fault in faults))
        raise Problem(400, TITLES[400], f"Controleer: {names}.", faults)


def faults_of(value: object, *where: str) -> Iterator[FieldFault]:
    """Each field that can't be stored, in order of appearance. No recursion: nesting is up to the caller."""
    waiting: list[tuple[tuple[str | int, ...], object]] = [(where, value)]
    while waiting:
        at, found = waiting.pop()
        if isinstance(found, dict):
            # Names come from the caller as well.
            yield from (fault for name in found if (fault := fault_of(name, (*at, name))))
            waiting.extend(((*at, name), inside) for name, inside in reversed(found.items()))
        elif isinstance(found, list):
            waiting.extend(((*at, number), found[number]) for number in reversed(range(len(found))))
        elif fault := fault_of(found, at):
            yield fault


def fault_of(value: object, at: tuple[str | int, ...]) -> FieldFault | None:
    """The fault of one text or number; None when it can be stored."""
    if isinstance(value, str):
        if "\x00" in value:
            return FieldFault(place(at), "string_nul", NUL)
        if SURROGATE.search(value):
            return FieldFault(place(at), "string_unicode", HALF)
    elif isinstance(value, int) and not -LARGEST - 1 <= value <= LARGEST:
        return FieldFault(place(at), "int_parsing_size", TOO_LARGE)
    return None
