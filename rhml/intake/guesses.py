"""What the columns of an unknown table probably are: kinds from their cells, roles from their headings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

from rhml.core.domain_parts import Kind
from rhml.core.domain_text import is_plain
from rhml.intake import cells
from rhml.intake.dates import dates
from rhml.intake.figures import numbers
from rhml.intake.findings import shown
from rhml.intake.naming import column_name, distinct, slug
from rhml.intake.roles import CASE_ID, DECIDED, DUE, ID_ENDINGS, KNOWN, MESSAGES, OUTCOME, PROTECTED, RECEIVED
from rhml.intake.tables import Table
from rhml.intake.words import yes_no

LEVELS = 30
"""Different words beyond which a column is text rather than a category."""


@dataclass(frozen=True)
class Guess:
    """One column: what its cells are; `why_not` says why it should be no feature."""

    heading: str
    name: str
    kind: Kind | None
    levels: tuple[str, ...] = ()
    seen: str = ""
    use: bool = True
    protected: bool = False
    why_not: str = ""


@dataclass(frozen=True)
class Sketch:
    """What a domain file drafted from a table would say."""

    case_id: str | None = None
    received_at: str | None = None
    due_at: str | None = None
    outcome: str | None = None
    known_at: str | None = None
    columns: tuple[Guess, ...] = ()

    @property
    def features(self) -> tuple[Guess, ...]:
        """The columns that describe a case."""
        return tuple(c for c in self.columns if not c.why_not and c.heading not in self.roles)

    @property
    def roles(self) -> set[str | None]:
        """Headings that are something else than a feature."""
        return {self.case_id, self.received_at, self.due_at, self.outcome, self.known_at}

    def guess(self, heading: str | None) -> Guess | None:
        """The column of this heading."""
        return next((c for c in self.columns if c.heading == heading), None)

    def without(self, faults: dict[str, str]) -> Sketch:
        """The same with some columns left out, each for its reason."""
        columns = tuple(replace(c, why_not=c.why_not or faults.get(c.heading, "")) for c in self.columns)
        roles = ("received_at", "due_at", "outcome", "known_at")
        gone = {role: None for role in roles if getattr(self, role) in faults}
        return replace(self, columns=columns, **gone)


def sketch(table: Table) -> Sketch:
    """Guess every column of a table."""
    frame = table.frame
    headings = [str(heading).strip() for heading in frame.columns]
    names = distinct([(heading, column_name(heading)) for heading in headings])
    columns = tuple(
        _guess(heading, name, frame.iloc[:, at].reset_index(drop=True))
        for at, (heading, name) in enumerate(zip(headings, names, strict=True))
    )
    case_id = _case_id(columns, frame)
    rest = tuple(c for c in columns if c.heading != case_id)
    outcome = _named(rest, OUTCOME, lambda c: c.kind == "yes_no" or 2 <= len(c.levels) <= 6)
    known = _named(rest, KNOWN, lambda c: c.kind == "date")
    columns = tuple(
        _doubted(c, late=known is not None and outcome is None and c.heading == known) for c in columns
    )
    return Sketch(
        case_id=case_id,
        received_at=_named(rest, RECEIVED, lambda c: c.kind == "date"),
        due_at=_named(rest, DUE, lambda c: c.kind == "date"),
        outcome=outcome,
        known_at=known if outcome else None,
        columns=columns,
    )


def _named(columns: tuple[Guess, ...], words: tuple[str, ...], fits: Callable[[Guess], bool]) -> str | None:
    at = {word: i for i, word in enumerate(words)}
    found = [c for c in columns if c.heading and slug(c.heading) in at and fits(c)]
    return min(found, key=lambda c: at[slug(c.heading)]).heading if found else None


def _case_id(columns: tuple[Guess, ...], frame: pd.DataFrame) -> str | None:
    if any(c.heading == "case_id" for c in columns):
        return "case_id"

    def rank(guess: Guess) -> int:
        name = slug(guess.heading)
        return CASE_ID.index(name) if name in CASE_ID else 50 if name.endswith(ID_ENDINGS) else 99

    others = {*RECEIVED, *DUE, *KNOWN, *OUTCOME}
    for guess in sorted((c for c in columns if slug(c.heading) not in others), key=rank):
        column = frame.iloc[:, columns.index(guess)]
        if (
            is_plain(guess.heading)
            and guess.heading
            and (rank(guess) < 99 or guess.kind == "text")
            and _names_rows(column)
        ):
            return guess.heading
    return None


def _names_rows(column: pd.Series) -> bool:
    text = cells.as_text(column)
    sound = cells.words(text, longest=cells.LONGEST_NAME, kind="id").sound
    return bool(text.notna().all() and text.is_unique and sound)


def _doubted(guess: Guess, *, late: bool) -> Guess:
    """Say what a heading makes doubtful about a column whose cells are sound."""
    name = slug(guess.heading)
    if guess.why_not:
        return guess
    if guess.heading == "known_at" and guess.kind != "date":
        return replace(guess, why_not="its name says when an outcome became known, and it holds no dates")
    if name in DECIDED:
        return replace(guess, why_not="it belongs to a log of decisions: import it with --decisions")
    if late:
        return replace(guess, why_not="it seems to be known only after the outcome")
    if PROTECTED & set(name.split("_")) or name == "age":
        return replace(guess, use=False, protected=True)
    read = guess.kind != "text" or bool(MESSAGES & set(name.split("_")))
    return replace(guess, use=guess.use and read and not name.endswith(ID_ENDINGS))


def _guess(heading: str, name: str, column: pd.Series) -> Guess:
    told = cells.as_text(column).dropna()
    if not heading:
        return Guess(heading, name, None, why_not="it has no heading")
    if not is_plain(heading):
        return Guess(heading, name, None, why_not="its heading is too long or holds an invisible character")
    if told.empty:
        return Guess(heading, name, None, why_not="every cell is empty")
    empty = 1 - len(told) / len(column)
    gaps = f"; {empty:.0%} of the cells are empty" if empty >= 0.005 else ""
    said = yes_no(column)
    if said.sound and said.values.nunique() == 2:
        return Guess(heading, name, "yes_no", seen=f"{said.values.mean():.0%} yes{gaps}")
    days = cells.matches(told, r"^(19|20)\d\d[01]\d[0-3]\d$").all()
    figures = numbers(column)
    if figures.sound and not days and not pd.api.types.is_bool_dtype(column):
        low, high = figures.values.min(), figures.values.max()
        return Guess(heading, name, "number", seen=f"from {low:,.6g} to {high:,.6g}{gaps}")
    times = dates(column)
    if times.sound:
        low, high = times.values.min(), times.values.max()
        return Guess(heading, name, "date", seen=f"from {low:%Y-%m-%d} to {high:%Y-%m-%d}{gaps}")
    return _wording(heading, name, column, told, gaps)


def _wording(heading: str, name: str, column: pd.Series, told: pd.Series, gaps: str) -> Guess:
    text = cells.as_text(column)
    different = told.nunique()
    short = cells.words(text, longest=cells.LONGEST_NAME, kind="category")
    if short.sound and different <= LEVELS and (different < len(told) or len(told) <= 10):
        levels = tuple(sorted(told.unique()))
        return Guess(heading, name, "category", levels, f"{different} different words{gaps}")
    wording = cells.words(text)
    if wording.sound:
        return Guess(heading, name, "text", seen=f"{different:,} different texts{gaps}")
    fault = next(wrong for wrong in wording.wrong if wrong.mask.any())
    problem = fault.problem if isinstance(fault.problem, str) else ""
    return Guess(heading, name, None, why_not=shown(problem[:1].lower() + problem[1:].rstrip(".")))
