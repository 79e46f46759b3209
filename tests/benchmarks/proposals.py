"""How often proposals are made where nothing is planted, and how often a planted one is found.

Run: python -m tests.benchmarks.proposals [organizations]
Each organization has 600 decisions by four people, half of them overrides.
"""

import sys
import time

import numpy as np
import pandas as pd

from rhml.core.domain import parse_domain
from rhml.machine.proposing.edits import kind_of
from rhml.machine.proposing.proposals import candidates
from tests.machine.proposing.test_proposals import LOANS, log_of, marks_on, overrides, right_ones


def random_marks(decisions, rng, names, count=100):
    rows = overrides(decisions)[:count]
    return pd.DataFrame(
        {
            "decision_id": decisions.loc[rows, "decision_id"],
            "factor": rng.choice(names, len(rows)),
            "mark": rng.choice(["irrelevant here", "wrong direction"], len(rows)),
        }
    )


def nothing_planted(loans, seed):
    """Marks anywhere, words of no pattern, a tenth of the overrides called exceptions at random."""
    cases, decisions, rng = log_of(seed, right=0.8)
    moved = overrides(decisions)
    decisions.loc[rng.choice(moved, len(moved) // 10, replace=False), "reason"] = "Policy exception"
    marks = random_marks(decisions, rng, [f.name for f in loans.inputs])
    return {kind_of(one.edit) for one in candidates(cases, decisions, marks, domain=loans)}


def planted(loans, seed, cases_with_it):
    """One mark, one word and one rule that so many right overrides share, beside the noise."""
    cases, decisions, rng = log_of(seed)
    rows = rng.permutation(right_ones(decisions))[:cases_with_it]
    decisions.loc[rows, "rationale"] = "the warehouse was full when we came by"
    under = cases.index[cases["sector"] == "farming"]
    excused = [r for r in under if decisions.at[r, "recommended_action"] == "decline"][: 4 * cases_with_it]
    decisions.loc[excused, ["final_action", "reason"]] = ["lend", "Policy exception"]
    noise = random_marks(decisions, rng, [f.name for f in loans.inputs], count=20)
    marks = pd.concat([marks_on(decisions, rows, ("sector", "irrelevant here")), noise])
    return {kind_of(one.edit) for one in candidates(cases, decisions, marks, domain=loans)}


def main(organizations: int = 200) -> None:
    loans, began = parse_domain("loans", LOANS), time.perf_counter()
    found = [nothing_planted(loans, seed) for seed in range(organizations)]
    each = (time.perf_counter() - began) / organizations
    shares = {
        kind: np.mean([kind in one for one in found])
        for kind in ("drop", "monotone", "apart", "collect", "policy")
    }
    print(f"nothing planted, {organizations} organizations, {each * 1000:.0f} ms each:",
          ", ".join(f"{kind} {share:.1%}" for kind, share in shares.items()))  # fmt: skip
    for count in (8, 12, 20):
        found = [planted(loans, 10_000 + seed, count) for seed in range(organizations)]
        print(f"planted in {count} right overrides: " + ", ".join(
            f"{kind} {np.mean([kind in one for one in found]):.0%}" for kind in ("drop", "collect", "policy")))  # fmt: skip


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
