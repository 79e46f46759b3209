"""What pressing does: each act through a verb of the loop, committed before the next case is looked up.

Every act names its case and is carried out at the top of the run; the rest of the run draws what lies on the
desk then.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import streamlit as st

from rhml.errors import RhmlError
from rhml.loop import decide, queue
from rhml.loop.decide import Choice
from rhml.store.waiting import Queue
from rhml.ui import decision_form, desk, keys, lesson_tests, words
from rhml.ui.shell import Here


def carry_out(here: Here, wanted: Queue) -> None:
    """Do what was pressed; a refusal is kept to be shown beside the form, which stays as it was."""
    asked = keys.pressed()
    if asked is None or asked[0] not in ACTS:
        return
    act, *about = asked
    st.session_state.pop("told", None)
    try:
        ACTS[act](here, wanted, *about)
    except RhmlError as refused:  # not for the frame: it would take the form and what is typed in it away
        st.session_state["refused"] = str(refused)


def refusal() -> None:
    """Why the last press changed nothing."""
    if said := st.session_state.pop("refused", None):
        st.error(words.plain(said), icon=":material/block:")


def _tell(here: Here, case_id: str, said: str) -> None:
    """Keep a line for the next run: what became of a case that was left undecided."""
    st.session_state["told"] = {"domain": here.domain.name, "case": case_id, "said": said}


def _call(here: Here, wanted: Queue, case_id: str) -> None:
    lying = desk.of(case_id)
    decide.commit_first_call(
        here.store, here.domain, case_id, lying["form"]["action"] or "", manager=here.person, at=here.now,
        confidence=decision_form.stated(case_id, decision_form.OWN),
        seconds=_seconds(here, lying), marks=decision_form.marks(case_id, decision_form.OWN_MARKS),
    )  # fmt: skip
    lying["form"] = dict(desk.BLANK)
    for own, name in ((decision_form.OWN_MARKS, "marks"), ("own_words", "words")):
        # What the call rested on is not asked for twice, should the manager keep it against the model.
        if given := st.session_state.get(decision_form.key(own, case_id)):
            st.session_state[decision_form.key(name, case_id)] = list(given)


def _seconds(here: Here, lying: dict[str, Any]) -> float | None:
    """How long the card has been open."""
    opened = lying.get("opened")
    return (here.now - opened).total_seconds() if opened else None


def _agree(here: Here, wanted: Queue, case_id: str) -> None:
    shown, action = desk.of(case_id).get("shown", (None, None))
    stated = decision_form.stated(case_id)
    _save(here, wanted, Choice(case_id, action or "", recommendation_id=shown, confidence=stated))


def _settle(here: Here, wanted: Queue, case_id: str) -> None:
    stated = decision_form.stated(case_id, decision_form.OWN)
    _save(here, wanted, Choice(case_id, desk.of(case_id)["form"]["action"] or "", confidence=stated))


def _differently(here: Here, wanted: Queue, case_id: str) -> None:
    lying = desk.of(case_id)
    choice = Choice(
        case_id=case_id,
        action=lying["form"]["action"] or "",
        recommendation_id=lying.get("shown", (None, None))[0],
        confidence=decision_form.stated(case_id),
        reason=lying["form"]["reason"],
        rationale=st.session_state.get(decision_form.key("rationale", case_id)) or "",
        marks=decision_form.marks(case_id),
    )
    _save(here, wanted, choice)


def _save(here: Here, wanted: Queue, choice: Choice) -> None:
    """Commit the decision, then move on to the case that followed this one."""
    timed = replace(choice, seconds=_seconds(here, desk.of(choice.case_id)))
    after = desk.after(here, wanted, choice.case_id)

    saved = decide.decide(here.store, here.domain, timed, manager=here.person, at=here.now, then_open=after)

    desk.one_more_today()
    st.session_state["saved"] = {
        "domain": here.domain.name, "person": here.person, "decision": saved.decision_id,
        "case": saved.case_id, "action": saved.final_action, "at": here.now, "override": saved.is_override,
    }  # fmt: skip
    desk.go_on(after)


def _undo(here: Here, wanted: Queue, decision_id: str, *_: str) -> None:
    st.session_state.pop("saved", None)
    desk.count_today_again()
    desk.go(decide.reverse(here.store, here.domain, decision_id, by=here.person, at=here.now))


def _next(here: Here, wanted: Queue, case_id: str) -> None:
    desk.go_on(desk.after(here, wanted, case_id))


def _skip(here: Here, wanted: Queue, case_id: str) -> None:
    after = desk.after(here, wanted, case_id)
    queue.skip(here.store, here.domain, case_id, manager=here.person, at=here.now)
    _tell(here, case_id, "skipped, not decided. It comes back at the end of your own queue.")
    desk.go_on(after)


def _snooze(here: Here, wanted: Queue, case_id: str, days: int) -> None:
    after = desk.after(here, wanted, case_id)
    until = here.now + timedelta(days=days)
    queue.snooze(here.store, here.domain, case_id, until=until, manager=here.person, at=here.now)
    _tell(here, case_id, f"snoozed until {words.day(until)}. Until then Pending lists it under *Snoozed*.")
    desk.go_on(after)


def _escalate(here: Here, wanted: Queue, case_id: str) -> None:
    why = st.session_state.get(decision_form.key("question", case_id)) or ""
    after = desk.after(here, wanted, case_id)
    queue.escalate(here.store, here.domain, case_id, why=why, manager=here.person, at=here.now)
    _tell(here, case_id, "a lead is asked. It stands first on Pending.")
    desk.go_on(after)


def _panel(here: Here, wanted: Queue, case_id: str, name: str) -> None:
    lying = desk.of(case_id)
    lying["panel"] = None if lying.get("panel") == name else name


def _differ(here: Here, wanted: Queue, case_id: str, action: str | None) -> None:
    lying = desk.of(case_id)
    lying["form"].update(differing=True, action=action or lying["form"]["action"])
    decision_form.put_back(case_id, lying.pop("put_by", {}))


def _back(here: Here, wanted: Queue, case_id: str) -> None:
    """Close the form; what was chosen and written in it waits for the next time it is opened."""
    lying = desk.of(case_id)
    lying["form"]["differing"] = False
    lying["put_by"] = decision_form.written(case_id)


def _choose(name: str) -> Any:
    def chosen(here: Here, wanted: Queue, case_id: str, value: str) -> None:
        desk.of(case_id)["form"][name] = value

    return chosen


def _lesson(here: Here, wanted: Queue, decision_id: str, *_: str) -> None:
    lesson_tests.keep(here, decision_id)


def _read(here: Here, wanted: Queue, case_id: str) -> None:
    desk.of(case_id)["reading"] = True


ACTS = {
    "call": _call, "agree": _agree, "settle": _settle, "save": _differently, "undo": _undo, "next": _next,
    "skip": _skip, "snooze": _snooze, "escalate": _escalate, "panel": _panel, "differ": _differ, "back": _back,
    "action": _choose("action"), "reason": _choose("reason"), "read": _read,
    "lesson": _lesson,
}  # fmt: skip
