"""How often the alarms are raised in simulated organizations: falsely, and where people really fall.

    python tests/benchmarks/alarms.py [ORGANIZATIONS] [--plant NAME] [--no-facts]

Pure functions on simulated decisions, no log; 1,000 organizations of each kind by default, over all cores.
"""

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from rhml.human.reliance.telling import alarms
from rhml.proof.organization import Organization, decisions_as_read, organization
from rhml.proof.plant import PLANTS

WATCHED = (
    "stable", "harder cases", "easier cases", "better version", "more agreement, same skill",
    "harder cases, more agreement", "deskilling",
)  # fmt: skip
SECOND = {"more agreement, same skill", "harder cases, more agreement", "deskilling"}
"""Where people do follow the model into more of its mistakes, so that an alarm about that is no false one."""


def raised(name: str, seed: int, facts: bool) -> dict[str, bool]:
    """Which alarms are raised in one organization after its baseline and as many calls again."""
    made = organization(PLANTS[name], seed)
    found = alarms(decisions_as_read(made, facts=facts), domain=Organization.domain())
    return {one.kind: one.state == "raised" for one in found}


def main() -> None:
    """Print a line for each kind of organization."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("organizations", type=int, nargs="?", default=1_000)
    asked.add_argument("--plant", choices=WATCHED, action="append")
    asked.add_argument(
        "--no-facts", action="store_true", help="the log holds no fact of a case but its segment"
    )
    asked.add_argument("--workers", type=int, default=os.cpu_count())
    given = asked.parse_args()
    n = given.organizations
    with ProcessPoolExecutor(given.workers, mp_context=get_context("spawn")) as pool:
        for name in given.plant or WATCHED:
            found = list(pool.map(raised, [name] * n, range(n), [not given.no_facts] * n, chunksize=8))
            fell, followed = (sum(one[kind] for one in found) for kind in ("deskilling", "automation bias"))
            either = sum(any(one.values()) for one in found)
            promise = "at least 80 %" if name == "deskilling" else "at most 5 %"
            counted = f"either {either / n:6.1%}" if name not in SECOND else ""
            print(f"{name:30} deskilling {fell / n:6.1%} ({promise})  automation bias {followed / n:6.1%}  {counted}",
                  flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
