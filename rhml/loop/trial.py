"""A proposal on trial: what the edit would have cost or gained on cases that no compared model learned from.

Cases of the bank, and those that came after the live model; for these the challengers answer out-of-fold. The
edit is held against the same training without it, so the difference is the edit alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.loop.judge import add, champion_and_reference
from rhml.machine.judging.comparison import compare, counts_cost
from rhml.machine.learning.recipe import Learned
from rhml.machine.model import Model
from rhml.machine.proposing.edits import Apart, Collect, Drop, Edit, FirstCalls, Monotone, Rule
from rhml.machine.proposing.policies import holds, in_words
from rhml.machine.proposing.proposals import Candidate
from rhml.stats.measure import Measure
from rhml.store import frames, registry
from rhml.store.engine import Store


@dataclass(frozen=True, eq=False)
class Ground:
    """The cases to compare on, what each model says of them (`scores`), and what people said there."""

    domain: DecisionDomain
    rows: pd.DataFrame
    scores: pd.DataFrame
    overrides: pd.DataFrame


def needs_training(edit: Edit) -> bool:
    """Whether the edit changes what a model learns; a policy and a field without values do not yet."""
    return isinstance(edit, Drop | Monotone | Apart)


def title(edit: Edit, domain: DecisionDomain) -> str:
    """What is proposed, in a few words."""
    match edit:
        case Drop(name):
            return f"Drop “{domain.feature(name).label}” from the model"
        case Monotone(name, effect):
            more = "raise" if effect == "increasing" else "lower"
            return f"More of “{domain.feature(name).label}” may only {more} the chance of “{domain.actions[0].label}”"
        case Apart(first, second):
            return f"Do not combine “{domain.feature(first).label}” and “{domain.feature(second).label}”"
        case Collect(_, label):
            return f"Collect a missing field: “{label}”"
        case Rule(when, action):
            return f"Policy: “{domain.label(action)}” where {in_words(when, domain)}"
        case FirstCalls(share):
            return f"Ask for the own call first on {share * 100:.0f} % of new {domain.terms.many}"


def ground(
    store: Store, domain: DecisionDomain, cases: pd.DataFrame, decisions: pd.DataFrame, plain: Learned
) -> Ground:
    """Put the unedited challenger (`reference`) and the live model (`champion`) on the cases to compare on."""
    champion, _ = champion_and_reference(store, domain)
    bank, known = cases["bank"].astype(bool), cases["right_action"].notna()
    taught = frames.taught_before(store, domain, champion.learned_from) if champion else set(cases["case_id"])
    chosen = known & (bank | ~cases["case_id"].isin(taught))
    if domain.selective:
        # Elsewhere an outcome is seen because of what was decided.
        chosen &= cases["explore"].fillna(False).astype(bool)
    rows = cases[chosen].reset_index(drop=True)

    scores = rows[["case_id", "right_action"]].copy()
    scores["value"] = rows[domain.value.column] if domain.value.column else np.nan
    scores["source"] = np.where(rows["bank"].astype(bool), "bank", "live")
    add(scores, "reference", unseen(plain, rows), domain)
    if champion:
        model = Model.from_bytes(registry.content(store, domain.name, champion.version))
        add(scores, "champion", model.probabilities(rows), domain)
    return Ground(domain, rows, scores, _overrides(decisions))


def _overrides(decisions: pd.DataFrame) -> pd.DataFrame:
    moved = decisions["recommended_action"].notna() & (
        decisions["final_action"] != decisions["recommended_action"]
    )
    return decisions[moved & decisions["final_action"].notna()]


def unseen(learned: Learned, cases: pd.DataFrame) -> np.ndarray:
    """The challenger's probabilities (n, K), out-of-fold for the cases it trained on."""
    probabilities = learned.challenger.probabilities(cases)
    places = pd.Index(learned.case_ids).get_indexer(cases["case_id"])
    trained = places >= 0
    probabilities[trained] = learned.oof[places[trained]]
    return probabilities


def evidence(on: Ground, one: Candidate, learned: Learned | str | None) -> dict[str, Any]:
    """What the edit would have changed there, as plain values: gain, its interval and count, and how it was found."""
    scores, how = on.scores, "trained"
    match one.edit:
        case Collect():
            # The words were found on the other cases, so only the bank can say what they are worth.
            scores, how = scores[scores["source"] == "bank"].reset_index(drop=True), "said"
            moved = _said(on, one.support["term"])
            scores = _replaced(scores, scores["case_id"].map(moved))
        case Rule(when, action):
            under, how = holds(when, on.rows), "policy"
            scores = _replaced(scores, pd.Series(np.where(under, action, None), dtype=object))
        case _ if isinstance(learned, Learned):
            scores = scores.copy()
            add(scores, "challenger", unseen(learned, on.rows), on.domain)
        case _:
            return _nothing(Measure.unknown(str(learned)), "trained")
    if scores.empty:
        return _nothing(Measure.unknown("No resolved case that the compared models had not seen."), how)
    return _compared(scores, on.domain, how)


def _nothing(why: Measure, how: str) -> dict[str, Any]:
    return {
        "how": how,
        "cases": 0,
        "changed": 0,
        "gain": why.as_dict(),
        "measure": "accuracy",
        "champion": None,
    }


def _compared(scores: pd.DataFrame, domain: DecisionDomain, how: str) -> dict[str, Any]:
    against = compare(scores, "reference", domain=domain)
    champion = compare(scores, "champion", domain=domain) if "champion_action" in scores else None
    return {
        "how": how,
        "cases": len(scores),
        "bank": int((scores["source"] == "bank").sum()),
        "changed": int((scores["challenger_action"] != scores["reference_action"]).sum()),
        "measure": "cost" if counts_cost(domain) else "accuracy",
        "gain": against.gain.as_dict(),
        "won": against.only_challenger_right,
        "lost": against.only_rival_right,
        "champion": champion.gain.as_dict() if champion else None,
    }


def _said(on: Ground, term: str) -> dict[str, str]:
    """What people decided in the end where their rationale has the term."""
    text = on.overrides["rationale"].fillna("").astype(str).str.lower()
    held = (
        text.str.contains(rf"(?<!\w){term}(?!\w)", regex=True) if " " not in term else _all_words(text, term)
    )
    return dict(zip(on.overrides.loc[held, "case_id"], on.overrides.loc[held, "final_action"], strict=True))


def _all_words(text: pd.Series, term: str) -> pd.Series:
    found = pd.Series(True, index=text.index)
    for word in term.split():
        found &= text.str.contains(rf"(?<!\w){word}(?!\w)", regex=True)
    return found


def _replaced(scores: pd.DataFrame, action: pd.Series) -> pd.DataFrame:
    """The unedited challenger, but for the cases in which something else would have been done."""
    changed = scores["reference_action"].where(action.isna(), action)
    return scores.assign(challenger_action=changed)
