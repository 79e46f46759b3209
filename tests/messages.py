"""Simulated reports of suspicious messages: short texts with synonyms and typos, judged by three actions."""

import numpy as np
import pandas as pd

ACTIONS = np.array(["dismiss", "watch", "escalate"], dtype=object)

TRIAGE = """
title = "Message triage"
question = "What should happen with this report?"
[terms]
case = "report"
[actions]
dismiss = "Dismiss"
watch = "Watch"
escalate = "Escalate"
[outcome]
[features.message]
label = "Message"
kind = "text"
[features.links]
label = "Links"
kind = "number"
changeable = true
[features.channel]
label = "Channel"
kind = "category"
[segments]
columns = ["channel"]
[training]
minimum = 50
"""

GREETINGS = ("hi", "hello", "dear customer", "hey team", "good morning", "attention", "fyi", "")
SENTENCES = (
    # How much a sentence speaks for a threat, and its wordings.
    (2.2, "{verify} your {account} {now} or it will be {blocked}"),
    (2.0, "we noticed unusual activity, {verify} the {account} at secure-{site}"),
    (1.8, "you have won a {prize}, {click} to claim it"),
    (1.6, "invoice {number} is overdue, see the attached macro and enable content"),
    (1.2, "your parcel {number} is held at customs, {click} to pay the fee"),
    (1.4, "the {boss} needs gift cards {now}, reply with the codes"),
    (0.5, "your {account} password expires in {number} days"),
    (0.3, "new sign-in to your {account} from {site}"),
    (0.2, "{boss} shared a document, {click} to open"),
    (-0.4, "newsletter {number}: what is new at {site}"),
    (-1.2, "meeting moved to {number}:30, same room as before"),
    (-1.5, "lunch on friday? {boss} said the canteen has fish"),
    (-1.3, "minutes of the {site} project are in the shared folder"),
    (-1.6, "please find the signed timesheet for week {number}"),
    (-1.0, "the printer on floor {number} is out of toner again"),
    (-1.8, "thanks for your help with the {site} rollout, well done"),
)
WORDINGS = {
    "verify": ("verify", "confirm", "validate", "re-confirm", "update"),
    "account": ("account", "mailbox", "bank account", "wallet", "payroll account"),
    "now": ("now", "immediately", "within 24 hours", "today", "at once"),
    "blocked": ("blocked", "suspended", "closed", "deactivated", "locked"),
    "prize": ("prize", "free gift", "voucher", "new phone", "bonus"),
    "click": ("click here", "follow the link", "tap below", "open the link", "visit the page"),
    "boss": ("director", "head of finance", "ceo", "supervisor", "colleague"),
    "site": ("alpha", "orion", "nordbank", "delta", "webmail", "portal"),
}
CLOSINGS = ("thanks", "regards", "kind regards", "do not reply", "sent from my phone", "")
CHANNELS = ("mail", "chat", "sms")


def messages(count: int, seed: int, *, noise: float = 0.8) -> pd.DataFrame:
    """Reports with their text, links, channel and the action that proves right; bank and folds are drawn."""
    rng = np.random.default_rng(seed)
    texts, threat = zip(*(_message(rng) for _ in range(count)), strict=True)
    links, channel = rng.poisson(0.8, count), rng.choice(CHANNELS, count)
    level = np.array(threat) + 0.5 * np.minimum(links, 4) + 0.7 * (channel == "sms") - 0.8
    level += noise * rng.normal(size=count)
    right = ACTIONS[np.digitize(level, [-0.3, 1.3])]
    return pd.DataFrame(
        {
            "case_id": [f"r{i:06}" for i in range(count)],
            "received_at": pd.Timestamp("2026-01-01") + pd.to_timedelta(np.arange(count), unit="min"),
            "bank": False,
            "explore": False,
            "fold": rng.integers(0, 5, count),
            "mode": "assisted",
            "message": texts,
            "links": links.astype(float),
            "channel": channel,
            "right_action": right,
        }
    )


def _message(rng: np.random.Generator) -> tuple[str, float]:
    chosen = rng.choice(len(SENTENCES), size=1 + rng.integers(0, 3), replace=False)
    said = [rng.choice(GREETINGS), *(_worded(rng, SENTENCES[at][1]) for at in chosen), rng.choice(CLOSINGS)]
    text = ". ".join(part for part in said if part)
    return _mistyped(rng, text), sum(SENTENCES[at][0] for at in chosen)


def _worded(rng: np.random.Generator, sentence: str) -> str:
    return sentence.format(
        number=rng.integers(1, 60), **{slot: rng.choice(some) for slot, some in WORDINGS.items()}
    )


def _mistyped(rng: np.random.Generator, text: str) -> str:
    """About one letter in sixty is doubled, dropped or swapped, and one message in four is loud."""
    letters = list(text)
    for at in np.flatnonzero(rng.random(len(letters)) < 1 / 60):
        letters[at] = rng.choice(["", letters[at] * 2, letters[at][::-1], letters[at].upper()])
    loud = rng.random()
    said = "".join(letters)
    return said.upper() if loud < 0.05 else f"{said}!!!" if loud < 0.25 else said
