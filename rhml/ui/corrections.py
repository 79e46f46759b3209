"""The view *Corrections* of the Models page: what the team taught since the last training, proved or not, in force or not."""

from __future__ import annotations

import streamlit as st

from rhml.loop import apply_correction as acts
from rhml.loop.correcting import LOOK
from rhml.stats.measure import Measure
from rhml.store import corrections, registry, studies
from rhml.store.corrections import StoredCorrection
from rhml.ui import measured, resources, watched, words
from rhml.ui.shell import Here

STATES = {
    "proposed": "proposed, too early to say",
    "proved": "proved by later outcomes",
    "not borne out": "not borne out by later outcomes",
    "applied": "in force",
    "switched off": "switched off",
    "absorbed": "absorbed by the next model",
    "dropped": "dropped with its model",
}
ICONS = {"proposed": "◇", "proved": "◆", "not borne out": "✕", "applied": "●", "switched off": "○",
         "absorbed": "✓", "dropped": "–"}  # fmt: skip


def draw(here: Here) -> None:
    """Every correction of the live version, what a lead may do with it, and what became of earlier ones."""
    _told()
    live = registry.live_version(here.store, here.domain.name)
    # How it ended well stands below: when it was last looked, and what was found.
    busy = watched.job(here, "correct", domain=here.domain.name, well=False)
    if live is None or here.domain.outcome is None:
        _impossible(here, live)
        return
    found = corrections.corrections(here.store, here.domain.name)
    standing = [c for c in found if c.version == live and not c.ended]
    _look(here, live, busy)
    for one in sorted(standing, key=lambda c: c.refused):
        _card(here, one)
    if standing:
        _how()
    else:
        _none_yet(here, live)
    _earlier(here, [c for c in found if c not in standing])


def _told() -> None:
    if said := st.session_state.pop("correction_told", None):
        st.success(words.plain(said), icon=":material/check_circle:")


def _impossible(here: Here, live: str | None) -> None:
    if here.domain.outcome is None:
        st.info(
            f"{words.plain(here.domain.title)} declares no outcome, and only outcomes can show that the model is off. "
            "Add an [outcome] to its domain file to get corrections."
        )
    elif live is None:
        st.info(
            "Between two trainings the team's corrections appear here. No version recommends yet: promote one first."
        )


def _look(here: Here, live: str, busy: bool) -> None:
    """When it was last looked, and the button that looks now."""
    newest = studies.newest(here.store, here.domain.name, LOOK, live)
    said = "The log is searched by itself after every outcome, too."
    if newest:
        said += (
            f" Last looked {words.when(newest.made_at)} at {words.number(newest.content['cases'])} "
            f"{words.plain(here.domain.terms.many)} with an outcome since {words.plain(live)} was trained."
        )
    with st.container(horizontal=True, vertical_alignment="center", key="correcting"):
        if here.leads and st.button("Look now", key="correct", icon=":material/edit_note:", disabled=busy):
            resources.ask_for("correct", domain=here.domain.name, by=here.person)
            st.rerun()
        st.caption(said)
    if here.domain.training.corrections == "apply":
        st.caption(
            "This domain applies corrections at once, and switches off what later outcomes do not bear out."
        )
    elif not here.leads:
        st.caption("Only a lead may apply a correction or switch it off. You can read everything here.")


def _none_yet(here: Here, live: str) -> None:
    many, looked = (
        words.plain(here.domain.terms.many),
        studies.newest(here.store, here.domain.name, LOOK, live),
    )
    found = (
        f"outcomes show no kind of {many} on which {words.plain(live)} is off"
        if looked
        else f"nobody has looked since {words.plain(live)} was trained"
    )
    st.info(
        f"A correction sets the live model right on one kind of {many} until the next training. Nothing is proposed: "
        f"{found}. As soon as outcomes show one, it stands here with its evidence. Chance alone would show one in at "
        "most 5 of 100 organizations, however often one looks."
    )


def _card(here: Here, one: StoredCorrection) -> None:
    """One correction: its sentence, where it stands, what speaks for it, whose it is, and a lead's answer."""
    with st.container(border=True, key=f"correction_{one.correction_id}"):
        st.markdown(f"**{words.plain(one.now.sentence)}**")
        st.markdown(f"{ICONS[one.state]} **{_state(one)}** · {words.plain(one.correction_id)}")
        st.markdown("  \n".join(_evidence(here, one)))
        if here.leads:
            _answer(here, one)


def _state(one: StoredCorrection) -> str:
    applied = one.applied
    if applied is None:
        return STATES[one.state]
    at_once = ", at once" if applied.evidence.get("at_once") else f" by {words.plain(applied.by)}"
    return f"in force since {words.when(applied.at)}{at_once}; {STATES[one.tested]}"


