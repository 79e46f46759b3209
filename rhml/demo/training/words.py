"""What simulated claims handlers say when they decide differently."""

from __future__ import annotations

from rhml.demo.words import Said

SERIES_FAULT = (
    "A whole series of these has the same fault; the maker has told us.",
    "I had three of this very model last month, all covered.",
    "The workshop confirmed the series fault on the phone.",
)

DOES_NOT_FIT = (
    "The serial number belongs to another customer.",
    "The photo is the one from a claim of last spring.",
    "The date on the receipt was written over.",
)

PHOTOS_CONVINCE = (
    "The photos show plainly what happened.",
    "They sent so many pictures, there is nothing left to ask.",
    "One sees on the photos that it is no fault of the customer.",
)

SETTLE = (
    Said("Goodwill", "A customer of many years; we settle and keep them."),
    Said("Factor does not apply", "The receipt is in the other file of this customer.", (("receipt", "irrelevant here"),)),
    Said("Model misjudges this kind", "Claims like this one have been covered all year."),
    Said("Other", "I spoke to the customer, and it is as they say."),
)  # fmt: skip

EXAMINE = (
    Said("Model misjudges this kind", "With so many earlier claims I want somebody to look.", (("earlier_claims", "matters"),)),
    Said("Something in the file does not fit", "It was reported weeks after the damage.", (("days_to_report", "matters"),)),
    Said("Factor does not apply", "The estimate is from the shop that sold it.", (("repair_quote", "irrelevant here"),)),
    Said("Other", "I want to see the product before we pay for it."),
)  # fmt: skip
