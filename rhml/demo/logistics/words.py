"""What simulated dispatchers say when they decide differently."""

from __future__ import annotations

from rhml.demo.words import Said

CAN_WAIT = (
    "The customer called: the ramp is closed until Thursday, a day later is fine.",
    "Their warehouse told me on the phone that they take it any time this week.",
    "I spoke to the customer; they moved their own production, so the date is free.",
    "Their planner rang: nobody will charge for this one, they are late themselves.",
)

TRUCK_STANDS = (
    "The driver rang from the yard: the brakes failed inspection.",
    "The carrier's night desk says that the driver has no hours left.",
    "The terminal called: this load was bumped from tonight's list.",
    "The driver called in sick and they look for somebody else.",
)

HAULIER_CHANGED = (
    "Since they lost half of their drivers, this haulier is late every other time.",
    "The contract haulier hands our loads on to others now; the model does not know yet.",
    "This haulier has been late all month, whatever the margin says.",
    "They changed their routes; what was true last year is not true any more.",
)

OUR_DRIVERS = (
    "Our own drivers get this tour done, they know every gate.",
    "I know the driver; five stops are nothing there.",
    "Our own fleet has always made up the time on the last leg.",
    "We are on the phone with our own people, they will tell us in time.",
)

GO = (
    Said("Factor does not apply", "The warning is for the valley; this lane runs above it.", (("weather_warning", "irrelevant here"),)),
    Said("Data is wrong", "The congestion is yesterday's figure, the hub is nearly empty.", (("congestion", "value is wrong"),)),
    Said("Customer comes first", "They want it on the planned truck with the rest of the order."),
    Said("Model misjudges this kind", "Tours like this one have been in time all year."),
)  # fmt: skip

CHANGE = (
    Said("Model misjudges this kind", "With so little margin I do not trust the last stop.", (("margin_hours", "matters"),)),
    Said("Customer comes first", "We were late there last week; this time I pay for the express."),
    Said("Data is wrong", "The margin counts the night, and the gate is closed then.", (("margin_hours", "value is wrong"),)),
    Said("Other", "Two loads go the same way; together they can leave earlier."),
)  # fmt: skip
