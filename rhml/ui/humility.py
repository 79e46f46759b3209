"""How far to trust the live version: what has changed, whether its sets hold, where it is new, where people help."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from rhml.stats.measure import Measure
from rhml.store import jobs, registry, studies
from rhml.store.studies import Study
from rhml.ui import measured, resources, routing, watched, words
from rhml.ui.shell import Here

PERSON = {"looked": "with the suggestion in view", "unaided": "unaided"}


def draw(here: Here) -> None:
    """The view *Trust* of the Models page."""
    live = registry.live_version(here.store, here.domain.name)
    if live is None:
        st.info(
            "Here you will see how far to trust the model that recommends: what has changed since it learned, and "
            "whether it is right as often as it says. No version is live yet; promote one under *Versions*."
        )
        return
    study = studies.newest(here.store, here.domain.name, "drift", live)
    _look(here, live, study)
    if study is not None:
        _changes(here, study)
        _sets(here, study.content["coverage"])
        _new(here, study.content["unlike"])
        _help(here, study.content["help"])
    routing.draw(here)


def alarm(here: Here) -> None:
    """On the first view: that something has changed under the live version, where it has; else nothing."""
    live = registry.live_version(here.store, here.domain.name)
    study = studies.newest(here.store, here.domain.name, "drift", live) if live else None
    if study is None:
        return
    found = study.content
    count = len(found["calibration"]["findings"]) + len(found["population"]["findings"])
    if count or found["coverage"]["broken"]:
        said = found["message"] if count else "Its sets of possible actions hold less often than stated."
        st.warning(
            f"{words.plain(said)} See *Trust*: what has changed since {words.plain(live)} learned.",
            icon=":material/trending_up:",
        )


def _look(here: Here, live: str, study: Study | None) -> None:
    """When the version was last looked at, and the way to look again."""
    newest = jobs.latest(here.store, kind="watch", domain=here.domain.name, limit=1)
    if newest and newest[0].state in jobs.OPEN:
        watched.job(here, "watch", domain=here.domain.name)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if study is None:
            st.info(
                f"Nobody has looked at {words.plain(live)} yet. A look compares the {words.own('cases')} since it learned with those it "
                f"learned from; it is taken by itself after new {words.own('cases')} and outcomes."
            )
        else:
            st.markdown(f"**{words.plain(live)}**, looked at {words.when(study.made_at)}", width="content")
        if st.button("Look again" if study else "Look now", key="watch", icon=":material/visibility:"):
            resources.ask_for("watch", domain=here.domain.name, by=here.person)
            st.rerun()


def _changes(here: Here, study: Study) -> None:
    """What has changed since the version learned, worst first, or that nothing that matters has."""
    st.header("What has changed since it learned", anchor=False)
    many = words.plain(here.domain.terms.many)
    cases, outcomes = study.content["population"], study.content["calibration"]
    findings = [*outcomes["findings"], *cases["findings"]]
    for finding in findings:
        with st.container(border=True):
            st.markdown(f":material/trending_up: {words.plain(finding['sentence'])}")
            weight = finding["points"]
            read = (
                f" The factor moves the suggestion by {words.number(100 * weight, 1)} points in an average case."
                if weight
                else ""
            )
            st.markdown(f"*What to do:* {words.plain(finding['advice'])}{read}")
            what = many if finding["kind"] == "population" else "outcomes"
            st.caption(f"First seen after {words.number(finding['since'])} {what}.")
    if not findings:
        st.markdown(f"**{words.plain(study.content['message'])}**")
    st.caption(
        f"{words.number(cases['cases'])} {many} came since ({_looks(cases, many)}); "
        f"{words.number(outcomes['cases'])} outcomes of its suggestions ({_looks(outcomes, 'outcomes')})."
    )
    if cases["unimportant"]:
        st.caption(
            f"Moved as well, but the model hardly reads it: {words.plain(', '.join(cases['unimportant']))}."
        )
    measured.how(
        "Looks are taken at fixed counts and share one small chance of a false alarm: with nothing changed, at most 5 in "
        "100 organizations see a finding, however often anyone looks. A finding must also be large enough to matter (a "
        "tenth of the cases, 4 points of calibration) and be about a factor that moves the suggestion by a point or more. "
        "*Would have to be others*: the share of the new cases that would have to be different for the two times to agree. "
        "Outcomes that come quickly may differ from those that come late: wait before you act on the first ones.",
        key="changes",
    )


def _looks(found: dict[str, Any], what: str) -> str:
    if not found["looks"]:
        return f"the first look is at {words.number(found['next_look'])} {what}"
    taken = "1 look" if found["looks"] == 1 else f"{words.number(found['looks'])} looks"
    return f"{taken}, the next at {words.number(found['next_look'])}"


def _sets(here: Here, found: dict[str, Any]) -> None:
    """What was promised of the sets of actions that cannot be ruled out, and what came true."""
    st.header("What it cannot rule out", anchor=False)
    level, shown, bank = found["level"], Measure(**found["shown"]), Measure(**found["bank"])
    if not found["learned"]:
        st.markdown(
            f"Cards will say which actions the model cannot rule out at {words.percent(level)} as soon as enough "
            f"outcomes allow it. {words.told(bank.why)}"
        )
        return
    st.markdown(
        f"A card says which other actions the model cannot rule out. The action that proves right should be its own or "
        f"among them in at least **{words.percent(level)}** of {words.plain(here.domain.terms.many)}."
    )
    rows = [
        (
            "On cards, outcome known since",
            measured.share(shown),
            measured.share(Measure(**found["one_left"])),
        ),
        (
            "On the bank, which it never saw",
            measured.share(bank),
            measured.share(Measure(**found["bank_one_left"])) if "bank_one_left" in found else "",
        ),
    ]
    measured.table_of(
        pd.DataFrame(rows, columns=["", "Held the right action", "Left one action only"]),
        alt="How often the sets held, as stated and in fact",
    )
    if found["broken"]:
        st.warning(
            "The sets hold less often than stated: the world has moved, or the first outcomes are not like "
            "the later ones. Retrain; until then read “ruled out” as a hint.",
            icon=":material/warning:",
        )
    measured.how(
        "An action is ruled out where the model gives it less than it gave that action in all but a tenth (or the share that "
        "the domain's *sets* says) of the cases in which it proved right, counted on cases that the model did not know: so the "
        "promise holds for each action by itself. The fewer sets leave two actions open, the more the model knows. "
        "95 % intervals; n counts resolved cases.",
        key="sets",
    )


def _new(here: Here, found: dict[str, Any]) -> None:
    """How many cases were unlike anything seen, and whether the model is worse there."""
    st.header("Unlike anything it has seen", anchor=False)
    share, there, elsewhere = (Measure(**found[name]) for name in ("share", "wrong_there", "wrong_elsewhere"))
    if not share.known:
        st.markdown(f"No card with a known outcome has been marked so far: {words.told(share.why)}")
        return
    st.markdown(
        f"{words.plain(measured.share(share))} of the {words.plain(here.domain.terms.many)} with an outcome had been "
        f"marked. The model was wrong there: {_told(there)}; elsewhere: {_told(elsewhere)}."
    )
    measured.how(
        "A case is marked where even its ten nearest among the cases the model learned from are farther away than such cases "
        "usually are (one ordinary case in a hundred is), or where a number lies far beyond all of them. Much more than one "
        "in a hundred says that new kinds of cases have arrived.",
        key="new",
    )


def _told(found: Measure) -> str:
    said = measured.share(found).rstrip(".")
    return words.plain(said[:1].lower() + said[1:])


def _help(here: Here, found: dict[str, Any] | None) -> None:
    """Whether the order "where people help most" puts the right cases first."""
    st.header("Where people help most", anchor=False)
    if found is None:
        why = (
            "Outcomes are seen only after some decisions here, and too few explored ones are resolved: it cannot be known."
            if here.domain.selective
            else "At least 100 resolved decisions are needed to say where a person's look helps."
        )
        st.markdown(why)
        return
    proof = {name: Measure(**m) for name, m in found["proof"].items()}
    st.markdown(
        f"Learned from {words.number(found['n'])} resolved calls, {PERSON[found['kind']]}. Pending can be ordered by it; "
        f"a random share of the {words.own('cases')} always keeps a place by lot."
    )
    if proof:
        st.markdown(
            f"In the quarter of past {words.own('cases')} where a look was expected to help most, people gained "
            f"{words.plain(measured.difference(proof['most']))} on the suggestion; in the rest "
            f"{words.plain(measured.difference(proof['rest']))}."
        )
        if proof["most"].known and proof["rest"].known and proof["most"].value <= proof["rest"].value:
            st.caption(words.own("So far the order does not put the right cases first: use another one."))
    measured.how(
        "For each case: how often people decide such a case rightly, less how often the model does. People's chance is learned from "
        "their own resolved decisions and drawn towards the team's rate where evidence is thin. The comparison above is "
        "made on cases that had no part in learning it. Where the domain names a value, the order weighs the gain with it.",
        key="help",
    )
