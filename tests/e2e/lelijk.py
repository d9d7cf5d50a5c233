"""Every call that the OpenAPI documents offer, good enough to be carried out, and values that a database may refuse."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from shared.web.identity import Rol
from tests.e2e.regio import CM, FI, TO, Json, Regio, indicatie_in, regel
from tests.e2e.test_toegang_tot_routes import MAG, Huis

R = Rol
Plek = tuple[str | int, ...]
# Each is taken by some engine, in some field, unless somebody refuses it.
WAARDEN: tuple[object, ...] = (
    "\x00",
    "a\x00b",
    "\ud800",
    "\uffff\ufffe",
    "\U0001f600" * 24,
    "x" * 3000,
    "é" * 200,
    "9" * 40,
    "0" * 8,
    "9" * 8,
    "9999",
    "999999.99",
    "999999999.99",
    "999.99999999",
    "-0.00",
    "1e400",
    "0001-01-01",
    "9999-12-31",
    "9999-12-01",
    "2026-02-30",
    "20" + "99-Q4",
    2**31,
    2**63 - 1,
    2**63,
    -(2**63) - 1,
    10**30,
    1.5,
    1e308,
    None,
    True,
    [],
    {},
    ["\x00"],
    {"\x00": "1"},
    {"0294": "0.5", "9999": "0.5"},
)


class Aanroep(NamedTuple):
    """A call that would be answered well."""

    rol: Rol
    methode: str
    pad: str
    inhoud: Json | None = None

    def plekken(self) -> list[Plek]:
        """Every place in the body, those that hold others too."""
        return list(_plekken(self.inhoud, ()))

    def met(self, plek: Plek, waarde: object) -> Aanroep:
        """The same with another value in one place; where that place is not there (any more), at the top."""
        if not plek or self.inhoud is None:
            return self._replace(inhoud=waarde)  # type: ignore[arg-type]  # wrong on purpose
        inhoud = copy.deepcopy(self.inhoud)
        houder: Any = inhoud
        for stap in plek[:-1]:
            houder = houder[stap] if _heeft(houder, stap) else None
        if not _heeft(houder, plek[-1]):
            return self._replace(inhoud={"overig": waarde})
        houder[plek[-1]] = waarde
        return self._replace(inhoud=inhoud)


def _heeft(houder: object, stap: str | int) -> bool:
    if isinstance(stap, int):
        return isinstance(houder, list) and stap < len(houder)
    return isinstance(houder, dict) and stap in houder


def _plekken(deel: object, hier: Plek) -> Iterator[Plek]:
    yield hier
    if isinstance(deel, dict):
        for naam, waarde in deel.items():
            yield from _plekken(waarde, (*hier, naam))
    elif isinstance(deel, list):
        for nummer, waarde in enumerate(deel):
            yield from _plekken(waarde, (*hier, nummer))


def aanroepen(regio: Regio, huis: Huis) -> dict[tuple[str, str], Aanroep]:
    """By method and path of the documents: calls that go all the way to the database."""
    gemeente, aanbieder = huis.gemeente, huis.aanbieder
    sleutel = {gemeente: "0.5", "0294": "0.5"}
    regels = [
        {**regel(gemeente, "54Z03", "2", "12000.00"), "opgegevenDoorlooptijdDagen": 90},
        regel(None, "54Z04", "3.5", "1.01", sleutel),
    ]
    indicatie = huis.toewijzing.indicatie
    bijstelling = f"{FI}/bijstellingen/{huis.bijstelling}"
    instellingen = {
        "tolerantie": "0.01",
        "maximum": "1.2",
        "minimum": "0.8",
        "bijstellingsdrempel": "0.05",
        "tijdelijkeStopHoudtPlekDagen": 14,
    }
    nieuw = indicatie_in(
        gemeente, aanbieder, "54Z02", huis.toewijzing.ingangsdatum, None, next(regio.personen), "jeugdwet"
    )
    nieuw["einddatum"] = "2026-12-31"
    nieuw["client"] |= {"voorvoegsel": "de"}
    nieuw["client"]["contact"][0] |= {"huisletter": "a", "toevoeging": "bis", "telefoon": "0612345678"}
    periode = {"begindatum": "2026-01-01", "einddatum": "2026-06-30"}
    stap = {"toelichting": "Zo afgesproken."}
    alle = {
        ("PUT", f"{CM}/subsegmenten/{{code}}"): (
            R.BEHEER,
            f"{CM}/subsegmenten/54Z09",
            {
                "naam": "Verblijf",
                "segment": "Jeugd",
                "wet": "jeugdwet",
                "productcategorie": "54",
                "bekostiging": "lumpsum",
                "metToewijzing": True,
            },
        ),
        ("POST", f"{CM}/overeenkomsten"): (
            R.CONTRACTMANAGER,
            f"{CM}/overeenkomsten",
            {
                "aanbieder": {"agbCode": aanbieder, "naam": "Aanbieder"},
                "begindatum": "2026-01-01",
                "einddatum": "2026-12-31",
                "regels": regels,
                "instellingen": instellingen,
            },
        ),
        ("POST", f"{CM}/overeenkomsten/{{overeenkomst}}/wijzigingen"): (
            R.CONTRACTMANAGER,
            f"{CM}/overeenkomsten/{huis.overeenkomst}/wijzigingen",
            {"ingangsdatum": "2026-09-01", "regels": regels},
        ),
        ("POST", f"{TO}/indicaties"): (R.CONSULENT, f"{TO}/indicaties", nieuw),
        ("POST", f"{TO}/indicaties/{{indicatie}}/wijzigingen"): (
            R.CONSULENT,
            f"{TO}/indicaties/{indicatie}/wijzigingen",
            {"einddatum": "2026-12-31"},
        ),
        ("POST", f"{TO}/clienten/_zoek"): (
            R.CONSULENT,
            f"{TO}/clienten/_zoek",
            {"bsn": huis.toewijzing.client.bsn},
        ),
        ("POST", f"{FI}/kwartaalmonitors"): (
            R.CONTROLLER,
            f"{FI}/kwartaalmonitors",
            {"gemeente": gemeente, "kwartaal": "2026-Q2"},
        ),
        ("POST", f"{FI}/afrekeningen"): (
            R.CONTROLLER,
            f"{FI}/afrekeningen",
            {"gemeente": gemeente, "aanbieder": aanbieder, **periode},
        ),
        ("POST", f"{FI}/bijstellingen/{{bijstelling}}/melding"): (R.CONTROLLER, f"{bijstelling}/melding", stap),
        ("POST", f"{FI}/bijstellingen/{{bijstelling}}/reactie"): (
            R.CONTROLLER,
            f"{bijstelling}/reactie",
            {"reactie": "akkoord", **stap},
        ),
        ("POST", f"{FI}/bijstellingen/{{bijstelling}}/vaststelling"): (
            R.CONTROLLER,
            f"{bijstelling}/vaststelling",
            stap,
        ),
        ("POST", f"{FI}/bijstellingen/{{bijstelling}}/intrekking"): (R.CONTROLLER, f"{bijstelling}/intrekking", stap),
    }
    return {(methode, pad): Aanroep(rol, methode, waar, inhoud) for (methode, pad), (rol, waar, inhoud) in alle.items()}


def rol_voor(methode: str, pad: str) -> Rol:
    """Somebody who may do this."""
    return min(MAG.get((methode, pad), set(Rol)))


# Texts for the patterns that the documents use; the first that fits is taken.
TEKSTEN = ("0294", "42420001", "54Z01", "54", "1.00", "2026-Q2", "2026-01", "NL", "NL91ABNA0417164300", "999900006")


def uit_schema(soorten: Json, schema: Json) -> Any:
    """A value as the document asks for it, for an operation that nobody wrote a good call for."""
    if "$ref" in schema:
        return uit_schema(soorten, soorten[schema["$ref"].rpartition("/")[2]])
    for keuze in ("anyOf", "oneOf", "allOf"):
        if keuze in schema:
            return uit_schema(soorten, schema[keuze][0])
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    soort = schema.get("type")
    if soort == "object":
        return {naam: uit_schema(soorten, deel) for naam, deel in schema.get("properties", {}).items()}
    if soort == "array":
        return [uit_schema(soorten, schema["items"])]
    if soort == "integer":
        return schema.get("minimum", 1)
    if soort == "boolean":
        return False
    return "2026-01-01" if schema.get("format") == "date" else _tekst(schema)


def _tekst(schema: Json) -> str:
    past = re.compile(schema.get("pattern", ""))
    langst = schema.get("maxLength", 1000)
    return next((tekst for tekst in TEKSTEN if past.search(tekst) and len(tekst) <= langst), "x")
