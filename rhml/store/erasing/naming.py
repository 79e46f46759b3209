"""Puts an alias in the place of a name, wherever a text or a JSON document holds it.

>>> said = renamer({"Kim": "erased person 3f2a"})
>>> said("Kim and Kimberley differed"), said('{"by": "Kim", "n": 3}')
('erased person 3f2a and Kimberley differed', '{"by": "erased person 3f2a", "n": 3}')
>>> renamer({"17": "erased case 3f2a"}, words=distinct)('{"case": "17", "of": "17 cases"}')
'{"case": "erased case 3f2a", "of": "17 cases"}'
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from rhml.store.names import literal

Said = Callable[[str], str]


def renamer(aliases: Mapping[str, str], *, words: Callable[[str], bool] = lambda name: True) -> Said:
    """What a text says with aliases for names; `words`: whether a name is also looked for within sentences."""
    within = [re.escape(name) for name in sorted(aliases, key=len, reverse=True) if words(name)]
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(within)})(?!\w)") if within else None

    def one(text: str) -> str:
        if text in aliases:
            return aliases[text]
        return pattern.sub(lambda found: aliases[found[0]], text) if pattern else text

    def walk(part: Any) -> Any:
        if isinstance(part, str):
            return one(part)
        if isinstance(part, list):
            return [walk(inner) for inner in part]
        if isinstance(part, dict):
            return {one(key): walk(inner) for key, inner in part.items()}
        return part

    def said(text: str) -> str:
        if text[:1] in "{[":
            try:
                read = json.loads(text)
            except ValueError:
                return one(text)
            return json.dumps(new) if (new := walk(read)) != read else text
        return one(text)

    return said


def distinct(name: str) -> bool:
    """Whether a case's number is no mere number: a short one also counts things in sentences."""
    return len(name) >= 5 or any(letter.isalpha() for letter in name)


def mentions(column: str, name: str) -> str:
    """SQL: whether a text may hold a name, written plainly or as JSON writes it."""
    written = {name, json.dumps(name)[1:-1]}
    return "(" + " OR ".join(f"contains({column}, {literal(w)})" for w in sorted(written)) + ")"


def new_alias(kind: str) -> str:
    """What stands for an erased person or case from now on."""
    return f"erased {kind} {secrets.token_hex(4)}"
