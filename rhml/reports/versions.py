"""How often each version of the model is right, against the one before and the first; and what each cycle brought.

*Bank*: cases no version ever learned from, every version asked anew about the same ones, so two versions are compared
case by case (exact McNemar test; DeLong for the area under the curve). *Live*: what a version held likeliest, each before
the outcome was known, on whatever cases came while it recommended. A learning cycle lasts from one promotion to
the next.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.reports.calls import Calls
from rhml.reports.replayed import Replayed
from rhml.reports.version_rows import Against, Cycle, Known, Scores, VersionRow, Versions
from rhml.stats import anytime
from rhml.stats.delong import area_gap, measured
from rhml.stats.intervals import mean, share, wilson
from rhml.stats.measure import MINIMUM, Measure, too_few
from rhml.stats.paired import difference, mcnemar
from rhml.stats.sample import Sample
from rhml.stats.verdicts import verdict

MANY_ACTIONS = "One area under the curve speaks for two actions; this domain has more."
NOT_STORED = "This version is not stored here, so it cannot be asked."
MOST_LIVE = 50_000
ASKED = 0.0125
"""The doubt left in each of the two comparisons that everybody asks for."""

__all__ = ["Known", "Versions", "versions"]


def versions(
    calls: Calls, replayed: Replayed, known: list[Known], spans: list[tuple[str, datetime | None, datetime | None]], *,
    uses: int = 0,
) -> Versions:  # fmt: skip
    """Scores and comparisons of the versions known, oldest first.

    replayed: stored versions on the bank. spans: version, from when and until when it was live, oldest first.
    """
    judged, why = calls.judged()
    if why:
        return Versions((), (), why)
    names = [one.version for one in known if not one.imported and one.version in replayed.versions]
    is_live = next((one.version for one in known if one.is_live and one.version in names), "")
    first = next((one.version for one in known if one.live_from and one.version in names), "")
    shown, rows = _live(calls, judged), []
    for one in known:
        place = names.index(one.version) if one.version in names and not one.imported else -1
        newest = place == len(names) - 1 and one.version != is_live
        others = (
            names[place - 1] if place > 0 else "",
            first if place > 0 else "",
            is_live if newest and place >= 0 else "",
        )
        found = {
            o: _against(
                replayed, one.version, o, calls.domain, _level(one, o, names, first, is_live, len(replayed))
            )
            for o in set(others) - {"", one.version}
        }
        bank = _on_bank(replayed, one.version) if place >= 0 else _none(Measure.unknown(NOT_STORED))
        rows.append(VersionRow(one, bank, _as_shown(calls, shown, one), *(found.get(o) for o in others)))
    cycles = tuple(_cycle(calls, judged, *span) for span in spans)
    return Versions(
        tuple(rows), cycles, "", replayed.of, len(replayed), uses, anytime.level(len(replayed), ASKED)
    )


def _level(one: Known, other: str, names: list[str], first: str, is_live: str, cases: int) -> float:
    """What the words of a comparison rest on: half of the doubt goes to the two that matter most, half to all others.

    Those are the live version against the first, and the newest against the live one.
    """
    asked = (one.version, other) == (is_live, first) or (one.version, other) == (names[-1], is_live)
    return anytime.level(cases, ASKED if asked else 0.025 / max(2 * len(names) - 3, 1))


def _none(none: Measure) -> Scores:
    return Scores(none, none, none)


def _on_bank(replayed: Replayed, version: str) -> Scores:
    at, n = replayed.versions.index(version), len(replayed)
    if n < MINIMUM:
        return _none(Measure.unknown(too_few(n), n))
    return _scores(replayed.chances[at], replayed.right)


def _scores(chances: np.ndarray, right: np.ndarray) -> Scores:
    """Each row a case of its own: chances (n, K), right (n,)."""
    n, hits = len(right), int((chances.argmax(axis=1) == right).sum())
    low, high = wilson(hits, n)
    auc = measured(chances[:, 0], right == 0) if chances.shape[1] == 2 else Measure.unknown(MANY_ACTIONS, n)
    return Scores(Measure.of(hits / n, low, high, n), auc, mean(_brier(chances, right), Sample.rows(n)))


def _brier(chances: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Half the squared error over all actions, 0 best and 1 worst (Brier 1950)."""
    return ((chances - (right[:, None] == np.arange(chances.shape[1]))) ** 2).sum(axis=1) / 2


