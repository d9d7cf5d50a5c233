"""A PostgreSQL server to test on, wherever it comes from: the environment, Docker, or the system's own binaries."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docker
from docker.errors import DockerException
from testcontainers.community.postgres import PostgresContainer
from testcontainers.core.config import testcontainers_config

SETTING = "PLEKREGIE_TEST_POSTGRES_URL"
IMAGE = os.environ.get("PLEKREGIE_TEST_POSTGRES_IMAGE", "postgres:17")
MISSING = f"PostgreSQL ontbreekt: draai tests/distributed/install-servers, start Docker, of zet {SETTING}"
FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")


class NoServer(Exception):
    """None can be had here; the text says how to get one."""


@contextmanager
def postgres_server() -> Iterator[str]:
    """The URL of an administrator of a server, for as long as it is needed. Raises NoServer."""
    if given := os.environ.get(SETTING):
        yield given
    elif docker_has_image():
        with in_docker() as url:
            yield url
    elif (binaries := find_binaries()) is not None:
        with on_this_machine(binaries) as url:
            yield url
    else:
        raise NoServer(MISSING)


def docker_has_image() -> bool:
    """Whether Docker runs and has the image, or can get it."""
    try:
        client = docker.from_env(timeout=5)
        client.ping()
        if not client.images.list(IMAGE):
            client.images.pull(*IMAGE.split(":"))
    except (DockerException, OSError):
        return False
    return True


@contextmanager
def in_docker() -> Iterator[str]:
    testcontainers_config.ryuk_disabled = True  # nothing but this container is left to clean up, and we do that
    port = free_port()
    password = secrets.token_urlsafe(16)
    container = PostgresContainer(IMAGE, username="beheer", password=password, dbname="postgres")
    container.with_command("postgres -c max_connections=200").with_kwargs(ports={"5432/tcp": ("127.0.0.1", port)})
    with container:
        yield f"postgresql://beheer:{password}@127.0.0.1:{port}/postgres"


def find_binaries() -> Path | None:
    """The folder with `initdb`, the newest where there are more."""
    found = [path for pattern in FOLDERS for path in Path("/").glob(pattern.lstrip("/")) if (path / "initdb").exists()]
    if found:
        return max(found, key=lambda path: [int(part) for part in path.parent.name.split("@")[-1:] if part.isdigit()])
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


@contextmanager
def on_this_machine(binaries: Path) -> Iterator[str]:
    """A cluster of its own in a temporary folder, on a loopback port, with fsync on."""
    user = unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="plekregie-pg-"))
    password = secrets.token_urlsafe(16)

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [str(binaries / program), "-D", str(folder / "data"), *arguments],
            cwd=folder,
            user=user,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
        )

    try:
        (folder / "password").write_text(password)
        if user is not None:
            for path in (folder, folder / "password"):
                shutil.chown(path, user)
        how = ("--auth=scram-sha-256", f"--pwfile={folder / 'password'}", "--locale=C", "--encoding=UTF8")
        run("initdb", "--username=beheer", *how)
        port = free_port()
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200"
        run("pg_ctl", "start", "-w", "-l", str(folder / "log"), "-o", options)
        try:
            yield f"postgresql://beheer:{password}@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "stop", "-w", "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def unprivileged() -> str | None:
    """PostgreSQL refuses to run as root: then as the user of its package, or as nobody. None: as who we are."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