def _evidence(here: Here, one: StoredCorrection) -> list[str]:
    """What led to it, what later outcomes say, whose it is."""
    held, many = one.now.evidence, words.plain(here.domain.terms.many)
    said = [
        f"It rests on {words.number(held['cases'])} {many} with an outcome: the model alone was right in "
        f"{words.number(held['right_before'])}, with the correction it would have been in "
        f"{words.number(held['right_after'])}. Elsewhere the model was right in {words.number(held['rest_right'])} of "
        f"{words.number(held['of'] - held['cases'])}; there nothing changes."
    ]
    said.append(_since(one, many))
    authors = ", ".join(words.plain(a) for a in one.now.authors)
    taught = f"Taught by {authors}." if authors else "Nobody decided these; the outcomes alone taught it."
    said.append(f"{taught} Proposed {words.when(one.wordings[0].at)}{_sharpened(one)}.")
    if one.in_force and one.in_force is not one.now:
        said.append(f"In force is an earlier wording: {words.plain(one.in_force.sentence)}")
    if (event := one.last("applied", "switched off")) and event.why:
        said.append(f"{event.kind.capitalize()} by {words.plain(event.by)}: “{words.plain(event.why)}”")
    return said


def _since(one: StoredCorrection, many: str) -> str:
    test = one.last("tested")
    if test is None:
        return f"Since it was proposed no outcome came in of such {many}; only later ones can prove it."
    gain = Measure(**test.evidence["gain"])
    return (
        f"Since it was proposed, {words.number(gain.n)} more outcomes: right in "
        f"{words.number(test.evidence['right_after'])} with it, {words.number(test.evidence['right_before'])} without. "
        f"Difference: {measured.difference(gain)}, however often one looks."
    )


def _sharpened(one: StoredCorrection) -> str:
    count = len(one.wordings) - 1
    if not count:
        return ""
    return f", sharpened {'once' if count == 1 else f'{count} times'}, last {words.when(one.now.at)}"


def _answer(here: Here, one: StoredCorrection) -> None:
    """Apply, apply the sharper wording, or switch off; each with a reason."""
    name = one.correction_id
    usable = one.in_force is not one.now and not (one.refused and one.last("switched off"))
    off = one.applied is not None or not one.refused
    if not (usable or off):
        return
    why = st.text_input("Why", key=f"why_{name}", max_chars=500, placeholder="The reason stays on record")
    proved = one.tested == "proved"
    anyway = (
        usable
        and not proved
        and st.checkbox(
            "Apply before later outcomes have proved it. This stays on record.", key=f"anyway_{name}"
        )
    )
    with st.container(horizontal=True):
        label = "Use the sharper wording" if one.in_force else "Apply"
        applies = usable and st.button(label, key=f"apply_{name}", type="primary" if proved else "secondary")
        refuses = off and st.button("Switch off" if one.applied else "Refuse", key=f"off_{name}")
    if applies or refuses:
        act = (
            acts.apply(here.store, here.domain, name, by=here.person, why=why, at=here.now, anyway=anyway)
            if applies
            else acts.switch_off(here.store, here.domain, name, by=here.person, why=why, at=here.now)
        )
        verb = "applied" if applies else "switched off" if one.applied else "refused"
        waits = "recommendation was" if act == 1 else "recommendations were"
        st.session_state["correction_told"] = f"{name} is {verb}. {act:,} waiting {waits} made anew."
        st.rerun()


def _how() -> None:
    measured.how(
        "After every outcome the whole of what came in since the training is searched for a kind of case, described by at "
        "most two facts, where the model is off by more than chance would show anywhere. What is found is **proposed**. "
        "Only outcomes that come later may **prove** it: each compares how probable the model held what proved right, with and "
        "without the correction, by a bet that may be looked at after every case and is wrong in at most 5 of 100. "
        "**In force** it changes the recommendations of such cases, has a line of its own among the reasons, and is gone "
        "once a retrained model is promoted, which either knows it by then or does without.",
        key="corrections",
    )


def _earlier(here: Here, ended: list[StoredCorrection]) -> None:
    """What became of corrections of earlier versions."""
    if not ended:
        return
    st.subheader("What became of earlier corrections", anchor=False)
    for one in sorted(ended, key=lambda c: c.wordings[0].at, reverse=True):
        event = one.ended
        note = (
            f": {words.plain(event.why)}"
            if event
            else f": its version {words.plain(one.version)} is not live"
        )
        st.markdown(
            f"{ICONS[one.state]} **{STATES[one.state]}** ({words.plain(one.correction_id)} on "
            f"{words.plain(one.version)}){note}  \n:small[{words.plain(one.now.sentence)}]"
        )
