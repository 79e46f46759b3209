"""Learning cycles: gather trainings, the bank's answers, people's calls and what was exchanged; compute."""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime
from itertools import zip_longest

import numpy as np
import pandas as pd

from rhml.loop.asked import Asked
from rhml.loop.versions import versions
from rhml.reports.cycles import Cycles, Given, Span
from rhml.reports.cycles import cycles as compute
from rhml.store import drills, lessons, registry
from rhml.store import marks as marks_made

MOST = 12
"""Cycles shown: the newest ones."""

TEACHING = {"teach the model": "taught_model", "teach the team": "taught_people"}


def cycles(asked: Asked) -> Cycles:
    """Every learning cycle within the dates asked for, or the newest ones of them."""
    spans = _spans(asked)
    first = max(len(spans) - MOST, 0)
    spans = spans[first:]
    _, why = asked.calls.judged()
    names = [] if why else [version for version, *_ in spans]
    return compute(
        asked.calls,
        spans,
        asked.replays.answers(names),
        versions(asked),
        _given(asked, spans),
        first=first + 1,
        difficulty=asked.hard,
    )


def _spans(asked: Asked) -> list[Span]:
    """From one training to the next, oldest first; the last one lasts until now."""
    trained = sorted(registry.versions(asked.store, asked.domain.name), key=lambda one: one.trained_at)
    ends = [one.trained_at for one in trained[1:]]
    every = [(one.version, one.trained_at, end) for one, end in zip_longest(trained, ends)]
    return [
        span
        for span in every
        if (asked.until is None or span[1] < asked.until)
        and (asked.since is None or span[2] is None or span[2] > asked.since)
    ]


def _given(asked: Asked, spans: list[Span]) -> list[Given]:
    """What each cycle's people gave the model, and what they were given."""
    if not spans:
        return []
    decided = asked.kept[~asked.kept["imported"].fillna(False).astype(bool)]
    at = _place(pd.to_datetime(decided["decided_at"]), spans)
    known = _place(pd.to_datetime(decided["known_at"]).where(decided["right_action"].notna()), spans)
    advised = decided["recommended_action"].notna()
    marks = marks_made.of_calls(asked.store, asked.domain)
    marked = pd.Series(at, index=decided["decision_id"]).reindex(marks["decision_id"]).to_numpy()
    on_words = marks["factor"].str.contains(":", regex=False).to_numpy(bool)
    counts = {
        "decisions": at,
        "overrides": np.where(advised & (decided["final_action"] != decided["recommended_action"]), at, -1),
        "shown": np.where(advised, at, -1),
        "marks": marked,
        "words": np.where(on_words, marked, -1),
        "outcomes": known,
        **_taught(asked, spans),
    }
    tallies = {name: _tally(places, len(spans)) for name, places in counts.items()}
    return [Given(**{name: tally[k] for name, tally in tallies.items()}) for k in range(len(spans))]


def _taught(asked: Asked, spans: list[Span]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {"taught_model": [], "taught_people": []}
    for lesson in lessons.held(asked.store, asked.domain):
        for event in lesson.events:
            if event.kind in TEACHING:
                found[TEACHING[event.kind]].append(_one(event.at, spans))
    answered = drills.first_answers(asked.store, asked.domain.name)
    return {**found, "drills": [_one(when, spans) for _, _, when in answered]}


def _one(when: datetime, spans: list[Span]) -> int:
    place = bisect_right([since for _, since, _ in spans], when) - 1
    until = spans[place][2] if place >= 0 else None
    return place if place >= 0 and (until is None or when < until) else -1


def _place(times: pd.Series, spans: list[Span]) -> np.ndarray:
    """The span of each moment; −1 where it lies in none or is missing."""
    starts = np.array([since for _, since, _ in spans], dtype="datetime64[us]")
    moments = times.to_numpy("datetime64[us]")
    found = np.searchsorted(starts, moments, side="right") - 1
    found[np.isnat(moments)] = -1
    last = spans[-1][2]
    if last is not None:
        found[moments >= np.datetime64(last)] = -1
    return found


def _tally(places: object, width: int) -> list[int]:
    held = np.asarray(
        pd.to_numeric(pd.Series(places, dtype=object), errors="coerce").fillna(-1), dtype=np.int64
    )
    return np.bincount(held[held >= 0], minlength=width).tolist()
