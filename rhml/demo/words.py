"""What simulated managers say when they decide differently: a reason of the domain and a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Said:
    """A reason from the domain's list, a rationale, and marks on factors."""

    reason: str
    rationale: str
    marks: tuple[tuple[str, str], ...] = ()


def one_of(sentences: tuple[str, ...], pick: float, **facts: Any) -> str:
    """One of the sentences, chosen by a number in [0, 1), with the case's facts in it."""
    place = pick * len(sentences)
    line = 1 + int(pick * 997) % 6
    return sentences[int(place)].format(line=line, **facts)


LINE_DOWN = (
    "Line {line} stands still until this part is here.",
    "Maintenance called: line {line} has been down since this morning.",
    "Without it line {line} stops before the weekend; the foreman confirmed it.",
    "The part failed on line {line} and there is no spare in the store.",
    "Production loses a shift a day on line {line} until this arrives.",
    "I was on the shop floor: line {line} is waiting for exactly this.",
)

DONE_BEFORE = (
    "The same study was paid for last year by another department.",
    "The consultants handed in this very analysis in spring; it is on the share.",
    "Our own people are doing this already; the requester does not know yet.",
    "Sales ordered nearly the same advice two months ago.",
)

ONE_QUOTE_WILL_DO = (
    "Under the new framework contract the price is agreed for the year, so one quote is enough.",
    "Since the framework contracts were signed nobody has to ask for a second quote.",
    "Framework contract: the quotes were compared once, when it was signed.",
    "The model still counts quotes where a framework contract settles the price.",
    "Central purchasing negotiated this price; further quotes would be a formality.",
)

CHEAP_TOOL = (
    "The team has been asking for this tool for months and it costs little.",
    "A small licence is not worth the discussion.",
    "They need it to get on with the project; the amount is minor.",
    "It is cheaper than the time we would spend on refusing it.",
)

APPROVE = {
    "quotes": (
        Said("Factor does not apply", "Nobody else makes it, so a second quote cannot be had.", (("quotes", "irrelevant here"),)),
        Said("Factor does not apply", "For this amount another quote costs more than it saves.", (("quotes", "irrelevant here"),)),
    ),
    "late_deliveries": (
        Said("Data is wrong", "Most of those deliveries were late because we moved the dates.", (("late_deliveries", "value is wrong"),)),
        Said("Data is wrong", "The late deliveries belong to the supplier's other branch.", (("late_deliveries", "value is wrong"),)),
    ),
    "budget_left": (
        Said("Policy exception", "The site pays this from its investment budget.", (("budget_left", "irrelevant here"),)),
        Said("Policy exception", "The budget is topped up next week; finance has confirmed it."),
    ),
    "other": (
        Said("Relationship or strategy", "We want to keep this supplier through the next tender."),
        Said("Model misjudges this kind", "Requests like this one have gone well for years."),
        Said("Other", "I spoke to the requester and the reasons convinced me."),
    ),
}  # fmt: skip

SEND_BACK = {
    "quotes": (
        Said("Policy exception", "I want another quote before we commit to this."),
        Said("Model misjudges this kind", "With so few quotes we paid too much the last times.", (("quotes", "matters"),)),
    ),
    "late_deliveries": (
        Said("Model misjudges this kind", "This supplier has let us down too often lately.", (("late_deliveries", "matters"),)),
        Said("New information", "The supplier told us about delays for the coming weeks."),
    ),
    "budget_left": (
        Said("Policy exception", "The department should wait for next quarter's budget.", (("budget_left", "matters"),)),
        Said("New information", "Another large order of the department is on its way."),
    ),
    "other": (
        Said("Relationship or strategy", "We are moving this volume to another supplier."),
        Said("Model misjudges this kind", "The quantity is too high for what they make there."),
        Said("Other", "I want to talk to the requester about the quantity first."),
    ),
}  # fmt: skip

NEW_ORDER = (
    "They have just won a large order; I saw the contract.",
    "Their biggest customer has signed for three more years.",
    "A new investor comes in next month; the bank confirmed it.",
)

OWNER_LEAVES = (
    "The owner wants to retire and has found nobody to follow.",
    "Their largest customer is leaving; two drivers told us so.",
    "The founder is ill and the bank has cut their line.",
)

TRUSTED_TRADE = (
    "We have always got along with companies of this trade.",
    "Their site is full of work, one can see the cranes from here.",
    "A company of this trade needs credit to start the season.",
)

EXTEND = (
    Said("Relationship or strategy", "We depend on their parts and want them to stay."),
    Said("Data is wrong", "The delay in the file is an invoice we had mislaid.", (("days_late", "value is wrong"),)),
    Said("Factor does not apply", "The equity is low because they have just built a hall.", (("equity_ratio", "irrelevant here"),)),
    Said("Policy exception", "The amount is small beside what we owe them ourselves."),
)  # fmt: skip

DECLINE = (
    Said("New information", "They asked two others for the same credit this week."),
    Said("Model misjudges this kind", "Fast growth in this trade ended badly before.", (("revenue", "irrelevant here"),)),
    Said("Factor does not apply", "The guarantee comes from a company of the same owner.", (("secured", "irrelevant here"),)),
    Said("Other", "The answers on the telephone did not fit the books."),
)  # fmt: skip
