"""Real web sites with what they turned out to be, triaged by simulated analysts.

Sites and outcomes are real: they come with the package `river` (data set "Phishing"; see the domain file for source,
coding and licence). The data hold no dates and no decisions, so when a site came in and who decided what is simulated,
and nothing here is said of real people.

Planted in the people only, for the reports to find:
* *fashion*: analysts trust a site that has many visitors. In these data popular sites are phishing more often than
  others, and the model learns that from outcomes.
* *reports*: users and owners call, mostly about sites that look like what they are not. Some analysts hear of it, the
  model never does: overrides for "A user reported it" and "We know the owner" are right far more often than not.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from rhml.demo import world
from rhml.demo.people import Manager, Plant
from rhml.demo.words import Said, one_of
from rhml.demo.world import World
from rhml.demo.year import LEAD, Progress, work
from rhml.store.engine import Store

NAME = "phishing_sites"
DAYS, ROUNDS, WAITING = 10, 10, 34
"""Sites come in every ten days for three months; so many of the last ones wait."""

OLDER = 0.68
"""The share of the sites that was triaged before there was a model."""

TRAININGS = (0, 5)
CHECKED_WITHIN = 6.0
"""Days after which at the latest it is known what a site was."""

ANALYSTS = (
    Manager("Threat analyst 1", 0.30, 2.2, {"reported": 0.9, "owner known": 0.2}, 3.0, 0.8, 0.85, 0.35),
    Manager("Threat analyst 2", 0.30, 2.8, {"reported": 0.3, "owner known": 0.9}, 3.6, 1.0, 0.75, 0.45),
    Manager("Threat analyst 3", 0.25, 3.4, {"reported": 0.2, "owner known": 0.2}, 4.2, 1.3, 0.60, 0.60),
    Manager("Lead", 0.15, 2.0, {"reported": 0.6, "owner known": 0.6}, 2.4, 0.7, 0.95, 0.10),
)

PEOPLE = {LEAD: "lead", **{one.name: "manager" for one in ANALYSTS if one.name != LEAD}}

CODED = {
    "empty_server_form_handler": "form_handler",
    "popup_window": "popup_window",
    "https": "https",
    "request_from_other_domain": "other_domain_contents",
    "anchor_from_other_domain": "other_domain_links",
    "is_popular": "popularity",
    "long_url": "address_length",
    "age_of_domain": "domain_age",
}
"""The package's names and ours, of the facts that the source codes 1, 0 and −1, and the package 1, ½ and 0."""

WORDS = {1.0: "looks legitimate", 0.5: "suspicious", 0.0: "looks like phishing"}
EYE = {"form_handler": 2.4, "https": 2.0, "popup_window": 1.6, "domain_age": 0.8, "address_length": 0.8}
"""How much an analyst makes of a fact, in log-odds from one end of it to the other: a rule of thumb, not a fit."""

REPORTED = (
    "Two users reported that it asked for their password.",
    "The help desk has a report of a mail that leads there.",
    "A user sent a picture of the page: it copies our own sign-in.",
)
OWNER_KNOWN = (
    "It belongs to a supplier of ours; I called them.",
    "The owner confirmed the move to the new address.",
    "We have worked with this shop for years; the site is theirs.",
)
ALLOW = (
    Said("Fact is out of date", "The certificate was renewed yesterday; the list has the old one."),
    Said("Model misjudges this kind", "So many visitors cannot all be wrong about this site."),
    Said("Policy exception", "The team needs it today and opens it on a machine apart."),
)
BLOCK = (
    Said("Looks like a known campaign", "Name and layout are like those of last month's wave."),
    Said("Model misjudges this kind", "The address hides where it leads, whatever else looks right."),
    Said("Other", "I opened it apart from our network and did not like what it loads."),
)


def build(store: Store, *, at: datetime, progress: Progress, seed: int, size: float = 1.0) -> dict[str, int]:
    """Work the real sites through their months in a log; counts of everything that happened."""
    return work(store, plan(at=at, seed=seed, size=size), progress=progress)


