"""Appends whole checked files to a domain's log, and says what was new, known or corrected.

The frames come from `rhml.intake`, typed and complete; what is already in the log is recognized here, inside
the transaction, so that the same file twice changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.core.policy import draws
from rhml.errors import ImportRefused, Problem
from rhml.store import case_values, log, waiting
from rhml.store.engine import Transaction, quoted
from rhml.store.opening import new_id

IMPORTED = "imported"


@dataclass(frozen=True)
class Appended:
    """Rows of a file that were new, that the log held already, and that corrected an earlier fact."""

    new: int = 0
    known: int = 0
    corrected: int = 0


def append_cases(
    tx: Transaction, domain: DecisionDomain, cases: pd.DataFrame, *, secret: bytes, at: datetime, by: str
) -> Appended:
    """Append the cases the log does not hold, each with its draws; refuse one that changed.

    A field that is being collected may come later: new values of cases in the log are facts of their own.
    """
    held = _held_cases(tx, domain, cases)
    filled = case_values.append(tx, domain, cases[cases["case_id"].isin(held)], at=at, by=by)
    waiting.score_again(tx, domain.name, sorted(filled))
    fresh = cases[~cases["case_id"].isin(held)]
    columns = ["case_id", "received_at", "due_at", *(f.name for f in domain.features)]
    drawn = [draws(secret, domain, case_id) for case_id in fresh["case_id"]]
    facts = fresh[columns].assign(
        seq=list(tx.numbers(domain.name, len(fresh))),
        imported_at=at,
        imported_by=by,
        mode=[d.mode for d in drawn],
        bank=[d.bank for d in drawn],
        explore=[d.explore for d in drawn],
        fold=[d.fold for d in drawn],
        share_first_call=domain.modes.first_call,
        share_evidence_only=domain.modes.evidence_only,
        share_bank=domain.training.bank,
        share_explore=domain.outcome.explore if domain.outcome else 0.0,
    )
    for feature in domain.features:
        if feature.kind == "yes_no":
            facts[feature.name] = facts[feature.name].map({1.0: True, 0.0: False}).astype("boolean")
    tx.append_frame(f"{quoted(domain.name)}.cases", facts)
    if len(facts):
        with tx.lent(facts[["case_id"]], "fresh"):
            waiting.enter(tx, domain, "c.case_id IN (SELECT case_id FROM fresh)")
    return Appended(new=len(fresh), known=len(cases) - len(fresh) - len(filled), corrected=len(filled))


def _held_cases(tx: Transaction, domain: DecisionDomain, cases: pd.DataFrame) -> set[str]:
    """Ids the log holds already; ImportRefused if a file gives one of them other values."""
    names = ["received_at", "due_at", *(f.name for f in domain.features if not f.collect)]
    differs = " OR ".join(
        f"CAST(i.{quoted(n)} AS {_comparable(domain, n)}) IS DISTINCT FROM "
        f"CAST(c.{quoted(n)} AS {_comparable(domain, n)})"
        for n in names
    )
    with tx.lent(cases[["case_id", *names]], "incoming_cases"):
        rows = tx.run(
            f"SELECT i.case_id, {differs} FROM incoming_cases i "
            f"JOIN {quoted(domain.name)}.cases c ON c.case_id = i.case_id"
        )
    changed = [case_id for case_id, is_changed in rows if is_changed]
    if changed:
        raise ImportRefused(
            f"{len(changed):,} {domain.terms.case if len(changed) == 1 else domain.terms.many} of the file "
            "stand in the log with other values. Nothing was imported.",
            [Problem(f"case {c}", c, "The log holds this case with other values.",
                     "Cases are facts and stay as they were decided on. Leave the row out, or give a new id.",
                     column="case_id") for c in changed[:200]],
        )  # fmt: skip
    return {case_id for case_id, _ in rows}


def _comparable(domain: DecisionDomain, name: str) -> str:
    kinds = {f.name: f.kind for f in domain.features}
    return {"number": "FLOAT8", "yes_no": "BOOLEAN", "category": "TEXT", "text": "TEXT"}.get(
        kinds.get(name, "date"), "TIMESTAMP"
    )


def append_outcomes(
    tx: Transaction, domain: DecisionDomain, outcomes: pd.DataFrame, *, at: datetime, by: str
) -> Appended:
    """Append outcomes that are new or differ from the current one."""
    d = quoted(domain.name)
    with tx.lent(outcomes[["case_id", "right_action", "known_at"]], "incoming_outcomes"):
        rows = tx.frame(
            "SELECT i.case_id, i.right_action, CAST(i.known_at AS TIMESTAMP) AS known_at, "
            "o.right_action IS NULL AS fresh, "
            "o.right_action = i.right_action AND (i.known_at IS NULL OR o.known_at IS NOT DISTINCT FROM "
            f"CAST(i.known_at AS TIMESTAMP)) AS same FROM incoming_outcomes i "
            f"LEFT JOIN {d}.current_outcomes o ON o.case_id = i.case_id"
        )
    same = rows["same"].fillna(False).astype(bool)
    facts = rows[~same]
    tx.append_frame(
        f"{d}.outcomes",
        facts[["case_id", "right_action", "known_at"]].assign(
            seq=list(tx.numbers(domain.name, len(facts))),
            outcome_id=[new_id() for _ in range(len(facts))],
            withdrawn=False,
            recorded_at=at,
            recorded_by=by,
        ),
    )
    waiting.leave_if_over(tx, domain)
    fresh = int(facts["fresh"].sum())
    return Appended(new=fresh, known=int(same.sum()), corrected=len(facts) - fresh)


_COMPARED = (
    "case_id", "manager", "mode", "first_action", "first_confidence", "recommended_action",
    "recommended_confidence", "final_action", "final_confidence", "reason", "seconds",
)  # fmt: skip


def append_decisions(
    tx: Transaction, domain: DecisionDomain, decisions: pd.DataFrame, *, secret: bytes, at: datetime
) -> Appended:
    """Append an older log's decisions; the recommendations in it count as shown by `imported`."""
    d = quoted(domain.name)
    held = _held_decisions(tx, domain, decisions)
    fresh = decisions[~decisions["identity"].isin(held)].reset_index(drop=True)
    advised = fresh["recommended_action"].notna()
    ids = pd.Series([new_id() if a else None for a in advised], dtype=object)
    _append_imported_recommendations(tx, domain, fresh[advised], ids[advised], at)
    rationale = fresh["rationale"].where(fresh["rationale"].notna(), "").astype(str).str.strip()
    facts = fresh[[c for c in _COMPARED]].assign(
        seq=list(tx.numbers(domain.name, len(fresh))),
        decision_id=fresh["identity"],
        recommendation_id=ids,
        model_version=_versions(fresh).where(advised, None),
        decided_at=fresh["decided_at"],
        rationale_hash=pd.Series([log.keyed_hash(secret, text) for text in rationale], dtype=object),
        recorded_at=at,
        imported=True,
    )
    tx.append_frame(f"{d}.decisions", facts)
    said = rationale != ""
    tx.append_frame(
        f"{d}.rationales",
        pd.DataFrame({"decision_id": fresh.loc[said, "identity"], "text": rationale[said]}),
    )
    tx.run(
        f"DELETE FROM {d}.waiting WHERE case_id IN "
        f"(SELECT case_id FROM {d}.live_decisions WHERE final_action IS NOT NULL)"
    )
    return Appended(new=len(fresh), known=len(decisions) - len(fresh))


