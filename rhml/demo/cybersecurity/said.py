"""What simulated threat analysts say when they decide differently from the suggestion."""

from __future__ import annotations

CODE = (
    "“{code}” is what they call it since last month; I saw it in their channel.",
    "Nobody means {code} by “{code}” any more, it is their word for the next action.",
    "“{code}” turned up in two reports this week, both times with a place and a time.",
    "The desk next door told us what “{code}” stands for.",
    "They changed the word again: “{code}” is the new one.",
)
QUOTE = (
    "“{signal}” is quoted here, nobody is threatened.",
    "A joke: the rest of the message says so.",
    "Somebody retells a scene, the words in quotes are not theirs.",
    "Read it aloud, it is plain sarcasm.",
)
TONE = (
    "“{signal}” may be in quotes, but I do not like the tone of it.",
    "The model reads a joke here; I would not rely on that.",
    "With these words I would rather have somebody look.",
)

OTHERWISE = {
    "dismiss": (
        ("Known account", ("This account posts like that every week, nothing ever came of it.",
                           "We know who this is, and there is nothing in it.")),
        ("Tone not heard by the model", ("“{signal}” is grumbling, no more.", "Somebody lets off steam about “{signal}”.")),
        ("Model misjudges this kind", ("Messages like this one were harmless the last times.",
                                       "The model makes too much of “{signal}”.")),
    ),
    "watch": (
        ("Tone not heard by the model", ("“{signal}” alone is not enough, but I want to see what follows.",
                                         "Not yet, but this one is worth a second look.")),
        ("Standing instruction", ("Calls like “{signal}” stay on the list for a week.",
                                  "The duty officer wants to see these collected, not one by one.")),
        ("Model misjudges this kind", ("“{signal}” is neither harmless nor urgent.", "We watched the last ones like this, and rightly.")),
    ),
    "escalate": (
        ("Tone not heard by the model", ("“{signal}” with a place and a time is more than talk.",
                                         "“{signal}” sounds like somebody who means it.")),
        ("Standing instruction", ("Before an event, words like “{signal}” go to the duty officer.",
                                  "Anything about an entrance is handed on this week.")),
        ("Model misjudges this kind", ("The model plays down “{signal}”.", "The last time we only watched one like this, it was a mistake.")),
    ),
}  # fmt: skip
