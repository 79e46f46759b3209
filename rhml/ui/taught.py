"""What people taught: the worth of overriding, directly and for the model, its price list, and lesson tests."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import streamlit as st

from rhml.loop.price import KIND
from rhml.reports.value import worth_in_words
from rhml.stats.measure import Measure
from rhml.store import studies
from rhml.store.explorer import Filters
from rhml.store.registry import Version
from rhml.store.studies import Study
from rhml.ui import computed, evidence, filters, lesson_tests, measured, resources, versions, watched, words
from rhml.ui.shell import Here


def draw(here: Here) -> None:
    """The view *What people taught* of the Models page."""
    found = versions.held(here)
    if versions.nothing(here, found):
        return
    version = evidence.pick(found)
    _worth(here, version)
    _prices(here, version)
    lesson_tests.listed(here)


def _worth(here: Here, version: Version) -> None:
    """Direct value beside training value, and what the two come to in plain words."""
    st.header("What overriding was worth", anchor=False)
    total = computed.explored(here.domain.name, Filters(), None).total
    training = Measure(**version.evidence["taught"])
    st.markdown(f"**{words.told(worth_in_words(total.value, total.unit, training))}**")
    direct, taught = st.columns(2)
    with direct, st.container(border=True):
        st.markdown(words.own("**Directly, case by case**"))
        st.markdown(words.plain(measured.amount(total.value, total.unit)))
        if here.domain.outcome:  # else zeros throughout, which look like a finding
            st.caption(
                f"{words.number(total.rescued)} rescued, {words.number(total.spoiled)} spoiled, "
                f"{words.number(total.both_wrong)} both wrong, {words.number(total.not_yet_known)} not known yet, "
                f"{words.number(total.cannot_be_known)} that cannot be known."
            )
    with taught, st.container(border=True):
        st.markdown(f"**As teaching, for {words.plain(version.version)}**")
        st.markdown(words.plain(measured.gain(training)))
        st.caption(words.plain(_told(version.card.get("calls"), training)))
    _lessons(version)
    measured.how(
        "*Directly*: rescued minus spoiled overrides whose outcome is known, in this domain's unit, for all of them "
        "together. *As teaching*: with each version five twins are trained from the same outcomes with everything people "
        "called left out, and five siblings with it; the mean difference on bank cases, in cases decided right of 100, is "
        "what people taught. 95 % intervals in brackets; n is how many overrides, and how many bank cases, they rest on. "
        "An interval around zero says that nothing is shown, not that it is nothing.",
        key="worth",
    )


def _lessons(version: Version) -> None:
    """The lessons that a lead had the version learn, and whether calls inside them proved worth it."""
    for one in version.card.get("taught_by", ()):
        used = (
            "people's calls there stood in for outcomes not known yet"
            if one["trust"] > 0
            else "people's calls there did not foretell held-out outcomes better than the model, so nothing was learned"
        )
        st.markdown(
            f":material/school: Taught by lesson {words.plain(one['lesson_id'])}: {words.plain(one['sentence'])} "
            f":small[{words.plain(used.capitalize())}.]"
        )


def _told(calls: dict[str, Any] | None, training: Measure) -> str:
    """What became of the calls, and by how much they foretold held-out outcomes better than the model alone."""
    if calls is None:
        return "" if not training.known else training.why
    if not calls["checked"]:
        return calls["said"]
    gain, error = calls["gain"], 1.96 * calls["gain_error"]
    likelier, low, high = (math.expm1(nats) for nats in (gain, gain - error, gain + error))
    return (
        f"{calls['said']} With the calls, the outcomes of {words.number(calls['checked'])} resolved {words.own('cases')} were "
        f"{words.percent(likelier, 1)} more probable than by the model alone ({words.percent(low, 1)} to "
        f"{words.percent(high, 1)}), on average."
    )


def _prices(here: Here, version: Version) -> None:
    st.header("The price of each reason and segment", anchor=False)
    st.markdown(
        "What the model would lose if the decisions with one reason, or in one segment, had not been made. "
        "Prices are **marginal and do not add up**: where two reasons say the same, each alone is worth nothing."
    )
    study = studies.newest(here.store, here.domain.name, KIND, version.version)
    busy = watched.job(here, "price", domain=here.domain.name, well=False)
    if study is not None:
        _price_list(here, study)
    elif not busy:
        st.info(
            f"The prices of {version.version} have not been computed. Each costs a retraining with a part of the "
            "decisions left out, so they are computed in the background, when a lead asks."
        )
    if here.leads:
        label = "Compute the prices" if study is None else "Compute them again"
        if st.button(label, key="price", icon=":material/sell:", disabled=busy):
            resources.ask_for(
                "price", domain=here.domain.name, by=here.person, arguments={"version": version.version}
            )
            st.rerun()


def _price_list(here: Here, study: Study) -> None:
    found = study.content
    if found["why"]:
        st.info(words.plain(found["why"]))
    if found["prices"]:
        measured.table_of(
            pd.DataFrame([_row(here, price) for price in found["prices"]]),
            alt="The price of each reason and segment: what the model would lose without it",
        )
    if found["too_few"] and not found["why"]:  # else nothing has a price, for another reason
        names = ", ".join(_named(here, part) for part in found["too_few"])
        st.caption(f"Not priced, because too few people took part or too rarely: {words.plain(names)}.")
    note = (
        ""
        if found["same"]
        else " The log has been corrected since, so the version could not be made again exactly."
    )
    st.caption(f"Computed {words.when(study.made_at)}.{note}")
    measured.how(
        "*Lost without it*: in how many more of 100 bank cases five models that learned from everything were right than "
        "five of the same seeds without that part, with its 95 % interval; above 0 that part taught something. *Brier*: by how "
        "much that part changed the squared error of the probabilities; below 0 is better. Priced is only what at least "
        "three people took part in, with five decisions each and twenty together, so that no price is one person's. "
        "*Beyond chance* tests all prices together, so that at most one in twenty that say *yes* is a false alarm. *Decides "
        "whether any call is used*: without that part the rest is not shown to foretell outcomes, so the price is that of "
        "all calls.",
        key="prices",
    )


def _row(here: Here, price: dict[str, Any]) -> dict[str, str]:
    return {
        "Left out": _named(here, price)
        + (" (decides whether any call is used)" if price.get("decisive") else ""),
        "Decisions": f"{words.number(price['decisions'])} by {words.number(price['managers'])}",
        "Lost without it": measured.difference(Measure(**price["accuracy"])),
        "Beyond chance": "yes" if price["shown"] else "not shown",
        "Brier": evidence.brier(Measure(**price["brier"])),
    }


def _named(here: Here, part: dict[str, Any]) -> str:
    what = "Reason" if part["column"] == "reason" else filters.label(here.domain, part["column"])
    return f"{what}: {part['name']}"
