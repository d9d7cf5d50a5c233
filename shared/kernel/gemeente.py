"""Gemeente code: identifies a municipality, as given out by CBS."""

import re

_GEMEENTECODE = re.compile(r"[0-9]{4}")


def is_gemeentecode(s: str) -> bool:
    """Whether `s` has the form of a CBS gemeente code: exactly 4 digits (leading zeros count)."""
    return _GEMEENTECODE.fullmatch(s) is not None
