"""What people's marks and words may change about a domain: six kinds of edit, each a line or a table of its file.

An edit makes a new domain and, with comments kept, the new text of its file; both say the same or the edit is
refused. Nothing is changed here: a challenger is trained with the new domain, and a person decides.

>>> from rhml.core.domain import parse_domain
>>> loans = parse_domain("loans", 'title = "Loans"\\n[actions]\\na = "A"\\nb = "B"\\n[features.age] # in years\\n')
>>> edited(loans, Drop("age")).text.splitlines()[-2:]
['[features.age] # in years', 'use = false # decided on a proposal']
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import tomlkit
from tomlkit.exceptions import TOMLKitError

from rhml.core.domain import DecisionDomain, check_domain, parse_domain
from rhml.core.domain_parts import Condition, Feature, Kind, Policy
from rhml.errors import DomainInvalid, Problem

REMARK = "decided on a proposal"


@dataclass(frozen=True)
class Drop:
    """The model no longer reads a factor; it stays on the card."""

    feature: str


@dataclass(frozen=True)
class Monotone:
    """More of a factor may only raise (*increasing*) or lower the chance of the first action."""

    feature: str
    effect: Literal["increasing", "decreasing"]


@dataclass(frozen=True)
class Apart:
    """The model may add up what two factors say, and not combine them."""

    first: str
    second: str


@dataclass(frozen=True)
class Collect:
    """A fact that people speak of and no column holds becomes a field of its own."""

    name: str
    label: str
    kind: Kind = "yes_no"


@dataclass(frozen=True)
class Rule:
    """Where one or two conditions hold, a stated policy asks for an action."""

    when: tuple[Condition, ...]
    action: str
    why: str


@dataclass(frozen=True)
class FirstCalls:
    """New cases ask for the manager's own call first on another share."""

    share: float


Edit = Drop | Monotone | Apart | Collect | Rule | FirstCalls
KINDS: dict[str, type] = {
    "drop": Drop,
    "monotone": Monotone,
    "apart": Apart,
    "collect": Collect,
    "policy": Rule,
    "first_call": FirstCalls,
}


def kind_of(edit: Edit) -> str:
    """The word for the kind of an edit in the log."""
    return next(name for name, cls in KINDS.items() if isinstance(edit, cls))


def as_dict(edit: Edit) -> dict[str, Any]:
    """Plain values for JSON."""
    if isinstance(edit, Rule):
        return {"when": [c.model_dump() for c in edit.when], "action": edit.action, "why": edit.why}
    return dict(vars(edit))


def edit_of(kind: str, plain: dict[str, Any]) -> Edit:
    """The inverse of `kind_of` and `as_dict`."""
    if kind == "policy":
        return Rule(tuple(Condition(**c) for c in plain["when"]), plain["action"], plain["why"])
    return KINDS[kind](**plain)


def edited(domain: DecisionDomain, edit: Edit) -> DecisionDomain:
    """The domain with the edit made, its text included; DomainInvalid where that would be no sound domain."""
    if isinstance(edit, Drop | Monotone) and edit.feature not in {f.name for f in domain.features}:
        raise DomainInvalid(f"{domain.title} no longer has the factor {edit.feature!r}.", [])
    wanted = _bare(in_memory(domain, edit))
    problems: list[Problem] = []
    for text in _texts(domain.text, edit):
        found = check_domain(domain.name, text)
        if not found and _bare(new := parse_domain(domain.name, text)) == wanted:
            return new
        problems = problems or [p for p in found if p.where != "file"]
    problems = problems or [_by_hand(edit)]
    raise DomainInvalid(f"The domain file cannot take this edit. {problems[0]}", problems)


