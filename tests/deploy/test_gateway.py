"""The gateway as HAProxy runs it, in front of services that fail: without Docker, on loopback."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from deploy.parts import NAMES
from tests.poorten import vrije_poort

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "gateway"
pytestmark = pytest.mark.skipif(shutil.which("haproxy") is None, reason="HAProxy ontbreekt: apt install haproxy")


class Answering(BaseHTTPRequestHandler):
    """Writes down what arrives. On `/…/hang-up` it closes the line without an answer."""

    protocol_version = "HTTP/1.1"
    server: Dienst

    def do_GET(self) -> None:
        if self.path.endswith("/readyz") or self.path == "/healthz":
            self._say(200 if self.server.ready else 503, b"")
        else:
            self._handle()

    def do_POST(self) -> None:
        self._handle()

    def _handle(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self.server.received.append((self.command, self.path, self.rfile.read(length)))
        self.server.headers.append(dict(self.headers))
        if self.path.endswith("/hang-up"):
            self.close_connection = True
        else:
            self._say(200, self.server.name.encode())

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle(self) -> None:
        # HAProxy hangs up as soon as it has read the status of a check.
        with contextlib.suppress(ConnectionError):
            super().handle()

    def log_message(self, format: str, *arguments: object) -> None:
        """Silent: the tests look at what was received."""


class Dienst(ThreadingHTTPServer):
    """A service that answers with its own name."""

    daemon_threads = True

    def __init__(self, name: str) -> None:
        super().__init__(("127.0.0.1", vrije_poort()), Answering)
        self.name = name
        self.ready = True
        self.received: list[tuple[str, str, bytes]] = []
        self.headers: list[dict[str, str]] = []
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()


class Opstelling:
    def __init__(self, url: str, diensten: dict[str, Dienst]) -> None:
        self.diensten = diensten
        self.client = httpx.Client(base_url=url)

    def until(self, status: int) -> httpx.Response:
        """Wait for the gateway to see how its services are."""
        while (answer := self.client.get("/readyz")).status_code != status:
            time.sleep(0.05)
        return answer


@pytest.fixture
def opstelling(tmp_path: Path) -> Iterator[Opstelling]:
    diensten = {name: Dienst(name) for name in NAMES}
    port = vrije_poort()
    text = (FOLDER / "haproxy.cfg").read_text(encoding="utf-8").replace("bind :8000", f"bind 127.0.0.1:{port}")
    for name, dienst in diensten.items():
        text = text.replace(f"server-template {name} 4 {name}:8000", f"server {name} 127.0.0.1:{dienst.server_port}")
        text = text.replace(f"{name}:8000", f"127.0.0.1:{dienst.server_port}")
    text = text.replace("init-addr none", "").replace("inter 2s fastinter 500ms", "inter 100ms")
    (tmp_path / "haproxy.cfg").write_text(text, encoding="utf-8")
    process = subprocess.Popen(["haproxy", "-db", "-f", str(tmp_path / "haproxy.cfg")], stderr=subprocess.DEVNULL)
    try:
        made = Opstelling(f"http://127.0.0.1:{port}", diensten)
        while process.poll() is None:
            try:
                made.until(200)
                break
            except httpx.ConnectError:
                time.sleep(0.05)
        assert process.poll() is None, "HAProxy does not start"
        yield made
        made.client.close()
    finally:
        process.kill()
        process.wait()
        for dienst in diensten.values():
            dienst.shutdown()
            dienst.server_close()


def test_haproxy_has_no_remarks_about_its_settings() -> None:
    done = subprocess.run(["haproxy", "-c", "-f", str(FOLDER / "haproxy.cfg")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr + done.stdout


def test_each_path_reaches_its_service_whole(opstelling: Opstelling) -> None:
    for name in NAMES:
        path = f"/{name}/v1/dingen?a=1%202"
        assert opstelling.client.get(path).text == name
        assert opstelling.diensten[name].received == [("GET", path, b"")]


def test_what_is_no_service_is_a_problem_with_the_headers_of_the_product(opstelling: Opstelling) -> None:
    for path in ("/metrics", "/toegang", "/toegangspoort/v1/x", "/iets"):
        answer = opstelling.client.get(path)
        assert answer.status_code == answer.json()["status"] == 404
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["API-Version"]


@pytest.mark.parametrize("path", ["/iets", "/%6detrics", "/metrics/", "/readyz/x"])
def test_a_person_who_lost_the_way_is_told_so_by_the_front_page_and_reaches_nothing_else(
    opstelling: Opstelling, path: str
) -> None:
    opstelling.client.get(path, headers={"Accept": "text/html"})

    assert [(method, asked) for method, asked, _ in opstelling.diensten["toegang"].received] == [("GET", "/onbekend")]


def test_the_figures_are_not_for_outside_whoever_asks(opstelling: Opstelling) -> None:
    answer = opstelling.client.get("/metrics", headers={"Accept": "text/html"})

    assert answer.status_code == 404
    assert not opstelling.diensten["toegang"].received


def test_readiness_names_the_service_that_is_not_ready(opstelling: Opstelling) -> None:
    opstelling.diensten["financien"].ready = False
    assert "financien" in opstelling.until(503).json()["detail"]
    assert opstelling.client.get("/healthz").status_code == 200
    assert opstelling.client.get("/backoffice/v1/dingen").text == "backoffice", "the others go on"
    refused = opstelling.client.post("/financien/v1/dingen", content=b"x")
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "5"
    assert opstelling.diensten["financien"].received == [], "503 is only said when nothing was sent"
    opstelling.diensten["financien"].ready = True
    opstelling.until(200)


def test_who_looks_at_a_page_of_a_service_that_is_away_gets_words_and_software_a_problem(
    opstelling: Opstelling,
) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    assert opstelling.client.get("/financien/betaalschemas", headers=browser).text == "financien"
    opstelling.diensten["financien"].ready = False
    opstelling.until(503)
    shown = opstelling.client.get("/financien/betaalschemas", headers=browser)
    assert shown.status_code == 503
    assert shown.headers["Content-Type"] == "text/html; charset=utf-8"
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert shown.headers["Retry-After"] == "5"
    assert "Er is niets verwerkt" in shown.text
    assert opstelling.client.get("/contractmanagement/regio", headers=browser).text == "contractmanagement"
    asked = opstelling.client.get("/financien/betaalschemas", headers={"Accept": "*/*"})
    assert (asked.status_code, asked.headers["Content-Type"]) == (503, "application/problem+json")


def test_the_front_page_is_shown_while_any_service_lives(opstelling: Opstelling) -> None:
    assert opstelling.client.get("/").text == "toegang"
    opstelling.diensten["toegang"].ready = False
    opstelling.until(503)
    while opstelling.client.get("/").text == "toegang":
        time.sleep(0.05)
    assert opstelling.client.get("/").text in NAMES


def test_a_post_whose_service_hangs_up_is_uncertain_and_was_sent_once(opstelling: Opstelling) -> None:
    with httpx.Client(base_url=opstelling.client.base_url) as fresh:
        answer = fresh.post("/backoffice/v1/hang-up", content=b"bericht")
    assert answer.status_code == answer.json()["status"] == 502
    assert "Idempotency-Key" in answer.json()["detail"]
    assert opstelling.diensten["backoffice"].received == [("POST", "/backoffice/v1/hang-up", b"bericht")]


def test_on_a_line_that_was_used_before_the_gateway_hangs_up_too_and_sent_once_as_well(opstelling: Opstelling) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        opstelling.client.post("/backoffice/v1/hang-up", content=b"bericht")
    assert opstelling.diensten["backoffice"].received == [("POST", "/backoffice/v1/hang-up", b"bericht")]


def test_nobody_outside_says_who_asks(opstelling: Opstelling) -> None:
    claimed = {"X-Forwarded-For": "203.0.113.7", "Forwarded": "for=203.0.113.7", "X-Forwarded-Proto": "https"}
    opstelling.client.get("/toegang/v1/dingen", headers=claimed)
    [headers] = opstelling.diensten["toegang"].headers
    lowered = {name.lower(): value for name, value in headers.items()}
    assert lowered["x-forwarded-for"] == "127.0.0.1"
    assert lowered["x-forwarded-proto"] == "http"
    assert "forwarded" not in lowered
