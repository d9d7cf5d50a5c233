"""What an address of a database looks like; apart from the engines, so that settings are read without loading them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

POSTGRES = "postgresql://gebruiker:wachtwoord@server:5432/database"


def checked(url: str) -> str:
    """The URL, when it is one of PostgreSQL with a server and a database. Raises ValueError, without the password."""
    parts = urlsplit(url)
    if parts.scheme in ("postgresql", "postgres") and parts.path.strip("/"):
        return url
    shown = re.sub(r"//[^/]*@", "//...@", url)
    raise ValueError(f"{shown!r} is geen adres van een database. Toegestaan: {POSTGRES}.")
