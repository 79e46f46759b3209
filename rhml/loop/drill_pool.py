"""What a person's drill is drawn from: past cases with the person's chance on each, what is due, what is taught."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from rhml.core.domain import DecisionDomain
from rhml.human.drills import difficulty
from rhml.human.drills.difficulty import Difficulty
from rhml.human.drills.memory import Kept, due, memory
from rhml.human.drills.mixing import size_for
from rhml.human.drills.pace import cases_of_a_session
from rhml.human.feedback import NO_OUTCOMES, judged, unaided
from rhml.stats.measure import MINIMUM
from rhml.stats.rules.rule import Rule
from rhml.store import drill_cases, drills, lessons
from rhml.store.engine import Store
from rhml.store.lessons import StoredLesson

OWN = 3_000
"""A person's own newest decisions among which disputes are looked for."""


@dataclass(frozen=True, eq=False)
class Material:
    """Everything a drill of one person is drawn from at one moment.

    pool: as `human.drills.mixing.mix` takes it. `kept` are all cards, `due` those due whose case or lesson can
    be asked; `fresh` lessons never practised. `size` is 0 where there are too few cases, and `why` says so.
    """

    pool: pd.DataFrame
    answers: pd.DataFrame
    kept: dict[str, Kept]
    due: list[Kept]
    lessons: dict[str, StoredLesson]
    fresh: list[str]
    size: int
    why: str = ""


def taught(store: Store, domain: DecisionDomain, person: str, at: datetime) -> dict[str, StoredLesson]:
    """Lessons for people that are being taught at this moment: the team's, and this person's own."""
    return {
        lesson.lesson_id: lesson
        for lesson in lessons.held(store, domain)
        if lesson.learner == "people" and lesson.taught_at(at) and lesson.for_person(person)
    }


def material(store: Store, domain: DecisionDomain, person: str, *, at: datetime) -> Material:
    """Gather past cases, calls on them, answers and lessons, and judge each case for this person."""
    answers = drills.answers(store, domain, manager=person, kind="drill")
    kept = memory(answers, actions=len(domain.actions))
    held = taught(store, domain, person, at)
    why = refusal(store, domain)
    if why:
        return Material(_nothing(), answers, kept, [], held, [], 0, why)

    own = drill_cases.decided_by(store, domain, person, most=OWN)
    wanted = {*own, *(card.case_id for card in kept.values() if card.case_id)}
    cases = drill_cases.pool(store, domain, sorted(wanted))
    cases = cases[~cases["case_id"].isin(drill_cases.cases_of_courses(store, domain.name, person))]
    calls = drill_cases.calls_on(store, domain, list(cases["case_id"]))
    pool = _judged(domain, cases.reset_index(drop=True), calls, answers, kept, held, person, at)

    size = size_for(pool, cases_of_a_session(answers))
    there, covered = set(pool["case_id"]), {name for own in pool["lessons"] for name in own}
    askable = [c for c in due(kept, at) if c.case_id in there or c.lesson_id in covered]
    fresh = [name for name in held if f"lesson:{name}" not in kept and name in covered]
    return Material(pool, answers, kept, askable, held, fresh, size, "" if size else too_few(domain, pool))


def refusal(store: Store, domain: DecisionDomain) -> str:
    """Why nobody can practise in this domain; empty where one can."""
    if domain.outcome is None:
        return NO_OUTCOMES
    if domain.selective:
        return judged(drill_cases.explored(store, domain), domain)[1]
    return ""


def too_few(domain: DecisionDomain, pool: pd.DataFrame) -> str:
    """Why the past cases there are do not make a drill."""
    if len(pool) < MINIMUM:
        said = "1 past case" if len(pool) == 1 else f"{len(pool)} past {domain.terms.many}"
        return f"Only {said} with an outcome may be practised on so far; too few for a session."
    return (
        f"Past {domain.terms.many} nearly all went one way, so that a session would teach to say always the same. "
        "It needs some of each."
    )


def _nothing() -> pd.DataFrame:
    return pd.DataFrame({name: [] for name in ("case_id", "right_action", "model_wrong", "chance", "seen",
                                               "dispute", "lessons")})  # fmt: skip


