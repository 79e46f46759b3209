"""The lines of the audit trail about cases: what came, what was shown, what people did, what proved right."""

from __future__ import annotations

from rhml.store.trails.trail import EVERYWHERE, OF_A_CASE, Line

KEPT = "{kept}"
"""Stands for the condition under which a reader is not told the outcome of a case of the bank."""

_OUTCOME = f"""CASE WHEN f.n > 1 THEN CAST(f.n AS TEXT) || ' outcomes' WHEN {KEPT} THEN 'kept back: this case judges models'
WHEN f.withdrawn THEN 'withdrawn' ELSE f.right_action || ' proved right' END"""

_MARKED = """coalesce((SELECT '; marked ' || string_agg(m.factor || ': ' || m.mark, ', ' ORDER BY m.seq)
FROM {d}.marks m WHERE m.decision_id = f.decision_id), '')"""

_DECIDED = f"""coalesce(f.final_action, f.first_action) || CASE WHEN f.recommended_action IS NULL THEN ''
WHEN f.final_action = f.recommended_action THEN ', as recommended'
ELSE ' against ' || f.recommended_action || coalesce(': ' || f.reason, '') END || {_MARKED}"""

CASES = (
    Line(
        "decision", ("first_calls", "first_call_marks"),
        """SELECT called_at AS moment, manager AS actor, seq, case_id, first_call_id, action
        FROM {d}.first_calls WHERE {case}""",
        "f.case_id",
        """'own call: ' || f.action || coalesce((SELECT '; marked ' || string_agg(m.factor || ': ' || m.mark, ', '
        ORDER BY m.seq) FROM {d}.first_call_marks m WHERE m.first_call_id = f.first_call_id), '')""",
        now="f.action", shown=EVERYWHERE, handled=True,
    ),
    Line(
        "decision", ("decisions", "marks"),
        """SELECT recorded_at AS moment, manager AS actor, seq, case_id, decision_id, first_action, final_action,
        recommended_action, reason FROM {d}.decisions WHERE NOT imported AND {case}""",
        "f.case_id", _DECIDED, "f.first_action", "f.final_action", shown=EVERYWHERE, handled=True,
    ),
    Line(
        "decision", ("decisions",),
        """SELECT recorded_at AS moment, manager AS actor, seq, case_id, decision_id, first_action, final_action,
        recommended_action, reason FROM {d}.decisions WHERE imported AND {case}""",
        "f.case_id", f"'from an older log: ' || {_DECIDED}", "f.first_action", "f.final_action",
        shown=OF_A_CASE, handled=True,
    ),
    Line(
        "import", ("decisions",),
        """SELECT recorded_at AS moment, '' AS actor, max(seq) AS seq, count(*) AS n
        FROM {d}.decisions WHERE imported GROUP BY recorded_at""",
        "''", "CAST(f.n AS TEXT) || ' decisions of an older log'",
    ),
    Line(
        "reversal", ("reversals",),
        """SELECT r.reversed_at AS moment, r.reversed_by AS actor, r.seq, x.case_id, x.final_action, r.why
        FROM {d}.reversals r JOIN (SELECT * FROM {d}.decisions WHERE {case}) x ON x.decision_id = r.decision_id""",
        "f.case_id",
        "'took back ' || coalesce(f.final_action, '') || CASE WHEN f.why = '' THEN '' ELSE ': ' || f.why END",
        "f.final_action", "'waiting again'", shown=EVERYWHERE, handled=True,
    ),
    Line(
        "outcome", ("outcomes",),
        """SELECT recorded_at AS moment, recorded_by AS actor, max(seq) AS seq, count(*) AS n, max(case_id) AS case_id,
        max(right_action) AS right_action, bool_or(withdrawn) AS withdrawn
        FROM {d}.outcomes WHERE {case} GROUP BY recorded_at, recorded_by""",
        "CASE WHEN f.n = 1 THEN f.case_id ELSE '' END", _OUTCOME,
        now=f"CASE WHEN f.n = 1 AND NOT {KEPT} THEN CASE WHEN f.withdrawn THEN 'unknown' ELSE f.right_action END END",
        was=f"""CASE WHEN f.n = 1 AND NOT {KEPT} THEN (SELECT arg_max(coalesce(b.right_action, 'unknown'), b.seq)
        FROM {{d}}.outcomes b WHERE b.case_id = f.case_id AND b.seq < f.seq) END""", shown=EVERYWHERE,
    ),
    Line(
        "outcome corrected", ("outcomes",),
        """SELECT moment, actor, seq, case_id, before, right_action FROM (SELECT recorded_at AS moment, recorded_by AS actor, seq,
        case_id, CASE WHEN withdrawn THEN 'unknown' ELSE right_action END AS right_action,
        lag(CASE WHEN withdrawn THEN 'unknown' ELSE right_action END) OVER (PARTITION BY case_id ORDER BY seq) AS before
        FROM {d}.outcomes WHERE {case} AND case_id IN
        (SELECT case_id FROM {d}.outcomes GROUP BY case_id HAVING count(*) > 1)) changed
        WHERE before IS NOT NULL AND before <> right_action""",
        "f.case_id",
        f"CASE WHEN {KEPT} THEN 'kept back: this case judges models' ELSE f.before || ' → ' || f.right_action END",
        f"CASE WHEN NOT {KEPT} THEN f.before END", f"CASE WHEN NOT {KEPT} THEN f.right_action END",
    ),
    Line(
        "queue", ("case_events",),
        """SELECT happened_at AS moment, manager AS actor, seq, case_id, kind, note
        FROM {d}.case_events WHERE kind <> 'assigned' AND {case}""",
        "f.case_id", "f.kind || CASE WHEN coalesce(f.note, '') = '' THEN '' ELSE ': ' || f.note END",
        "CASE WHEN f.kind = 'escalated' THEN 'waiting' END", "CASE WHEN f.kind = 'escalated' THEN 'with a lead' END",
        shown=EVERYWHERE, handled=True,
    ),
    Line(
        "queue", ("case_events",),
        """SELECT happened_at AS moment, manager AS actor, seq, case_id, note,
        coalesce(lag(note) OVER (PARTITION BY case_id ORDER BY seq), 'nobody') AS before
        FROM {d}.case_events WHERE kind = 'assigned' AND {case}""",
        "f.case_id", "'assigned: ' || {person:f.note}", "{person:f.before}", "{person:f.note}",
        shown=EVERYWHERE, handled=True,
    ),
    Line(
        "decision", ("lesson_tests",),
        "SELECT made_at AS moment, manager AS actor, seq, case_id, should, action FROM {d}.lesson_tests WHERE {case}",
        "f.case_id",
        "'lesson test: ' || CASE WHEN f.should = 'stay' THEN 'must stay ' ELSE 'should change to ' END || f.action",
        shown=EVERYWHERE, handled=True,
    ),
    Line(
        "import", ("cases",),
        """SELECT imported_at AS moment, imported_by AS actor, max(seq) AS seq, count(*) AS n, max(case_id) AS case_id
        FROM {d}.cases WHERE {case} GROUP BY imported_at, imported_by""",
        "CASE WHEN f.n = 1 THEN f.case_id ELSE '' END", "CAST(f.n AS TEXT) || ' cases'", shown=EVERYWHERE,
    ),
    Line(
        "import", ("case_values",),
        """SELECT added_at AS moment, by_whom AS actor, max(seq) AS seq, count(*) AS n, max(case_id) AS case_id, feature,
        max(value) AS value, min(coalesce(was, 'empty')) AS before, min(value) = max(value) AS one_value,
        min(coalesce(was, 'empty')) = max(coalesce(was, 'empty')) AS one_before
        FROM {d}.case_values WHERE {case} GROUP BY added_at, by_whom, feature""",
        "CASE WHEN f.n = 1 THEN f.case_id ELSE '' END",
        """CASE WHEN f.n = 1 THEN f.feature || ': ' || f.value
        ELSE CAST(f.n AS TEXT) || ' values of ' || f.feature END""",
        "CASE WHEN f.one_before THEN f.before ELSE 'several' END", "CASE WHEN f.one_value THEN f.value ELSE 'several' END",
        shown=EVERYWHERE,
    ),
    Line(
        "recommendation", ("recommendations",),
        """SELECT made_at AS moment, 'rhml' AS actor, max(seq) AS seq, count(*) AS n, max(case_id) AS case_id, model_version,
        max(action) AS action FROM {d}.recommendations WHERE NOT imported AND {case} GROUP BY made_at, model_version""",
        "CASE WHEN f.n = 1 THEN f.case_id ELSE '' END",
        """f.model_version || CASE WHEN f.n = 1 THEN ' recommended ' || f.action
        ELSE ' made ' || CAST(f.n AS TEXT) || ' recommendations' END""",
        """CASE WHEN f.n = 1 THEN (SELECT arg_max(b.action, b.seq) FROM {d}.recommendations b
        WHERE b.case_id = f.case_id AND b.seq < f.seq) END""",
        "CASE WHEN f.n = 1 THEN f.action END", shown=EVERYWHERE,
    ),
    Line(
        "import", ("recommendations",),
        """SELECT made_at AS moment, '' AS actor, max(seq) AS seq, count(*) AS n FROM {d}.recommendations WHERE imported
        GROUP BY made_at""",
        "''", "CAST(f.n AS TEXT) || ' recommendations of an older log'",
    ),
)  # fmt: skip
