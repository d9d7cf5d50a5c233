"""Public holidays of the Netherlands in the sense of Algemene termijnenwet art. 3."""

from datetime import date
from functools import lru_cache

from holidays import country_holidays

# The library also lists the Sundays of Easter and Whitsun, which art. 3 does not name, and counts 5 May as
# public only once in five years, while art. 3 knows no exception: so the names decide, and 5 May is added.
_NAMEN_ARTIKEL_3 = frozenset(
    {
        "Nieuwjaarsdag",
        "Goede vrijdag",
        "Tweede paasdag",
        "Koningsdag",
        "Koninginnedag",
        "Hemelvaartsdag",
        "Tweede pinksterdag",
        "Eerste kerstdag",
        "Tweede kerstdag",
    }
)


@lru_cache(maxsize=64)
def _feestdagen(jaar: int) -> frozenset[date]:
    kalender = country_holidays("NL", years=jaar, language="nl", expand=False)
    genoemd = {dag for dag in kalender if not _NAMEN_ARTIKEL_3.isdisjoint(kalender.get_list(dag))}
    return frozenset(genoemd | {date(jaar, 5, 5)})


def is_feestdag(dag: date) -> bool:
    """Whether `dag` is a public holiday by art. 3: Good Friday included, 5 May every year."""
    return dag in _feestdagen(dag.year)
