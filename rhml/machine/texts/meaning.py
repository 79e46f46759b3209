"""What a reader looks for in rationales: the typed words, other forms of them, and words used alike in this log.

The words become one pattern that a database reads (RE2), so that every rationale is looked through under any filter;
the best of what it finds are ranked here by the cosine of TF-IDF, in which a word may be stood for by its other forms
at a discount (vector space retrieval with weighted query expansion: Salton & Buckley 1988; Voorhees 1994). Words in
quotation marks are looked for as they stand.

>>> book = WordBook.fit(["The contract ends soon.", "Their contracts were renewed.", "A machine broke down."])
>>> meaning = meant('contract', book)
>>> [s.word for s in meaning.sought], [f.word for f in meaning.sought[0].forms]
(['contract'], ['contracts'])
>>> scores(["Their contracts were renewed.", "The contract ends.", "A machine."], meaning, book).round(2).tolist()
[0.36, 0.58, 0.0]
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rhml.machine.texts.word_book import MARKS, WordBook, words_of

MOST_SOUGHT = 8
MOST_OF_TEXT = 6
"""Words of a rationale by which others like it are looked for: its rarest."""

ALIKE, USED = 0.8, 0.5
"""What another form of a word counts, and a word used alike, beside the word itself."""

_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_QUOTED = re.compile(r'["“”„«»]([^"“”„«»]+)["“”„«»]')
_LETTER = r"\p{L}\p{M}\p{N}"


@dataclass(frozen=True)
class Form:
    """A word that may stand for a sought one, how much it counts, and whether it is written or used alike."""

    word: str
    weight: float
    used: bool


@dataclass(frozen=True)
class Sought:
    """One word (or words in quotation marks) that is looked for, what it says, and what may stand for it."""

    word: str
    weight: float
    forms: tuple[Form, ...] = ()

    @property
    def every(self) -> tuple[str, ...]:
        """The word and all that may stand for it."""
        return (self.word, *(form.word for form in self.forms))


@dataclass(frozen=True)
class Meaning:
    """What is looked for; nothing where no word was typed."""

    sought: tuple[Sought, ...] = ()

    @cached_property
    def pattern(self) -> str:
        """RE2: a rationale speaks of any of the words or of what may stand for them."""
        return pattern(word for one in self.sought for word in one.every)

    def tiers(self) -> list[tuple[str, float]]:
        """RE2 patterns with what each counts for, best first within a sought word; for a first choice among many."""
        return [
            tier
            for one in self.sought
            for tier in (
                (pattern([one.word]), one.weight),
                (pattern(f.word for f in one.forms if not f.used), ALIKE * one.weight),
                (pattern(f.word for f in one.forms if f.used), USED * one.weight),
            )
        ]

    def places(self, text: str) -> list[tuple[int, int]]:
        """Where in a text the words stand."""
        return [found.span(1) for found in self._marking.finditer(text)] if self.sought else []

    @cached_property
    def _marking(self) -> re.Pattern[str]:
        words = [word for one in self.sought for word in one.every]
        between, before, after = (
            rf"(?:[^\w{MARKS}]|_)+",
            rf"(?<![^\W_])(?<![{MARKS}])",
            rf"(?![^\W_])(?![{MARKS}])",
        )
        return re.compile(f"({_any(words, between, before, after)})", re.IGNORECASE)


def meant(typed: str, book: WordBook) -> Meaning:
    """What typed words mean in this log; fillers are left out where anything else was typed."""
    phrases = [" ".join(words_of(found)) for found in _QUOTED.findall(typed)]
    exact = [Sought(words, _weight(words, book)) for words in dict.fromkeys(phrases) if words]
    loose = list(dict.fromkeys(words_of(_QUOTED.sub(" ", typed))))
    telling = [word for word in loose if not book.filler(word)]
    chosen = telling or ([] if exact else loose)
    return Meaning((*exact, *(_sought(word, book) for word in chosen))[:MOST_SOUGHT])


def like(text: str, book: WordBook) -> Meaning:
    """What a rationale says in its rarest words, for others like it; those that nobody else wrote come last."""
    known = [word for word in dict.fromkeys(words_of(text)) if not book.filler(word)]
    lonely = {word for word in known if word not in book.at or book.often[book.at[word]] < 2}
    chosen = sorted(known, key=lambda word: (word in lonely, -book.weight(word)))[:MOST_OF_TEXT]
    return Meaning(tuple(_sought(word, book) for word in chosen))


def scores(texts: Sequence[str], meaning: Meaning, book: WordBook) -> np.ndarray:
    """How well each text fits (n,), 0 to 1: cosine of TF-IDF, each sought word at its best form."""
    whole = float(np.sqrt(sum(one.weight**2 for one in meaning.sought))) or 1.0
    return np.array([_score(text, meaning, book) / whole for text in texts])


def _score(text: str, meaning: Meaning, book: WordBook) -> float:
    own = words_of(text)
    held, run = set(own), f" {' '.join(own)} "
    length = np.sqrt(sum(book.weight(word) ** 2 for word in held)) or 1.0
    found = 0.0
    for one in meaning.sought:
        if one.word in held or f" {one.word} " in run or (_UNSPACED.search(one.word) and one.word in run):
            found += one.weight**2
        else:
            found += one.weight**2 * max(
                (form.weight for form in one.forms if form.word in held), default=0.0
            )
    return float(min(found / length, 1e9))


def _sought(word: str, book: WordBook) -> Sought:
    alike = [Form(other, ALIKE * near, False) for other, near in book.alike(word)]
    known = {form.word for form in alike}
    used = [Form(w, USED * near**2, True) for w, near in book.used_alike(word) if w not in known]
    weight = book.weight(word)
    if word not in book.at and alike:  # misspelt: it says what the word says that was meant
        weight = book.weight(alike[0].word)
    return Sought(word, weight, (*alike, *used))


def _weight(words: str, book: WordBook) -> float:
    return max(book.weight(word) for word in words.split())


def pattern(words: Iterable[str]) -> str:
    r"""RE2 for any of some words as whole words, in any case; nothing where there are none.

    The borders stand once for all words: many times over, they would be too much for RE2's fast path.

    >>> pattern(["a b", "c"]) == r"(?i)(?:(?:^|[^\p{L}\p{M}\p{N}])(?:a[^\p{L}\p{M}\p{N}]+b|c)(?:$|[^\p{L}\p{M}\p{N}]))"
    True
    """
    border = rf"[^{_LETTER}]"
    each = _any(words, f"{border}+", f"(?:^|{border})", f"(?:$|{border})")
    return f"(?i)(?:{each})" if each else ""


def _any(words: Iterable[str], between: str, before: str, after: str) -> str:
    """A pattern for any of some words, the longest first; scripts without spaces have no borders of words."""
    spaced, unspaced = [], []
    for word in sorted(set(words), key=lambda word: (-len(word), word)):
        body = between.join(re.escape(part) for part in word.split())
        (unspaced if _UNSPACED.search(word) else spaced).append(body)
    whole = [f"{before}(?:{'|'.join(spaced)}){after}"] if spaced else []
    return "|".join([*whole, *unspaced])
