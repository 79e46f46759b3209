"""What people taught the model, line by line: versions against their twins, lessons, reasons, corrections, edits."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from rhml.loop import corrected_lines
from rhml.loop.asked import Asked
from rhml.loop.later_cases import MOST, Versions
from rhml.loop.priced_lines import NO_TWO_TIMES, people, prices
from rhml.reports.ledger import TO_MODEL, Entry, p_of
from rhml.stats import schedule
from rhml.stats.intervals import fraction
from rhml.stats.measure import MINIMUM, Measure, too_few
from rhml.stats.paired import difference, mcnemar
from rhml.stats.rules.rule import Rule
from rhml.stats.sample import Sample
from rhml.store import lessons
from rhml.store.registry import Version

TEACH = "teach the model"
WITH_MARKS = "Five models that learned marked words against five of the same seeds without them, on the bank."
ENOUGH = f" The first {MOST:,} count; more would tell little."


def asked_anew(asked: Asked, version: str, cases: pd.DataFrame) -> dict[str, np.ndarray]:
    """How many of the models kept with a version are right on further cases (n,): with and without what people called."""
    return Versions(asked).twins_right(version, cases)


def lines(asked: Asked) -> list[Entry]:
    """Every line of what people taught the model: the live version first, then newest first within each kind."""
    if asked.domain.outcome is None:
        return []
    versions = Versions(asked)
    newest = sorted(reversed(versions.all), key=lambda one: one.version != versions.live)
    found = [_version(versions, one) for one in newest]
    found += [line for one in newest[:2] if (line := _marks(asked, one)) is not None]
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
    used = bool(version.card.get("posterior_labels") or version.card.get("marks_worth"))
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
    if used and version.version in versions.chosen and (found := _on_later_cases(versions, version)):
        rows, looked, right = found
        twin, sibling = right["twin"], right["sibling"]
        before, after = (fraction(side, Sample.rows(len(side))) for side in (twin, sibling))
        change, beside = difference(sibling, twin), (("on the bank", bank),)
        p = schedule.as_looked(p_of(change), looked)
        cases = tuple(rows.loc[sibling != twin, "case_id"])
        why = (
            "Later cases, which no compared model had seen: five models that learned from what people called against five of "
            f"the same seeds without it.{ENOUGH if len(rows) == MOST else ''}"
        )
    return Entry(
        TO_MODEL, "version", version.version,
        f"What people called ({version.version}{', live' if live else ''})",
        people(version.card.get("managers")), version.trained_at, before, after, change, used, why, p=p, beside=beside,
        cases=cases[-200:], counted=len(cases),
    )  # fmt: skip


def _on_later_cases(
    versions: Versions, version: Version
) -> tuple[pd.DataFrame, tuple[int, ...], dict[str, np.ndarray]] | None:
    """The cases of the newest look that is due, the looks, and who would have been right; None before the first."""
    rows = versions.later(version)
    looked = schedule.due(len(rows))
    if not looked:
        return None
    rows = rows.iloc[: looked[-1]]
    right = versions.twins_right(version.version, rows)
    return (rows, looked, right) if right else None


def _marks(asked: Asked, version: Version) -> Entry | None:
    """What the words that people marked in texts added to a version; None where none of them counts in it."""
    stored = version.card.get("marks_worth")
    if not stored or asked.segment is not None:
        return None
    change, held = Measure(**stored["accuracy"]), version.card.get("marked", {})
    most = ", ".join(f"“{word}”" for one in held.values() for word in one["most"][:2])
    count = sum(one["marks"] for one in held.values())
    return Entry(
        TO_MODEL, "marks", version.version, f"{count:,} marked words, such as {most} ({version.version})",
        people(max((one["people"] for one in held.values()), default=None)), version.trained_at, NO_TWO_TIMES, NO_TWO_TIMES,
        change, True, f"{WITH_MARKS}{_brier(Measure(**stored['brier']))}", p=p_of(change), counted=count,
    )  # fmt: skip


def _brier(change: Measure) -> str:
    if not change.known or change.low is None:
        return ""
    value, low, high = (
        f"{number:+.4f}".replace("-", "−") for number in (change.value, change.low, change.high)
    )
    return f" Brier score {value} ({low} to {high}; below 0 the probabilities are better with them)."


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
    rows = versions.later(new, Rule.of(lesson.content))
    looked = schedule.due(len(rows))
    rows = rows.iloc[: looked[-1]] if looked else rows
    if len(rows) < MINIMUM:
        why = f"Later cases inside it, since {new.version} was trained: {too_few(len(rows))}"
        return line(Measure.unknown(why, len(rows)), why)
    was, now = versions.right(old, rows), versions.right(new, rows)
    sample = Sample.rows(len(rows))
    found = {"p": schedule.as_looked(mcnemar(now, was).p, looked)}
    why = f"{new.version} against {old.version} on later cases inside it. More outcomes may have taught it, not people."
    if right := versions.twins_right(new.version, rows):
        worth = difference(right["sibling"], right["twin"])
        found["beside"] = (("of it, what people called", worth),)
        if worth.known and worth.low is not None and worth.low > 0:
            found |= {"apart": True, "p": max(found["p"], schedule.as_looked(p_of(worth), looked))}
            why = f"{new.version} against {old.version} on later cases inside it; twins without people’s calls do worse there."
    moved = rows.loc[was != now, "case_id"]
    return line(
        difference(now, was), why, fraction(was.astype(float), sample), fraction(now.astype(float), sample),
        cases=tuple(moved)[-200:], counted=len(moved), **found,
    )  # fmt: skip
