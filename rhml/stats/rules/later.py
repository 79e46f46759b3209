"""How later cases are asked about a rule: two tests, one value a case, so that several people on it are one case."""

from __future__ import annotations

import numpy as np
from scipy import stats


def signs(own: np.ndarray) -> float:
    """The exact sign test: of the cases where one alone was right, was it mostly the one?

    >>> round(signs(np.array([1.0, 1.0, 1.0, 1.0, 0.0, -1.0])), 3)
    0.188
    """
    ahead, behind = int((own > 0).sum()), int((own < 0).sum())
    return float(stats.binom.sf(ahead - 1, ahead + behind, 0.5)) if ahead + behind else 1.0


def contrast(own: np.ndarray, rest: np.ndarray) -> float:
    """Welch's test that the mean inside is above the mean elsewhere."""
    # A few cases that are all alike have no spread to go by; they get that of everything else.
    inner = max(own.var(ddof=1), rest.var(ddof=1) / len(own)) / len(own)
    outer = rest.var(ddof=1) / len(rest)
    if inner + outer <= 0:
        return 1.0
    freedom = (inner + outer) ** 2 / (inner**2 / (len(own) - 1) + outer**2 / (len(rest) - 1) + 1e-300)
    return float(stats.t.sf((own.mean() - rest.mean()) / np.sqrt(inner + outer), freedom))