def plan(*, at: datetime, seed: int, size: float = 1.0) -> World:
    """The sites in an order drawn by lot, since the data know no dates; `size` below 1 takes some of them."""
    rng, domain = np.random.default_rng([seed, 5]), world.demo_domain(NAME)
    source = sites()
    cases = source.iloc[rng.permutation(len(source))[: max(300, round(len(source) * size))]]
    cases = cases.reset_index(drop=True)
    right = cases.pop("right_action").to_numpy()
    moments = _rounds(at)
    received, imported = _arrivals(rng, len(cases), moments, waiting=max(20, round(WAITING * size)))
    cases = cases.assign(received_at=received, due_at=[when + timedelta(days=14) for when in received])
    history = frozenset(cases["case_id"][: _older(len(cases))])
    planted = _planted(rng, cases, right).assign(
        manager=world.plant_people(rng, list(ANALYSTS), len(cases)),
        decide_at=world.decide_times(rng, imported, moments),
        imported=imported,
    )
    checked = dict(zip(planted["case_id"], 1 + (CHECKED_WITHIN - 1) * rng.random(len(cases)), strict=True))
    return World(
        domain=domain,
        managers={analyst.name: analyst for analyst in ANALYSTS},
        cases=cases,
        planted=planted,
        history=history,
        rounds=moments,
        trainings=frozenset(moments[place] for place in TRAININGS),
        known_at=lambda case_id, action, decided, explore: decided + timedelta(days=checked[case_id]),
        say=say,
        ask="It looks like our own sign-in, but the certificate is right. Do you know who runs it?",
    )


def sites() -> pd.DataFrame:
    """The real sites in words, with the action that proved right: block what turned out to be phishing."""
    # River takes most of a second to import, so only whoever builds this domain pays for it.
    from river.datasets import Phishing

    facts, phishing = zip(*Phishing(), strict=True)
    source = pd.DataFrame(facts)
    coded = {ours: source[theirs].astype(float).map(WORDS) for theirs, ours in CODED.items()}
    return pd.DataFrame(
        {
            "case_id": [f"S-{number:04}" for number in range(1, len(source) + 1)],
            **coded,
            "ip_in_address": np.where(source["ip_in_url"] == 1, "yes", "no"),
            "right_action": np.where(phishing, "block", "allow"),
        }
    )


def _older(count: int) -> int:
    return round(OLDER * count)


def _rounds(at: datetime) -> tuple[datetime, ...]:
    now = at.replace(second=0, microsecond=0) - world.THIS_MORNING
    return tuple(now - timedelta(days=DAYS * back) for back in range(ROUNDS - 1, -1, -1))


def _arrivals(
    rng: np.random.Generator, count: int, moments: tuple[datetime, ...], *, waiting: int
) -> tuple[list[datetime], list[datetime]]:
    """When each site came in and the round that imports it: older ones, three months of them, and this morning's."""
    older, length = _older(count), moments[1] - moments[0]
    before = sorted(moments[0] - (15 + 100 * share) * timedelta(days=1) for share in rng.random(older))
    spread = np.sort(rng.random(count - older - waiting)) * (len(moments) - 2)
    during = [moments[0] + share * length for share in spread]
    latest = [moments[-2] + share * length for share in np.sort(rng.random(waiting))]
    in_rounds = [moments[int(share) + 1] for share in spread]
    imported = [moments[0]] * older + in_rounds + [moments[-1]] * waiting
    received = [when.replace(second=0, microsecond=0) for when in (*before, *during, *latest)]
    return received, imported


def _planted(rng: np.random.Generator, cases: pd.DataFrame, right: np.ndarray) -> pd.DataFrame:
    """What analysts make of a site, and what some of them hear: opinions are simulated, right and wrong is real."""
    n, looks = len(cases), {words: value - 0.5 for value, words in WORDS.items()}
    visible = 0.3 + sum(weight * cases[fact].map(looks) for fact, weight in EYE.items())
    safe = right == "allow"
    told = rng.random(n) < np.where((visible > 0) == safe, 0.04, 0.6)
    return pd.DataFrame(
        {
            "case_id": cases["case_id"],
            "right_action": right,
            "visible": visible,
            "private": np.select([told & safe, told], [5.0, -5.0], 0.0),
            "kind": np.select([told & safe, told], ["owner known", "reported"], ""),
            "fashion": cases["popularity"].eq("looks legitimate"),
            "news": False,
            **world.chances(rng, n),
        }
    )


def say(plant: Plant, facts: dict, action: str, *, informed: bool) -> Said:
    """The reason and the sentence of an analyst who decides differently."""
    allow, pick = action == "allow", plant.pick
    if informed and allow == (plant.kind == "owner known"):
        if allow:
            return Said("We know the owner", one_of(OWNER_KNOWN, pick))
        return Said("A user reported it", one_of(REPORTED, pick))
    if allow and plant.fashion:
        return ALLOW[1]
    choices = ALLOW if allow else BLOCK
    return choices[int(pick * len(choices))]
