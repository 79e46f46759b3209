"""The product's own sentences in the words of the domain that is read about: its case, its cases, its manager.

Only for sentences that the product makes; what somebody typed is never changed.

>>> loans = Terms(case="override", cases="overrides", manager="dispatcher")
>>> in_words_of(loans, "Only 1 case so far. A case that no manager called; Managers in 3 cases.")
'Only 1 override so far. An override that no dispatcher called; Dispatchers in 3 overrides.'
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from rhml.core.domain_parts import Terms

_PRINTED: ContextVar[Terms | None] = ContextVar("printed_about", default=None)
_reader: Callable[[], Terms | None] = lambda: None  # noqa: E731  (a default to be replaced)

OURS = re.compile(r"\b(?:(an?) )?(cases?|managers?)\b(?!\()", re.I)
VOWELS = "aeiou"


def speak_of(reader: Callable[[], Terms | None]) -> None:
    """Where no domain is fixed for print, ask this: pages know the domain on screen."""
    global _reader
    _reader = reader


@contextmanager
def printed_about(terms: Terms) -> Iterator[None]:
    """Speak in the words of this domain, whoever reads: for a file."""
    token = _PRINTED.set(terms)
    try:
        yield
    finally:
        _PRINTED.reset(token)


def terms() -> Terms | None:
    """The words of the domain that is spoken of, if one is."""
    return _PRINTED.get() or _reader()


def own(text: str) -> str:
    """A sentence of the product in the words of the domain that is spoken of; unchanged where none is."""
    spoken = terms()
    return in_words_of(spoken, text) if spoken else text


def in_words_of(words: Terms, text: str) -> str:
    """The sentence with a domain's own words in place of ours, with the article and the capital that they need."""
    theirs = {
        "case": words.case, "cases": words.many, "manager": words.manager, "managers": f"{words.manager}s",
    }  # fmt: skip

    def said(found: re.Match) -> str:
        article, ours = found[1], found[2]
        word = theirs[ours.lower()]
        word = word[:1].upper() + word[1:] if ours[0].isupper() else word
        if not article:
            return word
        right = "an" if word[:1].lower() in VOWELS else "a"
        return f"{right.capitalize() if article[0].isupper() else right} {word}"

    return OURS.sub(said, text)
