"""How a simulated manager takes up one case: the own call first where the card asks for it, then the decision."""

from __future__ import annotations

from datetime import datetime, timedelta

from rhml.core.records import Decision
from rhml.demo import desk, people
from rhml.demo.desk import Folder
from rhml.demo.people import Manager, Plant, View
from rhml.demo.words import Said
from rhml.demo.world import World
from rhml.loop.decide import Choice, commit_first_call, decide
from rhml.store.engine import Store

THINKING = timedelta(seconds=90)
ON_ONES_OWN = 25
"""Seconds that a call without a recommendation takes, before the decision."""

EVIDENCE = 0.5
"""How much of the recommendation's weight its factors have when they are shown alone."""


class Decider:
    """Decides the cases of one world through the loop's verbs."""

    def __init__(self, store: Store, world: World):
        self._store, self._world = store, world
        self._facts = {row["case_id"]: row for row in world.cases.to_dict("records")}

    def take(self, folder: Folder, *, manager: str, at: datetime) -> Decision:
        """Look at a case and decide it."""
        plant, person = self._world.plants[folder.case_id], self._world.managers[manager]
        own = people.own_view(person, plant, progress=self._world.learned(at))
        folder = desk.taken_up(self._store, self._world.domain, folder, at=at - THINKING)
        if folder.mode == "first_call":
            self._call(folder.case_id, plant, own, manager=manager, at=at - THINKING)
            folder = desk.opened(self._store, self._world.domain, folder)
        elif folder.mode == "evidence_only":
            folder = desk.opened(self._store, self._world.domain, folder)
            own = people.advised_view(person, own, EVIDENCE * self._advice(folder, own))
            self._call(folder.case_id, plant, own, manager=manager, at=at - THINKING)
        final, looked = self._final(folder, person, plant, own)
        return self._decide(folder, plant, final, looked, manager=manager, at=at)

    def _advice(self, folder: Folder, own: View) -> float:
        """How far the recommendation moves a view; 0 where there is none."""
        if folder.action is None or folder.probability is None:
            return 0.0
        place = self._world.domain.action_keys.index(folder.action)
        return self._world.scale.pull(own.log_odds, place, folder.probability)

    def _stands_for(self, folder: Folder) -> float:
        """The view of who just agrees; 0 where nothing is recommended."""
        if folder.action is None or folder.probability is None:
            return 0.0
        return self._world.scale.stands_for(
            self._world.domain.action_keys.index(folder.action), folder.probability
        )

    def _call(self, case_id: str, plant: Plant, own: View, *, manager: str, at: datetime) -> None:
        action, stated = self._said(own)
        commit_first_call(
            self._store, self._world.domain, case_id, action, manager=manager, at=at, confidence=stated,
            seconds=_seconds(ON_ONES_OWN, plant), marks=self._marks(case_id, plant, own),
        )  # fmt: skip

    def _final(self, folder: Folder, person: Manager, plant: Plant, own: View) -> tuple[View, bool]:
        """The view in the end, and whether the manager looked at the case or just agreed."""
        if folder.recommendation_id is None:
            return own, True
        if folder.mode == "assisted" and not own.informed and plant.looks > person.attention:
            return View(self._stands_for(folder), False), False
        advice = self._advice(folder, own)
        weight = 1 - EVIDENCE if folder.mode == "evidence_only" else 1.0
        return people.advised_view(person, own, weight * advice), True

    def _decide(
        self, folder: Folder, plant: Plant, final: View, looked: bool, *, manager: str, at: datetime
    ) -> Decision:
        action, stated = self._said(final)
        differs = folder.action is not None and action != folder.action
        said = Said("", "", self._marks(folder.case_id, plant, final) if looked else ())
        if differs:
            facts = self._facts[folder.case_id]
            said = self._world.say(plant, facts, action, informed=final.informed)
        choice = Choice(
            folder.case_id,
            action,
            recommendation_id=folder.recommendation_id,
            confidence=stated if looked else None,
            reason=said.reason or None,
            rationale=said.rationale,
            marks=said.marks,
            seconds=_seconds(
                (12 if not looked else 95 if differs else 50)
                + (ON_ONES_OWN if folder.mode != "assisted" else 0),
                plant,
            ),
        )
        return decide(self._store, self._world.domain, choice, manager=manager, at=at)

    def _marks(self, case_id: str, plant: Plant, view: View) -> tuple[tuple[str, str], ...]:
        """What a call rests on, where this world's people mark it."""
        mark = self._world.mark
        return mark(plant, self._facts[case_id], informed=view.informed) if mark else ()

    def _said(self, view: View) -> tuple[str, float]:
        """The action a view amounts to, and the probability the manager gives it."""
        scale = self._world.scale
        return self._world.domain.action_keys[scale.place(view.log_odds)], scale.confidence(view.log_odds)


def _seconds(usual: float, plant: Plant) -> float:
    """Some are quicker, some slower."""
    return round(usual * (0.5 + plant.pick), 1)
