"""What the columns of an unknown table are for: which names the case, which says how it ended or what was decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from rhml.core.domain_checks import DECISION_COLUMNS
from rhml.intake import cells
from rhml.intake.drafting.answering import ENOUGH, Answer, answer_of, standing
from rhml.intake.drafting.case_names import case_name, counts_rows, repeated_name
from rhml.intake.drafting.guesses import Guess, guess
from rhml.intake.drafting.naming import column_name, distinct, slug
from rhml.intake.drafting.roles import (
    DECIDED,
    DECIDED_AT,
    DECIDED_BESIDE,
    DECIDED_BY,
    DUE,
    ID_ENDINGS,
    KNOWN,
    MESSAGES,
    NOT_PROTECTED,
    PROTECTED,
    RECEIVED,
    words_of,
)
from rhml.intake.tables import Table


@dataclass(frozen=True)
class Sketch:
    """What a domain file drafted from a table would say."""

    case_id: str | None = None
    received_at: str | None = None
    due_at: str | None = None
    outcome: Answer | None = None
    known_at: str | None = None
    decided: Answer | None = None
    decided_by: str | None = None
    decided_at: str | None = None
    columns: tuple[Guess, ...] = ()
    repeats: str = ""

    @property
    def features(self) -> tuple[Guess, ...]:
        """The columns that describe a case; those that may be known only afterwards are no part of it."""
        return tuple(c for c in self.columns if not c.why_not and not c.doubt and c.heading not in self.roles)

    @property
    def doubted(self) -> tuple[Guess, ...]:
        """The columns that may have been filled in only after the end."""
        return tuple(c for c in self.columns if c.doubt and not c.why_not and c.heading not in self.roles)

    @property
    def roles(self) -> set[str | None]:
        """Headings that are something else than a feature."""
        answers = {a.heading for a in (self.outcome, self.decided) if a is not None}
        named = {self.case_id, self.received_at, self.due_at, self.known_at, self.decided_by, self.decided_at}
        return named | answers

    def guess(self, heading: str | None) -> Guess | None:
        """The column of this heading."""
        return next((c for c in self.columns if c.heading == heading), None)

    def without(self, faults: dict[str, str]) -> Sketch:
        """The same with some columns left out, each for its reason."""
        columns = tuple(replace(c, why_not=c.why_not or faults.get(c.heading, "")) for c in self.columns)
        roles = ("received_at", "due_at", "known_at", "decided_by", "decided_at")
        gone = {role: None for role in roles if getattr(self, role) in faults}
        for role in ("outcome", "decided"):
            answer = getattr(self, role)
            if answer is not None and answer.heading in faults:
                gone[role] = None
        return replace(self, columns=columns, **gone)

    def doubting(self, doubts: dict[str, str]) -> Sketch:
        """The same with columns, by their names, that no card should show before somebody has looked."""
        columns = tuple(replace(c, doubt=doubts.get(c.name, "")) for c in self.columns)
        return replace(self, columns=columns)


def sketch(table: Table) -> Sketch:
    """Guess every column of a table, and what each is for."""
    frame = table.frame
    headings = [str(heading).strip() for heading in frame.columns]
    names = distinct([(heading, column_name(heading)) for heading in headings])
    columns = tuple(
        guess(heading, name, frame.iloc[:, at].reset_index(drop=True))
        for at, (heading, name) in enumerate(zip(headings, names, strict=True))
    )
    case_id = case_name(columns, frame)
    rest = tuple(c for c in columns if c.heading != case_id and c.heading not in DECISION_COLUMNS)
    outcome, decided = _answers(rest, frame)
    asked = {a.heading for a in (outcome, decided) if a is not None}
    rest = tuple(c for c in rest if c.heading not in asked)
    known = _named(rest, KNOWN, _is_date)
    named = tuple(c for c in columns if c.heading not in {case_id, *asked})
    late = known if outcome is None else None
    slugs = {slug(c.heading) for c in columns}
    logged = DECIDED | (DECIDED_BESIDE if slugs & DECIDED else frozenset())
    columns = tuple(
        _doubted(c, frame.iloc[:, at], late=c.heading == late, logged=slug(c.heading) in logged)
        for at, c in enumerate(columns)
    )
    columns = _something_to_read(columns, {case_id, *asked})
    return Sketch(
        case_id=case_id,
        received_at=_named(rest, RECEIVED, _is_date),
        due_at=_named(rest, DUE, _is_date),
        outcome=outcome,
        known_at=known if outcome else None,
        decided=decided,
        decided_by=_named(named, DECIDED_BY, lambda c: c.kind == "category") if decided else None,
        decided_at=_named(named, DECIDED_AT, _is_date) if decided else None,
        columns=columns,
        repeats="" if case_id else repeated_name(columns, frame),
    )


def _something_to_read(columns: tuple[Guess, ...], roles: set[str | None]) -> tuple[Guess, ...]:
    """Where no other column is left for a model to read, the texts are read."""
    if any(c.use and not c.why_not and c.heading not in roles for c in columns):
        return columns
    return tuple(
        replace(c, use=True) if c.kind == "text" and not c.protected and not c.why_not else c for c in columns
    )


def _is_date(column: Guess) -> bool:
    return column.kind == "date"


def _answers(columns: tuple[Guess, ...], frame: pd.DataFrame) -> tuple[Answer | None, Answer | None]:
    """The columns that most look like how a case ended and like what was decided; either may be missing."""
    place = {str(heading).strip(): at for at, heading in enumerate(frame.columns)}
    answers = [
        (answer_of(column, frame.iloc[:, place[column.heading]].reset_index(drop=True)), column)
        for column in columns
    ]
    found = []
    for decision in (False, True):
        ranked = [
            (
                standing(answer, column, place[column.heading], len(place), decision=decision),
                -place[column.heading],
                answer,
            )
            for answer, column in answers
            if answer is not None
        ]
        best = max(ranked, key=lambda one: one[:2], default=(0.0, 0, None))
        found.append(best if best[0] >= ENOUGH else (0.0, 0, None))
    (ended, _, outcome), (said, _, decided) = found
    if outcome is not None and decided is not None and outcome.heading == decided.heading:
        return (None, decided) if said >= ended else (outcome, None)
    return outcome, decided


def _named(columns: tuple[Guess, ...], words: tuple[str, ...], fits: Callable[[Guess], bool]) -> str | None:
    at = {word: i for i, word in enumerate(words)}
    long = {word: i for word, i in at.items() if "_" in word}

    def place(column: Guess) -> int | None:
        name = "_".join(words_of(column.heading))
        return at.get(
            name, next((i + len(at) for word, i in long.items() if name.startswith(f"{word}_")), None)
        )

    found = [(place(c), c.heading) for c in columns if fits(c) and not c.why_not and place(c) is not None]
    return min(found)[1] if found else None


def _doubted(column: Guess, cells_of: pd.Series, *, late: bool, logged: bool) -> Guess:
    """Say what a heading, or cells that all say the same, make doubtful about a column."""
    name, words = slug(column.heading), set(words_of(column.heading))
    if column.heading == "known_at" and column.kind != "date":
        return replace(column, why_not="its name says when an outcome became known, and it holds no dates")
    if column.why_not:
        return column
    if logged:
        return replace(column, why_not="it belongs to a log of decisions: import it with --decisions")
    text = cells.as_text(cells_of)
    if text.dropna().nunique() == 1 and (len(text) > 10 and text.notna().mean() > 0.98):
        return replace(column, why_not="every cell says the same")
    if late:
        return replace(column, why_not="it seems to be known only after the outcome")
    if words & PROTECTED and not words & NOT_PROTECTED:
        return replace(column, use=False, protected=True)
    if column.kind == "date":
        return replace(column, use=False)
    if column.kind == "number" and counts_rows(cells_of):
        return replace(column, use=False, seen=f"{column.seen}, each number once")
    read = column.kind != "text" or bool(MESSAGES & words)
    return replace(column, use=column.use and read and not name.endswith(ID_ENDINGS) and "id" not in words)
