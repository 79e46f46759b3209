"""The case nearest to one that went the other way: which actions that means, and what tells the two apart."""

from __future__ import annotations

from collections.abc import Sequence

from rhml.human.set_apart import LEAST, Seen, together


def other_way(right: str, calls: Sequence[str | None], actions: Sequence[str]) -> tuple[str, ...]:
    """The actions that were called and did not prove right; where every call was right, all others.

    >>> other_way("lend", ["decline", "lend"], ["lend", "decline", "ask"])
    ('decline',)
    >>> other_way("lend", ["lend", None], ["lend", "decline", "ask"])
    ('decline', 'ask')
    """
    called = tuple(dict.fromkeys(call for call in calls if call is not None and call != right))
    return called or tuple(action for action in actions if action != right)


def differences(here: Seen, there: Seen | None) -> tuple[tuple[str, ...], ...]:
    """The factors that the model weighs differently in two cases of one version, the most different first.

    Factors that say the same count as one. Where the other's points are unknown: the factors by their weight here.
    """
    theirs = _towards(here.action, there) if there and here.features == there.features else None
    if theirs is None or len(here.points) != len(theirs):
        theirs = [0.0] * len(here.points)
    gap = dict(zip(here.features, (a - b for a, b in zip(here.points, theirs, strict=True)), strict=True))
    apart = {names: abs(sum(gap[name] for name in names)) for names in together(here.features, here.groups)}
    return tuple(sorted((names for names in apart if apart[names] >= LEAST), key=lambda names: -apart[names]))


def _towards(action: str, seen: Seen) -> Sequence[float] | None:
    """The points of an action that need not be the recommended one."""
    if seen.action == action:
        return seen.points
    if len(seen.actions) == 2:
        return [-points for points in seen.points]
    width = len(seen.points)
    if len(seen.by_action) != width * len(seen.actions) or action not in seen.actions:
        return None
    return seen.by_action[seen.actions.index(action) * width :][:width]
