"""*Agreement*: how far people agree with each other and with the model, beyond what chance alone would give."""

from __future__ import annotations

import streamlit as st

from rhml.printed.numbers import fixed
from rhml.reports.agreeing import Agreeing, Line
from rhml.stats.measure import Measure
from rhml.store import organization
from rhml.store.agreement_counts import MOST_KINDS, whole
from rhml.store.explorer import Filters
from rhml.ui import computed_readings, grid, measured, veiled, words
from rhml.ui.overrides import explorer
from rhml.ui.shell import Here

CALLS = {
    ("first", "first_call"): "Own call, before any recommendation",
    ("first", "evidence_only"): "Call with evidence, before the recommendation",
    ("final", "assisted"): "Final decision, recommendation at once",
    ("final", "first_call"): "Final decision, own call first",
    ("final", "evidence_only"): "Final decision, evidence first",
}
HEAD = ["Agreement beyond chance (α)", "The same in", "Cases"]


def draw(here: Here, looked_at: Filters) -> None:
    """Agreement among people, with the model by kind of call, by segment, and two by two where that may be shown."""
    if whole(looked_at) != looked_at:
        st.caption("Agreement is of all decisions: filters that only overrides have are set aside here.")
    by = _segment(here)
    told_apart = here.role not in organization.OWN_ONLY
    found = computed_readings.agreed(here.domain.name, looked_at, by, told_apart)
    if not (found.own.cases or found.final.cases or found.model):
        st.info(
            "Here you will see how far people agree with each other and with the model. Nothing is decided yet."
        )
        return
    if found.cut:
        st.info(
            f"There are more than {words.number(MOST_KINDS)} kinds of cases to hold against each other, and the rest is not counted "
            "here. Filter, or choose a segment with fewer names.",
            icon=":material/content_cut:",
        )
    _among(here, found)
    if found.model:
        st.header("With the model", anchor=False)
        _model(found)
    if by and found.segments:
        st.header(f"By {words.plain(explorer.label(here.domain, by).lower())}", anchor=False)
        _segments(found, explorer.label(here.domain, by))
    if told_apart and (found.own.cases or found.pairs):
        _pairs(here, found)
    _how(here)


def _segment(here: Here) -> str | None:
    columns = here.domain.segment_columns
    if not columns:
        return None
    return st.selectbox("By segment", columns, index=None, key="agree_by", bind="query-params", width=300, placeholder="All together",
                        format_func=lambda by: explorer.label(here.domain, by))  # fmt: skip


def _among(here: Here, found: Agreeing) -> None:
    st.header("Among people", anchor=False)
    if not (found.own.cases or found.final.cases):
        st.info(
            f"No {words.plain(here.domain.terms.case)} was called by two people, so how far they agree cannot be told. Blind second "
            "opinions (on *Review*) would show it."
        )
        return
    st.markdown(_said(found))
    rows = [
        ["Own calls and blind second opinions", *_cells(found.own)],
        ["Final decisions with a recommendation", *_cells(found.final)],
    ]
    if found.opinions:
        rows.append(["Blind second opinion beside the decision", *_cells(found.opinions)])
    grid.wide(["Of", *map(words.own, HEAD)], rows, name="agreement", alt="Agreement among people")


def _said(found: Agreeing) -> str:
    parts = [f"On their own: {_in_words(found.own.alpha)}."]
    closer = found.closer
    if closer.known and closer.low is not None:
        more = f"by {words.number(abs(closer.value), 2)} (between {words.number(closer.low, 2)} and {words.number(closer.high, 2)})"
        if closer.low > 0:
            parts.append(f"Final decisions agree more, {more}: people saw the same recommendation.")
        elif closer.high < 0:
            parts.append(f"Final decisions agree less, {more}, although people saw the same recommendation.")
        else:
            parts.append(
                "Whether final decisions, which saw the same recommendation, agree more cannot be told yet."
            )
    elif found.final.alpha.known:
        parts.append(f"Final decisions, which saw the same recommendation: {_in_words(found.final.alpha)}.")
    return " ".join(parts)


