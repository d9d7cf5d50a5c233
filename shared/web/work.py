"""A request that decides something: run the use case, keep its answer under the Idempotency-Key, then answer.

Key, fingerprint of the input and answer are stored in the transaction of the decision, before the answer is built:
what the caller hears is on disk. Stored answers are encrypted (they may hold personal data).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TypeVar

import orjson
from fastapi import Request, Response
from pydantic import BaseModel

from shared.database.port import Reader
from shared.kernel.refusal import Kind, Refusal
from shared.outbox.edge import Caller, Context, Edge, Outcome, UseCase
from shared.privacy.vault import Vault
from shared.web.problem import route_of

MOST_KEY = 255
Answer = TypeVar("Answer")


class SleutelHergebruikt(Refusal):
    """The Idempotency-Key was used before by this caller on this route, for other input (422)."""

    kind = Kind.KEY_REUSED
    title = "Idempotency-Key al gebruikt"


class SleutelOnbruikbaar(Refusal):
    """The Idempotency-Key is missing where money moves, too long, or no readable text."""

    title = "Idempotency-Key ontbreekt of is onbruikbaar"


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer ready to be stored and sent."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        return Response(self.body, self.status, headers=dict(self.headers))


def json_reply(status: int, body: BaseModel | object, **headers: str) -> Reply:
    """A JSON answer; header names with underscores for dashes (`Location`, `ETag`)."""
    packed = body.model_dump_json(by_alias=True).encode() if isinstance(body, BaseModel) else orjson.dumps(body)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, packed, {"Content-Type": "application/json", **named})


class Work:
    """One deciding request. `cause`: what its events name as what led to them, such as the id of a message."""

    def __init__(
        self, request: Request, caller: Caller, body: bytes, *, key_required: bool = False, cause: str | None = None
    ) -> None:
        self._cause = cause
        self._edge: Edge = request.app.state.edge
        self._vault: Vault = request.app.state.vault
        self._caller = caller
        self._route = route_of(request)
        self._key = request.headers.get("idempotency-key", "").strip()
        if key_required and not self._key:
            raise SleutelOnbruikbaar("Deze aanroep raakt geld: geef een eigen, unieke Idempotency-Key mee.")
        if len(self._key) > MOST_KEY:
            raise SleutelOnbruikbaar(f"Een Idempotency-Key is hoogstens {MOST_KEY} tekens.")
        if not self._key.isprintable():
            raise SleutelOnbruikbaar("Een Idempotency-Key bestaat uit leesbare tekens, zonder stuurtekens.")
        if self._key:
            asked = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
            self._print = sha256(asked + body).hexdigest()
            # Hashed: what a caller puts into its key is not ours to keep in clear.
            self._stored_key = sha256(self._key.encode()).hexdigest()
        self._who = f"{caller.rol}:{caller.gebruiker}:{caller.namens}"

    async def do(
        self,
        use_case: UseCase[Answer],
        reply: Callable[[Answer], Reply],
        *,
        at_once: bool = False,
        look: bool = False,
    ) -> Response:
        """Decide once. The same key and input gets the stored answer; the same key with other input is refused.
        `at_once`: as in `Edge.carry_out`; with a key its stored answer is asked for first. A use case that is a `look`
        runs each time: that somebody looked is recorded also when the answer is the stored one."""

        async def with_stored_answer(reader: Reader, context: Context) -> Outcome[Reply]:
            stored = await self._stored(reader)
            if stored is not None and not look:
                return Outcome(stored)
            outcome = await use_case(reader, context)
            if stored is not None:
                return Outcome(stored, outcome.changes)
            made = reply(outcome.answer)
            if self._key:
                self._store(outcome, made, context)
            return Outcome(made, outcome.changes)

        made = await self._edge.carry_out(
            with_stored_answer, caller=self._caller, cause=self._cause, at_once=at_once and not self._key
        )
        return made.response()

    async def _stored(self, reader: Reader) -> Reply | None:
        if not self._key:
            return None
        row = await reader.one(self._edge.stored_answer, beller=self._who, route=self._route, sleutel=self._stored_key)
        if row is None:
            return None
        if row.vingerafdruk != self._print:
            raise SleutelHergebruikt(
                "Deze Idempotency-Key hoort bij een eerdere aanroep met andere inhoud. Gebruik een nieuwe sleutel."
            )
        body = self._vault.decrypt(row.inhoud, self._bound())
        return Reply(row.status, body, {**orjson.loads(row.kop), "Idempotency-Replayed": "true"})

    def _store(self, outcome: Outcome[Answer], made: Reply, context: Context) -> None:
        outcome.changes.insert(
            self._edge.tables.answers,
            beller=self._who,
            route=self._route,
            sleutel=self._stored_key,
            vingerafdruk=self._print,
            status=made.status,
            kop=orjson.dumps(dict(made.headers)).decode(),
            inhoud=self._vault.encrypt(made.body, self._bound()),
            bewaard_op=context.now,
        )

    def _bound(self) -> str:
        return f"antwoord/{self._who}/{self._route}/{self._stored_key}"


async def work(request: Request, caller: Caller, *, key_required: bool = False) -> Work:
    """Make the work of this request; reads the body for the fingerprint."""
    return Work(request, caller, await request.body(), key_required=key_required)
