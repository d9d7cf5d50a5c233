"""`make up` and `make down`, as far as can be said without Docker (tried for real: docs/decisions/0009-compose.md)."""

from __future__ import annotations

import json
import re
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.core import TyperGroup as Group
from typer.main import get_command

from deploy.cli import app
from deploy.parts import NAMES, PARTS
from shared.runtime.settings import load_settings
from shared.web.app import API_VERSION
from shared.web.headers import SECURITY

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
SERVES = {name: SERVICES[name] for name in NAMES}
WORKERS = {name: SERVICES[f"{name}-worker"] for name in NAMES}
PROCESSES = {
    **SERVES,
    **{f"{name}-worker": worker for name, worker in WORKERS.items()},
    "inrichten": SERVICES["inrichten"],
}
GATEWAY = (ROOT / "deploy" / "gateway" / "haproxy.cfg").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
SECRETS = "deploy/wachtwoorden"
# What docker-compose 1.29 and Compose v2 both know.
KNOWN = {
    "build",
    "cap_drop",
    "command",
    "depends_on",
    "env_file",
    "environment",
    "healthcheck",
    "image",
    "init",
    "logging",
    "mem_limit",
    "networks",
    "ports",
    "read_only",
    "restart",
    "security_opt",
    "shm_size",
    "stop_grace_period",
    "tmpfs",
    "volumes",
}


def test_every_service_has_its_http_side_and_a_worker_and_nothing_else_runs() -> None:
    assert set(SERVICES) == set(PROCESSES) | {"gateway", "postgres", "kafka"}
    assert [SERVES[name]["command"] for name in NAMES] == [["serve", name] for name in NAMES]
    assert [WORKERS[name]["command"] for name in NAMES] == [["worker", name] for name in NAMES]


def test_the_command_line_has_every_command_that_is_started() -> None:
    known = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    assert {process["command"][0] for process in PROCESSES.values()} <= known


def test_only_the_gateway_is_published_and_only_to_this_machine() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["gateway"]
    assert SERVICES["gateway"]["ports"] == ["127.0.0.1:${PLEKREGIE_PORT:-8000}:8000"]


def test_no_service_reaches_the_broker_and_the_gateway_no_store() -> None:
    assert {name for name, service in SERVICES.items() if "bus" in service["networks"]} == {
        *(f"{name}-worker" for name in NAMES),
        "inrichten",
        "kafka",
    }
    assert SERVICES["gateway"]["networks"] == ["voor"]
    assert COMPOSE["networks"]["opslag"] == COMPOSE["networks"]["bus"] == {"internal": True}
    assert not any("PLEKREGIE_KAFKA_BOOTSTRAP_SERVERS" in serve["environment"] for serve in SERVES.values())


def test_each_process_is_told_its_own_password_and_no_other() -> None:
    for name in NAMES:
        assert SERVES[name]["env_file"] == WORKERS[name]["env_file"] == f"{SECRETS}/{name}.env"
    owners = {name for name, service in SERVICES.items() if service.get("env_file") == f"{SECRETS}/inrichten.env"}
    assert owners == {"inrichten"}
    assert not any(
        "PASSWORD" in key or "DATABASE_URL" in key for s in SERVICES.values() for key in s.get("environment", {})
    )


def test_keys_can_be_written_by_the_set_up_alone() -> None:
    writing = {name for name, p in PROCESSES.items() if p["volumes"] != ["sleutels:/var/lib/plekregie/sleutels:ro"]}
    assert writing == {"inrichten"}


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_may_do_little(name: str) -> None:
    process = PROCESSES[name]
    assert process["read_only"] is True
    assert process["cap_drop"] == ["ALL"]
    assert process["security_opt"] == ["no-new-privileges:true"]
    assert process["mem_limit"]
    assert process["restart"] == ("no" if name == "inrichten" else "unless-stopped")


def test_what_is_written_down_by_docker_stays_small() -> None:
    assert all("max-size" in service["logging"]["options"] for service in SERVICES.values())


def test_the_description_is_read_by_both_versions_of_compose() -> None:
    assert {key for key in COMPOSE if not key.startswith("x-")} == {"services", "networks", "volumes"}
    assert {key for service in SERVICES.values() for key in service} <= KNOWN


def test_every_image_can_be_replaced_and_names_no_place() -> None:
    images = [service["image"] for service in SERVICES.values() if "build" not in service]
    arguments = [argument for service in SERVICES.values() for argument in service.get("build", {}).get("args", [])]
    foreign = [image for image in images if image != "plekregie:lokaal"] + [a for a in arguments if "IMAGE" in a]
    assert len(foreign) == 4
    for image in foreign:
        found = re.fullmatch(r"(?:[A-Z]+_IMAGE=)?\$\{[A-Z]+_IMAGE:-([a-z0-9/.-]+:[a-z0-9.-]+)\}", image)
        assert found, image
        assert "." not in found[1].split(":")[0], "a name before the slash with a dot is a place"
    for text in (DOCKERFILE, (ROOT / "deploy" / "gateway" / "Dockerfile").read_text(encoding="utf-8")):
        assert set(re.findall(r"^FROM (\S+)", text, re.MULTILINE)) <= {"${PYTHON_IMAGE}", "${GATEWAY_IMAGE}"}


