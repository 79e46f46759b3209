"""The second person of a simulated organization: signs or does not, judges blind, and a lead settles what they dispute.

Through the same verbs as anybody: nobody signs their own, nobody judges what they have seen, nobody settles what they
have a side in. Decisions stay as they were made, so the reports judge the same calls with or without all this.
"""

from __future__ import annotations

from datetime import datetime

from rhml.core.governance import OTHER, STANDS
from rhml.demo import people
from rhml.demo.people import Plant, View
from rhml.demo.world import World
from rhml.errors import ReviewRefused
from rhml.loop.review import conflict, review
from rhml.loop.review.opinion import give
from rhml.loop.review.sign import refuse, sign
from rhml.store.engine import Store
from rhml.store.review import reviews

SECOND_LEAD = "Second lead"
"""Decides no cases; settles what the first lead has a side in, by the facts alone."""

CAREFUL = 0.92
"""Above this chance a colleague looks so closely that the name is kept back, whatever the facts say."""

UNSIGNED = (
    "The amount is not in this year's plan; let us talk to the requester first.",
    "I would not put my name to this without another quote.",
    "The supplier was late the last times; I want somebody else to look at it.",
)
STANDS_BECAUSE = (
    "The buyer knows the case better, and the facts do not speak against it.",
    "I called the requester: the reasons hold.",
    "It is within what we agreed for this kind of request.",
)
INSTEAD_BECAUSE = (
    "The facts speak against it, and nobody could say what makes this one different.",
    "The second look is the right one: we paid for this twice last year.",
)


class SecondPeople:
    """Everybody who looks at what others decided; does nothing in a domain that asks for nobody."""

    def __init__(self, store: Store, world: World, lead: str):
        self._store, self._world, self._lead = store, world, lead
        self._facts = {row["case_id"]: row for row in world.cases.to_dict("records")}

    def look(self, at: datetime, *, leaving: bool) -> dict[str, int]:
        """Work off what waits; `leaving` leaves some of each for whoever opens the log this morning."""
        if not self._asked():
            return {}
        done = {"signatures": 0, "opinions": 0, "settled": 0}
        waiting = review.waiting(self._store, self._world.domain)
        for one in waiting.signatures[: len(waiting.signatures) // 2 if leaving else None]:
            done["signatures"] += self._sign(one, at, doubting=leaving)
        for one in waiting.opinions[:0] if leaving else waiting.opinions:
            done["opinions"] += self._judge(one.case_id, at)
        disputes = () if leaving else review.waiting(self._store, self._world.domain).conflicts
        for one in disputes:
            done["settled"] += self._settle(one, at)
        return done

    def _asked(self) -> bool:
        rules = self._world.domain.governance
        return rules.second_signature_above is not None or rules.second_opinion > 0

    def _view(self, name: str, plant: Plant, at: datetime) -> View:
        return people.own_view(self._world.managers[name], plant, progress=self._world.learned(at))

    def _others(self, plant: Plant, *without: str) -> list[str]:
        """Colleagues in an order of their own for each case."""
        names = [name for name in self._world.managers if name not in without]
        start = int(plant.luck * 1000) % len(names)
        return names[start:] + names[:start]

    def _sign(self, one: review.ToSign, at: datetime, *, doubting: bool) -> int:
        domain, plant = self._world.domain, self._world.plants[one.case_id]
        signer = self._others(plant, one.author, self._lead)[0]
        # What needs a signature is the first action here; who sees another one does not sign.
        place = self._world.scale.place(self._view(signer, plant, at).log_odds)
        if doubting or plant.looks > CAREFUL or place > 0:
            why = UNSIGNED[int(plant.pick * len(UNSIGNED))]
            refuse(self._store, domain, one.decision_id, by=signer, why=why, at=at)
        else:
            sign(self._store, domain, one.decision_id, by=signer, at=at)
        return 1

    def _judge(self, case_id: str, at: datetime) -> int:
        domain, plant = self._world.domain, self._world.plants[case_id]
        for name in self._others(plant, self._lead):
            view = self._view(name, plant, at)
            action = domain.action_keys[self._world.scale.place(view.log_odds)]
            said = self._world.say(plant, self._facts[case_id], action, informed=view.informed)
            stated = self._world.scale.confidence(view.log_odds)
            try:
                give(
                    self._store, domain, case_id, action, manager=name, at=at, rationale=said.rationale,
                    confidence=stated, seconds=round(60 * (0.5 + plant.pick), 1),
                )  # fmt: skip
            except ReviewRefused:  # this one has had the case before; the next may not
                continue
            return 1
        return 0

    def _settle(self, one: review.ToSettle, at: datetime) -> int:
        domain, plant = self._world.domain, self._world.plants[one.case_id]
        by = SECOND_LEAD if self._lead in one.parties else self._lead
        odds = plant.visible if by == SECOND_LEAD else self._view(by, plant, at).log_odds
        wanted = domain.action_keys[self._world.scale.place(odds)]
        decided = reviews.of_decision(self._store.read, domain.name, one.decision_id)["final_action"]
        result, reasons = (STANDS, STANDS_BECAUSE) if wanted == decided else (OTHER, INSTEAD_BECAUSE)
        conflict.settle(
            self._store, domain, one.conflict_id, result, by=by, at=at,
            why=reasons[int(plant.pick * len(reasons))], action=None if result == STANDS else wanted,
        )  # fmt: skip
        return 1
