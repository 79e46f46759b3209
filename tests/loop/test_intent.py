"""What matters now is stated, recommends, keeps its promise, and can be withdrawn."""

import json
import threading
from dataclasses import asdict, replace
from datetime import timedelta

import numpy as np
import pytest

from rhml.core.domain import parse_domain
from rhml.core.intent import Intent, Protect
from rhml.errors import IntentRefused, NoChampion, NotPermitted
from rhml.loop.card import card
from rhml.loop.decide import Choice, decide, reverse
from rhml.loop.intent import statement as intent
from rhml.loop.intent.cases import held
from rhml.loop.intent.kept import kept
from rhml.loop.intent.preview import preview, recommended
from rhml.loop.onboard import onboard
from rhml.loop.promote import promote
from rhml.loop.recommend import recommend_stored, recommend_table, recommend_waiting
from rhml.loop.records.model_card import model_card
from rhml.loop.records.process_card import process_card
from rhml.loop.records.shown import shown as past_screen
from rhml.loop.resolve import resolve
from rhml.loop.retrain import retrain
from rhml.machine.model import Model
from rhml.printed import model_card as printed_model
from rhml.printed import process_card as printed_process
from rhml.printed import screen as printed_screen
from rhml.store import audit, case_file, frames, registry, waiting
from rhml.store.chain.verifying import verify
from rhml.store.opening import open_store
from rhml.store.waiting import Queue
from tests.flipped import table
from tests.intended import PRICED, build, firms, priced, quiet, truth
from tests.loans import NOW

CAREFUL = Intent(balance=1.0)
LATER = NOW + timedelta(hours=1)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    path = tmp_path_factory.mktemp("intended") / "log.duckdb"
    build(path)
    return path


@pytest.fixture
def loans():
    return parse_domain("loans", PRICED)


@pytest.fixture
def log(built, tmp_path):
    copy = tmp_path / "log.duckdb"
    copy.write_bytes(built.read_bytes())
    store = open_store(f"duckdb:///{copy}", now=NOW)
    yield store
    store.close()


def state(log, loans, wanted=CAREFUL, **given):
    return intent.state(log, loans, wanted, **{"why": "cash is short", "by": "lead", "at": NOW} | given)


def shown(log, loans):
    """What the waiting list says of each case: action, likeliest action, version."""
    rows = log.read("SELECT case_id, action, likeliest_action, model_version, matters FROM loans.waiting")
    return {row[0]: row[1:] for row in rows}


def words_of(log, loans):
    def of(version):
        found = registry.version(log, "loans", version)
        return found.features, found.card["typical"], ()

    return of


def card_of(log, loans, case_id, manager="m1"):
    return card(log, loans, case_id, manager=manager, at=NOW, words_of=words_of(log, loans))


def test_a_preview_counts_what_changes_and_what_it_costs(log, loans):
    here = held(log, loans)
    found = preview(here, loans, CAREFUL)
    then = recommended(here, loans, CAREFUL)
    shows = ~here.hidden
    assert found.waiting == here.n == 150 and 0 < found.hidden == int(here.hidden.sum()) < 150
    assert 5 < found.changed == int((then != here.now)[shows].sum()) < int((then != here.now).sum())
    assert sum(pair.count for pair in found.pairs) == found.changed
    assert {pair.now for pair in found.pairs} == {"lend"}
    costs = np.array([[0, 0.4], [0.1, 0]])
    by_hand = [
        sum(
            here.probabilities[i, r] * costs[a, r] * (0 if np.isnan(here.stake[i]) else here.stake[i])
            for i, a in enumerate(actions) if shows[i] for r in (0, 1)
        )
        for actions in (here.now, then)
    ]  # fmt: skip
    assert (found.cost_now, found.cost_then) == (pytest.approx(by_hand[0]), pytest.approx(by_hand[1]))
    assert (
        found.weighed_then < found.weighed_now
        and found.no_value == int(np.isnan(here.stake[shows]).sum()) > 0
    )
    for counts in (found.histogram.now, found.histogram.then):
        assert sum(map(sum, counts.values())) == 150 - found.hidden == found.shown
    assert sum(one.changed for one in found.segments["sector"]) == found.changed
    assert sum(one.waiting for one in found.segments["sector"]) == 150


