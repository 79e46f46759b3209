"""Team → Modes: which cases asked for an own call, whether it was made, and what asking costs."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.reports.modes import ModesReport, ModeUse
from rhml.stats.measure import Measure
from rhml.ui import computed, measured, words
from rhml.ui.shell import Here

NAMES = {"assisted": "At once", "first_call": "Own call first", "evidence_only": "Evidence first"}
"""Where the recommendation stands: at once, after the own call, or after the factors and the own call."""


def draw(here: Here) -> None:
    """The modes of the domain as the log stands; of the team, never of a person."""
    found = computed.modes(here.domain.name)
    if not found.drawn:
        many = words.plain(here.domain.terms.many)
        st.info(
            f"No {many} have had a card here yet: those of an older log came decided. Which of them ask for an own "
            "call is drawn when they arrive."
        )
        st.page_link("pages/organization.py", label=f"Bring {many}", icon=":material/upload:")
        return
    st.markdown(cost(found, here.domain))
    st.header("Drawn, asked, done", anchor=False)
    measured.table_of(
        _table(found, drawn), alt=words.own("Cases by mode: drawn, asked for an own call, done, left out")
    )
    measured.how(_drawn_how(here.domain), key="modes_drawn")
    st.header("Minutes a card is open", anchor=False)
    measured.table_of(_table(found, times), alt="Median minutes by mode, and how much longer than at once")
    measured.how(
        "The median time from opening a card to the decision: half take longer. Because the mode is drawn by lot, the "
        "difference is what asking costs. Overdue ones are left out on both sides. Times of single people are shown "
        "nowhere. Brackets: 95 % intervals for these people, and the number of decisions.",
        key="modes_minutes",
    )


def cost(found: ModesReport, domain: DecisionDomain) -> str:
    """The one sentence that a lead asks for: what own calls cost in a hundred cases."""
    many, per = words.plain(domain.terms.many), found.per_hundred
    if not per.known:
        return f"What own calls cost in minutes is not known yet. {words.own(per.why)}"
    return (
        f"At today’s shares own calls add **{minutes(per)}** to a hundred {many}."
        if per.low is None or per.low > 0 or per.high < 0
        else f"At today’s shares no cost of own calls shows yet: {minutes(per)} in a hundred {many}."
    )


def minutes(found: Measure, digits: int = 1) -> str:
    """'12.0 minutes (8.1 to 16.2; n 340)', or the reason there are none."""
    if not found.known:
        return words.own(found.why)
    inside = [f"n {words.number(found.n)}"]
    if found.low is not None:
        inside.insert(0, f"{_decimal(found.low, digits)} to {_decimal(found.high, digits)}")
    return f"{_decimal(found.value, digits)} minutes ({'; '.join(inside)})"


def _decimal(value: float, digits: int) -> str:
    """A rounded number; nothing is minus zero."""
    return measured.decimal(round(value, digits) + 0.0, digits)


def _table(found: ModesReport, rows: Callable[[ModeUse], dict[str, str]]) -> pd.DataFrame:
    """A column a mode, so that it is read on a narrow screen too."""
    columns = {NAMES[use.mode]: rows(use) for use in found.modes}
    names = next(iter(columns.values()))
    return pd.DataFrame({"": list(names), **{mode: list(rows.values()) for mode, rows in columns.items()}})


def drawn(use: ModeUse) -> dict[str, str]:
    """What came of a mode's cases, by name."""
    own = use.mode != "assisted"
    return {
        "Drawn": words.number(use.drawn),
        "Share drawn": measured.share(use.share),
        "Share set": words.percent(use.meant),
        "Decided": words.number(use.decided),
        "Own call made": f"{words.number(use.done)} of {words.number(use.asked)} asked" if own else "—",
        "Not asked: overdue": words.number(use.overdue) if own else "—",
        "Called, not decided": words.number(use.called) if own else "—",
        "Set aside": measured.share(use.set_aside),
        "Waiting": words.number(use.waiting),
    }


def times(use: ModeUse) -> dict[str, str]:
    """How long a mode's cards are open."""
    own = use.mode != "assisted"
    return {"Median": minutes(use.minutes, 2), "Longer than at once": minutes(use.longer, 2) if own else "—"}


def _drawn_how(domain: DecisionDomain) -> str:
    many, days = words.plain(domain.terms.many), domain.modes.overdue_days
    late = "overdue" if not days else f"more than {words.number(days)} day{'s' if days > 1 else ''} overdue"
    return (
        f"Each of the {many} gets its mode by lot when it arrives; nobody can pick or predict it, and reloading or "
        f"skipping changes nothing. One that is {late} when it is opened asks for no own call. *Set aside*: skipped, "
        "snoozed or escalated before an own call; where that is more frequent than at once, calls are being avoided. "
        "Brackets: 95 % intervals."
    )
