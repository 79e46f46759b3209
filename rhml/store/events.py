"""One row for each use of the system: what came in, what it suggested, who decided what, and what proved right.

Input data are as they stood when the decision was saved: values that were filled in later are taken out again.
"""

from __future__ import annotations

from datetime import datetime

from rhml.core.domain import DecisionDomain
from rhml.store.engine import quoted
from rhml.store.schema import TYPES
from rhml.store.veil import Veil

COLUMNS = {
    "decision_id": "the use of the system: one decision",
    "case_id": "the case it was about",
    "began_at": "start of the use, UTC: the moment of saving less the seconds the card was open; empty where not on record",
    "ended_at": "end of the use, UTC: when the decision was saved",
    "decided_at": "when it was decided, UTC; for decisions of an older log as that log has it",
    "person": "who decided",
    "mode": "how the card was shown: assisted, first_call or evidence_only",
    "asked": "whether an own call was asked before the recommendation; empty where none was drawn",
    "first_action": "the own call before anything of the model was seen",
    "first_confidence": "the probability the person gave to it",
    "model_version": "the version whose recommendation was shown",
    "model_hash": "hash of that version's content",
    "live_version": "the version that was live",
    "recommended_action": "the output: the action suggested",
    "recommended_confidence": "the probability the model gave to it",
    "likeliest_action": "the likeliest action, where what mattered then made it suggest another",
    "intent_id": "what mattered then: the statement in force when the recommendation was made",
    "similar_low": "lower end of how often it proved right among similar cases",
    "similar_high": "upper end",
    "similar_n": "how many similar cases",
    "points": "what each feature added, in the order of the version's features",
    "notes": "what the card said beside it: policies, doubts",
    "unlike": "what set the case apart from all the model learned from",
    "corrections": "corrections in force in the recommendation",
    "final_action": "what the person decided",
    "final_confidence": "the probability the person gave to it",
    "overridden": "whether it differs from the recommendation",
    "reason": "the reason given for deciding differently",
    "rationale": "the person's own words; empty once erased",
    "marks": "factors the person marked, and how",
    "seconds": "how long the card was open",
    "signed_by": "who gave the second signature",
    "refused_by": "who refused it",
    "second_opinions": "how many blind second opinions were given",
    "reversed_at": "when it was taken back, UTC",
    "reversed_by": "by whom",
    "right_action": "which action proved right, as known when this was made",
    "known_at": "when that became known, UTC",
    "bank": "whether the case is kept aside to judge models",
    "imported": "whether it came from an older log, which this product did not record itself",
    "domain_file": "number of the domain file in force",
    "fact": "number of the decision in the log's chain",
}
"""Each column with what it means; the case's own features follow as `input_…`."""


