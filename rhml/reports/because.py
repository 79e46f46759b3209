"""Because of whom the team changed: who brought how much, and what the one taught the other, as far as either is shown."""

from __future__ import annotations

from collections.abc import Mapping

from rhml.reports.growth import Growth, Part
from rhml.reports.in_words import MOVED, NAMES, Number, more_of_100, verdict_word
from rhml.reports.ledger import TAUGHT, TO_MODEL, TO_PEOPLE, Ledger
from rhml.reports.report import Report

WHERE = {TO_MODEL: "cases that it had not learned from", TO_PEOPLE: "calls where a lesson was taught"}
BROUGHT, LESSONS = "who brought how much", "who taught whom"


def because(report: Report, parts: Mapping[str, object], number: Number) -> str:
    """Who brought how much, then what the one taught the other, as far as either is shown."""
    said = [
        text
        for text in (_brought(parts.get("growth"), number), *_taught(parts.get("ledger"), number))
        if text
    ]
    if said:
        return " ".join(said)
    return _with_whom(report)


def shown(parts: Mapping[str, object], number: Number) -> list[str]:
    """What is said here beyond the three verdicts, by name: it is as sure as its own tests make it."""
    said = {BROUGHT: _brought(parts.get("growth"), number), LESSONS: _taught(parts.get("ledger"), number)}
    return [name for name, text in said.items() if text]


def _with_whom(report: Report) -> str:
    """Where growth cannot be divided up: who moved as the team did."""
    found = report.improvement
    word = verdict_word(found.team)
    if word == "cannot be known":
        return "Nobody can tell without knowing who was right."
    alike = [who for who in ("human", "model") if verdict_word(getattr(found, who)) == word]
    if word not in MOVED:
        moved = [who for who in ("human", "model") if verdict_word(getattr(found, who)) in MOVED]
        if not moved:
            return "No change of the team is shown, so nobody can be credited or blamed."
        who = " and ".join(NAMES[one] for one in moved)
        return f"The team’s decisions do not show yet what changed with {who}."
    if len(alike) == 2:
        return (
            f"People and the model both {word}, and the team with them; how much each brought is not shown."
        )
    if alike == ["human"]:
        return f"People {word}, and the team with them; the model is not shown to have changed."
    if alike == ["model"]:
        return f"The model {word}, and the team with it; people are not shown to have changed."
    return f"The team as a whole {word}; to whom that is owed is not shown yet."


def _brought(growth: Growth | None, number: Number) -> str:
    """What people and the model brought to the team's growth; nothing where neither is shown."""
    if growth is None or growth.why:
        return ""
    sides = {"people": growth.people, "the model": growth.model}
    moved = {who: part for who, part in sides.items() if part.verdict.words in MOVED}
    if not moved:
        return ""
    said = [
        f"{who} brought {more_of_100(part.change.value, number)} right in 100" for who, part in moved.items()
    ]
    rest = [_unmoved(who, part, growth) for who, part in sides.items() if who not in moved]
    text = " and ".join(said) + "".join(f"; {one}" for one in rest)
    return f"{text[:1].upper()}{text[1:]}."


def _unmoved(who: str, part: Part, growth: Growth) -> str:
    """What is said of a part that is not shown to have moved: that it cannot have, that it hardly did, or nothing yet."""
    if who == "the model" and growth.same_version:
        return "the model stayed the same"
    if part.verdict.words == "no change shown":
        return f"{who} brought no change that matters"
    return f"what {who} brought is not shown yet"


def _taught(ledger: Ledger | None, number: Number) -> tuple[str, ...]:
    """Each way of the ledger in which teaching is shown."""
    totals = ledger.totals.items() if ledger else ()
    return tuple(
        f"{way[:1].upper()}{way[1:]}: {more_of_100(total.change.value, number)} right in 100 {WHERE[way]}."
        for way, total in totals
        if total.claim == TAUGHT
    )
