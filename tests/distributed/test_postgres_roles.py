"""A service's role can do its work and nothing else."""

from __future__ import annotations

import hmac
from base64 import b64decode
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pytest
import pytest_asyncio
from asyncpg.exceptions import InsufficientPrivilegeError

from deploy.all_in_one import PARTS
from deploy.postgres.inrichten import richt_in, role_of
from deploy.postgres.password import verifier
from shared.database.engines import Address
from shared.database.port import StorageUnavailable
from shared.database.postgres import connect

FOLDERS = {part.name: part.migrations for part in PARTS}


@dataclass(frozen=True)
class Installation:
    """A database of its own, set up as an administrator would."""

    admin: str
    owner: str
    services: dict[str, str]

    async def tried(self, service: str, statement: str) -> object:
        """What a service gets for an answer."""
        connection = await connect(self.services[service], {"search_path": service})
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()


@pytest_asyncio.fixture
async def installation(postgres_url: str) -> AsyncIterator[Installation]:
    mark = uuid4().hex[:8]
    server = urlsplit(postgres_url)

    def url(user: str) -> str:
        at = f"{user}_{mark}:geheim@{server.hostname}:{server.port or 5432}"
        return urlunsplit(server._replace(netloc=at, path=f"/proef_{mark}"))

    made = Installation(postgres_url, url("eigenaar"), {name: url(name) for name in ("backoffice", "financien")})
    try:
        await richt_in(made.admin, made.owner, made.services)
        yield made
    finally:
        admin = await connect(postgres_url, {})
        await admin.execute(f"DROP DATABASE IF EXISTS proef_{mark} WITH (FORCE)")
        for role in (made.owner, *made.services.values()):
            await admin.execute(f"DROP ROLE IF EXISTS {role_of(role).name}")
        await admin.close()


@pytest.mark.distributed
async def test_a_role_reads_and_writes_its_own_rows_and_no_more(installation: Installation) -> None:
    for service in installation.services:
        Address(installation.owner, service).migrate(FOLDERS[service])
    await richt_in(installation.admin, installation.owner, installation.services)  # again: no harm
    outbox = "INSERT INTO outbox (id, topic, sleutel, inhoud, aangemaakt_op) VALUES ('1', 't', 'k', '', now())"
    assert await installation.tried("backoffice", f"{outbox} RETURNING volgnummer") == 1
    assert await installation.tried("backoffice", "SELECT count(*) FROM outbox") == 1
    for forbidden in (
        "SELECT count(*) FROM financien.outbox",
        "CREATE TABLE backoffice.own (id int)",
        "CREATE TABLE public.own (id int)",
        "CREATE TEMPORARY TABLE own (id int)",
        "CREATE SCHEMA own",
        "TRUNCATE outbox",
        "DROP TABLE outbox",
        "ALTER TABLE outbox ADD COLUMN more int",
        "CREATE ROLE other",
        "SELECT pg_read_file('/etc/passwd')",
    ):
        try:
            await installation.tried("backoffice", forbidden)
        except InsufficientPrivilegeError:
            continue
        pytest.fail(f"allowed: {forbidden}")


@pytest.mark.distributed
async def test_the_password_is_the_one_in_the_url(installation: Installation) -> None:
    wrong = installation.services["backoffice"].replace(":geheim@", ":anders@")
    assert await installation.tried("backoffice", "SELECT 1") == 1
    with pytest.raises(StorageUnavailable):
        await connect(wrong, {})


@pytest.mark.distributed
async def test_text_is_ordered_as_in_sqlite(installation: Installation) -> None:
    assert await installation.tried("backoffice", "SELECT 'B' < 'a' AND 'Z' < 'é'")
    provider = "SELECT datlocprovider::text || datcollate::text FROM pg_database WHERE datname = current_database()"
    assert await installation.tried("backoffice", provider) == "cC"


@pytest.mark.parametrize(
    ("admin", "owner", "service"),
    [
        ("beheer:x@s/postgres", "zelfde:x@s/d", "zelfde:x@s/d"),
        ("beheer:x@s/postgres", "eigenaar:x@s/d", "dienst:x@s/other"),
        ("eigenaar:x@s/postgres", "eigenaar:x@s/d", "dienst:x@s/d"),
        ("beheer:x@s/postgres", "eigenaar@s/d", "dienst:x@s/d"),
        ("beheer:x@s/postgres", "eigenaar:x@s/d", "dienst:x@s"),
    ],
)
async def test_addresses_that_do_not_keep_roles_apart_are_refused_before_anything_is_done(
    admin: str, owner: str, service: str
) -> None:
    with pytest.raises(ValueError, match=r"database|gebruiker"):
        await richt_in(f"postgresql://{admin}", f"postgresql://{owner}", {"backoffice": f"postgresql://{service}"})


def test_a_password_is_kept_as_the_standard_says() -> None:
    # The exchange that RFC 7677 gives as its example, with password "pencil".
    nonce, salt = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0", "W22ZaJ0SNY7soEsUEjb6gQ=="
    said = f"n=user,r=rOprNGfwEbeRWgbNEkqO,r={nonce},s={salt},i=4096,c=biws,r={nonce}"
    kept = verifier("pencil", b64decode(salt))
    assert kept.startswith(f"SCRAM-SHA-256$4096:{salt}$")
    signature = hmac.digest(b64decode(kept.rpartition(":")[2]), said.encode(), "sha256")
    assert signature == b64decode("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")


@pytest.mark.parametrize("password", ["", "wachtwoordé", "regel\n"])
def test_a_password_that_would_need_rewriting_is_refused(password: str) -> None:
    with pytest.raises(ValueError, match="wachtwoord"):
        verifier(password, b"salt")
