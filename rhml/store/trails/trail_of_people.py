"""The lines of the audit trail about people: what they are taught, what they practise, who looked at whom.

Practice and a person's own lessons are that person's alone: whoever else reads is told that somebody practised.
"""

from __future__ import annotations

from rhml.store.trails.trail import Line

PEOPLE = (
    Line(
        "lesson", ("lessons",),
        "SELECT found_at AS moment, found_by AS actor, seq, lesson_id, sentence FROM {d}.lessons WHERE manager IS NULL",
        "f.lesson_id", "'found: ' || f.sentence", now="'found'",
    ),
    Line(
        "lesson", ("lesson_events",),
        """SELECT e.happened_at AS moment, e.by_whom AS actor, e.seq, e.lesson_id, e.kind, e.why,
        coalesce(lag(e.kind) OVER (PARTITION BY e.lesson_id ORDER BY e.seq), 'found') AS before
        FROM {d}.lesson_events e WHERE e.lesson_id IN (SELECT lesson_id FROM {d}.lessons WHERE manager IS NULL)""",
        "f.lesson_id", "f.kind || CASE WHEN f.why = '' THEN '' ELSE ': ' || f.why END", "f.before", "f.kind",
    ),
    Line(
        "practice", ("lessons",),
        "SELECT found_at AS moment, manager AS actor, seq FROM {d}.lessons WHERE manager IS NOT NULL",
        "''", "'a lesson of one’s own was found'", own=True,
    ),
    Line(
        "practice", ("lesson_events",),
        """SELECT e.happened_at AS moment, e.by_whom AS actor, e.seq, e.kind FROM {d}.lesson_events e WHERE e.lesson_id NOT IN
        (SELECT lesson_id FROM {d}.lessons WHERE manager IS NULL)""",
        "''", "'a lesson of one’s own: ' || f.kind", own=True,
    ),
    Line(
        "practice", ("drills",),
        "SELECT begun_at AS moment, manager AS actor, seq, kind FROM {d}.drills",
        "''", "'began to practise: ' || f.kind", own=True,
    ),
    Line(
        "practice", ("drill_answers",),
        """SELECT max(answered_at) AS moment, manager AS actor, max(seq) AS seq, count(*) AS n FROM {d}.drill_answers
        GROUP BY drill_id, manager""",
        "''", "'practised on ' || CAST(f.n AS TEXT) || CASE WHEN f.n = 1 THEN ' past case' ELSE ' past cases' END", own=True,
    ),
    Line(
        "practice", ("drill_events",),
        """SELECT e.happened_at AS moment, coalesce(s.manager, '') AS actor, e.seq, e.kind
        FROM {d}.drill_events e LEFT JOIN {d}.drills s ON s.drill_id = e.drill_id""",
        "''", "'practice: ' || f.kind", own=True,
    ),
    Line(
        "look", ("looks",),
        "SELECT looked_at AS moment, by_whom AS actor, seq, about, what, why FROM {d}.looks",
        "f.about", "f.what || CASE WHEN f.why = '' THEN '' ELSE ': ' || f.why END", of_person=True,
    ),
)  # fmt: skip
