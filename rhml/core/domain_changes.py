"""What changed between two versions of a domain file, key by key, in words.

>>> old = 'title = "Loans"\\n[override]\\nlook_above = 0.05'
>>> [str(one) for one in changes(old, 'title = "Loans"\\n[override]\\nlook_above = 0.1\\nact_above = 0.2')]
['override.act_above: — → 0.2', 'override.look_above: 0.05 → 0.1']
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

NOTHING = "—"
LONGEST = 120


@dataclass(frozen=True)
class Change:
    """One key that stands otherwise than before; an empty side was not declared."""

    key: str
    was: str
    now: str

    def __str__(self) -> str:
        return f"{self.key}: {self.was} → {self.now}"


def changes(old: str | None, new: str) -> tuple[Change, ...]:
    """The keys that differ, in order of the alphabet; a first version has nothing to differ from."""
    if old is None:
        return ()
    before, after = _flat(old), _flat(new)
    found = [
        Change(key, before.get(key, NOTHING), after.get(key, NOTHING))
        for key in sorted({*before, *after})
        if before.get(key) != after.get(key)
    ]
    # Two files that say the same differ in comments, in spacing or in the order of their tables.
    return tuple(found)


def in_words(found: tuple[Change, ...], most: int = 6) -> str:
    """The first changes in one line, and how many more there are."""
    said = "; ".join(str(one) for one in found[:most])
    return said + (f"; and {len(found) - most} more" if len(found) > most else "")


def _flat(text: str) -> dict[str, str]:
    try:
        return dict(_leaves("", tomllib.loads(text)))
    except tomllib.TOMLDecodeError:
        return {"the whole text": _short(text)}


def _leaves(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and value:
        for key, held in value.items():
            yield from _leaves(f"{path}.{key}" if path else key, held)
    else:
        yield (
            path,
            _short(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)),
        )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
