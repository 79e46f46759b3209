"""Numbers that people can keep in mind: the roundest one in a range that would do."""

from __future__ import annotations

from math import floor, log10


def roundest(low: float, high: float, near: float) -> float:
    """The roundest number above `low` and up to `high`, nearest to `near` among equals.

    >>> roundest(38_712, 41_204, 39_000), roundest(1.91, 2.33, 2.1), roundest(0.4, 0.4, 0.4)
    (40000.0, 2.0, 0.4)
    """
    if not high > low:
        return float(near)
    top = floor(log10(max(abs(low), abs(high), high - low)))
    for power in range(top, top - 17, -1):
        for unit in (5, 2, 1):
            step = unit * 10.0**power
            k = round(near / step)
            for multiple in (k, k + 1, k - 1):
                value = float(f"{multiple * step:.12g}")
                if low < value <= high:
                    return value
    return float(near)
