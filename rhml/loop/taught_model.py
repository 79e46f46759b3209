"""What people taught the model, line by line: versions against their twins, lessons, reasons, corrections, edits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from rhml.loop import corrected_lines
from rhml.loop.asked import Asked
from rhml.loop.priced_lines import NO_TWO_TIMES, people, prices
from rhml.machine.learning.learned import Learned
from rhml.machine.model import Model
from rhml.reports.ledger import TO_MODEL, Entry, p_of
from rhml.stats import schedule
from rhml.stats.intervals import fraction
from rhml.stats.measure import MINIMUM, Measure, too_few
from rhml.stats.paired import difference, mcnemar
from rhml.stats.rules.rule import Rule
from rhml.stats.sample import Sample
from rhml.store import frames, lessons, registry, twins
from rhml.store.registry import Version

MOST = 2_560
"""Later cases that a version is asked about; of more, so many by lot: they tell a point or so, and a look is due at them."""

MOST_VERSIONS = 2
"""Versions whose twins are asked: the live one and the newest."""

TEACH = "teach the model"


@dataclass(frozen=True, eq=False)
class Later:
    """A version on the cases whose outcome and decisions came after its training, in the order of their outcomes;
    `twin` and `sibling` are the shares of five models right (n,), None where none were kept."""

    version: Version
    cases: pd.DataFrame
    twin: np.ndarray | None
    sibling: np.ndarray | None

    @property
    def priced(self) -> bool:
        """Whether there are enough cases to say what people taught."""
        return self.twin is not None and len(self.cases) >= schedule.FIRST


@dataclass(frozen=True, eq=False)
class Versions:
    """Every version with what later cases say of it, each asked once."""

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

    def later(self, version: Version) -> Later:
        """What cases since a version's training say of it."""
        if version.version not in self._held:
            self._held[version.version] = self._later(version)
        return self._held[version.version]

    @cached_property
    def _held(self) -> dict[str, Later]:
        return {}

    def _later(self, version: Version) -> Later:
        store, domain = self.asked.store, self.asked.domain
        ids = twins.later(store, domain, version.learned_from)
        if domain.selective or any(self.asked.filters.values()):
            judged, _ = self.asked.calls.judged()
            asked_about = set(self.asked.kept.loc[judged, "case_id"])
            ids = [one for one in ids if one in asked_about]
        if len(ids) > MOST:
            drawn = np.random.default_rng(self.asked.seed).choice(len(ids), MOST, replace=False)
            ids = [ids[i] for i in sorted(drawn)]
        cases = frames.cases_of(store, domain, ids).set_index("case_id").loc[ids].reset_index()
        cases = cases[cases["right_action"].isin(domain.action_keys)].reset_index(drop=True)
        held = twins.kept(store, domain.name, version.version) if len(cases) else {}
        right = {side: None for side in ("twin", "sibling")} | _shares_right(held, cases)
        return Later(version, cases, **right)

    def right(self, version: Version, cases: pd.DataFrame) -> np.ndarray:
        """Whether a version is right on cases (n,)."""
        model = Model.from_bytes(registry.content(self.asked.store, self.asked.domain.name, version.version))
        said = np.array(model.actions, object)[model.probabilities(cases).argmax(axis=1)]
        return said == cases["right_action"].to_numpy(object)


def _shares_right(held: dict[str, tuple[bytes, ...]], cases: pd.DataFrame) -> dict[str, np.ndarray]:
    if not held:
        return {}
    two, some = (tuple(Model.from_bytes(one) for one in held.get(side, ())) for side in ("twin", "sibling"))
    found = Learned(two[0], (), np.zeros((0, 0)), two, {}, some).twin_scores(cases)
    return {side: found[f"{side}_right"].to_numpy(float) for side in ("twin", "sibling")}


def asked_anew(asked: Asked, version: str, cases: pd.DataFrame) -> dict[str, np.ndarray]:
    """How many of the models kept with a version are right on further cases (n,): with and without what people called."""
    return _shares_right(twins.kept(asked.store, asked.domain.name, version), cases)


def lines(asked: Asked) -> list[Entry]:
    """Every line of what people taught the model: the live version first, then newest first within each kind."""
    if asked.domain.outcome is None:
        return []
    versions = Versions(asked)
    newest = sorted(reversed(versions.all), key=lambda one: one.version != versions.live)
    found = [_version(versions, one) for one in newest]
    found += _lessons(versions)
    if asked.segment is None:  # what was computed for the domain as a whole says nothing of one segment
        found += [
            *prices(asked, {one.version for one in versions.all}),
            *corrected_lines.corrections(asked),
            *corrected_lines.proposals(asked),
        ]
    return found


