"""The form in which PostgreSQL keeps a password, so that the password itself is never sent nor logged."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode

ROUNDS = 4096  # what PostgreSQL itself uses


def verifier(password: str, salt: bytes) -> str:
    """SCRAM-SHA-256 (RFC 5803). Raises ValueError for letters that would first have to be normalised."""
    if not password.isascii() or not password.isprintable() or not password:
        raise ValueError("Een wachtwoord van de database heeft alleen letters, cijfers en tekens uit ASCII.")
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ROUNDS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    return f"SCRAM-SHA-256${ROUNDS}:{in_text(salt)}${in_text(stored)}:{in_text(server)}"


def in_text(data: bytes) -> str:
    """Base 64."""
    return b64encode(data).decode()