def test_a_preview_writes_nothing(log, loans):
    before = frames.counter(log, loans), shown(log, loans)
    preview(held(log, loans), loans, Intent(balance=4.0))
    assert (frames.counter(log, loans), shown(log, loans)) == before


def test_what_was_promised_is_what_the_log_then_shows(log, loans):
    here = held(log, loans)
    seen = preview(here, loans, CAREFUL)
    done = state(log, loans, seen=seen)
    assert done.promise == seen and done.differs == ""
    then = dict(zip(here.ids["case_id"].to_pylist(), recommended(here, loans, CAREFUL), strict=True))
    now = shown(log, loans)
    assert {c: loans.action_keys[i] for c, i in then.items()} == {c: row[0] for c, row in now.items()}
    modes = dict(log.read("SELECT case_id, mode FROM loans.waiting"))
    moved = [case_id for case_id, row in now.items() if row[1] is not None]
    assert sum(modes[case_id] == "assisted" for case_id in moved) == seen.changed < len(moved)
    found = kept(log, loans, done.intent_id)
    assert found.exact and "exactly what was promised" in found.sentence
    assert {line.what for line in found.lines} >= {"changed", "cost before", "cost after", "lend → decline"}
    assert preview(held(log, loans, here), loans, CAREFUL).changed == 0


def test_a_promise_that_the_log_does_not_keep_is_told(log, loans):
    done = state(log, loans)
    log.write(
        lambda tx: tx.run(
            "UPDATE loans.intents SET promise = replace(promise, '\"hidden\": ', '\"hidden\": 1')"
        )
    )
    found = kept(log, loans, done.intent_id)
    assert not found.exact and "hidden: promised" in found.sentence


def test_the_same_cards_follow_from_scoring_anew(log, loans):
    state(log, loans)
    moved = shown(log, loans)
    derived = {c: case_file.recommendation(log, "loans", case_file.waiting_row(log, loans, c)["recommendation_id"])
               for c, row in moved.items() if row[1]}  # fmt: skip
    assert recommend_waiting(log, loans, at=LATER, progress=quiet) == 150
    assert {c: row[:2] for c, row in shown(log, loans).items()} == {c: row[:2] for c, row in moved.items()}
    for case_id, early in derived.items():
        row = case_file.waiting_row(log, loans, case_id)
        late = case_file.recommendation(log, "loans", row["recommendation_id"])
        assert (late.action, late.likeliest_action, late.intent_id) == (
            early.action, early.likeliest_action, early.intent_id)  # fmt: skip
        for name in ("probability", "base", "points", "similar_n", "low", "high", "likeliest_probability"):
            assert getattr(late, name) == pytest.approx(getattr(early, name), abs=1e-6)
        assert late.base + sum(late.points) == pytest.approx(late.probability)
        assert early.base + sum(early.points) == pytest.approx(early.probability)
        assert (late.notes, late.peers) == (early.notes, early.peers)


def test_the_card_says_what_mattered_and_what_was_likelier(log, loans):
    done = state(log, loans)
    case_id = next(
        c
        for c, row in shown(log, loans).items()
        if row[1] and case_file.facts(log, loans, c)["mode"] == "assisted"
    )
    told = card_of(log, loans, case_id)
    assert told.intent and "2 times as much" in told.intent[0] and told.changes is None
    line = intent.card_line(loans, told.recommendation, intent.in_force(log, loans))
    assert "“Decline” is recommended; “Lend” is likelier to prove right" in line
    assert told.recommendation.intent_id == done.intent_id
    page = waiting.page(log, loans, Queue("m1"), now=NOW, limit=200)
    assert {r["case_id"] for r in page if r["likeliest_action"]} == {
        c
        for c, row in shown(log, loans).items()
        if row[1] and case_file.facts(log, loans, c)["mode"] == "assisted"
    }


def test_a_card_that_asks_for_the_own_call_tells_nothing_of_the_intent(log, loans):
    state(log, loans)
    for mode in ("first_call", "evidence_only"):
        case_id = next(
            c
            for c, row in shown(log, loans).items()
            if row[1] and case_file.facts(log, loans, c)["mode"] == mode
        )
        told = card_of(log, loans, case_id)
        assert told.intent == ()
        held_back = told.recommendation
        assert held_back is None or (held_back.likeliest_action, held_back.intent_id) == (None, None)


