"""Tables and views of the log: numbered migrations, and what a domain file adds to its namespace.

Each declared feature is a typed column of `cases`; the views derive everything else and list their
columns with comments, which are the analysts' data dictionary.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from importlib.resources import files

from rhml.core.domain import DecisionDomain, Feature
from rhml.core.reliance import verdict_sql
from rhml.errors import DomainInvalid, LogUnreadable, Problem
from rhml.store.chain import adoption
from rhml.store.engine import Transaction, quoted
from rhml.store.review import review_views
from rhml.store.words import VIEW_COMMENTS, VIEW_WORDS

TYPES = {"number": "FLOAT8", "category": "TEXT", "yes_no": "BOOLEAN", "date": "TIMESTAMP", "text": "TEXT"}
ORGANIZATION = "rhml"
MIGRATIONS = {"organization": 3, "domain": 7}
SEALED_FROM = {"organization": 2, "domain": 6}
"""The versions since which facts are sealed as they are written; what an older log holds is sealed with them."""


def migrate_organization(tx: Transaction, now: datetime) -> None:
    """Bring the organization's own tables to this version."""
    tx.run("CREATE SCHEMA IF NOT EXISTS rhml")
    tx.run(
        "CREATE TABLE IF NOT EXISTS rhml.migrations "
        "(scope TEXT NOT NULL, number BIGINT NOT NULL, applied_at TIMESTAMP NOT NULL)"
    )
    _apply(tx, ORGANIZATION, "organization", now)


def prepare_domain(tx: Transaction, domain: DecisionDomain, now: datetime) -> None:
    """Make or extend a domain's namespace so that it holds every declared feature."""
    tx.run(f"CREATE SCHEMA IF NOT EXISTS {quoted(domain.name)}")
    _apply(tx, domain.name, "domain", now)
    _add_features(tx, domain)
    for statement in views(domain):
        tx.run(statement)


def behind(tx: Transaction) -> list[str]:
    """The domains whose tables are of an earlier version of this product."""
    rows = tx.run(
        "SELECT scope FROM rhml.migrations WHERE scope <> $1 GROUP BY scope HAVING max(number) <> $2",
        [ORGANIZATION, MIGRATIONS["domain"]],
    )
    return [scope for (scope,) in rows]


def _apply(tx: Transaction, scope: str, kind: str, now: datetime) -> None:
    [(done,)] = tx.run("SELECT coalesce(max(number), 0) FROM rhml.migrations WHERE scope = $1", [scope])
    if done > MIGRATIONS[kind]:
        raise LogUnreadable("A newer version of this product wrote the log. Update the product to open it.")
    for number in range(done + 1, MIGRATIONS[kind] + 1):
        text = (files("rhml.store") / "migrations" / f"{kind}_{number:03}.sql").read_text("utf-8")
        for statement in _statements(text.replace("{d}", quoted(scope))):
            tx.run(statement)
        tx.run("INSERT INTO rhml.migrations VALUES ($1, $2, $3)", [scope, number, now])
        tx.seals.reshaped()
    if 0 < done < SEALED_FROM[kind]:
        adoption.seal_what_is_there(tx, scope)


def _statements(text: str) -> list[str]:
    lines = (line for line in text.splitlines() if not line.startswith("--"))
    return [statement for part in "\n".join(lines).split(";\n") if (statement := part.strip())]


def _add_features(tx: Transaction, domain: DecisionDomain) -> None:
    rows = tx.run(
        "SELECT column_name, data_type FROM information_schema.columns "
        "WHERE table_schema = $1 AND table_name = 'cases'",
        [domain.name],
    )
    held = dict(rows)
    for feature in domain.features:
        wanted = TYPES[feature.kind]
        if feature.name not in held:
            tx.run(f"ALTER TABLE {quoted(domain.name)}.cases ADD COLUMN {quoted(feature.name)} {wanted}")
            tx.seals.reshaped()
        elif _same_type(held[feature.name], wanted):
            continue
        else:
            raise _kind_changed(feature, held[feature.name])


def _same_type(held: str, wanted: str) -> bool:
    return {"DOUBLE": "FLOAT8", "VARCHAR": "TEXT"}.get(held, held) == wanted


def _kind_changed(feature: Feature, held: str) -> DomainInvalid:
    problem = Problem(
        f"features.{feature.name}",
        feature.kind,
        f"The log already holds {feature.name!r} as {held}.",
        "Keep its kind, or declare the new one under another name with column = its heading.",
    )
    return DomainInvalid(str(problem), [problem])


