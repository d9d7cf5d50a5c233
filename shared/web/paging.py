"""Keyset paging: lists as `{"resultaten": [...], "volgende": path | null}`."""

from __future__ import annotations

import base64
from typing import Annotated, Any, Generic, TypeVar

import orjson
from fastapi import Request
from pydantic import StringConstraints
from sqlalchemy import ColumnElement, Select, tuple_

from shared.web.problem import Problem
from shared.web.schema import Uitvoer
from shared.web.storable import faults_of

Row = TypeVar("Row")
PAGE = 100
MOST = 1000
Bladwijzer = Annotated[str, StringConstraints(max_length=500)]  # the `na` of a list


class Lijst(Uitvoer, Generic[Row]):
    """A page of a list."""

    resultaten: list[Row]
    volgende: str | None = None


def after(statement: Select[Any], keys: list[ColumnElement[Any]], cursor: str | None, size: int) -> Select[Any]:
    """Order by `keys` (columns of text) and start after `cursor`; asks one row more than a page, to know whether more
    follows."""
    ordered = statement.order_by(*keys).limit(size + 1)
    if cursor is None:
        return ordered
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor))
        if not isinstance(values, list) or [type(value) for value in values] != [str] * len(keys):
            raise ValueError("other cursor")
        # Packed in its own way, so the guard at the door has not seen what it holds.
        if next(faults_of(values), None):
            raise ValueError("not one of ours")
    except ValueError as error:
        raise Problem(400, "Onbekende bladwijzer", "Neem het adres over uit `volgende`, zonder wijziging.") from error
    return ordered.where(tuple_(*keys) > tuple_(*values))


def next_page(request: Request, last: list[object]) -> str:
    """The path of the next page, with the filters of this one."""
    cursor = base64.urlsafe_b64encode(orjson.dumps(last)).decode()
    url = request.url.include_query_params(na=cursor)
    return f"{url.path}?{url.query}"
