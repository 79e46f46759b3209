"""The gate: may a challenger take the champion's place?

*promote* needs all of: at least as good as the champion, and as a fixed reference version, up to the
domain's margin; probabilities no worse; no segment harmed; what was known before not contradicted; lesson
tests passed. *keep* says the challenger is shown to be worse, to harm a segment, to bring nothing that matters
here, or to fail a lesson test, which a lead may waive. Otherwise it is *too early*. The gate recommends; a
person promotes.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import ceil
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from rhml.core.domain import DecisionDomain
from rhml.machine.judging.comparison import (
    EARLIER,
    Comparison,
    brier,
    compare,
    counts_cost,
    level_of,
    right,
    segments,
)
from rhml.machine.judging.lesson_tests import Checked
from rhml.machine.judging.verdict_words import paragraph
from rhml.stats.intervals import wilson
from rhml.stats.measure import MINIMUM, Measure, too_few
from rhml.stats.paired import difference

BRIER_MARGIN = 0.005
SURE = float(stats.norm.ppf(0.95) + stats.norm.ppf(0.80))
"""One-sided 95 % and a power of 80 %."""


@dataclass(frozen=True)
class Verdict:
    """'first', 'promote', 'keep' or 'too early'; the paragraph says why, the evidence holds the numbers."""

    verdict: str
    paragraph: str
    evidence: dict[str, Any]


@dataclass(frozen=True)
class Looks:
    """How often the bank was used: `look` counts the verdicts on this version, `versions` and `verdicts` all."""

    look: int = 1
    versions: int = 1
    verdicts: int = 1


def judge(
    scores: pd.DataFrame,
    *,
    domain: DecisionDomain,
    lessons: Checked | None = None,
    looks: Looks | None = None,
    taught_before: dict[str, Any] | None = None,
) -> Verdict:
    """Judge a challenger on cases that no model learned from, one row a case.

    Where decisions choose which outcomes are seen, only explored cases count (column `explore`). A version
    judged again has no twins at hand: `taught_before` is what was measured with them.
    """
    looks, lessons = looks or Looks(), lessons or Checked()
    known = _judged(scores, domain)
    rivals = [who for who in ("champion", "reference") if f"{who}_action" in known]
    level = level_of(looks.look)
    against = {who: compare(known, who, domain=domain, level=level) for who in rivals}
    split = segments(known, domain=domain) if "champion" in rivals else []
    source = known["source"] if "source" in known else pd.Series(dtype=object)
    evidence = {
        "cases": len(known),
        "bank": int((source == "bank").sum()),
        "live": int((source == "live").sum()),
        "measure": "agreement" if domain.outcome is None else "cost" if counts_cost(domain) else "accuracy",
        "margin": domain.training.margin,
        "brier_margin": BRIER_MARGIN,
        "smallest_change": domain.report.smallest_change,
        "level": level,
        "looks": asdict(looks),
        "own": {who: _own(known, who, domain) for who in ("challenger", *rivals)},
        "against": {who: found.as_dict() for who, found in against.items()},
        "segments": split,
        "lessons": lessons.as_dict(),
        "taught": taught_before or taught(known).as_dict(),
    }
    verdict, why = _verdict(against, split, len(known), domain)
    if verdict == "promote" and lessons.failed:
        verdict, why = "keep", "lessons"
    if verdict == "too early":
        evidence["more"], evidence["more_if"] = more_cases(against, len(known), domain)
    evidence["why"] = why
    return Verdict(verdict, paragraph(verdict, why, evidence, domain), evidence)


def _judged(scores: pd.DataFrame, domain: DecisionDomain) -> pd.DataFrame:
    known = scores[scores["right_action"].notna()]
    if domain.selective and "explore" in known:
        known = known[known["explore"].fillna(False).to_numpy(dtype=bool)]
    return known.reset_index(drop=True)


def taught(scores: pd.DataFrame) -> Measure:
    """What people taught: the mean accuracy of five seeds with their calls minus that of five without (95 %).

    Only cases the twins were asked about count: live ones with outcomes are among those they trained on.
    """
    if "twin_action" not in scores:
        return Measure.unknown("There are no twins to compare with.")
    known = scores[scores["twin_action"].notna()]
    if "sibling_action" not in scores:
        said = "Nothing that people called was used, so it learned from outcomes alone."
        none = len(known) < MINIMUM
        return Measure.unknown(said, len(known)) if none else Measure(0.0, 0.0, 0.0, len(known), said)
    return difference(right(known, "sibling"), right(known, "twin"))


def more_cases(
    against: dict[str, Comparison], cases: int, domain: DecisionDomain
) -> tuple[int, float | None]:
    """About how many more cases give 80 % power, and the true gain that this number supposes.

    Never computed from the observed gain: the smallest change that matters is supposed, or half of it and
    so on where the cases so far would have shown that already.
    """
    if not against or cases < MINIMUM:
        return max(0, MINIMUM - cases), None
    supposed, margin = domain.report.smallest_change, domain.training.margin
    spread = max(found.spread for found in against.values())
    while supposed > 1e-4:
        needed = (SURE * spread / (supposed + margin)) ** 2
        if needed > cases:
            return _rounded(needed - cases), supposed
        supposed /= 2
    return cases, 0.0


def _verdict(
    against: dict[str, Comparison], split: list[dict[str, Any]], cases: int, domain: DecisionDomain
) -> tuple[str, str]:
    """The verdict, and which of the rules decided it."""
    if "champion" not in against:
        return "first", "first"
    if cases < MINIMUM:
        return "too early", "few"
    found = list(against.values())
    if any(_below(one.gain.high, 0.0) for one in found):
        return "keep", "worse"
    if any(_above(one.brier.low, BRIER_MARGIN) for one in found):
        return "keep", "probabilities"
    harmed = {row["segment"] for row in split if row["harmed"]}
    if harmed:
        return "keep", "segment" if harmed - {EARLIER} else "contradicts"
    served = all(_above(one.gain.low, -domain.training.margin) for one in found)
    stated = all(not one.brier.known or _below(one.brier.high, BRIER_MARGIN) for one in found)
    if served and stated:
        return "promote", "better"
    if not served and _below(against["champion"].gain.high, domain.report.smallest_change):
        return "keep", "no gain"
    return "too early", "unsure" if not served else "probabilities unsure"


def _above(bound: float | None, limit: float) -> bool:
    return bound is not None and bound > limit


def _below(bound: float | None, limit: float) -> bool:
    return bound is not None and bound < limit


def _own(scores: pd.DataFrame, who: str, domain: DecisionDomain) -> dict[str, Any]:
    """A model's own accuracy (Wilson, 95 %) and mean Brier score on these cases."""
    n = len(scores)
    if n < MINIMUM:
        return {"accuracy": Measure.unknown(too_few(n), n).as_dict(), "brier": None}
    hits = right(scores, who)
    low, high = wilson(hits.sum(), n)
    squared = brier(scores, who, domain)
    return {
        "accuracy": Measure.of(float(hits.mean()), low, high, n).as_dict(),
        "brier": None if squared is None else float(np.mean(squared)),
    }


def _rounded(number: float) -> int:
    """Two figures, upwards: a forecast of cases is no exact count."""
    unit = 10 ** max(0, len(str(ceil(number))) - 2)
    return ceil(number / unit) * unit
