"""The one factor that set a person and the model apart on a case, as its outcome lets one see it.

Read from the points that were on the card, never computed anew: what spoke most for the model's action and
against the person's. Factors that say the same count as one.

>>> seen = Seen(("late", "income"), ("lend", "decline"), "decline", (0.2, -0.1))
>>> set_apart(seen, called="lend", right="decline")
Apart(part='seen', factors=('late',), points=0.2, towards='decline', by_team=False)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LEAST = 0.005
"""Half a point: a factor that weighs less set nobody apart."""

CORRECTION = "team correction"
"""Stands for the team's correction where that, and no factor, spoke most for the model's action."""


@dataclass(frozen=True)
class Seen:
    """What the model saw of a case: points of its action (fractions of probability), in the order of the features.

    `by_action` are the points of every action, action by action, where there are more than two; `team_points`
    those of the same action in the model of the team's own calls; `groups` name features that say the same.
    """

    features: tuple[str, ...]
    actions: tuple[str, ...]
    action: str
    points: tuple[float, ...]
    by_action: tuple[float, ...] = ()
    team_points: tuple[float, ...] = ()
    correction: float = 0.0
    groups: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Apart:
    """The factor, and the part it played.

    part: *seen* (the model was right about it), *misled* (it misled the model), *misled both*, *apart* (neither
    was right). `factors` is empty where no single factor carried the model's view; `points` are those by which
    the factor moved the model `towards` its action and away from the person's; with `by_team` more than it moves
    the team's own calls.
    """

    part: str
    factors: tuple[str, ...]
    points: float
    towards: str
    by_team: bool = False


def set_apart(seen: Seen, *, called: str, right: str) -> Apart | None:
    """What carried the model's view against the person's call; None where both were the same and right."""
    if called == right == seen.action:
        return None
    if called != seen.action:
        part = "seen" if seen.action == right else "misled" if called == right else "apart"
    else:
        part = "misled both"
    pull = pulls(seen, against=right if called == seen.action else called)
    by_team = called != seen.action and len(seen.team_points) == len(seen.points)
    if by_team:
        lead = [ours - theirs for ours, theirs in zip(seen.points, seen.team_points, strict=True)]
        factors, weight = _strongest(seen, lead, seen.correction)
        by_team = bool(factors) and factors != (CORRECTION,)
        return Apart(part, factors, weight, seen.action, by_team)
    return Apart(part, *_strongest(seen, pull, seen.correction), seen.action)


def pulls(seen: Seen, *, against: str) -> list[float]:
    """By how much each feature speaks for the model's action rather than for another, in the order of the features."""
    width = len(seen.points)
    known = seen.actions[: len(seen.by_action) // width] if width else ()
    # The points of other actions leave out what a correction adds to them.
    if seen.correction or seen.action not in known or against not in known:
        return list(seen.points)
    one, two = (seen.by_action[known.index(a) * width :][:width] for a in (seen.action, against))
    return [ours - theirs for ours, theirs in zip(one, two, strict=True)]


def together(features: Sequence[str], groups: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Features as factors: those that say the same together, every other alone."""
    there = set(features)
    joined = [tuple(name for name in group if name in there) for group in groups]
    joined = [group for group in joined if len(group) > 1]
    taken = {name for group in joined for name in group}
    return joined + [(name,) for name in features if name not in taken]


def _strongest(seen: Seen, pull: Sequence[float], correction: float) -> tuple[tuple[str, ...], float]:
    """The factor that speaks most for the model's action and by how much; no factor where none does."""
    of = dict(zip(seen.features, pull, strict=True))
    weights = {names: sum(of[name] for name in names) for names in together(seen.features, seen.groups)}
    weights[(CORRECTION,)] = correction
    best = max(weights, key=weights.__getitem__)
    return (best, float(weights[best])) if weights[best] >= LEAST else ((), 0.0)
