"""Corrections and accepted edits of the model, as lines of the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import numpy as np
import pandas as pd
from scipy import stats

from rhml.loop.asked import Asked
from rhml.loop.correcting import correction_of
from rhml.loop.propose import title
from rhml.machine.judging.comparison import LEVEL
from rhml.reports.ledger import TO_MODEL, Entry, p_of
from rhml.stats.intervals import wilson
from rhml.stats.measure import Measure
from rhml.store import corrections as kept
from rhml.store import proposals as proposed
from rhml.store.corrections import StoredCorrection

SHOWN = ("applied", "absorbed", "proved")
NO_TWO_TIMES = Measure.unknown("The same training with and without the edit is compared, not two times.")


def corrections(asked: Asked) -> Iterator[Entry]:
    """Corrections that recommend, were proved, or that a later version has absorbed."""
    for one in reversed(kept.corrections(asked.store, asked.domain.name)):
        if one.state in SHOWN and (asked.until is None or one.wordings[0].at < asked.until):
            yield _correction(asked, one)


def _correction(asked: Asked, one: StoredCorrection) -> Entry:
    """The same model with and without a correction, on outcomes since it was proposed."""
    tested = one.last("tested")
    wording = one.in_force or one.now
    what = f"{wording.sentence} ({one.state})"
    if tested is None:
        change = Measure.unknown("No outcome has come in its segment since.")
        before = after = change
    else:
        change = Measure(**tested.evidence["gain"])
        before, after = (_of(tested.evidence[side], change.n) for side in ("right_before", "right_after"))
    inside = _judged_inside(asked, one)
    cases = _since(asked, inside, one.wordings[0].at)
    return Entry(
        TO_MODEL, "correction", one.correction_id, what, "outcomes", wording.at, before, after, change, False,
        _why(asked, inside, one.wordings[0].at), p=p_of(change), cases=cases[-200:], counted=len(cases),
    )  # fmt: skip


def _of(right: int, n: int) -> Measure:
    return Measure.of(right / n, *wilson(right, n), n) if n else Measure.unknown("No cases so far.")


def _judged_inside(asked: Asked, one: StoredCorrection) -> np.ndarray:
    """Positions of the decisions in its segment that may speak about right and wrong, in the order of the log."""
    segment = correction_of(one, one.in_force or one.now).segment
    inside = asked.cases.loc[segment.holds(asked.cases), "case_id"]
    judged, _ = asked.calls.judged()
    return np.flatnonzero(judged & asked.kept["case_id"].isin(inside).to_numpy(bool))


def _why(asked: Asked, inside: np.ndarray, moment: datetime) -> str:
    """What was compared, and why people are not credited: the segment was chosen because the model errs there, so
    whoever decides against it, if only at random, is right there more often than not."""
    why = "The same model with and without it, on outcomes since it was proposed. Outcomes taught it, not people’s calls."
    early = (pd.to_datetime(asked.kept["decided_at"].take(inside)) <= moment).to_numpy(bool)
    against = inside[early & asked.calls.overridden[inside]]
    if not len(against):
        return why
    _, first = np.unique(asked.calls.case[against], return_index=True)
    right, n = int(asked.calls.hits("final")[against[first]].sum()), len(first)
    case = asked.domain.terms.case if n == 1 else asked.domain.terms.many
    return (
        f"{why} Before, people had decided against the model in {n:,} {case} there and were right in {right:,}: that "
        "credits nobody, since the segment was chosen because the model errs there."
    )


def _since(asked: Asked, inside: np.ndarray, moment: datetime) -> tuple[str, ...]:
    """Ids of the cases inside whose outcome came since, never of the bank."""
    rows = asked.kept[["case_id", "known_at", "bank"]].take(inside)
    since = (rows["known_at"] > moment).to_numpy(bool) & ~rows["bank"].to_numpy(bool)
    return tuple(dict.fromkeys(rows.loc[since, "case_id"]))


def proposals(asked: Asked) -> Iterator[Entry]:
    """Edits that people’s marks and words asked for and a lead accepted."""
    for one in proposed.everything(asked.store, asked.domain.name):
        if one.decided != "accepted" or (asked.until and one.decided_at >= asked.until):
            continue
        gain = one.evidence["gain"]
        change = _widened(Measure(**gain))
        unit = (
            ", counted in what is at stake in an average case"
            if one.evidence.get("measure") == "cost"
            else ""
        )
        why = f"One training with the edit against one without, on cases that neither had learned from{unit}."
        yield Entry(
            TO_MODEL, "proposal", one.proposal_id, title(one, asked.domain), "the team", one.decided_at, NO_TWO_TIMES,
            NO_TWO_TIMES, change, one.evidence.get("how") == "trained", why, p=p_of(change),
            counted=one.evidence.get("support", {}).get("overrides", 0),
        )  # fmt: skip


def _widened(found: Measure) -> Measure:
    """The gate's interval, each end of which holds alone, as one of 95 %."""
    if found.low is None or found.high is None:
        return found
    factor = stats.norm.ppf(0.975) / stats.norm.ppf((1 + LEVEL) / 2)
    middle, half = (found.low + found.high) / 2, (found.high - found.low) / 2 * factor
    return Measure(found.value, middle - half, middle + half, found.n, found.why)