def test_what_would_change_tips_the_recommendation_of_the_intent(log, loans):
    state(log, loans)
    recommend_waiting(log, loans, at=LATER, progress=quiet)
    version = registry.live_version(log, "loans")
    model = Model.from_bytes(registry.content(log, "loans", version))
    tipped = 0
    for case_id in sorted(shown(log, loans))[:40]:
        row = case_file.waiting_row(log, loans, case_id)
        told = case_file.recommendation(log, "loans", row["recommendation_id"])
        if told.changes is None:
            continue
        change = json.loads(told.changes)
        case = frames.cases_of(log, loans, [case_id])
        for step in change["steps"]:
            case[step["feature"]] = step["then"]
        chance = model.probabilities(case)[0, 0]
        # 0.4 · √2 (1 − p) against 0.1 / √2 · p: lend from 8/9 on.
        assert ("lend" if chance >= 8 / 9 else "decline") == change["action"] != told.action
        assert change["probability"] == pytest.approx(
            chance if change["action"] == "lend" else 1 - chance, abs=1e-6
        )
        tipped += 1
    assert tipped > 5


def test_new_cases_get_the_intent_in_force(log, loans):
    state(log, loans)
    onboard(log, loans, cases=table(priced(firms(80, 9, start=5_000), 13)), by="lead", at=LATER)
    recommend_waiting(log, loans, at=LATER, progress=quiet)
    here = held(log, loans)
    assert here.n == 230 and preview(here, loans, CAREFUL).changed == 0
    fresh = [row for c, row in shown(log, loans).items() if c >= "f05000"]
    assert len(fresh) == 80 and any(row[1] for row in fresh)


def test_recommending_for_a_file_follows_the_intent_and_says_so(log, loans):
    state(log, loans)
    told = recommend_table(log, loans, frames.undecided(log, loans))
    assert dict(zip(told["case_id"], told["action"], strict=True)) == {
        c: row[0] for c, row in shown(log, loans).items()
    }
    because = told["notes"].str.contains("Because of what matters now")
    assert because.sum() == sum(row[1] is not None for row in shown(log, loans).values())
    stored = recommend_stored(log, loans)
    assert stored["notes"].str.contains("likelier to prove right: Lend").sum() == because.sum()
    assert len(stored) == 150


def test_withdrawn_the_likeliest_actions_are_back(log, loans):
    before = {c: row[0] for c, row in shown(log, loans).items()}
    changed = state(log, loans).promise.changed
    done = intent.withdraw(log, loans, why="the year is over", by="lead", at=LATER)
    assert done.promise.changed == changed
    assert {c: row[:2] for c, row in shown(log, loans).items()} == {c: (a, None) for c, a in before.items()}
    assert intent.in_force(log, loans) is None
    assert kept(log, loans, done.intent_id, withdrawal=True).exact
    [only] = intent.history(log, loans)
    assert (only.ended_at, only.withdrawn_by, only.withdrawn_why) == (LATER, "lead", "the year is over")
    recommend_waiting(log, loans, at=LATER, progress=quiet)
    assert {c: row[:2] for c, row in shown(log, loans).items()} == {c: (a, None) for c, a in before.items()}
    assert all(row[3] is None for row in shown(log, loans).values())


def test_another_intent_takes_the_place_of_the_one_before(log, loans):
    first = state(log, loans)
    second = state(log, loans, Intent(balance=-2.0), at=LATER)
    told = intent.history(log, loans)
    assert [one.intent_id for one in told] == [second.intent_id, first.intent_id]
    assert (told[1].ended_at, told[1].withdrawn_by) == (LATER, None)
    assert kept(log, loans, first.intent_id).exact and kept(log, loans, second.intent_id).exact
    assert intent.in_force(log, loans).intent == Intent(balance=-2.0)


def test_a_protected_segment_moves_its_cases_alone(log, loans):
    here = held(log, loans)
    plain = recommended(here, loans, Intent())
    found = recommended(here, loans, Intent(protect=Protect("sector", "farming", 8.0)))
    codes, names = here.segments["sector"]
    moved = plain != found
    assert moved.any() and {names[i] for i in codes[moved]} == {"farming"}
    state(log, loans, Intent(protect=Protect("sector", "farming", 8.0)))
    recommend_waiting(log, loans, at=LATER, progress=quiet)
    assert preview(held(log, loans), loans, Intent(protect=Protect("sector", "farming", 8.0))).changed == 0


