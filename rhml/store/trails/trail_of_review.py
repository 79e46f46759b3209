"""The lines of the audit trail about review: signatures, second opinions, conflicts, and what was done about limits."""

from __future__ import annotations

from rhml.store.trails.trail import EVERYWHERE, Line

REVIEW = (
    Line(
        "signature", ("signatures",),
        """SELECT happened_at AS moment, by_whom AS actor, seq, case_id, kind, why, value, above,
        CASE WHEN kind = 'asked' THEN 'decided' ELSE 'awaiting a signature' END AS before
        FROM {d}.signatures WHERE {case}""",
        "f.case_id",
        """CASE WHEN f.kind = 'asked' THEN 'a second signature is asked: ' || coalesce(regexp_replace(CAST(f.value AS TEXT), '[.]0$', ''), '')
        || ' at stake, above ' || coalesce(regexp_replace(CAST(f.above AS TEXT), '[.]0$', ''), '')
        ELSE f.kind || CASE WHEN f.why = '' THEN '' ELSE ': ' || f.why END END""",
        "f.before", "CASE WHEN f.kind = 'asked' THEN 'awaiting a signature' ELSE f.kind END",
        shown=EVERYWHERE, handled=True,
    ),
    Line(
        "opinion", ("opinions",),
        """SELECT happened_at AS moment, manager AS actor, seq, case_id, kind, action FROM {d}.opinions WHERE {case}""",
        "f.case_id",
        """CASE f.kind WHEN 'asked' THEN 'a second opinion on this decision is asked'
        WHEN 'seen' THEN 'has seen the card, so gives no second opinion' ELSE 'second opinion: ' || f.action END""",
        now="f.action", shown=EVERYWHERE, handled=True,
    ),
    Line(
        "conflict", ("conflicts",),
        """SELECT raised_at AS moment, by_whom AS actor, seq, case_id, conflict_id, kind, why
        FROM {d}.conflicts WHERE {case}""",
        "f.case_id", "f.kind || CASE WHEN f.why = '' THEN '' ELSE ': ' || f.why END", "'no conflict'", "'in conflict'",
        shown=EVERYWHERE, handled=True,
    ),
    Line(
        "conflict", ("resolutions",),
        """SELECT r.resolved_at AS moment, r.by_whom AS actor, r.seq, r.case_id, r.result, r.action, r.why, x.final_action
        FROM (SELECT * FROM {d}.resolutions WHERE {case}) r
        LEFT JOIN {d}.decisions x ON x.decision_id = r.decision_id""",
        "f.case_id",
        "'resolved: ' || f.result || coalesce(' ' || f.action, '') || CASE WHEN f.why = '' THEN '' ELSE ': ' || f.why END",
        "f.final_action",
        "CASE f.result WHEN 'stands' THEN f.final_action WHEN 'sent back' THEN 'waiting again' ELSE f.action END",
        shown=EVERYWHERE, handled=True,
    ),
    Line(
        "limit", ("limit_notes",),
        """SELECT noted_at AS moment, noted_by AS actor, seq, dimension, name, what, why, rate FROM {d}.limit_notes""",
        "CASE WHEN f.dimension = 'manager' THEN {person:f.name} WHEN f.dimension = 'all' THEN 'everybody' ELSE f.name END",
        """f.what || ', at an override rate of ' || coalesce(CAST(round(100 * f.rate, 1) AS TEXT), '?') || ' %'
        || CASE WHEN f.why = '' OR f.dimension = 'manager' THEN '' ELSE ': ' || f.why END""",
        now="f.what",
    ),
    Line(
        "erasure", ("erasures", "erased"),
        "SELECT erased_at AS moment, erased_by AS actor, seq, kind, alias, why, facts FROM {d}.erasures",
        "f.alias",
        """f.kind || ', in ' || CAST(f.facts AS TEXT) || ' facts' || CASE WHEN f.why = '' THEN '' ELSE ': ' || f.why END""",
        "'held'", "'erased'",
    ),
)  # fmt: skip
