"""The words of a log's rationales: how rare each is, which are written alike, and which are used alike.

Nothing is known beforehand about a language: rarity is scikit-learn's inverse document frequency; words are written
alike by the character n-grams they share (TF-IDF, cosine) and by how they begin; they are used alike where they
stand among the same other words (pointwise mutual information of pairs that chance would not bring together,
truncated SVD: Bullinaria & Levy 2012; Levy & Goldberg 2014), learned from this log alone.

>>> book = WordBook.fit(["the contract ends soon", "their contracts were renewed", "a machine broke down"] * 2)
>>> [word for word, _ in book.alike("contract")], [word for word, _ in book.alike("macine")]
(['contracts'], ['machine'])
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

import numpy as np
from scipy import sparse, stats
from sklearn.decomposition import TruncatedSVD
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import TfidfVectorizer

MOST_WORDS = 50_000
"""The most frequent words; a rarer one is still found as it is written."""

MOST_COMPARED = 6_000
FEWEST = 4
"""Texts with a word before it is said how it is used."""

SIZES = 48
LONGEST = 2_000
"""Letters of a text that are read."""

COMMON, COMMON_FROM = 0.25, 40
"""A word in a larger share of so many texts is a filler: it marks no text off from others."""

_ENGLISH = """
a an the and or but if than then as at by for from in into of off on onto out over to up with without within this that these
those it its he she they them their his her him i we us our you your my me is are was were be been being am do does did done
has have had having will would can could may might must shall should not no nor so such there here when where which who whom
what why how all any each both some more most very just only also too own same
"""
FILLERS = frozenset(_ENGLISH.split())
"""Short of frequency, these say nothing by themselves; other languages' fillers are found by frequency."""

USED_ALIKE = 0.75
NEAREST = 40
MARKS = "".join(chr(c) for c in range(0x300, 0x10000) if unicodedata.category(chr(c))[0] == "M")
WORD = re.compile(rf"(?:[^\W_]|[{MARKS}])+")
"""A run of letters, digits and the marks on them, in any script: what RE2 calls `[\\p{L}\\p{M}\\p{N}]+`."""


def words_of(text: str) -> list[str]:
    """The words of a text in small letters."""
    return WORD.findall(text[:LONGEST].lower())


