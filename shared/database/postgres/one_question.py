"""Different questions that are asked at the same moment, as one: one round trip.

Each becomes a branch of a UNION ALL, whose rows say which question they answer, for which set of values, and what the
row is: a record, that travels with the types of its fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from shared.database.postgres.queries import CompiledQuery, numbered_on

MOST_TEXTS = 256  # each is prepared on every connection that needs it


class Part(NamedTuple):
    """A question. `many`: with more than one set of values."""

    query: CompiledQuery
    many: bool

    def place(self) -> int:
        """Its place among others."""
        return self.query.number


@lru_cache(maxsize=MOST_TEXTS)
def text_of(parts: tuple[Part, ...]) -> str:
    """The statement; its parameters are those of the parts, one after the other."""
    branches: list[str] = []
    before = 0
    for number, (query, many) in enumerate(parts):
        one = query.statement
        source, which = (one.each(), "v.n") if many else (f"({one.text}) AS q", "1::bigint")
        branches.append(numbered_on(f"SELECT {number}, {which}, ROW(q.*) FROM {source}", before))
        before += len(one.names)
    return " UNION ALL ".join(branches)


def rows_of(records: Iterable[Iterable[Any]], sizes: Sequence[int]) -> list[list[list[Any]]]:
    """Per question, per set of values: the rows. `sizes`: how many sets of each question were asked."""
    found: list[list[list[Any]]] = [[[] for _ in range(size)] for size in sizes]
    for number, which, row in records:
        found[number][which - 1].append(row)
    return found
