"""A text on the card, its words tinted by what they contributed, and those that counted most.

Whatever a message holds is shown letter by letter and does nothing: every piece is escaped.

>>> [phrase.text for phrase in phrases("Claim your free gift now", [(11, 15, 0.05), (16, 20, 0.04), (0, 0, 0.01)])]
['free gift']
>>> markup("a <b>", []), "&lt;b&gt;</mark>" in markup("a <b>", [(2, 5, -0.1)])
('a &lt;b&gt;', True)
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil

import streamlit as st

from rhml.core.domain import DecisionDomain, Feature
from rhml.loop.card import Card
from rhml.ui import words
from rhml.ui.account import whole

Word = tuple[int, int, float]

MOST = 5
"""Phrases told one by one, and offered for marking."""

LEAST = 0.005
"""Half a point: what is weaker is not tinted."""

TINTS = (14, 26, 40)
FOR, AGAINST = "solid #c8641b", "dashed #7b8794"
"""A line that tells the two apart without the colour."""


@dataclass(frozen=True)
class Phrase:
    """Words next to each other that speak the same way, as they are written, and their points together."""

    text: str
    points: float


def words_in(card: Card, name: str) -> list[Word]:
    """What the words of a text contributed, the rest last at (0, 0); nothing where the card may not say."""
    shown = card.recommendation
    if shown is None or not shown.words:
        return []
    return [(start, end, points) for start, end, points in json.loads(shown.words).get(name, [])]


def draw(domain: DecisionDomain, card: Card, feature: Feature, label: str) -> None:
    """The text under its label; with its reasons where this stage of the card shows any."""
    text = card.facts.get(feature.name)
    told = words_in(card, feature.name) if isinstance(text, str) else []
    said = markup(text, told) if isinstance(text, str) else "not given"
    style = "white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.7"
    st.html(f'<div style="opacity:0.75">{escape(label)}</div><div style="{style}">{said}</div>')
    if told:
        st.markdown(_legend(domain, card))
        if card.stage == "decide":  # before the own call nothing says what it all adds up to
            st.caption(account(text, told))


def markup(text: str, told: Sequence[Word]) -> str:
    """The text as HTML: escaped, its telling words underlined and tinted by how much they count."""
    loud = [word for word in sorted(told) if word[1] and abs(word[2]) >= LEAST]
    most = max((abs(points) for *_, points in loud), default=1.0)
    pieces, at = [], 0
    for start, end, points in loud:
        tint = TINTS[min(ceil(len(TINTS) * abs(points) / most), len(TINTS)) - 1]
        pieces += [escape(text[at:start]), _marked(text[start:end], FOR if points > 0 else AGAINST, tint)]
        at = end
    return "".join([*pieces, escape(text[at:])])


def _marked(piece: str, line: str, tint: int) -> str:
    mixed = f"color-mix(in srgb, {line.split()[1]} {tint}%, transparent)"
    return f'<mark style="color:inherit;border-bottom:2px {line};background:{mixed}">{escape(piece)}</mark>'


def phrases(text: str, told: Sequence[Word]) -> list[Phrase]:
    """The words of a text, neighbours that speak the same way together, strongest first."""
    found: list[list[Word]] = []
    for word in sorted(w for w in told if w[1] and abs(w[2]) >= LEAST):
        last = found[-1][-1] if found else None
        if last and text[last[1] : word[0]] == " " and (last[2] > 0) == (word[2] > 0) and len(found[-1]) < 3:
            found[-1].append(word)
        else:
            found.append([word])
    listed = [Phrase(text[some[0][0] : some[-1][1]], sum(w[2] for w in some)) for some in found]
    return sorted(listed, key=lambda phrase: -abs(phrase.points))


def strongest(card: Card, name: str, *, most: int = MOST) -> list[Phrase]:
    """The phrases of a card's text that counted most; only those with a letter or a digit can be spoken of."""
    text = card.facts.get(name)
    found = phrases(text, words_in(card, name)) if isinstance(text, str) else []
    spoken = [phrase for phrase in found if any(letter.isalnum() for letter in phrase.text)]
    return list({phrase.text.casefold(): phrase for phrase in reversed(spoken[:most])}.values())[::-1]


def named(card: Card, feature: Feature, points: float) -> str:
    """'“free gift”, “click here”': the phrases that speak as the whole text does; empty where none is known."""
    same = [phrase for phrase in strongest(card, feature.name) if (phrase.points > 0) == (points > 0)]
    return ", ".join(f"“{words.plain(phrase.text)}”" for phrase in same[:3])


def account(text: str, told: Sequence[Word]) -> str:
    """'“free gift” +8.1; “thanks” −2.0; other words +1.2; words that are not there −0.3: together +7.0 points'."""
    listed = phrases(text, told)
    rest = sum(points for _, end, points in told if not end)
    total = sum(points for *_, points in told)
    shown = [phrase.points for phrase in listed[:MOST]]
    parts = [*shown, total - rest - sum(shown), rest]
    tenths = whole([1000 * part for part in parts], round(1000 * total))
    names = [f"“{words.plain(phrase.text)}”" for phrase in listed[:MOST]]
    names += ["other words", "words that are not there"]
    said = "; ".join(f"{name} {_tenths(n)}" for name, n in zip(names, tenths, strict=True))
    return f"{said}: together {_tenths(round(1000 * total))} points."


def how_to_read(domain: DecisionDomain) -> str:
    """What the marks on a text mean, as a line of Markdown; empty where no model reads a text."""
    if not any(feature.kind == "text" for feature in domain.inputs):
        return ""
    return (
        "**Words** share a text's points by what each adds to the model's reading of it: the word itself, the pair "
        "with its neighbour, and the letters it is made of. What the words that stand there do not account for "
        "belongs to those that could stand there and do not.  \n"
    )


def _tenths(n: int) -> str:
    return f"{'−' if n < 0 else '+'}{words.number(abs(n) / 10, 1)}"


def _legend(domain: DecisionDomain, card: Card) -> str:
    """Which way the two lines point."""
    action = words.plain(domain.label(card.recommendation.action or domain.action_keys[0]))
    return f":small[Words with a solid line speak for **{action}**, with a dashed line against it.]"
