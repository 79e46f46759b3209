"""Lessons on the pages: one's own on My learning, the team's on Team, with what becomes of each."""

from __future__ import annotations

import streamlit as st

from rhml.errors import LessonRefused
from rhml.human.lessons.wording import counted
from rhml.loop import lessons as mining
from rhml.loop.teach_lesson import may_see, teach
from rhml.stats.measure import Measure
from rhml.stats.rules.rule import Rule
from rhml.store import lessons as kept
from rhml.store import studies
from rhml.store.lessons import StoredLesson
from rhml.ui import measured, resources, watched, words
from rhml.ui.shell import Here, staying_in

LINKS = 12
HOW = """
Rules are drawn on earlier decisions and asked of **later** ones; what you read counts the later ones alone.
**Ahead** is by how many points one of the two was right more often there, with its 95 % interval, and elsewhere for
comparison. All rules asked about are held to account together, so that at most one lesson in ten is chance. The bank's
cases are left out. Where the two calls are the same, neither is ahead.
"""
STATES = {
    "proposed": "waits for an answer",
    "not yet": "not yet: later cases are asked first",
    "teach the team": "taught to the team",
    "teach the model": "taught to the next version",
    "to own drills": "in your drills",
    "refuted": "not borne out by later cases",
    "withdrawn": "withdrawn",
}
OWN_ACTS = {"to own drills": "To my drills", "not yet": "Not yet", "withdrawn": "Withdraw"}
TEAM_ACTS = {
    "teach the team": "Teach the team",
    "teach the model": "Teach the model",
    "not yet": "Not yet",
    "withdrawn": "Withdraw",
}
ICONS = {
    "teach the team": ":material/groups:",
    "teach the model": ":material/model_training:",
    "to own drills": ":material/exercise:",
    "not yet": ":material/hourglass_empty:",
    "withdrawn": ":material/close:",
}


def mine(here: Here) -> None:
    """The view *Lessons* of My learning: where this person and the model differ for good; nobody else sees it."""
    _told()
    held = [x for x in kept.held(here.store, here.domain) if may_see(x, here.person)]
    own = [x for x in held if x.manager is not None]
    if not own:
        _nothing(here, "yours")
    for lesson in _in_order(own):
        _card(here, lesson, OWN_ACTS)
    if own:
        st.caption("Only you see these.")
        measured.how(HOW, key="own_lessons")
    taught = [x for x in held if x.manager is None and x.state == "teach the team"]
    if taught:
        st.subheader("The team's")
        for lesson in taught:
            _card(here, lesson, {})


def team(here: Here) -> None:
    """The view *Lessons* of the Team page: the team's lessons both ways; a lead says what becomes of them."""
    _told()
    held = [x for x in kept.held(here.store, here.domain) if x.manager is None]
    busy = watched.job(here, mining.KIND, domain=here.domain.name)
    if here.leads and mining.due(here.store, here.domain):
        _look(here, busy)
    if not held and not busy:
        _nothing(here, "the team's")
    for lesson in _in_order(held):
        _card(here, lesson, TEAM_ACTS if here.leads else {})
    if held:
        measured.how(HOW, key="team_lessons")


def _look(here: Here, busy: bool) -> None:
    if st.button("Look for lessons", key="look_for_lessons", icon=":material/search:", disabled=busy):
        resources.ask_for(mining.KIND, domain=here.domain.name, by=here.person)
        st.rerun()


def _told() -> None:
    """What came of the answer just given, once."""
    if said := st.session_state.pop("lesson_told", None):
        st.success(words.plain(said), icon=":material/check_circle:")


def _in_order(lessons: list[StoredLesson]) -> list[StoredLesson]:
    """Those that wait for an answer first, those laid aside last; the newest first among equals."""
    last = ("refuted", "withdrawn")
    return sorted(reversed(lessons), key=lambda x: (x.state in last, x.state != "proposed"))


def _nothing(here: Here, whose: str) -> None:
    """Why there is no lesson, and what comes next."""
    if here.domain.outcome is None:
        st.info("This domain has no outcomes, so who was right cannot be known, and no lesson can be found.")
        return
    newest = studies.newest(here.store, here.domain.name, mining.KIND)
    if newest is None:
        st.info(
            f"No lesson has been looked for yet. It takes {mining.mining.FEWEST} judged decisions; the first look "
            "follows the outcomes by itself."
        )
        return
    seen = newest.content
    more = max(mining.AGAIN, round(0.2 * seen["judged"]))
    st.info(
        f"No lesson is {whose} so far. The last look ({words.day(newest.made_at)}) drew on "
        f"{words.number(seen['judged'])} judged decisions and asked {words.number(seen['asked'])} rules of later "
        f"ones. The next follows by itself after about {words.number(more)} more outcomes."
    )


