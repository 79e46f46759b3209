"""Before a course: what it is, how long it takes, what a course of this size can show, and one button."""

from __future__ import annotations

import streamlit as st

from rhml.human.course.gain import findable
from rhml.loop import course_plan
from rhml.loop.course_plan import Offer
from rhml.loop.course_record import Course
from rhml.ui import measured, practising, words
from rhml.ui.keys import button
from rhml.ui.shell import Here

MINUTES = 0.5
"""A case takes about half a minute."""


def draw(here: Here, last: Course | None) -> None:
    """The way to begin a course, or why there can be none; below the result of the last one."""
    able = course_plan.offer(here.store, here.domain, here.person)
    if last:
        st.header("Another course", anchor=False)
    many = words.plain(here.domain.terms.many)
    if not able.largest:
        practising.none_yet(here, f"A course on past {many} belongs here.", able.why)
        return
    st.markdown(
        f"**A test, practice, and a second test as hard as the first**, on past {many} you have neither decided nor "
        "practised on. At the end: by how much you improved, with its uncertainty. You can stop and go on at any time."
    )
    sizes = [size for size in course_plan.SIZES if size <= able.largest] or [able.largest]
    size = st.segmented_control(
        f"{many.capitalize()} in each test", sizes, key="course_size", required=True,
        default=course_plan.USUAL if course_plan.USUAL in sizes else sizes[-1],
    )  # fmt: skip
    between = course_plan.between(size, able.cases)
    st.caption(
        f"{words.number(2 * size + between)} {many} in all, {words.number(between)} of them practice: "
        f"{_minutes(2 * size + between)}. {_shows(size)}"
    )
    button(
        "Begin the course",
        "course_begin",
        here.domain.name,
        shortcut="B",
        type="primary",
        icon=":material/play_arrow:",
    )
    _how(many, able)


def _minutes(cases: int) -> str:
    """How long so many cases take; a quick reader needs a third of the time."""
    usual = cases * MINUTES
    return (
        f"about {words.number(usual)} minutes" if usual >= 10 else f"{words.number(usual / 3)} to {words.number(usual)} minutes"
    )  # fmt: skip


def _shows(size: int) -> str:
    """What tests of a size can find; nothing where they are too small to say anything."""
    if size < course_plan.SPEAKS:
        return (
            f"**A short look**: tests of {words.number(size)} are too few to say by how much you improved. They show how a "
            "course goes, and practice teaches all the same."
        )
    return (
        f"Tests of {words.number(size)} find a gain of {words.number(100 * findable(size))} points four times in five; "
        "larger tests find smaller gains."
    )


def _how(many: str, able: Offer) -> None:
    left = f"{words.number(able.cases)} past {many} are left for you"
    used = f"; {words.number(able.used)} were in your courses before" if able.used else ""
    measured.how(
        "The two tests are drawn as **matched pairs**: the same action proved right, the same segment, as hard as each "
        "other by what other people called and what the model gave the outcome. A coin says which of a pair comes "
        "first, so nobody can make the second test the easier one.  \n\n"
        "**Practice** takes up the lessons that are being taught and what the first test got wrong, with plain ones "
        "between. It shows each outcome at once; the tests show none before both are done.  \n\n"
        f"No answer counts as a decision. What a course has asked is not asked again: {left}{used}.",
        key="course",
    )