def test_a_value_that_no_case_has_is_not_protected(log, loans):
    with pytest.raises(IntentRefused, match="farming"):
        state(log, loans, Intent(protect=Protect("sector", "fishing")))


def test_the_queue_shows_the_costliest_first_and_tells_nothing_of_hidden_cases(log, loans):
    state(log, loans, Intent(balance=1.0, queue="costs"))
    order = [r["case_id"] for r in waiting.page(log, loans, Queue("m1", "what_matters"), now=NOW, limit=200)]
    matters = {c: row[3] for c, row in shown(log, loans).items()}
    known = [matters[c] for c in order if matters[c] is not None]
    assert known == sorted(known, reverse=True) and len(known) > 100
    assert order[len(known) :] == sorted(order[len(known) :])
    hidden = [
        c for c in order if case_file.facts(log, loans, c)["mode"] != "assisted" and matters[c] is not None
    ]
    per_unit = {round(matters[c] / case_file.facts(log, loans, c)["amount"], 9) for c in hidden}
    assert len(hidden) > 10 and len(per_unit) == 1
    recommend_waiting(log, loans, at=LATER, progress=quiet)
    assert {c: row[3] for c, row in shown(log, loans).items()} == pytest.approx(matters, nan_ok=True)


def test_the_list_derived_anew_is_the_list_as_it_stands(log, loans):
    state(log, loans)
    recommend_waiting(log, loans, at=LATER, progress=quiet)
    before = shown(log, loans)
    log.write(lambda tx: waiting.rebuild(tx, loans))
    assert shown(log, loans) == before


def test_a_decision_taken_back_after_a_statement_is_recommended_anew(log, loans):
    case_id = next(c for c in shown(log, loans) if case_file.facts(log, loans, c)["mode"] == "assisted")
    row = case_file.waiting_row(log, loans, case_id)
    given = case_file.recommendation(log, "loans", row["recommendation_id"])
    made = decide(log, loans, Choice(case_id, given.action, given.recommendation_id), manager="m1", at=NOW)
    state(log, loans)
    reverse(log, loans, made.decision_id, by="m1", at=LATER)
    assert shown(log, loans)[case_id][2] is None
    recommend_waiting(log, loans, at=LATER, progress=quiet)
    assert preview(held(log, loans), loans, CAREFUL).changed == 0


def agree(log, loans, case_id, manager="m1"):
    row = case_file.waiting_row(log, loans, case_id)
    given = case_file.recommendation(log, "loans", row["recommendation_id"])
    return decide(log, loans, Choice(case_id, given.action, given.recommendation_id), manager=manager, at=NOW)


def assisted(log, loans):
    return [c for c in sorted(shown(log, loans)) if case_file.facts(log, loans, c)["mode"] == "assisted"]


def test_a_case_decided_between_preview_and_statement_is_told(log, loans):
    here = held(log, loans)
    seen = preview(here, loans, CAREFUL)
    changing = [
        here.ids["case_id"][int(i)].as_py()
        for i in np.flatnonzero(recommended(here, loans, CAREFUL) != here.now)
    ]
    agree(log, loans, next(c for c in changing if c in assisted(log, loans)))
    done = state(log, loans, seen=seen)
    assert done.promise.changed == seen.changed - 1
    assert "Since the preview the waiting list has changed (150 then, 149 now)" in done.differs
    assert kept(log, loans, done.intent_id).exact


def test_promises_hold_while_others_decide(log, loans):
    failed, stop = [], threading.Event()
    cases = assisted(log, loans)

    def deciding():
        for case_id in cases:
            if stop.is_set():
                return
            try:
                agree(log, loans, case_id, "m2")
            except Exception as error:
                failed.append(error)

    working = threading.Thread(target=deciding)
    working.start()
    promises = [
        state(log, loans, Intent(balance=b), seen=preview(held(log, loans), loans, Intent(balance=b)))
        for b in (1.0, -1.0, 2.0, 0.5)
    ]
    stop.set()
    working.join()
    assert not [e for e in failed if "changed" not in str(e) and "not of this case" not in str(e)]
    assert all(kept(log, loans, one.intent_id).exact for one in promises)


