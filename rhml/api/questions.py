"""What a request asks, read strictly: the key in its header, and the whole numbers of its query."""

from __future__ import annotations

import re

from starlette.requests import Request

from rhml.api.problems import Refusal
from rhml.loop.feed import MOST

PAGE = 100
REALM = {"WWW-Authenticate": 'Bearer realm="rhml"'}
_NUMBER = re.compile(r"[0-9]{1,18}")


def key_of(request: Request) -> str:
    """The key from the Authorization header; nothing of it is ever read from the address."""
    given = request.headers.getlist("authorization")
    scheme, _, key = (given[0] if len(given) == 1 else "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise Refusal(401, "No key", "Send the header 'Authorization: Bearer KEY' once, with a key that a lead "
                      "made under Organization, Other systems.", REALM)  # fmt: skip
    return key.strip()


def span_of(request: Request) -> tuple[int, int]:
    """After which number of the log, and how many entries at most."""
    asked = request.query_params
    unknown = sorted(set(asked.keys()) - {"after", "limit"})
    if unknown:
        raise _invalid(f"There is no parameter {unknown[0][:50]!r}. There are after and limit.")
    for name in asked:
        if len(asked.getlist(name)) > 1:
            raise _invalid(f"Give {name} once.")
    return _number(asked.get("after", "0"), "after", 0, 10**18), _number(
        asked.get("limit", str(PAGE)), "limit", 1, MOST
    )


def _number(text: str, name: str, least: int, most: int) -> int:
    if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
        wanted = (
            f"from {least} to {most:,}" if name == "limit" else "of the log, as rhml.next of the last answer"
        )
        raise _invalid(f"{name} is a whole number {wanted}.")
    return int(text)


def _invalid(detail: str) -> Refusal:
    return Refusal(422, "A parameter is not right", detail)
