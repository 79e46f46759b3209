"""A lead states what matters now, or withdraws it: a dated fact, and in the same commit the recommendations that change.

What is promised is worked out once more within that commit, on the cases that wait at that moment, and kept with the fact.
The whole cards of all waiting cases follow: the worker recommends anew, and what would tip a recommendation is left out
until then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from rhml.core.domain import DecisionDomain
from rhml.core.intent import Intent
from rhml.core.intent_words import problems, short
from rhml.errors import IntentRefused
from rhml.loop import permit
from rhml.loop.intent.cases import Held, moment, read
from rhml.loop.intent.intending import Intended
from rhml.loop.intent.moving import move
from rhml.loop.intent.past import past
from rhml.loop.intent.preview import Preview, preview, recommended
from rhml.loop.recommend import champion
from rhml.store import case_file, intents
from rhml.store.case_file import StoredRecommendation
from rhml.store.engine import Store, Transaction
from rhml.store.intents import FACTS, STATED, WITHDRAWN, Entry
from rhml.store.opening import new_id

Progress = Callable[[float, str], None]

MOST_VALUES = 50
"""Values of a column that are listed at most."""


@dataclass(frozen=True)
class StoredIntent:
    """An intent on record with its promise; `lapsed` says why it speaks of nothing any more, the rest how it ended."""

    intent_id: str
    intent: Intent
    by: str
    at: datetime
    why: str
    seq: int
    promise: dict[str, Any]
    lapsed: str = ""
    ended_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_why: str | None = None


@dataclass(frozen=True)
class Stated:
    """What was recorded; `differs` says what has moved since the preview that somebody saw, if anything has."""

    intent_id: str
    promise: Preview
    differs: str
    message: str


def quiet(share: float, words: str) -> None:
    """Tells nobody."""


def in_force(store: Store, domain: DecisionDomain) -> StoredIntent | None:
    """The intent that recommends now."""
    entry = intents.in_force(store, domain.name)
    return _stored(domain, entry) if entry else None


def history(store: Store, domain: DecisionDomain) -> list[StoredIntent]:
    """Every intent ever stated, newest first, with how it ended."""
    found, later = [], None
    for entry in intents.entries(store, domain.name):
        if entry.kind == STATED:
            said = _stored(domain, entry)
            if later is not None:
                gone = later.kind == WITHDRAWN
                said = replace(
                    said, ended_at=later.at, withdrawn_by=later.by if gone else None,
                    withdrawn_why=later.why if gone else None,
                )  # fmt: skip
            found.append(said)
        later = entry
    return found


def _stored(domain: DecisionDomain, entry: Entry) -> StoredIntent:
    intent = Intent.of(entry.content)
    lapsed = " ".join(problems(domain, intent))
    promise = {name: told for name, told in entry.promise.items() if name != FACTS}
    return StoredIntent(entry.intent_id, intent, entry.by, entry.at, entry.why, entry.seq, promise, lapsed)


def state(
    store: Store,
    domain: DecisionDomain,
    intent: Intent,
    *,
    why: str,
    by: str,
    at: datetime,
    seen: Preview | None = None,
    progress: Progress = quiet,
) -> Stated:
    """Put an intent in force, in place of the one before. `seen` is the preview on which it was decided."""
    permit.lead(store, by, "state what matters now")
    wrong = problems(domain, intent)
    if wrong:
        raise IntentRefused(" ".join(wrong))
    _refuse_nobody(store, domain, intent)
    return _carry_out(store, domain, intent, why, by, at, seen, progress)


def _refuse_nobody(store: Store, domain: DecisionDomain, intent: Intent) -> None:
    """A value that no case has would protect nobody, and nobody would notice."""
    protect = intent.protect
    if protect is None:
        return
    known = case_file.common_values(store, domain, protect.column)
    if known and len(known) < MOST_VALUES and protect.value not in known:
        raise IntentRefused(
            f"No {domain.terms.case} has {protect.column} = {protect.value!r}, so nothing would be protected. "
            f"There are: {', '.join(known)}."
        )


def withdraw(
    store: Store,
    domain: DecisionDomain,
    *,
    why: str,
    by: str,
    at: datetime,
    seen: Preview | None = None,
    progress: Progress = quiet,
) -> Stated:
    """Take the intent out of force: the likeliest action is recommended again."""
    permit.lead(store, by, "withdraw what matters now")
    return _carry_out(store, domain, None, why, by, at, seen, progress)


def _carry_out(
    store: Store,
    domain: DecisionDomain,
    intent: Intent | None,
    why: str,
    by: str,
    at: datetime,
    seen: Preview | None,
    progress: Progress,
) -> Stated:
    if not why.strip():
        raise IntentRefused("Say why: the reason stays beside the statement for good.")
    _, model = champion(store, domain)
    typical = past(store, domain)

    def unit(tx: Transaction) -> Stated:
        progress(0.05, "Reading what waits")
        held = read(tx, domain, moment(tx, domain), typical=typical)
        _refuse_same(held, intent)
        promise = preview(held, domain, intent)
        facts = int((held.now != recommended(held, domain, intent)).sum())
        intent_id = held.intent_id if intent is None else new_id()
        entry = Entry(
            intent_id, STATED if intent else WITHDRAWN, _content(domain, intent), promise.promise() | {FACTS: facts}, by, why.strip(), at
        )  # fmt: skip
        intents.append(tx, domain.name, entry)
        of = Intended.of(domain, intent_id if intent else None, intent, model)
        move(store, tx, domain, held, of, model, at=at, progress=progress)
        return Stated(intent_id, promise, _differs(promise, seen), _message(domain, intent, promise))

    done = store.write(unit)
    progress(1.0, done.message)
    return done


def _refuse_same(held: Held, intent: Intent | None) -> None:
    """Within the unit of work: what is in force may have changed since anybody looked."""
    if intent is None and held.intent_id is None:
        raise IntentRefused("No intent is in force, so there is nothing to withdraw.")
    if intent is not None and held.intent == intent:
        raise IntentRefused("This intent is in force already. State another one, or withdraw it.")


def _content(domain: DecisionDomain, intent: Intent | None) -> dict[str, Any]:
    return intent.as_dict() | {"said": short(domain, intent)} if intent else {}


def _differs(promise: Preview, seen: Preview | None) -> str:
    """What has moved between the preview and the statement, as a sentence; empty where it is the same."""
    if seen is None or (seen.waiting, seen.pairs, seen.costs) == (
        promise.waiting,
        promise.pairs,
        promise.costs,
    ):
        return ""
    return (
        f"Since the preview the waiting list has changed ({seen.waiting:,} then, {promise.waiting:,} now), so "
        f"{promise.changed:,} recommendations changed rather than {seen.changed:,}. What is on record is of now."
    )


def _message(domain: DecisionDomain, intent: Intent | None, promise: Preview) -> str:
    said = f"What matters now: {short(domain, intent)}." if intent else "No intent is in force any more."
    return f"{said} {promise.sentence}"


def card_line(domain: DecisionDomain, shown: StoredRecommendation, stored: StoredIntent | None) -> str:
    """Why the card recommends what is not likeliest; empty where no intent moved it. Plain text."""
    if not shown.likeliest_action:
        return ""
    what = f" ({short(domain, stored.intent)})" if stored else ""
    chance = f" ({shown.likeliest_probability:.0%})" if shown.likeliest_probability is not None else ""
    return (
        f"Because of what matters now{what} “{domain.label(shown.action)}” is recommended; "
        f"“{domain.label(shown.likeliest_action)}” is likelier to prove right{chance}."
    )