def test_a_decision_keeps_what_was_shown_and_what_was_likelier(log, loans):
    done = state(log, loans)
    moved = [c for c in assisted(log, loans) if shown(log, loans)[c][1]]
    agree(log, loans, moved[0])
    [row] = log.records("SELECT * EXCLUDE (rationale) FROM loans.decided WHERE case_id = $1", [moved[0]])
    assert (row["recommended_action"], row["likeliest_action"], row["final_action"]) == (
        "decline",
        "lend",
        "decline",
    )
    assert row["intent_id"] == done.intent_id and row["moved_by_intent"]
    assert row["recommended_confidence"] + row["likeliest_confidence"] == pytest.approx(1.0)
    found = kept(log, loans, done.intent_id)
    assert found.exact and "1 have been decided, 1 of them as recommended" in found.since


def test_outcomes_show_what_an_intent_was_worth(log, loans):
    done = state(log, loans, Intent(balance=2.0))
    for case_id in assisted(log, loans):
        agree(log, loans, case_id)
    known = truth(log, loans)
    resolve(log, loans, known.assign(known_at=NOW), by="lead", at=LATER)
    found = kept(log, loans, done.intent_id)
    rows = frames.moved_by(log, loans, done.intent_id)
    cost = {("lend", "decline"): 0.4, ("decline", "lend"): 0.1}
    told = rows[rows["value"].notna()]
    sums = [
        sum(
            cost.get((a, r), 0.0) * v
            for a, r, v in zip(told[name], told["right_action"], told["value"], strict=True)
        )
        for name in ("recommended_action", "likeliest_action")
    ]
    assert found.outcomes.known == len(told) > 20
    assert (found.outcomes.with_intent, found.outcomes.without) == (
        pytest.approx(sums[0]),
        pytest.approx(sums[1]),
    )
    assert found.outcomes.decided == found.outcomes.with_intent
    assert found.outcomes.saved.low < (sums[1] - sums[0]) / len(told) < found.outcomes.saved.high
    assert found.exact


def test_a_new_file_ends_an_intent_that_it_cannot_hold(log, loans):
    state(log, loans, Intent(protect=Protect("sector", "crafts", 4.0)))
    text = PRICED.replace('columns = ["sector"]', "columns = []")
    onboard(log, parse_domain("loans", text), by="lead", at=LATER)
    now = parse_domain("loans", text)
    assert intent.in_force(log, now) is None
    [only] = intent.history(log, now)
    assert only.withdrawn_by == "rhml" and "cannot hold it any more" in only.withdrawn_why
    assert kept(log, now, only.intent_id).exact
    recommend_waiting(log, now, at=LATER, progress=quiet)
    assert not any(row[1] for row in shown(log, now).values())


def test_new_costs_in_the_file_are_what_the_intent_weighs(log, loans):
    state(log, loans)
    dearer = parse_domain("loans", PRICED.replace("lend = 0.1", "lend = 0.8"))
    onboard(log, dearer, by="lead", at=LATER)
    recommend_waiting(log, dearer, at=LATER, progress=quiet)
    assert preview(held(log, dearer), dearer, CAREFUL).changed == 0
    assert kept(log, dearer, intent.in_force(log, dearer).intent_id).exact


def test_a_promotion_leaves_the_intent_in_force(log, loans):
    done = state(log, loans)
    resolve(log, loans, truth(log, loans).head(60).assign(known_at=NOW), by="lead", at=LATER)
    version = retrain(log, loans, by="lead", at=LATER, progress=quiet).version
    promote(log, loans, version, by="lead", why="newer", at=LATER, anyway=True)
    before = held(log, loans)
    again = state(log, loans, Intent(balance=1.5), at=LATER)
    assert kept(log, loans, again.intent_id).exact and before.n == 150
    recommend_waiting(log, loans, at=LATER, progress=quiet)
    assert preview(held(log, loans), loans, Intent(balance=1.5)).changed == 0
    assert {row[2] for row in shown(log, loans).values()} == {version}
    assert kept(log, loans, done.intent_id).exact


