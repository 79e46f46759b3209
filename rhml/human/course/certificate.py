"""What a certificate says: one line of verdict, one of result, and how it was measured.

>>> from rhml.human.course.gain import gain
>>> line(gain([False] * 8 + [True] * 12, [True] * 16 + [False] * 4, smallest=0.05))
'Right answers of 20: 12 → 16.'
"""

from __future__ import annotations

from rhml.human.course.forms import Equated
from rhml.human.course.gain import Gain, findable

IMPROVED, FELL, NONE, UNSURE = "improved", "fell", "no change shown", "not enough data yet"

HEADLINES = {
    IMPROVED: "A measured gain",
    FELL: "A measured loss",
    NONE: "No change shown",
    UNSURE: "Not enough data yet",
    "too few to say": "Too few to say",
}


def verdict_of(gain: Gain) -> str:
    """The verdict without its count: *improved*, *fell*, *no change shown*, *not enough data yet*, *too few to say*."""
    return gain.verdict.words.partition(" (")[0]


def line(gain: Gain) -> str:
    """Both tests in right answers."""
    return f"Right answers of {gain.n}: {gain.right_before} → {gain.right_after}."


def sentence(gain: Gain, *, smallest: float) -> str:
    """What the change is, between which two it lies, and what that lets one say."""
    change, said = gain.verdict.change, verdict_of(gain)
    if not change.known:
        return f"{change.why} A course needs at least ten pairs of answered cases."
    between = (
        f"The share right changed by {_points(change.value)} points "
        f"(between {_points(change.low)} and {_points(change.high)})."
    )
    return f"{between} {_means(said, gain, smallest)}"


def _means(said: str, gain: Gain, smallest: float) -> str:
    if said == IMPROVED:
        return "That is more than chance explains: of forty people who learned nothing, about one would get this."
    if said == FELL:
        return "That is a loss that chance does not explain."
    if said == NONE:
        return f"A change that matters here, {100 * smallest:.0f} points or more, is as good as ruled out."
    found = f"{gain.n} pairs find a gain of {100 * findable(gain.n):.0f} points four times in five"
    return f"Tests of this size cannot tell that from chance: {found}, a smaller one less often."


def sureness(gain: Gain) -> str:
    """How sure and how right, before and after; nothing where no confidence was given."""
    if not (gain.sure_before and gain.sure_after):
        return ""
    before, after = (
        f"sure of {100 * s.said:.0f} in 100 and right in {100 * s.right:.0f}"
        for s in (gain.sure_before, gain.sure_after)
    )
    return f"Before: {before}. After: {after}."


def method(equated: Equated, n: int, *, smallest: float) -> str:
    """How it was measured, for who wants to know."""
    return (
        f"{n} pairs of past cases, alike in what proved right, in segment and in difficulty; a coin drawn from the "
        "log's secret said which of a pair came before and which after, so the two tests differ by chance alone. "
        "Cases that nearly everybody gets right are left out: they show no gain. "
        f"People are expected to get {100 * equated.before:.0f} of 100 right on the first and "
        f"{100 * equated.after:.0f} on the second; within a pair the two differ by at most "
        f"{100 * equated.widest:.0f}. No outcome of either test was shown before both were done. Interval: score "
        "interval for matched pairs (Tango 1998), 95 %; a change is claimed only where the exact unconditional test "
        "(Suissa and Shuster 1991) finds one too. The grey band is a change too small to matter here, less than "
        f"{100 * smallest:.0f} points. It speaks for this person on cases like these, shortly after the course, "
        "without a model's help."
    )


def _points(share: float) -> str:
    sign = "+" if share > 0.0005 else "−" if share < -0.0005 else "±"
    return f"{sign}{abs(100 * share):.0f}"
