"""Settled conflicts: how often which side stood, who proved right later, and each of them with its reason."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.core.governance import OTHER, SENT_BACK
from rhml.reports.conflicts import Conflicts, conflicts
from rhml.store.review import conflicts as reads
from rhml.ui import measured, words
from rhml.ui.grid import wide
from rhml.ui.review import review_desk
from rhml.ui.shell import Here

SHOWN = 25


def draw(here: Here) -> None:
    """What came of conflicts, for leads and analysts; who has a side is told on My learning."""
    if not (here.leads or here.role == "analyst"):
        return
    settled = reads.settled(here.store, here.domain)
    if settled.empty:
        return
    st.header("Settled", anchor=False)
    st.markdown(words.own("  \n".join(sentences(conflicts(settled, here.domain)))))
    measured.how(
        "**Stood**: the settlement kept the decision; cases sent back are left out. **Proved right**: of settled cases whose "
        "outcome is known, the share in which the settled action, the first decision, or the model’s suggestion was the one "
        "that proved right, all on the same cases. Conflicts are no random sample of decisions: the shares speak of "
        "disputed cases alone; cases of the bank count, and their outcomes are kept back here. A settlement is never itself an outcome. Intervals: Wilson, 95 %.",
        key="settled",
    )
    _table(here, settled.head(SHOWN))
    if len(settled) > SHOWN:
        st.caption(f"The newest {words.number(SHOWN)} of {words.number(len(settled))}.")


def sentences(found: Conflicts) -> list[str]:
    """The findings in words: counts, what stood, and who proved right."""
    one = "1 conflict" if found.settled == 1 else f"{words.number(found.settled)} conflicts"
    said = [
        f"**{one} settled**: {words.number(found.settled - found.replaced - found.sent_back)} stood, "
        f"{words.number(found.replaced)} ended with another action, {words.number(found.sent_back)} sent back."
    ]
    stood = f"The decision stood in {words.measure(found.stood)}." if found.stood.known else found.stood.why
    said.append(f"How often it stands: {stood[0].lower()}{stood[1:]}" if not found.stood.known else stood)
    if found.why:
        return [*said, found.why]
    if not found.settlement_right.known:
        return [
            *said,
            f"Who proved right: {found.settlement_right.why[0].lower()}{found.settlement_right.why[1:]}",
        ]
    said.append(
        f"Proved right, of {words.number(found.judged)} with an outcome: what was settled "
        f"{words.measure(found.settlement_right)}; the decision {words.measure(found.decision_right)}; the model "
        f"{words.measure(found.model_right) if found.model_right.known else found.model_right.why}."
    )
    return said


def _table(here: Here, settled: pd.DataFrame) -> None:
    domain = here.domain
    rows = [
        [
            row["case_id"],
            review_desk.KINDS[row["kind"]],
            domain.label(row["decided"]),
            domain.label(row["other"]) if isinstance(row["other"], str) else "",
            told(domain, row["result"], row["settled_on"]),
            _outcome(here, row),
            words.day(row["resolved_at"].to_pydatetime()),
            row["why"],
        ]
        for row in settled.to_dict("records")
    ]
    head = [
        domain.terms.case.capitalize(),
        "About",
        "Decided",
        "Other side",
        "Settled",
        "Proved right",
        "When",
        "Why",
    ]
    wide(head, rows, name="settled", alt="Settled conflicts, the newest first")


def _outcome(here: Here, row: dict) -> str:
    """What proved right; of a case of the bank not to a lead, who may have a side in it."""
    if row["bank"] and here.leads:
        return "kept back"
    return here.domain.label(row["right_action"]) if isinstance(row["right_action"], str) else "not known"


def in_words(domain: DecisionDomain, result: str, action: str | None) -> str:
    """As `told`, where Markdown is read."""
    return words.plain(told(domain, result, action))


def told(domain: DecisionDomain, result: str, action: str | None) -> str:
    """'the decision stands', 'instead: Decline', 'to be decided anew'."""
    if result == OTHER:
        return f"instead: {domain.label(action)}"
    return "to be decided anew" if result == SENT_BACK else "the decision stands"
