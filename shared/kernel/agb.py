"""AGB code: identifies a provider (aanbieder) in care messages."""

import re

_AGB = re.compile(r"[0-9]{8}")


def is_agb(s: str) -> bool:
    """Whether `s` has the form of an AGB code: exactly 8 digits (leading zeros count)."""
    return _AGB.fullmatch(s) is not None
