"""The balance between the kinds of mistake, under a picture of what it moves among the waiting cases.

A slider that must answer while it is moved, so it is a frame of its own (`balance/index.html`): the threshold follows
the finger at once, the counts come from the server a moment later. Nothing but counts reaches the browser.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import streamlit as st
from streamlit.components.v1 import declare_component

from rhml.core.domain import DecisionDomain
from rhml.core.intent import STEP, Intent, ends, most, thresholds, two_sided
from rhml.core.intent_words import times
from rhml.loop.intent.preview import Preview
from rhml.printed.marks import WHO
from rhml.ui import words
from rhml.ui.intent import costs

_mount = declare_component("balance", path=str(Path(__file__).parent / "balance"))

BALANCE = "balance"
"""The name of the one slider where mistakes have two sides."""


def draw(
    domain: DecisionDomain,
    intent: Intent,
    preview: Preview,
    *,
    start: dict[str, float],
    of: str,
    key: str,
    on_turned: Callable[[dict[str, float]], None],
) -> None:
    """Draw the picture of a preview and the sliders that stand at `start` where nobody has moved them.

    of: names what the sliders started from; another one puts them back. `on_turned` gets where they stand, before
    the page runs again.
    """
    sliders = [_slider(domain, intent, name, start.get(name, 0.0)) for name in names(domain)]
    drawn = preview.pictured()
    stamp = crc32(repr((of, sliders[0]["left"], len(sliders), start)).encode())

    def turned() -> None:
        told = st.session_state.get(key)
        if isinstance(told, dict) and told.get("of") == stamp and isinstance(told.get("turned"), dict):
            on_turned(within(domain, told["turned"]))

    data = {
        "of": stamp,
        "most": most(domain),
        "step": STEP,
        "mark": WHO["model"].colour,
        "sliders": sliders,
        "picture": _histogram(domain, drawn) if len(domain.actions) == 2 else _shares(domain, drawn),
        "costs": costs.bars(domain, drawn),
    }
    _mount(data=data, key=key, default=None, on_change=turned)


def names(domain: DecisionDomain) -> tuple[str, ...]:
    """The sliders: one where mistakes have two sides, else one an action."""
    return (BALANCE,) if two_sided(domain) else domain.action_keys


def within(domain: DecisionDomain, turned: dict[str, Any]) -> dict[str, float]:
    """What the browser says, within what a slider can say: on its steps, between its ends."""
    limit = most(domain)
    told = {n: v for n, v in turned.items() if n in names(domain) and isinstance(v, (int, float)) and v == v}

    def held(value: float) -> float:
        return min(max(value, -limit), limit)

    return {n: held(round(held(v) / STEP) * STEP) for n, v in told.items()}


def _slider(domain: DecisionDomain, intent: Intent, name: str, value: float) -> dict[str, Any]:
    """One slider: its ends in the domain's words, what each stop says, and where each puts the threshold."""
    if name == BALANCE:
        named = ends(domain)
        left, right, label = named.high, named.low, "Balance between the two kinds of mistake"
    else:
        left, right = f"More “{domain.label(name)}”", f"Fewer wrong “{domain.label(name)}”"
        label = f"What choosing “{domain.label(name)}” wrongly weighs"
    places = _stops(domain)
    moved = [Intent(balance=at, protect=intent.protect) for at in places] if name == BALANCE else []
    return {
        "key": name,
        "label": label,
        "left": left,
        "right": right,
        "value": value,
        "stops": [_stop(at) for at in places],
        "line": [thresholds(domain, one)[0].probability for one in moved]
        if len(domain.actions) == 2
        else None,
    }


def _stop(at: float) -> str:
    return f"weighs {times(at)} times as much" if at else "as the domain’s costs say"


def _stops(domain: DecisionDomain) -> list[float]:
    count = round(most(domain) / STEP)
    return [STEP * i for i in range(-count, count + 1)]


def _histogram(domain: DecisionDomain, preview: Preview) -> dict[str, Any]:
    """The waiting cases along the probability of the first action, by what is recommended; what changes is hatched."""
    found, keys = preview.histogram, domain.action_keys
    then = [[int(found.then[key][i]) for key in keys] for i in range(len(found.edges) - 1)]
    now = [[int(found.now[key][i]) for key in keys] for i in range(len(found.edges) - 1)]
    return {
        "title": f"Waiting {domain.terms.many} by the model’s probability of “{domain.label(keys[0])}”{_as_past(preview)}",
        "alt": _alt(domain, preview),
        "bins": then,
        "fresh": [
            [max(t - n, 0) for t, n in zip(*pair, strict=True)] for pair in zip(then, now, strict=True)
        ],
        "most": max((sum(counts) for counts in then), default=0),
        "ticks": [words.percent(share) for share in (0.0, 0.5, 1.0)],
        "lines": _lines(preview),
        "names": [domain.label(key) for key in keys],
        "hatched": "would change",
        "dotted": "from here on in the protected segment" if len(_lines(preview)) > 2 else "",
    }


def _as_past(preview: Preview) -> str:
    """Said of a picture that stands for cases whose own numbers it may not show."""
    return ", as past ones spread where the own call comes first" if preview.guessed else ""


def _lines(preview: Preview) -> list[tuple[str, float, str]]:
    """Where the recommendation tips: now, under what is being tried, and within a protected segment."""
    lines = [("before", preview.thresholds_now[0].probability, "now")]
    lines.append(
        (
            "after",
            preview.thresholds_then[0].probability,
            words.percent(preview.thresholds_then[0].probability),
        )
    )
    held = preview.protected_then[0].probability if preview.protected_then else None
    if held is not None and held != preview.thresholds_then[0].probability:
        lines.append(("held", held, ""))
    return lines


def _alt(domain: DecisionDomain, preview: Preview) -> str:
    at = words.percent(preview.thresholds_then[0].probability)
    counts = (f"{domain.label(one.action)}: {words.number(one.then)}" for one in preview.shares)
    first = domain.label(domain.action_keys[0])
    return f"“{first}” is recommended from {at} on. Recommended would be {', '.join(counts)}."


def _shares(domain: DecisionDomain, preview: Preview) -> dict[str, Any]:
    """Where a case has more than two ways to go: how many recommendations of each action, now and then."""
    by = {one.action: one for one in preview.shares}
    rows = [
        [getattr(by[key], when) if key in by else 0 for key in domain.action_keys] for when in ("now", "then")
    ]
    return {
        "title": f"What is recommended for the waiting {domain.terms.many}{_as_past(preview)}",
        "bars": {
            "title": "",
            "names": [domain.label(key) for key in domain.action_keys],
            "rows": [
                {"label": label, "text": _counted(row), "parts": _parts(row, sum(row))}
                for label, row in zip(("now", "then"), rows, strict=True)
            ],
        },
    }


def _counted(counts: Sequence[int]) -> str:
    return " · ".join(words.number(count) for count in counts)


def _parts(counts: Sequence[float], whole: float) -> list[float]:
    return [count / whole if whole else 0.0 for count in counts]
