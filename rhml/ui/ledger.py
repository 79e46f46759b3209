"""Who taught whom: a list each way, the verdict in a word, the number one click behind it, the cases two."""

from __future__ import annotations

from html import escape
from math import isnan

import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.printed.marks import WHO
from rhml.reports.ledger import ASSOCIATION, FELL, NO_CHANGE, TAUGHT, TO_MODEL, TO_PEOPLE, Entry, Ledger
from rhml.ui import measured, reported, words
from rhml.ui.filters import Span
from rhml.ui.shell import Here, staying_in

SIGNS = {TAUGHT: "✓", ASSOCIATION: "≈", FELL: "↘", NO_CHANGE: "→"}
SIDES = {TO_MODEL: ("human", "People → model"), TO_PEOPLE: ("model", "Model → people")}
SHOWN, LINKS = 6, 12
COMPARED = ("version", "correction")
"""Lines that compare a model with and without something, not two times."""

FIRST = (TAUGHT, FELL, ASSOCIATION)
STYLE = """<style>
.taught { display: flex; flex-wrap: wrap; gap: 0 .9rem; align-items: baseline; }
.taught b { flex: 0 0 11.5rem; }
@media (max-width: 640px) { .taught b { flex-basis: 100%; } }
.taught .moved { white-space: nowrap; font-variant-numeric: tabular-nums; }
</style>"""


def draw(here: Here, span: Span) -> None:
    """Both lists, and how to read them."""
    found: Ledger = reported.part(
        "ledger", here.domain.name, since=span.since, until=span.until, segment=span.segment
    )
    st.html(STYLE)
    for direction in (TO_MODEL, TO_PEOPLE):
        _side(here, found, direction)
    _how(here.domain, found.left_out)


def _side(here: Here, found: Ledger, direction: str) -> None:
    """The total in a sentence, then the lines: what was shown to teach first."""
    first, title = SIDES[direction]
    total, entries = found.totals[direction], found.of(direction)
    st.html(f"<style>.st-key-side_{first} {{ border-left: 4px solid {WHO[first].colour}; }}</style>")
    with st.container(key=f"side_{first}", border=True, gap="small"):
        st.header(title, anchor=False)
        st.markdown(f"**{words.plain(total.words)}**")
        first_seen, rest = _by_interest(entries)
        for place, entry in enumerate(first_seen):
            _line(here, entry, f"{first}_{place}")
        if rest:
            with st.expander(f"{words.number(len(rest))} more line{'' if len(rest) == 1 else 's'}"):
                for place, entry in enumerate(rest, SHOWN):
                    _line(here, entry, f"{first}_{place}")
        if direction == TO_PEOPLE and not entries:
            _next_for_people(here.domain)
        if direction == TO_MODEL and not any(not isnan(one.p) for one in entries):
            _next_for_model(here.domain)


def _by_interest(entries: tuple[Entry, ...]) -> tuple[list[Entry], list[Entry]]:
    """What was shown to teach, then what can be told; apart from it versions in which nothing was used, but for the first."""
    dull = [one for one in entries[1:] if one.kind == "version" and isnan(one.p)]
    told = sorted(
        (one for one in entries if one not in dull),
        key=lambda one: (one.claim not in FIRST, not one.change.known),
    )
    return told[:SHOWN], told[SHOWN:] + dull


def _line(here: Here, entry: Entry, key: str) -> None:
    """The word, what was taught, and what it was before and after; the numbers behind a click."""
    word = entry.claim.partition(" (")[0]
    said = f"{SIGNS.get(word, '…')} {word[:1].upper()}{word[1:]}"
    moved = ""
    if entry.before.known and entry.after.known:
        without, with_ = (" without", " with") if entry.kind in COMPARED else ("", "")
        moved = f"{words.percent(entry.before.value)}{without} → {words.percent(entry.after.value)}{with_}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(
            f'<div class="taught"><b>{escape(said)}</b><span>{escape(entry.what)}</span>'
            f'<span class="moved">{escape(moved)}</span></div>',
            width="stretch",
        )
        with st.popover("Numbers", type="tertiary", icon=":material/tag:", key=f"ledger_{key}"):
            _numbers(here, entry)


