"""How often the interval of Krippendorff's α holds the truth: simulated people, few and many cases.

python -m tests.benchmarks.alpha            (about half a minute)

People call each case right with a given chance; α's truth is that of two million cases.
"""

import numpy as np

from rhml.stats.alpha import Coincidences, alpha, disagreements

WORLDS = (  # chance of being right, how often each action is right, most people a case, ordinal
    (0.85, (0.5, 0.5), 2, False),
    (0.95, (0.8, 0.2), 2, False),
    (0.98, (0.95, 0.05), 3, False),
    (0.6, (0.5, 0.5), 3, False),
    (0.8, (0.5, 0.3, 0.2), 4, False),
    (0.8, (0.5, 0.3, 0.2), 4, True),
)
REPEATS = 1_000


def kinds(draw, cases: int, right: float, shares: tuple[float, ...], most: int) -> Coincidences:
    size = len(shares)
    truth, people = draw.choice(size, cases, p=shares), draw.integers(2, most + 1, cases)
    counts = np.zeros((cases, size))
    for place in range(most):
        there = np.flatnonzero(people > place)
        wrong = draw.random(len(there)) > right
        call = np.where(wrong, truth[there] + draw.integers(1, size, len(there)), truth[there]) % size
        np.add.at(counts, (there, call), 1)
    return Coincidences.of_counts(*np.unique(counts, axis=0, return_counts=True))


def main() -> None:
    draw = np.random.default_rng(1)
    for cases in (20, 50, 200):
        for right, shares, most, ordinal in WORLDS:
            observed, expected = disagreements(
                kinds(draw, 2_000_000, right, shares, most).total[None], ordinal
            )
            truth, held, known = 1 - observed[0] / expected[0], 0, 0
            for _ in range(REPEATS):
                found = alpha(kinds(draw, cases, right, shares, most), ordinal=ordinal)
                if found.known:
                    known += 1
                    held += found.low <= truth <= found.high
            form = "ordinal" if ordinal else "nominal"
            print(
                f"{cases:>4} cases, {len(shares)} actions, to {most} people, {form}: α {truth:.2f}, held {held / known:.3f} of {known}"
            )


if __name__ == "__main__":
    main()