@pytest.mark.parametrize("image", ["postgres", "apache/kafka"])
def test_the_tests_run_on_the_servers_that_make_up_starts(image: str) -> None:
    module = {"postgres": "postgres_server.py", "apache/kafka": "kafka.py"}[image]
    tried = re.search(rf'"({image}:[^"]+)"', (ROOT / "tests" / "distributed" / module).read_text(encoding="utf-8"))
    assert tried
    assert f":-{tried[1]}}}" in SERVICES[image.split("/")[-1]]["image"]


def test_only_the_product_goes_into_the_image_and_no_password() -> None:
    copied = {
        word for line in re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE) for word in line.split()
    }
    assert copied == {"requirements/runtime.txt", "pyproject.toml", "LICENSE", "shared", "services", "deploy"}
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert ignored[1] == "*", "what is not named does not go in"
    assert {line[1:] for line in ignored if line.startswith("!")} == copied
    assert ignored.index("!deploy") < ignored.index(f"{SECRETS}*")
    assert re.findall(r"^USER (\d+):", DOCKERFILE, re.MULTILINE) == ["10001"]


def test_passwords_are_kept_out_of_the_history() -> None:
    assert f"/{SECRETS}/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def told_commands() -> list[tuple[str, list[str]]]:
    """(container, words after `plekregie`) of every command that an operator is told to run in a container."""
    told = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8") + (ROOT / "deploy" / "compose").read_text()
    found = re.findall(r"exec (?:-T )?([a-z-]+) plekregie ([^`\n]+)", told)
    return [(container, words.split()) for container, words in found]


def test_what_an_operator_is_told_to_run_in_a_container_can_run_there() -> None:
    command = get_command(app)
    assert isinstance(command, Group)
    assert len(told_commands()) >= 8
    for container, (first, *more) in told_commands():
        process = PROCESSES[container]
        assert first in command.commands, first
        if isinstance(group := command.commands[first], Group):
            assert more[0] in group.commands, (first, more)
        if first == "herbouw":
            assert "PLEKREGIE_KAFKA_BOOTSTRAP_SERVERS" in process["environment"], "all events are on Kafka alone"
            assert process["command"] == ["worker", more[0]]
        if "--waarheid" in more:
            assert Path(more[more.index("--waarheid") + 1]).parent == Path(process["tmpfs"][0]), "else it is read-only"


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_the_gateway_sends_each_path_to_its_service_while_that_is_ready(part: Any) -> None:
    assert f"use_backend {part.name} if {{ path_beg /{part.name}/ }}" in GATEWAY
    backend = re.search(rf"^backend {part.name}\n((?:    .*\n)+)", GATEWAY, re.MULTILINE)
    assert backend
    assert f"uri {part.base}/readyz " in backend[1]
    assert f"server-template {part.name} 4 {part.name}:8000" in backend[1]
    assert f"{{ nbsrv({part.name}) eq 0 }}" in GATEWAY


def test_the_gateway_speaks_as_the_product_does() -> None:
    for name, value in [(b"API-Version", API_VERSION.encode()), *SECURITY]:
        line = rf'http-after-response set-header (?i:{name.decode()}) "?{re.escape(value.decode())}"? unless complete$'
        assert re.search(line, GATEWAY, re.MULTILINE), name
    said = re.findall(r"status (\d+) content-type application/problem\+json string '([^']*)'", GATEWAY)
    assert {status for status, _ in said} >= {"404", "500", "502", "503", "504"}
    for status, body in said:
        problem = json.loads(body)
        assert problem["status"] == int(status)
        assert problem["title"]
        assert problem["detail"]


def test_the_gateway_never_sends_a_request_twice() -> None:
    assert re.findall(r"^ *retry-on (.*)$", GATEWAY, re.MULTILINE) == ["conn-failure"]
    assert re.search(r"^ *option http-server-close$", GATEWAY, re.MULTILINE)


DOCKER = """#!/bin/sh
echo "$*" >> "$CALLS"
case "$*" in
  info) [ ! -e "$CALLS.dead" ] || { echo "Cannot connect to the Docker daemon" >&2; exit 1; } ;;
  "compose version") [ ! -e "$CALLS.bare" ] ;;
  "compose ps -q "*) echo container ;;
  inspect*) echo healthy ;;
  "compose port gateway 8000") echo 127.0.0.1:8123 ;;
  "compose exec -T postgres "*) cat > "$CALLS.sql" ;;
esac
"""
TOOLS = ["sh", "dirname", "mktemp", "od", "tr", "sed", "cat", "mv", "rm", "sleep", "tail", "printenv"]


