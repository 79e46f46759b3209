"""What the model holds of a case that asks for the own call first is in no number of a preview, nor between two of them."""

import json
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from rhml.core.domain import parse_domain
from rhml.core.intent import Intent, Protect
from rhml.loop.decide import Choice, decide
from rhml.loop.intent import past as past_module
from rhml.loop.intent import statement as intent
from rhml.loop.intent.cases import held
from rhml.loop.intent.changing import changing
from rhml.loop.intent.kept import kept
from rhml.loop.intent.past import past
from rhml.loop.intent.preview import preview, recommended
from rhml.loop.queue import snooze
from rhml.loop.recommend import recommend_waiting
from rhml.loop.records.shown import shown as past_screen
from rhml.loop.review.review_card import answered
from rhml.printed import screen as printed_screen
from rhml.store import case_file, registry
from rhml.store.opening import open_store
from rhml.store.review import reviews
from rhml.ui import cards
from rhml.ui.intent import told
from tests.intended import PRICED, build, quiet
from tests.loans import NOW

LATER = NOW + timedelta(hours=1)
ALL_CALL = PRICED.replace("first_call = 0.2\nevidence_only = 0.1", "first_call = 0.6\nevidence_only = 0.4")
TRIED = (
    None, Intent(), Intent(balance=1.0), Intent(balance=-2.0), Intent(balance=1.25),
    Intent(balance=1.0, protect=Protect("sector", "crafts", 8.0)),
    Intent(balance=1.0, protect=Protect("sector", "crafts", 2.0, "low")),
    Intent(protect=Protect("sector", "retail", 16.0)),
)  # fmt: skip


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder, made = tmp_path_factory.mktemp("unshown"), {}
    for name, text in (("mixed", PRICED), ("all", ALL_CALL)):
        made[name] = (folder / f"{name}.duckdb", text)
        build(made[name][0], text=text)
    return made


@pytest.fixture
def opened(files, tmp_path):
    stores = []

    def make(name: str = "mixed"):
        path, text = files[name]
        copy = tmp_path / f"{name}.duckdb"
        copy.write_bytes(path.read_bytes())
        stores.append(open_store(f"duckdb:///{copy}", now=NOW))
        return stores[-1], parse_domain("loans", text)

    yield make
    for store in stores:
        store.close()


def otherwise(here, seed: int):
    """The same waiting cases, had the model held anything else of those that ask for the own call."""
    rng, given, now = np.random.default_rng(seed), here.probabilities.copy(), here.now.copy()
    first = rng.random(int(here.hidden.sum()))
    given[here.hidden] = np.column_stack([first, 1 - first])
    now[here.hidden] = given[here.hidden].argmax(axis=1)
    return replace(here, probabilities=given, now=now)


def alone(here, domain):
    """The same with one case alone in a protected segment, and that one asks for the own call."""
    codes, names = here.segments["sector"]
    place, crafts = int(np.flatnonzero(here.hidden)[0]), names.index("crafts")
    codes = np.where(codes == crafts, -1, codes)
    codes[place] = crafts
    return replace(here, segments=here.segments | {"sector": (codes, names)})


def test_no_preview_depends_on_what_the_model_holds_of_them(opened):
    store, domain = opened()
    here = held(store, domain)
    for waits in (here, alone(here, domain)):
        for seed in range(4):
            other = otherwise(waits, seed)
            assert (other.now != waits.now).any()
            for tried in TRIED:
                assert preview(other, domain, tried) == preview(waits, domain, tried)
                assert preview(other, domain, tried).promise() == preview(waits, domain, tried).promise()
                assert repr(changing(other, domain, tried)) == repr(changing(waits, domain, tried))


def test_nor_does_it_under_an_intent_in_force(opened):
    store, domain = opened()
    intent.state(store, domain, Intent(protect=Protect("sector", "crafts", 4.0)), why="x", by="lead", at=NOW)
    here = held(store, domain)
    for tried in TRIED:
        assert preview(otherwise(here, 5), domain, tried) == preview(here, domain, tried)


