"""Frames of decisions as the log hands them out, with defaults for everything a test does not say."""

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.core.reliance import verdict

BASE = 'title = "Loans"\n[actions]\nlend = "Lend"\ndecline = "Decline"\n'
OUTCOME = '[outcome]\ncolumn = "right_action"\n'

DEFAULTS = {
    "mode": "first_call", "first_action": None, "first_confidence": np.nan, "model_version": "v1",
    "recommended_action": None, "recommended_confidence": np.nan, "final_action": None,
    "final_confidence": np.nan, "reason": None, "rationale": "", "decided_at": pd.NaT, "seconds": np.nan,
    "right_action": None, "known_at": pd.NaT, "bank": False, "explore": False, "imported": False,
    "value": np.nan, "received_at": pd.NaT,
}  # fmt: skip


@pytest.fixture
def domain():
    """A domain of two actions with outcomes; more TOML may be added."""

    def build(more="", *, outcome=OUTCOME, base=BASE):
        return parse_domain("loans", base + outcome + more)

    return build


@pytest.fixture
def decisions(domain):
    """A frame of decisions from the columns given; verdict and direction follow from the calls."""

    def build(n, *, order=("lend", "decline"), **columns):
        frame = pd.DataFrame({"decision_id": [f"d{i}" for i in range(n)]})
        frame["case_id"] = columns.pop("case_id", [f"c{i}" for i in range(n)])
        frame["manager"] = columns.pop("manager", [f"m{i % 5}" for i in range(n)])
        for name, value in {**DEFAULTS, **columns}.items():
            frame[name] = value
        frame["decided_at"] = pd.to_datetime(frame["decided_at"])
        texts = ("first_action", "recommended_action", "final_action", "right_action", "reason", "mode")
        for name in texts:
            frame[name] = frame[name].astype(object).where(frame[name].notna(), None)
        calls = zip(*(frame[c] for c in texts[:4]), strict=True)
        frame["verdict"] = [
            verdict(first=h, recommended=m, final=t, right=y) if t is not None else None
            for h, m, t, y in calls
        ]
        at = {None: np.nan, **{key: i for i, key in enumerate(order)}}
        step = frame["final_action"].map(at) - frame["recommended_action"].map(at)
        frame["direction"] = np.sign(step.astype(float).fillna(0)).astype(int)
        return frame

    return build


@pytest.fixture
def from_cells(decisions):
    """Decisions from counts: {(first right, recommendation right, final right): how many}."""

    def build(cells, **columns):
        h, m, t = np.repeat(np.array(list(cells), bool), list(cells.values()), axis=0).T
        truth = np.where(np.arange(len(h)) % 2 == 0, "lend", "decline")
        other = np.where(truth == "lend", "decline", "lend")
        return decisions(
            len(h),
            first_action=np.where(h, truth, other),
            recommended_action=np.where(m, truth, other),
            final_action=np.where(t, truth, other),
            right_action=truth,
            **columns,
        )

    return build


@pytest.fixture
def year(decisions):
    """A year of decisions in time order, of people, a model and a team with given shares right.

    gain: what is added in the second half to the chance of human, model and team to be right.
    """

    def build(n, *, seed=1, human=0.7, model=0.7, gain=(0.0, 0.0, 0.0), harder=0.0, **columns):
        rng = np.random.default_rng(seed)
        later = np.arange(n) >= n // 2
        hard = rng.random(n) < np.where(later, 0.3 + harder, 0.3)
        truth = np.where(rng.random(n) < 0.5, "lend", "decline")
        other = np.where(truth == "lend", "decline", "lend")
        chance = [
            base - 0.25 * hard + more * later for base, more in zip((human, model, human), gain, strict=True)
        ]
        h, m, t = (rng.random(n) < p for p in chance)
        return decisions(
            n,
            first_action=np.where(h, truth, other),
            recommended_action=np.where(m, truth, other),
            recommended_confidence=np.where(hard, 0.55, 0.9) + rng.uniform(-0.02, 0.02, n),
            final_action=np.where(t, truth, other),
            right_action=truth,
            decided_at=pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(n) * 360 / n, unit="D"),
            **columns,
        )

    return build
