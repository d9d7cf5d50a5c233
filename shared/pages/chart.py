"""Charts as SVG in the page: drawn here, without script, in Dutch. Each stands beside its table and its sentence.

Drawing takes tens of milliseconds of pure computing, so it happens in a thread, and what was drawn is remembered.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

import orjson
from markupsafe import Markup

TAAL: Final = "nl-NL"
REMEMBERED = 256
# Told apart by dashes as well as by colour.
KLEUREN = ("#0b4a6f", "#b3470b", "#3d7a37", "#6b4c9a")
STREPEN = ((1, 0), (6, 3), (2, 2), (8, 3, 2, 3))
BREED, HOOG = 860, 260
SHORT = 200  # days on an axis that names days


@dataclass(frozen=True, slots=True)
class Trap:
    """A line that keeps its value until the next point: (first day, value)."""

    naam: str
    punten: Sequence[tuple[date, float]]


@dataclass(frozen=True, slots=True)
class Staven:
    """A bar per month: (month as `2026-03`, value)."""

    naam: str
    waarden: Sequence[tuple[str, float]]


async def trappen(lijnen: Sequence[Trap], tot_en_met: date, eenheid: str, tekst: str) -> Markup:
    """Step lines through `tot_en_met`. `tekst`: what the chart shows, for who can't see it."""
    return await _figure(tekst, _steps(lijnen, tot_en_met, eenheid))


async def staven(groepen: Sequence[Staven], eenheid: str, tekst: str) -> Markup:
    """Bars beside each other per month, of every group one."""
    return await _figure(tekst, _bars(groepen, eenheid))


async def _figure(tekst: str, spec: dict[str, Any]) -> Markup:
    drawing = await asyncio.to_thread(_drawn, orjson.dumps(spec))
    return Markup('<div class="tekening" role="img" aria-label="{}">{}</div>').format(tekst, drawing)


def _steps(lijnen: Sequence[Trap], tot_en_met: date, eenheid: str) -> dict[str, Any]:
    after = tot_en_met + timedelta(days=1)
    values = [
        {"dag": dag.isoformat(), "waarde": waarde, "lijn": lijn.naam}
        for lijn in lijnen
        for dag, waarde in [*lijn.punten, *([(after, lijn.punten[-1][1])] if lijn.punten else [])]
    ]
    names = [lijn.naam for lijn in lijnen]
    return _canvas() | {
        "data": {"values": values},
        "mark": {"type": "line", "interpolate": "step-after", "strokeWidth": 2, "aria": False},
        "encoding": {
            "x": {"field": "dag", "type": "temporal", "axis": _calendar(lijnen, after)},
            "y": _axis("waarde", "quantitative", eenheid) | {"scale": {"zero": True, "nice": True}},
            "color": _scale(names, KLEUREN),
            "strokeDash": _scale(names, STREPEN),
        },
    }


def _calendar(lijnen: Sequence[Trap], after: date) -> dict[str, Any]:
    """Days on a short axis, months on a long one, never more names than fit."""
    first = min((lijn.punten[0][0] for lijn in lijnen if lijn.punten), default=after)
    short = (after - first).days <= SHORT
    name = "%-d %b" if short else "%b %y"
    return {"format": name, "tickCount": 8 if short else "month", "labelOverlap": True, "title": None, "aria": False}


def _bars(groepen: Sequence[Staven], eenheid: str) -> dict[str, Any]:
    values = [
        {"maand": f"{maand}-01", "waarde": waarde, "lijn": groep.naam}
        for groep in groepen
        for maand, waarde in groep.waarden
    ]
    names = [groep.naam for groep in groepen]
    return _canvas() | {
        "data": {"values": values},
        "mark": {"type": "bar", "aria": False},
        "encoding": {
            "x": {
                "field": "maand",
                "type": "ordinal",
                "timeUnit": "yearmonth",
                "axis": {"format": "%b %y", "title": None, "labelAngle": -40, "aria": False},
            },
            "xOffset": {"field": "lijn", "type": "nominal", "sort": names},
            "y": _axis("waarde", "quantitative", eenheid),
            "color": _scale(names, KLEUREN),
        },
    }


def _canvas() -> dict[str, Any]:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": BREED,
        "height": HOOG,
        "config": {
            "font": "system-ui, sans-serif",
            "axis": {"labelFontSize": 13, "titleFontSize": 13, "titleFontWeight": "normal", "gridColor": "#dde3e7"},
            "legend": {"orient": "top", "title": None, "labelFontSize": 14, "symbolStrokeWidth": 3, "aria": False},
            "view": {"stroke": None},
        },
    }


def _axis(field: str, kind: str, title: str | None) -> dict[str, Any]:
    return {"field": field, "type": kind, "axis": {"title": title, "aria": False, "tickCount": 6}}


def _scale(names: Sequence[str], shapes: Sequence[Any]) -> dict[str, Any]:
    return {
        "field": "lijn",
        "type": "nominal",
        "scale": {"domain": names, "range": list(shapes[: len(names)])},
        "legend": {"aria": False},
    }


@lru_cache(maxsize=REMEMBERED)
def _drawn(spec: bytes) -> Markup:
    # Not at the top: it starts a JavaScript engine, which only a process that draws needs.
    import vl_convert

    svg: str = vl_convert.vegalite_to_svg(
        orjson.loads(spec), format_locale=TAAL, time_format_locale=TAAL, allowed_base_urls=[]
    )
    return Markup(svg)  # made by the library from our own figures; texts in it are escaped there
