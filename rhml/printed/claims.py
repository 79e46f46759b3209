"""What the verdicts and the measures of working together say in words: the same on the page and in print."""

from __future__ import annotations

from rhml.core.domain import DecisionDomain
from rhml.printed.numbers import number, percent
from rhml.reports.complementing import FIRST, MODEL
from rhml.reports.improvement import Side
from rhml.reports.overrides import Overrides
from rhml.reports.reliance import Reliance
from rhml.stats.measure import Measure

ARROWS = {"improved": "↗", "fell": "↘", "no change shown": "→"}
SUBJECTS = {
    "human": ("People", "people"),
    "model": ("The model", "the model"),
    "team": ("The team", "the team"),
}
CLAIMS = {
    "improved": "{0} improved",
    "fell": "{0} got worse",
    "no change shown": "{0}: no change that matters is shown",
    "too few to say": "{0}: too few cases to say",
    "cannot be known": "{0}: cannot be known here",
}
ABOUT = {
    "human": "First calls that people made before they saw anything of the model; each person’s earlier against own "
    "later calls.",
    "model": "Recommendations as they were shown.",
    "team": "Final decisions, made by people who may have seen a recommendation.",
}
ROWS = {"human": "resolved unaided calls", "model": "resolved recommendations", "team": "resolved decisions"}

WITH_OUTCOMES = {
    "rair": ("Took right advice", "The first call was wrong and the recommendation right: how often the final decision "
             "followed it (RAIR). Higher is better."),
    "rsr": ("Kept a right call", "The first call was right and the recommendation wrong: how often people kept their own "
            "(RSR). Higher is better."),
    "override_precision_all": ("Overrides that were right", "Of the decisions against the recommendation, how many "
                               "proved right."),
    "error_correlation": ("Mistakes in common", "Whether people and model err on the same cases: 1 always, 0 no more than "
                          "chance. The lower, the more each can correct the other."),
}  # fmt: skip
ALWAYS = {
    "switch_fraction": ("Changed to the model's", "The first call differed from the recommendation: how often the final "
                        "decision was the model's. Neither high nor low is good in itself."),
    "weight_of_advice": ("Weight of advice", "How far the stated confidence moves from the first call towards the model's: "
                         "0 % not at all, 100 % all the way."),
    "agreement_first": ("Agreed before seeing it", "How often the first call was what the model then recommended."),
    "agreement_final": ("Agreed in the end", "How often the final decision was what the model recommended."),
}  # fmt: skip
PARTS = {
    "gained by following": ("Followed right advice", 1),
    "gained against both": ("Right against both", 1),
    "lost by following": ("Followed wrong advice", -1),
    "lost against both": ("Wrong against both", -1),
}


def claimed(who: str, side: Side) -> str:
    """What is claimed of one of the three, in a phrase.

    >>> from rhml.stats.verdicts import Verdict
    >>> none = Measure.unknown("")
    >>> claimed("human", Side(Verdict("too few to say", none), none, none, none))
    'People: too few cases to say'
    """
    said = side.verdict.words
    text = CLAIMS.get(said, "{0}: not enough data yet").format(SUBJECTS[who][0])
    if said in ("improved", "fell"):
        text += f" by {number(abs(side.verdict.change.value) * 100, 1)} points"
    return text


def asked(side: Side) -> str:
    """What the words of a side ask a change to show.

    >>> from rhml.stats.looks import Looks
    >>> from rhml.stats.verdicts import Verdict
    >>> none = Measure.unknown("")
    >>> asked(Side(Verdict("too few to say", none), none, none, none, looks=Looks(5, (6_000,), False)))
    '2.4 standard errors, look 5'
    """
    said = f"{number(side.bar, 1)} standard errors"
    return f"{said}, look {number(side.looks.number)}" if side.looks.number else said


def reliance_shown(domain: DecisionDomain) -> dict[str, tuple[str, str]]:
    """Which measures of reliance a domain can have, each with its name and a sentence."""
    return ALWAYS if domain.outcome is None else {**WITH_OUTCOMES, **ALWAYS}


def better_together(found: Reliance) -> str:
    """Whether deciding together beats first call and model, in a sentence; the reason where that is not known."""
    gap = found.complementarity
    if not gap.known:
        return gap.why
    if gap.low is not None and gap.low > 0:
        return f"Deciding together beats both {FIRST} and {MODEL}."
    if gap.high is not None and gap.high < 0:
        return "Deciding together falls short of the better of the two."
    return "It is not shown that deciding together beats the better of the two, nor that it falls short."


def counted(total: Overrides) -> str:
    """How many overrides there were, and how many rescued and spoiled."""
    return (
        f"Of {number(total.overridden)} overrides, {number(total.rescued)} rescued and "
        f"{number(total.spoiled)} spoiled."
    )


def uncounted(total: Overrides) -> str:
    """The overrides of which neither can be said, or nothing."""
    rest = [(total.both_wrong, "both wrong"), (total.not_yet_known, "not yet known"),
            (total.cannot_be_known, "cannot be known")]  # fmt: skip
    also = ", ".join(f"{number(n)} {said}" for n, said in rest if n)
    return f"Also {also}." if also else ""


def worth(found: Measure) -> str:
    """Whether the overrides saved more than they cost."""
    if found.low is None or found.low <= 0 <= found.high:
        return "Whether they saved more than they cost cannot be told yet."
    return "They saved more than they cost." if found.value > 0 else "They cost more than they saved."


def rate(found: Measure) -> str:
    """A share alone, for a narrow column; the interval beside it.

    >>> rate(Measure(0.5, 0.4, 0.6, 100))
    '50 % (40 to 60)'
    """
    if not found.known:
        return "—"
    ends = "" if found.low is None else f" ({number(found.low * 100)} to {number(found.high * 100)})"
    return f"{percent(found.value)}{ends}"
