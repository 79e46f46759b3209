"""What verifying a chain comes to: the facts that are not as they were written, each with a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

NAMED = 20
"""Bad facts that are looked up and described one by one; the others are counted."""

LONGEST = 600
"""Signs of a sentence that are shown."""

SAID = {
    "changed": "was changed after it was sealed",
    "missing": "is gone: it was sealed, and the log no longer holds it",
    "added": "was never sealed: something other than this product wrote it",
    "moved": "was moved: it was sealed under another number",
    "seal": "was itself changed",
    "tail": "do not reach the end of the log: facts or seals after them were cut off",
    "text": "has another text than was recorded with it",
    "text gone": "has lost its text, and no erasure says so",
    "text added": "is a text that belongs to no fact",
    "value": "shows another value than the last one recorded for it",
    "waiting": "is not in step with the facts",
    "unreadable": "is not as this product keeps it, so its facts cannot be held against their seals",
    "dropped": "is not there: the table was dropped, or its numbers were",
    "unnumbered": "holds a row without a number: something other than this product wrote it",
    "view": "is not the view that this product makes: what is read through it may be false",
    "gone": "is not there: it was dropped",
    "shape": "is not made as this product makes it",
    "meaning": "is explained in other words than this product's",
    "maker": "was not made by this product",
    "erasure": "claims an erasure that does not fit it",
}
"""What a kind of finding says of its fact."""


def printable(text: str) -> str:
    """A sentence with names in it that strangers gave: no sign that a terminal or a page would obey, and an end.

    >>> printable("x" + chr(27) + "[2J")
    'x [2J'
    """
    return "".join(sign if sign.isprintable() else " " for sign in text[:LONGEST])


@dataclass(frozen=True)
class Finding:
    """One fact that is not as it was written; `seq` is its number, `about` what tells it from others."""

    schema: str
    table: str
    seq: int
    kind: str
    about: str = ""
    detail: str = ""

    @property
    def sentence(self) -> str:
        """What is wrong, as a sentence."""
        number = f" {self.seq:,}" if self.seq > 0 else ""
        about = f" ({self.about})" if self.about else ""
        detail = f" {self.detail}" if self.detail else ""
        return printable(f"{self.schema}: {self.table}{number}{about} {SAID[self.kind]}.{detail}")


@dataclass(frozen=True)
class Erased:
    """An erasure on record: whose or what, when, by whom and why, how many facts it redacted, and of how many cases."""

    kind: str
    alias: str
    count: int
    why: str
    at: datetime
    by: str
    facts: int

    @property
    def sentence(self) -> str:
        """What was erased, as a sentence."""
        facts = "1 fact" if self.facts == 1 else f"{self.facts:,} facts"
        name = self.alias if self.count == 1 else f"{self.count:,} erased cases"
        return f"{facts} redacted on {self.at:%Y-%m-%d} by {self.by} as {name}, because: {self.why}"


@dataclass(frozen=True)
class Chain:
    """One chain as it was found: how many facts it seals, its head, what is wrong and what was erased.

    `findings` are in the order of the facts and at most some dozens; `wrong` counts them all.
    """

    schema: str
    facts: int
    seals: int
    head: str
    findings: tuple[Finding, ...] = ()
    wrong: int = 0
    erased: tuple[Erased, ...] = ()
    knows_head: bool | None = None

    @property
    def sound(self) -> bool:
        """Whether every fact is as it was written."""
        return not self.wrong and self.knows_head is not False

    def as_dict(self) -> dict[str, Any]:
        """The same for files and jobs."""
        return {
            "schema": self.schema, "facts": self.facts, "seals": self.seals, "head": self.head,
            "sound": self.sound, "wrong": self.wrong, "knows_head": self.knows_head,
            "findings": [{"table": f.table, "seq": f.seq, "kind": f.kind, "about": f.about, "says": f.sentence}
                         for f in self.findings],
            "erased": [{"kind": e.kind, "alias": e.alias, "facts": e.facts, "at": e.at.isoformat(),
                        "by": e.by, "why": e.why} for e in self.erased],
        }  # fmt: skip
