"""How sure one must be at each of several looks, so that looking often raises no more false alarms than looking once.

The chance of a false alarm, α, is spent little by little as information comes in (Lan & DeMets 1983). `late`
spends it like O'Brien & Fleming: hardly any at first, most at the end, where it costs the least power;
`even` like Pocock. The bars follow from the joint normal distribution of the looks (Armitage, McPherson & Rowe
1969), computed by repeated numerical integration.

>>> [round(z, 2) for z in bars((0.2, 0.4, 0.6, 0.8, 1.0), 0.025)]
[4.88, 3.36, 2.68, 2.29, 2.03]
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Literal

import numpy as np
from scipy import optimize, special, stats

Shape = Literal["late", "even"]
POINTS = 400
REACH = 8.0
HIGHEST = 12.0
"""A bar that nothing passes: where next to no α is spent at a look."""


def spent(fraction: float, alpha: float, shape: Shape = "late") -> float:
    """How much of a one-sided α may be used up when this fraction of the information is in."""
    fraction = min(max(fraction, 0.0), 1.0)
    if fraction == 0:
        return 0.0
    if shape == "even":
        return alpha * math.log(1 + (math.e - 1) * fraction)
    return float(2 * stats.norm.sf(stats.norm.isf(alpha / 2) / math.sqrt(fraction)))


@lru_cache(maxsize=512)
def bars(fractions: tuple[float, ...], alpha: float, shape: Shape = "late") -> tuple[float, ...]:
    """The number of standard errors that a look must show, one bar a look, in order.

    fractions: information at each look as a share of that at the last, rising. Over all looks together the
    chance to pass a bar where nothing changed is α.
    """
    uses = np.diff([0.0, *(spent(fraction, alpha, shape) for fraction in fractions)])
    return bars_for(fractions, tuple(float(use) for use in np.maximum(uses, 0.0)))


def bars_for(information: tuple[float, ...], shares: tuple[float, ...]) -> tuple[float, ...]:
    """The bar of each look that uses up its share of the chance to pass by luck.

    information: what each look rests on beside what the last one does, rising up to about 1.
    """
    found: list[float] = []
    before = 0.0
    grid, density = np.zeros(1), np.ones(1)
    for fraction, share in zip(information, shares, strict=True):
        step = math.sqrt(max(fraction - before, 1e-9))
        bar = _bar(grid, density, step, math.sqrt(fraction), share)
        grid, density = _below(grid, density, step, bar * math.sqrt(fraction), math.sqrt(fraction))
        found.append(bar)
        before = fraction
    return tuple(found)


def _bar(grid: np.ndarray, density: np.ndarray, step: float, scale: float, share: float) -> float:
    """Where just this share of what has not passed yet would pass now."""

    def beyond(bar: float) -> float:
        return float(density @ special.ndtr((grid - bar * scale) / step)) - share

    return HIGHEST if beyond(HIGHEST) >= 0 else float(optimize.brentq(beyond, -REACH, HIGHEST, xtol=1e-6))


def _below(
    grid: np.ndarray, density: np.ndarray, step: float, top: float, scale: float
) -> tuple[np.ndarray, np.ndarray]:
    """Weights of the process on a grid below the bar, after one more step."""
    to = np.linspace(-REACH * scale, top, POINTS)
    width = to[1] - to[0]
    jump = np.exp(-0.5 * ((to[:, None] - grid) / step) ** 2) / (step * math.sqrt(2 * math.pi))
    weights = np.full(POINTS, width)
    weights[[0, -1]] = width / 2
    return to, (jump @ density) * weights
