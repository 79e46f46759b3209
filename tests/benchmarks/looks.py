"""Are verdicts true over fifty looks? python tests/benchmarks/looks.py [ORGANIZATIONS] [SEED] [CALLS] [LOOKS]

Simulated organizations of each kind are read after each of LOOKS batches of outcomes, CALLS unaided and as many assisted
calls in each half. Printed for each kind and side: in how many organizations *improved* or *fell* was said at some look, with
its interval (where nothing changed at most 5 % of organizations may hold any), and in how many it was right to say so: at
some look, at the last one, and where the whole log is read but once. The reference is learned once a look in ten.
"""

from __future__ import annotations

import sys
import warnings
from dataclasses import replace

import numpy as np
import pandas as pd

from rhml.machine.difficulty import difficulty
from rhml.proof import plant as plants
from rhml.proof.organization import Organization, organization
from rhml.proof.plant import Plant
from rhml.reports.calls import Calls
from rhml.reports.improvement import WHO, improvement
from rhml.reports.unaided import calls_for_difficulty, rows_for_difficulty
from rhml.stats.intervals import wilson

DOMAIN = Organization.domain()
CLAIMS = ("improved", "fell")
ANEW = 10

KINDS: dict[str, tuple[Plant, tuple[str, ...]]] = {
    "nobody changes": (plants.STABLE, ()),
    "cases get harder": (plants.HARDER, ()),
    "cases get easier": (plants.EASIER, ()),
    "people learn": (plants.LEARNING, ("human", "team")),
    "a better version, named": (plants.VERSION, ("model", "team")),
    "a better version, not named": (replace(plants.VERSION, named=False), ("model", "team")),
}
"""Each kind, and which sides changed in it."""


def read(plant: Plant, seed: int, looks: int) -> pd.DataFrame:
    """The decisions of an organization as the log gives them, with the moment each could be judged from."""
    made = organization(plant, seed)
    rows = made.decisions.merge(made.outcomes, on="case_id").merge(
        made.cases.drop(columns="received_at"), on="case_id"
    )
    rows = rows.sort_values("decided_at", kind="stable").reset_index(drop=True)
    batch = rows["known_at"].rank(method="first").to_numpy() * looks // (len(rows) + 1)
    if "model_version" not in rows:
        rows["model_version"] = "imported"
    return rows.assign(
        decision_id=rows["case_id"], first_confidence=np.nan, explore=False, imported=True, bank=False, value=np.nan,
        arrived_at=pd.Timestamp("2026-01-01") + pd.to_timedelta(batch, unit="D"),
    )  # fmt: skip


def hard(rows: pd.DataFrame) -> pd.DataFrame | None:
    """How hard each case is, as `loop.skill.difficulty` has it."""
    calls = Calls.of(rows, DOMAIN)
    facts = [feature.name for feature in DOMAIN.inputs]
    cases = (
        rows[["case_id", "right_action", *facts]].take(rows_for_difficulty(calls)).drop_duplicates("case_id")
    )
    return difficulty(cases.reset_index(drop=True), calls_for_difficulty(calls), domain=DOMAIN, seed=7)


def words(rows: pd.DataFrame, known: pd.DataFrame | None) -> dict[str, str]:
    """The verdict on each side."""
    found = improvement(rows, domain=DOMAIN, seed=7, difficulty=known)
    return {who: getattr(found, who).verdict.words for who in WHO}


def course(plant: Plant, seed: int, looks: int) -> tuple[list[dict[str, str]], dict[str, str]]:
    """The verdicts at each look, and those of one look at the whole."""
    rows = read(plant, seed, looks)
    moments = np.sort(rows["arrived_at"].unique())
    found, known = [], None
    for place, moment in enumerate(moments):
        if place % ANEW == 0:
            # As many looks use one reference, it may know cases that come between them, never the calls on them better.
            known = hard(
                rows[rows["arrived_at"] <= moments[min(place + ANEW - 1, len(moments) - 1)]].reset_index(
                    drop=True
                )
            )
        found.append(words(rows[rows["arrived_at"] <= moment].reset_index(drop=True), known))
    return found, words(rows.drop(columns="arrived_at"), known)


def told(label: str, hits: list[bool]) -> str:
    """A share with its interval."""
    low, high = wilson(sum(hits), len(hits))
    return f"{label} {np.mean(hits):6.1%} ({low:.1%} to {high:.1%})"


def main(organizations: int, seed: int, calls: int, looks: int) -> None:
    print(
        f"{organizations} organizations of a kind, {calls:,} unaided and as many assisted calls a half, {looks} looks"
    )
    anything = []
    for name, (plant, changed) in KINDS.items():
        sized = replace(plant, calls=calls, assisted=calls)
        runs = [course(sized, seed + k, looks) for k in range(organizations)]
        print(f"{name}")
        for who in WHO:
            ever = [any(look[who] in CLAIMS for look in of) for of, _ in runs]
            if who not in changed:
                print(
                    f"  {who:<6} {told('false at some look', ever)}; {told('at one look', [one[who] in CLAIMS for _, one in runs])}"
                )
                continue
            better = [any(look[who] == "improved" for look in of) for of, _ in runs]
            last, one = (
                [said[who] == "improved" for said in many]
                for many in ([of[-1] for of, _ in runs], [o for _, o in runs])
            )
            print(
                f"  {who:<6} {told('found at some look', better)}; {told('at the last', last)}; {told('at one look', one)}"
            )
        still = [who for who in WHO if who not in changed]
        false = [any(look[who] in CLAIMS for look in of for who in still) for of, _ in runs]
        anything.extend(false)
        print(f"  {told('any false word at any look', false)}", flush=True)
    print(told("any false word at any look, all kinds:", anything))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    given = [int(word) for word in sys.argv[1:]]
    main(*given, *(40, 1, 500, 50)[len(given) :])
