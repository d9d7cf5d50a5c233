"""Encryption of personal data and the keyed hash by which a BSN is found (Tink; docs/decisions/0005)."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

import tink
from tink import aead, json_proto_keyset_format, prf, secret_key_access

ENCRYPTION = "gegevens.json"
HASHING = "zoeksleutel.json"


class Vault:
    """Encrypts and hashes with the keys of one installation."""

    def __init__(self, encryption: tink.KeysetHandle, hashing: tink.KeysetHandle) -> None:
        self._aead = encryption.primitive(aead.Aead)
        self._prf = hashing.primitive(prf.PrfSet).primary()

    def encrypt(self, plain: bytes, bound_to: str) -> bytes:
        """Ciphertext that only decrypts for the same `bound_to` (table and row), so that rows can't be swapped."""
        made: bytes = self._aead.encrypt(plain, bound_to.encode())
        return made

    def decrypt(self, cipher: bytes, bound_to: str) -> bytes:
        """Raises `tink.TinkError` when key, row or text do not belong together."""
        plain: bytes = self._aead.decrypt(cipher, bound_to.encode())
        return plain

    def blind_index(self, value: str) -> str:
        """The keyed hash of an identifying value, for look-ups by equality."""
        made: bytes = self._prf.compute(value.encode(), 16)
        return made.hex()


def open_vault(folder: Path) -> Vault:
    """Read the keys of an installation, or make them once (files 0600 in a folder 0700)."""
    aead.register()
    prf.register()
    return Vault(
        _keyset(folder / ENCRYPTION, aead.aead_key_templates.AES256_GCM),
        _keyset(folder / HASHING, prf.prf_key_templates.HMAC_SHA256),
    )


def keys_present(folder: Path) -> bool:
    """Whether an installation's keys are here already."""
    return (folder / ENCRYPTION).exists() and (folder / HASHING).exists()


def _keyset(path: Path, template: object) -> tink.KeysetHandle:
    if not path.exists():
        handle = tink.new_keyset_handle(template)
        write_secret(path, json_proto_keyset_format.serialize(handle, secret_key_access.TOKEN).encode())
    return json_proto_keyset_format.parse(path.read_text(), secret_key_access.TOKEN)


def write_secret(path: Path, content: bytes) -> None:
    """Write a key file that only its owner can read; never over an existing one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # mkstemp makes it 0600 under a name of its own: what a crash left behind is not in the way.
    descriptor, half = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        # link() refuses an existing name: two processes that start together end with the same key.
        with contextlib.suppress(FileExistsError):
            os.link(half, path)
    finally:
        os.unlink(half)
    _keep_name(path.parent)


def _keep_name(folder: Path) -> None:
    """Have the folder itself on disk: a key whose name is lost with the power takes all personal data with it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