def test_protecting_the_one_case_of_a_segment_moves_no_count(opened):
    store, domain = opened()
    here = alone(held(store, domain), domain)
    plain, guarded = (
        preview(here, domain, Intent(protect=p)) for p in (None, Protect("sector", "crafts", 16.0, "low"))
    )
    for name in ("changed", "pairs", "shares", "costs", "histogram", "segments", "hidden"):
        assert getattr(plain, name) == getattr(guarded, name), name


def test_what_past_cases_say_is_near_what_becomes_of_them(opened):
    store, domain = opened("all")
    here = held(store, domain)
    for tried in (
        Intent(balance=1.0),
        Intent(balance=-2.0),
        Intent(protect=Protect("sector", "crafts", 8.0)),
    ):
        found = preview(here, domain, tried)
        then = recommended(here, domain, tried)
        share = (then != here.now).mean()
        assert found.unshown.cases == here.n == 150
        assert abs(found.unshown.share - share) < 4 * np.sqrt(max(share * (1 - share), 0.02) / 150)
        drawn = found.pictured()
        assert sum(map(sum, drawn.histogram.then.values())) == sum(one.now for one in drawn.shares) == 150
        cost = sum(kind.then for kind in drawn.costs)
        stake = np.nan_to_num(here.stake)
        table = np.array([[0, 0.4], [0.1, 0]])
        exact = sum(stake[i] * (here.probabilities[i] @ table[then[i]]) for i in range(here.n))
        assert cost == pytest.approx(exact, rel=0.35)


def test_where_all_ask_for_the_own_call_nothing_is_promised_and_that_is_kept(opened):
    store, domain = opened("all")
    done = intent.state(store, domain, Intent(balance=1.0), why="x", by="lead", at=NOW)
    assert (done.promise.changed, done.promise.shown, done.promise.hidden) == (0, 0, 150)
    assert "so nothing is promised. 150 ask for the own call first and are not counted here" in done.message
    assert "of past cases" in done.message and "of 100 would change" in done.message
    found = kept(store, domain, done.intent_id)
    assert found.exact and {line.what for line in found.lines} >= {"waiting", "hidden"}
    [(moved,)] = store.read("SELECT count(*) FROM loans.recommendations WHERE intent_id IS NOT NULL")
    assert moved > 10
    assert "facts" not in intent.history(store, domain)[0].promise
    said = told.changed(domain, preview(held(store, domain), domain, Intent(balance=-1.0)))
    assert (
        said.startswith("**Every waiting case asks for the own call first**") and "going by them: **" in said
    )


def test_where_most_ask_for_the_own_call_the_picture_holds_them_as_past_ones_would_be(opened):
    store, domain = opened()
    here = held(store, domain)
    fewer = replace(here, hidden=np.arange(here.n) >= 12)
    found = preview(fewer, domain, Intent(balance=1.0))
    assert found.guessed and (found.shown, found.hidden) == (12, 138)
    for counts in (found.pictured().histogram.now, found.pictured().histogram.then):
        assert sum(map(sum, counts.values())) == 150
    said = told.changed(domain, found)
    assert said.startswith("**138 of 150 waiting cases ask for the own call first**: of past cases **")
    assert f"Of the 12 others {found.changed} would." in said and "going by both: **" in said
    assert "more ask" not in told.left_out(domain, found)


def test_without_past_cases_only_their_number_is_told(opened):
    store, domain = opened()
    here = replace(held(store, domain), past=np.zeros((0, 2)))
    found = preview(here, domain, Intent(balance=1.0))
    assert found.unshown.share is None and found.pictured() is found
    assert found.sentence.endswith("53 ask for the own call first and are not counted here.")
    assert "53 more ask for the own call first, in no number here." in told.left_out(domain, found)


def test_where_the_model_was_never_held_against_outcomes_past_recommendations_stand_in(opened, monkeypatch):
    store, domain = opened()
    monkeypatch.setattr(past_module, "_past_of", lambda model: np.zeros((0, 2)))
    assert past(store, domain).shape == (0, 2)
    cases = store.read("SELECT case_id FROM loans.waiting WHERE mode = 'assisted' ORDER BY case_id LIMIT 30")
    shown = {
        tuple(case_file.recommendation(store, "loans", case_file.waiting_row(store, domain, c)["recommendation_id"]).probabilities)
        for (c,) in cases
    }  # fmt: skip
    for (case_id,) in cases:
        agreed(store, case_id)
    assert {tuple(row) for row in past(store, domain)} == shown
    here = held(store, domain)
    assert preview(here, domain, Intent(balance=1.0)).unshown.share is not None
    assert preview(otherwise(here, 1), domain, Intent(balance=1.0)) == preview(
        here, domain, Intent(balance=1.0)
    )


