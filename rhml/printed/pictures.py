"""The pictures of the report: the course over time, the three verdicts, who is right where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

from rhml.printed import drawing
from rhml.printed.blocks import Drawing
from rhml.printed.claims import claimed
from rhml.printed.drawing import WIDTH, Scale, canvas, ends, legend, line, marked, ring, text, tick
from rhml.printed.marks import SIDES, WHO
from rhml.printed.measured import difference, period, share
from rhml.printed.numbers import number, percent
from rhml.reports.improvement import Improvement
from rhml.stats.measure import Measure

LEFT, RIGHT = 60, WIDTH - 36
LABELS = 210
SIDE = 320
"""Of the square in which segments are placed."""
LEAST = 2
APART = 9.0


def verdicts(found: Improvement) -> Drawing | None:
    """Each change with its interval against zero; nothing where no change is known."""
    known = {who: getattr(found, who).change for who in WHO if getattr(found, who).change.known}
    if not known:
        return None
    least = found.smallest_change
    scale = Scale([*ends(known.values()), least, -least], LABELS, RIGHT, zero=True)
    bottom = 30 + 40 * len(known)
    band = (
        f'<rect x="{scale(-least):.1f}" y="24" width="{scale(least) - scale(-least):.1f}" height="{bottom - 24}" '
        'fill-opacity="0.07"/>'
    )
    parts = [
        text(LABELS, 14, "worse ← points → better", faint=True),
        band,
        *_upright(scale, 24, bottom, signed=True),
    ]
    parts.append(line(scale(0), 24, scale(0), bottom))
    for row, (who, change) in enumerate(known.items()):
        y = 46 + 40 * row
        parts += [text(0, y + 5, WHO[who].name, room=LABELS - 10), _whisker(who, change, scale, y)]
    said = "; ".join(
        claimed(who, getattr(found, who)) + ": " + difference(change) for who, change in known.items()
    )
    return Drawing(canvas(bottom + 24, parts), f"Change of the share right, with 95 % intervals. {said}.")


def course(series: Sequence[dict[str, object]]) -> Drawing | None:
    """The share right by period, with intervals; nothing where fewer than two periods say anything."""
    spoken = [point for point in series if any(point[who].known for who in WHO)]
    if len(spoken) < LEAST:
        return None
    top, bottom = 30, 300
    scale = Scale(ends(point[who] for point in spoken for who in WHO), bottom, top)
    width = (RIGHT - LEFT) / len(spoken)
    places = [LEFT + width * (i + 0.5) for i in range(len(spoken))]
    parts = [legend({who: mark.name for who, mark in WHO.items()}, 14), *_level(scale)]
    every = max(1, round(80 / width))
    for i, (point, x) in enumerate(zip(spoken, places, strict=True)):
        if i % every == 0:
            parts.append(text(x, bottom + 20, period(str(point["period"])), anchor="middle"))
    for shift, who in zip((-APART, 0.0, APART), WHO, strict=True):
        shift *= min(1.0, width / 50)
        parts += _track(
            who, [(x + shift, point[who]) for x, point in zip(places, spoken, strict=True)], scale
        )
    first, last = spoken[0], spoken[-1]
    said = "; ".join(f"{WHO[who].name}: first {share(first[who])}, last {share(last[who])}" for who in WHO)
    return Drawing(canvas(bottom + 30, parts), f"Share right by period, with 95 % intervals. {said}.")


def by_segment(rows: Sequence[tuple[str, dict[str, Measure]]], title: str) -> Drawing | None:
    """People, model and team in each segment: a row a segment, a mark a side."""
    spoken = [(name, sides) for name, sides in rows if any(m.known for m in sides.values())]
    if not spoken:
        return None
    scale = Scale(ends(m for _, sides in spoken for m in sides.values()), LABELS, RIGHT)
    bottom = 30 + 44 * len(spoken)
    parts = [legend(SIDES, 14), *_upright(scale, 24, bottom)]
    for row, (name, sides) in enumerate(spoken):
        y = 52 + 44 * row
        parts.append(text(0, y + 5, name, room=LABELS - 10))
        if row:
            parts.append(line(0, y - 22, RIGHT, y - 22, faint=True))
        for shift, who in zip((-APART * 1.4, 0.0, APART * 1.4), SIDES, strict=True):
            if sides[who].known:
                parts.append(_whisker(who, sides[who], scale, y + shift))
    said = "; ".join(name for name, _ in spoken)
    return Drawing(canvas(bottom + 24, parts), f"Share right by {title}, with 95 % intervals: {said}. The numbers are in the table.")  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A segment on the map: its name or number, who is ahead there, how many cases, and both shares right."""

    name: str
    ahead: str
    n: int
    people: Measure
    model: Measure
    named: bool = True


