"""The guided form: a drafted domain in questions, each with what was guessed, and no TOML to be typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from rhml.intake.drafting.draft import Roles
from rhml.intake.drafting.mapping import Reading
from rhml.intake.drafting.planning import Plan, question
from rhml.ui import words

NONE = "— none —"
NOTHING = "nothing is known yet"


def roles(key: str, guessed: Roles, choices: dict[str, list[str]]) -> Roles:
    """Which column says how it ended, which what was decided, and which names the case; confirmed or changed."""
    left, right = st.columns(2)
    outcome = _pick(left, "Which column says how it ended?", choices["answers"], guessed.outcome, f"outcome_{key}",
                    "What proved right in the end: repaid, late, spam … Without one the model learns what people decide.")  # fmt: skip
    decided = _pick(right, "Which column says what was decided?", choices["answers"], guessed.decided, f"decided_{key}",
                    "A person's decision in the past: approved, rejected … It comes in as earlier decisions.")  # fmt: skip
    first, second, third = st.columns(3)
    names = _pick(first, "Which column names the case?", choices["names"], guessed.case_id, f"case_id_{key}",
                  "A different value in each row. With none, each row gets a name made of what it says.")  # fmt: skip
    arrived = _pick(second, "When did it arrive?", choices["dates"], guessed.received_at, f"received_{key}",
                    "Old ones wait on top.")  # fmt: skip
    due = _pick(third, "Until when must it be decided?", choices["dates"], guessed.due_at, f"due_{key}", None)
    return Roles(names, arrived, due if due != arrived else "", outcome, decided)


def _pick(place, asked: str, headings: list[str], guessed: str, key: str, told: str | None) -> str:
    options = ["", *headings]
    if st.session_state.get(key) not in (None, *options):
        del st.session_state[key]
    return place.selectbox(
        asked, options, index=options.index(guessed) if guessed in options else 0, key=key, help=told,
        format_func=lambda heading: heading[:60] or NONE,
    )  # fmt: skip


def wording(plan: Plan, key: str) -> Plan:
    """The words of the domain: its name on every page, what a case and who decides are called."""
    first, second, third = st.columns(3)
    title = first.text_input("Decisions about", plan.title, key=f"title_{key}", max_chars=80)
    case = second.text_input("One case is called", plan.case, key=f"case_{key}", max_chars=40)
    manager = third.text_input("Who decides is called", plan.manager, key=f"manager_{key}", max_chars=40)
    case = case.strip() or plan.case
    cases = plan.cases if case == plan.case else f"{case}s"
    return replace(
        plan, title=title.strip() or plan.title, case=case, cases=cases, manager=manager.strip() or plan.manager,
        question=question(plan.actions, case),
    )  # fmt: skip


def stake(plan: Plan, key: str) -> Plan:
    """The number that is at stake in a case, and its unit."""
    numbers = {c.name: c.heading for c in plan.sketch.features if c.kind == "number"}
    left, right = st.columns([2, 1])
    options = ["", *numbers]
    value = left.selectbox(
        "What is at stake in a case?", options, index=options.index(plan.value) if plan.value in options else 0,
        key=f"value_{key}", format_func=lambda name: numbers.get(name, NONE)[:60],
        help="An amount: large ones can wait on top, and mistakes are weighed by it.",
    )  # fmt: skip
    unit = right.text_input(
        "Its unit", plan.unit, key=f"unit_{key}", max_chars=20, placeholder="€", disabled=not value
    )
    return replace(plan, value=value, unit=unit.strip())


def answers(plan: Plan, key: str) -> Plan:
    """What stands on the buttons, and which word of the table means which action."""
    st.markdown("**What can be decided, and what the table's words mean**")
    places = st.columns(max(len(plan.actions), 2))
    labels = {
        action: place.text_input(
            "Button" if at else "Button, where it ends well", label, key=f"label_{key}_{action}", max_chars=60
        ).strip()
        or label
        for at, (place, (action, label)) in enumerate(zip(places, plan.actions, strict=False))
    }
    plan = replace(plan, actions=tuple((action, labels[action]) for action, _ in plan.actions))
    outcome = _meaning(plan.outcome, labels, f"{key}_outcome", "proves right") if plan.outcome else None
    decided = _meaning(plan.decided, labels, f"{key}_decided", "was decided") if plan.decided else None
    plan = replace(plan, outcome=outcome, decided=decided, question=question(plan.actions, plan.case))
    used = {action for one in (outcome, decided) if one for action in one.used}
    if (outcome or decided) and len(used) < 2:
        st.warning("All words mean the same action. Give at least one of them another meaning.")
    return plan


def _meaning(reading: Reading, labels: dict[str, str], key: str, ended: str) -> Reading:
    heading = words.plain(reading.answer.heading[:60])
    if reading.unsure:
        st.caption(f":material/help: What **{heading}** means was guessed. Please look.")
    if reading.cut is not None:
        return _from_number(reading, labels, key, heading, ended)
    counts = dict(reading.answer.words)
    columns = st.columns(min(len(reading.means), 4) or 1)
    for at, (word, action) in enumerate(reading.means):
        options = [*labels, ""]
        chosen = columns[at % len(columns)].selectbox(
            f"{words.plain(reading.answer.heading[:30])} = {words.plain(word[:40])} ({words.number(counts[word])})",
            options, index=options.index(action) if action in options else len(options) - 1, key=f"means_{key}_{word}",
            format_func=_spoken(labels, ended),
        )  # fmt: skip
        if chosen != action:
            reading = reading.meaning(word, chosen)
    return reading


def _spoken(labels: dict[str, str], ended: str) -> Callable[[str], str]:
    return lambda action: f"“{labels[action]}” {ended}" if action else NOTHING


def _from_number(reading: Reading, labels: dict[str, str], key: str, heading: str, ended: str) -> Reading:
    left, right = st.columns(2)
    cut = left.number_input(
        f"{heading}: from which number on?", value=float(reading.cut), key=f"cut_{key}",
        help=f"The column goes from {reading.answer.low:g} to {reading.answer.high:g}.",
    )  # fmt: skip
    yes = right.selectbox("… that or more means", list(labels), index=list(labels).index(reading.yes), key=f"yes_{key}",
                          format_func=_spoken(labels, ended))  # fmt: skip
    return replace(reading, cut=float(cut), yes=yes, actions=tuple(labels.items()))