def _numbers(here: Here, entry: Entry) -> None:
    """The change with interval and count, what it rests on, and the way to the cases."""
    st.markdown(f"**{words.plain(measured.difference(entry.change))}**")
    if entry.change.known:
        st.markdown(words.told(entry.why))
    if entry.more:
        st.markdown(f"About {words.number(entry.more)} more would tell.")
    if entry.before.known and entry.after.known:
        first, then = ("Without", "With") if entry.kind in COMPARED else ("Before", "After")
        st.markdown(f"{first}: {measured.share(entry.before)} right. {then}: {measured.share(entry.after)}.")
    for name, found in entry.beside:
        st.markdown(f"{name[0].upper()}{name[1:]}: {words.plain(measured.difference(found))}.")
    since = f" since {words.day(entry.when)}" if entry.when else ""
    st.caption(f"{words.plain(entry.who[0].upper() + entry.who[1:])}{since}.")
    _cases(here, entry)


def _cases(here: Here, entry: Entry) -> None:
    """The newest cases themselves, or the overrides behind a reason or a segment."""
    if entry.filters:
        st.page_link(
            "pages/overrides.py", label=f"Overrides among the {words.number(entry.counted)} decisions",
            icon=":material/list:", query_params={**dict(entry.filters), **staying_in(here.domain)},
        )  # fmt: skip
    if not entry.cases:
        return
    many = words.plain(here.domain.terms.many)
    newest = "" if entry.counted <= LINKS else f", the newest {LINKS}"
    st.caption(f"{words.number(entry.counted)} {many}{newest}:")
    with st.container(horizontal=True, gap="small"):
        for case_id in reversed(entry.cases[-LINKS:]):
            st.page_link("pages/decide.py", label=words.plain(str(case_id)),
                         query_params={"case": case_id, **staying_in(here.domain)})  # fmt: skip


def _next_for_people(domain: DecisionDomain) -> None:
    if domain.outcome is None:
        return
    st.info("A lead teaches a lesson on the Team page. Its start is drawn by lot, so that what gets better afterwards can be "
            "told from chance.")  # fmt: skip
    with st.container(horizontal=True):
        _link("team", "Team’s lessons", ":material/groups:", domain, view="Lessons")
        _link("practice", "Practice", ":material/exercise:", domain)


def _next_for_model(domain: DecisionDomain) -> None:
    if domain.outcome is None:
        return
    st.info("People teach the model where they know more than the facts say: by overriding with a reason, and by lessons that a "
            "lead has it learn. The next retraining tries all of it against twins without it.")  # fmt: skip
    with st.container(horizontal=True):
        _link("models", "Retrain", ":material/model_training:", domain)
        _link("team", "Team’s lessons", ":material/groups:", domain, view="Lessons")


def _link(page: str, label: str, icon: str, domain: DecisionDomain, **query: str) -> None:
    st.page_link(f"pages/{page}.py", label=label, icon=icon, width="content",
                 query_params={**query, **staying_in(domain)})  # fmt: skip


def _how(domain: DecisionDomain, left_out: tuple[str, ...]) -> None:
    measured.how(
        "**Taught** is said only where the comparison sets other causes apart; **association**: something else may have done "
        f"it; **no change shown**: the interval lies within ±{100 * domain.report.smallest_change:g} points.\n\n"
        "*People → model*: five models with what people called against five twins without it, on cases that came after all of "
        "them; too few of those: on the bank. A lesson: the version after against the one before inside its rule (exact "
        "McNemar), and its twins there. Prices of reasons do not add up.\n\n"
        "*Model → people*: unaided calls inside the rule after its start against before, less the same where nothing was "
        "taught (difference in differences, within people, on like cases). Calls that the rule was looked for on are left "
        "out: *before* is the confirming half, the later ones, which had to pass a test of their own. Bad luck may have helped "
        "them pass it, so part of what got better may be luck evening out. Assumed: without the lesson both would have moved "
        "alike; it must hold in points and in odds.\n\n"
        "Looked at when 40, 80, 160 … cases have come, each look stricter (Lan & DeMets 1983); all lines tested together: on "
        "average at most one claim in twenty is chance (Benjamini & Hochberg 1995). Shown are 95 % intervals, for these "
        "people; the words ask more.\n\n"
        f"Not told: {words.plain(' '.join(left_out))}",
        key="ledger",
    )  # fmt: skip