def test_a_promise_of_before_that_counted_them_is_still_held_against_the_log(opened):
    store, domain = opened()
    here = held(store, domain)
    open_ones = replace(here, hidden=np.zeros(here.n, dtype=bool))
    wanted = Intent(balance=1.0)
    moved = recommended(here, domain, wanted) != here.now
    earlier = preview(open_ones, domain, wanted).promise() | {
        "changed_hidden": int((moved & here.hidden).sum()), "hidden": int(here.hidden.sum()),
    }  # fmt: skip
    done = intent.state(store, domain, wanted, why="x", by="lead", at=NOW)
    assert earlier["changed"] == moved.sum() > done.promise.changed
    store.write(lambda tx: tx.run("UPDATE loans.intents SET promise = $1", [json.dumps(earlier)]))
    found = kept(store, domain, done.intent_id)
    assert found.exact and "changed_hidden" in {line.what for line in found.lines}


def test_how_many_are_snoozed_is_told_beside_the_count(opened):
    store, domain = opened()
    cases = [c for (c,) in store.read("SELECT case_id FROM loans.waiting ORDER BY case_id LIMIT 3")]
    for case_id in cases:
        snooze(store, domain, case_id, until=NOW + timedelta(days=3), manager="m1", at=NOW)
    here = held(store, domain)
    found = preview(here, domain, Intent(balance=1.0))
    assert (here.snoozed(NOW), here.snoozed(NOW + timedelta(days=4)), found.waiting) == (3, 0, 150)
    said = told.left_out(domain, found, here.snoozed(NOW))
    assert (
        "3 of the 150 waiting are snoozed: *Pending* leaves them out, what is stated holds for them too."
        in said
    )
    assert "snoozed" not in told.left_out(domain, found, 0)


def agreed(store, case_id: str, at=NOW):
    row = case_file.waiting_row(store, parse_domain("loans", PRICED), case_id)
    given = case_file.recommendation(store, "loans", row["recommendation_id"])
    choice = Choice(case_id, given.action, given.recommendation_id)
    return decide(store, parse_domain("loans", PRICED), choice, manager="m1", at=at).decision_id


def test_a_past_card_says_what_would_tip_it_only_where_that_was_said(opened):
    store, domain = opened()
    before = "SELECT case_id FROM loans.waiting WHERE mode = 'assisted' AND likeliest_action IS NULL ORDER BY case_id"
    usual = agreed(store, store.read(before)[0][0])
    intent.state(store, domain, Intent(balance=1.0), why="x", by="lead", at=NOW)
    moved = store.read(before.replace("IS NULL", "IS NOT NULL"))
    just_moved, awaiting = agreed(store, moved[0][0]), agreed(store, store.read(before)[0][0])
    recommend_waiting(store, domain, at=NOW, progress=quiet)
    renewed = agreed(store, moved[1][0])
    intent.withdraw(store, domain, why="over", by="lead", at=LATER)
    recommend_waiting(store, domain, at=LATER, progress=quiet)
    words = registry.version(store, "loans", registry.live_version(store, "loans"))
    for decision_id, known in ((usual, True), (just_moved, False), (awaiting, False), (renewed, True)):
        screen = past_screen(store, domain, decision_id)
        assert screen.card.tips_known == known
        assert bool(cards.change(domain, screen.card)) == known
        said = json.dumps(printed_screen.document(screen.as_dict(), domain), default=vars, ensure_ascii=False)
        assert ("had not been worked out yet" in said) == (not known)
        assert known or "It would tip" not in said
        made = reviews.of_decision(store.read, "loans", decision_id)
        card = answered(store, domain, made, lambda version: (words.features, words.card["typical"], ()))
        assert card.tips_known == known
