"""A year of message triage with a known truth, in eight learning cycles: dismiss, watch, escalate.

Planted, for the reports to find:
* *code words*: every fortnight somebody means trouble by new harmless words ("paper boats"). Analysts who hear of it know and mark
  them; the model cannot know until the next training, and then tells those who have not heard.
* *marked words*: most of a message says nothing of it, and what says something is said in many ways, each of them rare.
  Whoever marks these words teaches the model what to look at, long before outcomes alone could.
* *quotes*: whoever quotes a threat, or jokes with its words, is harmless. The model learns that from what came of them;
  analysts take them at their word, less as the year teaches them.
* *a new desk*: the analysts begin the year unsure and end it steady, most of all on quotes and on code words.
* *facts*: young accounts and many reports make a message worse, by a little; followers, hour and region say nothing.
Of the two kinds of mistake the dear one is a threat dismissed.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from rhml.demo import words, world
from rhml.demo.cybersecurity import said
from rhml.demo.cybersecurity.messages import CODE_VIEW, CODE_WORDS, KIND_OF, QUOTE, Written, written
from rhml.demo.people import Manager, Plant
from rhml.demo.scale import Scale
from rhml.demo.words import Said
from rhml.demo.world import World

NAME = "message_triage"
DAYS, LAST_DAYS = 21, 10
"""Messages are handed over every three weeks; those of the last days wait."""

TRAININGS = (0, 2, 4, 6, 8, 10, 12, 14)
"""Handovers with which a training begins: eight versions, eight learning cycles."""

HISTORY, A_DAY = 120, 2.8
IN_USE, EVERY = timedelta(days=105), timedelta(days=15)
"""For how long a code word is in use, and after what time the next one is."""

SCALE = Scale((2.0, -2.0))
CODE_MEANS = -9.5
LOOKED_AT_AGAIN = timedelta(days=9)
MARKED = 0.9
"""The share of messages in which who looked marks the words that the call rests on."""

ANALYSTS = (
    Manager("Threat analyst 1", 0.26, 6.5, {"code word": 0.75}, -9.0, 0.85, 0.90, 0.97, 0.97),
    Manager("Threat analyst 2", 0.24, 7.2, {"code word": 0.60}, -9.5, 1.00, 0.80, 0.97, 0.97),
    Manager("Threat analyst 3", 0.22, 6.5, {"code word": 0.15}, -9.0, 0.95, 0.85, 0.97, 0.97),
    Manager("Threat analyst 4", 0.18, 9.0, {"code word": 0.10}, -9.9, 1.30, 0.60, 0.97, 0.97),
    Manager("Lead", 0.10, 4.4, {"code word": 0.60}, -8.0, 0.80, 0.95, 0.90, 0.9),
)
CHANNELS = ("Public post", "Direct message", "Forum", "E-mail")
MAILED = ("Direct message", "E-mail")


def plan(*, at: datetime, seed: int, size: float = 1.0) -> World:
    """A year of messages that ends at `at`; `size` scales how many there are."""
    rng, domain = np.random.default_rng([seed, 4]), world.demo_domain(NAME)
    moments = world.rounds(at, days=DAYS, last=LAST_DAYS)
    history = max(100, round(HISTORY * size))
    received, imported = world.arrivals(rng, moments, a_day=A_DAY * size, history=history)
    texts = [written(rng, in_use(when, moments)) for when in received]
    cases = _cases(rng, received, texts)
    planted = _planted(rng, cases, texts).assign(
        manager=world.plant_people(rng, list(ANALYSTS), len(cases)),
        decide_at=world.decide_times(rng, imported, moments),
        imported=imported,
    )
    odds = (planted["visible"] + planted["private"]).to_numpy()
    planted["right_action"] = world.right_actions(rng, odds, domain, SCALE)
    signals = dict(zip(cases["case_id"], texts, strict=True))
    return World(
        domain=domain,
        managers={analyst.name: analyst for analyst in ANALYSTS},
        cases=cases,
        planted=planted,
        history=frozenset(cases["case_id"][:history]),
        rounds=moments,
        trainings=frozenset(moments[place] for place in TRAININGS),
        known_at=lambda case_id, action, decided, explore: decided + LOOKED_AT_AGAIN,
        say=lambda plant, facts, action, informed: say(
            plant, signals[plant.case_id], action, informed=informed
        ),
        mark=lambda plant, facts, informed: marks(plant, signals[plant.case_id], informed=informed),
        ask="Same words as in last week's post, other account. Do we wake the duty officer for it?",
        scale=SCALE,
    )


def in_use(when: datetime, moments: tuple[datetime, ...]) -> tuple[str, ...]:
    """The code words that mean trouble at a moment; before the year nobody had one."""
    return tuple(
        word for k, word in enumerate(CODE_WORDS) if timedelta(0) <= when - (moments[0] + k * EVERY) < IN_USE
    )


def say(plant: Plant, text: Written, action: str, *, informed: bool) -> Said:
    """The reason and the sentence of an analyst who decides differently, with the words that it rests on marked."""
    marked = marks(plant, text, informed=informed)
    if informed and text.code and action != "dismiss":
        return Said("Code word or slang", words.one_of(said.CODE, plant.pick, code=text.code), marked)
    if text.kind == QUOTE:
        reason, lines = (
            ("Joke, quote or sarcasm", said.QUOTE)
            if action == "dismiss"
            else ("Tone not heard by the model", said.TONE)
        )
        return Said(reason, words.one_of(lines, plant.pick, signal=text.signal), marked)
    reason, lines = said.OTHERWISE[action][int(plant.pick * len(said.OTHERWISE[action]))]
    return Said(reason, words.one_of(lines, plant.pick, signal=text.signal), marked)


def marks(plant: Plant, text: Written, *, informed: bool) -> tuple[tuple[str, str], ...]:
    """The words that a call rests on, as nearly always marked; who does not know a code word marks nothing in its message."""
    if text.code and not informed:
        return ()
    return ((f"message:{text.signal}", "matters"),) if plant.looks < MARKED else ()


def _cases(rng: np.random.Generator, received: list[datetime], texts: list[Written]) -> pd.DataFrame:
    n = len(received)
    bad = np.array([_view(text) < -1 for text in texts])
    lure = np.array([text.kind in ("lure", "scam") for text in texts])
    mailed = rng.random(n) < np.where(lure, 0.65, 0.2)
    channel = np.where(mailed, rng.choice(MAILED, n), rng.choice(("Public post", "Forum"), n, p=(0.7, 0.3)))
    usual = np.array([KIND_OF[text.kind].topic if text.kind in KIND_OF else "Event" for text in texts])
    answer = [timedelta(days=int(d)) for d in rng.integers(12, 22, n)]
    return pd.DataFrame(
        {
            "case_id": [f"M-{20001 + i}" for i in range(n)],
            "received_at": received,
            "due_at": [r + d for r, d in zip(received, answer, strict=True)],
            "message": [text.text for text in texts],
            "channel": channel,
            "topic": np.where(rng.random(n) < 0.6, usual, rng.choice(("Event", "Staff", "Payments", "Brand"), n)),
            "account_days": np.round(np.exp(rng.normal(np.where(bad | lure, 4.6, 6.0), 1.1))).clip(0, 5_000),
            "followers": np.where(mailed, np.nan, np.round(np.exp(rng.normal(4.8, 1.4, n)))),
            "reported_by": rng.poisson(np.where(bad, 1.6, 0.5)),
            "hour": rng.integers(0, 24, n),
            "links": np.where(rng.random(n) < np.where(lure, 0.7, 0.08), "yes", "no"),
            "region": rng.choice(["North", "South", "Abroad"], size=n, p=(0.45, 0.4, 0.15)),
        }
    )  # fmt: skip


def _planted(rng: np.random.Generator, cases: pd.DataFrame, texts: list[Written]) -> pd.DataFrame:
    """Where each message lies on the scale: `visible` to everybody, `private` to who knows the code word."""
    n = len(cases)
    coded = np.array([bool(text.code) for text in texts])
    quote = np.array([text.kind == QUOTE for text in texts])
    visible = (
        np.array([_view(text) for text in texts])
        + 0.5 * np.log10(cases["account_days"].to_numpy() / 200 + 0.05)
        - 0.5 * (cases["reported_by"].to_numpy() - 0.7)
    )
    return pd.DataFrame(
        {
            "case_id": cases["case_id"],
            "visible": visible,
            "private": np.where(coded, CODE_MEANS, 0.0),
            "kind": np.where(coded, "code word", ""),
            "fashion": quote,
            "news": coded,
            **world.chances(rng, n),
        }
    )


def _view(text: Written) -> float:
    """What a message looks like by its words alone."""
    return CODE_VIEW if text.code else KIND_OF[text.kind].view
