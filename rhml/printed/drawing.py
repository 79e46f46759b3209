"""Drawings as SVG, made from the numbers: the same lines on a page and on paper, sharp at any size.

Text and axes take the colour of the text around them, so that they read on light, on dark and in print.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from rhml.printed.blocks import clean
from rhml.printed.marks import WHO, Mark
from rhml.printed.numbers import number
from rhml.stats.measure import Measure

WIDTH = 640
LETTER = 7.2
"""The width of a letter of 14 units, about; what is longer than its place is cut with a sign of it."""
DASHES = {"solid": "", "dash": "7 4", "dot": "2 4"}


def canvas(height: float, parts: Iterable[str]) -> str:
    """The drawing of its parts."""
    return (
        f'<svg viewBox="0 0 {WIDTH} {_at(height)}" width="{WIDTH}" '
        f'height="{_at(height)}" font-size="14" fill="currentColor">{"".join(parts)}</svg>'
    )


def text(
    x: float, y: float, said: str, *, anchor: str = "start", room: float = WIDTH, faint: bool = False
) -> str:
    """A line of text, cut where it would leave its room."""
    fits = max(int(room / LETTER), 2)
    said = clean(said)
    said = said if len(said) <= fits else said[: fits - 1].rstrip() + "…"
    more = ' fill-opacity="0.75"' if faint else ""
    return f'<text x="{_at(x)}" y="{_at(y)}" text-anchor="{anchor}"{more}>{escape(said)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, *, colour: str = "currentColor", width: float = 1.0,
         dash: str = "", faint: bool = False) -> str:  # fmt: skip
    """A straight line."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    more = ' stroke-opacity="0.3"' if faint else ""
    return (
        f'<line x1="{_at(x1)}" y1="{_at(y1)}" x2="{_at(x2)}" y2="{_at(y2)}" stroke="{colour}" '
        f'stroke-width="{width}"{dashes}{more}/>'
    )


def marked(mark: Mark, x: float, y: float, size: float = 5) -> str:
    """The mark of people, model or team; shape and colour say the same."""
    if mark.symbol == "circle":
        return f'<circle cx="{_at(x)}" cy="{_at(y)}" r="{size}" fill="{mark.colour}"/>'
    if mark.symbol == "diamond":
        s = size * 1.3
        points = ((x, y - s), (x + s, y), (x, y + s), (x - s, y))
        joined = " ".join(f"{_at(a)},{_at(b)}" for a, b in points)
        return f'<polygon points="{joined}" fill="{mark.colour}"/>'
    return f'<rect x="{_at(x - size)}" y="{_at(y - size)}" width="{2 * size}" height="{2 * size}" fill="{mark.colour}"/>'


def ring(x: float, y: float, size: float) -> str:
    """A place of nobody's colour."""
    return f'<circle cx="{_at(x)}" cy="{_at(y)}" r="{size}" fill="none" stroke="currentColor" stroke-opacity="0.5"/>'


def legend(names: dict[str, str], y: float, x: float = 0) -> str:
    """The three marks with their names in a row; those named only."""
    parts = []
    for who, name in names.items():
        parts += [marked(WHO[who], x + 6, y - 5), text(x + 18, y, name)]
        x += 34 + LETTER * len(name) + 14
    return "".join(parts)


class Scale:
    """Places values between two ends of the paper, over a span widened to round steps."""

    def __init__(self, values: Iterable[float], start: float, end: float, *, zero: bool = False):
        held = [*values, *([0.0] if zero else [])]
        low, high = min(held), max(held)
        self.step = _step(max(high - low, 0.02))
        self._low = _floor(low, self.step)
        self._high = max(-_floor(-high, self.step), self._low + self.step)
        self._start, self._end = start, end

    def __call__(self, value: float) -> float:
        share = (value - self._low) / (self._high - self._low)
        return self._start + share * (self._end - self._start)

    @property
    def ticks(self) -> list[float]:
        """The values at which the axis is marked."""
        count = round((self._high - self._low) / self.step)
        return [self._low + i * self.step for i in range(count + 1)]


def ends(measures: Iterable[Measure]) -> list[float]:
    """All values and ends of intervals of the measures that are known: what a scale must hold."""
    return [value for m in measures if m.known for value in (m.value, m.low, m.high) if value is not None]


def tick(value: float, *, signed: bool = False) -> str:
    """A tick's label: per cent, or points with their sign.

    >>> tick(0.6), tick(-0.05, signed=True)
    ('60 %', '−5')
    """
    if signed:
        sign = "+" if value > 1e-9 else "−" if value < -1e-9 else ""
        return f"{sign}{number(abs(value) * 100, 1)}"
    return f"{number(value * 100, 1)} %"


def _step(span: float) -> float:
    """A round step that gives four to eight ticks."""
    return next(s for s in (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 1e9) if span / s <= 7)


def _floor(value: float, step: float) -> float:
    return (value / step + 1e-9) // 1 * step


def _at(place: float) -> str:
    return f"{place:.1f}".removesuffix(".0")
