"""Pieces that the cards share: what a person must add, tables of shares, and what a card says of itself."""

from __future__ import annotations

from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.printed.blocks import Block, Pairs, Paragraph, Section, Table
from rhml.printed.measured import of, share
from rhml.printed.numbers import number

VERDICTS = {"first": "first model", "keep": "keep the champion"}
HOW = (
    "Shares stand with their 95 % interval (Wilson, at the count of independent decisions they are worth: those on one case go "
    "together) and their count. They hold for these "
    "people and these cases; below 20 cases no share is given."
)


def what_matters(held: dict[str, Any]) -> str:
    """What matters now, and what it moved so far."""
    if not held["stated"]:
        return "no intent was ever stated: the likeliest action is recommended"
    now = (
        f"{' '.join(held['in_force'])} Since {moment(held['since'])}: {held['why']}"
        if held["in_force"]
        else "no intent is in force: the likeliest action is recommended."
    )
    return (
        f"{now} {number(held['stated'])} stated so far; {number(held['moved'])} decisions had a recommendation that one "
        f"moved, and {number(held['followed'])} of them followed it."
    )


def by_a_person(held: dict[str, str], key: str) -> str:
    """What a person has added to the domain file, or that it is missing: no log can know it."""
    return held[key].strip() or f"To be added by a person: no log knows it ([card] {key} in the domain file)."


def shares(caption: str, rows: list[dict[str, Any]], domain: DecisionDomain, name: str) -> Block:
    """Recommendations and final decisions right, overrides, by name; a sentence where there is none."""
    if not rows:
        return Paragraph(f"{caption}: no decisions so far.")
    told = [
        (_named(one["name"]), number(one["decisions"]), *right(one, domain), share(of(one["override_rate"])))
        for one in rows
    ]
    columns = ("Recommendation right", "Final decision right") if domain.outcome else ()
    return Table(caption, (name, "Decisions", *columns, "Overridden"), tuple(told))


def right(one: dict[str, Any], domain: DecisionDomain) -> tuple[str, ...]:
    """How often recommendation and final decision were right, as two cells; none where right cannot be known."""
    if domain.outcome is None:
        return ()
    if not one["judged"]:
        return ("cannot be known" if domain.selective else "no outcomes yet",) * 2
    return (share(of(one["model_right"])), share(of(one["final_right"])))


def _named(name: str) -> str:
    return {"true": "bank", "false": "others", "all": "all"}.get(name, name)


def moment(text: str | None) -> str:
    """An ISO time as print has it.

    >>> moment("2026-01-02T03:04:05"), moment(None)
    ('2026-01-02 03:04 UTC', 'now')
    """
    return f"{text[:10]} {text[11:16]} UTC" if text else "now"


def itself(about: dict[str, Any], *more: str) -> Section:
    """When the card was made, by what, and of which state of the log."""
    pairs = (
        ("Made", moment(about["made"])),
        ("Product", about["product"]),
        ("Domain file", f"version {about['domain_file']['version']}, hash {about['domain_file']['hash']}"),
        ("Log", f"up to fact {number(about['fact'])}"),
        ("Head of the chain", about["chain_head"] or "nothing is sealed yet"),
    )
    return Section(
        "About this card",
        (Pairs(pairs), Paragraph(HOW, small=True), *(Paragraph(m, small=True) for m in more)),
    )


def spells(register: dict[str, Any]) -> Block:
    """When a version was live, by whose word, against which verdict."""
    if not register["spells"]:
        return Paragraph(f"{register['version']} was never live.")
    rows = tuple(
        (moment(one["live_from"]), moment(one["live_to"]), one["promoted_by"],
         VERDICTS.get(one["verdict"], one["verdict"]) + (", promoted against it" if one["against_verdict"] else ""), one["why"], one["waived"] or "none")
        for one in register["spells"]
    )  # fmt: skip
    return Table(
        "When it was live", ("From", "To", "Promoted by", "Verdict then", "Why", "Tests waived"), rows
    )
