"""Simulated reviewers: what each knows, the probabilities several of them state of one finding, and what they say."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.demo.people import Manager, Plant
from rhml.demo.words import Said, one_of

PANEL = 4
"""So many experts state a probability of each finding before anybody decides it."""

TOO_SURE = 1.7
"""How much further from even odds experts state what they hold."""

LEARNED, SETTLED = 0.82, 0.3
"""How much of noise and of the pull of fame results take away, and the share of the years after which that is done."""

IN_COMMON = 0.5
"""How much of their noise experts share: they read the same journals."""

REVIEWERS = tuple(
    Manager(
        name,
        share,
        noise,
        dict.fromkeys(("attempt worked", "attempt failed"), hears),
        fame,
        1.4,
        0.85,
        LEARNED,
    )
    for name, share, noise, hears, fame in (
        ("Reviewer 1", 0.20, 7.0, 0.90, 9.0),
        ("Reviewer 2", 0.18, 8.0, 0.80, 9.4),
        ("Reviewer 3", 0.17, 7.7, 0.70, 9.0),
        ("Reviewer 4", 0.15, 9.8, 0.80, 9.8),
        ("Reviewer 5", 0.10, 12.0, 0.60, 10.2),
        ("Reviewer 6", 0.10, 7.0, 0.90, 8.6),
        ("Lead", 0.10, 6.3, 0.80, 7.8),
    )
)

FAILED = (
    "Two laboratories tried it and saw nothing; it is not published yet.",
    "At the last meeting a group reported that their attempt failed.",
    "A student of ours ran it twice last year without any effect.",
)
WORKED = (
    "We have the effect in an unpublished sample of our own.",
    "Another group has replicated it; the paper is under review.",
    "It comes up in every class experiment we run.",
)
FOR = (
    Said("Theory speaks for it", "Three independent theories predict the same."),
    Said("Method or measure", "The measure is far more reliable than most of this kind."),
    Said("Fact is wrong", "The sample is larger than stated; two studies were pooled.", (("sample_size", "value is wrong"),)),
    Said("Model misjudges this kind", "Within-person designs like this one need few people.", (("sample_size", "irrelevant here"),)),
)  # fmt: skip
AGAINST = (
    Said("Theory speaks against it", "No mechanism I know of would work so fast."),
    Said("Method or measure", "The outcome was coded by people who knew the hypothesis."),
    Said(
        "Model misjudges this kind",
        "One outlier seems to carry the effect.",
        (("effect_size", "irrelevant here"),),
    ),
    Said("Other", "The test reported is one of many that could have been run."),
)
FAMOUS = Said("Theory speaks for it", "Everybody builds on this finding; it would have been found out.")


def panel(
    rng: np.random.Generator, planted: pd.DataFrame, received: list[datetime], domain: DecisionDomain
) -> pd.DataFrame:
    """What experts other than who decides said of each finding, each on their own and before anybody decided."""
    names = np.array([one.name for one in REVIEWERS if one.name != "Lead"])
    lots = rng.random((len(planted), len(names)))
    lots[planted["manager"].to_numpy()[:, None] == names] = 2.0
    place, rank = np.nonzero(lots.argsort(axis=1).argsort(axis=1) < PANEL)
    view = _views(rng, planted.iloc[place], [_known(name) for name in names[rank]], _passed(planted)[place])
    likely = np.round(1 / (1 + np.exp(-TOO_SURE * view)) / 0.05) * 0.05
    first = likely >= 0.5
    asked = rng.uniform(0.1, 0.9, len(place)) * np.array(
        [(by - at).total_seconds() for at, by in zip(np.array(received)[place], planted["imported"].iloc[place], strict=True)]
    )  # fmt: skip
    return pd.DataFrame(
        {
            "case_id": planted["case_id"].to_numpy()[place],
            "manager": names[rank],
            "first_action": np.where(first, *domain.action_keys),
            "first_confidence": np.round(np.clip(np.where(first, likely, 1 - likely), 0.05, 0.98), 2),
            "decided_at": [
                received[k] + timedelta(seconds=round(s)) for k, s in zip(place, asked, strict=True)
            ],
        }
    )


def _known(name: str) -> Manager:
    return next(one for one in REVIEWERS if one.name == name)


def _passed(planted: pd.DataFrame) -> np.ndarray:
    """How much of what the years teach was learned when each finding was brought, 0 to 1."""
    since = planted["imported"] - planted["imported"].min()
    return np.minimum(1.0, (since / since.max()).to_numpy(float) / SETTLED)


def _views(
    rng: np.random.Generator, planted: pd.DataFrame, people: list[Manager], passed: np.ndarray
) -> np.ndarray:
    """Log-odds that each expert holds: the facts, what reached them, fame where it rules, and noise."""
    left = 1 - LEARNED * passed
    noise, fame = (left * np.array([getattr(one, name) for one in people]) for name in ("noise", "fashion"))
    ears = np.array([one.ears.get(kind, 0.0) for one, kind in zip(people, planted["kind"], strict=True)])
    own = np.sqrt(IN_COMMON) * planted["luck"] + np.sqrt(1 - IN_COMMON) * rng.normal(size=len(people))
    heard = rng.random(len(people)) < ears
    return (
        planted["visible"] + noise * own + fame * planted["fashion"] + planted["private"] * heard
    ).to_numpy()


def say(plant: Plant, facts: dict, action: str, *, informed: bool) -> Said:
    """The reason and the sentence of a reviewer who decides differently."""
    lasts, pick = action == "replicates", plant.pick
    if informed and lasts == (plant.kind == "attempt worked"):
        return Said("Heard of another attempt", one_of(WORKED if lasts else FAILED, pick))
    if lasts and plant.fashion:
        return FAMOUS
    choices = FOR if lasts else AGAINST
    return choices[int(pick * len(choices))]
