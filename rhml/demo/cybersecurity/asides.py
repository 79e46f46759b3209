"""What people write beside what they mean: sentences made by code that say nothing about the message they stand in.

Their words are many and each is rare, as in what people really post: a model that has read a few hundred messages cannot
tell them from the words that matter; somebody who points at those words can.
"""

from __future__ import annotations

import numpy as np

KIN = ("my cousin", "my neighbour", "our driver", "the new intern", "my flatmate", "a colleague", "my aunt", "the plumber",
       "somebody from school", "the lady next door", "our trainer", "my old boss", "the baker", "a friend of mine",
       "my sister", "the caretaker", "our singer", "the guy at the counter", "my dentist", "the landlord")  # fmt: skip
DID = ("painted", "sold", "forgot", "borrowed", "repaired", "photographed", "moved", "cleaned", "ordered", "dropped", "wrapped",
       "returned", "hid", "washed", "found", "measured", "carried", "burnt", "swapped", "described", "lent out", "broke",
       "rented", "drew", "packed", "mended")  # fmt: skip
WHAT = ("bicycle", "sofa", "camera", "kitchen table", "raincoat", "guitar", "suitcase", "lamp", "calendar", "carpet", "mirror",
        "radio", "ladder", "pillow", "notebook", "wardrobe", "fridge", "keyboard", "blanket", "map", "basket", "piano", "helmet",
        "clock", "curtain", "drill", "tent", "printer", "bucket", "album", "stroller", "saucepan", "armchair", "vase", "toolbox",
        "skateboard", "necklace", "aquarium", "rucksack", "sewing machine")  # fmt: skip
HOW = ("yellow", "second hand", "heavy", "borrowed", "striped", "rusty", "wooden", "tiny", "expensive", "half finished", "dusty",
       "green", "squeaky", "broken", "brand new", "crooked", "foldable", "enormous", "ugly", "spotless")  # fmt: skip
WHEN = ("since easter", "before lunch", "all morning", "twice last week", "on the train", "in the rain", "during the break",
        "after work", "at my parents' place", "in the attic", "over the holidays", "behind the garage", "without asking",
        "for the third time", "in the dark", "by accident", "for half the price", "with one hand", "before breakfast",
        "in front of everybody")  # fmt: skip
FEEL = ("tired", "hungry", "late", "bored", "cold", "busy", "proud", "confused", "homesick", "sunburnt", "lazy", "nervous",
        "relieved", "curious", "sleepy", "grumpy")  # fmt: skip

LINES = (
    "{kin} {did} the {how} {what} {when}",
    "{kin} says the {what} is {how}",
    "i am {feel} and the {what} is still {how}",
    "{when} we {did} a {how} {what}",
    "{kin} is {feel} {when}",
    "who {did} my {what} {when}",
    "it is {how}, like the {what} of {kin}",
    "so {feel} {when}, even {kin} saw it",
)
SLOTS = {"kin": KIN, "did": DID, "what": WHAT, "how": HOW, "when": WHEN, "feel": FEEL}


def aside(rng: np.random.Generator) -> str:
    """One sentence that means nothing here."""
    pick = lambda words: str(words[int(rng.integers(len(words)))])  # noqa: E731
    return pick(LINES).format(**{name: pick(words) for name, words in SLOTS.items()})
