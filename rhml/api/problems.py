"""Refusals as other systems read them: JSON problem details (RFC 9457), each a sentence with a remedy."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from starlette.responses import Response

QUIET = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Headers of every answer: nothing is kept, framed, run, or read by another origin."""


@dataclass(eq=False)
class Refusal(Exception):
    """Why a request is not answered: its status, in a few words, in a sentence with a remedy, and its headers."""

    status: int
    title: str
    detail: str
    headers: dict[str, str] = field(default_factory=dict)


def problem(refused: Refusal) -> Response:
    """A refusal as a response."""
    told = {"type": "about:blank", "title": refused.title, "status": refused.status, "detail": refused.detail}
    return answer(told, status=refused.status, kind="application/problem+json", headers=refused.headers)


def answer(
    told: object, *, status: int = 200, kind: str = "application/json", headers: dict[str, str] | None = None
) -> Response:
    """Plain values as a response that a browser neither keeps nor runs."""
    body = json.dumps(told, ensure_ascii=False, allow_nan=False).encode("utf-8")
    return Response(body, status, {**QUIET, **(headers or {})}, media_type=kind)
