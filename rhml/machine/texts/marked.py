"""Words that people marked in a text, read as small texts of their own: what they point at is learned before the rest.

Whoever marks “paper boats” in a message says that the call rests on these words. So the reading learns from the words alone
as well, labelled as their message is (Zaidan, Eisner & Piatko 2007; Settles 2011: features labelled by people). The label is
what proved right, or what is believed of the message, never the marker's word for it: who marks wrongly teaches nothing false.
How much a marked word counts is settled on texts the words did not come from; where it does not help there, it counts nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.special import log_softmax

from rhml.core.domain import DecisionDomain

SPEAKS = ("matters", "wrong direction")
"""Marks that say that words count; of the others none says for what."""

STRENGTHS = (0.5, 2.0)
"""How much marked words may count beside the message they stand in; 0 is always tried."""

SURE = 1.0
"""Standard errors by which marked words must help: a handful of marks teaches nothing yet."""

MOST_SHOWN = 8


@dataclass(frozen=True, eq=False)
class Marked:
    """The marked words of one text feature: row (m,) of their case, the words, and how many people marked any."""

    row: np.ndarray
    words: tuple[str, ...]
    people: int

    def __len__(self) -> int:
        return len(self.words)

    def most(self) -> list[str]:
        """The words marked most often, one in capitals or small letters alike."""
        counts = pd.Series([word.casefold() for word in self.words]).value_counts(sort=True)
        return sorted(counts.index, key=lambda word: (-counts[word], word))[:MOST_SHOWN]

    def as_dict(self) -> dict[str, object]:
        """What a model's card keeps of them."""
        return {"people": self.people, "marks": len(self), "most": self.most()}


def marked_words(
    cases: pd.DataFrame, calls: pd.DataFrame, marks: pd.DataFrame, *, domain: DecisionDomain
) -> dict[str, Marked]:
    """The words that decisions on these cases marked as counting, by text feature, each once a case.

    marks: decision_id, factor (“message:paper boats”), mark.
    """
    texts = {feature.name for feature in domain.inputs if feature.kind == "text"}
    if marks.empty or not texts:
        return {}
    named = marks["factor"].str.partition(":")
    chosen = marks["mark"].isin(SPEAKS) & named[0].isin(texts) & (named[2] != "")
    rows = pd.DataFrame(
        {
            "decision_id": marks["decision_id"],
            "name": named[0],
            "words": named[2],
            "plain": named[2].str.casefold(),
        }
    )[chosen.to_numpy(bool)]
    said = rows.merge(calls[["decision_id", "case_id", "manager"]], on="decision_id")
    said = said.assign(row=pd.Index(cases["case_id"]).get_indexer(said["case_id"]))
    said = said[said["row"] >= 0].sort_values(["row", "plain", "words"], kind="stable")
    once = said.drop_duplicates(["name", "row", "plain"])
    return {
        name: Marked(own["row"].to_numpy(np.int64), tuple(own["words"]), int(said.loc[said["name"] == name, "manager"].nunique()))
        for name, own in once.groupby("name", sort=True)
    }  # fmt: skip


def strength(
    found: sparse.csr_array,
    truth: np.ndarray,
    folds: np.ndarray,
    fits: dict[float, Callable[[int], tuple[np.ndarray, np.ndarray]]],
) -> float:
    """How much marked words count: what foretells best the outcomes of texts that a fit did not read.

    0 unless that beats reading without marks by more than its standard error, as what people call has to.
    found (n, width): the texts' n-grams. truth (n, K): what proved right. fits: by strength, 0 among them, the start and
    weights without a fold.
    """
    rows = np.flatnonzero(truth.sum(axis=1) > 0)
    losses = {much: _losses(found, truth, folds, rows, without) for much, without in fits.items()}
    best = min(losses, key=lambda much: (losses[much].sum(), much))
    gain = losses[0.0] - losses[best]
    return best if gain.sum() > SURE * gain.std() * np.sqrt(max(len(rows), 1)) else 0.0


def _losses(
    found: sparse.csr_array,
    truth: np.ndarray,
    folds: np.ndarray,
    rows: np.ndarray,
    without: Callable[[int], tuple[np.ndarray, np.ndarray]],
) -> np.ndarray:
    """The log loss of each of some texts (rows,), read by a fit that its fold was kept from."""
    losses = np.zeros(len(rows))
    for fold in np.unique(folds[rows]):
        own = folds[rows] == fold
        start, weights = without(int(fold))
        said = found[rows[own]] @ weights.T + start
        logs = log_softmax(np.hstack([said, np.zeros_like(said)]) if said.shape[1] == 1 else said, axis=1)
        losses[own] = -(truth[rows[own]] * logs).sum(axis=1)
    return losses