def test_only_a_lead_states_and_withdraws(log, loans):
    for person in ("m1", "ana"):
        with pytest.raises(NotPermitted):
            state(log, loans, by=person)
        with pytest.raises(NotPermitted):
            intent.withdraw(log, loans, why="x", by=person, at=NOW)
    assert intent.history(log, loans) == []


def test_what_cannot_be_stated_changes_nothing(log, loans):
    before = frames.counter(log, loans)
    for wanted, given, said in (
        (CAREFUL, {"why": " "}, "Say why"),
        (Intent(balance=9.0), {}, "at most 32"),
        (Intent(protect=Protect("region", "north")), {}, "unequal treatment"),
    ):
        with pytest.raises(IntentRefused, match=said):
            state(log, loans, wanted, **given)
    with pytest.raises(IntentRefused, match="nothing to withdraw"):
        intent.withdraw(log, loans, why="x", by="lead", at=NOW)
    assert frames.counter(log, loans) == before
    state(log, loans)
    with pytest.raises(IntentRefused, match="in force already"):
        state(log, loans)


def test_without_a_model_there_is_nothing_to_state(tmp_path, loans):
    store = open_store(f"duckdb:///{tmp_path / 'empty.duckdb'}", now=NOW)
    onboard(store, loans, cases=table(priced(firms(10, 1), 1)), by="lead", at=NOW)
    assert held(store, loans).n == 0 and preview(held(store, loans), loans, CAREFUL).changed == 0
    with pytest.raises(NoChampion):
        state(store, loans)
    store.close()


def test_the_trail_and_the_chain_hold_it(log, loans):
    done = state(log, loans)
    intent.withdraw(log, loans, why="over", by="lead", at=LATER)
    told = [row for row in audit.page(log, loans, audit.Filter(), limit=50) if row["kind"] == "intent"]
    assert [row["detail"] for row in told] == [
        "withdrawn: over", "stated: cash is short (Fewer wrong “Lend” (2 : 1))",
    ]  # fmt: skip
    assert told[1]["subject"] == done.intent_id
    with log.at_one_moment() as tx:
        assert verify(tx, "loans").sound


def test_held_cases_brought_up_to_date_are_those_read_anew(log, loans):
    first = held(log, loans)
    assert held(log, loans, first) is first
    agree(log, loans, assisted(log, loans)[0])
    onboard(log, loans, cases=table(priced(firms(20, 9, start=7_000), 13)), by="lead", at=LATER)
    recommend_waiting(log, loans, at=LATER, progress=quiet)
    state(log, loans)
    renewed, anew = held(log, loans, first), held(log, loans)
    assert renewed.n == anew.n == 169 and renewed.ids.equals(anew.ids)
    for name in ("probabilities", "known", "now", "stake", "hidden"):
        assert np.array_equal(getattr(renewed, name), getattr(anew, name), equal_nan=name == "stake")
    assert preview(renewed, loans, Intent(balance=-1.0)) == preview(anew, loans, Intent(balance=-1.0))
    assert replace(renewed, ids=anew.ids).inside(Intent(protect=Protect("sector", "crafts"))).sum() > 0


def test_cards_and_past_screens_tell_what_mattered(log, loans):
    state(log, loans)
    case_id = next(c for c in assisted(log, loans) if shown(log, loans)[c][1])
    made = agree(log, loans, case_id)
    intent.withdraw(log, loans, why="over", by="lead", at=LATER)
    screen = past_screen(log, loans, made.decision_id).as_dict()
    assert screen["screen"]["intent"] and screen["screen"]["recommendation"]["likeliest_action"] == "lend"
    told = text_of(printed_screen.document(screen, loans))
    assert "Likelier to prove right was Lend" in told and "2 times as much" in told
    card = process_card(log, loans, at=LATER)
    assert card["intent"] == {
        "in_force": [],
        "since": None,
        "why": None,
        "stated": 1,
        "moved": 1,
        "followed": 1,
    }
    assert "1 stated so far; 1 decisions had" in text_of(printed_process.document(card, loans))
    version = registry.live_version(log, "loans")
    model = model_card(log, loans, version, at=LATER)
    assert model["intent"]["moved"] == 1
    assert "no intent is in force" in text_of(printed_model.document(model, loans))


def text_of(document):
    """Everything a printed document says."""
    return json.dumps(asdict(document), default=str, ensure_ascii=False)
