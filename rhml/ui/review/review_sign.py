"""To sign: other people's decisions above the limit, each with all that its author saw and said."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.loop.review import review, review_card, sign
from rhml.ui import cards, contrast, resources, words
from rhml.ui.keys import button
from rhml.ui.review import review_desk
from rhml.ui.shell import Here

WHY = "hold_back_why"


def draw(here: Here) -> None:
    """The list, or the decision that the address names."""
    waiting = review_desk.mine(here).signatures
    if not review_desk.worked(
        [one.decision_id for one in waiting], one=partial(_one, here), rows=lambda: [_row(here, one) for one in waiting],
        nothing=partial(nothing, here), start="Start with the first", alt="Decisions that await a signature",
    ):  # fmt: skip
        _own(here)


def _row(here: Here, one: review.ToSign) -> dict[str, Any]:
    return {
        here.domain.terms.case.capitalize(): one.case_id,
        "Why it is here": why(here.domain, one.value, one.above),
        "Due": words.due(one.due_at, here.now) if one.due_at else None,
        "Asked": review_desk.ago(here, one.asked_at),
        "Decided by": one.author,
    }


def why(domain: DecisionDomain, value: float | None, above: float) -> str:
    """'23,400 € at stake, above 20,000 €'."""
    limit = words.money(above, domain.value.unit)
    if value is None:
        return f"nobody said what is at stake; the limit is {limit}"
    return f"{words.money(value, domain.value.unit)} at stake, above {limit}"


def nothing(here: Here) -> str:
    """What belongs here, and why it is empty."""
    rules, domain = here.domain.governance, here.domain
    if rules.second_signature_above is None:
        return (
            f"No decision needs a second signature in {words.plain(domain.title)}: its domain file sets no limit "
            "([governance] second_signature_above)."
        )
    limit = words.plain(words.money(rules.second_signature_above, domain.value.unit))
    if not sign.may_sign(domain, here.role):
        return f"Decisions above {limit} get a second signature; {_signers(domain)} give it."
    return f"Nothing to sign. Other people’s decisions above {limit} come here before they are in force."


def _signers(domain: DecisionDomain) -> str:
    return "managers and leads" if domain.governance.signers == "manager" else "leads"


def _own(here: Here) -> None:
    """How many of one's own decisions wait for somebody else, and for whom."""
    own = review_desk.mine(here).own
    if not own:
        return
    several = (
        "1 decision of yours waits" if len(own) == 1 else f"{words.number(len(own))} decisions of yours wait"
    )
    cases = ", ".join(words.plain(one.case_id) for one in own[:5]) + (", …" if len(own) > 5 else "")
    others = {person: role for person, role in resources.standing().people.items() if person != here.person}
    able = any(sign.may_sign(here.domain, role) for role in others.values())
    who = "" if able else " Nobody else may sign here: name another person on the page Organization."
    st.caption(f"{several} for somebody else’s signature: {cases}.{who}")


def _one(here: Here, decision_id: str) -> None:
    made, card = review_card.to_sign(
        here.store, here.domain, decision_id, person=here.person, at=here.now,
        words_of=partial(resources.model_words, here.domain.name),
    )  # fmt: skip
    rules, held = here.domain.governance, review_desk.lying(here, decision_id)
    value = card.facts.get(here.domain.value.column) if here.domain.value.column else None
    left, right = st.columns([2, 3], gap="large")
    with left:
        due = card.facts["due_at"]
        said = words.plain(why(here.domain, value, rules.second_signature_above or 0.0))
        review_desk.headed(
            here, made["case_id"], said + (f" · {cards.urgency(due, here.now)}" if due else "")
        )
        cards.facts(here.domain, card)
    with right:
        decision(here.domain, made)
        _acts(decision_id, held)
        if card.recommendation:
            cards.suggestion(here.domain, card, contrast.told(here.domain, card))
            cards.how_to_read(here.domain, card)
        else:
            st.caption("No model had recommended anything.")


def decision(domain: DecisionDomain, made: dict[str, Any]) -> None:
    """Who decided what, how sure, and in which words."""
    action, who = words.plain(domain.label(made["final_action"])), words.plain(made["manager"])
    st.markdown(f"### {who} decided **{action}**")
    said = [words.plain(words.when(made["decided_at"])), against(domain, made)]
    if made["final_confidence"] is not None:
        said.append(sure(made["final_confidence"]))
    st.markdown(" · ".join(filter(None, said)))
    if made["reason"]:
        st.markdown(f"**{words.plain(made['reason'])}**" + quoted(made["rationale"]))
    elif made["rationale"]:
        st.markdown(quoted(made["rationale"]).removeprefix(": "))


def against(domain: DecisionDomain, made: dict[str, Any]) -> str:
    """Whether the decision follows its recommendation."""
    if made["recommended_action"] is None:
        return ""
    return (
        "as the model suggested"
        if made["recommended_action"] == made["final_action"]
        else "against the model"
    )


def sure(confidence: float) -> str:
    """'expects to be right in 8 of 10'."""
    return f"expects to be right in {words.number(10 * confidence)} of 10"


def quoted(text: str | None) -> str:
    """': “…”', or nothing."""
    return f": “{words.plain(text)}”" if text else ""


def _acts(decision_id: str, held: dict[str, Any]) -> None:
    """Sign with one key; not to sign takes a sentence."""
    if not held["refusing"]:
        with st.container(horizontal=True, gap="small"):
            button("Sign: it is in force then", "co_sign", decision_id, shortcut="A", type="primary")
            button("Do not sign", "hold_back_form", decision_id, shortcut="D")
        return
    st.text_area(
        "Why do you not sign?", key=f"{WHY}-{decision_id}", height=68,
        placeholder="a sentence for whoever settles it, and for the author",
    )  # fmt: skip
    with st.container(horizontal=True, gap="small"):
        button(
            "Do not sign: to the conflict room",
            "hold_back",
            decision_id,
            shortcut="Ctrl+Enter",
            type="primary",
        )
        button("Back", "hold_back_form", decision_id, type="tertiary")


def _onward(here: Here, decision_id: str, before: list[str]) -> None:
    review_desk.go(review_desk.following(before, decision_id))


def _ids(here: Here) -> list[str]:
    return [one.decision_id for one in review_desk.mine(here).signatures]


def sign_it(here: Here, decision_id: str) -> None:
    """The press of *Sign*."""
    before = _ids(here)
    done = sign.sign(here.store, here.domain, decision_id, by=here.person, at=here.now)
    action = words.plain(here.domain.label(done.action))
    review_desk.tell(here, f"**Signed**: {words.plain(done.case_id)}, **{action}**. It is in force.")
    _onward(here, decision_id, before)


def hold_back(here: Here, decision_id: str) -> None:
    """The press of *Do not sign*, with its sentence."""
    before, why_not = _ids(here), st.session_state.get(f"{WHY}-{decision_id}") or ""
    done = sign.refuse(here.store, here.domain, decision_id, by=here.person, why=why_not, at=here.now)
    review_desk.tell(
        here,
        f"**Not signed**: {words.plain(done.case_id)} is in the conflict room; a lead who has no side settles it.",
    )
    _onward(here, decision_id, before)


def form(here: Here, decision_id: str) -> None:
    """Open the form for not signing, or close it."""
    held = review_desk.lying(here, decision_id)
    held["refusing"] = not held["refusing"]


ACTS = {"co_sign": sign_it, "hold_back": hold_back, "hold_back_form": form}
