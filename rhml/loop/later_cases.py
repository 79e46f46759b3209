"""Versions on cases that came after their training: which cases those are, and who would have been right on them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
import pandas as pd

from rhml.loop.asked import Asked
from rhml.machine.encoding import Encoding
from rhml.machine.model import Model
from rhml.stats.rules.rule import Rule
from rhml.store import frames, registry, twins
from rhml.store.registry import Version

MOST = 2_560
"""Later cases that a line rests on: the first so many. They tell a point or so, and a look is due at them; which they are
must not change when one more comes, or every case would bring a look that nobody counts."""

MOST_VERSIONS = 2
"""Versions whose twins are asked: the live one and the newest."""


@dataclass(frozen=True, eq=False)
class Versions:
    """Every version, the cases that came after each, and its twins, which are read once."""

    asked: Asked

    @cached_property
    def all(self) -> tuple[Version, ...]:
        """The versions trained before the end of the span, oldest first."""
        held = reversed(registry.versions(self.asked.store, self.asked.domain.name))
        return tuple(v for v in held if self.asked.until is None or v.trained_at < self.asked.until)

    @cached_property
    def live(self) -> str | None:
        """The version that recommends now."""
        return registry.live_version(self.asked.store, self.asked.domain.name)

    @cached_property
    def chosen(self) -> frozenset[str]:
        """Those whose twins are asked about later cases: the live one first, then the newest."""
        named = [v.version for v in reversed(self.all)]
        return frozenset(sorted(named, key=lambda name: name != self.live)[:MOST_VERSIONS])

    def later(self, version: Version, rule: Rule | None = None) -> pd.DataFrame:
        """The first cases after one of the `chosen` versions, in the order of their outcomes; where a rule is given, the
        first inside it after any version. Outcome and decisions of all came after its training."""
        ids = self._ids(version.learned_from)
        cases = self._first.loc[ids[:MOST]] if rule is None else self._everything.loc[ids]
        inside = cases["right_action"].isin(self.asked.domain.action_keys).to_numpy(bool)
        if rule is not None:
            inside = inside & rule.covers(cases)
        return cases.take(np.flatnonzero(inside)[:MOST]).reset_index()

    @cached_property
    def _first(self) -> pd.DataFrame:
        """The first cases after each version whose twins are asked, in one read."""
        wanted = [self._ids(v.learned_from)[:MOST] for v in self.all if v.version in self.chosen]
        ids = list(dict.fromkeys(chain.from_iterable(wanted)))
        return frames.cases_of(self.asked.store, self.asked.domain, ids).set_index("case_id")

    @cached_property
    def _everything(self) -> pd.DataFrame:
        return self.asked.cases.set_index("case_id")

    def _ids(self, learned_from: int) -> list[str]:
        """Ids of the cases after a fact's number, in the order of their outcomes, kept for whoever asks again."""
        if learned_from not in self._after:
            ids = twins.later(self.asked.store, self.asked.domain, learned_from)
            if self._asked_about is not None:
                ids = [one for one in ids if one in self._asked_about]
            self._after[learned_from] = ids
        return self._after[learned_from]

    @cached_property
    def _after(self) -> dict[int, list[str]]:
        return {}

    @cached_property
    def _asked_about(self) -> set[str] | None:
        """The cases that the question and the domain let speak; None for all of them."""
        if not self.asked.domain.selective and not any(self.asked.filters.values()):
            return None
        judged, _ = self.asked.calls.judged()
        return set(self.asked.kept.loc[judged, "case_id"])

    def right(self, version: Version, cases: pd.DataFrame) -> np.ndarray:
        """Whether a version is right on cases (n,)."""
        content = registry.content(self.asked.store, self.asked.domain.name, version.version)
        return share_right((Model.from_bytes(content),), cases) == 1

    def twins_right(self, version: str, cases: pd.DataFrame) -> dict[str, np.ndarray]:
        """How many of the models kept with a version are right on cases (n,), with and without what people called:
        *sibling* and *twin*; nothing where none were kept."""
        return {side: share_right(models, cases) for side, models in self._twins(version).items()}

    def _twins(self, version: str) -> dict[str, tuple[Model, ...]]:
        if version not in self._held:
            kept = twins.kept(self.asked.store, self.asked.domain.name, version)
            self._held[version] = {
                side: tuple(Model.from_bytes(one) for one in some) for side, some in kept.items()
            }
        return self._held[version]

    @cached_property
    def _held(self) -> dict[str, dict[str, tuple[Model, ...]]]:
        return {}


def share_right(models: tuple[Model, ...], cases: pd.DataFrame) -> np.ndarray:
    """How many of some models name the action that proved right (n,): a share of one."""
    truth, hits = cases["right_action"].astype(object), np.zeros(len(cases))
    read: tuple[Encoding, np.ndarray] | None = None
    for model in models:
        if read is None or read[0] != model.encoding:
            read = model.encoding, model.encoding.matrix(cases)
        # The softmax would change no order.
        said = model.calibration.scores(model.margins(read[1])).argmax(axis=1)
        hits += said == pd.Index(model.actions, dtype=object).get_indexer(truth)
    return hits / len(models)
