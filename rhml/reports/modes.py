"""What the three modes come to: drawn, asked, done, left out, and the minutes that they cost; of the team alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.core.policy import MODES
from rhml.stats.intervals import wilson
from rhml.stats.measure import Measure
from rhml.stats.medians import Median, combined, median_of


@dataclass(frozen=True)
class ModeUse:
    """One mode. `meant` is the share that was set when the cases arrived; counts are of cases.

    `minutes` is the median time a card is open, `longer` by how much that exceeds an assisted card's.
    """

    mode: str
    drawn: int
    share: Measure
    meant: float
    waiting: int
    decided: int
    asked: int
    done: int
    overdue: int
    called: int
    set_aside: Measure
    minutes: Measure
    longer: Measure


@dataclass(frozen=True)
class ModesReport:
    """Every mode, and the minutes that own calls cost in a hundred cases at the shares that are set now."""

    modes: tuple[ModeUse, ...]
    per_hundred: Measure

    @property
    def drawn(self) -> int:
        """How many cases had a card here."""
        return sum(use.drawn for use in self.modes)


def modes(counts: pd.DataFrame, seconds: pd.DataFrame, domain: DecisionDomain) -> ModesReport:
    """The report from one row a drawn mode (`store.modes.counts`) and one row a timed card (mode, seconds)."""
    total = int(counts["drawn"].sum())
    minutes = seconds["seconds"].to_numpy(dtype=np.float64) / 60
    times = {mode: median_of(minutes[(seconds["mode"] == mode).to_numpy()]) for mode in MODES}
    rows = {row["mode"]: row for row in counts.to_dict("records")}
    return ModesReport(
        tuple(_use(mode, rows.get(mode, {}), total, times, domain) for mode in MODES),
        _per_hundred(times, domain),
    )


def _use(
    mode: str, row: dict, total: int, times: dict[str, Median], domain: DecisionDomain
) -> ModeUse:  # fmt: skip
    drawn = int(row.get("drawn", 0))
    names = ("waiting", "decided", "asked", "done", "overdue", "called")
    own = [] if mode == "assisted" else [(1.0, times[mode]), (-1.0, times["assisted"])]
    return ModeUse(
        mode=mode,
        drawn=drawn,
        share=_share(drawn, total),
        meant=float(row["meant"]) if row else _meant(mode, domain),
        **{name: int(row.get(name, 0)) for name in names},
        set_aside=_share(int(row.get("set_aside", 0)), drawn),
        minutes=combined([(1.0, times[mode])]),
        longer=combined(own) if own else Measure.unknown("The others are held against it."),
    )


def _share(hits: int, n: int) -> Measure:
    """A share of cases, each drawn by itself (Wilson)."""
    if not n:
        return Measure.unknown("No cases yet.")
    low, high = wilson(hits, n)
    return Measure.of(hits / n, low, high, n)


def _meant(mode: str, domain: DecisionDomain) -> float:
    shares = domain.modes
    own = {"first_call": shares.first_call, "evidence_only": shares.evidence_only}
    return own.get(mode, 1 - sum(own.values()))


def _per_hundred(times: dict[str, Median], domain: DecisionDomain) -> Measure:
    shares = {mode: _meant(mode, domain) for mode in MODES if mode != "assisted"}
    asked = {mode: share for mode, share in shares.items() if share > 0}
    if not asked:
        return Measure.unknown("No case asks for one: both shares are 0 in the domain file.")
    parts = [(100 * share, times[mode]) for mode, share in asked.items()]
    return combined([*parts, (-100 * sum(asked.values()), times["assisted"])])