def query(
    domain: DecisionDomain, *, since: datetime | None, until: datetime | None, veil: Veil | None,
    involved: str | None, filled: set[str], facts: range | None = None,
) -> str:  # fmt: skip
    """SQL of the uses in a span of time. `veil` puts other names for people; outcomes of the bank are left out where
    `involved` called on the case; `filled` are the features that were ever filled in later, `facts` the numbers of the decisions wanted."""
    d = quoted(domain.name)
    person = {name: _seen(veil, of) for name, of in _PEOPLE.items()}
    ids = veil.sql_of_id("x.decision_id") if veil else "x.decision_id"
    inputs = "".join(f", {_input(d, f.name, TYPES[f.kind], f.name in filled)}" for f in domain.features)
    kept = _kept(d, involved)
    here = f"seq >= {facts.start} AND seq < {facts.stop}" if facts is not None else "TRUE"
    return f"""WITH x AS (SELECT * FROM {d}.decisions WHERE {here} AND {_span("recorded_at", since, until)})
    SELECT {ids} AS decision_id, x.case_id,
    x.recorded_at - to_milliseconds(CAST(1000 * x.seconds AS BIGINT)) AS began_at, x.recorded_at AS ended_at, x.decided_at,
    {person["person"]} AS person, x.mode, x.asked, x.first_action, x.first_confidence, x.model_version,
    m.hash AS model_hash, x.live_version, x.recommended_action, x.recommended_confidence,
    x.likeliest_action, x.intent_id, g.low AS similar_low,
    g.high AS similar_high, g.similar_n, g.points, g.notes, g.unlike, g.corrections, x.final_action, x.final_confidence,
    x.final_action <> x.recommended_action AS overridden, x.reason, t.text AS rationale, k.marks, x.seconds,
    {person["signed_by"]} AS signed_by, {person["refused_by"]} AS refused_by, coalesce(p.given, 0) AS second_opinions,
    r.reversed_at, {person["reversed_by"]} AS reversed_by, CASE WHEN NOT {kept} THEN o.right_action END AS right_action,
    CASE WHEN NOT {kept} THEN o.known_at END AS known_at, c.bank, x.imported,
    (SELECT count(*) FROM rhml.domain_files f WHERE f.domain = {_text(domain.name)} AND f.saved_at <= x.recorded_at)
    AS domain_file, x.seq AS fact{inputs}
    FROM x JOIN {d}.cases c ON c.case_id = x.case_id
    LEFT JOIN {d}.models m ON m.version = x.model_version
    LEFT JOIN {d}.recommendations g ON g.recommendation_id = x.recommendation_id
    LEFT JOIN {d}.rationales t ON t.decision_id = x.decision_id
    LEFT JOIN (SELECT decision_id, string_agg(factor || ': ' || mark, '; ' ORDER BY seq) AS marks FROM {d}.marks
    WHERE decision_id IN (SELECT decision_id FROM x) GROUP BY decision_id) k ON k.decision_id = x.decision_id
    LEFT JOIN (SELECT decision_id, arg_max(by_whom, seq) FILTER (kind = 'signed') AS signed_by,
    arg_max(by_whom, seq) FILTER (kind = 'refused') AS refused_by FROM {d}.signatures GROUP BY decision_id) s
    ON s.decision_id = x.decision_id
    LEFT JOIN (SELECT decision_id, count(*) AS given FROM {d}.opinions WHERE kind = 'given' GROUP BY decision_id) p
    ON p.decision_id = x.decision_id
    LEFT JOIN (SELECT decision_id, min(reversed_at) AS reversed_at, arg_min(reversed_by, seq) AS reversed_by
    FROM {d}.reversals GROUP BY decision_id) r ON r.decision_id = x.decision_id
    LEFT JOIN (SELECT case_id, now.right_action, now.known_at FROM (SELECT case_id, max_by(struct_pack(right_action :=
    CASE WHEN NOT withdrawn THEN right_action END, known_at := CASE WHEN NOT withdrawn THEN known_at END), seq) AS now
    FROM {d}.outcomes WHERE case_id IN (SELECT case_id FROM x) GROUP BY case_id) newest) o
    ON o.case_id = x.case_id {"".join(_later(d, name) for name in sorted(filled))}"""


_PEOPLE = {
    "person": "x.manager",
    "signed_by": "s.signed_by",
    "refused_by": "s.refused_by",
    "reversed_by": "r.reversed_by",
}


def _seen(veil: Veil | None, column: str) -> str:
    """A person as the reader sees them; nobody stays nobody."""
    return column if veil is None else f"CASE WHEN {column} IS NOT NULL THEN {veil.sql(column)} END"


def pieces(domain: DecisionDomain) -> str:
    """SQL of how many decisions there are, and of their first and last number."""
    return (
        f"SELECT count(*), coalesce(min(seq), 0), coalesce(max(seq), 0) FROM {quoted(domain.name)}.decisions"
    )


def filled_in(domain: DecisionDomain) -> str:
    """SQL of the features that were ever filled in after their case had come."""
    return f"SELECT DISTINCT feature FROM {quoted(domain.name)}.case_values"


def _input(d: str, name: str, kind: str, filled: bool) -> str:
    column, shown = f"c.{quoted(name)}", quoted(f"input_{name}")
    if not filled:
        return f"{column} AS {shown}"
    later = quoted(f"later_{name}")
    return f"CASE WHEN {later}.seq IS NULL THEN {column} ELSE CAST({later}.was AS {kind}) END AS {shown}"


def _later(d: str, name: str) -> str:
    """The first value that came after the decision, with what was there before it."""
    later = quoted(f"later_{name}")
    return (
        f" ASOF LEFT JOIN (SELECT case_id, seq, was FROM {d}.case_values WHERE feature = {_text(name)}) {later} "
        f"ON {later}.case_id = x.case_id AND x.seq < {later}.seq"
    )


def _kept(d: str, involved: str | None) -> str:
    """Whether the outcome of a case of the bank is kept from who asks."""
    if involved is None:
        return "FALSE"
    mine = f"SELECT case_id FROM {d}.decisions WHERE manager = {_text(involved)} UNION "
    mine += f"SELECT case_id FROM {d}.first_calls WHERE manager = {_text(involved)}"
    return f"(c.bank AND c.case_id IN ({mine}))"


def _span(column: str, since: datetime | None, until: datetime | None) -> str:
    parts = [
        f"{column} {sign} TIMESTAMP '{at:%Y-%m-%d %H:%M:%S.%f}'"
        for sign, at in ((">=", since), ("<", until))
        if at
    ]
    return " AND ".join(parts) or "TRUE"


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