def _against(replayed: Replayed, version: str, other: str, domain: DecisionDomain, level: float) -> Against:
    a, b = replayed.versions.index(version), replayed.versions.index(other)
    hits, right = replayed.hits, replayed.right
    split = mcnemar(hits[a] == 1, hits[b] == 1)
    wide = difference(hits[a], hits[b], level=level)
    said = verdict(wide, smallest=domain.report.smallest_change, level=level)
    two = replayed.chances.shape[2] == 2
    area = area_gap(replayed.chances[a][:, 0], replayed.chances[b][:, 0], right == 0) if two else None
    brier = difference(_brier(replayed.chances[a], right), _brier(replayed.chances[b], right))
    return Against(
        other, said, difference(hits[a], hits[b]), split.only_first, split.only_second, split.p,
        area.gap if area else Measure.unknown(MANY_ACTIONS), area.p if area else None, brier,
    )  # fmt: skip


def _live(calls: Calls, judged: np.ndarray) -> dict[tuple[str, bool], np.ndarray]:
    """Positions of the first judged recommendation of each case, by version and whether it was imported, as shown."""
    at = np.flatnonzero(judged & (calls.recommended >= 0))
    codes, names = pd.factorize(calls.column("model_version").iloc[at])
    elsewhere = calls.column("imported").iloc[at].fillna(False).to_numpy(bool)
    codes = 2 * codes + elsewhere
    once = ~pd.Series(calls.case[at] * (2 * len(names) + 2) + codes).duplicated().to_numpy()
    at, codes = at[once], codes[once]
    return {
        (str(name), bool(way)): at[codes == 2 * k + way] for k, name in enumerate(names) for way in (0, 1)
    }


def _as_shown(calls: Calls, live: dict[tuple[str, bool], np.ndarray], known: Known) -> Scores:
    at = live.get((known.version, known.imported), np.zeros(0, np.int64))
    n = len(at)
    if n < MINIMUM:
        return _none(Measure.unknown(too_few(n), n))
    if n > MOST_LIVE:
        at = at[np.sort(np.random.default_rng(n).choice(n, MOST_LIVE, replace=False))]
    said, sure = calls.recommended[at], calls.column("recommended_confidence").iloc[at].to_numpy(float)
    hits = int((said == calls.right[at]).sum())
    low, high = wilson(hits, len(at))
    accuracy = Measure.of(hits / len(at), low, high, len(at))
    if len(calls.domain.actions) != 2 or np.isnan(sure).any():
        none = Measure.unknown(
            MANY_ACTIONS if len(calls.domain.actions) != 2 else "Not all state how sure it was.", n
        )
        return Scores(accuracy, none, none)
    first = np.where(said == 0, sure, 1 - sure)
    found = _scores(np.column_stack([first, 1 - first]), calls.right[at])
    return Scores(accuracy, found.auc, found.brier)


def _cycle(
    calls: Calls, judged: np.ndarray, version: str, since: datetime | None, until: datetime | None
) -> Cycle:
    times = pd.to_datetime(calls.column("decided_at"))
    rows = judged & times.notna().to_numpy()
    if since is not None:
        rows &= (times >= since).to_numpy()
    if until is not None:
        rows &= (times < until).to_numpy()
    keeps = {
        "first": rows & calls.unaided,
        "recommended": rows & (calls.recommended >= 0),
        "final": rows & (calls.final >= 0),
    }
    found = [
        share(calls.hits(who)[keep], calls.sample(keep, managers=who != "recommended"))
        for who, keep in keeps.items()
    ]
    return Cycle(version, since, until, *found)
