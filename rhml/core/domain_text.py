"""A domain file's text, read with limits: what is too large, too deep or unprintable is no domain file."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from pathlib import Path
from typing import Any

from rhml.errors import DomainInvalid, Problem

LARGEST = 2**20
"""Bytes of a file; a domain with hundreds of features takes a tenth of it."""

LONGEST = 2_000
"""Characters of one text in it."""

DEEPEST = 6
"""Tables and lists inside each other; a domain file needs four."""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2069\ufeff]")


def file_text(path: Path) -> str:
    """The text of a domain file; DomainInvalid where it cannot be read."""
    try:
        if path.exists() and not path.is_file():
            raise _unreadable(path, "it is no file")
        if path.stat().st_size > LARGEST:
            raise _unreadable(path, "it is larger than 1 MB")
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(path, "it is not UTF-8 text") from error
    except OSError as error:
        raise _unreadable(path, error.strerror or type(error).__name__) from error


def _unreadable(path: Path, reason: str) -> DomainInvalid:
    problem = Problem(str(path), "", f"The file cannot be read ({reason}).", "Give a UTF-8 TOML file.")
    return DomainInvalid(str(problem), [problem])


def tables(text: str) -> tuple[dict[str, Any], list[Problem]]:
    """The text as nested tables, or what keeps it from being read.

    >>> tables('title = "Loans"')
    ({'title': 'Loans'}, [])
    >>> [str(p) for p in tables('title = "a\\\\u0000"')[1]]
    ['title: The text holds a control character or an invisible one. Remove it and type it again.']
    """
    if len(text) > LARGEST:
        return {}, [Problem("file", "", "The text is longer than a million characters.", "Shorten it.")]
    try:
        # One letter may be written in two ways that look the same; files of cases are read alike.
        raw = tomllib.loads(unicodedata.normalize("NFC", text.removeprefix("\ufeff")))
    except tomllib.TOMLDecodeError as error:
        return {}, [Problem("file", "", f"This is not valid TOML: {error}.", "Mend the line it names.")]
    except RecursionError:
        return {}, [_too_deep("file")]
    except ValueError as error:  # a date or a number that TOML allows and nobody can hold
        return {}, [Problem("file", "", f"A value cannot be read: {error}.", "Correct it.")]
    return raw, _oddities(raw)


def _too_deep(where: str) -> Problem:
    return Problem(
        where, "", "Tables lie inside tables that no domain file has.", "Leave the inner ones out."
    )


def _oddities(raw: dict[str, Any]) -> list[Problem]:
    """Texts that could not be shown as written, and nesting beyond any declared key; without recursion."""
    problems: list[Problem] = []
    left: list[tuple[tuple[str, ...], Any]] = [((), raw)]
    while left:
        place, value = left.pop(0)
        where = ".".join(place)[:80] or "file"
        if len(place) > DEEPEST:
            return [_too_deep(where)]
        if isinstance(value, dict):
            left.extend(((*place, key), inner) for key, inner in value.items())
            problems.extend(_odd(f"{where}: a key", key) for key in value if not is_plain(key))
        elif isinstance(value, list):
            left.extend(((*place, str(at)), inner) for at, inner in enumerate(value))
        elif isinstance(value, str) and not is_plain(value):
            problems.append(_odd(where, value))
    return problems


def is_plain(text: str) -> bool:
    """Whether a domain file may hold the text: not too long, and every character of it shows."""
    return len(text) <= LONGEST and _UNPRINTABLE.search(text) is None


def _odd(where: str, text: str) -> Problem:
    if len(text) > LONGEST:
        return Problem(where, text[:40], f"The text is longer than {LONGEST:,} characters.", "Shorten it.")
    problem = "The text holds a control character or an invisible one."
    return Problem(where, repr(text)[:40], problem, "Remove it and type it again.")
