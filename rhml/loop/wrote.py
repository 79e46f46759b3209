"""Look through what people wrote: by the meaning of words, by likeness to one rationale, and for what recurs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.machine.texts.meaning import Meaning, like, meant, scores
from rhml.machine.texts.word_book import FILLERS, WordBook
from rhml.reports.terms import FEWEST, Terms, terms
from rhml.store import rationales
from rhml.store.engine import Store
from rhml.store.explorer import Filters, observed_whatever_decided


@dataclass(frozen=True)
class Hit:
    """A rationale that was found: its rank, where the words stand in it, how many say exactly this, and the newest of them."""

    rank: int
    score: float
    rationale: str
    places: tuple[tuple[int, int], ...]
    overrides: int
    rescued: int
    spoiled: int
    decision_id: str
    case_id: str
    manager: str
    decided_at: datetime | None
    recommended_action: str
    final_action: str
    reason: str | None
    status: str


@dataclass(frozen=True)
class LookedFor:
    """One word that was looked for, and the words that were looked for with it."""

    word: str
    alike: tuple[str, ...]
    used_alike: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """The best hits, how many different rationales and overrides were found in all, and what was looked for."""

    hits: tuple[Hit, ...]
    texts: int
    overrides: int
    looked_for: tuple[LookedFor, ...]
    like: str = ""


def book(store: Store, domain: DecisionDomain, readable: Filters) -> WordBook:
    """The words of what somebody may read, as the author and the bank of filters say."""
    return WordBook.fit(rationales.newest(store, domain, readable))


def pattern(typed: str, words: WordBook) -> str:
    """Typed words as the log looks for them (RE2); empty where none was typed."""
    return meant(typed, words).pattern


def meaning(store: Store, domain: DecisionDomain, filters: Filters) -> Filters:
    """The same filters with what their words mean in this log, so that a file holds what the page shows."""
    if not filters.words:
        return filters
    return replace(filters, meant=pattern(filters.words, book(store, domain, filters)))


def search(store: Store, domain: DecisionDomain, filters: Filters, words: WordBook) -> Found:
    """The rationales that speak of the filters' words, the best first."""
    return _found(store, domain, filters, meant(filters.words, words), words)


def similar(
    store: Store, domain: DecisionDomain, filters: Filters, decision_id: str, words: WordBook
) -> Found:
    """Rationales like that of one override, without the same words again; nothing where the reader may not see it."""
    text = rationales.one(store, domain, decision_id, filters)
    found = _found(store, domain, filters, like(text, words), words, but=text)
    return Found(found.hits, found.texts, found.overrides, found.looked_for, text)


def recurring(store: Store, domain: DecisionDomain, filters: Filters, words: WordBook) -> Terms:
    """The words that recur in the newest rationales under the filters, by what came of the overrides."""
    written = rationales.written(store, domain, filters)
    if not observed_whatever_decided(store, domain):
        written["speaks"] = False  # outcomes of chosen cases alone would say who was right
    held = rationales.terms(store, domain, filters, fewest=FEWEST)
    return terms(written, held, fillers=FILLERS.union(filter(words.filler, words.words)))


def _found(
    store: Store, domain: DecisionDomain, filters: Filters, meaning: Meaning, words: WordBook, but: str = ""
) -> Found:
    if not meaning.sought:
        return Found((), 0, 0, ())
    rows = rationales.found(store, domain, filters, meaning.pattern, meaning.tiers())
    kept = [row for row in rows if row["rationale"] != but]
    fit = scores([row["rationale"] for row in kept], meaning, words)
    best = sorted(
        zip(kept, fit.tolist(), strict=True), key=lambda pair: -pair[1]
    )  # of equals the newest, as they come
    return Found(
        tuple(_hit(rank, row, score, meaning) for rank, (row, score) in enumerate(best, start=1)),
        (rows[0]["texts"] if rows else 0) - (len(rows) - len(kept)),
        (rows[0]["all_overrides"] if rows else 0)
        - sum(r["overrides"] for r in rows if r["rationale"] == but),
        tuple(_looked_for(meaning)),
    )


def _hit(rank: int, row: dict[str, Any], score: float, meaning: Meaning) -> Hit:
    of = {key: value for key, value in row.items() if key not in ("texts", "all_overrides", "newest")}
    return Hit(rank=rank, score=score, places=tuple(meaning.places(row["rationale"])), **of)


def _looked_for(meaning: Meaning) -> list[LookedFor]:
    return [
        LookedFor(
            one.word,
            tuple(form.word for form in one.forms if not form.used),
            tuple(form.word for form in one.forms if form.used),
        )
        for one in meaning.sought
    ]
