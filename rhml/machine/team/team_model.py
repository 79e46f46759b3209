"""The team's model: trees that foretell people's own calls, and how each person weighs what the team weighs.

The bytes are a magic word, a SHA-256 of the rest, a JSON header and the bytes of the trees: nothing in them can
run, and two equal models are equal byte for byte.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import softmax

from rhml.machine.explaining.explanation import contributions, points_of
from rhml.machine.model import Model, ModelUnreadable
from rhml.machine.team.person import Weights

MAGIC = b"RHML-team-1\n"
DIGEST = 32


@dataclass(frozen=True, eq=False)
class TeamScored:
    """What the team would call, for one action of each case: `base` (n,) + `points` (n, d) = `probability` (n,)."""

    probability: np.ndarray
    base: np.ndarray
    points: np.ndarray


@dataclass(frozen=True, eq=False)
class TeamModel:
    """Foretells people's calls. `card` says what it learned from; `people` how each weighs, with enough calls;
    `calls` how many each has."""

    model: Model
    people: dict[str, Weights]
    calls: dict[str, int]
    card: dict[str, Any]

    @property
    def features(self) -> tuple[str, ...]:
        """The features that it reads, in the order of its points."""
        return self.model.features

    @cached_property
    def version(self) -> str:
        """The first twelve hex digits of the content's SHA-256."""
        return hashlib.sha256(self.to_bytes()).hexdigest()[:12]

    def score(self, cases: pd.DataFrame, actions: np.ndarray, features: Sequence[str]) -> TeamScored:
        """How likely the team would call these actions (n,), and what each of some features counts for it.

        What the team reads beyond `features` is in the base; what only they read counts nothing. An action that
        came into the domain after the training is one that nobody ever called: NaN throughout.
        """
        at = pd.Index(self.model.actions, dtype=object).get_indexer(np.asarray(actions, dtype=object))
        start, added = contributions(self.model, self.model.encoding.matrix(cases))
        rows, known = np.arange(len(at)), at >= 0
        probability = np.where(known, softmax(start + added.sum(axis=1), axis=1)[rows, at], np.nan)
        given = np.where(known[:, None], points_of(start, added)[rows, at], np.nan)
        points = np.zeros((len(at), len(features)))
        for place, name in enumerate(features):
            if name in self.features:
                points[:, place] = given[:, self.features.index(name)]
        return TeamScored(probability, probability - points.sum(axis=1), points)

    def to_bytes(self) -> bytes:
        """The whole model; the same model always gives the same bytes."""
        header = json.dumps(
            {
                "actions": self.model.actions,
                "calls": self.calls,
                "card": self.card,
                "features": self.features,
                "people": {name: one.to_dict() for name, one in self.people.items()},
            },
            sort_keys=True, ensure_ascii=False, allow_nan=False,
        ).encode()  # fmt: skip
        body = struct.pack("<Q", len(header)) + header + self.model.to_bytes()
        return MAGIC + hashlib.sha256(body).digest() + body

    @classmethod
    def from_bytes(cls, stored: bytes) -> TeamModel:
        """Read what `to_bytes` wrote; ModelUnreadable says what is wrong with anything else."""
        header, trees = _parts(stored)
        people = {name: Weights.from_dict(plain) for name, plain in header["people"].items()}
        return cls(Model.from_bytes(trees), people, header["calls"], header["card"])


@dataclass(frozen=True)
class Held:
    """What a card needs of a team's model: its actions, its features, one person's calls and their weights (None: too
    few calls to know them)."""

    actions: tuple[str, ...]
    features: tuple[str, ...]
    calls: int
    weights: Weights | None

    def weights_on(self, features: Sequence[str]) -> Weights | None:
        """The person's weights on the features of a recommendation, in their order."""
        if self.weights is None:
            return None
        slopes = dict(zip(self.features, self.weights.slopes, strict=True))
        return replace(self.weights, slopes=tuple(slopes.get(name, 1.0) for name in features))


def held_for(stored: bytes, person: str) -> Held:
    """Read one person's weights and no other's, without the trees."""
    header, _ = _parts(stored)
    plain = header["people"].get(person)
    return Held(
        actions=tuple(header["actions"]),
        features=tuple(header["features"]),
        calls=int(header["calls"].get(person, 0)),
        weights=Weights.from_dict(plain) if plain else None,
    )


def _parts(stored: bytes) -> tuple[dict[str, Any], bytes]:
    start = len(MAGIC) + DIGEST
    if len(stored) < start + 8 or stored[: len(MAGIC)] != MAGIC:
        raise ModelUnreadable("these bytes are no team's model")
    body = stored[start:]
    if hashlib.sha256(body).digest() != stored[len(MAGIC) : start]:
        raise ModelUnreadable("it was changed or cut since it was written")
    (length,) = struct.unpack_from("<Q", body)
    return json.loads(body[8 : 8 + length]), body[8 + length :]
