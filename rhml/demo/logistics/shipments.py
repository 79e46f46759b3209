"""Planned shipments with a known truth: what decides whether the planned run is in time.

Planted, for the reports to find:
* *a call on no card*: at times a customer rings that a day later is fine, or a driver that the truck stands. The early
  shift hears customers, the night shift drivers; the model hears neither. Overrides for that reason rescue.
* *our own drivers*: tours of our own fleet with three stops or more look safe, as one knows the drivers; mostly they are
  late. The model learns that from outcomes, dispatchers fall for it.
* *a year that teaches*: dispatchers begin unsure and fall for their own drivers, and end steady. Some 500 own calls are few
  to show it: it is not always claimed.
* *a new hub*: the East hub opens weeks after the first model has learned; what passes it is late unless the margin is long.
* *a carrier worsens*: the contract haulier loses drivers soon after the second model has learned. Dispatchers know
  at once; the live model does not, until somebody retrains.
* *shifts*: the night shift gets more of the long tours, looks less closely and follows the model more.
* *late news*: a signed delivery is there within days, the charge for a late one only after weeks. Of the newest
  shipments mostly good ones have an outcome.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from rhml.demo import words as spoken
from rhml.demo import world
from rhml.demo.logistics import words
from rhml.demo.logistics.shifts import DISPATCHERS, HOURS, SHIFTS, on_duty
from rhml.demo.people import Plant
from rhml.demo.words import Said
from rhml.demo.world import World

NAME = "shipments"
DAYS, LAST_DAYS = 18, 11
"""Plans are imported every eighteen days; those of the last days wait."""
TRAININGS = (0, 11)
HUB_OPENS, HAULIER_WORSENS = 2, 12
"""Rounds from which it is so."""
HISTORY, A_DAY = 120, 3.0

CARRIERS = ("Own fleet", "Contract haulier", "Rail partner", "Spot haulier")
LANES = ("Harbour", "Mountain pass", "Coast road", "Inland", "East hub")
LOST = 7.0
"""Log-odds that the contract haulier loses when it loses its drivers."""


def plan(*, at: datetime, seed: int, size: float = 1.0) -> World:
    """A year of shipments that ends at `at`; `size` scales their number."""
    rng, domain = np.random.default_rng([seed, 11]), world.demo_domain(NAME)
    moments = world.rounds(at, days=DAYS, last=LAST_DAYS)
    history = max(110, round(HISTORY * size))
    received, imported = world.arrivals(rng, moments, a_day=A_DAY * size, history=history)
    shift = rng.choice(SHIFTS, size=len(received), p=(0.40, 0.35, 0.25))
    open_hub, worse = (
        np.array([when >= moments[n] for when in imported]) for n in (HUB_OPENS, HAULIER_WORSENS)
    )
    open_hub[:history] = worse[:history] = False
    cases = _cases(rng, received, shift, open_hub)
    planted = _planted(rng, cases, worse).assign(
        manager=on_duty(rng, shift),
        decide_at=_decide_times(rng, imported, shift, moments),
        imported=imported,
    )
    planted["right_action"] = world.right_actions(
        rng, (planted["visible"] + planted["private"]).to_numpy(), domain
    )
    news = dict(
        zip(planted["case_id"], _delays(rng, planted["right_action"].eq("go").to_numpy()), strict=True)
    )
    return World(
        domain=domain,
        managers={person.name: person for person in DISPATCHERS},
        cases=cases,
        planted=planted,
        history=frozenset(cases["case_id"][:history]),
        rounds=moments,
        trainings=frozenset(moments[place] for place in TRAININGS),
        known_at=lambda case_id, action, decided, explore: decided + timedelta(days=news[case_id]),
        say=say,
        ask="The customer pays double for express, but the lorry is loaded already. Unload it?",
    )


def _delays(rng: np.random.Generator, in_time: np.ndarray) -> np.ndarray:
    """Days until the end is known: a signature comes back in days, a charge in weeks."""
    n = len(in_time)
    return np.where(in_time, 3 + 6 * rng.random(n), 14 + 28 * rng.random(n))


def _decide_times(
    rng: np.random.Generator, imported: list[datetime], shift: np.ndarray, moments: tuple[datetime, ...]
) -> list[datetime | None]:
    """As in every world, but in the hours of the shift: dispatch never closes."""
    taken = world.decide_times(rng, imported, moments)
    hours = rng.random(len(taken))
    found = []
    for when, name, part, bringing in zip(taken, shift, hours, imported, strict=True):
        if when is None:
            found.append(None)
            continue
        begins, lasts = HOURS[name]
        moved = when.replace(hour=0, minute=when.minute) + timedelta(hours=begins + int(part * lasts))
        found.append(moved if bringing + world.COFFEE < moved < moments[-1] - world.COFFEE else when)
    return found


def _cases(
    rng: np.random.Generator, received: list[datetime], shift: np.ndarray, hub: np.ndarray
) -> pd.DataFrame:
    n, night = len(received), shift == "night"
    lane = rng.choice(LANES[:4], size=n, p=(0.3, 0.2, 0.2, 0.3))
    lane = np.where(hub & (rng.random(n) < 0.36), LANES[4], lane)
    stops = 1 + rng.poisson(np.where(night, 2.6, 1.7))
    margin = np.round(rng.gamma(3.0, 6.0, n)).clip(1)
    penalty = np.round(np.exp(np.log(3_500) + rng.normal(0, 0.8, n)), -2).clip(200)
    wait = rng.integers(10, 24, n)
    leaves = [r + timedelta(days=int(d)) for r, d in zip(received, wait, strict=True)]
    travel = 1 + stops // 2
    return pd.DataFrame(
        {
            "case_id": [f"SH-{40001 + i}" for i in range(n)],
            "received_at": received,
            "due_at": leaves,
            "penalty": penalty,
            "carrier": rng.choice(CARRIERS, size=n, p=(0.44, 0.36, 0.08, 0.12)),
            "lane": lane,
            "margin_hours": margin,
            "stops": stops,
            "weight": np.round(np.exp(np.log(9) + rng.normal(0, 0.5, n)), 1).clip(0.5, 24),
            "weather_warning": np.where(rng.random(n) < np.where(lane == "Mountain pass", 0.3, 0.12), "yes", "no"),
            "congestion": np.where(np.arange(n) % 10 == 4, np.nan, np.round(100 * rng.beta(2.2, 2.6, n))),
            "change_cost": np.round(penalty * rng.uniform(0.15, 0.45, n), -1),
            "planned_departure": [day.date().isoformat() for day in leaves],
            "promised_delivery": [
                (day + timedelta(days=int(t))).date().isoformat() for day, t in zip(leaves, travel, strict=True)
            ],
            "shift": shift,
            "customer": rng.choice(["Key account", "Regular", "Small"], size=n, p=(0.25, 0.5, 0.25)),
        }
    )  # fmt: skip


def _planted(rng: np.random.Generator, cases: pd.DataFrame, worse: np.ndarray) -> pd.DataFrame:
    """What decides whether the planned run is in time: `visible` from the facts, `private` beside them."""
    n, carrier, lane = len(cases), cases["carrier"], cases["lane"]
    fashion = (carrier.eq("Own fleet") & cases["stops"].ge(3)).to_numpy()
    lost = worse & carrier.eq("Contract haulier").to_numpy()
    visible = (
        4.0
        + 0.16 * (cases["margin_hours"] - 18)
        - 0.8 * (cases["stops"] - 2.8)
        - 2.6 * (cases["weather_warning"] == "yes")
        - 0.05 * (cases["congestion"].fillna(46) - 46)
        + carrier.map({"Own fleet": 0.4, "Contract haulier": 1.6, "Rail partner": 0.2, "Spot haulier": -1.6})
        - 4.5 * lane.eq("East hub")
        - 7.5 * fashion
        - LOST * lost
    )
    waits, stands = rng.random(n) < 0.10, rng.random(n) < 0.12
    return pd.DataFrame(
        {
            "case_id": cases["case_id"],
            "visible": visible,
            "private": np.select([waits, stands], [7.0, -7.0], 0.0),
            "kind": np.select([waits, stands], ["can wait", "truck stands"], ""),
            "fashion": fashion,
            "news": lost,
            **world.chances(rng, n),
        }
    )


def say(plant: Plant, facts: dict, action: str, *, informed: bool) -> Said:
    """The reason and the sentence of a dispatcher who decides differently."""
    go, pick = action == "go", plant.pick
    if informed and go == (plant.kind == "can wait"):
        return Said(
            "A call that is on no card", spoken.one_of(words.CAN_WAIT if go else words.TRUCK_STANDS, pick)
        )
    if plant.news and not go:
        marks = (("carrier", "matters"),) if pick < 0.5 else ()
        return Said("Carrier or lane has changed", spoken.one_of(words.HAULIER_CHANGED, pick), marks)
    if plant.fashion and go:
        return Said("Customer comes first", spoken.one_of(words.OUR_DRIVERS, pick))
    choices = words.GO if go else words.CHANGE
    return choices[int(pick * len(choices))]
