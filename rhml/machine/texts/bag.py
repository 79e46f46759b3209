"""Short messages as a sparse bag of word and character n-grams, each of which leads back to its words.

A word counts by itself, with the word after it, and by the three or four letters in a row that it is made of, so
that a misspelt word is still half known. Nothing crosses a word's border but the pair of two words; every
n-gram therefore belongs to one word or two, and what it says can be shared among them without a rest.

>>> bag = Bag.fit(["free gift", "free gifts", *["the minutes"] * 8])
>>> "free" in bag.words, "gift" in bag.words, " gif" in bag.pieces
(True, False, True)
>>> bag.matrix(["Free!", None]).shape == (2, len(bag.words) + len(bag.pieces))
True
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

MOST_WORDS = 2_000
MOST_PIECES = 2_000
"""The most frequent words and pairs, and the most frequent pieces: rarer ones teach little and cost as much."""

FEWEST = 2
"""Texts that must hold an n-gram before it counts: what occurs once only names its case."""

WIDEST = 0.3
"""A piece in a larger share of the texts is no sign of anything, and takes the most time."""

SIZES = (3, 4)
LONGEST = 40
"""Letters of a word that are read for pieces: a longer one is no word but data."""

_UNSPACED = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+|[^\w\s]+")
"""A run of letters and digits, a run of signs, or one letter of a script that is written without spaces."""


@dataclass(frozen=True, eq=False)
class Parsed:
    """The words of many texts, one after another: whose they are, where they stand, and which word it is."""

    count: int
    owner: np.ndarray
    start: np.ndarray
    end: np.ndarray
    code: np.ndarray
    distinct: tuple[str, ...]

    @cached_property
    def pairs(self) -> np.ndarray:
        """Places (m,) of words that are followed by another one of the same text."""
        return np.flatnonzero(self.owner[:-1] == self.owner[1:]) if len(self.owner) else np.zeros(0, int)

    @cached_property
    def pair_words(self) -> tuple[np.ndarray, list[str]]:
        """For each of `pairs` the code of the two words together, and the distinct ones in words."""
        width = max(len(self.distinct), 1)
        codes, distinct = pd.factorize(self.code[self.pairs] * width + self.code[self.pairs + 1])
        return codes, [f"{self.distinct[p // width]} {self.distinct[p % width]}" for p in distinct]


@dataclass(frozen=True)
class Bag:
    """The n-grams that count, and in how many of the `texts` it was fitted on each occurred."""

    texts: int
    words: tuple[str, ...]
    word_texts: tuple[int, ...]
    pieces: tuple[str, ...]
    piece_texts: tuple[int, ...]

    @classmethod
    def fit(cls, texts: Iterable[str | None]) -> Bag:
        """Take the most frequent n-grams; what proved right has no say in it, so nothing leaks."""
        parsed = parse(texts)
        singles = _frequencies(parsed.owner, parsed.code, parsed.distinct)
        codes, pairs = parsed.pair_words
        words = singles + _frequencies(parsed.owner[parsed.pairs], codes, pairs)
        pieces, made_of = _all_pieces(parsed.distinct)
        found = _counted(parsed.owner, parsed.code, (parsed.count, len(parsed.distinct))) @ made_of
        held = np.bincount(found.indices, minlength=len(pieces))
        chosen, often = _most(words, MOST_WORDS)
        texts = int((np.bincount(parsed.owner, minlength=1) > 0).sum())
        telling = [(p, n) for p, n in zip(pieces, held.tolist(), strict=True) if n <= WIDEST * texts]
        parts, part_often = _most(telling, MOST_PIECES)
        return cls(texts, chosen, often, parts, part_often)

    @property
    def width(self) -> int:
        """How many n-grams there are."""
        return len(self.words) + len(self.pieces)

    @cached_property
    def rarity(self) -> np.ndarray:
        """How much one occurrence of each n-gram counts: inverse document frequency, smoothed (width,)."""
        often = np.array([*self.word_texts, *self.piece_texts], dtype=np.float64)
        return np.log((1 + self.texts) / (1 + often)) + 1

    @cached_property
    def _words_at(self) -> pd.Index:
        return pd.Index(self.words, dtype=object)

    @cached_property
    def _pieces_at(self) -> dict[str, int]:
        return {piece: at for at, piece in enumerate(self.pieces)}

    def matrix(self, texts: Iterable[str | None]) -> sparse.csr_array:
        """The weights (n, width) of the n-grams in each text: occurrences × rarity, scaled to length 1."""
        counts = self.counts(parse(texts))
        row = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
        weights = counts.data * self.rarity[counts.indices]
        return sparse.csr_array(
            (weights / lengths(counts, self.rarity)[row], counts.indices, counts.indptr), counts.shape
        )

    def counts(self, parsed: Parsed) -> sparse.csr_array:
        """How often each n-gram occurs in each text (n, width)."""
        single, pair = self.known(parsed)
        owner = np.concatenate([parsed.owner, parsed.owner[parsed.pairs]])
        at = np.concatenate([single, pair])
        words = _counted(owner[at >= 0], at[at >= 0], (parsed.count, len(self.words)))
        every = _counted(parsed.owner, parsed.code, (parsed.count, len(parsed.distinct)))
        counts = sparse.csr_array(sparse.hstack([words, every @ self.made_of(parsed.distinct)], format="csr"))
        counts.sum_duplicates()  # puts columns in order now: scipy would do it later, behind our back
        return counts

    def known(self, parsed: Parsed) -> tuple[np.ndarray, np.ndarray]:
        """For each word, and each pair, its place among `words`; −1 where it does not count."""
        codes, pairs = parsed.pair_words
        place = self._words_at.get_indexer(pd.Index(parsed.distinct, dtype=object))
        pair_place = self._words_at.get_indexer(pd.Index(pairs, dtype=object))
        return place[parsed.code], pair_place[codes] if len(pairs) else np.zeros(0, int)

    def made_of(self, distinct: tuple[str, ...]) -> sparse.csr_array:
        """How often each piece that counts occurs in each word (words, pieces)."""
        at = self._pieces_at
        rows, columns = [], []
        for row, word in enumerate(distinct):
            for piece in pieces_of(word):
                if (column := at.get(piece)) is not None:
                    rows.append(row)
                    columns.append(column)
        return _counted(np.asarray(rows, int), np.asarray(columns, int), (len(distinct), len(self.pieces)))

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "texts": self.texts,
            "words": list(self.words),
            "word_texts": list(self.word_texts),
            "pieces": list(self.pieces),
            "piece_texts": list(self.piece_texts),
        }

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> Bag:
        """The inverse of `to_dict`; KeyError or TypeError on anything else."""
        lists = {key: tuple(plain[key]) for key in ("words", "word_texts", "pieces", "piece_texts")}
        return cls(texts=int(plain["texts"]), **lists)


def parse(texts: Iterable[str | None]) -> Parsed:
    """Find the words of each text; places count in the text as it was written, a missing text has none."""
    owner, start, end, words, count = [], [], [], [], 0
    for row, text in enumerate(texts):
        count = row + 1
        if not isinstance(text, str):
            continue
        for found in _WORD.finditer(text):
            owner.append(row)
            start.append(found.start())
            end.append(found.end())
            words.append(found.group().lower())
    codes, distinct = pd.factorize(np.asarray(words, dtype=object))
    whole = (np.asarray(part, dtype=np.int64) for part in (owner, start, end, codes))
    return Parsed(count, *whole, tuple(distinct))


def pieces_of(word: str) -> list[str]:
    """The three to five letters in a row of a word, its borders among them as blanks."""
    marked = f" {word[:LONGEST]} "
    return [marked[at : at + size] for size in SIZES for at in range(len(marked) - size + 1)]


def _all_pieces(distinct: tuple[str, ...]) -> tuple[list[str], sparse.csr_array]:
    rows, said = [], []
    for row, word in enumerate(distinct):
        own = pieces_of(word)
        rows += [row] * len(own)
        said += own
    codes, pieces = pd.factorize(np.asarray(said, dtype=object))
    return list(pieces), _counted(np.asarray(rows, int), codes, (len(distinct), len(pieces)))


def _frequencies(owner: np.ndarray, code: np.ndarray, names: Iterable[str]) -> list[tuple[str, int]]:
    """Each n-gram with the number of texts that hold it."""
    names = list(names)
    if not len(code):
        return []
    once = np.unique(owner * len(names) + code) % len(names)
    return list(zip(names, np.bincount(once, minlength=len(names)).tolist(), strict=True))


def _most(counted: list[tuple[str, int]], most: int) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The most frequent ones in alphabetical order; of equals the alphabetically first are kept."""
    often = sorted((-n, name) for name, n in counted if n >= FEWEST)[:most]
    kept = sorted((name, -n) for n, name in often)
    return tuple(name for name, _ in kept), tuple(n for _, n in kept)


def _counted(rows: np.ndarray, columns: np.ndarray, shape: tuple[int, int]) -> sparse.csr_array:
    return sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)


def lengths(counts: sparse.csr_array, rarity: np.ndarray) -> np.ndarray:
    """The Euclidean length (n,) of each row of counts × rarity; 1 for an empty one, which stays empty."""
    squared = (counts.power(2) @ rarity**2) if counts.shape[1] else np.zeros(counts.shape[0])
    return np.where(squared > 0, np.sqrt(squared), 1.0)
