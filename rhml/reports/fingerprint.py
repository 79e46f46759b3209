"""By what anyone can tell that two reports rest on the same facts: one number for the data and the domain file."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

SHORT = 12
METHOD = (
    "SHA-256 over the domain file's hash and, for decisions, outcomes and cases, the number of rows and the sum of "
    "their MD5s. It tells any change by accident or by hand; it is no signature."
)


@dataclass(frozen=True)
class Fingerprint:
    """What the facts come to; the counter is the log's newest fact, which may be one that no report rests on."""

    rows: dict[str, int]
    sums: dict[str, int]
    domain_file: str
    domain_version: int
    counter: int

    @property
    def whole(self) -> str:
        """64 hexadecimal digits.

        >>> one = Fingerprint({"cases": 2}, {"cases": 7}, "ab", 1, 10)
        >>> one.whole == Fingerprint({"cases": 2}, {"cases": 7}, "ab", 3, 99).whole
        True
        >>> one.whole == Fingerprint({"cases": 2}, {"cases": 8}, "ab", 1, 10).whole
        False
        """
        facts = [self.domain_file, *([name, self.rows[name], self.sums[name]] for name in sorted(self.rows))]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()

    @property
    def short(self) -> str:
        """The first twelve digits, enough to compare by eye."""
        return self.whole[:SHORT]

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "sha256": self.whole,
            "short": self.short,
            "rows": dict(self.rows),
            "domain_file": self.domain_file,
            "domain_version": self.domain_version,
            "counter": self.counter,
            "method": METHOD,
        }
