"""A trained model as one value: what it reads, how it scores, and what its scores proved to mean.

The bytes are a magic word, a SHA-256 of the rest, a JSON header and three plain arrays: nothing in them
can run, and two equal models are equal byte for byte.
"""

from __future__ import annotations

import hashlib
import json
import struct
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import xgboost as xgb

from rhml.errors import RhmlError
from rhml.machine.calibration import Calibration
from rhml.machine.encoding import Encoding
from rhml.machine.explaining.leaf_tables import LeafTables
from rhml.machine.explaining.trees import Tree, thresholds, trees

MAGIC = b"RHML-model-1\n"
DIGEST = 32


class ModelUnreadable(RhmlError):
    """The bytes are no model of this product, or were changed since they were written."""

    def __init__(self, why: str):
        super().__init__(
            f"The stored model cannot be read: {why}. Promote another version, or retrain to make a new one."
        )


@dataclass(frozen=True, eq=False)
class Model:
    """Recommends an action for a case; equal content has an equal version.

    `reference` are out-of-fold probabilities (m, K) of resolved training cases, `right` (m,) the index
    of the action that proved right in each.
    """

    actions: tuple[str, ...]
    encoding: Encoding
    calibration: Calibration
    raw: bytes
    reference: np.ndarray
    right: np.ndarray

    @property
    def features(self) -> tuple[str, ...]:
        """The names of the features it reads, in the order of its explanations."""
        return self.encoding.names

    @cached_property
    def booster(self) -> xgb.Booster:
        """The trees, on one thread: a page must not take every core."""
        booster = xgb.Booster({"nthread": 1})
        try:
            booster.load_model(bytearray(self.raw))
        except (xgb.core.XGBoostError, ValueError) as error:
            raise ModelUnreadable("its trees are damaged") from error
        if booster.num_features() != self.encoding.width:
            raise ModelUnreadable("its trees and its features do not belong together")
        return booster

    @cached_property
    def version(self) -> str:
        """The first twelve hex digits of the content's SHA-256."""
        return hashlib.sha256(self.to_bytes()).hexdigest()[:12]

    @cached_property
    def thresholds(self) -> dict[int, np.ndarray]:
        """Where the trees draw their lines, for each feature by its place."""
        return thresholds(self.trees)

    @cached_property
    def trees(self) -> tuple[Tree, ...]:
        """Its trees as plain arrays."""
        return trees(self.booster)

    @cached_property
    def leaf_tables(self) -> LeafTables | None:
        """The tables that explain many cases at once; None where its trees are too deep for them."""
        return LeafTables.of(self.trees)

    def probabilities(self, cases: pd.DataFrame) -> np.ndarray:
        """The probability (n, K) that each action is right, in the order of `actions`."""
        return self.calibration.probabilities(self.margins(self.encoding.matrix(cases)))

    def margins(self, matrix: np.ndarray) -> np.ndarray:
        """Raw scores (n, K) of encoded cases; with two actions the second is the zero line."""
        if not len(matrix):
            return np.zeros((0, len(self.actions)))
        return margins_of(self.booster, matrix, len(self.actions))

    def data(self, matrix: np.ndarray) -> xgb.DMatrix:
        """Encoded cases in XGBoost's own form."""
        return xgb.DMatrix(matrix, feature_types=self.encoding.types, enable_categorical=True, nthread=1)

    def to_bytes(self) -> bytes:
        """The whole model; the same model always gives the same bytes."""
        reference = np.ascontiguousarray(self.reference, dtype="<f4").tobytes()
        right = np.ascontiguousarray(self.right, dtype="<i2").tobytes()
        header = json.dumps(
            {
                "actions": self.actions,
                "calibration": asdict(self.calibration),
                "encoding": self.encoding.to_dict(),
                "resolved": len(self.right),
                "trees": len(self.raw),
            },
            sort_keys=True,
            ensure_ascii=False,
            allow_nan=False,
        ).encode()
        body = struct.pack("<Q", len(header)) + header + self.raw + reference + right
        return MAGIC + hashlib.sha256(body).digest() + body

    @classmethod
    def from_bytes(cls, stored: bytes) -> Model:
        """Read what `to_bytes` wrote; ModelUnreadable says what is wrong with anything else."""
        start = len(MAGIC) + DIGEST
        if len(stored) < start + 8 or stored[: len(MAGIC)] != MAGIC:
            raise ModelUnreadable("these bytes are no model of this product")
        body = stored[start:]
        if hashlib.sha256(body).digest() != stored[len(MAGIC) : start]:
            raise ModelUnreadable("it was changed or cut since it was written")
        try:
            model = _assembled(cls, body)
        except (KeyError, TypeError, ValueError, IndexError, struct.error) as error:
            raise ModelUnreadable("its parts do not fit together") from error
        _ = model.booster
        return model


def margins_of(
    booster: xgb.Booster, matrix: np.ndarray, actions: int, rounds: int | None = None
) -> np.ndarray:
    """Raw scores (n, K) float64 of a booster; two actions share one score, the second stands at zero.

    `rounds` uses the first so many trees only, or all where there are fewer.
    """
    kept = (0, 0 if rounds is None else min(rounds, booster.num_boosted_rounds()))
    scores = booster.inplace_predict(
        matrix, iteration_range=kept, predict_type="margin", validate_features=False
    )
    scores = np.asarray(scores, dtype=np.float64).reshape(len(matrix), -1)
    return np.hstack([scores, np.zeros_like(scores)]) if actions == 2 else scores


def _assembled(kind: type[Model], body: bytes) -> Model:
    (length,) = struct.unpack_from("<Q", body)
    header: dict[str, Any] = json.loads(body[8 : 8 + length])
    actions = tuple(header["actions"])
    trees_at = 8 + length
    reference_at = trees_at + header["trees"]
    right_at = reference_at + 4 * header["resolved"] * len(actions)
    calibration = header["calibration"]
    return kind(
        actions=actions,
        encoding=Encoding.from_dict(header["encoding"]),
        calibration=Calibration(float(calibration["slope"]), tuple(calibration["bias"])),
        raw=body[trees_at:reference_at],
        reference=np.frombuffer(body[reference_at:right_at], "<f4").reshape(-1, len(actions)).copy(),
        right=np.frombuffer(body[right_at:], "<i2").copy(),
    )
