"""What people's marks, words and exceptions propose to change, each with the sentence that says why.

Found in overrides outside the bank; whether a proposal would serve is for its challenger to show.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.core.domain_checks import DECISION_COLUMNS, NAME
from rhml.core.reserved import is_reserved
from rhml.machine.proposing import marked as marks_
from rhml.machine.proposing.edits import Apart, Collect, Drop, Edit, Monotone, Rule
from rhml.machine.proposing.policies import Pattern, in_words, patterns
from rhml.machine.proposing.rationale_terms import Group, telling

MOST = 50_000
"""Overrides whose rationales are read: the newest ones."""

EXAMPLES, EXCERPT = 3, 160


@dataclass(frozen=True)
class Candidate:
    """An edit, the sentence that says who asked for it and how, and the numbers behind it; `p` is adjusted.

    `cases`: ids of the cases that speak for it. `examples`: rationales, shortened.
    """

    edit: Edit
    sentence: str
    support: dict[str, Any]
    p: float
    examples: tuple[str, ...] = ()


def candidates(
    cases: pd.DataFrame, decisions: pd.DataFrame, marks: pd.DataFrame, *, domain: DecisionDomain
) -> list[Candidate]:
    """Every edit with enough support, by kind; decisions on the bank's cases propose nothing."""
    seen = decisions[~decisions["bank"].fillna(False).to_numpy(dtype=bool)]
    advised = seen[seen["recommended_action"].notna() & seen["final_action"].notna()]
    overrides = advised[advised["final_action"] != advised["recommended_action"]]
    if overrides.empty:
        return []
    found = [_of_marks(one, domain) for one in marks_.marked(overrides, marks, cases, domain=domain)]
    found += _of_words(overrides, domain)
    found += [_of_exceptions(one, domain) for one in patterns(advised, cases, domain=domain)]
    return found


def _of_marks(one: marks_.Marked, domain: DecisionDomain) -> Candidate:
    s = one.support
    match one.edit:
        case Drop(name):
            said = f"marked “{domain.feature(name).label}” as irrelevant"
        case Monotone(name, effect):
            more = "for" if effect == "increasing" else "against"
            said = (
                f"marked “{domain.feature(name).label}” as counting the wrong way, taking more of it to speak "
                f"{more} “{domain.actions[0].label}”,"
            )
        case Apart(first, second):
            said = f"marked “{domain.feature(first).label}” and “{domain.feature(second).label}” together"
    return Candidate(
        one.edit,
        f"{people(s['people'], domain)} {said} in {s['overrides']:,} of {s['of']:,} overrides; {_proved(s)}.",
        {**s, "mark": one.mark},
        one.p,
    )


def _of_words(overrides: pd.DataFrame, domain: DecisionDomain) -> list[Candidate]:
    """Fields to collect: words of rescued overrides that no factor covers."""
    known = overrides[overrides["right_action"].notna()].tail(MOST)
    texts = known["rationale"].map(lambda text: text.strip() if isinstance(text, str) else "")
    known, texts = known[texts != ""], texts[texts != ""]
    right = (known["final_action"] == known["right_action"]).to_numpy(dtype=bool)
    groups = telling(texts.tolist(), right, known["manager"].tolist(), domain=domain)
    return [_of_group(group, known, texts, domain) for group in groups]


def _of_group(group: Group, known: pd.DataFrame, texts: pd.Series, domain: DecisionDomain) -> Candidate:
    some = known.iloc[list(group.rows)]
    right = (some["final_action"] == some["right_action"]).to_numpy(dtype=bool)
    support = {
        "overrides": len(some), "of": len(known), "people": int(some["manager"].nunique()), "resolved": len(some),
        "right": int(right.sum()), "term": group.term, "words": list(group.words), "z": group.z,
    }  # fmt: skip
    with_it = f" (with “{'”, “'.join(group.words)}”)" if group.words else ""
    sentence = (
        f"{people(support['people'], domain)} wrote “{group.term}”{with_it} in {len(some):,} of {len(known):,} "
        f"overrides that gave a rationale; {_proved(support)}. No factor of the card says it."
    )
    written = texts.iloc[list(group.rows)][right].drop_duplicates().tail(EXAMPLES)
    label = group.term.capitalize()
    return Candidate(
        Collect(field_name(label, domain), label), sentence, support, group.p, tuple(map(excerpt, written))
    )


def _of_exceptions(one: Pattern, domain: DecisionDomain) -> Candidate:
    rule = in_words(one.when, domain)
    sentence = (
        f"Where {rule}, {people(one.people, domain)} decided “{domain.label(one.action)}” as a policy exception in "
        f"{one.exceptions:,} of the {one.cases:,} {domain.terms.many} for which the model suggested otherwise; these "
        f"are {one.exceptions:,} of all {one.all_exceptions:,} such exceptions."
    )
    support = {"overrides": one.exceptions, "of": one.cases, "people": one.people, "all": one.all_exceptions}
    return Candidate(Rule(one.when, one.action, "Exceptions made again and again"), sentence, support, one.p)


def people(count: int, domain: DecisionDomain) -> str:
    """'1 buyer', '5 buyers': the domain's own word for who decides."""
    return f"{count:,} {domain.terms.manager}{'' if count == 1 else 's'}"


def _proved(support: dict[str, Any]) -> str:
    if not support["resolved"]:
        return "none of them has an outcome yet"
    return f"{support['right']:,} of the {support['resolved']:,} with an outcome proved right"


def excerpt(text: str) -> str:
    """A rationale on one line, cut where a card has no more room."""
    line = " ".join(text[: 4 * EXCERPT].split())
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1].rstrip() + "…"


def field_name(label: str, domain: DecisionDomain) -> str:
    """A name that a domain file takes and that no feature or column has yet.

    >>> from rhml.core.domain import parse_domain
    >>> loans = parse_domain("loans", 'title = "L"\\n[actions]\\na = "A"\\nb = "B"\\n[features.visit]\\n')
    >>> field_name("Supplier visit", loans), field_name("Visit", loans), field_name("Order", loans)
    ('supplier_visit', 'visit_2', 'its_order')
    """
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:50]
    name = name if NAME.fullmatch(name) else f"field_{name}".rstrip("_")
    name = f"its_{name}" if is_reserved(name) or name in DECISION_COLUMNS else name
    taken = {f.name for f in domain.features} | {f.column for f in domain.features} | {
        domain.case_id, domain.received_at, domain.due_at,
        *((domain.outcome.column, domain.outcome.known_at) if domain.outcome else ()),
    }  # fmt: skip
    numbered = (name if n == 1 else f"{name}_{n}" for n in range(1, 10_000))
    return next(one for one in numbered if one not in taken)
