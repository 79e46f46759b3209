"""Who dispatches when: three shifts, what each hears, and how closely each looks."""

from __future__ import annotations

import numpy as np

from rhml.demo.people import Manager

SHIFTS = ("early", "late", "night")
HOURS = {"early": (6, 8), "late": (14, 8), "night": (22, 8)}
"""The hour at which a shift begins, and how long it lasts."""

DISPATCHERS = (
    Manager("Dispatcher 1", 0.5, 4.6, {"can wait": 0.95, "truck stands": 0.3}, 10.5, 0.8, 0.90, 0.95),
    Manager("Dispatcher 2", 0.3, 5.6, {"can wait": 0.85, "truck stands": 0.3}, 11.0, 0.9, 0.85, 0.95),
    Manager("Lead", 0.2, 4.0, {"can wait": 0.70, "truck stands": 0.5}, 10.0, 0.8, 0.95, 0.90),
    Manager("Dispatcher 3", 0.55, 5.1, {"can wait": 0.60, "truck stands": 0.6}, 11.0, 0.9, 0.85, 0.95),
    Manager("Dispatcher 4", 0.45, 6.7, {"can wait": 0.50, "truck stands": 0.6}, 11.5, 1.0, 0.80, 0.95),
    Manager("Dispatcher 5", 0.6, 8.2, {"can wait": 0.05, "truck stands": 0.9}, 12.0, 1.4, 0.50, 0.95),
    Manager("Dispatcher 6", 0.4, 8.6, {"can wait": 0.05, "truck stands": 0.8}, 12.0, 1.5, 0.45, 0.95),
)
"""The first three work early, the next two late, the last two at night; `share` is within the shift."""

ON = {"early": DISPATCHERS[:3], "late": DISPATCHERS[3:5], "night": DISPATCHERS[5:]}


def on_duty(rng: np.random.Generator, shift: np.ndarray) -> list[str]:
    """Who takes each shipment: somebody of its shift, by their shares."""
    chance, taken = rng.random(len(shift)), []
    for name, drawn in zip(shift, chance, strict=True):
        ends = np.cumsum([person.share for person in ON[name]])
        taken.append(ON[name][min(int(np.searchsorted(ends, drawn)), len(ends) - 1)].name)
    return taken
