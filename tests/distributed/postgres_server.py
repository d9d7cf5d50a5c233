"""A PostgreSQL server to test on, wherever it comes from: the environment, Docker, or the system's own binaries."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import docker
from docker.errors import DockerException
from testcontainers.community.postgres import PostgresContainer
from testcontainers.core.config import testcontainers_config

from tests.poorten import vrije_poort

SETTING = "PLEKREGIE_TEST_POSTGRES_URL"
IMAGE = os.environ.get("PLEKREGIE_TEST_POSTGRES_IMAGE", "postgres:17")
MISSING = f"PostgreSQL ontbreekt: draai tests/distributed/install-servers, start Docker, of zet {SETTING}"
FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")


class NoServer(Exception):
    """None can be had here; the text says how to get one."""


class Server(Protocol):
    """A server of our own."""

    url: str

    def start(self) -> None:
        """Start again; returns when it takes connections."""

    def stop(self) -> None:
        """Stop in good order: what is under way is broken off and rolled back."""

    def kill(self) -> None:
        """End it the hard way; the next start recovers from the log."""


@contextmanager
def postgres_server() -> Iterator[str]:
    """The URL of an administrator of a server, for as long as it is needed. Raises NoServer."""
    if given := os.environ.get(SETTING):
        yield given
    else:
        with own_server() as server:
            yield server.url


@contextmanager
def own_server() -> Iterator[Server]:
    """A running server that the test may stop, whatever the environment offers. Raises NoServer."""
    if docker_has_image():
        with in_docker() as contained:
            yield contained
    elif (binaries := find_binaries()) is not None:
        with on_this_machine(binaries) as server:
            yield server
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


class ContainedServer:
    """The official image, published on loopback only."""

    def __init__(self) -> None:
        port, password = vrije_poort(), secrets.token_urlsafe(16)
        self.url = f"postgresql://beheer:{password}@127.0.0.1:{port}/postgres"
        self.container = PostgresContainer(IMAGE, username="beheer", password=password, dbname="postgres")
        self.container.with_command("postgres -c max_connections=200")
        # testcontainers' own call for this takes no address, and would publish to the whole network.
        self.container.ports["5432/tcp"] = ("127.0.0.1", port)  # type: ignore[assignment]  # as Docker takes it

    def start(self) -> None:
        self.container.get_wrapped_container().start()
        self.container._connect()  # waits until it answers; testcontainers has no public way for a second start

    def stop(self) -> None:
        self.container.get_wrapped_container().kill("SIGINT")
        self.container.get_wrapped_container().wait()

    def kill(self) -> None:
        self.container.get_wrapped_container().kill()
        self.container.get_wrapped_container().wait()


@contextmanager
def in_docker() -> Iterator[ContainedServer]:
    testcontainers_config.ryuk_disabled = True  # nothing but this container is left to clean up, and we do that
    server = ContainedServer()
    with server.container:
        yield server


def find_binaries() -> Path | None:
    """The folder with `initdb`, the newest where there are more."""
    found = [path for pattern in FOLDERS for path in Path("/").glob(pattern.lstrip("/")) if (path / "initdb").exists()]
    if found:
        return max(found, key=lambda path: [int(part) for part in path.parent.name.split("@")[-1:] if part.isdigit()])
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


class LocalServer:
    """A cluster of its own in a folder, on a loopback port, with fsync on."""

    def __init__(self, binaries: Path, folder: Path, user: str | None) -> None:
        self._binaries, self._folder, self._user = binaries, folder, user
        port, password = vrije_poort(), secrets.token_urlsafe(16)
        self.url = f"postgresql://beheer:{password}@127.0.0.1:{port}/postgres"
        self._options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200"
        (folder / "password").write_text(password)
        if user is not None:
            for path in (folder, folder / "password"):
                shutil.chown(path, user)
        how = ("--auth=scram-sha-256", f"--pwfile={folder / 'password'}", "--locale=C", "--encoding=UTF8")
        self._run("initdb", "--username=beheer", *how)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._binaries / program), "-D", str(self._folder / "data"), *arguments],
            cwd=self._folder,
            user=self._user,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
        )

    def start(self) -> None:
        self._run("pg_ctl", "start", "-w", "-l", str(self._folder / "log"), "-o", self._options)

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "-w", "-m", "fast")

    def kill(self) -> None:
        self._run("pg_ctl", "stop", "-w", "-m", "immediate")

    def runs(self) -> bool:
        return (self._folder / "data" / "postmaster.pid").exists()


@contextmanager
def on_this_machine(binaries: Path) -> Iterator[LocalServer]:
    folder = Path(tempfile.mkdtemp(prefix="plekregie-pg-"))
    try:
        server = LocalServer(binaries, folder, unprivileged())
        server.start()
        try:
            yield server
        finally:
            if server.runs():
                server.kill()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def unprivileged() -> str | None:
    """PostgreSQL refuses to run as root: then as the user of its package, or as nobody. None: as who we are."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"
