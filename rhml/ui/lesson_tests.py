"""Lesson tests on the pages: offered after an override, and told to their authors when a version fails them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.loop import lesson_tests
from rhml.loop.lesson_tests import Followed, Similar
from rhml.ui import measured, veiled, words
from rhml.ui.keys import button
from rhml.ui.shell import Here, staying_in

STATES = {
    "passed": "follows it",
    "failed": "does not follow it yet",
    "void": "void: the outcome says otherwise",
    "contested": "contested: another manager wants something else, so it binds nobody",
    "not tried yet": "will be tried with the next verdict",
}
SHOWN = 5


def offer(here: Here, decision_id: str, case_id: str) -> None:
    """After an override: which of three similar cases should change too, and which must stay. Closed until asked."""
    done = st.session_state.get("lesson_kept")
    if done and done["decision"] == decision_id:
        st.markdown(f":material/check: {done['said']}")
        return
    section = st.expander(
        f"Should similar {words.plain(here.domain.terms.many)} change too?", key="lesson_offer", on_change="rerun",
        icon=":material/school:",
    )  # fmt: skip
    if section.open:
        with section:
            _choices(here, decision_id, case_id)


def _choices(here: Here, decision_id: str, case_id: str) -> None:
    found = _similar(here, decision_id)
    if not found:
        st.caption(
            f"No similar {words.plain(here.domain.terms.case)} without an outcome is there to say it of."
        )
        return
    st.caption(
        f"On these the model had similar reasons as on {words.plain(case_id)} (“there”). A new version must do as you say, or its "
        "promotion waits until a lead waives it with a reason; you are told. Leave open what you do not know."
    )
    decided = st.session_state["lesson"]["action"]
    for one in found:
        _choice(here.domain, decision_id, one, decided)
    button("Keep as lesson tests", "lesson", decision_id, case_id)


def _similar(here: Here, decision_id: str) -> tuple[Similar, ...]:
    """Looked up once for a decision; the card of the next case is redrawn often while this stands above it."""
    kept = st.session_state.get("lesson")
    if not kept or kept["decision"] != decision_id:
        found = lesson_tests.similar(here.store, here.domain, decision_id)
        action = lesson_tests.decided(here.store, here.domain, decision_id)
        kept = {"decision": decision_id, "similar": found, "action": action}
        st.session_state["lesson"] = kept
    return kept["similar"]


def _choice(domain: DecisionDomain, decision_id: str, one: Similar, decided: str) -> None:
    """One similar case: what is recommended on it, its strongest facts, and what it should become."""
    named = words.plain(domain.label(one.recommended))
    facts = " · ".join(_fact(domain, *fact) for fact in one.facts)
    options = {"stay": f"must stay {domain.label(one.recommended)}"}
    if one.recommended != decided:
        options = {"change": f"should change to {domain.label(decided)}", **options}
    st.markdown(f"**{words.plain(one.case_id)}**, recommended: {named}  \n:small[{facts}]")
    st.segmented_control(
        f"What should become of {one.case_id}", list(options), key=_key(decision_id, one.case_id),
        format_func=lambda what: words.plain(options[what]), label_visibility="collapsed",
    )  # fmt: skip


def _fact(domain: DecisionDomain, name: str, mine: Any, theirs: Any) -> str:
    """A fact of the similar case, with the overridden case's where it differs."""
    feature = domain.feature(name)
    there, here = (words.plain(words.value_of(feature, value)) for value in (mine, theirs))
    return f"{words.plain(feature.label or name)} **{here}**" + ("" if here == there else f" (there {there})")


def _key(decision_id: str, case_id: str) -> str:
    return f"lesson-{decision_id}-{case_id}"


def keep(here: Here, decision_id: str) -> None:
    """Record what was chosen in the panel; called by the Keep button's act."""
    similar: tuple[Similar, ...] = st.session_state["lesson"]["similar"]
    chosen = {one.case_id: st.session_state.get(_key(decision_id, one.case_id)) for one in similar}
    should = {case_id: what for case_id, what in chosen.items() if what}
    kept = lesson_tests.teach(here.store, here.domain, decision_id, should, by=here.person, at=here.now)
    if kept:
        count = "One lesson test is" if len(kept) == 1 else f"{len(kept)} lesson tests are"
        said = f"{count} kept. *My learning* tells whether the next version follows."
        st.session_state["lesson_kept"] = {"decision": decision_id, "said": said}


def mine(here: Here) -> None:
    """On My learning: whether the newest version follows this person's lessons."""
    found = lesson_tests.followed(here.store, here.domain, here.person)
    if not found:
        return
    st.header("Does the model follow your lessons?", anchor=False)
    for one in found[:SHOWN]:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.page_link(
                "pages/decide.py", label=words.plain(one.case_id), icon=":material/open_in_new:", width=170,
                query_params={"case": one.case_id, **staying_in(here.domain)},
            )  # fmt: skip
            st.markdown(f"{_sign(one)} {words.plain(told(one, here.domain))}", width="stretch")
    if len(found) > SHOWN:
        with st.expander(f"All {words.number(len(found))} as a table"):
            _table(found, here)


def _sign(one: Followed) -> str:
    return {"passed": ":material/check_circle:", "failed": ":material/cancel:"}.get(
        one.state, ":material/pending:"
    )


def told(one: Followed, domain: DecisionDomain) -> str:
    """One test in words, for its author."""
    lesson = f"your lesson from {one.of_case} ({domain.label(one.action)})"
    match one.state:
        case "passed":
            return f"{one.version} follows {lesson}."
        case "failed":
            return f"{one.version} does not yet follow {lesson}: it would {domain.label(one.got)}."
        case "void":
            return f"Settled by the outcome, {domain.label(one.right_action)}, against {lesson}; it binds no model."
        case "contested":
            return f"Another manager wants something else than {lesson}, so it binds no model until an outcome settles it."
        case _:
            return f"The next version will be held against {lesson}."


def listed(here: Here) -> None:
    """On Models: every standing lesson test and what the newest version makes of it."""
    st.header("Lesson tests", anchor=False)
    found = lesson_tests.followed(here.store, here.domain)
    if not found:
        st.info(words.own(
            "After an override its manager may say which similar cases should change too and which must stay. "
            "A challenger must do as they say before it is promoted. There are none yet: decide differently on a "
            "case, then open *Should similar cases change too?* above the next one."
        ))  # fmt: skip
        return
    failed = sum(one.state == "failed" for one in found)
    st.markdown(
        f"{found[0].version or 'No version'}: **{words.number(failed)} of {words.number(len(found))}** fail."
        + (" A lead may waive them with a reason when promoting." if failed else "")
    )
    _table(found, here)
    measured.how(
        "Each row is what one manager said after an override. Of one manager's tests on a case the newest counts; where "
        "managers want different actions none binds; where the outcome says otherwise the test is void; a decision taken "
        "back takes its tests along.",
        key="lesson_tests",
    )


def _table(found: tuple[Followed, ...], here: Here) -> None:
    domain = here.domain
    who = veiled.veil(here).of if here.role == "analyst" else str
    rows: list[dict[str, Any]] = [
        {
            domain.terms.case.capitalize(): one.case_id,
            "Should be": domain.label(one.action),
            "Says": who(one.manager),
            "After": one.of_case,
            "The newest version": STATES[one.state]
            + (f": {domain.label(one.got)}" if one.state == "failed" else ""),
        }
        for one in found
    ]
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt="Lesson tests, newest first")
