"""Named reads of the log as frames, for learning and for reports; pages use the point reads beside this.

Column contracts are in each docstring. Absent values are None, NaN or NaT.
"""

from __future__ import annotations

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.store import arrow_frames
from rhml.store.engine import Store, quoted


def counter(store: Store, domain: DecisionDomain) -> int:
    """The number of the newest fact; reports are cached by it."""
    [(n,)] = store.read(f"SELECT n FROM {quoted(domain.name)}.counter")
    return n


def totals(store: Store, domain: DecisionDomain) -> dict[str, int]:
    """Cases, decisions, overrides and outcomes in the log, in a few milliseconds."""
    d = quoted(domain.name)
    [(cases, decisions, overrides, resolved, waiting)] = store.read(
        f"SELECT (SELECT count(*) FROM {d}.cases), "
        f"(SELECT count(*) FROM {d}.live_decisions WHERE final_action IS NOT NULL), "
        f"(SELECT count(*) FROM {d}.live_decisions WHERE final_action <> recommended_action), "
        f"(SELECT count(*) FROM {d}.current_outcomes), (SELECT count(*) FROM {d}.waiting)"
    )
    return {"cases": cases, "decisions": decisions, "overrides": overrides, "resolved": resolved,
            "waiting": waiting}  # fmt: skip


def cases(
    store: Store, domain: DecisionDomain, *, only: str = "TRUE", parameters: tuple = ()
) -> pd.DataFrame:
    """One row a case with its draws, typed features and current outcome.

    Numbers and yes/no are float64, dates datetime64, categories and text object; `only` is SQL over `c`.
    A case of an imported log was never drawn for exploration by whoever decided it, so it does not count. Cases that
    were erased teach nobody and are left out.
    """
    d = quoted(domain.name)
    features = "".join(f", {_as_float(f.name, f.kind)}" for f in domain.features)
    found = store.arrow(
        f"SELECT c.case_id, c.received_at, c.due_at, c.bank, "
        f"c.explore AND c.case_id NOT IN (SELECT case_id FROM {d}.decisions WHERE imported) AS explore, "
        "CAST(c.fold AS INTEGER) AS fold, c.mode"
        f"{features}, o.right_action, o.known_at FROM {d}.cases c "
        f"LEFT JOIN {d}.current_outcomes o ON o.case_id = c.case_id WHERE ({only}) "
        f"AND c.case_id NOT IN (SELECT alias FROM {d}.erasures WHERE kind = 'case') ORDER BY c.seq",
        parameters,
    )
    return arrow_frames.frame(found)


def _as_float(name: str, kind: str, of: str = "c.") -> str:
    column = quoted(name)
    return f"CAST({of}{column} AS FLOAT8) AS {column}" if kind in ("number", "yes_no") else f"{of}{column}"


def called(store: Store, domain: DecisionDomain) -> pd.DataFrame:
    """The resolved cases that somebody called before seeing anything, as `cases` gives them."""
    d = quoted(domain.name)
    own = f"SELECT case_id FROM {d}.live_decisions WHERE first_action IS NOT NULL"
    return cases(store, domain, only=f"o.right_action IS NOT NULL AND c.case_id IN ({own})")


def undecided(store: Store, domain: DecisionDomain) -> pd.DataFrame:
    """The waiting cases, due soonest first, as `cases` gives them."""
    d = quoted(domain.name)
    frame = cases(store, domain, only=f"c.case_id IN (SELECT case_id FROM {d}.waiting)")
    return frame.sort_values(["due_at", "received_at"], na_position="last").reset_index(drop=True)


def unscored(store: Store, domain: DecisionDomain, version: str) -> pd.DataFrame:
    """The waiting cases that show no recommendation of this version yet, due soonest first."""
    scored = store.read(
        f"SELECT case_id FROM {quoted(domain.name)}.waiting WHERE model_version = $1", [version]
    )
    waiting = undecided(store, domain)
    return waiting[~waiting["case_id"].isin({c for (c,) in scored})].reset_index(drop=True)


def decided_ids(store: Store, domain: DecisionDomain, limit: int) -> list[str]:
    """Ids of decided cases, newest decision first; the bank's are left out, which nobody learns from."""
    d = quoted(domain.name)
    rows = store.read(
        f"SELECT l.case_id FROM {d}.live_decisions l JOIN {d}.cases c ON c.case_id = l.case_id WHERE NOT c.bank "
        f"AND l.final_action IS NOT NULL GROUP BY l.case_id ORDER BY max(l.seq) DESC LIMIT {int(limit)}"
    )
    return [case_id for (case_id,) in rows]


def cases_of(store: Store, domain: DecisionDomain, case_ids: list[str]) -> pd.DataFrame:
    """Some cases by their ids, as `cases` gives them, in the order of their arrival."""
    return cases(store, domain, only="c.case_id = ANY($1)", parameters=(case_ids,))


def recommended(store: Store, domain: DecisionDomain) -> pd.DataFrame:
    """The waiting cases' recommendations as stored, due soonest first."""
    d = quoted(domain.name)
    return store.frame(
        "SELECT r.case_id, r.action, r.probability AS confidence, r.probabilities, r.points, r.notes, "
        f"r.model_version, r.intent_id, r.likeliest_action, r.likeliest_probability FROM {d}.waiting w JOIN {d}.recommendations r "
        "ON r.recommendation_id = w.recommendation_id ORDER BY w.due_at NULLS LAST, w.case_id"
    )


def arrived_after(store: Store, domain: DecisionDomain, seq: int) -> set[str]:
    """Ids of the cases that entered the log after a fact's number."""
    rows = store.read(f"SELECT case_id FROM {quoted(domain.name)}.cases WHERE seq > $1", [seq])
    return {case_id for (case_id,) in rows}