def segment_map(places: Sequence[Place]) -> Drawing | None:
    """Each segment where its shares right put it: above the line people are right more often, below it the model."""
    known = [place for place in places if place.people.known and place.model.known]
    if not known:
        return None
    values = [m.value for place in known for m in (place.people, place.model)]
    across, up = Scale(values, LEFT, LEFT + SIDE), Scale(values, SIDE + 20, 20)
    low, high = across.ticks[0], across.ticks[-1]
    parts = [
        *_level(up, LEFT + SIDE),
        *_upright(across, 20, SIDE + 20),
        line(across(low), up(low), across(high), up(high), dash=drawing.DASHES["dash"]),
        text(LEFT + 10, 36, "people right more often"),
        text(LEFT + SIDE - 8, SIDE + 10, "the model right more often", anchor="end"),
        text(LEFT + SIDE, SIDE + 60, "model right →", anchor="end", faint=True),
        text(0, 12, "people right ↑", faint=True),
    ]
    most = max(place.n for place in known)
    for place in sorted(known, key=lambda one: one.named):
        x, y, size = across(place.model.value), up(place.people.value), 3 + 9 * sqrt(place.n / most)
        mark = WHO[place.ahead]
        parts.append(marked(mark, x, y, round(size, 1)) if place.named else ring(x, y, round(size, 1)))
        if place.named:
            parts.append(text(x + size + 4, y + 5, place.name))
    said = "; ".join(
        f"{p.name}: people {percent(p.people.value)}, model {percent(p.model.value)}, n {number(p.n)}"
        for p in known
    )
    return Drawing(canvas(SIDE + 70, parts), f"Map of segments by share right: {said}.")


def _upright(scale: Scale, top: float, bottom: float, *, signed: bool = False) -> list[str]:
    """Upright lines at an axis' values, with the values below them."""
    parts = []
    for value in scale.ticks:
        parts.append(line(scale(value), top, scale(value), bottom, faint=True))
        parts.append(text(scale(value), bottom + 18, tick(value, signed=signed), anchor="middle"))
    return parts


def _level(scale: Scale, right: float = RIGHT) -> list[str]:
    """Level lines at an axis' values, with the values before them."""
    parts = []
    for value in scale.ticks:
        parts.append(line(LEFT, scale(value), right, scale(value), faint=True))
        parts.append(text(LEFT - 8, scale(value) + 5, tick(value), anchor="end"))
    return parts


def _whisker(who: str, found: Measure, scale: Scale, y: float) -> str:
    """A mark with its interval, lying."""
    mark = WHO[who]
    bar = ""
    if found.low is not None:
        bar = line(scale(found.low), y, scale(found.high), y, colour=mark.colour, width=2)
    return bar + marked(mark, scale(found.value), y)


def _track(who: str, points: list[tuple[float, Measure]], scale: Scale) -> list[str]:
    """The marks of one side over time, joined where neighbours are known, with standing intervals."""
    mark, parts = WHO[who], []
    dash = drawing.DASHES[mark.dash]
    for (x1, one), (x2, two) in pairwise(points):
        if one.known and two.known:
            parts.append(
                line(x1, scale(one.value), x2, scale(two.value), colour=mark.colour, width=1.5, dash=dash)
            )
    for x, found in points:
        if found.known:
            if found.low is not None:
                parts.append(line(x, scale(found.low), x, scale(found.high), colour=mark.colour, width=1.5))
            parts.append(marked(mark, x, scale(found.value)))
    return parts
