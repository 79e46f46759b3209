"""One person's record as a lead may see it: who can be looked at, for what reason, and the findings."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.human.strengths import Skill
from rhml.loop import look, privacy
from rhml.loop.look import Record
from rhml.stats.measure import Measure
from rhml.ui import charts, filters, honesty, measured, words
from rhml.ui.shell import Here

RULE = (
    "Everyone sees their own numbers on *My learning*. A lead may look at one person's record, with a reason; "
    "that person sees who looked, when and why."
)


def draw(here: Here) -> None:
    """The rule, and for a lead whose record can be shown: one person at a time, never a table of people."""
    st.markdown(RULE)
    if not here.leads:
        st.info("Only a lead may look at another person's record. Yours is on My learning.")
        st.page_link("pages/my_learning.py", label="My learning", icon=":material/school:")
        return
    found = privacy.people(here.store, here.domain, by=here.person)
    allowed = [person.name for person in found if not person.why_not]
    if allowed:
        _one(here, allowed)
    elif not found:
        st.info("Nobody else has decided anything here yet, so there is no record to look at.")
    _not_shown(found)


def _one(here: Here, allowed: list[str]) -> None:
    """Choose a person, say why, and see the record while the look is open."""
    person = st.selectbox("Person", allowed, index=None, key="of", placeholder="Choose one person", width=320)
    if person is None:
        return
    if not look.is_open(here.store, here.domain, person, by=here.person, at=here.now):
        _ask_why(here, person)
        return
    _show(look.look(here.store, here.domain, person, by=here.person, at=here.now), here.domain)


def _ask_why(here: Here, person: str) -> None:
    with st.form("why_look", border=True, width=640):
        why = st.text_input(
            "Why do you look?", key="why_look_text", max_chars=look.LONGEST, placeholder="yearly talk"
        )
        st.caption(f"{words.plain(person)} will see this. An hour later a new look needs a reason again.")
        if st.form_submit_button("Look at the record", icon=":material/visibility:", type="primary"):
            look.look(here.store, here.domain, person, by=here.person, why=why, at=here.now)
            st.rerun()


def _not_shown(found: tuple[privacy.Person, ...]) -> None:
    """Everyone whose record stays closed, and why: without a number of theirs."""
    hidden = [person for person in found if person.why_not]
    if not hidden:
        return
    if len(hidden) == len(found) and len({person.why_not for person in hidden}) == 1:
        st.info(words.told(hidden[0].why_not))
        return
    with st.expander(f"{words.number(len(hidden))} not shown, and why"):
        st.markdown("\n".join(f"- {words.told(person.why_not)}" for person in hidden))


def _show(found: Record, domain: DecisionDomain) -> None:
    st.header(words.plain(found.person), anchor=False)
    st.caption(
        f"{words.number(found.decided)} decisions. Cases kept aside to judge models are left out below, as they are "
        "on the person's own page."
    )
    _shares(found)
    _honesty(found)
    _ground(found, domain)


def _shares(found: Record) -> None:
    rows = [
        ("Final decisions right", found.right),
        ("Own calls right, before seeing the model", found.duel.mine_alone),
    ]
    if found.duel.mine.n != found.duel.mine_alone.n:
        rows.append(("Own calls right, where the model can be compared", found.duel.mine))
    rows.append((words.own("The model, same cases"), found.duel.model))
    gap = measured.difference(found.duel.difference)
    table = pd.DataFrame(
        [(what, measured.share(share)) for what, share in rows] + [("Own calls − the model", gap)],
        columns=["What", "How often (95 % interval; decisions)"],
    )
    measured.table_of(table, alt="Shares right: final decisions, own calls and the model's")
    measured.how(
        "An *own call* was made before anything of the model was on the card. People have different cases, so these "
        "numbers are no measure of one person against another. Where the interval of a difference includes 0, chance alone "
        "may explain it.",
        key="record_shares",
    )


def _honesty(found: Record) -> None:
    """Said against came true: the person's and the model's, on the same person's cases."""
    st.subheader("When they say 8 in 10", anchor=False)
    sides = {"human": found.own, "model": found.model}
    spoken = any(band.spoken for band in found.own.bands)
    drawn = honesty.figure(sides, {who: _side(who, found.person) for who in sides}) if spoken else None
    if drawn is None:
        st.info(words.told(_about_them(found.own.why) or "Too few calls say how sure somebody was."))
        return
    charts.draw(drawn, key="record_calibration", alt="What was said against how often it came true")
    table = pd.DataFrame(
        [(_side(who, found.person), words.percent(band.said), measured.share(_came_true(band)))
         for who, side in sides.items() for band in side.bands if band.spoken],
        columns=["Who", "Said", "Came true"],
    )  # fmt: skip
    measured.how("On the dashed line, what was said is what came true: above it somebody was too modest, below it too "
                 "sure. Bands with fewer than 20 calls are left out.", key="record_said", table=table)  # fmt: skip


def _came_true(band) -> Measure:
    return Measure(band.came_true, band.low, band.high, band.n)


def _side(who: str, person: str) -> str:
    return person if who == "human" else "The model"


def _about_them(why: str) -> str:
    """A reason that speaks to the person, turned into one about them."""
    return why.replace("your calls", "their calls").replace("your cases", "their cases")


def _ground(found: Record, domain: DecisionDomain) -> None:
    st.subheader("Strongest and weakest ground", anchor=False)
    best, worst = found.strengths.strongest, found.strengths.weakest
    if best is None or worst is None:
        st.info(words.told(_about_them(found.strengths.why)))
        return
    for what, skill in (("Strongest", best), ("Weakest", worst)):
        beyond = "more than chance explains" if skill.beyond_chance else "chance alone may explain it"
        st.markdown(
            f"- {what}: **{_segment(domain, skill)}**, {measured.share(skill.right)} right; {beyond}."
        )
    measured.how(
        f"Share of their decisions that proved right, of the {found.strengths.compared} segments with at least 20 of "
        "them; each was compared with all the others of the same person, and the comparisons were counted.",
        key="record_ground",
    )


def _segment(domain: DecisionDomain, skill: Skill) -> str:
    return words.plain(f"{filters.label(domain, skill.column)}: {skill.segment}")
