"""How far to trust the model: the Trust view of Models, its marks on a card, and where people help most."""

import re
import time

from rhml.core.domain import parse_domain
from rhml.loop.routing import Routed
from rhml.stats.measure import Measure
from rhml.store import jobs, studies
from rhml.store.case_file import StoredRecommendation
from rhml.store.opening import utc_now
from rhml.store.studies import Study
from rhml.ui import limits, resources, routing
from tests.ui.log_of_loans import loans_log as loans_log
from tests.ui.log_of_loans import opened
from tests.ui.waiting_loans import desk, texts  # noqa: F401 - desk is a fixture

UNLIKE = "Unlike anything the model learned from: Amount 20,000 (the nearest: 9,000) with Late 0."


def trust():
    page = opened("models", view="Trust")
    assert not page.exception
    return page


def looked():
    """The view once the worker has looked."""
    trust().button(key="watch").click().run()
    for _ in range(600):
        newest = jobs.latest(resources.store(), kind="watch", domain="loans", limit=1)
        if newest and newest[0].state not in jobs.OPEN:
            break
        time.sleep(0.05)
    assert newest[0].state == "done", newest[0].message
    return trust()


def tables(page) -> str:
    return " ".join(str(cell) for table in page.table for cell in table.value.to_numpy().ravel())


def test_without_a_live_model_the_view_says_what_will_be_there(loans_log):
    loans_log(outcomes=30)
    assert "No version is live yet" in trust().info[0].value


def test_a_look_is_asked_for_and_what_it_finds_is_told_with_what_to_do(loans_log):
    loans_log(versions=1)
    page = trust()
    assert "Nobody has looked at v1 yet" in page.info[0].value
    page = looked()
    assert not opened("models").warning
    said = texts(page)
    assert [h.value for h in page.header] == [
        "What has changed since it learned", "What it cannot rule out", "Unlike anything it has seen",
        "Where people help most", "Where the model could decide alone",
    ]  # fmt: skip
    assert "Too early to look: 0 applications came since v1 learned; the first look is at 200." in said
    assert "at least **90 %**" in said and re.search(
        r"Learned from 2\d\d resolved calls, with the suggestion in view", said
    )
    assert "; n " in tables(page)
    assert not page.warning

    page.multiselect(key="route").select("Sector: retail").run()
    assert not page.exception
    assert "Where Sector is retail, the model would decide" in texts(page)
    assert "This changes nothing" in texts(page) and "A proposal" in texts(page)
    assert "How long people took is not on record" in tables(page)
    assert "rescued would be lost" in tables(page)

    held = studies.newest(resources.store(), "loans", "drift", "v1")
    finding = {
        "kind": "population", "about": "Late", "sentence": "Late *has* moved.", "advice": "Ask why.", "size": {},
        "p": 0.0001, "look": 1, "cases": [1, 200], "points": 0.042, "since": 200,
    }  # fmt: skip
    population = {
        "cases": 200,
        "looks": 1,
        "next_look": 400,
        "findings": [finding],
        "unimportant": ["Sector"],
    }
    study = Study("drift", "v1", held.content | {"population": population}, utc_now(), "lead")
    resources.store().write(lambda tx: studies.add(tx, "loans", study))
    page = trust()
    assert any("Late \\*has\\* moved\\." in m.value for m in page.markdown)
    assert "Ask why. The factor moves the suggestion by 4.2 points in an average case." in texts(page)
    assert "First seen after 200 applications." in texts(page)
    [alarm] = opened("models").warning
    assert "See *Trust*: what has changed since v1 learned" in alarm.value
    assert "the model hardly reads it: Sector" in texts(page)


def routed(**measures):
    unknown = Measure.unknown("Cannot be known.")
    return Routed(
        1000,
        300,
        0.3,
        unknown,
        **({"accuracy": unknown, "inside": unknown, "value": unknown} | measures),
        rescued=1,
        spoiled=2,
    )


