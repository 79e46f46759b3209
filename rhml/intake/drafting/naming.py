"""Names a domain file can use, made from headings as people write them, and text as TOML quotes it."""

from __future__ import annotations

import re
import unicodedata

from rhml.core.reserved import RESERVED_DOMAINS, is_reserved

_ESCAPED = re.compile(r'["\\\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]')


def slug(words: str, otherwise: str = "column") -> str:
    """Small letters, digits and underscores, beginning with a letter.

    >>> slug("Größe (m²)"), slug("2nd visit"), slug("年")
    ('grosse_m2', 'n_2nd_visit', 'column')
    """
    plain = unicodedata.normalize("NFKD", words.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:50].rstrip("_")
    return f"n_{name}" if name[:1].isdigit() else name or otherwise


def domain_name(stem: str) -> str:
    """The nearest name that a domain file may have.

    >>> domain_name("Loans 2024"), domain_name("main")
    ('loans_2024', 'its_main')
    """
    name = slug(stem, "decisions")
    return f"its_{name}" if name in RESERVED_DOMAINS else name


def column_name(heading: str) -> str:
    """A feature's name for a heading; a word the product uses itself gets `its_` in front."""
    name = slug(heading)
    return f"its_{name}" if is_reserved(name) else name


def distinct(wanted: list[tuple[str, str]]) -> list[str]:
    """One name for each (text, name wished for), all different; a text that is a name already keeps it.

    >>> distinct([("Amount", "amount"), ("amount", "amount"), ("Amount!", "amount")])
    ['amount_2', 'amount', 'amount_3']
    """
    given: dict[int, str] = {}
    for at, (text, name) in enumerate(wanted):
        if text == name and name not in given.values():
            given[at] = name
    used = set(given.values()) | {text for text, _ in wanted}
    for at, (_, name) in enumerate(wanted):
        if at in given:
            continue
        number, free = 1, name
        while free in used:
            number += 1
            free = f"{name}_{number}"
        given[at] = free
        used.add(free)
    return [given[at] for at in range(len(wanted))]


def quoted(text: str) -> str:
    """A TOML basic string of one line, safe inside a comment too.

    >>> quoted('say "hi"\\n')
    '"say \\\\"hi\\\\"\\\\n"'
    """
    return '"' + _ESCAPED.sub(_escape, text) + '"'


def _escape(found: re.Match[str]) -> str:
    short = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
    return short.get(found.group(), f"\\u{ord(found.group()):04X}")
