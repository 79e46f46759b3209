"""One small demo organization, built once, and what a newcomer would find in it."""

import json
from datetime import datetime, timedelta

import pytest

from rhml.core.domain import parse_domain
from rhml.core.reliance import VERDICTS
from rhml.demo import credit, mortgages, purchases
from rhml.demo.desk import LogInUse
from rhml.demo.organization import PEOPLE, build
from rhml.loop.onboard import onboard
from rhml.loop.verify import verify
from rhml.store import organization, registry, waiting
from rhml.store.opening import open_store

AT = datetime(2026, 3, 4, 9, 30)
WORKED = (purchases.NAME, credit.NAME)


@pytest.fixture(scope="module")
def told() -> list[tuple[float, str]]:
    return []


@pytest.fixture(scope="module")
def built(tmp_path_factory, told):
    store = open_store(f"duckdb:///{tmp_path_factory.mktemp('demo') / 'log.duckdb'}", now=AT, secret="fixed")
    result = build(store, at=AT, progress=lambda share, words: told.append((share, words)), size=0.15)
    yield store, result
    store.close()


def test_counts_are_told_by_domain_as_json(built):
    store, result = built
    assert list(result["domains"]) == [purchases.NAME, credit.NAME, mortgages.NAME]
    assert json.loads(json.dumps(result)) == result
    for name, counts in result["domains"].items():
        [(cases,)] = store.read(f"SELECT count(*) FROM {name}.cases")
        [(held,)] = store.read(f"SELECT count(*) FROM {name}.waiting")
        [(made,)] = store.read(f"SELECT count(*) FROM {name}.decisions WHERE NOT imported")
        assert (cases, held, made) == (counts["cases"], counts["waiting"], counts["decisions"])


def test_purchase_requests_are_the_first_domain(built):
    store, _ = built
    assert organization.domain_names(store)[0] == purchases.NAME


def test_progress_only_rises_and_names_the_months(built, told):
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert any("requests decided, " in words and "differently" in words for _, words in told)


def test_the_people_have_roles_and_two_lead(built):
    store, _ = built
    assert organization.people(store) == PEOPLE
    assert sorted(PEOPLE.values()).count("lead") == 2
    assert "analyst" in PEOPLE.values()


def test_others_sign_judge_blind_and_settle_through_the_same_doors(built):
    store, result = built
    counts, d = result["domains"][purchases.NAME], purchases.NAME
    [(signed, refused)] = store.read(
        f"SELECT count(*) FILTER (WHERE kind = 'signed'), count(*) FILTER (WHERE kind = 'refused') FROM {d}.signatures"
    )
    [(given,)] = store.read(f"SELECT count(*) FROM {d}.opinions WHERE kind = 'given'")
    assert (signed + refused, given) == (counts["signatures"], counts["opinions"])
    own = store.read(
        f"SELECT 1 FROM {d}.signatures s JOIN {d}.decisions x USING (decision_id) "
        "WHERE s.kind <> 'asked' AND s.by_whom = x.manager"
    )
    assert given > 0 and own == []


def test_a_log_that_holds_a_domain_is_refused(built):
    store, _ = built
    with pytest.raises(LogInUse, match="holds purchase_requests"):
        build(store, at=AT, progress=lambda share, words: None)


def test_a_real_organizations_log_is_left_alone(log, now):
    domain = parse_domain("loans", 'title = "Loans"\n[actions]\nlend = "Lend"\ndecline = "Decline"')
    onboard(log, domain, by="lead", at=now)
    with pytest.raises(LogInUse, match="--db"):
        build(log, at=now, progress=lambda share, words: None)
    assert organization.domain_names(log) == ["loans"]


@pytest.mark.parametrize("name", WORKED)
def test_a_fifth_of_the_cases_asked_for_the_managers_own_call(built, name):
    store, _ = built
    [(share, own)] = store.read(
        "SELECT avg(CASE WHEN mode = 'first_call' THEN 1.0 ELSE 0.0 END), "
        "avg(CASE WHEN (mode = 'assisted' OR NOT coalesce(asked, TRUE)) = (first_action IS NULL) THEN 1.0 ELSE 0.0 END) "
        f"FROM {name}.decisions WHERE NOT imported"
    )
    assert share == pytest.approx(0.2, abs=0.1)
    assert own == 1.0