def test_a_replay_says_no_more_than_its_interval(loans):
    def said(low, high):
        found = routed(accuracy=Measure((low + high) / 2, low, high, 900))
        return routing.sentence(found, loans, "the model is clear")

    assert "worth keeping: the share right would fall" in said(-0.05, -0.01)
    assert "would rise: +3.0 points (+1.0 to +5.0; n 900)" in said(0.01, 0.05)
    assert "nothing that matters would be lost" in said(-0.004, 0.01)
    assert "cannot be told yet" in said(-0.02, 0.02)
    assert routing.sentence(routed(), loans, "x").endswith(
        "what that does to the share right: Cannot be known."
    )


def stored(action_set, action="lend"):
    return StoredRecommendation(
        "r",
        "c",
        "v1",
        action,
        0.6,
        (),
        None,
        (),
        None,
        None,
        None,
        (),
        (),
        None,
        utc_now(),
        action_set=action_set,
    )


def test_what_cannot_be_ruled_out_is_one_short_line():
    text = 'title = "T"\n[actions]\nlend = "Lend"\nwait = "Wait"\n'
    two, three = parse_domain("t", text), parse_domain("t", text + 'ask = "Ask *first*"\n')
    assert limits.possible(two, stored(("lend", "wait"))) == "**Wait** cannot be ruled out (checked at 90 %)."
    assert limits.possible(two, stored(("lend",))) == ""
    assert limits.possible(two, stored(())) == ""
    assert limits.possible(three, stored(("lend", "ask"))).startswith("**Ask \\*first\\***")
    assert (
        limits.possible(three, stored(("lend", "wait", "ask")))
        == "No action can be ruled out (checked at 90 %)."
    )


def marked(store, mode="assisted"):
    """Marks the first case of a mode as unlike anything seen, and gives every assisted one a gain."""
    [(case_id, shown)] = store.read(
        "SELECT case_id, recommendation_id FROM loans.waiting WHERE mode = $1 ORDER BY due_at, case_id LIMIT 1",
        [mode],
    )
    store.write(
        lambda tx: tx.run(
            "UPDATE loans.recommendations SET action_set = ['lend', 'decline'], unlike = $2 WHERE recommendation_id = $1",
            [shown, UNLIKE],
        )
    )
    store.write(
        lambda tx: tx.run(
            "UPDATE loans.waiting SET unlike = (case_id = $1), place = probability, "
            "help = CASE WHEN mode = 'assisted' THEN 0.9 - probability END",
            [case_id],
        )
    )
    return case_id


def test_a_card_warns_of_a_case_unlike_anything_seen(desk):  # noqa: F811
    store, _ = desk()
    page = opened("decide", case=marked(store))
    assert not page.exception
    assert "**Lend** cannot be ruled out (checked at 90 %)." in texts(page)
    assert any("Unlike anything the model learned from" in warning.value for warning in page.warning)


def test_a_card_that_asks_for_an_own_call_says_nothing_of_it(desk):  # noqa: F811
    store, _ = desk(first_call=0.4, evidence_only=0.4)
    for mode in ("first_call", "evidence_only"):
        page = opened("decide", case=marked(store, mode))
        assert not page.exception
        assert "rule out" not in texts(page) and "Unlike anything" not in texts(page)


def test_pending_says_where_people_help_and_marks_what_is_new(desk):  # noqa: F811
    store, _ = desk()
    marked(store)
    page = opened("pending", order="Where people help most")
    shown = page.dataframe[0].value
    own = shown["Model suggests"] == "your call first"
    said = shown[~own]["Why it is here"].iloc[0]
    assert re.fullmatch(r"model right in 6\d of 100, people in 90", said)
    assert set(shown[own]["Why it is here"]) == {"mixed in by lot: your call first"}
    assert "A random share is mixed in by lot" in texts(page)
    new = shown[shown["Model suggests"].str.contains("unlike anything seen")]
    assert len(new) == 1 and new["Model suggests"].iloc[0].startswith("Decline, ")
