"""Whether the intervals of scored probabilities hold, and how often an average is called better that is not.

Run by hand: python -m tests.benchmarks.forecasts [draws]. Not part of the test suite.
"""

from __future__ import annotations

import sys

import numpy as np

from rhml.reports.forecasting import BOTH, MODEL, ONE
from rhml.reports.forecasts import forecasts
from tests.reports.test_forecasts import DOMAIN, planted

SIZES = (40, 150, 500)
WORLDS = {
    "different facts, four people": {"people": 4, "noise": 1.5},
    "very noisy people": {"people": 4, "noise": 3.0},
    "one person a case": {"people": 1, "noise": 1.0},
    "a model that reads nothing": {"people": 4, "noise": 0.5, "of_model": 0.0},
}
LARGE = 40_000


def main(draws: int) -> None:
    """Coverage of 95 % intervals over fresh draws against one draw of many cases, and wrong claims."""
    for world, how in WORLDS.items():
        truth = forecasts(*planted(10**6, n=LARGE, **how), domain=DOMAIN, seed=7)
        crowd = truth.crowd
        better = truth.gap(BOTH, crowd).brier.value < 0 and truth.gap(BOTH, MODEL).brier.value < 0
        for n in SIZES:
            held, said = {}, 0
            for draw in range(draws):
                found = forecasts(*planted(draw, n=n, **how), domain=DOMAIN, seed=7)
                for key in (ONE, MODEL, BOTH):
                    for score in ("brier", "log", "too_sure"):
                        _count(
                            held,
                            f"{key} {score}",
                            getattr(found.side(key), score),
                            getattr(truth.side(key), score),
                        )
                _count(held, "people − model", found.gap(crowd, MODEL).brier, truth.gap(crowd, MODEL).brier)
                said += found.together_best
            mean = np.mean([np.mean(hits) for hits in held.values()])
            least = min(held, key=lambda name: np.mean(held[name]))
            print(
                f"{world}, {n} cases, {draws} draws: 95 % intervals hold {mean:.1%} "
                f"(least: {least} {np.mean(held[least]):.1%}); 'better than either' said {said / draws:.1%}, "
                f"{'true' if better else 'NOT true'} here"
            )


def _count(held: dict[str, list[bool]], name: str, found, truth) -> None:
    # Where every case scores the same there is a value and no interval.
    low, high = (found.value if end is None else end for end in (found.low, found.high))
    held.setdefault(name, []).append(low <= truth.value + 1e-9 and truth.value - 1e-9 <= high)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
