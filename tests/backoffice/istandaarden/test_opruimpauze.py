"""The collector rests while a long message is read, and never longer."""

import gc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from services.backoffice.istandaarden.fouten import Onleesbaar, Schemafout
from services.backoffice.istandaarden.lezen import lees
from services.backoffice.istandaarden.opruimpauze import opruimpauze
from tests.bench.library_messages import claim


@pytest.fixture(scope="module")
def lang() -> bytes:
    """A message that takes long to read."""
    return claim(1_000_000)


@contextmanager
def geteld() -> Iterator[list[int]]:
    """The generation of each collection that takes place inside."""
    gezien: list[int] = []

    def tel(stand: str, info: dict[str, Any]) -> None:
        if stand == "start":
            gezien.append(info["generation"])

    gc.collect()
    gc.callbacks.append(tel)
    try:
        yield gezien
    finally:
        gc.callbacks.remove(tel)


def test_nothing_is_collected_while_a_long_message_is_read(lang: bytes) -> None:
    lees(lang)  # what is made once is no part of it
    with geteld() as gezien:
        bericht = lees(lang)
    assert len(gezien) <= 1, "at most once, when it is over"
    assert gc.isenabled()
    del bericht


@pytest.mark.parametrize(
    ("breek", "soort"),
    [
        (lambda text: text[:-20], Onleesbaar),
        (lambda text: text.replace(b">D<", b">X<", 1), Schemafout),
    ],
)
def test_a_long_text_that_is_refused_ends_the_pause_too(
    lang: bytes, breek: Callable[[bytes], bytes], soort: type[Exception]
) -> None:
    with pytest.raises(soort):
        lees(breek(lang))
    assert gc.isenabled()


def test_who_keeps_the_collector_off_finds_it_off(lang: bytes) -> None:
    gc.disable()
    try:
        lees(lang)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_pause_within_a_pause_ends_with_the_outer_one() -> None:
    with opruimpauze():
        with opruimpauze():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_however_threads_cross_it_ends_on(lang: bytes) -> None:
    with ThreadPoolExecutor(4) as pool:
        for _ in range(3):
            assert len({bericht.naam for bericht in pool.map(lees, [lang] * 8)}) == 1
            assert gc.isenabled()
