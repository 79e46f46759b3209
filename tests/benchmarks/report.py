"""How long the whole report takes, step by step. python tests/benchmarks/report.py [DECISIONS] [MANAGERS] [LOG]

Onboards a planted organization into a log of its own (or opens LOG, if it is there), and prints processor seconds a step
of `report --json` with all its parts, and the ratio to two things timed in the same run: reading the decisions, and a
naive report of pandas groupbys that gives the plain shares alone, without one interval.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.loop.onboard import onboard
from rhml.loop.report import report
from rhml.loop.steps import Progress
from rhml.proof import plant
from rhml.proof.log import files
from rhml.proof.organization import organization
from rhml.store import frames
from rhml.store import organization as organizations
from rhml.store.engine import Store
from rhml.store.opening import open_store, utc_now


def log(decisions: int, managers: int, at: Path) -> tuple[Store, DecisionDomain]:
    """A log of so many decisions, onboarded unless the file holds one already."""
    store = open_store(f"duckdb:///{at}", now=utc_now())
    if held := organizations.domain_names(store):
        return store, organizations.domain(store, held[0])
    own = decisions // 10
    made = organization(
        replace(plant.LEARNING, calls=own, assisted=decisions // 2 - own, managers=managers), 3
    )
    domain = made.domain()
    onboard(store, domain, **files(made), by="operator", at=utc_now())
    return store, domain


def naive(decisions: pd.DataFrame, domain: DecisionDomain) -> list[pd.Series]:
    """The plain shares by month, half and segment: what a notebook would do, without any interval."""
    found = []
    calls = {"first": "first_action", "model": "recommended_action", "team": "final_action"}
    for column in calls.values():
        rows = decisions[decisions[column].notna() & decisions["right_action"].notna()]
        right = rows[column] == rows["right_action"]
        found.append(right.groupby(rows["decided_at"].dt.to_period("M")).mean())
        found.append(right.groupby(rows["manager"]).mean())
        found += [right.groupby(rows[by]).mean() for by in domain.segment_columns]
    over = decisions["final_action"] != decisions["recommended_action"]
    found += [over.groupby(decisions[by]).mean() for by in ("manager", "reason", *domain.segment_columns)]
    return found


class Clock:
    """Processor seconds between one word of progress and the next."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, float, float]] = []

    def tell(self, _: float, words: str) -> None:
        """A step begins: the one before has ended."""
        self.steps.append((words, process_time(), perf_counter()))

    def lines(self) -> list[tuple[str, float, float]]:
        """Each step with its processor seconds and its wall seconds."""
        ends = [*self.steps[1:], ("", process_time(), perf_counter())]
        return [(w, e[1] - cpu, e[2] - at) for (w, cpu, at), e in zip(self.steps, ends, strict=True)]


def timed(name: str, work: Callable[[], Any]) -> tuple[Any, float]:
    """What came of it, and its processor seconds, which are printed."""
    cpu, at = process_time(), perf_counter()
    found = work()
    spent = process_time() - cpu
    print(f"{name:<60} {spent:7.2f} s of processor {perf_counter() - at:7.2f} s on the wall", flush=True)
    return found, spent


def main(decisions: int, managers: int, at: Path) -> None:
    store, domain = log(decisions, managers, at)
    rows, read = timed("reading the decisions (frames.decided)", lambda: frames.decided(store, domain))
    _, plain = timed("plain shares by pandas groupby", lambda: naive(rows, domain))
    clock = Clock()
    tell: Progress = clock.tell
    whole, spent = timed("the whole report as JSON", lambda: report(store, domain, progress=tell).as_dict())
    for words, cpu, wall in clock.lines():
        print(f"    {words:<56} {cpu:7.2f} {wall:7.2f}")
    print(
        f"{whole['decisions']:,} decisions: {spent / read:.1f} × reading them, {spent / plain:.1f} × the plain shares"
    )
    store.close()


if __name__ == "__main__":
    given = sys.argv[1:]
    count = int(given[0]) if given else 20_000
    people = int(given[1]) if len(given) > 1 else 25
    main(count, people, Path(given[2]) if len(given) > 2 else Path(tempfile.mkdtemp()) / "log.duckdb")
