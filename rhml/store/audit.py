"""The audit trail: who did what and when, read from the facts of a domain and of the organization.

Rows of one import are one line. Every line has: happened_at, actor, kind, subject, detail.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.store.engine import Store, quoted
from rhml.store.veil import Veil

PAGE = 50

KINDS = (
    "decision", "reversal", "outcome", "queue", "model", "promotion", "proposal", "import", "domain file", "role", "setting", "correction", "look",
)  # fmt: skip

OF_CASES = ("decision", "reversal", "queue")
"""What people did with cases, from which their numbers could be counted."""


@dataclass(frozen=True)
class Filter:
    """Which lines of the trail are wanted; None means all. Under a veil it stands for whoever handled a case."""

    actor: str | None = None
    kind: str | None = None
    seen_by: Veil | None = field(default=None, compare=False)


def page(
    store: Store, domain: DecisionDomain | None, wanted: Filter, *, limit: int = PAGE, offset: int = 0
) -> list[dict[str, Any]]:
    """One page of the trail, newest first."""
    trail, parameters = _trail(domain, wanted)
    return store.records(f"{_COLUMNS} {trail} {_NEWEST} LIMIT {int(limit)} OFFSET {int(offset)}", parameters)


def count(store: Store, domain: DecisionDomain | None, wanted: Filter) -> int:
    """How many lines the trail has."""
    trail, parameters = _trail(domain, wanted)
    [(lines,)] = store.read(f"SELECT count(*) {trail}", parameters)
    return lines


def frame(store: Store, domain: DecisionDomain | None, wanted: Filter, *, limit: int) -> pd.DataFrame:
    """The newest lines as a frame, for an export."""
    trail, parameters = _trail(domain, wanted)
    return store.frame(f"{_COLUMNS} {trail} {_NEWEST} LIMIT {int(limit)}", parameters)


def actors(store: Store, domain: DecisionDomain | None, veil: Veil | None = None) -> list[str]:
    """Everyone who ever did anything here, as the reader sees them."""
    trail, parameters = _trail(domain, Filter(seen_by=veil))
    return [actor for (actor,) in store.read(f"SELECT DISTINCT actor {trail} ORDER BY actor", parameters)]


_COLUMNS = "SELECT happened_at, actor, kind, subject, detail"
_NEWEST = "ORDER BY happened_at DESC, seq DESC, kind, subject"


def _trail(domain: DecisionDomain | None, wanted: Filter) -> tuple[str, list[Any]]:
    """The union of the wanted kinds as SQL after SELECT, with its parameters."""
    parts = (*_OF_ORGANIZATION, *(_OF_DOMAIN if domain else ()))
    union = " UNION ALL ".join(sql for kind, sql in parts if wanted.kind in (None, kind)) or _NOTHING
    union = union.replace("{d}", quoted(domain.name)) if domain else union
    where, parameters = ("WHERE actor = $1", [wanted.actor]) if wanted.actor else ("", [])
    trail = f"({union}) AS facts(happened_at, actor, kind, subject, detail, seq)"
    if wanted.seen_by is not None:
        of_cases = ", ".join(f"'{kind}'" for kind in OF_CASES)
        actor = f"CASE WHEN kind IN ({of_cases}) THEN {wanted.seen_by.sql('actor')} ELSE actor END AS actor"
        trail = f"(SELECT * REPLACE ({actor}) FROM {trail}) AS trail"
    return f"FROM {trail} {where}", parameters


_NOTHING = "SELECT CAST(NULL AS TIMESTAMP), '', '', '', '', 0 WHERE FALSE"


_OF_ORGANIZATION = (
    (
        "domain file",
        """SELECT saved_at, saved_by, 'domain file', domain,
        'version ' || CAST(row_number() OVER (PARTITION BY domain ORDER BY seq) AS TEXT), seq
        FROM rhml.domain_files""",
    ),
    (
        "role",
        """SELECT changed_at, changed_by, 'role', person,
        coalesce(lag(role) OVER (PARTITION BY person ORDER BY seq), 'nobody') || ' → ' || role, seq
        FROM rhml.people""",
    ),
)


_OF_DOMAIN = (
    (
        "decision",
        """SELECT called_at, manager, 'decision', case_id, 'own call: ' || action, seq FROM {d}.first_calls""",
    ),
    (
        "decision",
        """SELECT recorded_at, manager, 'decision', case_id, coalesce(final_action, first_action)
        || CASE WHEN recommended_action IS NULL THEN '' WHEN final_action = recommended_action THEN ', as recommended'
           ELSE ' against ' || recommended_action || coalesce(': ' || reason, '') END, seq
        FROM {d}.decisions WHERE NOT imported""",
    ),
    (
        "reversal",
        """SELECT r.reversed_at, r.reversed_by, 'reversal', x.case_id,
        'took back ' || coalesce(x.final_action, '') || CASE WHEN r.why = '' THEN '' ELSE ': ' || r.why END, r.seq
        FROM {d}.reversals r JOIN {d}.decisions x ON x.decision_id = r.decision_id""",
    ),
    (
        "outcome",
        """SELECT recorded_at, recorded_by, 'outcome', CASE WHEN count(*) = 1 THEN max(case_id) ELSE '' END,
        CASE WHEN count(*) > 1 THEN CAST(count(*) AS TEXT) || ' outcomes'
        WHEN bool_or(withdrawn) THEN 'withdrawn' ELSE max(right_action) || ' proved right' END, max(seq)
        FROM {d}.outcomes GROUP BY recorded_at, recorded_by""",
    ),
    (
        "queue",
        """SELECT happened_at, manager, 'queue', case_id,
        kind || coalesce(CASE WHEN note = '' THEN NULL ELSE ': ' || note END, ''), seq
        FROM {d}.case_events WHERE kind <> 'skipped'""",
    ),
    (
        "model",
        """SELECT trained_at, trained_by, 'model', version, 'trained; verdict: ' || verdict, seq FROM {d}.models""",
    ),
    (
        "model",
        """SELECT judged_at, judged_by, 'model', version, 'judged again; verdict: ' || verdict, seq FROM {d}.verdicts""",
    ),
    (
        "decision",
        """SELECT made_at, manager, 'decision', case_id,
        'lesson test: ' || CASE WHEN should = 'stay' THEN 'must stay ' ELSE 'should change to ' END || action, seq
        FROM {d}.lesson_tests""",
    ),
    (
        "promotion",
        """SELECT promoted_at, promoted_by, 'promotion', version,
        CASE WHEN against_verdict THEN 'against the verdict: ' ELSE '' END || why
        || coalesce('; waived ' || waived, ''), seq FROM {d}.promotions""",
    ),
    (
        "proposal",
        """SELECT made_at, made_by, 'proposal', '', sentence, seq FROM {d}.proposals""",
    ),
    (
        "proposal",
        """SELECT happened_at, by_whom, 'proposal', '', e.kind || ': ' || e.why || ' (' || p.sentence || ')', e.seq
        FROM {d}.proposal_events e JOIN {d}.proposals p ON p.proposal_id = e.proposal_id""",
    ),
    (
        "import",
        """SELECT added_at, by_whom, 'import', CASE WHEN count(*) = 1 THEN max(case_id) ELSE '' END,
        CASE WHEN count(*) = 1 THEN max(feature) || ': ' || max(value) ELSE CAST(count(*) AS TEXT) || ' values of '
        || feature END, max(seq) FROM {d}.case_values GROUP BY added_at, by_whom, feature""",
    ),
    (
        "correction",
        """SELECT proposed_at, proposed_by, 'correction', correction_id, 'for ' || model_version || ': ' || sentence, seq
        FROM {d}.corrections""",
    ),
    (
        "correction",
        """SELECT happened_at, by_whom, 'correction', correction_id,
        kind || CASE WHEN why = '' THEN '' ELSE ': ' || why END, seq FROM {d}.correction_events WHERE kind <> 'tested'""",
    ),
    (
        "setting",
        """SELECT made_at, made_by, 'setting', '', json_extract_string(content, '$.said'), seq
        FROM {d}.studies WHERE kind = 'report schedule'""",
    ),
    (
        "look",
        """SELECT looked_at, by_whom, 'look', about, what || CASE WHEN why = '' THEN '' ELSE ': ' || why END, seq
        FROM {d}.looks""",
    ),
    (
        "import",
        """SELECT imported_at, imported_by, 'import', '', CAST(count(*) AS TEXT) || ' cases', max(seq)
        FROM {d}.cases GROUP BY imported_at, imported_by""",
    ),
    (
        "import",
        """SELECT recorded_at, '', 'import', '',
        CAST(count(*) AS TEXT) || ' decisions of an older log', max(seq)
        FROM {d}.decisions WHERE imported GROUP BY recorded_at""",
    ),
)