def in_memory(domain: DecisionDomain, edit: Edit) -> DecisionDomain:
    """The same edit on the domain's values alone; its text stays as it was."""
    match edit:
        case Drop(name):
            return _with_feature(domain, domain.feature(name).model_copy(update={"use": False}))
        case Monotone(name, effect):
            return _with_feature(domain, domain.feature(name).model_copy(update={"effect": effect}))
        case Apart(first, second):
            pairs = (*domain.training.apart, (first, second))
            return domain.model_copy(update={"training": domain.training.model_copy(update={"apart": pairs})})
        case Collect(name, label, kind):
            field = Feature(name=name, label=label, kind=kind, collect=True)
            return domain.model_copy(update={"features": (*domain.features, field)})
        case Rule(when, action, why):
            rule = Policy(when=when, action=action, why=why)
            return domain.model_copy(update={"policy": (*domain.policy, rule)})
        case FirstCalls(share):
            return domain.model_copy(update={"modes": domain.modes.model_copy(update={"first_call": share})})


def _texts(text: str, edit: Edit) -> Iterator[str]:
    """Ways to write the edit into the file's text, comments and line ends kept, the most readable first."""
    if "\r\n" in text:
        yield from (way.replace("\n", "\r\n") for way in _texts(text.replace("\r\n", "\n"), edit))
        return
    try:
        document = tomlkit.parse(text.removeprefix("\ufeff"))
        if not isinstance(edit, Rule):
            _write(document, edit)
            yield tomlkit.dumps(document)
    except (TOMLKitError, LookupError, TypeError, ValueError, AttributeError):
        pass  # a file may be written in ways that its tables cannot be reached: then a table of its own is tried
    if isinstance(edit, Rule):
        yield f"{text.rstrip()}\n\n{tomlkit.dumps({'policy': _rules(edit)})}"
    elif isinstance(edit, Collect):
        fields = tomlkit.table(is_super_table=True)
        fields[edit.name] = _field(edit)
        yield f"{text.rstrip()}\n\n{tomlkit.dumps({'features': fields})}"


def _write(document: tomlkit.TOMLDocument, edit: Drop | Monotone | Apart | Collect | FirstCalls) -> None:
    match edit:
        case Drop(name):
            document["features"][name]["use"] = tomlkit.boolean("false").comment(REMARK)
        case Monotone(name, effect):
            document["features"][name]["effect"] = tomlkit.string(effect).comment(REMARK)
        case Apart(first, second):
            training = document.setdefault("training", tomlkit.table())
            if "apart" in training:
                training["apart"].append([first, second])
            else:
                training["apart"] = tomlkit.item([[first, second]]).comment(REMARK)
        case Collect(name):
            fields = document.setdefault("features", tomlkit.table(is_super_table=True))
            fields[name] = _field(edit)
        case FirstCalls(share):
            modes = document.setdefault("modes", tomlkit.table())
            modes["first_call"] = tomlkit.float_(str(share)).comment(REMARK)


def _field(edit: Collect) -> tomlkit.items.Table:
    field = tomlkit.table()
    field.add("label", edit.label)
    field.add("kind", edit.kind)
    field.add("collect", tomlkit.boolean("true").comment(REMARK))
    field.add(tomlkit.nl())
    return field


def _rules(edit: Rule) -> tomlkit.items.AoT:
    conditions = tomlkit.array()
    for condition in edit.when:
        conditions.append(_inline(condition.model_dump()))
    rule = tomlkit.table()
    rule.add("when", conditions)
    rule.add("action", edit.action)
    rule.add("why", tomlkit.string(edit.why).comment(REMARK))
    rules = tomlkit.aot()
    rules.append(rule)
    return rules


def _inline(values: dict[str, Any]) -> tomlkit.items.InlineTable:
    table = tomlkit.inline_table()
    table.update(values)
    return table


def _with_feature(domain: DecisionDomain, changed: Feature) -> DecisionDomain:
    kept = tuple(changed if f.name == changed.name else f for f in domain.features)
    return domain.model_copy(update={"features": kept})


def _bare(domain: DecisionDomain) -> DecisionDomain:
    return domain.model_copy(update={"text": ""})


def _by_hand(edit: Edit) -> Problem:
    return Problem(
        "file", kind_of(edit), "It is written in a way that cannot be edited by itself.",
        "Make this edit on the Organization page, under Domain file.",
    )  # fmt: skip
