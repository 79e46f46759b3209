"""Cases recommended with points that a test chooses, decided and resolved: what a person is told afterwards."""

from datetime import timedelta

import pandas as pd

from rhml.human.feedback import feedback
from rhml.loop.decide import Choice, commit_first_call, decide
from rhml.loop.resolve import resolve_one
from rhml.loop.teach import hindsight_of
from rhml.store import case_file, frames, registry, scores
from tests.loans import NOW

FEATURES = ("amount", "late", "sector", "insured", "founded")
TYPICAL = {"amount": 9000.0, "late": 1.0}
GROUPS = (("insured", "founded"),)


def score(log, domain, shown, *, version="v1"):
    """Recommend as `shown` says: {case: (action, points) or (action, points, more columns)}."""
    entry = registry.Version(version, version, FEATURES, {}, "first", "", {}, 200, NOW, "lead")
    if version not in {v.version for v in registry.versions(log, domain.name)}:
        log.write(lambda tx: registry.add(tx, domain.name, entry, version.encode()))
    rows = [
        {"case_id": case_id, "action": action, "probability": 0.8, "probabilities": [0.2, 0.8], "base": 0.5,
         "points": list(points), "similar_n": 60, "low": 0.7, "high": 0.9, "notes": [], "peers": [],
         "changes": None, **(more[0] if more else {})}
        for case_id, (action, points, *more) in shown.items()
    ]  # fmt: skip
    log.write(
        lambda tx: scores.append_recommendations(tx, domain, pd.DataFrame(rows), version=version, at=NOW)
    )


def waiting_ids(log, domain, mode, *, bank=False):
    """Ids of waiting cases drawn for a mode and for the bank or not, in order."""
    cases = frames.undecided(log, domain)
    return sorted(cases.loc[(cases["mode"] == mode) & (cases["bank"] == bank), "case_id"])


def decided(log, domain, case_id, action, *, manager="m1", first=None, at=NOW):
    """Decide a case, after an own call where one is given."""
    if first:
        commit_first_call(log, domain, case_id, first, manager=manager, at=at, confidence=0.9)
    shown = case_file.waiting_row(log, domain, case_id)["recommendation_id"]
    advice = case_file.recommendation(log, domain.name, shown) if shown else None
    reason = "New information" if advice and advice.action != action else None
    choice = Choice(case_id, action, recommendation_id=shown, confidence=0.9, reason=reason, rationale="x")
    return decide(log, domain, choice, manager=manager, at=at)


def proved(log, domain, case_id, right, *, days=1):
    """The outcome of a case becomes known some days later."""
    at = NOW + timedelta(days=days)
    resolve_one(log, domain, case_id, right, known_at=NOW, by="lead", at=at)


def taught(log, domain, manager="m1"):
    """What a person is told now, with the hindsight of each outcome: {case: (feedback, hindsight or None)}."""
    told = feedback(frames.decided_by(log, domain, manager), since=NOW + timedelta(hours=1)).told
    found = hindsight_of(log, domain, told, words_of=lambda version: (FEATURES, TYPICAL, GROUPS))
    return {one.case_id: (one, found.get(one.decision_id)) for one in told}
