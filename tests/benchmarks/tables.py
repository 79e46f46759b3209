"""How far a draft gets with tables nobody has seen.

    python -m tests.benchmarks.tables --seeds 1000 1120            # guesses, leaks, false alarms, import
    python -m tests.benchmarks.tables --seeds 1000 1012 --loop     # … and through the loop to a recommendation

Every table is drafted by a template drawn by its seed, imported, and where `--loop` is given trained, promoted and
recommended for, with nothing corrected by hand.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from datetime import datetime
from pathlib import Path

from rhml.core.domain import DecisionDomain, parse_domain, read_domain
from rhml.errors import ImportRefused, RhmlError, TrainingRefused
from rhml.intake.cases import check_cases
from rhml.intake.drafting.draft import planned
from rhml.intake.drafting.naming import domain_name
from rhml.intake.drafting.writing import write
from rhml.intake.leaks import leaks
from rhml.intake.tables import Table, read_bytes
from rhml.loop.checked import advised_hold
from rhml.loop.onboard import check, onboard
from rhml.loop.promote import promote
from rhml.loop.recommend import recommend_waiting
from rhml.loop.retrain import retrain
from rhml.store.opening import open_store
from tests.benchmarks.made_tables import Made, make

NOW = datetime(2026, 1, 1)
DOMAINS = Path(__file__).parents[2] / "data" / "domains"


def template_of(seed: int) -> DecisionDomain | None:
    """One of the shipped domains, or none."""
    files = sorted(DOMAINS.glob("*.toml"))
    at = seed % (len(files) + 1)
    return read_domain(files[at]) if at < len(files) else None


def judged(made: Made, seed: int, tally: Counter, said: list[str]) -> tuple[Table, DecisionDomain] | None:
    """Draft one table and hold the guesses against the truth."""
    table = read_bytes(made.name, made.content)
    name = domain_name(Path(made.name).stem)
    plan = planned(table, name=name, template=template_of(seed))
    domain = parse_domain(name, write(plan))
    found = plan.sketch
    tally["tables"] += 1
    outcome = plan.outcome.answer.heading if plan.outcome else None
    decision = plan.decided.answer.heading if plan.decided else None
    tally["outcome right"] += outcome == made.outcome
    tally["decision right"] += decision == made.decision
    tally["case id right"] += found.case_id == made.case_id
    if (outcome, decision) != (made.outcome, made.decision):
        said.append(
            f"{seed}: outcome {outcome!r} (true {made.outcome!r}), decision {decision!r} (true {made.decision!r})"
        )
    if found.case_id != made.case_id:
        said.append(f"{seed}: case id {found.case_id!r} (true {made.case_id!r})")
    read_by_model = {f.column or f.name for f in domain.inputs}
    doubted = {c.heading for c in found.columns if c.doubt or (c.why_not and _accused(c.why_not))}
    for heading, make_of in made.leaks.items():
        tally["leaks"] += 1
        tally["leaks suspected"] += heading in doubted
        tally["leaks kept from the model"] += heading not in read_by_model
        if heading in read_by_model:
            said.append(f"{seed}: the leak {heading!r} ({make_of}) is read, {made.rows} rows")
    for heading in map(str.strip, made.honest):
        tally["honest columns"] += 1
        tally["honest columns suspected"] += heading in doubted
        tally["honest columns read"] += heading in read_by_model
        if heading not in read_by_model:
            column = found.guess(heading)
            said.append(
                f"{seed}: honest {heading[:30]!r} is not read: {column and (column.kind, column.why_not, column.seen)}"
            )
        if heading in doubted:
            column = found.guess(heading)
            said.append(f"{seed}: honest {heading[:30]!r} is suspected: {column.doubt or column.why_not}")
    for heading in made.people:
        tally["protected columns"] += 1
        tally["protected columns found"] += bool(found.guess(heading) and found.guess(heading).protected)
    try:
        read = check_cases(table, domain)
    except ImportRefused as refused:
        said.append(f"{seed}: not imported: {refused}")
        return None
    tally["imported"] += not leaks(read.frame, read.outcomes, domain)
    return table, domain


def _accused(why: str) -> bool:
    return "alone" in why or "names the case" in why


def through_the_loop(
    table: Table, domain: DecisionDomain, seed: int, tally: Counter, said: list[str]
) -> None:
    """Import, train, promote and recommend as a lead would, with nothing corrected."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"duckdb:///{folder}/log.duckdb", now=NOW)
        try:
            hold = advised_hold(check(store, domain, cases=table, now=NOW))
            onboard(store, domain, cases=table, hold=hold, by="lead", at=NOW)
            version = retrain(store, domain, by="lead", at=NOW, progress=lambda share, words: None).version
            promote(store, domain, version, by="lead", why="the first", at=NOW)
            count = recommend_waiting(store, domain, at=NOW, progress=lambda share, words: None)
            tally["running domains"] += count > 0
            if not count:
                said.append(f"{seed}: nothing waits")
        except TrainingRefused as refused:
            tally["training refused in a sentence"] += 1
            said.append(f"{seed}: {refused}")
        except RhmlError as refused:
            said.append(f"{seed}: stopped: {refused}")
        finally:
            store.close()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--seeds", type=int, nargs=2, default=(0, 40))
    arguments.add_argument("--rows", type=int, default=None)
    arguments.add_argument("--loop", action="store_true")
    given = arguments.parse_args()
    tally, said, begun = Counter(), [], time.process_time()
    for seed in range(*given.seeds):
        made = make(seed, given.rows)
        ready = judged(made, seed, tally, said)
        if ready and given.loop:
            tally["tried"] += 1
            through_the_loop(*ready, seed, tally, said)
    print("\n".join(said))
    for what, count in tally.items():
        print(f"{what:34} {count:6,}")
    print(f"processor seconds {time.process_time() - begun:.1f}")


if __name__ == "__main__":
    main()
