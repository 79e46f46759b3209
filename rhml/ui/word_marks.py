"""Marking the words that a call rests on: every word of a text is a button, and neighbours chosen together are one mark.

Any word may be marked, also one that the model makes nothing of: a code word that is new is exactly that.

>>> offered("message", "Bring the paper boats, now!")[2:4]
['message/0.2:paper', 'message/0.3:boats']
>>> marked(['message/0.3:boats', 'message/0.2:paper', 'message/1.4:now'])
(('message:paper boats', 'matters'), ('message:now', 'matters'))
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import streamlit as st

from rhml.core.domain import DecisionDomain
from rhml.core.domain_parts import Feature
from rhml.loop.card import Card
from rhml.ui import words

MOST = 60
"""Words offered of one text: more buttons than that nobody reads."""

MATTERS = "matters"
_WORD = re.compile(r"\w+(?:[^\w\s]+\w+)*")
_OPTION = re.compile(r"(\w+)/(\d+)\.(\d+):(.*)", re.DOTALL)


def offered(feature: str, text: str) -> list[str]:
    """The words of a text as the buttons' values: feature, run, place and word; a run is words with one blank between."""
    found, run, last = [], 0, None
    for place, word in enumerate(_WORD.finditer(text)):
        if last is not None and text[last : word.start()] != " ":
            run += 1
        found.append(f"{feature}/{run}.{place}:{word.group()}")
        last = word.end()
    return found[:MOST]


def marked(chosen: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The marks that chosen buttons stand for, as the log keeps them."""
    read = sorted((m[1], int(m[2]), int(m[3]), m[4]) for one in chosen if (m := _OPTION.fullmatch(one)))
    phrases: list[list] = []
    for feature, run, place, word in read:
        last = phrases[-1] if phrases else None
        if last and last[:3] == [feature, run, place - 1]:
            phrases[-1] = [feature, run, place, f"{last[3]} {word}"]
        else:
            phrases.append([feature, run, place, word])
    return tuple((f"{feature}:{phrase}", MATTERS) for feature, _, _, phrase in phrases)


def draw(domain: DecisionDomain, card: Card, key: str) -> None:
    """The buttons for the first text that the model reads; nothing where the domain or the case has none."""
    feature = next((f for f in domain.inputs if f.kind == "text"), None)
    text = card.facts.get(feature.name) if feature else None
    options = offered(feature.name, text) if isinstance(text, str) else []
    if not options:
        return
    kept = st.session_state.get(key)
    if set(kept or ()) - set(options):  # a draft of a text that has been put right since
        st.session_state[key] = [one for one in kept if one in options]
    st.pills(_asked(feature, text, options), options, selection_mode="multi", key=key, format_func=_word,
             wrap=True)  # fmt: skip


def _asked(feature: Feature, text: str, options: list[str]) -> str:
    some = f"; its first {MOST}" if sum(1 for _ in _WORD.finditer(text)) > len(options) else ""
    return f"Which words of “{words.plain(feature.label)}” does your call rest on? (optional{some})"


def _word(option: str) -> str:
    return words.plain(option.partition(":")[2])
