"""What several views of the Improvement page say alike: why there is nothing yet, and the domain's own segments."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.reports.report import Report
from rhml.ui import charts, filters, measured, words
from rhml.ui.charts import WHO


def nothing(report: Report, domain: DecisionDomain, *, filtered: bool) -> bool:
    """Says why there is nothing to report, and what to do; False if there is something."""
    found = report.reliance
    if found.decisions or found.with_both_calls or found.human_all.n or found.agreement_first.n:
        return False
    if filtered:
        st.info("No decision was made in this span. Choose other dates.")
        return True
    st.info(
        f"Here you will see whether people, the model and the team improve. Nothing is here yet, because no "
        f"{words.plain(domain.terms.case)} has been decided."
    )
    st.page_link("pages/pending.py", label=f"Decide the first {domain.terms.case}", icon=":material/inbox:")
    return True


def segments(found: Report, domain: DecisionDomain) -> None:
    """Human, model and team in each segment of a chosen column."""
    columns = list(dict.fromkeys(s.column for s in found.segments))
    if not columns:
        return
    st.header("By segment", anchor=False)
    by = columns[0]
    if len(columns) > 1:
        by = st.selectbox("Split by", columns, key="by", bind="query-params", width=300,
                          format_func=lambda c: filters.label(domain, c))  # fmt: skip
    chosen = [s for s in found.segments if s.column == by]
    figure = charts.segments(chosen)
    if figure is not None:
        said = "; ".join(f"{s.segment}: {s.words}" for s in chosen)
        charts.draw(figure, key="segments", alt=f"Share right by segment. {said}.")
    st.dataframe(
        _segment_table(chosen, found.reliance.unit),
        hide_index=True,
        column_config={"Segment": st.column_config.Column(pinned=True)},
        alt="People, model and team in each segment",
    )
    measured.how(
        "**Decisions − recommendations** compares final decision and recommendation on the same cases: above 0 people "
        "added something to the model. The words are tested over all segments together, so that a difference found by "
        "searching many is not taken for one. *Judged* are decisions whose outcome is known and may speak. Differences between segments are differences of cases too: nobody is "
        "ranked by them.",
        key="segments",
    )


def _segment_table(chosen: list, unit: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Segment": [s.segment for s in chosen],
            "Decisions": [s.decisions for s in chosen],
            "Judged": [s.judged for s in chosen],
            "In words": [words.own(s.words) for s in chosen],
            **{charts.SIDES[who]: [measured.share(getattr(s, who)) for s in chosen] for who in WHO},
            "Decisions − recommendations": [measured.difference(s.team_minus_model) for s in chosen],
            "Overrides were worth": [measured.amount(s.override_value, unit) for s in chosen],
        }
    )
