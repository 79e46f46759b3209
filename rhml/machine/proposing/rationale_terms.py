"""The words that set apart what people wrote where they were right, and that no factor of the card covers.

Terms are one or two words. How much more a term belongs to rescued overrides than to the rest is the log-odds
ratio with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008, eq. 16 and 22): the prior is how
often the term is written at all, so that a rare word needs more than a coincidence. The most telling term is
taken with its rationales, then the next among what is left; what speaks of a factor on the card is set aside,
because the model reads that already.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse, stats
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer

from rhml.core.domain import DecisionDomain
from rhml.stats.multiplicity import benjamini_hochberg

LONGEST = 2_000
"""Characters of a rationale that are read: what a page of them does not say, no field would hold."""

PRIOR = 50.0
"""Words the prior is worth: a few rationales."""

FEWEST = 5
"""Rescued overrides with a term, by at least two people where several wrote."""

SURE = 1.645
FALSE_ALARMS = 0.05
MOST_ROUNDS = 12
WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]{2,40}(?![^\W\d_])")
"""Letters of any script; what is longer is no word."""

FILLERS = (
    "model",
    "recommendation",
    "reason",
    "decision",
    "override",
    "don",
    "doesn",
    "isn",
    "didn",
    "ve",
    "ll",
)


@dataclass(frozen=True)
class Group:
    """A telling term, the words that come with it, and the places of its rationales.

    `z` is its log-odds ratio in standard errors, `p` the chance of so uneven a split among all terms tested.
    """

    term: str
    words: tuple[str, ...]
    rows: tuple[int, ...]
    z: float
    p: float


def telling(
    texts: list[str], right: np.ndarray, writers: list[str], *, domain: DecisionDomain
) -> list[Group]:
    """Groups of rationales that speak of one thing and are found where people were right, most telling first.

    One text a resolved override; `right` (n,) says which proved right, `writers` who wrote.
    """
    texts = [text[:LONGEST].lower() for text in texts]
    counts, terms = _counted(texts)
    if counts is None:
        return []
    spoken, own = _factors_spoken_of(texts, domain), _own(terms, domain)
    left, found = np.ones(len(texts), dtype=bool), []
    for _ in range(MOST_ROUNDS):
        z, p = _log_odds(counts, right & left, ~right & left)
        adjusted = benjamini_hochberg(np.where(_supported(counts, right & left, writers), p, np.nan))
        telling_now = np.flatnonzero((adjusted < FALSE_ALARMS) & (z > 0))
        if not len(telling_now):
            break
        # What is not sure enough for a group still makes way: it would hide the words of others.
        # Of equals a word that the domain does not use comes first, then the shorter term.
        at = min(telling_now, key=lambda t: (-round(float(z[t]), 6), own[t], " " in terms[t], t))
        rows = left & (counts[:, [at]].toarray().ravel() > 0)
        if z[at] > SURE and not own[at] and not (spoken[rows].mean(axis=0) >= 0.5).any():
            company = _company(counts, terms, rows, at, own)
            found.append(
                Group(str(terms[at]), company, tuple(np.flatnonzero(rows)), float(z[at]), float(adjusted[at]))
            )
        left &= ~rows
    return found


def _stem(word: str) -> str:
    return word.removesuffix("s")


def _stems(text: str) -> frozenset[str]:
    return frozenset(_stem(w) for w in WORD.findall(text.lower()) if w not in ENGLISH_STOP_WORDS)


def _own(terms: np.ndarray, domain: DecisionDomain) -> np.ndarray:
    """Which terms consist of words that the domain's file uses for what the card shows."""
    said = [
        domain.title,
        domain.question,
        domain.terms.case,
        domain.terms.many,
        domain.terms.manager,
        *FILLERS,
    ]
    said += [action.label for action in domain.actions]
    for feature in domain.features:
        said += [feature.label, feature.name.replace("_", " "), *feature.levels]
    known = frozenset().union(*(_stems(text) for text in said), FILLERS)
    return np.array([all(_stem(word) in known for word in term.split()) for term in terms])


def _factors_spoken_of(texts: list[str], domain: DecisionDomain) -> np.ndarray:
    """Which rationale names which factor: all words of its label or of its name (n, factors)."""
    names = [(_stems(f.label), _stems(f.name.replace("_", " "))) for f in domain.features] or [
        (frozenset(),) * 2
    ]
    said = [frozenset(_stem(w) for w in WORD.findall(text)) for text in texts]
    return np.array([[any(n and n <= words for n in pair) for pair in names] for words in said])


def _counted(texts: list[str]) -> tuple[sparse.csr_array | None, np.ndarray]:
    """Which rationale holds which term (n, terms), 1 however often; None where nothing recurs."""
    vectorizer = CountVectorizer(
        ngram_range=(1, 2), binary=True, min_df=FEWEST, max_features=20_000, token_pattern=WORD.pattern,
        stop_words=list(ENGLISH_STOP_WORDS), dtype=np.float32,
    )  # fmt: skip
    try:
        counts = vectorizer.fit_transform(texts)
    except ValueError:  # scikit-learn's answer where no word is written often enough
        return None, np.array([])
    return sparse.csr_array(counts), vectorizer.get_feature_names_out()


def _supported(counts: sparse.csr_array, right: np.ndarray, writers: list[str]) -> np.ndarray:
    """Terms of enough rescued overrides, written by two people where several wrote."""
    codes, names = pd.factorize(np.asarray(writers, dtype=object))
    person = sparse.csr_array(
        (right.astype(np.float32), (codes, np.arange(len(codes)))), (len(names), len(codes))
    )
    by_person = (person @ counts).toarray()
    return (by_person.sum(axis=0) >= FEWEST) & ((by_person > 0).sum(axis=0) >= min(2, len(names)))


def _log_odds(counts: sparse.csr_array, right: np.ndarray, rest: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each term its log-odds ratio in standard errors, and the chance of its split by Fisher's exact test."""
    mine, theirs = (counts[np.flatnonzero(rows)].sum(axis=0).astype(float) for rows in (right, rest))
    prior = np.maximum(PRIOR * (mine + theirs) / max(1.0, (mine + theirs).sum()), 1e-9)
    a, b = mine + prior, theirs + prior
    others = [np.maximum(own.sum() + PRIOR - part, 1e-9) for own, part in ((mine, a), (theirs, b))]
    delta = np.log(a / others[0]) - np.log(b / others[1])
    p = stats.hypergeom.sf(mine - 1, right.sum() + rest.sum(), right.sum(), mine + theirs)
    return delta / np.sqrt(1 / a + 1 / b), p


def _company(
    counts: sparse.csr_array, terms: np.ndarray, rows: np.ndarray, at: int, own: np.ndarray
) -> tuple[str, ...]:
    """Up to four other words that are mostly written together with the term."""
    inside = counts[np.flatnonzero(rows)].sum(axis=0)
    everywhere = counts.sum(axis=0)
    single = np.array([" " not in term for term in terms]) & ~own
    single[at] = False
    good = np.flatnonzero(single & (inside >= 2) & (inside >= 0.6 * everywhere))
    return tuple(str(terms[t]) for t in sorted(good, key=lambda t: (-inside[t], t))[:4])