def views(domain: DecisionDomain) -> list[str]:
    """The statements that make the domain's views, from the facts alone."""
    d = quoted(domain.name)
    features = "".join(f", c.{quoted(f.name)}" for f in domain.features)
    stake = f"c.{quoted(domain.value.column)}" if domain.value.column else "CAST(NULL AS FLOAT8)"
    verdict = verdict_sql("l.first_action", "l.recommended_action", "l.final_action", "o.right_action")
    shown = ", ".join(f"l.{column}" for column in DECISION_COLUMNS)
    statements = [
        f"""CREATE OR REPLACE VIEW {d}.current_outcomes AS
        SELECT seq, outcome_id, case_id, right_action, known_at, recorded_at, recorded_by FROM
        (SELECT *, row_number() OVER (PARTITION BY case_id ORDER BY seq DESC) AS newest FROM {d}.outcomes) latest
        WHERE newest = 1 AND NOT withdrawn""",
        f"""CREATE OR REPLACE VIEW {d}.live_decisions AS
        SELECT d.* FROM {d}.decisions d
        WHERE d.decision_id NOT IN (SELECT decision_id FROM {d}.reversals)""",
        f"""CREATE OR REPLACE VIEW {d}.decided AS
        SELECT {shown}, r.text AS rationale, o.right_action, o.known_at,
        CASE WHEN l.final_action IS NULL THEN NULL ELSE {verdict} END AS verdict,
        {_direction_sql(domain)} AS direction, c.bank, c.explore, {stake} AS value, c.received_at,
        CASE WHEN o.right_action IS NOT NULL THEN greatest(l.recorded_at, o.recorded_at) END AS arrived_at,
        {", ".join(f"{sql} AS {name}" for name, sql in INTENT_COLUMNS.items())}{features}
        FROM {d}.live_decisions l JOIN {d}.cases c ON c.case_id = l.case_id
        LEFT JOIN {d}.rationales r ON r.decision_id = l.decision_id
        LEFT JOIN {d}.current_outcomes o ON o.case_id = l.case_id""",
        f"""CREATE OR REPLACE VIEW {d}.overrides AS
        SELECT * FROM {d}.decided WHERE final_action <> recommended_action""",
        f"""CREATE OR REPLACE VIEW {d}.pending AS
        SELECT c.case_id, c.received_at, c.due_at, {stake} AS value{features} FROM {d}.cases c
        WHERE c.case_id NOT IN (SELECT case_id FROM {d}.live_decisions WHERE final_action IS NOT NULL)""",
        f"""CREATE OR REPLACE VIEW {d}.resolved AS
        SELECT c.case_id, c.received_at, o.right_action, o.known_at, {stake} AS value{features}
        FROM {d}.cases c JOIN {d}.current_outcomes o ON o.case_id = c.case_id""",
        f"""CREATE OR REPLACE VIEW {d}.versions AS
        SELECT m.version, m.trained_at, m.trained_by, coalesce(j.verdict, m.verdict) AS verdict,
        coalesce(j.paragraph, m.paragraph) AS paragraph, p.promoted_at, p.promoted_by, p.why,
        p.against_verdict, p.waived FROM {d}.models m LEFT JOIN {d}.promotions p ON p.version = m.version
        LEFT JOIN (SELECT version, verdict, paragraph,
        row_number() OVER (PARTITION BY version ORDER BY seq DESC) AS newest FROM {d}.verdicts) j
        ON j.version = m.version AND j.newest = 1""",
    ]
    return statements + review_views.statements(domain) + _comments(domain)


DECISION_COLUMNS = (
    "decision_id", "case_id", "manager", "mode", "first_action", "first_confidence", "model_version",
    "recommended_action", "recommended_confidence", "final_action", "final_confidence", "reason",
    "decided_at", "seconds", "live_version", "imported",
)  # fmt: skip

INTENT_COLUMNS = {
    "likeliest_action": "coalesce(l.likeliest_action, l.recommended_action)",
    "likeliest_confidence": "coalesce(l.likeliest_confidence, l.recommended_confidence)",
    "intent_id": "l.intent_id",
    "moved_by_intent": "l.likeliest_action IS NOT NULL",
}
"""What the model held likeliest, beside what was recommended because of what mattered then."""


def _direction_sql(domain: DecisionDomain) -> str:
    if not domain.has_order:
        return "0"
    places = " ".join(f"WHEN '{key}' THEN {i}" for i, key in enumerate(domain.action_keys))
    final, recommended = (f"(CASE l.{side}_action {places} END)" for side in ("final", "recommended"))
    return f"coalesce(sign({final} - {recommended}), 0)"


def _comments(domain: DecisionDomain) -> list[str]:
    """What each view and column means, kept in the database itself."""
    d = quoted(domain.name)
    own = {f.name: ", ".join(filter(None, (f.label, f.description, f.unit))) for f in domain.features}
    has_features = ("decided", "overrides", "pending", "resolved")
    statements = []
    for view, comment in VIEW_COMMENTS.items():
        statements.append(f"COMMENT ON VIEW {d}.{view} IS {_text(comment)}")
        columns = {**VIEW_WORDS[view], **(own if view in has_features else {})}
        statements += [
            f"COMMENT ON COLUMN {d}.{view}.{quoted(column)} IS {_text(words)}"
            for column, words in columns.items()
        ]
    return statements


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


def fingerprint(text: str) -> str:
    """A short hash of a text, the same on every machine."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
