"""Which tables of facts this product makes: one that was dropped while it was empty is missed by no seal."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

ORGANIZATION = "rhml"
_MADE = re.compile(r"CREATE TABLE (?:IF NOT EXISTS )?\S+?\.(\w+) \(\s*seq BIGINT")


@lru_cache(maxsize=2)
def fact_tables_of(kind: str) -> frozenset[str]:
    """The tables of facts of the organization's own schema, or of a domain's, as the migrations make them.

    >>> "people" in fact_tables_of("organization"), "decisions" in fact_tables_of("domain")
    (True, True)
    """
    found = sorted(
        (file for file in (files("rhml.store") / "migrations").iterdir() if file.name.startswith(f"{kind}_")),
        key=lambda file: file.name,
    )
    return frozenset(name for file in found for name in _MADE.findall(file.read_text("utf-8")))


def dropped(schema: str, there: list[str]) -> list[str]:
    """The tables of facts that a schema should hold and does not."""
    kind = "organization" if schema == ORGANIZATION else "domain"
    return sorted(fact_tables_of(kind) - set(there))
