"""Serves the all-in-one until Ctrl-C, with the demo region when asked."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sqlite3
import sys
from collections.abc import Iterator

import uvicorn
from rich.console import Console

from deploy.all_in_one import AllInOne, build
from deploy.around import address
from deploy.demo.loader import load_demo
from deploy.parts import NAMES
from shared.runtime.logs import set_up_logs
from shared.runtime.memory import settle
from shared.runtime.settings import Settings

talk = Console(stderr=True)


class CanNotServe(Exception):
    """The port or the data are taken; the text says what to do."""


class Server(uvicorn.Server):
    """Ends with exit code 0 on Ctrl-C or a polite kill: that is how this product is stopped."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.decided = asyncio.Event()  # serving, or given up
        self.busy: asyncio.Task[None] | None = None  # what must end before the services are stopped

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.decided.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()

        def leave() -> None:
            if self.busy is not None and not self.busy.done():
                # The services must not be stopped under its hands: serving ends when it has let go.
                self.busy.add_done_callback(lambda _: setattr(self, "should_exit", True))
                self.busy.cancel()
            else:
                self.should_exit = True

        for number in (signal.SIGINT, signal.SIGTERM):
            try:
                loop.add_signal_handler(number, leave)
            except NotImplementedError:
                # Windows has no signal handlers on its loop.
                signal.signal(number, lambda *_: leave())
        yield


def run(settings: Settings, *, demo: bool) -> None:
    """Serve on the fast event loop where there is one (uvicorn's own choice). Raises CanNotServe."""
    with asyncio.Runner(loop_factory=uvicorn.Config("").get_loop_factory()) as runner:
        runner.run(serve(settings, demo=demo))


async def serve(settings: Settings, *, demo: bool) -> None:
    """Run until told to stop. Raises CanNotServe before anything is touched."""
    check_port(settings)
    set_up_logs()
    on_files = any(not address(settings, name).schema for name in NAMES)
    with alone(settings) if on_files else contextlib.nullcontext():
        await _serve(build(settings), demo=demo)


async def _serve(product: AllInOne, *, demo: bool) -> None:
    settings = product.settings
    config = uvicorn.Config(
        product.app, host=settings.host, port=settings.port, log_config=None, access_log=False, server_header=False
    )
    server = Server(config)
    settle()
    running = asyncio.create_task(server.serve())
    running.add_done_callback(lambda _: server.decided.set())
    await server.decided.wait()
    failure: BaseException | None = None
    if server.started:
        server.busy = asyncio.create_task(_prepare(product, demo=demo))
        await asyncio.wait({server.busy})
        if not server.busy.cancelled():
            failure = server.busy.exception()
            server.should_exit = server.should_exit or failure is not None
    await running
    if failure is not None:
        raise failure


async def _prepare(product: AllInOne, *, demo: bool) -> None:
    """Load the demo region and say that all is ready. Ctrl-C breaks it off; a next start goes on where it was."""
    if demo:
        await load_demo(product, talk)
    talk.print(banner(product), markup=False, highlight=False, soft_wrap=True)


@contextlib.contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Hold these data for this process: two that carry and schedule on the same files would do everything twice. The
    lock is SQLite's own, so it ends with the process, however that ends."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with contextlib.closing(sqlite3.connect(settings.data_dir / "slot.sqlite", timeout=1)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise CanNotServe(
                f"Er draait al een Plekregie op {settings.data_dir.resolve()} ({error}). "
                "Stop die eerst, of kies een andere PLEKREGIE_DATA_DIR."
            ) from error
        yield


def check_port(settings: Settings) -> None:
    """Fail early and clearly when the port is taken."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise CanNotServe(
                f"Op {settings.host}:{settings.port} kan niet geluisterd worden ({error.strerror}). "
                f"Kies een andere poort: PLEKREGIE_PORT={settings.port + 1}"
            ) from error


def banner(product: AllInOne) -> str:
    """What to open, how to get a token, how to stop."""
    base = f"http://{product.settings.host}:{product.settings.port}"
    command = "plekregie" if "site-packages" in sys.argv[0] else ".venv/bin/plekregie"
    lines = [
        "",
        f"Plekregie draait op {base}",
        *(f"  {service.name:<20} {base}{service.base}/docs" for service in product.services.values()),
        "",
        "Een token:",
        f"  {command} token --rol consulent --gemeente 9702",
        f"  {command} token --rol aanbieder --aanbieder 42420001",
        f"  {command} token --rol contractmanager",
        "",
        f"Gegevens staan in {place(product.settings)}; een volgende start gaat daarmee verder. Stoppen: Ctrl-C.",
    ]
    if product.settings.proef:
        lines.insert(1, f"PROEFSTAND, vandaag = {product.clock.today()}")
    return "\n".join(lines)


def place(settings: Settings) -> str:
    """Where the data are, as a person says it."""
    return "PostgreSQL" if address(settings, NAMES[0]).schema else str(settings.data_dir)
