"""The lines of the audit trail about models: what was trained, judged, promoted, corrected, proposed and found."""

from __future__ import annotations

from rhml.store.trails.trail import Line

MODELS = (
    Line(
        "model", ("models", "twins"),
        "SELECT trained_at AS moment, trained_by AS actor, seq, version, verdict FROM {d}.models",
        "f.version",
        """'trained; verdict: ' || f.verdict || coalesce((SELECT '; with ' || CAST(count(*) AS TEXT) || ' twins and siblings'
        FROM {d}.twins t WHERE t.version = f.version HAVING count(*) > 0), '')""",
        now="f.verdict",
    ),
    Line(
        "model", ("verdicts",),
        """SELECT judged_at AS moment, judged_by AS actor, v.seq, v.version, v.verdict,
        coalesce(lag(v.verdict) OVER (PARTITION BY v.version ORDER BY v.seq), m.verdict) AS before
        FROM {d}.verdicts v LEFT JOIN {d}.models m ON m.version = v.version""",
        "f.version", "'judged again; verdict: ' || f.verdict", "f.before", "f.verdict",
    ),
    Line(
        "promotion", ("promotions",),
        """SELECT promoted_at AS moment, promoted_by AS actor, seq, version, why, against_verdict, waived,
        coalesce(lag(version) OVER (ORDER BY seq), 'no model') AS before FROM {d}.promotions""",
        "f.version",
        """CASE WHEN f.against_verdict THEN 'against the verdict: ' ELSE '' END || f.why
        || coalesce('; waived ' || f.waived, '')""",
        "f.before", "f.version",
    ),
    Line(
        "proposal", ("proposals",),
        "SELECT made_at AS moment, made_by AS actor, seq, proposal_id, sentence FROM {d}.proposals",
        "''", "f.sentence", now="'proposed'",
    ),
    Line(
        "proposal", ("proposal_events",),
        """SELECT e.happened_at AS moment, e.by_whom AS actor, e.seq, e.kind, e.why, p.sentence,
        coalesce(lag(e.kind) OVER (PARTITION BY e.proposal_id ORDER BY e.seq), 'proposed') AS before
        FROM {d}.proposal_events e JOIN {d}.proposals p ON p.proposal_id = e.proposal_id""",
        "''", "f.kind || ': ' || f.why || ' (' || f.sentence || ')'", "f.before", "f.kind",
    ),
    Line(
        "correction", ("corrections",),
        """SELECT proposed_at AS moment, proposed_by AS actor, seq, correction_id, model_version, sentence,
        lag(sentence) OVER (PARTITION BY correction_id ORDER BY seq) AS before FROM {d}.corrections""",
        "f.correction_id", "'for ' || f.model_version || ': ' || f.sentence", "f.before", "f.sentence",
    ),
    Line(
        "correction", ("correction_events",),
        """SELECT happened_at AS moment, by_whom AS actor, seq, correction_id, kind, why,
        coalesce(lag(kind) OVER (PARTITION BY correction_id ORDER BY seq), 'proposed') AS before
        FROM {d}.correction_events""",
        "f.correction_id", "f.kind || CASE WHEN f.why = '' THEN '' ELSE ': ' || f.why END", "f.before", "f.kind",
    ),
    Line(
        "intent", ("intents",),
        """SELECT happened_at AS moment, by_whom AS actor, seq, intent_id, kind, why, content,
        coalesce(lag(kind || ' ' || intent_id) OVER (ORDER BY seq), 'none') AS before FROM {d}.intents""",
        "f.intent_id",
        """f.kind || ': ' || f.why || CASE WHEN f.kind = 'stated' THEN ' (' || coalesce(json_extract_string(f.content,
        '$.said'), '') || ')' ELSE '' END""",
        "f.before", "f.kind || ' ' || f.intent_id",
    ),
    Line(
        "setting", ("studies",),
        """SELECT made_at AS moment, made_by AS actor, seq, json_extract_string(content, '$.said') AS said,
        coalesce(lag(json_extract_string(content, '$.said')) OVER
        (PARTITION BY kind, json_extract_string(content, '$.saved') ORDER BY seq), 'none') AS before
        FROM {d}.studies WHERE kind IN ('report schedule', 'export schedule')""",
        "''", "f.said", "f.before", "f.said",
    ),
    Line(
        "finding", ("studies",),
        "SELECT made_at AS moment, made_by AS actor, seq, kind, model_version FROM {d}.studies WHERE kind NOT IN ('report schedule', 'export schedule')",
        "coalesce(f.model_version, '')", "f.kind",
    ),
    Line(
        "model", ("team_models",),
        "SELECT trained_at AS moment, trained_by AS actor, seq, team_version FROM {d}.team_models",
        "f.team_version", "'trained; what the team would call'",
    ),
)  # fmt: skip
