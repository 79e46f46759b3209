"""The machine learns from people: gather what they taught, train a challenger and its twins, judge, record.

Nothing here promotes. At training the evidence is the bank, which no model trains on; live cases whose outcome
comes later add to it whenever the version is judged again (`judge`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.loop import judge, lesson_tests, lessons_for_models, permit
from rhml.machine.explaining.factor_groups import factor_groups
from rhml.machine.judging.challenge import Verdict
from rhml.machine.judging.challenge import judge as judge_scores
from rhml.machine.judging.marked_words import worth
from rhml.machine.learning.learned import Learned
from rhml.machine.learning.recipe import learn
from rhml.store import frames, registry, twins
from rhml.store import marks as marks_made
from rhml.store.engine import Store, Transaction
from rhml.store.registry import Version

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Retrained:
    """What a retraining came to; `known` says that nothing new was learned and the version existed."""

    version: str
    verdict: str
    paragraph: str
    evidence: dict[str, Any]
    card: dict[str, Any]
    known: bool = False


def retrain(
    store: Store, domain: DecisionDomain, *, by: str, at: datetime, progress: Progress, seed: int = 7
) -> Retrained:
    """Train on outcomes and on what people taught; TrainingRefused says what is missing."""
    permit.lead(store, by, "retrain a model")
    cases, calls = frames.cases(store, domain), frames.decided(store, domain)
    # Read last: what arrives while the frames are read may be in them, and must not count as unseen.
    learned_from = frames.counter(store, domain)

    lessons = lessons_for_models.standing(store, domain)
    learned = learn(
        cases, calls, domain=domain, seed=seed, progress=lambda p, m: progress(0.9 * p, m),
        taught=lessons_for_models.covered(lessons, cases), marks=marks_made.of_calls(store, domain),
    )  # fmt: skip
    progress(0.9, "Judging the challenger against the champion")
    model = learned.challenger
    scores = judge.evidence(store, domain, model, learned_from, cases=cases, calls=calls, learned=learned)
    tests = lesson_tests.check(store, domain, model, cases)
    verdict = judge_scores(scores, domain=domain, lessons=tests, looks=judge.looks(store, domain))

    progress(0.97, "Looking for factors that say the same")
    groups = factor_groups(model, cases[~cases["bank"].astype(bool)])
    card = {**learned.card, "typical": model.encoding.typical, "groups": groups}
    if found := worth(learned, cases[cases["bank"].astype(bool)]):
        card["marks_worth"] = found
    card["taught_by"] = lessons_for_models.on_card(lessons, learned.card)

    return store.write(lambda tx: _record(tx, domain, learned, card, verdict, learned_from, by, at))


def _record(
    tx: Transaction,
    domain: DecisionDomain,
    learned: Learned,
    card: dict[str, Any],
    verdict: Verdict,
    learned_from: int,
    by: str,
    at: datetime,
) -> Retrained:
    model = learned.challenger
    held = registry.same(tx, domain.name, model.version)
    if held:
        version, name, paragraph = held
        words = f"Nothing new to learn: this training gives {version} again. {paragraph}"
        return Retrained(version, name, words, verdict.evidence, card, known=True)
    entry = Version(
        version=registry.next_name(tx, domain.name),
        hash=model.version,
        features=model.features,
        card=card,
        verdict=verdict.verdict,
        paragraph=verdict.paragraph,
        evidence=verdict.evidence,
        learned_from=learned_from,
        trained_at=at,
        trained_by=by,
    )
    registry.add(tx, domain.name, entry, model.to_bytes())
    if learned.siblings:  # else twins and version learned the same, and there is nothing to compare
        for side, models in (("twin", learned.twins), ("sibling", learned.siblings)):
            twins.keep(tx, domain.name, entry.version, side, [one.to_bytes() for one in models])
    return Retrained(entry.version, entry.verdict, entry.paragraph, entry.evidence, entry.card)
