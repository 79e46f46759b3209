"""What a model can learn from the first half of a world's cases, for the second half: a stand-in for months of work."""

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier

from rhml.core.domain import DecisionDomain


def what_a_model_learns(cases: pd.DataFrame, domain: DecisionDomain) -> np.ndarray:
    """Probabilities (n, 2) of both actions from the declared inputs, learned from the first half alone."""
    inputs = {f.name: f.kind for f in domain.inputs}
    x = pd.DataFrame(
        {
            name: cases[name].astype(float) if kind == "number" else pd.factorize(cases[name])[0]
            for name, kind in inputs.items()
        }
    )
    half = len(cases) // 2
    model = HistGradientBoostingClassifier(max_iter=60, max_depth=2, learning_rate=0.08, random_state=0)
    model.fit(x[:half], (cases["right_action"] == domain.action_keys[1])[:half])
    return model.predict_proba(x)
