"""What mistakes are expected to cost, by kind: before and after, by the domain's own cost table."""

from __future__ import annotations

from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.loop.intent.preview import KindCost, Preview
from rhml.ui import words
from rhml.ui.intent.expected import amount


def told(preview: Preview) -> str:
    """'41,200 € → 36,900 € (−10 %)'."""
    now, then = preview.cost_now, preview.cost_then
    said = f"{amount(now, preview.unit)} → {amount(then, preview.unit)}"
    change = (then - now) / now if now else 0.0
    sign = "+" if change > 0 else "−"
    return f"{said} ({sign}{words.percent(abs(change))})" if round(change, 2) else said


def name(domain: DecisionDomain, preview: Preview) -> str:
    """What the costs are called: where neither stake nor cost is named they are a number of mistakes."""
    mistakes = preview.per_case and not domain.value.cost
    return "Expected mistakes" if mistakes else "Expected cost of mistakes"


def bars(domain: DecisionDomain, preview: Preview) -> dict[str, Any]:
    """Two bars, now and then, each in its kinds of mistake; the longer one takes the whole width."""
    longest = max(preview.cost_now, preview.cost_then)
    rows = []
    for label, when, total in (("now", "now", preview.cost_now), ("then", "then", preview.cost_then)):
        parts = [getattr(one, when) / longest if longest else 0.0 for one in preview.costs]
        rows.append({"label": label, "text": amount(total, preview.unit), "parts": parts})
    return {
        "title": name(domain, preview),
        "names": [_kind(one, preview.unit) for one in preview.costs],
        "rows": rows,
    }


def _kind(one: KindCost, unit: str) -> str:
    return f"{one.words}: {amount(one.now, unit)} → {amount(one.then, unit)}"
