"""Before a drill: what it would hold, said in advance, and what was practised; nothing here urges anybody."""

from __future__ import annotations

import streamlit as st

from rhml.loop.drill_record import Standing
from rhml.ui import measured, practising, words
from rhml.ui.keys import button
from rhml.ui.shell import Here


def draw(here: Here, found: Standing) -> None:
    """What waits, how long it takes, one button; or why there is nothing to practise on."""
    many = words.plain(here.domain.terms.many)
    if not found.size:
        practising.none_yet(here, f"Five minutes on past {many} belong here.", found.why)
        return
    st.markdown(
        f"**{words.number(found.size)} past {many}, about {_minutes(found.minutes)}.** One at a time: the facts, "
        "your call, then at once what proved right and why. You can stop at any time and go on later."
    )
    button(
        "Begin", "drill_begin", here.domain.name, shortcut="B", type="primary", icon=":material/play_arrow:"
    )
    st.markdown("\n".join(_waits(found)))
    _so_far(here, found)
    _how(many)


def _minutes(count: int) -> str:
    return "1 minute" if count == 1 else f"{words.number(count)} minutes"


def _waits(found: Standing) -> list[str]:
    """What a session would be drawn from."""
    said = []
    if found.due:
        said.append(f"{words.number(len(found.due))} due again, as far as one session holds them")
    if found.disputes:
        what = "call of yours that differed" if found.disputes == 1 else "calls of yours that differed"
        said.append(f"{words.number(found.disputes)} {what} from the model's or from the outcome")
    if found.lessons:
        said.append(
            f"{'1 lesson' if len(found.lessons) == 1 else f'{len(found.lessons)} lessons'} being taught: "
            + "; ".join(words.plain(rule) for rule in found.lessons.values())
        )
    said.append(words.own("plain cases between them, so that no rule of thumb does well"))
    return [f"- {one[0].upper()}{one[1:]}" for one in said]


def _so_far(here: Here, found: Standing) -> None:
    """What was practised, and what comes back when."""
    if not found.sessions:
        return
    st.header("So far", anchor=False)
    when = "1 session" if found.sessions == 1 else f"{words.number(found.sessions)} sessions"
    share = words.plain(measured.share(found.practised))
    st.markdown(f"{when}. {f'Right in practice: {share}.' if found.practised.known else share}")
    back = [f"{words.number(count)} {when}" for when, count in found.later.items() if count]
    if back:
        st.markdown(f"Comes back: {', '.join(back)}.")


def _how(many: str) -> None:
    measured.how(
        f"Practice draws past {many} whose outcome is known. They are chosen, not a sample: disputes and lessons come "
        "more often, and every kind of outcome comes about equally often. So the share right here says nothing about "
        "daily work, and no call made here counts as a decision or as a call of your own.  \n\n"
        "Cases are picked so that about **78 in 100** calls should be right: what the model gave the outcome before "
        "it was known, what people called on the case on their own, and your own calls so far say how hard it is for "
        "you.  \n\n"
        "A dispute or a lesson **comes back** when the chance that you still have it has fallen to 8 in 10 (FSRS). "
        "Wrong: soon. Right but a toss-up: a little later. Right: later. Right at 9 in 10 or more: much later.",
        key="drills",
    )