def _judged(
    domain: DecisionDomain,
    cases: pd.DataFrame,
    calls: pd.DataFrame,
    answers: pd.DataFrame,
    kept: dict[str, Kept],
    held: dict[str, StoredLesson],
    person: str,
    at: datetime,
) -> pd.DataFrame:
    """The pool: each case with the person's chance, what the model said, and what makes it worth asking."""
    if cases.empty:
        return _nothing()
    ids, right = cases["case_id"], cases["right_action"]
    said = calls[calls["recommended_action"].notna()].drop_duplicates("case_id", keep="last")
    said = said.set_index("case_id").reindex(ids)
    probability = _probability(said, right.to_numpy(), len(domain.actions))
    margins = pd.Series(difficulty.margin(pd.Series(probability)), index=ids)
    chance = _chance(ids, margins, calls, answers, kept, person, at)
    return pd.DataFrame(
        {
            "case_id": ids, "right_action": right,
            "model_wrong": (said["recommended_action"].notna() & (said["recommended_action"] != right.to_numpy()))
            .to_numpy(bool),
            "chance": chance, "seen": ids.isin(set(answers["case_id"])),
            "dispute": ids.isin(disputes(calls[calls["manager"] == person])),
            "lessons": _lessons(cases, held),
        }
    )  # fmt: skip


def disputes(own: pd.DataFrame) -> set[str]:
    """Cases in which a person's own call differed from the model's or from what proved right."""
    call = own["first_action"].where(own["first_action"].notna(), own["final_action"])
    model = own["recommended_action"]
    differs = (model.notna() & (call != model)) | (call != own["right_action"])
    return set(own.loc[differs & call.notna(), "case_id"])


def _probability(said: pd.DataFrame, right: np.ndarray, actions: int) -> np.ndarray:
    """What the model gave the action that proved right, before it was known; NaN where it said nothing."""
    confidence = said["recommended_confidence"].to_numpy(float)
    for_right = (said["recommended_action"] == right).to_numpy(bool)
    return np.where(for_right, confidence, (1 - confidence) / (actions - 1))


def _called(calls: pd.DataFrame, margins: pd.Series, call: pd.Series) -> pd.DataFrame:
    """Calls as rows of case_id, manager, right and margin."""
    return pd.DataFrame(
        {
            "case_id": calls["case_id"], "manager": calls["manager"],
            "right": (call == calls["right_action"]).to_numpy(bool),
            "margin": margins.reindex(calls["case_id"]).to_numpy(),
        }
    )  # fmt: skip


def _chance(
    ids: pd.Series,
    margins: pd.Series,
    calls: pd.DataFrame,
    answers: pd.DataFrame,
    kept: dict[str, Kept],
    person: str,
    at: datetime,
) -> np.ndarray:
    """The person's chance on each case: its difficulty, their ability from calls and drills, and memory.

    Difficulty and ability come from calls made before anything of the model was seen; what the person decided
    on a case in any mode speaks of that case too.
    """
    alone = calls[unaided(calls).to_numpy(bool)]
    alone = _called(alone, margins, alone["first_action"])
    team = Difficulty.fit(alone)
    advised = calls[(calls["manager"] == person) & ~unaided(calls) & calls["final_action"].notna()]
    said = [alone, _called(advised, margins, advised["final_action"])]
    cases = pd.DataFrame({"case_id": ids, "margin": margins.to_numpy()})
    easiness = difficulty.of_cases(cases, pd.concat(said), team)

    own = alone[alone["manager"] == person]
    able = difficulty.ability(team.easiness(own["margin"]), own["right"].to_numpy(float))
    first = answers.drop_duplicates("case_id")
    first = first[first["case_id"].isin(set(ids))]
    before = pd.Series(easiness, index=ids).reindex(first["case_id"]).to_numpy()
    able = difficulty.ability(before, first["right"].to_numpy(float), around=able)

    # What was missed in practice is harder than was thought; the ability is judged by what was thought before.
    easiness = difficulty.of_cases(cases, pd.concat([*said, _called(first, margins, first["action"])]), team)
    remembered = {c.case_id: c.known(at) for c in kept.values() if c.case_id}
    return difficulty.chance(easiness, able, ids.map(remembered).fillna(0.0).to_numpy(float))


def _lessons(cases: pd.DataFrame, held: dict[str, StoredLesson]) -> list[tuple[str, ...]]:
    covered = {name: Rule.of(lesson.content).covers(cases) for name, lesson in held.items()}
    return [tuple(name for name, there in covered.items() if there[at]) for at in range(len(cases))]
