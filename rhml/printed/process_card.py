"""The card of a decision process in print: who decides how, what oversees it, and how far people rely on the model."""

from __future__ import annotations

from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.printed.answering import by_a_person, itself, moment, right, shares, what_matters
from rhml.printed.blocks import Block, Document, Pairs, Paragraph, Section, Table
from rhml.printed.measured import of, share
from rhml.printed.numbers import number, percent
from rhml.printed.oversight import oversight, stopping

MODES = {
    "assisted": "recommendation and reasons at once",
    "first_call": "own call first, from the facts alone",
    "evidence_only": "own call first, with what the factors speak for",
}


def document(card: dict[str, Any], domain: DecisionDomain) -> Document:
    """The whole card; parts without facts say so."""
    sections = (
        _who(card, domain), _modes(card, domain), _overrides(card, domain), oversight(card, domain), _reliance(card, domain),
        stopping(card), _retention(card), itself(card["about"], "Numbers are of the team as a whole: no person is named."),
    )  # fmt: skip
    return Document(card["about"]["title"], f"made {moment(card['about']['made'])}", sections)


def _who(card: dict[str, Any], domain: DecisionDomain) -> Section:
    held, roles = card["entered"], card["roles"]
    model = f"{card['live_version']} recommends" if card["live_version"] else "no model is live"
    pairs = (
        ("What is decided", domain.question or domain.title),
        ("Actions", ", ".join(action.label for action in domain.actions)),
        ("Who decides", f"a person, every time; {model}, and decides nothing"),
        ("Roles", ", ".join(f"{number(n)} {role}{'s' if n != 1 else ''}" for role, n in roles.items() if n) or "none so far"),
        ("Decisions", f"{number(held['made_here'])} made here, {number(held['imported'])} from an older log, by "
                      f"{number(held['people'])} people; {number(held['without_model'])} of those made here without a "
                      "recommendation"),
        ("What matters now", what_matters(card["intent"])),
        ("Outcomes", f"{number(held['outcomes'])} of {number(held['cases'])} {domain.terms.many}" if held["outcomes"]
                     else "no outcomes yet"),
        ("Owner", by_a_person(card["by_a_person"], "owner")),
        ("Who is affected", by_a_person(card["by_a_person"], "affected")),
        ("Legal basis", by_a_person(card["by_a_person"], "legal_basis")),
        ("Risk class", by_a_person(card["by_a_person"], "risk_class")),
    )  # fmt: skip
    return Section("1 Who decides", (Pairs(pairs),))


def _modes(card: dict[str, Any], domain: DecisionDomain) -> Section:
    rules, held = card["rules"]["modes"], card["entered"]
    declared = (("assisted", 1 - rules["first_call"] - rules["evidence_only"]), ("first_call", rules["first_call"]),
                ("evidence_only", rules["evidence_only"]))  # fmt: skip
    count = {one["name"]: one["decisions"] for one in card["by_mode"]}
    total = sum(count.values())
    rows = tuple(
        (
            MODES[mode],
            percent(asked),
            f"{number(count.get(mode, 0))}{f' ({percent(count.get(mode, 0) / total)})' if total else ''}",
        )
        for mode, asked in declared
    )
    said = (
        f"Which mode a {domain.terms.case} gets is drawn by a keyed lot when it arrives. {number(held['excused'])} decisions "
        "had an own call drawn that was not asked for, because the case was overdue."
    )
    by_mode = [one | {"name": MODES.get(one["name"], one["name"])} for one in card["by_mode"]]
    return Section("2 How it is decided", (
        Table("Modes", ("The card shows", "Declared share", "Decisions"), rows), Paragraph(said),
        shares("Right and overridden, by mode", by_mode, domain, "Mode"),
    ))  # fmt: skip


def _overrides(card: dict[str, Any], domain: DecisionDomain) -> Section:
    rules = card["rules"]["override"]
    limits = f"The domain asks for a look above {percent(rules['look_above'])} and for action above {percent(rules['act_above'])}."
    [whole] = card["whole"] or [None]
    blocks: list[Block] = [
        Paragraph(f"{limits} A high rate is not bad in itself: what overrides came to is what counts.")
    ]
    if whole is not None and whole["advised"]:
        blocks.append(Paragraph(
            f"{number(whole['overridden'])} of {number(whole['advised'])} recommendations were overridden: "
            f"{share(of(whole['override_rate']))}. {number(whole['rescued'])} rescued and {number(whole['spoiled'])} spoiled, of "
            "those that outcomes can judge."
        ))  # fmt: skip
    given = dict(card["reasons"])
    rows = tuple((reason, number(given.pop(reason, 0))) for reason in rules["reasons"])
    rows += tuple((f"{reason} (no longer offered)", number(n)) for reason, n in given.items())
    blocks.append(
        Table("Reasons offered for deciding differently; one must be given", ("Reason", "Given"), rows)
    )
    if told := [one for one in card["by_direction"] if one["overridden"]]:
        rows = tuple((one["name"], number(one["overridden"]), *right(one, domain)) for one in told)
        head = (
            ("Direction", "Overrides", "Recommendation right", "Decision right")
            if domain.outcome
            else ("Direction", "Overrides")
        )
        blocks.append(Table("Overrides by direction", head, rows))
    return Section("3 Overrides", tuple(blocks))


def _reliance(card: dict[str, Any], domain: DecisionDomain) -> Section:
    blocks: list[Block] = []
    rows = tuple(
        (MODES.get(mode, mode), number(n), *(number(s) for s in quartiles))
        for mode, n, *quartiles in card["seconds"]
    )
    if rows:
        blocks.append(Table("Seconds a card was open", ("Mode", "Decisions", "A quarter below", "Half below", "Three quarters below"),
                            rows))  # fmt: skip
    else:
        blocks.append(Paragraph("No time per decision is on record yet."))
    [whole] = card["whole"] or [None]
    if domain.outcome is None or whole is None or not whole["judged"]:
        blocks.append(
            Paragraph(f"{_unjudged(domain)}, so whether people rely on the model rightly cannot be told.")
        )
    else:
        blocks.append(Pairs((
            ("Own call right, before the model was seen", share(of(whole["own_call_right"]))),
            ("Recommendation right", share(of(whole["model_right"]))),
            ("Final decision right", share(of(whole["final_right"]))),
            ("Overrides that proved right, of those that can be judged", share(of(whole["overrides_right"]))),
        )))  # fmt: skip
    if card["alarms"] is None:
        blocks.append(Paragraph("Nobody has looked for automation bias or loss of skill so far."))
    else:
        blocks.append(Paragraph(f"Alarms as of {moment(card['alarms_at'])}:"))
        blocks += [Paragraph(f"{one['kind']}: {one['state']}. {one['sentence']}") for one in card["alarms"]]
    return Section("5 Reliance and automation bias", tuple(blocks))


def _unjudged(domain: DecisionDomain) -> str:
    return "No outcome is shown yet whatever was decided" if domain.selective else "No outcomes yet"


def _retention(card: dict[str, Any]) -> Section:
    held = card["rules"]["retention"]
    said = "; ".join(
        f"{name.replace('_', ' ')}: {value}"
        for name, value in (held or {}).items()
        if value not in (None, [], "")
    )
    kept = said or "The domain file declares no period; facts are kept until somebody erases."
    return Section("7 What is kept, and for how long", (
        Paragraph(kept),
        Paragraph("Facts are appended and sealed in a chain of hashes; what a person or a case is due to have erased is redacted, "
                  "and the chain stays verifiable."),
    ))  # fmt: skip
