"""The quiet end of a drill: what was right and what was learned, what comes back when, and no claim beyond that."""

from __future__ import annotations

import streamlit as st

from rhml.loop.drill_record import Summary
from rhml.loop.drill_told import Missed
from rhml.store.drills import Drill
from rhml.ui import measured, words
from rhml.ui.drill_outcome import factor_words
from rhml.ui.keys import button
from rhml.ui.shell import Here


def draw(here: Here, drill: Drill, found: Summary, missed: list[Missed]) -> None:
    """A quiet end: what was right, what was learned, what comes back when."""
    st.header(f"{words.number(found.right)} of {words.number(found.asked)} right", anchor=False)
    st.markdown("  \n".join(_parts(found)))
    _to_keep(here, missed)
    button("Done", "drill_done", here.domain.name, drill.drill_id, shortcut="N", type="primary")
    measured.how(
        "One session is too few to say how good somebody is, and its cases were chosen. What counts is whether the "
        "same lesson goes better when it comes back, and your own calls in daily work: see *My learning*.",
        key="drill_summary",
    )


def _to_keep(here: Here, missed: list[Missed]) -> None:
    """For each case that was missed, what spoke for its outcome."""
    if not missed:
        return
    st.markdown("**Missed, and what spoke for the outcome**")
    st.markdown("\n".join(f"- {_kept(here, one)}" for one in missed))


def _kept(here: Here, one: Missed) -> str:
    right, called = (words.plain(here.domain.label(a)) for a in (one.answer.right_action, one.answer.action))
    said = f"**{right}**, not {called}"
    return f"{said}: {factor_words(here.domain, one.factor, one.facts)}" if one.factor else said


SOURCES = {"dispute": "Disputes", "lesson": "Lessons", "plain": "Plain cases"}


def _parts(found: Summary) -> list[str]:
    said = [
        f"{words.own(SOURCES[source])}: {words.number(right)} of {words.number(asked)}"
        for source, (right, asked) in found.by_source.items()
        if asked
    ]
    lines = [f"{' · '.join(said)}. Too few to say more."]
    lines += [
        f":material/menu_book: *{words.plain(rule)}*: {words.number(right)} of {words.number(asked)}"
        for rule, right, asked in found.lessons.values()
    ]
    if found.said.known:
        lines.append(_honest(found))
    back = [f"{words.number(n)} on {words.plain(words.day(day))}" for day, n in found.back]
    lines.append(f"Comes back: {', '.join(back)}." if back else "Nothing of it comes back.")
    if found.stopped:
        lines.append("You ended it early; what you answered counts.")
    if found.left_out:
        lines.append(f"{words.number(found.left_out)} left out: no longer fit to practise on.")
    return lines


def _honest(found: Summary) -> str:
    """Whether the confidence said in practice was borne out, over all sessions."""
    gap, low, high = (words.points(x) for x in (found.said.value, found.said.low, found.said.high))
    beyond = found.said.low > 0 or found.said.high < 0
    way = "surer than right" if found.said.value > 0 else "more modest than right"
    told = f"On average you were {way}" if beyond else "Your confidence fits how often you were right"
    return f"{told}, over {words.number(found.said.n)} practice calls ({gap} points, {low} to {high})."