class Checkout:
    """A folder with what `make up` needs, and a Docker that only writes down what was asked of it."""

    def __init__(self, folder: Path) -> None:
        (folder / "deploy").mkdir()
        (folder / "bin").mkdir()
        shutil.copy(ROOT / "deploy" / "compose", folder / "deploy" / "compose")
        for tool in TOOLS:
            (folder / "bin" / tool).symlink_to(str(shutil.which(tool)))
        self.folder = folder
        self.docker = folder / "bin" / "docker"
        self.docker.write_text(DOCKER)
        self.docker.chmod(0o755)
        self.calls = folder / "calls"
        self.calls.touch()
        self.secrets = folder / SECRETS

    def run(self, what: str, **environment: str) -> subprocess.CompletedProcess[str]:
        given = {"PATH": str(self.folder / "bin"), "CALLS": str(self.calls), **environment}
        return subprocess.run([self.folder / "deploy" / "compose", what], env=given, capture_output=True, text=True)

    def environment(self, name: str) -> dict[str, str]:
        lines = (self.secrets / f"{name}.env").read_text(encoding="utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines)


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_without_docker_there_is_one_sentence_with_a_way_out(checkout: Checkout) -> None:
    checkout.docker.unlink()
    done = checkout.run("up")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Docker ontbreekt" in done.stderr
    assert "make run" in done.stderr


@pytest.mark.parametrize(
    ("lacks", "says"), [("dead", "Cannot connect to the Docker daemon"), ("bare", "Compose ontbreekt")]
)
def test_a_docker_that_can_not_serve_is_named(checkout: Checkout, lacks: str, says: str) -> None:
    checkout.calls.with_suffix(f".{lacks}").touch()
    for what in ("up", "down"):
        done = checkout.run(what)
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1
        assert says in done.stderr
    assert not checkout.secrets.exists()


def test_up_builds_starts_waits_and_says_where(checkout: Checkout) -> None:
    done = checkout.run("up")
    assert done.returncode == 0, done.stderr
    assert "http://127.0.0.1:8123" in done.stdout
    assert "docker compose exec toegang plekregie token" in done.stdout
    calls = checkout.calls.read_text().splitlines()
    assert calls.index("compose build") < calls.index("compose up -d --remove-orphans")
    asked = {call.removeprefix("compose ps -q ") for call in calls if call.startswith("compose ps -q ")}
    assert asked == {"postgres", "gateway", *NAMES, *(f"{name}-worker" for name in NAMES)}


def test_passwords_are_made_here_and_read_by_nobody_else(checkout: Checkout) -> None:
    checkout.run("up")
    assert stat.S_IMODE(checkout.secrets.stat().st_mode) == 0o700
    files = sorted(checkout.secrets.iterdir())
    assert [file.stem for file in files] == sorted([*NAMES, "inrichten", "postgres"])
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    passwords = re.findall(r"://\w+:(\w+)@", (checkout.secrets / "inrichten.env").read_text())
    assert len(set(passwords)) == 6
    assert all(len(password) == 48 for password in passwords)
    sql = checkout.calls.with_suffix(".sql").read_text()
    assert checkout.environment("postgres")["POSTGRES_PASSWORD"] in sql, "the database of before is told as well"


def test_what_each_process_is_given_are_settings_that_it_accepts(checkout: Checkout) -> None:
    checkout.run("up")
    for name, process in PROCESSES.items():
        fixed = {key: value for key, value in process["environment"].items() if value is not None}
        given = load_settings({**fixed, **checkout.environment(Path(process["env_file"]).stem)})
        assert bool(given.beheer_database_url) == bool(given.eigenaar_database_url) == (name == "inrichten")
        told = {service for service in NAMES if getattr(given, f"{service}_database_url")}
        assert told == (set(NAMES) if name == "inrichten" else {name.removesuffix("-worker")})


def test_a_second_up_keeps_the_passwords(checkout: Checkout) -> None:
    checkout.run("up")
    before = checkout.environment("inrichten")
    checkout.run("down")
    checkout.run("up")
    assert checkout.environment("inrichten") == before
    assert "compose down --remove-orphans" in checkout.calls.read_text().splitlines()
    assert "--volumes" not in checkout.calls.read_text()


def test_down_removes_data_and_passwords_when_told_so(checkout: Checkout) -> None:
    checkout.run("up")
    assert checkout.run("down", WEG="1").returncode == 0
    assert "compose down --remove-orphans --volumes" in checkout.calls.read_text().splitlines()
    assert not checkout.secrets.exists()


def test_down_works_when_the_passwords_are_gone_and_leaves_none(checkout: Checkout) -> None:
    assert checkout.run("down").returncode == 0
    assert "compose down --remove-orphans" in checkout.calls.read_text().splitlines()
    assert list(checkout.secrets.parent.iterdir()) == [checkout.folder / "deploy" / "compose"]
