"""Who agrees with whom beyond chance: people among themselves, and each kind of call with the recommendation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.stats.alpha import Coincidences, alpha
from rhml.stats.counted import apart
from rhml.stats.measure import MINIMUM, Measure

NOBODY = "No case was called by two people."
BETWEEN = "own call beside own call"


@dataclass(frozen=True)
class Line:
    """Agreement of one kind: what it is of, α, its ordinal form where the actions have an order, and plain agreement."""

    name: str
    alpha: Measure
    ordinal: Measure | None
    same: float | None
    cases: int


@dataclass(frozen=True)
class Agreeing:
    """Among people (own calls, final decisions, and the difference), by segment, two by two, and with the model.

    `cut`: there were more kinds of cases than were counted.
    """

    own: Line
    final: Line
    closer: Measure
    segments: tuple[tuple[str, Line, Line], ...] = ()
    pairs: tuple[tuple[str, str, Line], ...] = ()
    model: tuple[tuple[str, str, Line], ...] = ()
    opinions: Line | None = None
    few: int = field(default=0)
    cut: bool = False


def agreeing(
    own: pd.DataFrame,
    final: pd.DataFrame,
    *,
    domain: DecisionDomain,
    model: pd.DataFrame,
    opinions: pd.DataFrame,
    own_by: pd.DataFrame | None = None,
    final_by: pd.DataFrame | None = None,
    pairs: pd.DataFrame | None = None,
    called: Mapping[str, str] | None = None,
) -> Agreeing:
    """α from kinds of cases as the log counts them.

    own, final (and the same by a segment, with `name`): n_0 …, cases. model: who, mode, pairs, cases. opinions: pairs,
    cases. pairs: one, other, first, second, cases; `called` says under which name each person may be shown, and who is
    not in it is not shown.
    """
    lines = _among(own, domain, "own"), _among(final, domain, "final")
    return Agreeing(
        *lines,
        apart(lines[1].alpha, lines[0].alpha),
        _segments(own_by, final_by, domain),
        _pairs(pairs, domain, called or {}),
        _model(model, domain),
        _beside(opinions, domain, "opinion") if len(opinions) else None,
    )


def _among(kinds: pd.DataFrame, domain: DecisionDomain, name: str) -> Line:
    size = len(domain.action_keys)
    calls = kinds[[f"n_{i}" for i in range(size)]].to_numpy(float).reshape(-1, size)
    return _line(name, Coincidences.of_counts(calls, kinds["cases"].to_numpy(float)), domain)


def _beside(kinds: pd.DataFrame, domain: DecisionDomain, name: str) -> Line:
    """Two judges of one decision each time; `pairs` lists the decisions of a case as first × K + second."""
    size = len(domain.action_keys)
    pairs = np.zeros((len(kinds), size, size))
    for row, codes in enumerate(kinds["pairs"]):
        np.add.at(pairs[row], np.divmod(np.asarray(codes, int), size), 1)
    return _line(name, Coincidences.of_pairs(pairs, kinds["cases"].to_numpy(float)), domain)


def _line(name: str, of: Coincidences, domain: DecisionDomain) -> Line:
    cases, total = int(of.cases.sum()), of.total
    ordered = domain.has_order and len(domain.actions) > 2
    return Line(
        name,
        alpha(of) if cases else Measure.unknown(NOBODY),
        (alpha(of, ordinal=True) if cases else Measure.unknown(NOBODY)) if ordered else None,
        float(np.trace(total) / total.sum()) if cases else None,
        cases,
    )


def _segments(own: pd.DataFrame | None, final: pd.DataFrame | None, domain: DecisionDomain):
    if own is None or final is None:
        return ()
    names = sorted({*own["name"].dropna(), *final["name"].dropna()})
    return tuple(
        (name, *(_among(kinds[kinds["name"] == name], domain, name) for kinds in (own, final))) for name in names
    )  # fmt: skip


def _pairs(pairs: pd.DataFrame | None, domain: DecisionDomain, called: Mapping[str, str]):
    """Two people who may both be shown, and who called enough cases both, in order of the alphabet."""
    if pairs is None or pairs.empty:
        return ()
    shown, place = pairs[pairs["one"].isin(called) & pairs["other"].isin(called)], domain.action_keys.index
    size, found = len(domain.action_keys), []
    for (one, other), rows in shown.groupby(["one", "other"]):
        codes = [[place(a) * size + place(b)] for a, b in zip(rows["first"], rows["second"], strict=True)]
        line = _beside(pd.DataFrame({"pairs": codes, "cases": rows["cases"].to_numpy()}), domain, BETWEEN)
        if line.cases >= MINIMUM:
            found.append((*sorted((called[one], called[other])), line))
    return tuple(sorted(found, key=lambda row: row[:2]))


def _model(model: pd.DataFrame, domain: DecisionDomain):
    found = []
    for who in ("first", "final"):
        of = model[model["who"] == who]
        found += [
            (who, mode, _beside(of[of["mode"] == mode], domain, who)) for mode in sorted(of["mode"].unique())
        ]
    return tuple(found)