def _version(versions: Versions, version: Version) -> Entry:
    """What everything that people called added to a version."""
    bank, live = Measure(**version.evidence["taught"]), version.version == versions.live
    used = bool(version.card.get("posterior_labels"))
    before = after = NO_TWO_TIMES
    change, cases, p, why = bank, (), float("nan"), _on_the_bank(version, used)
    beside: tuple[tuple[str, Measure], ...] = ()
    if used and versions.asked.segment is not None:
        change, why = (
            Measure.unknown("Told for all segments together only."),
            "Told for all segments together only.",
        )
    elif used:
        p = p_of(bank)
    if used and version.version in versions.chosen and (later := versions.later(version)).priced:
        looked = schedule.due(len(later.cases))
        twin, sibling = later.twin[: looked[-1]], later.sibling[: looked[-1]]
        before, after = (fraction(side, Sample.rows(len(side))) for side in (twin, sibling))
        change, beside = difference(sibling, twin), (("on the bank", bank),)
        p = schedule.as_looked(p_of(change), looked)
        cases = tuple(later.cases.loc[np.flatnonzero(sibling != twin), "case_id"])
        why = (
            "Later cases, which no compared model had seen: five models that learned from what people called against five of "
            "the same seeds without it."
        )
    return Entry(
        TO_MODEL, "version", version.version,
        f"What people called ({version.version}{', live' if live else ''})",
        people(version.card.get("managers")), version.trained_at, before, after, change, used, why, p=p, beside=beside,
        cases=cases[-200:], counted=len(cases),
    )  # fmt: skip


def _on_the_bank(version: Version, used: bool) -> str:
    if used:
        return "Too few later cases so far, so this is told on the bank, which no model learns from."
    if version.card.get("imitates"):
        return "It imitates what people agree on: no outcome is known yet by which that could be priced."
    said = (version.card.get("calls") or {}).get("said", "")
    return said or "Nothing that people called was used, so it learned from outcomes alone."


def _lessons(versions: Versions) -> Iterator[Entry]:
    """Lessons that a lead taught the model: the version before against the one after, on later cases inside."""
    asked = versions.asked
    for lesson in reversed(lessons.held(asked.store, asked.domain)):
        told = lesson.last(TEACH)
        if told is None or lesson.manager is not None or (asked.until and told.at >= asked.until):
            continue
        knows = [
            lesson.lesson_id in {x["lesson_id"] for x in v.card.get("taught_by", ())} for v in versions.all
        ]
        at = knows.index(True) if any(knows) else None
        yield _lesson(versions, lesson, told.at, at)


def _lesson(versions: Versions, lesson: lessons.StoredLesson, told, at: int | None) -> Entry:
    def line(change: Measure, why: str, before=NO_TWO_TIMES, after=NO_TWO_TIMES, **more) -> Entry:
        given = {"apart": False, **more}
        return Entry(TO_MODEL, "lesson", lesson.lesson_id, lesson.sentence, "the team", told, before, after, change,
                     why=why, **given)  # fmt: skip

    if not at:
        why = (
            "No version has learned it yet: retrain."
            if at is None
            else "The first version had it, so none is before."
        )
        return line(Measure.unknown(why), why)
    old, new = versions.all[at - 1], versions.all[at]
    later = versions.later(new)
    inside = np.flatnonzero(Rule.of(lesson.content).covers(later.cases))
    looked = schedule.due(len(inside))
    inside = inside[: looked[-1]] if looked else inside
    rows = later.cases.iloc[inside]
    if len(rows) < MINIMUM:
        why = f"Later cases inside it, since {new.version} was trained: {too_few(len(rows))}"
        return line(Measure.unknown(why, len(rows)), why)
    was, now = versions.right(old, rows), versions.right(new, rows)
    sample = Sample.rows(len(rows))
    found = {"p": schedule.as_looked(mcnemar(now, was).p, looked)}
    why = f"{new.version} against {old.version} on later cases inside it. More outcomes may have taught it, not people."
    if later.twin is not None:
        worth = difference(later.sibling[inside], later.twin[inside])
        found["beside"] = (("of it, what people called", worth),)
        if worth.known and worth.low is not None and worth.low > 0:
            found |= {"apart": True, "p": max(found["p"], schedule.as_looked(p_of(worth), looked))}
            why = f"{new.version} against {old.version} on later cases inside it; twins without people’s calls do worse there."
    moved = rows.loc[was != now, "case_id"]
    return line(
        difference(now, was), why, fraction(was.astype(float), sample), fraction(now.astype(float), sample),
        cases=tuple(moved)[-200:], counted=len(moved), **found,
    )  # fmt: skip
