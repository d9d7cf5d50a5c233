"""A Kafka broker to test on, wherever it comes from: the environment, Docker, or Java with the jars of install-kafka.

A broker of our own can be stopped, killed and started again on the same address, with what it held.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import docker
from docker.errors import DockerException
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer

from tests.poorten import vrije_poort

SETTING = "PLEKREGIE_TEST_KAFKA"
IMAGE = os.environ.get("PLEKREGIE_TEST_KAFKA_IMAGE", "apache/kafka:4.3.1")
INSTALL = Path(__file__).with_name("install-kafka")
MISSING = (
    f"Kafka ontbreekt: zet Java 17 en Maven klaar (dan haalt {INSTALL.name} Kafka op), start Docker, of zet {SETTING}"
)
PATIENCE = 240.0  # seconds for a start; only a machine that does much else comes near it
CLUSTER = "cGxla3JlZ2llLXRlc3RlbQ"
# Fast on a laptop, and what production has where it matters: no topic comes into being by a typing error.
COMMON = {
    "process.roles": "broker,controller",
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,INSIDE:PLAINTEXT",
    "inter.broker.listener.name": "PLAINTEXT",
    "auto.create.topics.enable": "false",
    "group.initial.rebalance.delay.ms": "0",
    "group.min.session.timeout.ms": "1000",
    # After a hard end the old registration must run out before the node may come back.
    "broker.session.timeout.ms": "2000",
    "broker.heartbeat.interval.ms": "500",
    "num.network.threads": "2",
    "num.io.threads": "2",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.num.partitions": "2",
}
JAVA = ("-Xms64m", "-Xmx400m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true")
LOGGED = ("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dorg.slf4j.simpleLogger.showDateTime=true")


class NoServer(Exception):
    """None can be had here; the text says how to get one."""


class Broker(Protocol):
    """A broker of our own."""

    bootstrap: str

    def start(self) -> None:
        """Start, or start again; returns when it answers on its port."""

    def stop(self) -> None:
        """Stop in good order."""

    def kill(self) -> None:
        """End it the hard way, as a power cut of its process would."""


def kafka_address(own: Callable[[], Broker]) -> str:
    """The bootstrap address that the environment names, else that of `own`."""
    return os.environ.get(SETTING) or own().bootstrap


@contextmanager
def own_broker() -> Iterator[Broker]:
    """A running broker that the test may stop, whatever the environment offers. Raises NoServer."""
    if docker_has_image():
        with in_docker() as contained:
            yield contained
    else:
        jars = find_jars()
        with on_this_machine(jars, 1) as (broker,):
            yield broker


def find_jars() -> Path:
    """The folder with the broker's jars, fetched when they are not there yet. Raises NoServer."""
    if shutil.which("java") is None:
        raise NoServer(MISSING)
    try:
        done = subprocess.run([INSTALL], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise NoServer(MISSING) from error
    return Path(done.stdout.strip())


class LocalBroker:
    """One node that is broker and controller, in a folder, as a process of ours."""

    def __init__(self, node: int, ports: list[tuple[int, int]], jars: Path, folder: Path) -> None:
        """`ports`: for every node of the cluster the port for clients and the one for controllers."""
        client, controller = ports[node - 1]
        self.bootstrap = f"127.0.0.1:{client}"
        self._port = client
        self._folder = folder
        self._jars = jars
        self._process: subprocess.Popen[bytes] | None = None
        copies = str(min(3, len(ports)))
        settings = {
            **COMMON,
            "node.id": str(node),
            "log.dirs": str(folder / "data"),
            "listeners": f"PLAINTEXT://127.0.0.1:{client},CONTROLLER://127.0.0.1:{controller}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{client}",
            "controller.quorum.voters": ",".join(f"{n}@127.0.0.1:{p}" for n, (_, p) in enumerate(ports, 1)),
            "default.replication.factor": copies,
            "min.insync.replicas": str(len(ports) // 2 + 1),
            "offsets.topic.replication.factor": copies,
            "transaction.state.log.replication.factor": copies,
            "transaction.state.log.min.isr": "1",
        }
        folder.mkdir(parents=True, exist_ok=True)
        self._settings = folder / "server.properties"
        self._settings.write_text("".join(f"{key}={value}\n" for key, value in settings.items()))
        subprocess.run(
            self._java("kafka.tools.StorageTool", "format", "-t", CLUSTER, "-c", str(self._settings)),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
        )

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def _java(self, main: str, *arguments: str) -> list[str]:
        return ["java", *JAVA, *LOGGED, "-cp", f"{self._jars}/*", main, *arguments]

    def launch(self) -> None:
        """Start without waiting: the nodes of a cluster wait for each other."""
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self._java("kafka.Kafka", str(self._settings)),
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def wait(self) -> None:
        """Until it listens. Raises with the end of its log when it gave up."""
        until = time.monotonic() + PATIENCE
        while self._process is not None and self._process.poll() is None and time.monotonic() < until:
            if listens(self._port):
                return
            time.sleep(0.1)
        raise RuntimeError(f"Kafka does not start: {self._log()}")

    def start(self) -> None:
        self.launch()
        self.wait()

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _log(self) -> str:
        return (self._folder / "log").read_text(errors="replace")[-3000:]


@contextmanager
def on_this_machine(jars: Path, nodes: int) -> Iterator[list[LocalBroker]]:
    """A cluster of one or three nodes in a temporary folder, on loopback ports."""
    folder = Path(tempfile.mkdtemp(prefix="plekregie-kafka-"))
    brokers: list[LocalBroker] = []
    try:
        ports = free_ports(nodes)
        brokers.extend(LocalBroker(node, ports, jars, folder / str(node)) for node in range(1, nodes + 1))
        for broker in brokers:
            broker.launch()
        for broker in brokers:
            broker.wait()
        yield brokers
    finally:
        for broker in brokers:
            broker.kill()
        shutil.rmtree(folder, ignore_errors=True)


class ContainedBroker:
    """The official image, published on loopback only."""

    def __init__(self) -> None:
        [(port, _)] = free_ports(1)
        self.bootstrap = f"127.0.0.1:{port}"
        settings = {
            **COMMON,
            "node.id": "1",
            "listeners": "PLAINTEXT://:9092,CONTROLLER://:9093,INSIDE://:19092",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port},INSIDE://localhost:19092",
            "inter.broker.listener.name": "INSIDE",
            "controller.quorum.voters": "1@localhost:9093",
            "offsets.topic.replication.factor": "1",
            "transaction.state.log.replication.factor": "1",
            "transaction.state.log.min.isr": "1",
        }
        self._starts = 0
        self.container = DockerContainer(IMAGE, name=f"plekregie-kafka-{uuid4().hex[:8]}")
        # testcontainers' own call for this takes no address, and would publish to the whole network.
        self.container.ports["9092/tcp"] = ("127.0.0.1", port)  # type: ignore[assignment]  # as Docker takes it
        for key, value in settings.items():
            self.container.with_env("KAFKA_" + key.upper().replace(".", "_"), value)

    def start(self) -> None:
        if self._starts == 0:
            self.container.start()
        else:
            self.container.get_wrapped_container().start()
        contained = self.container.get_wrapped_container()
        self._starts += 1
        # Docker itself listens at once: the broker's own word counts, of this start and not of one before.
        until = time.monotonic() + PATIENCE
        while (said := contained.logs()).count(b"Kafka Server started") < self._starts:
            contained.reload()
            if contained.status != "running" or time.monotonic() > until:
                raise RuntimeError(f"Kafka does not start in Docker: {said[-3000:].decode(errors='replace')}")
            time.sleep(0.2)

    def stop(self) -> None:
        self.container.get_wrapped_container().stop(timeout=30)

    def kill(self) -> None:
        self.container.get_wrapped_container().kill()


@contextmanager
def in_docker() -> Iterator[ContainedBroker]:
    testcontainers_config.ryuk_disabled = True  # nothing but this container is left to clean up, and we do that
    broker = ContainedBroker()
    try:
        broker.start()
        yield broker
    finally:
        broker.container.stop()


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


def listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 0.5).close()
    except OSError:
        return False
    return True


def free_ports(pairs: int) -> list[tuple[int, int]]:
    """Ports that nobody listens on, two for each."""
    return [(vrije_poort(), vrije_poort()) for _ in range(pairs)]
