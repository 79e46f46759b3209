"""Short messages made by code: for each kind a few ways to say it, and words to fill in; nobody wrote any of them.

Each message comes with its *signal*: the words that an attentive reader would point at. They stand in the message.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rhml.demo.cybersecurity.asides import aside

PLACES = (
    "the gate",
    "the loading bay",
    "the lobby",
    "the stage",
    "the ticket desk",
    "the side entrance",
    "the car park",
)
TIMES = ("tomorrow", "tonight", "on friday", "at noon", "after the show", "this weekend", "on monday morning")
NAMES = ("the arena", "the company", "the team", "the shop", "the organizers", "the club")
THINGS = (
    "the queue",
    "the app",
    "the refund",
    "the new seats",
    "the parking",
    "the sound",
    "the opening hours",
)
OPENERS = ("", "", "", "ok so ", "listen, ", "hey, ", "honestly ", "update: ", "by the way ")
CLOSERS = ("", "", "", " pass it on", " just saying", " :)", " !!", " thanks", " see you there")


@dataclass(frozen=True)
class Kind:
    """One kind of message: what it is on the scale (high: dismiss, low: escalate), ways to say it with the signal
    between stars, how often it occurs, and the watch list that mostly catches it."""

    name: str
    view: float
    share: float
    topic: str
    ways: tuple[str, ...]


KINDS = (
    Kind("threat", -5.5, 0.11, "Event", (
        "*they will regret it* at {place} {time}", "we know the way in through {place}, *they will be sorry* {time}",
        "*nobody gets out early* {time}, remember that at {place}", "{name} *has been warned*, {place} {time}",
        "*last warning* to {name}: stay away from {place} {time}", "{time} *we settle it* at {place}",
        "{place} *will not be standing* after {time}", "they *laugh now*, at {place} {time} they will not",
        "*every door locked* at {place} {time}, you will see", "somebody at {name} *pays for it* {time}",
        "*do not come* to {place} {time} if you want to get home",
    )),
    Kind("lure", -4.5, 0.09, "Staff", (
        "your badge *expires today*, confirm it here before {time}", "staff of {name}: *confirm your password* at this link",
        "payroll *could not verify* your account, sign in here", "*unusual sign-in* to your mailbox, check it {time}",
        "new rota for {place}: *open the attachment* to accept it", "a parcel for {place} *is held back*, enter your details",
        "{name} wants you to *renew your mailbox* before {time}", "bonus for staff of {name}: *fill in the form* {time}",
        "*your storage is full*, free some here {time}", "scan this code at {place} to *keep your access*",
    )),
    Kind("scam", 0.2, 0.12, "Payments", (
        "*double your money* with the ticket fund of {name}", "tickets for {time}, *pay in vouchers* only",
        "*guaranteed returns* for fans of {name}, ask me how", "selling two seats near {place}, *deposit first*",
        "you won a prize from {name}, *small fee* to collect it", "*earn from home* with {name}, no questions asked",
        "signed shirts of {name}, *no receipt needed*", "*last chance to invest* in {thing} of {name}",
        "season ticket {time}, *cash only* near {place}", "{name} gives away {thing}, *send a code* to take part",
    )),
    Kind("boycott", -0.2, 0.11, "Brand", (
        "*do not buy anything* from {name} {time}", "everybody *stays away* from {place} {time}, spread the word",
        "*boycott* {name} until {thing} is fixed", "we *block the phones* of {name} {time}",
        "*leave one star* for {name} {time}, all of us", "*hand back your ticket* to {name} {time}",
        "*turn your back* on {name} when {thing} comes up", "*write to the sponsors* of {name} about {thing}",
        "nobody *sets foot in* {place} {time}, we agreed", "*cancel your membership* at {name} {time}",
    )),
    Kind("complaint", 4.6, 0.19, "Brand", (
        "waited an hour at {place}, {thing} *is a joke*", "{name} *should be ashamed* of {thing}",
        "*never again*, {thing} was broken {time}", "why does {thing} *take so long* at {name}",
        "*asked three times* about {thing}, no answer from {name}", "{thing} of {name} *is a disgrace*",
        "*who is responsible* for {thing} at {place}", "*paid for nothing*, {thing} did not work {time}",
        "{name} *promised me* {thing}, still waiting", "*worst service ever* at {place} {time}",
    )),
    Kind("chat", 5.4, 0.18, "Event", (
        "*looking forward* to {time} at {place}", "{name} was *great fun*, {thing} too",
        "does anybody know when {place} *opens* {time}", "*lost my scarf* near {place}, found it again",
        "*good seats* and {thing} worked well {time}", "*who is coming* to {place} {time}",
        "*my first time* at {place}, {name} made it lovely", "*happy birthday* to {name}, see you {time}",
        "*thank you all* for {thing}, {name}", "*anybody up for* a coffee near {place} {time}",
    )),
    Kind("quote", 4.2, 0.10, "Event", (
        "lol my barber said “*they will regret it*” about my haircut {time}", "“*last warning*”, says the cat at dinner, every day",
        "in that film the hero says “*we settle it* at {place}” and trips", "“*nobody gets out early*” is what my boss calls a meeting",
        "imagine shouting “*has been warned*” at a vending machine near {place} lol",
        "“*every door locked*”, whispers the narrator, and it is about an oven", "my gran says “*they will be sorry*” when the bus is late {time}",
        "“*will not be standing*” is what the coach says of our {thing} song", "“*do not come*”, the invitation said, as a joke, so all came {time}",
        "“somebody *pays for it*”, says my flatmate about the pizza, every time",
    )),
)  # fmt: skip
ERRAND = Kind("errand", 5.0, 0.14, "Event", (
    "bring the *{thing}* to {place} {time}", "who still has *{thing}* for {time}", "*{thing}* are ready, see you at {place}",
    "{time} is the day for *{thing}* at {place}", "the *{thing}* arrive {time}, be at {place}",
))  # fmt: skip
"""Harmless, and said in the very ways in which code words are: only the words in stars tell the two apart."""

KIND_OF = {kind.name: kind for kind in (*KINDS, ERRAND)}
QUOTE = "quote"

CODE = "code"
CODE_SHARE, CODE_VIEW = 0.22, 3.6
"""Share of messages with a code word in use, and what such a message looks like to who does not know the word."""

CODE_WORDS = (
    "paper boats", "grey pigeons", "cold pancakes", "brass kettles", "wet candles", "glass marbles", "tin violins",
    "silent tulips", "early lanterns", "blue umbrellas", "sour apples", "late postcards", "green thimbles",
    "salted plums", "quiet trumpets", "plastic swans", "hollow acorns", "rusty anchors", "purple mittens",
    "crooked spoons", "painted eggs", "velvet ropes", "frozen berries", "broken compasses",
)  # fmt: skip
"""Each means trouble for some weeks and is then given up for the next."""

ASIDES = (0.1, 0.3, 0.35, 0.25)
"""How often a message has none, one, two or three sentences beside what it means."""

ERRANDS = (
    "folding chairs", "spare batteries", "cheese rolls", "warm jackets", "name tags", "old speakers", "team flags",
    "extra cables", "water bottles", "lost keys", "red scarves", "tea urns", "long ladders", "song sheets",
)  # fmt: skip


@dataclass(frozen=True)
class Written:
    """A message, the words an attentive reader would point at, its kind, and the code word in it, if any."""

    text: str
    signal: str
    kind: str
    code: str


def written(rng: np.random.Generator, codes: tuple[str, ...]) -> Written:
    """One message at a time at which some code words are in use (none before anybody made one up)."""
    if codes and rng.random() < CODE_SHARE:
        code = str(rng.choice(codes))
        return _said(rng, replace(ERRAND, name=CODE), (code,), code)
    kind = EVERYDAY[int(rng.choice(len(EVERYDAY), p=SHARES))]
    return _said(rng, kind, ERRANDS if kind is ERRAND else THINGS, "")


EVERYDAY = (*KINDS, ERRAND)
SHARES = np.array([kind.share for kind in EVERYDAY]) / sum(kind.share for kind in EVERYDAY)


def _said(rng: np.random.Generator, kind: Kind, things: tuple[str, ...], code: str) -> Written:
    pick = lambda words: str(words[int(rng.integers(len(words)))])  # noqa: E731  four slots, one way to fill each
    line = pick(kind.ways).format(place=pick(PLACES), time=pick(TIMES), name=pick(NAMES), thing=pick(things))
    before, signal, after = line.split("*")
    meant = f"{pick(OPENERS)}{before}{signal}{after}{pick(CLOSERS)}"
    around = [aside(rng) for _ in range(int(rng.choice(len(ASIDES), p=ASIDES)))]
    around.insert(int(rng.integers(len(around) + 1)), meant)
    return Written(". ".join(around), signal, kind.name, code)
