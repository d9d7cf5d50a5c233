"""Names for people: a code is shown where it is needed, and nowhere else."""

from __future__ import annotations

from shared.kernel.namen import Namen

NAMEN = Namen(
    {"42420001": "De Linde", "42420002": "Het Bolwerk", "42420003": "de linde"},
    {"0294": "Oostvoorne", "1955": "Gemeente Montferland"},
    {"54Z01": "Verblijf"},
)


def test_a_name_takes_the_place_of_its_code() -> None:
    assert (NAMEN.aanbieder("42420002"), NAMEN.gemeente("0294")) == ("Het Bolwerk", "Oostvoorne")


def test_two_that_are_called_the_same_are_told_apart_by_their_codes() -> None:
    assert NAMEN.aanbieder("42420001") == "De Linde (42420001)"
    assert NAMEN.aanbieder("42420003") == "de linde (42420003)"
    assert NAMEN.aanbieders["42420001"] == "De Linde", "the name itself stays what it is"


def test_a_sub_segment_goes_by_name_and_code() -> None:
    assert NAMEN.subsegment("54Z01") == "Verblijf (54Z01)"


def test_what_has_no_name_is_shown_by_its_code_and_the_region_by_its_word() -> None:
    assert (NAMEN.aanbieder("42429999"), NAMEN.gemeente("9999"), NAMEN.subsegment("45Z01")) == (
        *("42429999", "9999", "45Z01"),
    )
    assert NAMEN.gemeente(None) == "regio"
    assert (NAMEN.gemeente_voluit("9999"), NAMEN.aanbieder_in_zin("42429999")) == (
        *("Gemeente 9999", "aanbieder 42429999"),
    )


def test_a_gemeente_is_called_gemeente_once() -> None:
    assert [NAMEN.gemeente_voluit(code) for code in ("0294", "1955")] == ["Gemeente Oostvoorne", "Gemeente Montferland"]
    assert [NAMEN.gemeente_in_zin(code) for code in ("0294", "1955")] == ["gemeente Oostvoorne", "gemeente Montferland"]