def _in_words(alpha: Measure) -> str:
    """How far people agree, in words."""
    if not alpha.known or alpha.low is None:
        return words.own(alpha.why[:1].lower() + alpha.why[1:].rstrip(".")) if alpha.why else "too few to say"
    if alpha.low <= 0 <= alpha.high:
        return "no more agreement than chance would give can be shown"
    if alpha.high < 0:
        return "less agreement than chance would give"
    strength = "strong" if alpha.low >= 0.8 else "fair" if alpha.low >= 0.667 else "some"
    return f"{strength} agreement beyond chance"


def _model(found: Agreeing) -> None:
    ordered = sorted(
        found.model, key=lambda row: list(CALLS).index(row[:2]) if row[:2] in CALLS else len(CALLS)
    )
    rows = [
        [CALLS.get((who, mode), f"{who.capitalize()} call, card {mode}"), *_cells(line)]
        for who, mode, line in ordered
    ]
    grid.wide(
        ["Beside the recommendation", *map(words.own, HEAD)],
        rows,
        name="agreement",
        alt="Agreement with the model",
    )


def _segments(found: Agreeing, label: str) -> None:
    rows = [
        [name, _alpha(own), str(words.number(own.cases)), _alpha(final), str(words.number(final.cases))]
        for name, own, final in found.segments
    ]
    grid.wide(
        [label, "Own calls (α)", words.own("Cases"), "Final decisions (α)", words.own("Cases")],
        rows,
        name="agreement",
        alt=f"Agreement by {label}",
    )


def _pairs(here: Here, found: Agreeing) -> None:
    st.header("Two by two", anchor=False)
    if not found.pairs:
        st.caption(
            f"No two people whom you may see one by one have called 20 of the same {words.plain(here.domain.terms.many)} on their own."
        )
        return
    veiled.looked(here, {name for pair in found.pairs for name in pair[:2]}, "agreement of two people")
    rows = [[one, other, *_cells(line)] for one, other, line in found.pairs]
    grid.wide(
        ["Person", "Person", *map(words.own, HEAD)], rows, name="agreement", alt="Agreement of two people"
    )
    st.caption(
        f"In order of the alphabet; no ranking. Of many pairs, one in twenty stands out by chance. {veiled.said(here)}"
    )


def _cells(line: Line) -> list[str]:
    return [
        _alpha(line),
        "" if line.same is None else words.percent(line.same),
        str(words.number(line.cases)),
    ]


def _alpha(line: Line) -> str:
    """α with its interval, and for actions that have an order its ordinal form."""
    said = _number(line.alpha)
    return (
        f"{said}; in order: {_number(line.ordinal)}"
        if line.ordinal and line.ordinal.known and line.alpha.known
        else said
    )


def _number(found: Measure) -> str:
    if not found.known:
        return words.own(found.why)
    if found.low is None:
        return fixed(found.value, 2)
    return f"{fixed(found.value, 2)} ({fixed(found.low, 2)} to {fixed(found.high, 2)})"


def _how(here: Here) -> None:
    ordered = (
        " *In order* weighs how far apart two actions stand in the order of the form."
        if len(here.domain.actions) > 2 and here.domain.has_order
        else ""
    )
    measured.how(
        "α is 1 where people always agree, 0 where they agree as often as chance alone would have it, and below 0 where less. "
        f"Krippendorff asks for .8 before conclusions are drawn, and for .667 before tentative ones.{ordered} *The same in*: the "
        "share of pairs of calls that are equal, chance and all.\n\n"
        "Own calls: first calls before any recommendation, decisions made while there was none, and blind second opinions; one a "
        "person and case. Agreement is not being right: people can agree and be wrong together.\n\n"
        "Krippendorff 2011, *Computing Krippendorff's Alpha-Reliability*: 1 − observed / expected disagreement, from the coincidence "
        "matrix, people may be missing. 95 % intervals: variance by leaving out whole cases one at a time, Wilson's interval for the "
        "observed disagreement at the count that variance is worth; simulated, they hold the truth in 94 to 98 of 100. The "
        "difference of final and own takes the two as independent, which errs on the wide side.",
        key="agreement",
    )  # fmt: skip
