"""The Overrides page's first view: counts and worth, a split by one dimension, the cases, files to take along."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.reports.exploration import Exploration
from rhml.reports.overrides import Overrides
from rhml.store import explorer as log
from rhml.store import organization
from rhml.store.explorer import Filters
from rhml.ui import computed, exports, measured, veiled, words
from rhml.ui.overrides import explorer, override_cases, override_split
from rhml.ui.shell import Here

VERDICTS = ("rescued", "spoiled", "both wrong", "not yet known", "cannot be known")


def draw(here: Here, looked_at: Filters) -> None:
    """How many overrides there are, what came of them, by one dimension, and the cases themselves."""
    above, between = st.container(), st.container()
    with between:
        by = split_by(here)
    found = computed.explored(here.domain.name, looked_at, by)
    with above:
        if nothing(found.total, looked_at):
            return
        summary(found, here.domain)
    with between:
        override_split.table(here, found, by)
    override_cases.listed(here, looked_at, found.total.overridden)
    downloads(here, looked_at, found)


def nothing_yet(domain: DecisionDomain) -> None:
    """Says what belongs here, why it is empty, and offers the one next step."""
    st.info("Here you will see where managers decide differently from the model, and what came of it. Nothing is "
            "here yet, because no recommendation has been decided on.")  # fmt: skip
    st.page_link("pages/pending.py", label=f"Decide the first {domain.terms.case}", icon=":material/inbox:")


def nothing(total: Overrides, looked_at: Filters) -> bool:
    """Says why there are no overrides to explore, and what to do; False if there are some."""
    if total.overridden:
        return False
    if looked_at != Filters():
        st.info("No override is left under these filters. Clear or widen them.")
    else:
        st.info(f"Every one of {words.number(total.advised)} decisions follows its recommendation so far.")
    return True


def summary(found: Exploration, domain: DecisionDomain) -> None:
    """How many, what came of them, and whether the rate deserves a look."""
    total = found.total
    look, act = domain.override.look_above, domain.override.act_above
    said = total.rate.why
    if total.rate.known:
        said = (
            f"Override rate {measured.share(total.rate)}: **{total.words}**. A high rate is not bad in itself: judge "
            "by outcome."
        )
    st.markdown(f"**{words.number(total.overridden)} overrides.** {said}")
    shown = (total.rescued, total.spoiled, total.both_wrong, total.not_yet_known, total.cannot_be_known)
    possible = {
        "both wrong": len(domain.actions) > 2,
        "cannot be known": domain.selective or not domain.outcome,
    }
    with st.container(horizontal=True, key="tally"):
        for name, count in zip(VERDICTS, shown, strict=True):
            if possible.get(name, True):
                st.metric(name[0].upper() + name[1:], words.number(count), _worth(found, name, domain), border=True,
                          width=176, delta_color="off", delta_arrow="off")  # fmt: skip
    st.markdown(f"Right when they differed: **{measured.share(total.precision)}**")
    st.markdown(f"Worth, rescued minus spoiled: **{measured.amount(total.value, words.plain(total.unit))}**")
    measured.how(
        "*Rescued*: the decision proved right and the recommendation wrong. *Spoiled*: the other way round. *Both wrong*: a "
        "third action was right. *Not yet known*: the outcome is still to come. *Cannot be known*: after this decision no "
        "outcome is ever seen.\n\n95 % intervals in brackets, for these managers; n counts the overrides that can be judged.\n\n"
        f"The domain looks at rates above {words.percent(look)} and acts above {words.percent(act)}. The rate is the share "
        "of recommendations decided against.",
        key="summary",
    )


def _worth(found: Exploration, verdict: str, domain: DecisionDomain) -> str | None:
    """What the overrides of a verdict came to in the domain's unit; where most cannot speak, only what is at stake."""
    amount = found.worths.get(verdict)
    if not amount or (domain.selective and verdict in ("rescued", "spoiled")):
        return None
    what = {"rescued": "saved", "spoiled": "lost"}.get(verdict, "at stake")
    return f"{words.plain(words.money(abs(amount), found.total.unit))} {what}"


def split_by(here: Here) -> str:
    """The dimension of the table."""
    options = explorer.offered(here)
    return st.selectbox("Split by", options, index=options.index("reason"), key="split", bind="query-params",
                        format_func=lambda by: explorer.label(here.domain, by), width=300)  # fmt: skip


def downloads(here: Here, looked_at: Filters, found: Exploration) -> None:
    """The overrides under the filters as files."""
    store, domain = here.store, here.domain
    print_ = exports.about(
        f"Overrides: {domain.title}",
        filters=explorer.said(domain, looked_at),
        rows=found.total.overridden,
        what="overrides",
        versions=computed.override_names(domain.name)["model_version"],
        at=here.now,
    )

    def read() -> pd.DataFrame:
        table = log.exported(store, domain, looked_at)
        veiled.looked(
            here, table["manager"].unique(), "export of overrides", explorer.said(domain, looked_at)
        )
        return table.drop(columns=["manager"] if here.role in organization.OWN_ONLY else [])

    exports.override_buttons(read, domain, print_, here.now)
