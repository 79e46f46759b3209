"""Which action each word of a column stands for: by a template's actions, or by actions made of the words themselves."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rhml.core.domain import DecisionDomain
from rhml.core.domain_parts import Action
from rhml.intake.drafting.answering import Answer
from rhml.intake.drafting.naming import distinct, slug
from rhml.intake.drafting.roles import polarity, words_of
from rhml.intake.findings import shown
from rhml.intake.words import YES

SPOKEN = {
    "approved": (("approve", "Approve"), ("decline", "Decline")),
    "accepted": (("accept", "Accept"), ("refuse", "Refuse")),
    "granted": (("grant", "Grant"), ("refuse", "Refuse")),
}
"""Actions behind the yes and no of some common headings."""


@dataclass(frozen=True)
class Reading:
    """A column read as actions: which word stands for which action ("" for none), and from which number it is yes.

    `unsure`: nothing in the words says which action is meant, so somebody should look.
    """

    answer: Answer
    actions: tuple[tuple[str, str], ...]
    means: tuple[tuple[str, str], ...] = ()
    yes: str = ""
    cut: float | None = None
    unsure: bool = False

    @property
    def used(self) -> set[str]:
        """The actions that some word stands for."""
        return {key for _, key in self.means if key} | (
            {key for key, _ in self.actions} if self.cut is not None else set()
        )

    @property
    def as_template(self) -> DecisionDomain:
        """A domain of these actions alone, to read another column by."""
        actions = tuple(Action(key=key, label=label) for key, label in self.actions)
        return DecisionDomain(name="read", title="Read", actions=actions)

    @property
    def plain_yes(self) -> str:
        """The action of a yes where yes and no say everything; "" where each word has to be listed."""
        if not self.answer.yes_no or len(self.used) != 2 or len(self.means) != len(self.answer.plain):
            return ""
        return next(key for word, key in self.means if word.lower() in YES)

    def meaning(self, word: str, key: str) -> Reading:
        """The same with another action behind a word."""
        return replace(self, means=tuple((w, key if w == word else k) for w, k in self.means), unsure=False)


def template_reading(answer: Answer, template: DecisionDomain) -> Reading:
    """The words as a template's actions: a good end for its first, a bad one for its last, others in between."""
    first, last = template.action_keys[0], template.action_keys[-1]
    pairs = tuple((a.key, a.label) for a in template.actions)
    if answer.cut is not None:
        side = polarity(answer.heading)
        ends = tuple(pair for pair in pairs if pair[0] in (first, last))
        return Reading(answer, ends, yes=last if side < 0 else first, cut=answer.cut, unsure=not side)
    named = {word: _named(word, template) for word in answer.plain}
    if all(named.values()) and len(set(named.values())) > 1:
        return Reading(answer, pairs, _with_open(answer, named))
    said = _sides(answer)
    if {1, -1} <= set(said.values()):
        middle = template.action_keys[len(template.actions) // 2] if len(template.actions) > 2 else last
        meant = {word: {1: first, -1: last}.get(side, middle) for word, side in said.items()}
        return Reading(answer, pairs, _with_open(answer, meant), unsure=0 in said.values())
    words = list(answer.plain)
    if len(words) == len(template.actions) > 2:
        meant = dict(zip(sorted(words), template.action_keys, strict=True))
    else:
        meant = {word: first if word == words[0] else last for word in words}
    return Reading(answer, pairs, _with_open(answer, meant), unsure=True)


def blank_reading(answer: Answer, _: object = None) -> Reading:
    """Actions made of the column's own words, a good end first."""
    heading = shown(answer.heading)
    if answer.cut is not None:
        pairs = (
            ("go_ahead", f"{heading} from {answer.cut:g}"),
            ("hold_back", f"{heading} below {answer.cut:g}"),
        )
        pairs = pairs if polarity(answer.heading) >= 0 else (pairs[1], pairs[0])
        return Reading(answer, pairs, yes="go_ahead", cut=answer.cut, unsure=True)
    if answer.yes_no:
        key = "_".join(words_of(answer.heading))
        spoken = SPOKEN.get(key)
        yes, no = spoken or (("yes", f"{heading}: yes"), ("no", f"{heading}: no"))
        meant = {word: yes[0] if word.lower() in YES else no[0] for word in answer.plain}
        pairs = (no, yes) if polarity(answer.heading) < 0 else (yes, no)
        return Reading(answer, pairs, _with_open(answer, meant), unsure=spoken is None)
    words = sorted(answer.plain, key=lambda word: (-polarity(word), word))
    keys = distinct([(word, slug(word, "action")) for word in words])
    pairs = tuple(zip(keys, [shown(word) for word in words], strict=True))
    return Reading(answer, pairs, _with_open(answer, dict(zip(words, keys, strict=True))), unsure=True)


def _with_open(answer: Answer, meant: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((word, meant.get(word, "")) for word, _ in answer.words)


def _named(word: str, template: DecisionDomain) -> str:
    """The action that a word names: its key, its label, or the beginning of one."""
    plain = slug(word, "")
    for action in template.actions:
        stems = {action.key.rstrip("e"), slug(action.label, "").rstrip("e")} - {""}
        if any(plain == stem or (len(stem) > 3 and plain.startswith(stem)) for stem in stems):
            return action.key
    return ""


def _sides(answer: Answer) -> dict[str, int]:
    """Whether each word speaks of a good end or a bad one; a yes is what the heading says."""
    if not answer.yes_no:
        return {word: polarity(word) for word in answer.plain}
    side = polarity(answer.heading)
    return {word: side if word.lower() in YES else -side for word in answer.plain}
