"""Marks, words and exceptions become proposals: find them, train each as a challenger, let a lead decide.

Nothing is applied silently. An accepted proposal is a new version of the domain file, which the next
retraining reads.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.errors import TrainingRefused
from rhml.loop import permit, trial
from rhml.machine.learning.recipe import Learned, learn
from rhml.machine.proposing.edits import Collect, as_dict, edit_of, edited, kind_of
from rhml.machine.proposing.proposals import Candidate, candidates
from rhml.store import frames, proposals
from rhml.store.engine import Store
from rhml.store.opening import new_id
from rhml.store.proposals import Proposal

Progress = Callable[[float, str], None]
AGAIN = 2
"""A proposal that was declined comes back once so many times the overrides speak for it."""


@dataclass(frozen=True)
class Proposed:
    """What looking for proposals came to."""

    proposals: tuple[Proposal, ...]
    message: str


def propose(
    store: Store, domain: DecisionDomain, *, by: str, at: datetime, progress: Progress, seed: int = 7
) -> Proposed:
    """Look for edits that people's marks and words speak for, and try each; records what it finds."""
    permit.lead(store, by, "look for proposals")
    progress(0.0, "Reading marks, reasons and rationales")
    cases, decided = frames.cases(store, domain), frames.decided(store, domain)
    # To decide against what an intent moved says nothing against the model.
    decisions = decided[~decided["moved_by_intent"].astype(bool)].reset_index(drop=True)
    learned_from = frames.counter(store, domain)
    found = candidates(cases, decisions, frames.marks(store, domain), domain=domain)
    found = _worth_telling(found, proposals.everything(store, domain.name))
    if not found:
        return Proposed(
            (), "Nothing to propose so far: no marks, words or exceptions with enough behind them."
        )

    steps = 1 + sum(trial.needs_training(one.edit) for one in found)
    plain = _learn(domain, cases, decisions, seed, progress, "as it is", 0, steps)
    ground = trial.ground(store, domain, cases, decisions, plain)
    made, step = [], 1
    for one in found:
        learned = None
        if trial.needs_training(one.edit):
            words = f"with the edit: {trial.title(one.edit, domain)}"
            learned = _learn(edited(domain, one.edit), cases, decisions, seed, progress, words, step, steps)
            step += 1
        made.append(_proposal(one, trial.evidence(ground, one, learned), learned_from, at, by))

    store.write(lambda tx: proposals.add(tx, domain.name, made))
    count = "1 proposal" if len(made) == 1 else f"{len(made)} proposals"
    return Proposed(tuple(made), f"{count} found and tried.")


def _worth_telling(found: list[Candidate], earlier: list[Proposal]) -> list[Candidate]:
    """Those that nobody has decided yet, and declined ones that far more now speaks for."""
    kept = []
    for candidate in found:
        before = next((one for one in earlier if one.decided and _the_same(candidate, one)), None)
        if before is None or (
            before.decided == "declined"
            and candidate.support["overrides"] >= AGAIN * before.evidence["support"]["overrides"]
        ):
            kept.append(candidate)
    return kept


def _the_same(candidate: Candidate, earlier: Proposal) -> bool:
    """Whether both would change the same thing; a missing field may be named by any of its words."""
    if isinstance(candidate.edit, Collect) and earlier.kind == "collect":
        mine, theirs = candidate.support, earlier.evidence["support"]
        return bool({mine["term"], *mine["words"]} & {theirs["term"], *theirs["words"]})
    return _draft(candidate).about == earlier.about


def _draft(one: Candidate) -> Proposal:
    return Proposal("", kind_of(one.edit), as_dict(one.edit), one.sentence, {}, 0, datetime.min, "")


def _proposal(one: Candidate, evidence: dict[str, Any], learned_from: int, at: datetime, by: str) -> Proposal:
    held = {**evidence, "support": one.support, "p": one.p, "examples": list(one.examples)}
    return replace(
        _draft(one), proposal_id=new_id(), evidence=held, learned_from=learned_from, made_at=at, made_by=by
    )


def _learn(
    domain: DecisionDomain, cases, decisions, seed: int, progress: Progress, words: str, step: int, steps: int
) -> Learned | str:
    """A challenger, or why none can be trained with this edit."""
    try:
        return learn(
            cases, decisions, domain=domain, seed=seed,
            progress=lambda share, _: progress((step + share) / (steps + 0.1), f"Training a challenger {words}"),
        )  # fmt: skip
    except TrainingRefused as refused:
        if step == 0:
            raise
        return str(refused)


def title(found: Proposal, domain: DecisionDomain) -> str:
    """What a proposal would change, in a few words."""
    try:
        return trial.title(edit_of(found.kind, found.content), domain)
    except KeyError:  # the domain has since lost the factor
        return f"{found.kind.capitalize()}: {', '.join(map(str, found.content.values()))}"


def told(found: Proposal, domain: DecisionDomain) -> dict[str, Any]:
    """A proposal as plain values, with its title."""
    return {"title": title(found, domain), **vars(found)}
