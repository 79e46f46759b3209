"""*Limits*: override rates against the domain's limits, judged with outcomes, and what a lead did about each."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.errors import LimitRefused
from rhml.loop.limits import DONE, LONGEST, Limits, note
from rhml.reports.limits import ACT, FEW, STANDINGS, Row
from rhml.store import organization
from rhml.store.agreement_counts import whole
from rhml.store.explorer import Filters
from rhml.store.limit_counts import ALL, limited
from rhml.store.limit_notes import Note
from rhml.ui import computed_readings, grid, measured, veiled, words
from rhml.ui.overrides import explorer
from rhml.ui.shell import Here


def draw(here: Here, looked_at: Filters) -> None:
    """The rates above a limit and what they ask for, every rate by direction, segment and person, and what was done."""
    if whole(looked_at) != looked_at:
        st.caption("A rate is of all recommendations: filters that only overrides have are set aside here.")
    looked_at = whole(looked_at)
    people = here.role not in organization.OWN_ONLY
    by = _by(here, people)
    found = computed_readings.limits(here.domain.name, looked_at, people, by)
    if not any(row.advised for row in found.rows):
        st.info("Here you will see whether more recommendations are decided against than the domain's limits foresee. No "
                "recommendation has been decided on under these filters yet.")  # fmt: skip
        return
    veiled.looked(
        here, (row.name for row in found.rows if row.by == "manager"), "override rates of single people"
    )
    st.caption(_limits_said(here.domain.override.look_above, here.domain.override.act_above))
    _above(here, found, (ALL, by))
    _table(here, found, by)
    if here.leads:
        _record(here, found, (ALL, by), looked_at)
    _how(here)


def _by(here: Here, people: bool) -> str:
    """By what the rates are told with what came of them."""
    options = [by for by in limited(here.domain, people=people) if by != ALL] or [ALL]
    if len(options) == 1:
        return options[0]
    return st.segmented_control("By", options, key="limits_by", bind="query-params", default=options[0], required=True,
                                format_func=lambda by: words.plain(explorer.label(here.domain, by)))  # fmt: skip


def _above(here: Here, found: Limits, told: tuple[str, ...]) -> None:
    """What needs a lead, in sentences; people in order of the alphabet, so that nobody is ranked."""
    above = sorted((row for row in found.rows if row.above), key=lambda row: STANDINGS.index(row.standing))
    if not above:
        many = sum(row.standing != FEW for row in found.rows)
        st.markdown(f"**None of {words.number(many)} rates is above its limit for certain.**")
        return
    with st.container(gap="small", key="above"):
        for sentence in dict.fromkeys(row.sentence for row in above if row.by in told):
            rows = [row for row in above if row.by in told and row.sentence == sentence]
            st.markdown(f"**{sentence}** {'; '.join(_told(here.domain, row) for row in rows)}.")
        others = Counter(row.by for row in above if row.by not in told)
        if others:
            each = (
                f"{words.number(n)} by {words.plain(explorer.label(here.domain, by).lower())}"
                for by, n in others.items()
            )
            st.markdown(f"Also above a limit: {', '.join(each)}.")
    for row, done in ((row, found.note_of(row)) for row in found.rows if row.by in told):
        if done:
            st.markdown(f":material/edit_note: {words.plain(_called(here.domain, row))}: {_done(done)}")


def _told(domain: DecisionDomain, row: Row) -> str:
    act = ", above the limit for acting" if row.standing == ACT else ""
    return f"{words.plain(_called(domain, row))} ({words.percent(row.rate.value)}{act})"


def _called(domain: DecisionDomain, row: Row) -> str:
    if row.by == ALL:
        return "All decisions"
    named = explorer.named(domain, row.by, row.name)
    return named if row.by in ("manager", "direction") else f"{explorer.label(domain, row.by)}: {named}"


def _done(done: Note) -> str:
    because = f": {words.plain(done.why)}" if done.why else "."
    return f"{DONE.get(done.what, done.what).capitalize()} by {words.plain(done.by)} on {words.day(done.at)}{because}"


def _table(here: Here, found: Limits, by: str) -> None:
    """Every rate of one dimension with what came of the overrides, below that of all decisions."""
    domain, named = here.domain, explorer.label(here.domain, by) if by != ALL else "Of"
    rows = [row for row in found.rows if row.by == ALL]
    rows += sorted(
        (row for row in found.rows if row.by == by != ALL),
        key=lambda row: row.name if by == "manager" else "",
    )
    noted = any(found.note_of(row) for row in rows)
    if by in domain.override.limits:
        limit = domain.override.limit(by)
        st.caption(f"{words.plain(named)}: {_limits_said(limit.look_above, limit.act_above).lower()}")
    cells = [
        [explorer.named(domain, by, row.name) if row.by != ALL else "All decisions", measured.share(row.rate), row.standing,
         measured.share(row.right), measured.amount(row.net, row.unit), *([_short(found.note_of(row))] if noted else [])]
        for row in rows
    ]  # fmt: skip
    head = [named, "Override rate", "Against the limits", "Right when they differed", "Rescued minus spoiled"]
    grid.stacked(
        [*head, *(["Done"] if noted else [])], cells, name="limits", alt=f"Override rates by {named}"
    )


def _limits_said(look: float, act: float) -> str:
    return f"Rates above {words.percent(look)} are looked at, above {words.percent(act)} acted on."


def _short(done: Note | None) -> str:
    return f"{DONE.get(done.what, done.what)}, {done.by}, {words.day(done.at)}" if done else ""


def _record(here: Here, found: Limits, told: tuple[str, ...], looked_at: Filters) -> None:
    """A lead says what was done about a row; it stays beside the row and in the audit trail."""
    rows = sorted(
        (row for row in found.rows if row.rate.known and row.by in told), key=lambda row: not row.above
    )
    if not rows:
        return
    st.header("Record what was done", anchor=False)
    with st.form("limit_note", clear_on_submit=True):
        row = st.selectbox(
            "About",
            rows,
            key="limit_about",
            format_func=lambda one: f"{_called(here.domain, one)}, {one.standing}",
        )
        what = st.radio(
            "What was done",
            list(DONE),
            key="limit_what",
            format_func=lambda one: DONE[one].capitalize(),
            horizontal=True,
        )
        why = st.text_area(
            "What came of it",
            key="limit_why",
            max_chars=LONGEST,
            placeholder="What you found, in a sentence or two",
            height=80,
        )
        if st.form_submit_button("Record", icon=":material/edit_note:"):
            _keep(here, row, what, why, looked_at)
    if said := st.session_state.pop("limit_said", ""):
        st.success(said)


def _keep(here: Here, row: Row, what: str, why: str, looked_at: Filters) -> None:
    try:
        note(here.store, here.domain, row, what=what, why=why, filters=explorer.said(here.domain, looked_at),
             veil=veiled.veil(here), by=here.person, at=here.now)  # fmt: skip
    except LimitRefused as refused:  # not for the frame: it would take the form and what is typed in it away
        st.error(words.plain(str(refused)), icon=":material/block:")
        return
    st.session_state["limit_said"] = (
        f"Recorded about {words.plain(_called(here.domain, row))}. It stays in the audit trail."
    )
    st.rerun()


def _how(here: Here) -> None:
    people = f"\n\n{veiled.said(here)}" if here.role not in organization.OWN_ONLY else ""
    measured.how(
        "*Below*: the whole interval is under the limit for looking. *May be above*: too few decisions to tell. *Above: look* and "
        "*above: act*: chance would seldom bring so many overrides at a rate equal to that limit. A high rate is not bad in itself: "
        "what it asks for depends on who was right.\n\n"
        "The rate is the share of recommendations decided against; by direction, of those that could be decided against in it. 95 % "
        "intervals (Wilson) at the count of independent decisions they are worth: decisions on one case go together. Above a limit: exact "
        "binomial test, one-sided at 2.5 %, corrected over the rows of all dimensions (Benjamini–Hochberg), so that among many people and "
        "segments hardly any is called above by chance; whether those above were right more often than not is corrected over the rows told, "
        "too. Both hold at one look. Where an outcome is seen only after some decisions, only cases drawn to show it "
        f"whatever was decided say who was right.{people}",
        key="limits",
    )  # fmt: skip
