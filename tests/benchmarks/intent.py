"""How fast a move of the intent control answers at 100,000 waiting cases, beside its plain numpy floor; and the statement.

python -m tests.benchmarks.intent [WAITING]: prints milliseconds of the clock and of the processor, the ratio to the floor,
and the memory that the held cases take. A move must answer within 300 ms.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from rhml.core.intent import Intent, Protect
from rhml.loop.intent import statement as intent
from rhml.loop.intent.cases import held
from rhml.loop.intent.kept import kept
from rhml.loop.intent.preview import preview, recommended
from rhml.loop.onboard import onboard
from rhml.store import organization, registry, scores
from rhml.store.engine import Store
from rhml.store.opening import open_store
from tests.flipped import firms, table
from tests.intended import build, priced
from tests.loans import NOW

MOVES = 60


def fill(store: Store, waiting: int) -> None:
    """So many waiting cases, each with a recommendation as a model would have left it."""
    domain = organization.domain(store, "loans")
    cases = priced(firms(waiting, 21, start=100_000), 22)
    onboard(store, domain, cases=table(cases), by="lead", at=NOW)
    version = registry.live_version(store, "loans")
    width = len(registry.version(store, "loans", version).features)
    rng = np.random.default_rng(23)
    p = rng.beta(1.5, 1.5, waiting)
    given = np.column_stack([p, 1 - p])
    points = rng.normal(0, 0.1, (waiting, width))
    action = given.argmax(axis=1)
    rows = pd.DataFrame(
        {
            "case_id": cases["case_id"],
            "action": np.array(domain.action_keys, dtype=object)[action],
            "probability": given.max(axis=1),
            "probabilities": list(given),
            "base": given.max(axis=1) - points.sum(axis=1),
            "points": list(points),
            "similar_n": 60,
            "low": 0.4,
            "high": 0.6,
            "notes": [["A note."]] * waiting,
            "peers": [["f00001", "f00002"]] * waiting,
            "changes": None,
        }
    )
    store.write(lambda tx: scores.append_recommendations(tx, domain, rows, version=version, at=NOW))


def timed(act: Callable[[], object], times: int) -> tuple[float, float, float]:
    """Median and slowest milliseconds of the clock, and median of the processor."""
    clock, processor = [], []
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        act()
        clock.append(1_000 * (time.perf_counter() - wall))
        processor.append(1_000 * (time.process_time() - cpu))
    return float(np.median(clock)), max(clock), float(np.median(processor))


def main(waiting: int = 100_000) -> None:
    """Build, measure, print."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.duckdb"
        build(path)
        store = open_store(f"duckdb:///{path}", now=NOW)
        fill(store, waiting)
        domain = organization.domain(store, "loans")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        first = timed(lambda: held(store, domain), 3)
        here = held(store, domain)
        moves = iter(np.linspace(-4, 4, 3 * MOVES))
        told: dict[str, object] = {"waiting": here.n, "first_read_ms": first}

        def move() -> None:
            wanted = Intent(float(next(moves)), queue="costs", protect=Protect("sector", "crafts", 3.0))
            preview(held(store, domain, here), domain, wanted)

        told["move_ms"] = timed(move, MOVES)
        costs = np.array([[0, 0.4], [0.1, 0]])

        def floor() -> None:
            expected = here.probabilities @ costs.T
            then = expected.argmin(axis=1)
            np.nansum(here.stake * expected[np.arange(here.n), then])
            np.bincount((here.probabilities[:, 0] * 49.99).astype(int) * 2 + then)

        told["floor_ms"] = timed(floor, MOVES)
        told["ratio_to_floor"] = told["move_ms"][2] / told["floor_ms"][2]

        # After somebody recorded a fact the list is read again; what was held of its cases stays.
        store.write(lambda tx: tx.numbers("loans"))
        told["move_after_a_new_fact_ms"] = timed(move, 30)
        arrays = (here.probabilities, here.known, here.now, here.stake, here.hidden)
        told["held_mb"] = (sum(a.nbytes for a in arrays) + here.ids.nbytes) / 1e6
        wanted = Intent(balance=0.0)
        then = recommended(here, domain, wanted)
        wall, cpu = time.perf_counter(), time.process_time()
        done = intent.state(store, domain, wanted, why="measured", by="lead", at=NOW)
        told["statement_s"] = (time.perf_counter() - wall, time.process_time() - cpu)
        told["changed"] = (done.promise.changed, int((then != here.now)[~here.hidden].sum()))
        wall = time.perf_counter()
        told["kept"] = kept(store, domain, done.intent_id).exact
        told["kept_s"] = time.perf_counter() - wall
        told["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        told["peak_before_mb"] = before / 1e3
        store.close()
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
