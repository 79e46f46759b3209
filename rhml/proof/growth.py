"""Attribution of growth and versions against the plant: frozen models are asked about many fresh cases whose truth is known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from rhml.loop.asked import Asked
from rhml.loop.growth import replay
from rhml.loop.report import part
from rhml.proof import live, world
from rhml.proof.judged import Judged
from rhml.proof.log import fresh_log
from rhml.proof.organization import BEGIN
from rhml.proof.plant import Plant
from rhml.proof.steps import Progress

FRESH = 20_000
"""Fresh cases on which the truth is computed; so many leave a tenth of a point."""
PARTS = ("people", "model", "total")


def examined(plant: Plant, seed: int, progress: Progress) -> dict[str, Any]:
    """What the report attributed to people and model in one organization at work."""
    sheet = Judged()
    with fresh_log(BEGIN) as store:
        made = live.worked(store, plant, seed, lambda share, words: progress(0.8 * share, words))
        progress(0.85, "Attributing the growth")
        asked = Asked(store, made.domain, seed=seed)
        found, versions = part("growth", asked), part("versions", asked).as_dict()
        said = found.as_dict()
        if said["why"]:
            return {"why": said["why"], **sheet.as_dict()}
        fresh = _fresh(made.plant)
        answers = {
            name: replay(store, made.domain, name, fresh)
            for name in {*said["versions"].values(), *made.versions}
        }
    true = _growth(
        made, fresh, found.combiner, [answers[said["versions"][half]] for half in ("earlier", "later")]
    )
    for name in PARTS:
        sheet.interval(f"growth: {name}" + ("'s part" if name != "total" else ""), true[name], said[name])
        sheet.change(f"growth: {name}", true[name], said[name]["verdict"])
    sheet.interval("growth: interaction", true["interaction"], said["interaction"])
    _versions(sheet, versions, fresh, answers)
    if plant.change > 0:
        sheet.power(f"growth: people's gain of {plant.change * 100:.0f} points", plant.calls,
                    hit=said["people"]["verdict"] == "improved")  # fmt: skip
    return {"truth": true, "values": said["values"], **sheet.as_dict()}


def _fresh(plant: Plant) -> pd.DataFrame:
    """Cases of both halves in equal parts, as the report's one mix has them."""
    rng = np.random.default_rng(77)
    halves = [live.facts_of(rng, FRESH // 2, letter, BEGIN, spread)[0]
              for letter, spread in (("x", 1.0), ("y", plant.drift))]  # fmt: skip
    return pd.concat(halves, ignore_index=True)


def _growth(made: live.Live, fresh: pd.DataFrame, combiner: Any, answers: list[tuple]) -> dict[str, float]:
    """People's part, the model's and both, over fresh cases and over which action proves right in them."""
    p = world.sigmoid(live.odds_of(fresh))
    people = [
        live.own_chance(made.plant, made.noise, fresh, later=later).mean(axis=0) for later in (False, True)
    ]
    people = [first * p + (1 - first) * (1 - p) for first in people]
    values = np.zeros((2, 2))
    for j, (action, confidence) in enumerate(answers):
        right, follows = np.where(action == 0, p, 1 - p), combiner.follows(confidence)
        for i in (0, 1):
            values[i, j] = float((follows * right + (1 - follows) * people[i]).mean())
    values = values.tolist()
    by_people = (values[1][0] - values[0][0] + values[1][1] - values[0][1]) / 2
    by_model = (values[0][1] - values[0][0] + values[1][1] - values[1][0]) / 2
    return {"people": by_people, "model": by_model, "total": values[1][1] - values[0][0],
            "interaction": values[1][1] - values[1][0] - values[0][1] + values[0][0]}  # fmt: skip


def _versions(sheet: Judged, said: dict[str, Any], fresh: pd.DataFrame, answers: dict[str, tuple]) -> None:
    """Each version's accuracy, AUC and Brier score on the bank, and its difference from the one before."""
    p = world.sigmoid(live.odds_of(fresh))
    true = {name: _scores(p, *answer) for name, answer in answers.items()}
    for one in said["versions"]:
        if one["version"] not in true:
            continue
        for score in ("accuracy", "auc", "brier"):
            sheet.interval(
                f"a version's {score} on the bank", true[one["version"]][score], one["bank"][score]
            )
            before = one["against_before"]
            if before and before["other"] in true:
                change = true[one["version"]][score] - true[before["other"]][score]
                sheet.interval(f"version against version: {score}", change, before[score])
                if score == "accuracy":
                    sheet.change("version against version", change, before["verdict"])


def _scores(p: np.ndarray, action: np.ndarray, confidence: np.ndarray) -> dict[str, float]:
    """The true accuracy, AUC (of the first action) and Brier score of a version's answers."""
    first = np.where(action == 0, confidence, 1 - confidence)
    order = np.argsort(first, kind="stable")
    q, mine = p[order], first[order]
    edges = np.flatnonzero(np.diff(mine, prepend=-1.0))
    up, down = np.add.reduceat(q, edges), np.add.reduceat(1 - q, edges)
    below = np.cumsum(down) - down
    auc = float((up * (below + down / 2)).sum() / (up.sum() * down.sum()))
    right = np.where(action == 0, p, 1 - p)
    brier = p * (1 - first) ** 2 + (1 - p) * first**2
    return {"accuracy": float(right.mean()), "auc": auc, "brier": float(brier.mean())}
