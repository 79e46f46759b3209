"""The command by which a lead states what matters now, sees what it would change, and what has come of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from rhml import printing
from rhml.commands.frame import OPERATOR, AsJson, By, Database, Name, app, column_and_value, log_at
from rhml.core.domain import DecisionDomain
from rhml.core.intent import Intent, Protect
from rhml.core.intent_words import in_words, problems, short
from rhml.errors import IntentRefused
from rhml.loop.intent import statement as stating
from rhml.loop.intent.cases import held
from rhml.loop.intent.kept import kept
from rhml.loop.intent.preview import Preview, preview
from rhml.loop.intent.statement import Stated, StoredIntent
from rhml.loop.recommend import recommend_waiting
from rhml.store import organization
from rhml.store.engine import Store
from rhml.store.opening import utc_now


@app.command()
def intent(
    name: Name,
    balance: Annotated[
        float,
        typer.Option(
            help="Doublings by which low-side mistakes (an earlier action wrongly) weigh more; below 0 the others."
        ),
    ] = 0.0,
    weight: Annotated[
        list[str] | None, typer.Option(help="ACTION=DOUBLINGS, where actions have no order; several times.")
    ] = None,
    queue: Annotated[
        str, typer.Option(help="costs: costliest expected mistakes first; delay: due soonest first.")
    ] = "",
    protect: Annotated[
        str | None, typer.Option(help="COLUMN=VALUE: a segment whose mistakes weigh more.")
    ] = None,
    factor: Annotated[float, typer.Option(help="How many times they weigh.")] = 2.0,
    kind: Annotated[
        str, typer.Option(help="Which mistakes there: low, high, or an action without order.")
    ] = "",
    state: Annotated[bool, typer.Option("--state", help="Put it in force; else it is only tried.")] = False,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help="Recommend the likeliest action again.")
    ] = False,
    why: Annotated[str, typer.Option(help="Why; stays on record.")] = "",
    by: By = OPERATOR,
    db: Database = "",
    as_json: AsJson = False,
) -> None:
    """Say what matters now: try what it would change, put it in force or withdraw it; and hold promises against the log."""
    if state and withdraw:
        raise typer.BadParameter("Give --state or --withdraw, not both.")
    with log_at(db) as store:
        domain = organization.domain(store, name)
        wanted = Intent(balance, _weights(weight or []), queue, _protect(protect, factor, kind))
        if state or withdraw:
            done = _carried_out(store, domain, None if withdraw else wanted, why, by)
            answer = {"message": done.message, "intent_id": done.intent_id, "promise": done.promise.promise()}
        elif wanted != Intent():
            answer = _tried(store, domain, wanted)
        else:
            answer = {"message": _standing(store, domain)}
        told = {**answer, **_record(store, domain)}
    printing.show(told, as_json, plain="\n".join(_lines(told)))


def _weights(given: list[str]) -> tuple[tuple[str, float], ...]:
    pairs = [column_and_value(one, "--weight") for one in given]
    try:
        return tuple((action, float(doublings)) for action, doublings in pairs)
    except ValueError as error:
        raise typer.BadParameter("Write ACTION=DOUBLINGS, a number.", param_hint="--weight") from error


def _protect(given: str | None, factor: float, kind: str) -> Protect | None:
    return Protect(*column_and_value(given, "--protect"), factor, kind) if given else None


def _carried_out(store: Store, domain: DecisionDomain, wanted: Intent | None, why: str, by: str) -> Stated:
    given: dict[str, Any] = {"why": why, "by": by, "at": utc_now(), "progress": printing.progress}
    if wanted is None:
        done = stating.withdraw(store, domain, **given)
    else:
        done = stating.state(store, domain, wanted, **given)
    recommend_waiting(store, domain, at=utc_now(), progress=printing.progress)
    return done


def _tried(store: Store, domain: DecisionDomain, wanted: Intent) -> dict[str, Any]:
    wrong = problems(domain, wanted)
    if wrong:
        raise IntentRefused(" ".join(wrong))
    found: Preview = preview(held(store, domain), domain, wanted)
    said = f"Tried, not in force: {short(domain, wanted)}. {found.sentence}"
    return {"message": said, "promise": found.promise(), "words": list(in_words(domain, wanted))}


def _standing(store: Store, domain: DecisionDomain) -> str:
    now = stating.in_force(store, domain)
    if now is None:
        return "No intent is in force: the likeliest action is recommended."
    return f"What matters now: {short(domain, now.intent)}. {now.lapsed}".strip()


def _record(store: Store, domain: DecisionDomain) -> dict[str, Any]:
    """The intent in force, and every intent ever stated with what became of its promise."""
    now, history = stating.in_force(store, domain), stating.history(store, domain)
    return {
        "in_force": _plain(now) if now else None,
        "intents": [
            _plain(one) | {"kept": kept(store, domain, one.intent_id).as_dict(), "words": list(in_words(domain, one.intent))}
            for one in history
        ],
    }  # fmt: skip


def _plain(one: StoredIntent) -> dict[str, Any]:
    times = {name: t.isoformat() if (t := getattr(one, name)) else None for name in ("at", "ended_at")}
    return asdict(one) | {"intent": one.intent.as_dict()} | times


def _lines(told: dict[str, Any]) -> list[str]:
    lines = [told["message"], *told.get("words", ())]
    for one in told["intents"]:
        ended = f" until {one['ended_at'][:10]}" if one["ended_at"] else ""
        lines.append(f"Stated {one['at'][:10]} by {one['by']}{ended}: {one['why']}")
        lines += [f"  {said}" for said in one["words"]]
        lines += [f"  Promised: {one['promise']['sentence']}", f"  {one['kept']['sentence']}"]
        if one["kept"]["outcomes"]["moved"]:
            lines.append(f"  {one['kept']['outcomes']['sentence']}")
    return lines
