"""The report in five sentences: did people improve, did the model, because of whom, how sure is that, what next.

The same words on the page, in print and on the command line. A verdict is a word of its own (`mark`), the sentence
says what it means for somebody who knows no statistics; the numbers stand behind it, not in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rhml.core.domain import DecisionDomain
from rhml.reports.because import because, shown
from rhml.reports.in_words import MOVED, NAMES, Number, english, listed, more_of_100, of_100, verdict_word
from rhml.reports.next_step import Link, next_step
from rhml.reports.parting import VERSIONS
from rhml.reports.report import Report
from rhml.reports.sides import ONE_VERSION, Side

ALONE = {
    "human": ("Deciding alone, they are right", "calls made alone"),
    "model": ("Its recommendations are right", "recommendations with an outcome"),
}
CHANCE = "chance alone would show as much in fewer than 1 report in 20, all looks together"
COUNTED = {
    "human": "calls made alone",
    "model": "recommendations with an outcome",
    "team": "decisions with an outcome",
}
PICKED = " Picking this span or segment among many is not allowed for."
NOTHING_CLAIMED = "Not sure yet: nothing is claimed here that chance could have made."


@dataclass(frozen=True)
class Sentence:
    """One of the five: what it answers, a verdict word where it has one, the text, and where it leads."""

    title: str
    mark: str
    text: str
    links: tuple[Link, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "title": self.title,
            "mark": self.mark,
            "text": self.text,
            "links": [link.as_dict() for link in self.links],
        }


@dataclass(frozen=True)
class Answer:
    """The five sentences."""

    people: Sentence
    model: Sentence
    because: Sentence
    sure: Sentence
    next: Sentence

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """In the order in which they are read."""
        return (self.people, self.model, self.because, self.sure, self.next)

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON, by name."""
        return {
            name: getattr(self, name).as_dict() for name in ("people", "model", "because", "sure", "next")
        }


def answer(
    report: Report, parts: Mapping[str, object], *, domain: DecisionDomain, number: Number = english
) -> Answer:
    """The five sentences of a report and of those of its parts that are there (`ledger`, `growth`, `versions`, `found_segments`, `late_outcomes`).

    number: how the reader's locale writes a value with so many digits.
    """
    found = report.improvement
    step = next_step(report, parts, domain=domain, number=number)
    return Answer(
        _side("human", "People", found.human, report, number),
        _side("model", "The model", found.model, report, number),
        Sentence("Because of whom", "", because(report, parts, number)),
        Sentence("How sure", "", f"{_sure(report, shown(parts, number), number)} {_late(parts)}".rstrip()),
        Sentence("What next", "", step.text, step.links),
    )


def _late(parts: Mapping[str, object]) -> str:
    """Outcomes that do not count yet, where there are any."""
    found = parts.get("late_outcomes")
    return found.sentence if found else ""


def _side(who: str, title: str, side: Side, report: Report, number: Number) -> Sentence:
    word = verdict_word(side)
    return Sentence(title, word, _said(who, word, side, report, number))


def _said(who: str, word: str, side: Side, report: Report, number: Number) -> str:
    right, rows = ALONE[who]
    change = side.verdict.change
    if side.note == ONE_VERSION:
        return "One version was shown throughout; only a new one can be better."
    before = "than before"
    if side.cut == VERSIONS:
        right, before = "Newer versions are right", "than older ones"
    match word:
        case "improved" | "fell":
            return f"{right} in {more_of_100(change.value, number)} of 100 equally hard cases {before}."
        case "no change shown":
            least = of_100(report.improvement.smallest_change, number)
            return f"{right} about as often {before.replace('than', 'as')}: any change is smaller than {least} in 100."
        case "not enough data yet":
            more = side.verdict.more
            return (
                f"About {number(more, 0)} more {rows} would tell."
                if more
                else "The cases so far cannot tell."
            )
        case "too few to say":
            n = max(change.n, side.earlier.n + side.later.n)
            if not report.reliance.resolved:
                return "No outcomes so far."
            return f"Only {number(n, 0)} {rows} so far." if n else f"No {rows.replace('s ', ' ', 1)} so far."
    why = change.why.removeprefix("Cannot be known: ") or "Nobody can know here who was right."
    return why[:1].upper() + why[1:]


def _sure(report: Report, beyond: list[str], number: Number) -> str:
    """What chance could have done, how many rows each verdict rests on, and for whom it speaks.

    beyond: what *Because of whom* says besides the verdicts; each of these keeps a 5 % of its own.
    """
    found = report.improvement
    picked = PICKED if report.since or report.until or report.segment else ""
    moved = _which(report, MOVED)
    if moved or beyond:
        each = " for each" if beyond and len([*moved[:1], *beyond]) > 1 else ""
        names = [*(NAMES[who] for who in moved), *beyond]
        return f"Sure of {listed(names)}: {CHANCE}{each}. {_rests(report, moved, number)}{picked}"
    if still := _which(report, ("no change shown",)):
        least = of_100(found.smallest_change, number)
        said = f"Sure of {listed([NAMES[who] for who in still])}: a change of {least} in 100 or more would have shown, all looks together."
        return f"{said} {_rests(report, still, number)}{picked}"
    if _which(report, ("cannot be known",)):
        return "Nothing is claimed here, as nobody can know who was right."
    change = found.human.verdict.change
    if change.low is None or verdict_word(found.human) != "not enough data yet":
        return NOTHING_CLAIMED
    return (
        f"{NOTHING_CLAIMED} The {number(change.n, 0)} calls made alone allow for anything from "
        f"{more_of_100(change.low, number)} to {more_of_100(change.high, number)} right in 100."
    )


def _rests(report: Report, named: list[str], number: Number) -> str:
    """On how much the verdicts named rest, each on its own rows: not every outcome may speak about everybody."""
    many = [f"{number(getattr(report.improvement, who).change.n, 0)} {COUNTED[who]}" for who in named]
    whom = "It speaks for these people only."
    return f"It rests on {listed(many)} and speaks for these people only." if many else whom


def _which(report: Report, words: tuple[str, ...]) -> list[str]:
    """Of whom one of the words is said."""
    sides = {who: getattr(report.improvement, who) for who in NAMES}
    return [who for who, side in sides.items() if verdict_word(side) in words and side.note != ONE_VERSION]
