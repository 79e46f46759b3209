"""What a line of the audit trail is: which facts it tells of, and the SQL that reads the newest of them.

Each kind is cut to the lines of one page before anything is joined or worded, so that a page costs the same
whatever the log holds. Rows of one import, or of one run of the model, are one line.
"""

from __future__ import annotations

from dataclasses import dataclass

EVERYWHERE, OF_A_CASE, OF_THE_WHOLE = "everywhere", "a case", "the whole"


@dataclass(frozen=True)
class Line:
    """One kind of line. `source` is a SELECT of moment, actor, seq and what the wording needs, `{case}` in it the
    condition on the case; the others are SQL over its rows `f`. `tables` are the facts that it tells of.

    shown: *everywhere*, in the trail of *a case* alone, or in that of *the whole* alone. handled: tells what somebody
    did with cases, so that analysts read it under other names. own: nobody else's business who it was.
    """

    kind: str
    tables: tuple[str, ...]
    source: str
    subject: str
    what: str
    was: str = "NULL"
    now: str = "NULL"
    shown: str = OF_THE_WHOLE
    handled: bool = False
    own: bool = False
    of_person: bool = False
    """Whether the subject is a person."""


ORGANIZATION = (
    Line(
        "domain file", ("domain_files",),
        """SELECT saved_at AS moment, saved_by AS actor, seq, domain, text,
        lag(text) OVER (PARTITION BY domain ORDER BY seq) AS before,
        row_number() OVER (PARTITION BY domain ORDER BY seq) AS number FROM rhml.domain_files""",
        "f.domain", "'version ' || CAST(f.number AS TEXT)", "f.before", "f.text",
    ),
    Line(
        "role", ("people",),
        """SELECT changed_at AS moment, changed_by AS actor, seq, person, role,
        coalesce(lag(role) OVER (PARTITION BY person ORDER BY seq), 'nobody') AS before FROM rhml.people""",
        "f.person", "f.before || ' → ' || f.role", "f.before", "f.role", of_person=True,
    ),
    Line(
        "api key", ("api_keys",),
        "SELECT made_at AS moment, made_by AS actor, seq, name, domain, scope FROM rhml.api_keys",
        "f.name", "'made for ' || coalesce(f.domain, 'every domain') || ': ' || f.scope", "'none'", "'in force'",
    ),
    Line(
        "api key", ("api_key_events",),
        """SELECT e.happened_at AS moment, e.by_whom AS actor, e.seq, e.kind, e.why, k.name
        FROM rhml.api_key_events e LEFT JOIN rhml.api_keys k ON k.key_id = e.key_id""",
        "coalesce(f.name, '')", "f.kind || CASE WHEN f.why = '' THEN '' ELSE ': ' || f.why END", "'in force'", "f.kind",
    ),
    Line(
        "erasure", ("erasures", "erased"),
        "SELECT erased_at AS moment, erased_by AS actor, seq, kind, alias, why, facts FROM rhml.erasures",
        "f.alias",
        """f.kind || ', in ' || CAST(f.facts AS TEXT) || ' facts' || CASE WHEN f.why = '' THEN '' ELSE ': ' || f.why END""",
        "'held'", "'erased'",
    ),
)  # fmt: skip