@dataclass(frozen=True, eq=False)
class WordBook:
    """The words of `texts` different rationales, their rarity, and how they are used (rows without a use are 0)."""

    texts: int
    words: tuple[str, ...]
    rarity: np.ndarray
    uses: np.ndarray

    @classmethod
    def fit(cls, texts: Iterable[str]) -> WordBook:
        """Read different rationales; few texts tell how words are written, many how they are used."""
        texts = list(texts)
        reader = TfidfVectorizer(
            analyzer=words_of, max_features=MOST_WORDS, binary=True, norm=None, dtype=np.float32
        )
        try:
            held = reader.fit_transform(texts)
        except (ValueError, NotFittedError):  # scikit-learn's answer where no word is written
            return cls(len(texts), (), np.zeros(0), np.zeros((0, 1), np.float32))
        held.data[:] = 1.0
        return cls(len(texts), tuple(reader.get_feature_names_out()), reader.idf_.astype(float), _uses(held))

    @cached_property
    def at(self) -> dict[str, int]:
        """The place of each word."""
        return {word: place for place, word in enumerate(self.words)}

    @cached_property
    def often(self) -> np.ndarray:
        """In how many texts each word stands: the rarity of scikit-learn, ln((1 + n) / (1 + d)) + 1, read backwards."""
        return np.rint((1 + self.texts) / np.exp(self.rarity - 1) - 1).astype(int)

    def weight(self, word: str) -> float:
        """How much a word says: its rarity, or that of a word nobody has written yet."""
        place = self.at.get(word)
        return float(np.log(1 + self.texts) + 1) if place is None else float(self.rarity[place])

    def filler(self, word: str) -> bool:
        """Whether a word says nothing by itself, or stands in so many rationales that it marks none off."""
        place = self.at.get(word)
        often = place is not None and self.texts >= COMMON_FROM and self.often[place] > COMMON * self.texts
        return often or word in FILLERS

    def alike(self, word: str, most: int = 12) -> list[tuple[str, float]]:
        """Words written alike with how alike they are, 0 to 1: other forms of a known word, the meant one of a misspelt one."""
        shared = self._pieces_shared(word)
        found = []
        for place in np.argsort(-shared, kind="stable")[:NEAREST]:
            other = self.words[place]
            if shared[place] > 0 and other != word and (near := self._near(word, other)):
                found.append((other, near))
        return sorted(found, key=lambda pair: -pair[1])[:most]

    def used_alike(self, word: str, most: int = 4) -> list[tuple[str, float]]:
        """Words that stand among the same other words in this log, with the cosine of their uses."""
        place = self.at.get(word)
        if place is None or not self.uses[place].any() or self.filler(word):
            return []
        cosines = self.uses @ self.uses[place]
        cosines[place] = 0.0
        nearest = np.argsort(-cosines, kind="stable")[: 4 * most]
        kept = [(self.words[p], float(cosines[p])) for p in nearest if cosines[p] >= USED_ALIKE]
        return [pair for pair in kept if not self.filler(pair[0])][:most]

    def _near(self, word: str, other: str) -> float:
        """How alike two words are written, 0 where they are two different words."""
        plain, like = _bare(word), _bare(other)
        short, long = sorted((plain, like), key=len)
        if len(short) >= 4 and short in long and (len(short) >= 5 or len(short) >= 0.6 * len(long)):
            return max(0.6, len(short) / len(long))
        start = next((i for i, (a, b) in enumerate(zip(plain, like, strict=False)) if a != b), len(short))
        if start >= max(5, 0.7 * len(long)):
            return start / len(long)
        ratio = SequenceMatcher(None, plain, like, autojunk=False).ratio()
        return ratio if ratio >= (0.72 if len(short) > 4 else 0.8) and self._slip(word, other) else 0.0

    def _slip(self, word: str, other: str) -> bool:
        """Whether one of two words can be the other misspelt: nobody else wrote it, or hardly anybody."""
        typed, met = (self.often[self.at[w]] if w in self.at else 0 for w in (word, other))
        return typed == 0 or met * 20 <= typed

    @cached_property
    def _pieces(self) -> tuple[TfidfVectorizer, sparse.csr_array]:
        reader = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), dtype=np.float32)
        return reader, reader.fit_transform([_bare(word) for word in self.words] or ["-"])

    def _pieces_shared(self, word: str) -> np.ndarray:
        if not self.words:
            return np.zeros(0)
        reader, held = self._pieces
        return (held @ reader.transform([_bare(word)]).T).toarray().ravel()


def _bare(word: str) -> str:
    """A word without the marks on its letters: ä as a, é as e."""
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c)) or word


def _uses(held: sparse.csr_matrix) -> np.ndarray:
    """How each word is used (words, SIZES), rows of length 1; 0 for words that are too rare or fill every text."""
    texts, width = held.shape
    often = np.asarray(held.sum(axis=0)).ravel()
    fit = np.flatnonzero((often >= FEWEST) & (often <= max(COMMON * texts, FEWEST)))
    fit = fit[np.argsort(-often[fit], kind="stable")][:MOST_COMPARED]
    matrix = _surprises(held[:, fit], often[fit], texts)
    known = np.flatnonzero(np.diff(matrix.indptr) >= 2)
    sizes = min(SIZES, len(known) // 2)
    found = np.zeros((width, max(sizes, 1)), np.float32)
    if sizes < 2:
        return found
    parts = TruncatedSVD(sizes, random_state=0).fit_transform(matrix[known][:, known])
    lengths = np.linalg.norm(parts, axis=1)[:, None]
    found[fit[known]] = np.divide(parts, lengths, out=np.zeros_like(parts), where=lengths > 1e-6)
    return found


def _surprises(held: sparse.csr_matrix, often: np.ndarray, texts: int) -> sparse.csr_array:
    """log p(w, v) / (p(w) p(v)) of every two words that stand together more often than chance would once have any two."""
    together = sparse.coo_array(held.T @ held)
    row, column, count = together.row, together.col, together.data.astype(float)
    expected = often[row] * often[column] / texts
    kept = (row != column) & (count > expected)
    row, column, count, expected = (part[kept] for part in (row, column, count, expected))
    sure = stats.poisson.sf(count - 1, expected) < 1 / max(len(often) ** 2 / 2, 1)
    weights = np.log(count[sure] / expected[sure]).astype(np.float32)
    return sparse.csr_array((weights, (row[sure], column[sure])), shape=(len(often), len(often)))
