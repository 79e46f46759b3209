"""How much one key may ask: a bucket of requests that refills by itself, and the size of a request."""

from __future__ import annotations

import threading
from collections import OrderedDict

from starlette.requests import Request

from rhml.api.problems import Refusal

BURST = 60
A_SECOND = 10.0
"""Requests that a key may make at once, and a second for long."""

LONGEST_ADDRESS = 2_000
"""Bytes of path and query."""

LARGEST_HEADERS = 8_000
"""Bytes of all headers, names and values."""

REMEMBERED = 10_000


class Buckets:
    """One bucket a key; a full one is the same as none, so what is not remembered is full."""

    def __init__(self, burst: int = BURST, a_second: float = A_SECOND):
        self._burst, self._a_second = burst, a_second
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key_id: str, now: float) -> float:
        """Take one request out; gives 0, or the seconds until there is one.

        >>> full = Buckets(burst=1, a_second=0.5)
        >>> full.take("k", 0.0), full.take("k", 0.0), full.take("k", 2.0)
        (0.0, 2.0, 0.0)
        """
        with self._lock:
            left, since = self._held.pop(key_id, (float(self._burst), now))
            left = min(self._burst, left + max(now - since, 0.0) * self._a_second)
            wait = 0.0 if left >= 1 else (1 - left) / self._a_second
            self._held[key_id] = (left if wait else left - 1, now)
            while len(self._held) > REMEMBERED:
                self._held.popitem(last=False)
            return wait


def check_size(request: Request) -> None:
    """Refuse what is longer than anything this door is asked for."""
    scope = request.scope
    if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > LONGEST_ADDRESS:
        raise Refusal(414, "Address too long", f"Keep path and query under {LONGEST_ADDRESS:,} bytes.")
    if sum(len(name) + len(value) for name, value in scope["headers"]) > LARGEST_HEADERS:
        raise Refusal(431, "Headers too large", f"Keep all headers together under {LARGEST_HEADERS:,} bytes.")


def check_body(request: Request) -> None:
    """Refuse every body: there is nothing to send."""
    sent = request.headers.get("content-length", "0").strip()
    if sent not in ("", "0") or "transfer-encoding" in request.headers:
        raise Refusal(413, "Nothing can be sent here", "Send the request without a body: this door only answers.",
                      {"Connection": "close"})  # fmt: skip
