"""How the facts of a case become numbers for the model, and what must be said when they do not fit.

Categories become codes that XGBoost splits natively, so an explanation names the original category. A text
becomes what its words say (`rhml.machine.texts.reading`): one number in its feature's own column and, with more than
two actions, one more for each further action behind the last feature; `owners` says whose every column is.

>>> import pandas as pd
>>> from rhml.core.domain import Feature
>>> cases = pd.DataFrame({"region": ["north", "south", None]})
>>> encoding = Encoding.fit(cases, (Feature(name="region", label="Region", kind="category"),))
>>> encoding.matrix(pd.DataFrame({"region": ["south", "moon"]})).tolist()
[[1.0], [nan]]
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from rhml.core.domain import Feature
from rhml.machine.columns import Column, column_of, numbers_of, remarks_on, texts_of
from rhml.machine.texts.reading import Reading

LARGEST = float(np.finfo(np.float32).max)


@dataclass(frozen=True)
class Encoding:
    """The columns a model reads, in order, as the training cases showed them."""

    columns: tuple[Column, ...]
    texts: tuple[Reading, ...] = ()

    @classmethod
    def fit(cls, cases: pd.DataFrame, features: tuple[Feature, ...]) -> Encoding:
        """Learn levels, ranges and usual values; features that no model reads are left out.

        A text is missing throughout until it is read, which takes labels (`machine.texts.cross_reading`).
        """
        return cls(tuple(column_of(cases, feature) for feature in features if feature.is_input))

    @property
    def names(self) -> tuple[str, ...]:
        """The features' names in the order of the matrix."""
        return tuple(column.name for column in self.columns)

    @property
    def width(self) -> int:
        """Columns of the matrix: one a feature, and those that texts need beyond their own."""
        return len(self.columns) + sum(reading.width - 1 for reading in self.texts)

    @property
    def owners(self) -> np.ndarray:
        """The place of the feature that each column of the matrix belongs to."""
        place = {name: at for at, name in enumerate(self.names)}
        more = [place[reading.name] for reading in self.texts for _ in range(reading.width - 1)]
        return np.array([*range(len(self.columns)), *more], dtype=np.int64)

    @property
    def owner_names(self) -> tuple[str, ...]:
        """The name of the feature that each column of the matrix belongs to."""
        return tuple(self.columns[at].name for at in self.owners)

    @property
    def types(self) -> list[str]:
        """XGBoost's feature types in the order of the matrix."""
        return [self.columns[at].type for at in self.owners]

    def by_feature(self, parts: np.ndarray) -> np.ndarray:
        """Parts (n, width, …) of a sum, one a column, as parts (n, features, …): a text's columns are one."""
        if self.width == len(self.columns):
            return parts
        own = np.array(parts[:, : len(self.columns)])
        for column, at in enumerate(self.owners[len(self.columns) :], start=len(self.columns)):
            own[:, at] += parts[:, column]
        return own

    @property
    def typical(self) -> dict[str, float | str | bool | None]:
        """The median of each number or date and the most frequent of each category."""
        return {c.name: None if c.middle is None else c.plain(c.middle) for c in self.columns}

    def values(self, cases: pd.DataFrame) -> np.ndarray:
        """Float64 (cases, width): codes, numbers, days since 1970, scores; NaN where missing or unseen."""
        columns = [numbers_of(cases, column) for column in self.columns]
        columns += [np.full(len(cases), np.nan)] * (self.width - len(columns))
        values = np.column_stack(columns) if columns else np.zeros((len(cases), 0))
        return self.with_scores(
            values, [reading.scores(texts_of(cases, reading.name)) for reading in self.texts]
        )

    def with_scores(self, values: np.ndarray, scores: Sequence[np.ndarray]) -> np.ndarray:
        """The same values (n, width) with other scores of its texts, (n, scores) each."""
        if not self.texts:
            return values
        values, owners = values.copy(), self.owners
        for reading, said in zip(self.texts, scores, strict=True):
            values[:, owners == self.names.index(reading.name)] = said
        return values

    def matrix(self, cases: pd.DataFrame) -> np.ndarray:
        """The same as float32, which is what the trees read."""
        return single(self.values(cases))

    def notes(self, cases: pd.DataFrame) -> list[tuple[str, ...]]:
        """For each case, sentences on what the model has not seen: levels, gaps, values out of range."""
        said: list[list[str]] = [[] for _ in range(len(cases))]
        for column in self.columns:
            for row, sentence in remarks_on(cases, column):
                said[row].append(sentence)
        for row, sentence in self._unread(cases):
            said[row].append(sentence)
        return [tuple(sentences) for sentences in said]

    def _unread(self, cases: pd.DataFrame) -> Iterable[tuple[int, str]]:
        """Texts of which the model knows no word, and those that are missing where none was."""
        for reading in self.texts:
            column = self.columns[self.names.index(reading.name)]
            texts = texts_of(cases, reading.name)
            for row in np.flatnonzero(np.isnan(reading.scores(texts)[:, 0])):
                if isinstance(texts.iloc[row], str) and texts.iloc[row].strip():
                    yield (
                        int(row),
                        f"{column.label}: the model knows none of its words; it counts as missing.",
                    )
                elif column.complete:
                    yield (
                        int(row),
                        f"{column.label} is missing here, and was always known in the training cases.",
                    )

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = {"columns": [asdict(column) for column in self.columns]}
        return plain | {"texts": [r.to_dict() for r in self.texts]} if self.texts else plain

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> Encoding:
        """The inverse of `to_dict`; KeyError, TypeError or ValueError on anything else."""
        columns = tuple(Column(**{**c, "levels": tuple(c["levels"])}) for c in plain["columns"])
        return cls(columns, tuple(Reading.from_dict(text) for text in plain.get("texts", ())))


def single(values: np.ndarray) -> np.ndarray:
    """Values as float32; what is beyond its range stays at its end."""
    return np.clip(values, -LARGEST, LARGEST).astype(np.float32)
