"""One service apart: `serve` takes requests and never talks to Kafka, `worker` carries, reads and does what is due.

Both need PostgreSQL: they meet in its tables. How many of each run is free; what only one may do at a time is settled
between them there (`shared.database.peers`).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from functools import cache

import httpx
import structlog
import uvicorn
from fastapi import FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette

from deploy.around import CanNotRun, Makings, address, slot, take_name
from deploy.front import front_app
from deploy.parts import Part, part_of
from deploy.serving import Server, check_port
from shared.bus.in_process import InProcessBus
from shared.bus.port import Bus
from shared.database.port import StorageUnavailable
from shared.privacy.vault import keys_present
from shared.runtime.logs import set_up_logs
from shared.runtime.memory import settle
from shared.runtime.progress import Watch
from shared.runtime.service import Service
from shared.runtime.settings import PREFIX, Settings
from shared.web.identity import KEY_FILE

AGAIN = 1.0  # seconds between looks at what a worker holds, or can't get yet
log = structlog.get_logger()


def serve(settings: Settings, name: str) -> None:
    """Serve one service until told to stop. Raises CanNotRun, CanNotServe, ValueError for a name that is none."""
    part = part_of(name)
    check_apart(settings, name)
    check_port(settings)
    set_up_logs()
    run(settings, serving_app(settings, part))


def work(settings: Settings, name: str) -> None:
    """Be a worker of one service until told to stop. Raises as `serve`."""
    part = part_of(name)
    check_apart(settings, name)
    if not settings.kafka_bootstrap_servers:
        raise CanNotRun(f"Een worker heeft Kafka nodig: zet {PREFIX}KAFKA_BOOTSTRAP_SERVERS.")
    if name == "backoffice" and not settings.toegang_url:
        raise CanNotRun(f"De worker van backoffice haalt clientgegevens bij toegang: zet {PREFIX}TOEGANG_URL.")
    check_port(settings)
    set_up_logs()
    worker = Worker(settings, part)
    run(settings, worker.app(), worker)
    if worker.failure is not None:
        raise CanNotRun(worker.failure)


def check_apart(settings: Settings, name: str) -> None:
    """What every process of a service apart needs."""
    if not address(settings, name).schema:
        raise CanNotRun(
            f"Een losse dienst heeft PostgreSQL nodig: zet {PREFIX}{name.upper()}_DATABASE_URL of "
            f"{PREFIX}DATABASE_URL. "
            "Alles in één proces op SQLite: plekregie start."
        )
    if not (keys_present(settings.keys) and (settings.keys / KEY_FILE).exists()):
        # Keys of its own would give data that no other process can read, and tokens that none accepts.
        raise CanNotRun(
            f"In {settings.keys} staan de sleutels van de installatie niet. Maak ze met `plekregie inrichten`, en geef "
            f"elk proces dezelfde {PREFIX}KEYS_DIR."
        )


def run(settings: Settings, app: Starlette, worker: Worker | None = None) -> None:
    """Run until told to stop, on the fast event loop where there is one (uvicorn's own choice)."""
    config = uvicorn.Config(
        app, host=settings.host, port=settings.port, log_config=None, access_log=False, server_header=False
    )
    server = Server(config)
    if worker is not None:
        worker.end = lambda: setattr(server, "should_exit", True)
    settle()
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(server.serve())


def at(url: str) -> Callable[[], httpx.AsyncClient]:
    """Makes clients of the other services."""
    # Reading the certificates takes 20 ms in which the event loop stands still: once, not for every client.
    trusted = cache(httpx.create_ssl_context)
    return lambda: httpx.AsyncClient(base_url=url, verify=trusted())


def serving_app(settings: Settings, part: Part) -> FastAPI:
    """The HTTP side of one service. Its events go no further than its outbox; it rings for a worker to carry them."""
    makings = Makings(settings)
    service = part.build(makings.around(part, InProcessBus(), at(settings.toegang_url)))

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await service.peers.start()
        log.info("dienst.luistert", dienst=part.name, poort=settings.port)
        try:
            yield
        finally:
            await service.peers.stop()
            await service.edge.database.close()

    return front_app(settings, {part.name: service}, lifespan)


class Worker:
    """The background side of one service in this process."""

    def __init__(self, settings: Settings, part: Part) -> None:
        makings = Makings(settings)
        self.failure: str | None = None
        self.end: Callable[[], None] = lambda: None
        self._port = settings.port
        self._bus: Bus = makings.bus()
        self._service: Service = part.build(makings.around(part, self._bus, at(settings.toegang_url)))
        self._watch = Watch(self._service, self._bus)
        self._name = ""

    def app(self) -> FastAPI:
        """Its health: `/healthz` (alive), `/readyz` (gets on with its work), `/metrics`."""
        app = FastAPI(lifespan=self._lifespan, openapi_url=None, redirect_slashes=False)

        @app.get("/healthz")
        async def healthz() -> dict[str, str]:
            return {"status": "ok"}

        @app.get("/readyz")
        async def readyz(response: Response) -> dict[str, object]:
            report = self._watch.report
            response.status_code = 503 if report.reasons else 200
            return {"dienst": self._service.name, "instantie": self._name, **report.as_json()}

        @app.get("/metrics")
        async def metrics() -> Response:
            return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

        return app

    @contextlib.asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        work = asyncio.create_task(self._work(), name=f"{self._service.name}.worker")
        try:
            yield
        finally:
            work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await work
            await self._stop()

    async def _work(self) -> None:
        try:
            await self._service.peers.start(self._service.wake)
            await self._take_name()
            self._service.connect(self._bus)
            await self._bus.start()
            await self._service.start()
            async with asyncio.TaskGroup() as both:
                both.create_task(self._watch.run())
                both.create_task(self._keep_name())
        except Exception as failure:
            # A worker that can't work ends, so that whoever started it sees that and starts another.
            error = failure.exceptions[0] if isinstance(failure, ExceptionGroup) else failure
            log.error("worker.eindigt", dienst=self._service.name, fout=type(error).__name__, exc_info=error)
            self.failure = f"De worker van {self._service.name} eindigt: {error}"
            self.end()

    async def _take_name(self) -> None:
        """Wait for the database when it is away: it may start later than we do."""
        while True:
            try:
                self._name = await take_name(self._bus, self._service.peers)
                log.info("worker.begint", dienst=self._service.name, instantie=self._name, poort=self._port)
                return
            except StorageUnavailable as error:
                log.warning("worker.wacht_op_database", dienst=self._service.name, fout=str(error))
                await asyncio.sleep(AGAIN)

    async def _keep_name(self) -> None:
        """Raises when another worker has our name: Kafka would hand the same partitions to both."""
        while True:
            await asyncio.sleep(AGAIN)
            try:
                ours = await self._service.peers.hold(slot(self._name))
            except StorageUnavailable:
                continue  # nobody can take it meanwhile; the health says that the database is away
            if not ours:
                raise CanNotRun(f"een andere worker heeft instantie {self._name} overgenomen")

    async def _stop(self) -> None:
        await self._service.stop()
        await self._bus.stop()
        await self._service.peers.stop()
        await self._service.edge.database.close()
