"""The door itself: which address is what, who may ask it, and how an answer or a refusal leaves."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime
from math import ceil
from urllib.parse import urlencode

import anyio
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from rhml.api.description import description
from rhml.api.limits import Buckets, check_body, check_size
from rhml.api.problems import QUIET, Refusal, answer, problem
from rhml.api.questions import REALM, key_of, span_of
from rhml.errors import RhmlError
from rhml.loop import feed, keys
from rhml.store import organization
from rhml.store.engine import Store
from rhml.store.keys import Key
from rhml.store.opening import utc_now

METHODS = "GET, HEAD, OPTIONS"
AT_ONCE = 2
"""Requests that read the log at one time; pages go first."""


def routes(open_log: Callable[[], Store], *, clock: Callable[[], datetime] = utc_now) -> list[Route]:
    """Everything under /api, for the app's server; the log is opened by whoever asks first."""
    door = Door(open_log, clock)
    return [Route("/api", door), Route("/api/{path:path}", door)]


class Door:
    """Answers requests under /api; knows the log, the time, and how much each key has asked."""

    def __init__(
        self,
        open_log: Callable[[], Store],
        clock: Callable[[], datetime] = utc_now,
        buckets: Buckets | None = None,
    ):
        self._open_log, self._clock, self._buckets = open_log, clock, buckets or Buckets()
        self._places: anyio.CapacityLimiter | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; a thread of its own reads the log, so that no page waits for it."""
        if self._places is None:
            self._places = anyio.CapacityLimiter(AT_ONCE)
        request = Request(scope, receive)
        response = await anyio.to_thread.run_sync(self.respond, request, limiter=self._places)
        await response(scope, receive, send)

    def respond(self, request: Request) -> Response:
        """The answer, or why there is none; a defect is logged whole and told without its innards."""
        try:
            return self._respond(request)
        except Refusal as refused:
            return problem(refused)
        except RhmlError as refused:
            # It may name files and addresses of the machine, which are nobody else's business.
            logging.getLogger("rhml").warning("a request to the API was not answered: %s", refused)
            return problem(
                Refusal(
                    503, "The log cannot be read now", "Ask again in a minute; the server's log says why."
                )
            )
        except Exception:  # the one boundary of this door, as the page frame has one
            logging.getLogger("rhml").exception("a request to the API failed")
            return problem(
                Refusal(500, "A defect", "This is a defect of the product. The server's log has the rest.")
            )

    def _respond(self, request: Request) -> Response:
        check_size(request)
        parts = request.scope.get("path", "").split("/")[2:]
        match parts:
            case ["openapi.json"]:
                return _read_only(request) or answer(description())
            case ["domains", name, "feedback"] if name:
                return _read_only(request) or self._feedback(request, name)
        raise Refusal(404, "Nothing here", "There are /api/domains/DOMAIN/feedback and /api/openapi.json.")

    def _feedback(self, request: Request, name: str) -> Response:
        store, now = self._open_log(), self._clock()
        key = self._opened(store, key_of(request), now)
        try:
            if key.domain != name or key.scope != keys.FEED:
                raise Refusal(403, "Not with this key", f"This key opens the feed of {key.domain} alone.")
            if wait := self._buckets.take(key.key_id, time.monotonic()):
                raise Refusal(429, "Too many requests", "Wait as many seconds as Retry-After says, then go on.",
                              {"Retry-After": str(ceil(wait))})  # fmt: skip
            after, limit = span_of(request)
            found = feed.page(store, organization.domain(store, name), after=after, limit=limit)
        except feed.CursorInvalid as refused:
            keys.used(store, key, refused=True, at=now)
            raise Refusal(422, "The log is shorter", str(refused)) from refused
        except Refusal:
            keys.used(store, key, refused=True, at=now)
            raise
        keys.used(store, key, refused=False, at=now)
        following = urlencode({"after": found.next, "limit": limit})
        return answer(found.body, headers={"Link": f'<?{following}>; rel="next"'} if found.more else None)

    def _opened(self, store: Store, presented: str, now: datetime) -> Key:
        try:
            return keys.holder(store, presented, at=now)
        except keys.KeyUnknown as refused:
            headers = {"WWW-Authenticate": REALM["WWW-Authenticate"] + ', error="invalid_token"'}
            raise Refusal(401, "No valid key", str(refused), headers) from refused


def _read_only(request: Request) -> Response | None:
    """Only reading is known here; what may be done is told to whoever asks for it, to no other origin."""
    match request.method:
        case "GET" | "HEAD":
            check_body(request)
            return None
        case "OPTIONS":
            return Response(status_code=204, headers={**QUIET, "Allow": METHODS})
    raise Refusal(405, "Only reading", f"Ask with one of {METHODS}.", {"Allow": METHODS})
