"""What matters now in words: what is in force, what would change, and what that is expected to cost."""

from __future__ import annotations

from rhml.core.domain import DecisionDomain
from rhml.core.intent_words import short
from rhml.loop.intent.preview import Preview
from rhml.loop.intent.statement import StoredIntent
from rhml.ui import words
from rhml.ui.intent import costs

NOTHING = "nothing is stated, so the action likeliest to prove right is recommended."
LONGEST = 200
"""A longer reason is told whole in the audit trail and among earlier statements."""
SHOWN = 3
"""So many ways from one action to another are named; the rest is counted."""


def line(domain: DecisionDomain, stated: StoredIntent | None) -> str:
    """What is in force, on one line: since when, by whom and why."""
    if stated is None:
        return f"**What matters now:** {NOTHING}"
    said = f"**What matters now: {words.plain(short(domain, stated.intent))}**"
    who = f"since {words.plain(words.day(stated.at))}, by {words.plain(stated.by)}"
    why = stated.why if len(stated.why) <= LONGEST else f"{stated.why[: LONGEST - 1].rstrip()}…"
    return f"{said} :small[{who}: “{words.plain(why)}”]"


def changed(domain: DecisionDomain, preview: Preview) -> str:
    """'**12 of 43 recommendations would change**: 9 from Extend to Decline …' and what mistakes are expected to cost."""
    if not preview.waiting:
        return f"No {words.plain(domain.terms.case)} with a recommendation waits now, so nothing changes yet."
    if preview.guessed or not preview.shown:
        return _mostly_unshown(domain, preview)
    if not preview.changed:
        cost = words.plain(costs.amount(preview.cost_now, preview.unit))
        waits = f"{words.number(preview.shown)} waiting recommendations"
        return f"**None of the {waits} would change.** {costs.name(domain, preview)}: **{cost}**."
    said = (
        f"**{words.number(preview.changed)} of {words.number(preview.shown)} recommendations would change**"
    )
    ways = preview.pairs[:SHOWN]
    named = [
        f"{words.number(pair.count)} from *{words.plain(domain.label(pair.now))}* to "
        f"*{words.plain(domain.label(pair.then))}*" for pair in ways
    ]  # fmt: skip
    rest = preview.changed - sum(pair.count for pair in ways)
    named += [f"{words.number(rest)} otherwise"] if rest else []
    said += f": {', '.join(named)}" if named else ""
    return f"{said}. {costs.name(domain, preview)}: **{words.plain(costs.told(preview))}**."


def _mostly_unshown(domain: DecisionDomain, preview: Preview) -> str:
    """Where most of what waits asks for the own call: what past cases would do, and the few others exactly."""
    many, guess = words.plain(domain.terms.many), preview.unshown
    who = f"{words.number(guess.cases)} of {words.number(preview.waiting)} waiting {many} ask"
    if not preview.shown:
        who = f"Every waiting {words.plain(domain.terms.case)} asks"
    said = f"**{who} for the own call first**"
    if guess.share is None:
        return f"{said}, so what would change is not told."
    said += f": of past {many} **{_of_100(guess.share)}** would change."
    if preview.shown:
        others = f"Of the {words.number(preview.shown)} others" if preview.shown > 1 else "Of the one other"
        said += f" {others} {words.number(preview.changed)} would."
    cost = words.plain(costs.told(preview.pictured()))
    return (
        f"{said} {costs.name(domain, preview)}, going by {'both' if preview.shown else 'them'}: **{cost}**."
    )


def _of_100(share: float) -> str:
    return f"{words.number(100 * share)} of 100"


def _unshown(domain: DecisionDomain, preview: Preview) -> str:
    """What is told of those that ask for the own call, where others show their recommendation."""
    guess = preview.unshown
    if not guess.cases or preview.guessed or not preview.shown:
        return ""
    said = f"{words.number(guess.cases)} more {'asks' if guess.cases == 1 else 'ask'} for the own call first, in no number here"
    if guess.share is None:
        return f"{said}."
    return f"{said}; of past {words.plain(domain.terms.many)} {_of_100(guess.share)} would change."


def left_out(domain: DecisionDomain, preview: Preview, snoozed: int = 0) -> str:
    """What the counts and the costs do not hold, and what of them the list beside does not show."""
    many, said = words.plain(domain.terms.many), [_unshown(domain, preview)]
    if snoozed:
        one = snoozed == 1
        said.append(
            f"{words.number(snoozed)} of the {words.number(preview.waiting)} waiting {'is' if one else 'are'} snoozed: "
            f"*Pending* leaves {'it' if one else 'them'} out, what is stated holds for {'it' if one else 'them'} too."
        )
    if preview.unscored:
        said.append(
            f"{words.number(preview.unscored)} {many} have no recommendation yet and get theirs under what is stated."
        )
    if preview.no_value:
        said.append(
            f"{words.number(preview.no_value)} {many} say nothing of what is at stake: not in the cost."
        )
    return " ".join(filter(None, said))


def how() -> str:
    """What the picture and the numbers mean."""
    return (
        "With nothing stated the model recommends the action likeliest to prove right. Once something is stated it "
        "recommends the action whose mistakes are expected to cost least: the model’s probabilities times the domain’s "
        "cost table, each kind of mistake weighed as the balance says. The probabilities shown stay what they are.  \n"
        "**Expected cost** adds up, over the waiting recommendations, what each would cost if followed, by the domain’s "
        "own cost table without the weights; it rests on the model’s probabilities and is no outcome.  \n"
        "**Own call first**: what the model holds there enters no number, or trying things out would give it away. In its "
        "place stands what would change among past ones of which the model knew nothing when it judged them.  \n"
        "What counts as right in reports stays the outcome; a decision that differs from what was recommended is an "
        "override, whatever mattered when it was made."
    )