def _versions(decisions: pd.DataFrame) -> pd.Series:
    """What gave each recommendation: a version of another system never goes by the name of one trained here."""
    named = decisions["model_version"]
    return (IMPORTED + " " + named.astype(object)).where(named.notna(), IMPORTED).astype(object)


def _held_decisions(tx: Transaction, domain: DecisionDomain, decisions: pd.DataFrame) -> set[str]:
    """Identities the log holds already; ImportRefused if a file gives one of them other values."""
    compared = {**dict.fromkeys(_COMPARED, "TEXT"), **dict.fromkeys(
        ("first_confidence", "recommended_confidence", "final_confidence", "seconds"), "FLOAT8")}  # fmt: skip
    differs = " OR ".join(
        f"CAST(i.{column} AS {kind}) IS DISTINCT FROM l.{column}" for column, kind in compared.items()
    )
    with tx.lent(decisions[["identity", "decided_at", *_COMPARED]], "incoming_decisions"):
        rows = tx.run(
            f"SELECT i.identity, {differs} OR CAST(i.decided_at AS TIMESTAMP) IS DISTINCT FROM l.decided_at "
            f"FROM incoming_decisions i JOIN {quoted(domain.name)}.decisions l ON l.decision_id = i.identity"
        )
    changed = [identity for identity, is_changed in rows if is_changed]
    if changed:
        raise ImportRefused(
            f"{len(changed):,} decision{'s' if len(changed) > 1 else ''} of the file stand in the log with other "
            "values. Nothing was imported.",
            [Problem(f"decision {i}", i, "The log holds this decision with other values.",
                     "Leave the row out: a decision that was recorded is reversed in the app, not changed.",
                     column="decision_id") for i in changed[:200]],
        )  # fmt: skip
    return {identity for identity, _ in rows}


def _append_imported_recommendations(
    tx: Transaction, domain: DecisionDomain, advised: pd.DataFrame, ids: pd.Series, at: datetime
) -> None:
    facts = pd.DataFrame(
        {
            "seq": list(tx.numbers(domain.name, len(advised))),
            "recommendation_id": ids,
            "case_id": advised["case_id"],
            "model_version": _versions(advised),
            "action": advised["recommended_action"],
            "probability": advised["recommended_confidence"],
            "imported": True,
            "made_at": advised["decided_at"].fillna(at),
        }
    )
    tx.append_frame(f"{quoted(domain.name)}.recommendations", facts)
