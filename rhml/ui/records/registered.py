"""The model register on the page: when each version was live, by whose word, and its card to take along."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import streamlit as st

from rhml.loop.records import answering
from rhml.loop.records.register import Entry, Spell
from rhml.printed.numbers import locale
from rhml.store.opening import utc_now
from rhml.ui import measured, words
from rhml.ui.grid import wide
from rhml.ui.records import answered_for, card_files
from rhml.ui.shell import Here
from rhml.ui.versions import VERDICTS

COUNTS = ("Judged again", "Decisions while live", "Shown with", "Overridden")


def draw(here: Here) -> None:
    """The spells newest first, the versions, and the card of one."""
    found = answered_for.register(here.domain.name)
    if not found.entries:
        st.info(
            "Here you will see every model version: when it was live, who promoted it against which verdict and why, and what "
            "was decided under it. There is none yet; train one on *Versions*."
        )
        return
    st.header("When which version was live", anchor=False)
    _spells(found.entries)
    st.header("Every version", anchor=False)
    _versions(found.entries)
    _card(here, found.entries)


def _spells(entries: tuple[Entry, ...]) -> None:
    rows = sorted(
        ((s, e) for e in entries for s in e.spells), key=lambda pair: pair[0].live_from, reverse=True
    )
    if not rows:
        st.markdown("None so far: a version recommends once a person promotes it.")
        return
    told = [_spell(spell, entry) for spell, entry in rows]
    wide(
        list(told[0]),
        [list(one.values()) for one in told],
        name="spells",
        alt="When which version was live, newest first",
    )


def _spell(spell: Spell, entry: Entry) -> dict[str, str]:
    against = ", promoted against it" if spell.against_verdict else ""
    return {
        "Version": entry.version,
        "Live from": words.when(spell.live_from),
        "Live to": _until(spell.live_to),
        "Promoted by": spell.promoted_by,
        "Verdict then": VERDICTS[spell.verdict] + against,
        "Why": spell.why,
        "Tests waived": spell.waived or "none",
    }


def _until(at: datetime | None) -> str:
    return words.when(at) if at else "now"


def _versions(entries: tuple[Entry, ...]) -> None:
    st.dataframe(
        pd.DataFrame(
            {
                "Version": [e.version for e in entries],
                "Trained": [f"{words.when(e.trained_at)} by {e.trained_by}" for e in entries],
                "Verdict": [VERDICTS[e.verdict] for e in entries],
                "Judged again": [len(e.judged) for e in entries],
                "Decisions while live": [e.decided_while_live for e in entries],
                "Shown with": [e.shown_with for e in entries],
                "Overridden": [e.overridden for e in entries],
                "Learned from": [e.learned_from for e in entries],
                "Hash": [e.hash for e in entries],
            }
        ),
        hide_index=True,
        column_config={
            "Version": st.column_config.Column(pinned=True),
            **{name: st.column_config.NumberColumn(format="localized") for name in COUNTS},
        },
        alt="Every version, newest first",
    )
    measured.how(
        "A version is live from a promotion until the next one; a rollback gives an earlier version another spell. *Decisions "
        "while live* were made in this app and not taken back; *Shown with* counts those that showed this version’s "
        "recommendation, which may have been made just before another went live. The hash is of the model’s content: the "
        "same material gives the same hash.",
        key="register",
    )


def _card(here: Here, entries: tuple[Entry, ...]) -> None:
    st.header("Model card", anchor=False)
    st.markdown(
        "Details, intended use, factors, metrics, data, segments, equal treatment, caveats; then what a validation asks besides: "
        "back-testing, benchmarks, drift, overrides, changes, challenge. All numbers are the log’s."
    )
    domain, spoken = here.domain, locale()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        version = st.selectbox("Version", [e.version for e in entries], key="carded", width=160)
        card_files.buttons(here, "Model card", f"model-card-{version}",
                           lambda: answering.of_model(here.store, domain, version, at=utc_now(), locale=spoken))  # fmt: skip
