"""The three verdicts: the word in large letters, the number one click behind it, the cases two."""

from __future__ import annotations

import streamlit as st

from rhml.printed.claims import ABOUT, ARROWS, asked
from rhml.printed.marks import WHO
from rhml.printed.measured import signed
from rhml.reports.improvement import Improvement
from rhml.reports.in_words import verdict_word
from rhml.reports.parting import VERSIONS
from rhml.reports.sides import Side
from rhml.ui import cases_behind, measured, words
from rhml.ui.filters import Span
from rhml.ui.shell import Here

ROWS = {"human": "unaided calls", "model": "recommendations", "team": "decisions"}


def draw(found: Improvement, here: Here, span: Span) -> None:
    """The three cards, each in its colour."""
    stripes = "".join(
        f".st-key-verdict_{who} {{ border-top: 4px solid {mark.colour}; }}" for who, mark in WHO.items()
    )
    st.html(f"<style>{stripes}</style>")
    for column, who in zip(st.columns(3), WHO, strict=True):
        with column.container(border=True, key=f"verdict_{who}", height="stretch", gap="xxsmall"):
            _card(who, getattr(found, who), here, span)


def _card(who: str, side: Side, here: Here, span: Span) -> None:
    mark, word = WHO[who], verdict_word(side)
    said = f"{ARROWS.get(word, '')} {word[0].upper()}{word[1:]}".strip()
    st.html(
        f"<div>{mark.html}<strong>{mark.name}</strong></div>"
        f'<div style="font-size:1.5rem;font-weight:600;line-height:1.3">{said}</div>'
    )
    with st.popover(f"{mark.name} in numbers", type="tertiary", icon=":material/tag:", key=f"number_{who}"):
        _numbers(who, side)
        _cases(who, side, here, span)


def _numbers(who: str, side: Side) -> None:
    """The change with its interval and count, the halves as counted, and where the cases are."""
    change = side.change
    if change.known:
        st.markdown(f"**{measured.difference(change)}**")
    else:
        st.markdown(words.told(change.why))
    if side.verdict.more:
        st.markdown(f"About {words.number(side.verdict.more)} more {ROWS[who]} with an outcome would tell.")
    if side.earlier.known and side.later.known:
        st.markdown(
            f"Right in {measured.share(side.earlier)} before, in {measured.share(side.later)} after: as counted; the "
            f"change is for like {words.own('cases')}."
        )
    wide = side.verdict.change
    if wide.low is not None:
        st.markdown(
            f"The word rests on a wider interval, {signed(wide.low)} to {signed(wide.high)} "
            f"({asked(side)}), because the report is read again and again."
        )
    st.caption(f"{ABOUT[who]} {words.told(side.note)}")


def _cases(who: str, side: Side, here: Here, span: Span) -> None:
    """The cases of each half, one click further."""
    named = ("older versions", "newer versions") if side.cut == VERSIONS else None
    for i, (half, counted) in enumerate((("earlier", side.earlier.n), ("later", side.later.n))):
        if counted:
            which = f"{ROWS[who]} of {named[i]}" if named else f"{half} {ROWS[who]}"
            label = f"The {words.number(counted)} {which}"
            cases_behind.link(here, span, f"side:{who}:{half}", label)
