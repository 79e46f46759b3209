"""What the overrides were worth, twice: directly, case by case, and as what they taught the model.

>>> worth_in_words(Measure(-40.0, -60.0, -20.0, 900), "cases", Measure(0.0, -0.01, 0.01, 1300))
'Here overriding cost 40 cases (between 20 and 60), and what people called taught the model nothing measurable.'
"""

from __future__ import annotations

from rhml.stats.measure import Measure


def worth_in_words(direct: Measure, unit: str, training: Measure) -> str:
    """Both values in one sentence a manager can repeat, saying no more than the intervals allow."""
    return f"Here {_direct(direct, unit)}, and {_training(training)}."


def _direct(found: Measure, unit: str) -> str:
    if not found.known:
        return "what overriding was worth case by case cannot be told yet"
    if found.low is None or found.high is None or found.low <= 0 <= found.high:
        return "overriding is not shown to have gained or cost anything case by case"
    low, high = sorted((abs(found.low), abs(found.high)))
    what = "gained" if found.value > 0 else "cost"
    return f"overriding {what} {abs(found.value):,.0f} {unit} (between {low:,.0f} and {high:,.0f})".replace(
        "  ", " "
    )


def _training(found: Measure) -> str:
    if not found.known:
        return "what calls taught the model cannot be told yet"
    if found.low is None or found.high is None or found.low <= 0 <= found.high:
        return "what people called taught the model nothing measurable"
    low, high = sorted((abs(found.low), abs(found.high)))
    what = "made the model right" if found.value > 0 else "kept the model from being right"
    return (
        f"what people called {what} in {100 * abs(found.value):.1f} more of 100 cases "
        f"(between {100 * low:.1f} and {100 * high:.1f})"
    )
