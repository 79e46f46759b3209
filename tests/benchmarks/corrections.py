"""What corrections reach, on planted truths: python -m tests.benchmarks.corrections [--seeds N] [--start S] [--quiet N]

Each seed is an organization: eight facts, a truth of its own, a model trained on 3,000 cases (an outcome in ten
recorded wrongly). Then the truth turns round in one segment of two conditions with 8 % of the cases, and outcomes
come in by and by. Printed: AUC of the segment and of the rest on 20,000 unseen cases with the corrections that stand
after 25, 100 and 400 outcomes in the segment; how many organizations in which nothing changed (`--quiet`) get any
correction over all looks; what the gate says of a planted block of wrong outcomes; and the time of a look as a share
of training a model on the same cases.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from itertools import count

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from rhml.core.domain import parse_domain
from rhml.machine.corrections.correction import corrected
from rhml.machine.corrections.look import Seen, look
from rhml.machine.corrections.stream import Line, Standing, follow, judged
from rhml.machine.learning.fitting import train

NUMBERS, CATEGORIES, LEVELS, WRONG = 6, 2, 6, 0.1
ACTIONS = np.array(["yes", "no"], dtype=object)
DOMAIN = parse_domain(
    "planted",
    'title = "Planted"\n[actions]\nyes = "Yes"\nno = "No"\n[outcome]\n'
    + "".join(f'[features.x{i}]\nkind = "number"\n' for i in range(NUMBERS))
    + "".join(f'[features.c{i}]\nkind = "category"\n' for i in range(CATEGORIES)),
)


class Organization:
    """A truth, the segment in which it will turn round, and a model that learned before it did."""

    def __init__(self, seed: int):
        self.rng = np.random.default_rng(seed)
        self.weights = self.rng.normal(size=NUMBERS)
        self.levels = 0.7 * self.rng.normal(size=(CATEGORIES, LEVELS))
        self.pairs = [
            (*self.rng.choice(NUMBERS, 2, replace=False), 0.5 * self.rng.normal()) for _ in range(3)
        ]
        self.scale = 1.0
        self.scale = 2.6 / self._odds(self.facts(20_000)).std()
        self.segment = self._segment()
        cases, right, _ = self.cases(3_000, turned=False)
        cases = cases.assign(
            case_id=[f"t{i}" for i in range(len(cases))], right_action=ACTIONS[right],
            fold=self.rng.integers(0, 5, len(cases)), bank=False, explore=False,
        )  # fmt: skip
        self.model = train(cases, np.eye(2)[right], domain=DOMAIN, seed=7)
        self.before = Seen(cases, self.model.reference.astype(float), np.eye(2)[self.model.right])

    def facts(self, n: int) -> pd.DataFrame:
        """Facts of n cases."""
        columns = {
            f"x{i}": self.rng.normal(size=n) if i % 2 else self.rng.gamma(2, 1, n) for i in range(NUMBERS)
        }
        shares = np.arange(LEVELS, 0, -1) / np.arange(LEVELS, 0, -1).sum()
        names = np.array([f"l{k}" for k in range(LEVELS)], dtype=object)
        columns |= {f"c{i}": names[self.rng.choice(LEVELS, n, p=shares)] for i in range(CATEGORIES)}
        return pd.DataFrame(columns)

    def _odds(self, facts: pd.DataFrame) -> np.ndarray:
        numbers = np.column_stack(
            [facts[f"x{i}"] if i % 2 else (facts[f"x{i}"] - 2) / np.sqrt(2) for i in range(NUMBERS)]
        )
        odds = numbers @ self.weights + sum(w * numbers[:, a] * numbers[:, b] for a, b, w in self.pairs)
        for i in range(CATEGORIES):
            odds = odds + self.levels[i][facts[f"c{i}"].str[1:].astype(int)]
        return self.scale * np.asarray(odds)

    def _segment(self):
        """Two conditions that 8 % of the cases meet: a number and levels, two numbers, or a range and a number."""
        facts = self.facts(20_000)
        while True:
            kind = self.rng.integers(3)
            first, second = (f"x{i}" for i in self.rng.choice(NUMBERS, 2, replace=False))
            if kind == 0:
                second = f"c{self.rng.integers(CATEGORIES)}"
                chosen = [f"l{i}" for i in self.rng.choice(LEVELS, self.rng.integers(1, 4), replace=False)]
                share = 0.08 / max(facts[second].isin(chosen).mean(), 0.01)
                if not 0.12 < share < 0.7:
                    continue
                cut = facts[first].quantile(1 - share)

                def inside(c, a=first, cut=cut, b=second, chosen=chosen):
                    return ((c[a] > cut) & c[b].isin(chosen)).to_numpy()
            else:
                share = self.rng.uniform(0.18, 0.5)
                low = self.rng.uniform(0, 1 - share) if kind == 2 else 1 - share
                ends = facts[first].quantile([low, low + share]).to_numpy()
                cut = facts[second].quantile(0.08 / share)

                def inside(c, a=first, ends=ends, b=second, cut=cut):
                    return (c[a].between(*ends) & (c[b] < cut)).to_numpy()

            if abs(inside(facts).mean() - 0.08) < 0.015:
                return inside

    def cases(
        self, n: int, *, turned: bool, wrong: float = WRONG
    ) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
        """Facts, the index of the action recorded as right, and which cases lie in the segment."""
        facts = self.facts(n)
        yes = self.rng.random(n) < 1 / (1 + np.exp(-self._odds(facts)))
        inside = self.segment(facts)
        yes = yes ^ (inside & turned) ^ (self.rng.random(n) < wrong)
        return facts, np.where(yes, 0, 1), inside

    def seen(self, n: int, *, turned: bool) -> tuple[Seen, np.ndarray]:
        """Cases with outcomes that the model did not know, and which lie in the segment."""
        facts, right, inside = self.cases(n, turned=turned)
        return Seen(facts, self.model.probabilities(facts), np.eye(2)[right]), inside


def turned(seed: int, *, batch: int = 50, until: int = 400) -> dict[str, float]:
    """What stands after 25, 100 and 400 outcomes in the segment where the truth turned round."""
    organization = Organization(seed)
    seen, inside = organization.seen(int(1.15 * until / 0.08), turned=True)
    facts, right, where = organization.cases(20_000, turned=True, wrong=0.0)
    plain = organization.model.probabilities(facts)
    found = {"segment": _auc(plain, right, where), "rest": _auc(plain, right, ~where)}
    standing, names = Standing(), (f"k{i}" for i in count(1))
    ends = {int(np.searchsorted(np.cumsum(inside), n)) + 1: n for n in (25, 100, until)}
    for size in sorted({*range(batch, max(ends), batch), *ends}):
        standing = _followed(organization, seen.first(size), standing, names)
        if size in ends:
            now = corrected(plain, [line.now for line in standing.lines], facts)
            states = [judged(line, seen.first(size)).state for line in standing.lines]
            found |= {
                f"segment {ends[size]}": _auc(now, right, where),
                f"rest {ends[size]}": _auc(now, right, ~where) - found["rest"],
                f"proved {ends[size]}": float("proved" in states),
            }
    return found | _timed(organization, seen.first(max(n for n in ends if ends[n] == 100)))


def _followed(organization: Organization, seen: Seen, standing: Standing, names: Iterator[str]) -> Standing:
    return follow(seen, standing, domain=DOMAIN, name=lambda: next(names), before=organization.before)[1]


def _timed(organization: Organization, seen: Seen) -> dict[str, float]:
    """Seconds of one look that finds something, and the time of training on the same cases."""
    start = time.perf_counter()
    look(seen, domain=DOMAIN, before=organization.before)
    looked = time.perf_counter() - start
    cases = pd.concat([organization.before.cases, seen.cases], ignore_index=True)
    labels = np.vstack([organization.before.labels, seen.labels])
    cases = cases.assign(right_action=ACTIONS[labels.argmax(axis=1)], fold=np.arange(len(cases)) % 5)
    start = time.perf_counter()
    train(cases, labels, domain=DOMAIN, seed=7)
    return {"seconds": looked, "of a training": looked / (time.perf_counter() - start)}


def quiet(seed: int, *, until: int = 5_000, batch: int = 50) -> bool:
    """Whether an organization in which nothing changed gets any correction, over all looks."""
    organization = Organization(10_000 + seed)
    seen, _ = organization.seen(until, turned=False)
    standing, names = Standing(), (f"k{i}" for i in count(1))
    for size in range(batch, until + 1, batch):
        standing = _followed(organization, seen.first(size), standing, names)
        if standing.lines:
            return True
    return False


def poisoned(seed: int) -> tuple[bool, bool]:
    """A block of wrong outcomes in one segment, then honest ones: was it proposed, was it ever proved?"""
    organization = Organization(20_000 + seed)
    wrong, _ = organization.seen(1_250, turned=True)
    honest, _ = organization.seen(2_500, turned=False)
    # The whole block comes in at once and proposes; nothing in it may prove what it proposes itself.
    found = look(wrong, domain=DOMAIN, before=organization.before).found
    lines = [Line(((len(wrong), correction),)) for correction in found]
    cases = pd.concat([wrong.cases, honest.cases], ignore_index=True)
    probabilities = np.vstack([wrong.probabilities, honest.probabilities])
    seen = Seen(cases, probabilities, np.vstack([wrong.labels, honest.labels]))
    sizes = range(len(wrong), len(seen) + 1, 125)
    proved = any(judged(line, seen.first(n)).state == "proved" for line in lines for n in sizes)
    return bool(lines), proved


def _auc(probabilities: np.ndarray, right: np.ndarray, where: np.ndarray) -> float:
    return float(roc_auc_score(right[where] == 0, probabilities[where, 0]))


def main() -> None:
    """Print the means over the seeds, and the shares."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--seeds", type=int, default=20)
    asked.add_argument("--quiet", type=int, default=20)
    asked.add_argument("--start", type=int, default=0)
    given = asked.parse_args()
    if given.seeds:
        rows = pd.DataFrame([turned(given.start + i) for i in range(given.seeds)])
        print(f"A truth that turned round in 8 % of the cases, {given.seeds} organizations (mean, lowest):")
        for name in rows:
            print(f"  {name:>14}  {rows[name].mean():7.3f}  {rows[name].min():7.3f}", flush=True)
        bad = [poisoned(given.start + i) for i in range(given.seeds)]
        proposed, proved = (sum(each) for each in zip(*bad, strict=True))
        print(f"A block of wrong outcomes: proposed in {proposed} of {len(bad)}, proved in {proved}")
    if given.quiet:
        hits = sum(quiet(given.start + i) for i in range(given.quiet))
        print(f"Nothing changed: {hits} of {given.quiet} organizations got any correction over all looks")


if __name__ == "__main__":
    main()