def _card(here: Here, lesson: StoredLesson, acts: dict[str, str]) -> None:
    """One lesson: the sentence, what stands behind it, its cases, and what becomes of it."""
    with st.container(border=True, key=f"lesson_{lesson.lesson_id}"):
        st.markdown(_sentence(here, lesson))
        st.markdown(f":small[{_standing(lesson)}]")
        newest = lesson.last("confirmed", "refuted")
        st.markdown(f"{_ahead(lesson, lesson.evidence['later'])}")
        if newest and newest.evidence:
            word = (
                "Later cases bear it out" if newest.kind == "confirmed" else "Later cases do not bear it out"
            )
            st.markdown(f"{word}: {_ahead(lesson, newest.evidence['later'])}")
        st.caption(counted(lesson.evidence["unaided"], lesson.evidence["covered"]))
        _cases(here, lesson)
        if acts and lesson.state != "withdrawn":
            _answer(here, lesson, acts)


def _sentence(here: Here, lesson: StoredLesson) -> str:
    """The sentence with its conditions set off."""
    said = words.plain(lesson.sentence)
    for part in Rule.of(lesson.content).parts(here.domain):
        said = said.replace(words.plain(part), f"**{words.plain(part)}**", 1)
    return said


def _standing(lesson: StoredLesson) -> str:
    """Who learns, what became of it, since when and why."""
    people = "You learn" if lesson.manager is not None else "People learn"
    learner = people if lesson.learner == "people" else "The model learns"
    parts = [learner, STATES[lesson.state]]
    done = lesson.last(lesson.state)
    if lesson.starts_at is not None and lesson.state == "teach the team":
        parts[-1] += f" from {words.day(lesson.starts_at)}"
    if done and done.why:
        parts.append(f"“{words.plain(done.why)}” ({words.plain(done.by)}, {words.day(done.at)})")
    return " · ".join([*parts, f"found {words.day(lesson.found_at)}"])


def _ahead(lesson: StoredLesson, found: dict) -> str:
    """By how many points the one was ahead of the other there, and elsewhere."""
    sign = 1 if lesson.learner == "people" else -1
    value, half = sign * found["inside"], 1.96 * found["error"]
    lead = Measure.of(value, max(value - half, -1.0), min(value + half, 1.0), found["n"])
    who = "The model" if sign > 0 else "You" if lesson.manager is not None else "People"
    verb = "were" if who == "You" or who == "People" else "was"
    return f"{who} {verb} ahead by {measured.difference(lead)}; elsewhere: {words.points(sign * found['outside'])}."


def _cases(here: Here, lesson: StoredLesson) -> None:
    """The newest cases in which the one was right and the other wrong."""
    ids = lesson.evidence["cases"][:LINKS]
    if not ids:
        return
    section = st.expander(
        words.own("The cases behind it"), key=f"cases_{lesson.lesson_id}", on_change="rerun"
    )
    if section.open:
        with section, st.container(horizontal=True, gap="small"):
            for case_id in ids:
                st.page_link(
                    "pages/decide.py", label=words.plain(str(case_id)),
                    query_params={"case": case_id, **staying_in(here.domain)},
                )  # fmt: skip


def _answer(here: Here, lesson: StoredLesson, acts: dict[str, str]) -> None:
    """The buttons; the team's lessons want a reason, one's own may have one."""
    key, why = lesson.lesson_id, ""
    if lesson.manager is None:
        why = st.text_input(
            "Why", key=f"why_{key}", max_chars=500, placeholder="Stays beside the lesson for good"
        )
    pressed = None
    with st.container(horizontal=True, gap="small"):
        for verb, label in acts.items():
            fits = verb != lesson.state and (verb != "teach the model" or lesson.learner == "model")
            if fits and st.button(label, key=f"{verb.replace(' ', '_')}_{key}", icon=ICONS[verb]):
                pressed = verb
    if pressed:
        try:
            done = teach(here.store, here.domain, key, pressed, by=here.person, why=why, at=here.now)
        except LessonRefused as refused:
            st.error(words.plain(str(refused)))
            return
        st.session_state["lesson_told"] = f"The lesson is {STATES[done.state]}."
        st.rerun()
