"""The three calls of every decision as arrays, and which rows may speak about right and wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.stats.sample import Sample

NO_OUTCOMES = "This domain has no outcomes, so who was right cannot be known."
SELECTIVE = (
    "Cannot be known: an outcome is seen only after some decisions, and no random share of cases shows "
    "it whatever was decided."
)


@dataclass(frozen=True, eq=False)
class Calls:
    """Codes of the domain's actions (−1 where there is none), one a decision, and ids as codes.

    alone: whether each decision has a case of its own.
    """

    domain: DecisionDomain
    frame: pd.DataFrame
    at: np.ndarray | None
    first: np.ndarray
    recommended: np.ndarray
    final: np.ndarray
    right: np.ndarray
    case: np.ndarray
    manager: np.ndarray
    alone: bool

    @classmethod
    def of(cls, decisions: pd.DataFrame, domain: DecisionDomain) -> Calls:
        """Read the calls from the frame of live decisions."""
        columns = ("first_action", "recommended_action", "final_action", "right_action")
        first, recommended, final, right = (_codes(decisions[c], domain) for c in columns)
        case, manager = (
            pd.factorize(decisions[c], use_na_sentinel=False)[0].astype(np.int64)
            for c in ("case_id", "manager")
        )
        alone = not len(case) or int(case.max()) + 1 == len(case)
        return cls(domain, decisions, None, first, recommended, final, right, case, manager, alone)

    def take(self, rows: np.ndarray) -> Calls:
        """The calls of some rows alone."""
        arrays = (self.first, self.recommended, self.final, self.right, self.case, self.manager)
        at = rows if self.at is None else self.at[rows]
        return Calls(self.domain, self.frame, at, *(array[rows] for array in arrays), self.alone)

    @cached_property
    def rows(self) -> pd.DataFrame:
        """The whole rows; of many, `column` reads one thing without copying all others."""
        return self.frame if self.at is None else self.frame.take(self.at)

    def column(self, name: str) -> pd.Series:
        """One column of the rows."""
        return self.frame[name] if self.at is None else self.frame[name].take(self.at)

    def split(self, names: pd.Series, keep: np.ndarray) -> list[tuple[str, np.ndarray]]:
        """The kept rows of each name, as positions in the order of the log."""
        codes, found = pd.factorize(names.where(keep, None))
        order = np.argsort(codes, kind="stable")
        ends = np.cumsum(np.bincount(codes + 1, minlength=len(found) + 1))
        return [(str(n), order[a:b]) for n, a, b in zip(found, ends[:-1], ends[1:], strict=True)]

    def __len__(self) -> int:
        return len(self.final)

    @property
    def resolved(self) -> np.ndarray:
        """Rows whose outcome is known."""
        return self.right >= 0

    @property
    def three(self) -> np.ndarray:
        """Rows with first call, recommendation and final call."""
        return (self.first >= 0) & (self.recommended >= 0) & (self.final >= 0)

    @property
    def overridden(self) -> np.ndarray:
        """Rows whose final decision differs from the recommendation shown."""
        return (self.final >= 0) & (self.recommended >= 0) & (self.final != self.recommended)

    @cached_property
    def unaided(self) -> np.ndarray:
        """Rows with a first call made before any output of the model.

        In an imported log that names no mode, a first call is taken at its word.
        """
        first, found = np.flatnonzero(self.first >= 0), np.zeros(len(self), bool)
        mode, imported = (self.column(name).iloc[first] for name in ("mode", "imported"))
        found[first] = (mode == "first_call") | (mode.isna() & _true(imported))
        return found

    @cached_property
    def moved(self) -> np.ndarray:
        """Rows whose recommendation an intent moved away from the likeliest action."""
        if "moved_by_intent" not in self.frame:
            return np.zeros(len(self), bool)
        return _true(self.column("moved_by_intent"))

    @cached_property
    def credited(self) -> Calls:
        """The same with the model's own call, the likeliest action, where an intent made it recommend another.

        By these the model is judged: what matters to people says nothing of what the model knows.
        """
        if not self.moved.any():
            return self
        own = {"recommended_action": "likeliest_action", "recommended_confidence": "likeliest_confidence"}
        frame = self.frame.assign(**{shown: self.frame[likeliest] for shown, likeliest in own.items()})
        every = _codes(frame["recommended_action"], self.domain)
        return replace(self, frame=frame, recommended=every if self.at is None else every[self.at])

    @property
    def never_seen(self) -> np.ndarray:
        """Decided rows whose outcome, if not known already, never will be."""
        if self.domain.outcome is None:
            return np.ones(len(self), bool)
        if not self.domain.selective:
            return np.zeros(len(self), bool)
        return ~self._shows_outcome & ~self._explored & (self.final >= 0)

    @property
    def _explored(self) -> np.ndarray:
        """Imported decisions were made before any share was drawn."""
        return _true(self.column("explore")) & ~_true(self.column("imported"))

    @property
    def _shows_outcome(self) -> np.ndarray:
        keys = self.domain.action_keys
        return np.isin(self.final, [keys.index(a) for a in self.domain.outcome.observed_after])

    def hits(self, who: str) -> np.ndarray:
        """Whether a call (first, recommended, final) named the action that proved right."""
        call = getattr(self, who)
        return (call == self.right) & (call >= 0)

    def sample(self, keep: np.ndarray, *, managers: bool = True) -> Sample:
        """The cases and managers of some rows; a model's own accuracy has no managers to hold fixed."""
        who = self.manager[keep] if managers else None
        if self.alone:
            return Sample.rows(np.count_nonzero(keep) if keep.dtype == bool else len(keep), who)
        return Sample.of(self.case[keep], who)

    def judged(self) -> tuple[np.ndarray, str]:
        """Rows that may speak about right and wrong, and why there are none.

        Where the decision decides whether an outcome is seen, only the exploration share may: there each
        case had the same chance to be observed whatever was decided, so equal weights are its
        inverse-propensity weights.
        """
        if self.domain.outcome is None:
            return np.zeros(len(self), bool), NO_OUTCOMES
        if not self.domain.selective:
            return self.resolved, ""
        judged = self._explored & self.resolved
        unseen = self._explored & ~self._shows_outcome & (self.final >= 0)
        # A share in which decisions without an outcome never resolve was drawn but not carried out.
        if not judged.any() or (unseen.any() and not (unseen & judged).any()):
            return np.zeros(len(self), bool), SELECTIVE
        return judged, ""

    def costs(self, call: np.ndarray) -> np.ndarray:
        """What each call cost in the domain's unit: value × cost of choosing it where another was right.

        NaN where the outcome or the value is unknown; without a value column each case counts 1.
        """
        keys = self.domain.action_keys
        table = np.array([[self.domain.cost_of(chosen, right) for right in keys] for chosen in keys])
        known = (call >= 0) & (self.right >= 0)
        value = self.column("value").to_numpy(float) if self.domain.value.column else np.ones(len(self))
        return np.where(known, table[call, self.right] * value, np.nan)


def _codes(column: pd.Series, domain: DecisionDomain) -> np.ndarray:
    return pd.Index(domain.action_keys, dtype=object).get_indexer(column.astype(object))


def _true(column: pd.Series) -> np.ndarray:
    return column.fillna(False).astype(bool).to_numpy()