def taught_before(store: Store, domain: DecisionDomain, seq: int) -> set[str]:
    """Ids of the cases with an outcome or a decision up to a fact's number: a model of then may know them."""
    d = quoted(domain.name)
    rows = store.read(
        f"SELECT case_id FROM {d}.outcomes WHERE seq <= $1 UNION SELECT case_id FROM {d}.decisions WHERE seq <= $1",
        [seq],
    )
    return {case_id for (case_id,) in rows}


def new_outcomes(store: Store, domain: DecisionDomain, seq: int) -> int:
    """How many cases got an outcome, a first or a corrected one, after a fact's number.

    Where the domain declares no outcome, decisions stand for them, as they do in training.
    """
    facts = "outcomes" if domain.outcome else "decisions"
    [(n,)] = store.read(
        f"SELECT count(DISTINCT case_id) FROM {quoted(domain.name)}.{facts} WHERE seq > $1", [seq]
    )
    return n


def decided_before(store: Store, domain: DecisionDomain, seq: int) -> set[str]:
    """Ids of the decisions that were on record at a fact's number."""
    rows = store.read(f"SELECT decision_id FROM {quoted(domain.name)}.decisions WHERE seq <= $1", [seq])
    return {decision_id for (decision_id,) in rows}


def resolved_before(store: Store, domain: DecisionDomain, seq: int) -> set[str]:
    """Ids of the cases whose current outcome was on record at a fact's number."""
    rows = store.read(f"SELECT case_id FROM {quoted(domain.name)}.current_outcomes WHERE seq <= $1", [seq])
    return {case_id for (case_id,) in rows}


def own_calls(decisions: pd.DataFrame) -> pd.DataFrame:
    """Decisions of `decided` with the model's own call, where an intent made it recommend another action."""
    moved = decisions["moved_by_intent"].astype(bool)
    if not moved.any():
        return decisions
    return decisions.assign(
        recommended_action=decisions["likeliest_action"],
        recommended_confidence=decisions["likeliest_confidence"],
    )


def decided(store: Store, domain: DecisionDomain, *, facts: bool = False) -> pd.DataFrame:
    """One row a decision that was not reversed, with case, recommendation, outcome and verdict.

    Rows of an imported log may hold a first call only: their `final_action` is None. `arrived_at` is since when the log
    holds both decision and outcome. facts: whether the case's numbers,
    yes/no and categories are wanted beside the segment columns.
    """
    found = store.arrow(
        f"SELECT {', '.join(DECIDED)}{_segments(domain)}{_facts(domain) if facts else ''} "
        f"FROM {quoted(domain.name)}.decided ORDER BY decided_at NULLS FIRST, decision_id"
    )
    return arrow_frames.frame(found)


def decided_by(store: Store, domain: DecisionDomain, manager: str) -> pd.DataFrame:
    """One manager's live decisions as `decided` gives them."""
    frame = store.frame(
        f"SELECT {', '.join(DECIDED)}{_segments(domain)} FROM {quoted(domain.name)}.decided "
        "WHERE manager = $1 ORDER BY decided_at NULLS FIRST, decision_id",
        [manager],
    )
    return _without_na(frame)


def moved_by(store: Store, domain: DecisionDomain, intent_id: str) -> pd.DataFrame:
    """The live decisions whose recommendation an intent moved, as `decided` gives them."""
    found = store.frame(
        f"SELECT {', '.join(DECIDED)} FROM {quoted(domain.name)}.decided "
        "WHERE intent_id = $1 AND moved_by_intent ORDER BY decided_at NULLS FIRST, decision_id",
        [intent_id],
    )
    return _without_na(found)


DECIDED = (
    "decision_id", "case_id", "manager", "mode", "first_action", "first_confidence", "model_version",
    "recommended_action", "recommended_confidence", "final_action", "final_confidence", "reason",
    "rationale", "decided_at", "seconds", "right_action", "known_at", "verdict",
    "CAST(direction AS INTEGER) AS direction", "bank", "explore", "imported", "value", "received_at", "arrived_at",
    "likeliest_action", "likeliest_confidence", "intent_id", "moved_by_intent",
)  # fmt: skip


FACTS = ("number", "yes_no", "category")


def _segments(domain: DecisionDomain) -> str:
    """The segment columns as SQL, yes/no as 1.0 and 0.0 like in `cases`."""
    return "".join(
        f", CAST({quoted(c)} AS FLOAT8) AS {quoted(c)}"
        if domain.feature(c).kind == "yes_no"
        else f", {quoted(c)}"
        for c in domain.segment_columns
    )


def _facts(domain: DecisionDomain) -> str:
    """The further facts that a report may hold alike, as `cases` gives them."""
    return "".join(
        f", {_as_float(f.name, f.kind, '')}"
        for f in domain.features
        if f.kind in FACTS and f.name not in domain.segment_columns
    )


def marks(store: Store, domain: DecisionDomain) -> pd.DataFrame:
    """Every mark on a factor of a live decision: decision_id, factor, mark."""
    d = quoted(domain.name)
    return store.frame(
        f"SELECT m.decision_id, m.factor, m.mark FROM {d}.marks m "
        f"JOIN {d}.live_decisions l ON l.decision_id = m.decision_id ORDER BY m.seq"
    )


def _without_na(frame: pd.DataFrame) -> pd.DataFrame:
    """Text columns as object with None: DuckDB and pandas 3 otherwise disagree on what is missing."""
    for name in frame.columns:
        if isinstance(frame[name].dtype, pd.StringDtype) or frame[name].dtype == object:
            column = frame[name].astype(object)
            frame[name] = column.where(column.notna(), None)
    return frame