@pytest.mark.parametrize("name", (*WORKED, mortgages.NAME))
def test_a_model_is_live_and_its_lead_said_why(built, name):
    store, _ = built
    assert registry.live_version(store, name)
    for promotion in registry.promotions(store, name):
        assert promotion.promoted_by == "Lead"
        assert promotion.why
        assert not promotion.against_verdict


def test_every_override_has_a_reason_and_a_rationale(built):
    store, _ = built
    for name in WORKED:
        rows = store.read(f"SELECT reason, rationale FROM {name}.overrides WHERE NOT imported")
        assert rows
        assert all(reason and rationale.endswith(".") for reason, rationale in rows)


def test_some_overrides_rescued_and_some_spoiled(built):
    store, _ = built
    found = {v for (v,) in store.read(f"SELECT DISTINCT verdict FROM {purchases.NAME}.decided")} - {None}
    assert found <= set(VERDICTS)
    assert {"rescued", "spoiled", "followed right", "followed wrong"} <= found


def test_private_information_rescues(built):
    store, _ = built
    [(rescued, spoiled)] = store.read(
        "SELECT count(*) FILTER (WHERE verdict = 'rescued'), count(*) FILTER (WHERE verdict = 'spoiled') "
        f"FROM {purchases.NAME}.overrides WHERE reason = 'New information'"
    )
    assert rescued > spoiled


def test_credit_outcomes_show_only_after_extending_or_on_trial(built):
    store, _ = built
    rows = store.read(f"SELECT final_action, explore, right_action FROM {credit.NAME}.decided")
    assert {f for f, explore, right in rows if right is not None and not explore} == {"extend"}
    assert any(right is None for f, _, right in rows if f == "decline")
    assert {right for _, _, right in rows} >= {"extend", "decline"}


def test_the_last_weeks_are_unresolved_and_everything_older_is_reviewed(built):
    store, _ = built
    rows = store.read(
        f"SELECT decided_at, right_action IS NULL FROM {purchases.NAME}.decided WHERE NOT imported"
    )
    unresolved = [at for at, unknown in rows if unknown]
    assert unresolved
    assert min(unresolved) > AT - timedelta(weeks=7)
    assert max(at for at, unknown in rows if not unknown) < min(unresolved)


def test_the_waiting_list_is_what_the_facts_say(built):
    store, _ = built
    for name in (*WORKED, mortgages.NAME):
        domain = organization.domain(store, name)
        sql = f"SELECT * FROM {name}.waiting ORDER BY case_id"
        before = store.read(sql)
        store.write(lambda tx, domain=domain: waiting.rebuild(tx, domain))
        assert store.read(sql) == before


def test_what_waits_is_due_around_now_and_has_a_recommendation(built):
    store, _ = built
    domain = organization.domain(store, purchases.NAME)
    queue = waiting.Queue(manager="Buyer 1")
    page = waiting.page(store, domain, queue, now=AT, limit=100)
    assert page[0]["escalated_by"]
    assert all(row["scored"] for row in page)
    assert max(row["due_at"] for row in page) < AT + timedelta(days=31)
    snoozed = waiting.page(store, domain, waiting.Queue(manager="Buyer 1", snoozed=True), now=AT, limit=100)
    assert len(snoozed) == 1


def test_nothing_in_the_log_lies_in_the_future(built):
    store, _ = built
    for name in WORKED:
        for column, table in (("decided_at", "decisions"), ("imported_at", "cases"), ("made_at", "recommendations"),
                              ("recorded_at", "outcomes"), ("called_at", "first_calls"), ("trained_at", "models")):  # fmt: skip
            [(newest,)] = store.read(f"SELECT max({column}) FROM {name}.{table}")
            assert newest <= AT


def test_every_fact_of_a_year_is_sealed_and_as_it_was_written(built):
    found = verify(built[0])
    assert found.sound, found.lines()
    assert found.facts > 1_000
