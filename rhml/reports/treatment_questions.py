"""Which differences between kinds of case become questions, and the words of each.

All tests together allow for one another (Benjamini–Hochberg). Where one kind stands out, all others differ from
their rest, which holds it: such another side of one difference is no question of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from rhml.reports.compared_kinds import Compared, Rows
from rhml.reports.on_like_cases import SMALLEST
from rhml.stats.measure import Measure
from rhml.stats.multiplicity import benjamini_hochberg

FALSE_DISCOVERIES = 0.05
ASK = "Is there a reason that the facts do not show?"


@dataclass(frozen=True)
class Question:
    """A difference that is worth asking about, and in what else it shows.

    measures: the names of all; here: the share there; rest: what it would be if such cases were decided like all others.
    """

    column: str
    label: str
    value: str
    measure: str
    sentence: str
    here: float
    rest: float
    alike: Measure
    also: tuple[str, ...]
    measures: tuple[str, ...]

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        lists = {"also": list(self.also), "measures": list(self.measures)}
        return {**vars(self), **lists, "alike": self.alike.as_dict()}


def answered(by_column: Mapping[str, Rows], names: Mapping[str, tuple[str, ...]]) -> dict[str, Rows]:
    """Every comparison with its adjusted p-value, whether it is a question, and words."""
    p = {
        (column, i, name): one.p
        for column, rows in by_column.items()
        for i, row in enumerate(rows)
        for name, one in row.items()
        if one.asked and not _mirrored(rows, name, i)
    }
    adjusted = dict(zip(p, benjamini_hochberg(list(p.values())), strict=True))
    found = {}
    for column, rows in by_column.items():
        told = [
            {name: _worded(one, adjusted.get((column, i, name))) for name, one in row.items()}
            for i, row in enumerate(rows)
        ]
        found[column] = told
    limit = max(
        (one.p for rows in found.values() for row in rows for one in row.values() if one.question), default=0
    )
    return {column: _one_side_each(rows, names[column], limit) for column, rows in found.items()}


def _mirrored(rows: Rows, name: str, i: int) -> bool:
    """Whether this is the other side of the same difference: of two kinds, the one in which less of it is seen."""
    return len(rows) == 2 and all(row[name].alike.known for row in rows) and rows[i][name].alike.value <= 0


def _worded(one: Compared, adjusted: float | None) -> Compared:
    if not one.alike.known:
        return replace(one, words=one.alike.why)
    if not one.asked:
        return replace(one, words="for comparison")
    known = adjusted is not None and not np.isnan(adjusted)
    if known and adjusted < FALSE_DISCOVERIES:
        return replace(one, adjusted_p=float(adjusted), question=True, words="a question")
    within = one.alike.low >= -one.matters and one.alike.high <= one.matters
    words = "no difference that matters is shown" if within else "not enough data yet"
    return replace(one, adjusted_p=float(adjusted) if known else None, words=words)


def _one_side_each(rows: Rows, names: tuple[str, ...], limit: float) -> Rows:
    """A kind stays a question only if it differs by more than the kinds that stand out further make it differ."""
    for name in rows[0] if rows else ():
        flagged = sorted(
            (i for i, row in enumerate(rows) if row[name].question), key=lambda i: rows[i][name].p
        )
        total, kept = sum(row[name].alike.n for row in rows), []
        for i in flagged:
            alike = rows[i][name].alike
            spilled = sum(
                rows[k][name].alike.value * rows[k][name].alike.n / max(total - alike.n, 1) for k in kept
            )
            own = alike.value + spilled
            if kept and (own * alike.value <= 0 or _chance(own, alike) > limit):
                words = f"the other side of {names[kept[0]]}"
                rows[i][name] = replace(rows[i][name], question=False, words=words)
            else:
                kept.append(i)
    return rows


def _chance(own: float, alike: Measure) -> float:
    """The p-value of what is left of a difference, at the difference's own error."""
    error = (alike.high - alike.low) / 2 / stats.norm.ppf(0.975)
    return float(stats.norm.sf((abs(own) - SMALLEST) / error) + stats.norm.sf((abs(own) + SMALLEST) / error))


def questions(
    column: str, label: str, value: str, row: Mapping[str, Compared], labels: Mapping[str, str]
) -> list[tuple[float, Question]]:
    """The one question about a kind of case, if any: its surest difference; the others stand beside it."""
    flagged = sorted((one.p, name) for name, one in row.items() if one.question)
    if not flagged:
        return []
    p, name = flagged[0]
    also = tuple(labels[other] for _, other in flagged[1:])
    one = row[name]
    rest = min(max(one.here.value - one.alike.value, 0.0), 1.0)
    said = _sentence(labels[name], label, value, rest, one)
    return [
        (
            p,
            Question(
                column,
                label,
                value,
                name,
                said,
                one.here.value,
                rest,
                one.alike,
                also,
                tuple(n for _, n in flagged),
            ),
        )
    ]


def _sentence(what: str, label: str, value: str, rest: float, one: Compared) -> str:
    more = "more" if one.alike.value > 0 else "less"
    numbers = (
        f"{one.here.value * 100:.0f} % against {rest * 100:.0f} % on like cases ({_points(one.alike.value)} points, "
        f"{_points(one.alike.low)} to {_points(one.alike.high)}; n {one.alike.n:,})"
    )
    return f"{what}: {more} often where {label} is {value}, {numbers}. {ASK}"


def _points(share: float) -> str:
    return f"{share * 100:+.0f}".replace("-", "−")
