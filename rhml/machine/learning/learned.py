"""What a retraining made: the challenger, and the twins that say what people taught it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from rhml.machine.model import Model

Progress = Callable[[float, str], None]


@dataclass(frozen=True, eq=False)
class Learned:
    """What a retraining made. `oof` (n, K) are the challenger's probabilities for `case_ids`, each by a
    model that never saw the case's fold; `twins` learned from outcomes alone (none without outcomes),
    `siblings` from what the challenger learned from, with the twins' seeds (none where calls were not used):
    their mean difference is free of the luck of one seed. `unmarked` learned all that the siblings did but the words that
    people marked in texts (none where no marked word counts)."""

    challenger: Model
    case_ids: tuple[str, ...]
    oof: np.ndarray
    twins: tuple[Model, ...]
    card: dict[str, Any]
    siblings: tuple[Model, ...] = ()
    unmarked: tuple[Model, ...] = ()

    def twin_scores(self, cases: pd.DataFrame) -> pd.DataFrame:
        """The mean scores of twins and siblings on cases, row for row as `judge` reads them.

        Columns twin_action, twin_p_<action>, twin_right, twin_brier, and the same for `sibling` where what
        people called was used.
        """
        found = pd.DataFrame(index=cases.index)
        for who, models in (("twin", self.twins), ("sibling", self.siblings)):
            if models:
                found = found.join(mean_scores(models, who, cases))
        return found


def mean_scores(models: tuple[Model, ...], who: str, cases: pd.DataFrame) -> pd.DataFrame:
    """Action and probabilities from the mean probability; right and Brier are means of each model's own
    score where the outcome is known, which no averaging flatters."""
    each = np.stack([model.probabilities(cases) for model in models])
    actions = np.asarray(models[0].actions, dtype=object)
    mean = each.mean(axis=0)
    scores = pd.DataFrame({f"{who}_p_{a}": mean[:, k] for k, a in enumerate(actions)}, index=cases.index)
    scores.insert(0, f"{who}_action", actions[mean.argmax(axis=1)])
    right = pd.Index(actions).get_indexer(cases["right_action"].astype(object))
    hit = (each.argmax(axis=2) == right).mean(axis=0)
    brier = ((each - np.eye(len(actions))[right]) ** 2).sum(axis=2).mean(axis=0) / 2
    return scores.assign(
        **{
            f"{who}_right": np.where(right >= 0, hit, np.nan),
            f"{who}_brier": np.where(right >= 0, brier, np.nan),
        }
    )
