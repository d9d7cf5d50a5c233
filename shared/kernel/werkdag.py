"""Working days: Monday to Friday, not a public holiday (Algemene termijnenwet art. 1 and 3)."""

from collections.abc import Callable
from datetime import date, timedelta

_ZATERDAG = 5


def is_werkdag(dag: date, feestdagen: Callable[[date], bool]) -> bool:
    """Whether `dag` is a working day; `feestdagen` tells which days are public holidays."""
    return dag.weekday() < _ZATERDAG and not feestdagen(dag)


def plus_werkdagen(dag: date, n: int, feestdagen: Callable[[date], bool]) -> date:
    """The `n`-th working day after `dag` (counting starts the day after); 0 gives `dag`. Refuses n < 0."""
    if n < 0:
        raise ValueError("Een termijn telt 0 of meer werkdagen.")
    for _ in range(n):
        dag += timedelta(days=1)
        while not is_werkdag(dag, feestdagen):
            dag += timedelta(days=1)
    return dag
