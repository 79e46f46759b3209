"""The five fields: what each says of itself, and how it comes into a log that is a demo's and into no other."""

from datetime import datetime, timedelta

import pytest

from rhml.core.domain import parse_domain
from rhml.demo import fields, first_start, mortgages, touring
from rhml.demo.desk import LogInUse
from rhml.demo.fields import FIELDS, NoSuchField, bring, field, field_of
from rhml.demo.tour_steps import NEWCOMER
from rhml.demo.tours import TOURS, tour_of
from rhml.loop.decide import Choice, commit_first_call, decide
from rhml.loop.onboard import onboard
from rhml.loop.verify import verify
from rhml.store import demo_log, jobs, organization, registry, tours
from rhml.store.opening import open_store

AT = datetime(2026, 3, 4, 9, 30)
TINY = 0.05


def silent(share, words):
    """Nobody watches."""


def test_there_are_five_and_each_says_what_is_real_in_it():
    assert len(FIELDS) == 5
    for one in FIELDS:
        assert one.sentence.endswith(".")
        for domain in one.files():
            assert domain.card.data_sources, domain.name
            assert field_of(domain.name) == one


def test_each_has_people_with_a_lead():
    for one in FIELDS:
        assert one.people["Lead"] == "lead", one.key


def test_a_field_that_is_none_is_refused_by_name(log, now):
    with pytest.raises(NoSuchField, match="organizational, cybersecurity"):
        bring(log, "astrology", at=now, progress=silent)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A log to which one field was added after another."""
    url = f"duckdb:///{tmp_path_factory.mktemp('fields') / 'log.duckdb'}"
    store = open_store(url, now=AT, secret="fixed")
    for one in FIELDS:
        bring(store, one.key, at=AT, progress=silent, size=TINY)
    yield store
    store.close()


def test_all_five_live_in_one_log_each_with_a_model_and_something_that_waits(demo):
    assert demo_log.fields(demo) == sorted((one.key for one in FIELDS), key=demo_log.fields(demo).index)
    for one in FIELDS:
        for name in one.domains:
            assert registry.live_version(demo, name), name
            [(waiting,)] = demo.read(f"SELECT count(*) FROM {name}.waiting")
            assert waiting > 0, name


def test_what_moved_in_is_sealed_as_it_was_lived(demo):
    assert verify(demo, progress=silent).sentence.endswith("facts are as they were written.")


def test_what_waits_has_a_truth_that_time_will_bring(demo):
    for tour in TOURS:
        waits = [case for (case,) in demo.read(f"SELECT case_id FROM {tour.domain}.waiting")]
        assert set(demo_log.truth(demo, tour.domain, waits)) == set(waits), tour.domain


def test_nothing_is_left_beside_the_log(demo):
    from rhml.store.engine import path_of

    assert not [path for path in path_of(demo.url).parent.iterdir() if "being-built" in path.name]


def test_a_field_is_built_once(demo):
    with pytest.raises(LogInUse, match="Cybersecurity is in this log already"):
        bring(demo, "cybersecurity", at=AT, progress=silent)


@pytest.mark.parametrize("tour", TOURS, ids=lambda tour: tour.field)
def test_a_tours_steps_are_checked_by_the_log_alone(demo, tour):
    at = AT + timedelta(hours=1)
    held = touring.begin(demo, tour, at=at)
    assert not any(touring.steps_done(demo, tour, held))

    domain = organization.domain(demo, tour.domain)
    rows = demo.read(
        f"SELECT case_id, recommendation_id, action, mode FROM {tour.domain}.waiting ORDER BY due_at DESC, case_id LIMIT 2"
    )
    for differs, (case, shown, action, mode) in enumerate(rows):
        if mode != "assisted":
            commit_first_call(demo, domain, case, action, manager=NEWCOMER, at=at + timedelta(minutes=1))
        other = next(key for key in domain.action_keys if key != action) if differs else action
        why = {"reason": domain.override.reasons[0], "rationale": "I saw it"} if differs else {}
        choice = Choice(case, other, recommendation_id=shown, confidence=0.8, **why)
        decide(demo, domain, choice, manager=NEWCOMER, at=at + timedelta(minutes=1 + differs))
    done = dict(zip((step.title for step in tour.steps), touring.steps_done(demo, tour, held), strict=True))
    assert done[tour.steps[-1].title] is False
    assert sum(done.values()) >= 1

    passed = touring.let_time_pass(demo, tour, held, at=at + timedelta(minutes=5))
    assert passed.known + passed.never == len(rows) > 0
    assert touring.let_time_pass(demo, tour, held, at=at + timedelta(minutes=6)).known == 0
    for page in ("my_learning", "improvement"):
        demo.write(lambda tx, p=page: tours.look(tx, held, p, at=at + timedelta(minutes=7)))
    seen = touring.steps_done(demo, tour, held)
    assert seen[-1] and (not passed.known or seen[next(i for i, s in enumerate(tour.steps) if s.time_passes)])


def test_a_tour_that_begins_anew_counts_nothing_of_before(demo):
    tour = tour_of("logistics")
    held = touring.begin(demo, tour, at=AT + timedelta(days=1))
    assert not any(touring.steps_done(demo, tour, held))


def test_every_tour_ends_with_what_people_and_model_learned():
    for tour in TOURS:
        assert 4 <= len(tour.steps) <= 6
        assert tour.steps[-1].page == "improvement"
        assert tour.domain in field(tour.field).domains


LOANS = 'title = "Loans"\n[actions]\nlend = "Lend"\ndecline = "Decline"'


def test_an_organizations_own_log_is_refused(log, now):
    onboard(log, parse_domain("loans", LOANS), by="lead", at=now)
    with pytest.raises(LogInUse, match="holds loans"):
        bring(log, "logistics", at=now, progress=silent)
    assert organization.domain_names(log) == ["loans"] and demo_log.fields(log) == []


def test_a_log_with_people_and_nothing_else_is_an_organizations_own(log, now):
    log.write(lambda tx: organization.set_role(tx, "ours", "lead", at=now, by="ours"))
    with pytest.raises(LogInUse, match="has people"):
        first_start.ask(log, "organizational", by="ours", at=now)


def test_what_came_in_while_a_field_was_lived_is_seen_within_the_commit(log, now, tmp_path):
    built = open_store(f"duckdb:///{tmp_path / 'beside.duckdb'}", now=now, secret="fixed")
    log.write(lambda tx: organization.set_role(tx, "m1", "lead", at=now, by="m1"))
    with pytest.raises(LogInUse, match="has people"):
        demo_log.move_in(
            log, built, "logistics", roles={}, by="m1", at=now,
            refuse=lambda: fields.refuse(log, field("logistics")),
        )  # fmt: skip
    built.close()
    assert demo_log.fields(log) == []


def test_a_demo_log_with_a_domain_of_that_name_is_refused(log, now):
    log.write(lambda tx: demo_log.mark(tx, "organizational", at=now))
    onboard(log, parse_domain("shipments", LOANS), by="lead", at=now)
    with pytest.raises(LogInUse, match="has shipments of its own"):
        bring(log, "logistics", at=now, progress=silent)


class CutOff(Exception):
    """The power failed."""


def test_a_field_that_is_cut_off_leaves_nothing_half_lived(log, now):
    def fails(share, words):
        if share > 0.2:
            raise CutOff

    log.write(lambda tx: demo_log.mark(tx, "logistics", at=now))
    with pytest.raises(CutOff):
        bring(log, "organizational", at=now, progress=fails, size=TINY)
    assert organization.domain_names(log) == [] and organization.people(log) == {}
    assert demo_log.fields(log) == ["logistics"]


def test_a_building_that_was_cut_off_begins_anew_when_the_log_is_opened(log, now):
    job = first_start.ask(log, "open_science", by=NEWCOMER, at=now)
    log.write(lambda tx: jobs.take(tx, at=now))
    first_start.begin_anew(log, now=now)
    assert jobs.job(log, job).state == "interrupted"
    again = first_start.building(log, field("open_science"))
    assert (again.state, again.arguments) == ("waiting", {"field": "open_science"})
    first_start.begin_anew(log, now=now)
    assert [one.state for one in jobs.latest(log, kind="demo")].count("waiting") == 1


def test_mortgages_have_no_truth_to_bring(demo):
    assert demo_log.truth(demo, mortgages.NAME, ["app-0001"]) == {}


def test_a_field_is_asked_for_once(log, now):
    first = first_start.ask(log, "logistics", by=NEWCOMER, at=now)
    assert first_start.ask(log, "logistics", by=NEWCOMER, at=now) == first
    assert fields.FIRST.key == "organizational"
