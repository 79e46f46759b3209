import pytest

from rhml.errors import NotPermitted, PromotionRefused
from rhml.loop import automatic
from rhml.loop.judge import judge
from rhml.store import frames, jobs, organization, registry
from tests.loans import NOW
from tests.loop.teaching import bring, copy_of, make_live, original, train


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A champion, and a challenger of a few cases more, on which it is too early to say."""

    def prepare(log, domain):
        make_live(log, domain, train(log, domain).version)
        bring(log, domain, 60, start=1000)
        train(log, domain)

    return original(tmp_path_factory, prepare)


@pytest.fixture
def log(made, tmp_path):
    yield from copy_of(made, tmp_path)


@pytest.fixture
def challenged(log):
    domain = organization.domain(log, "loans")
    return domain, registry.version(log, "loans", "v2")


def test_a_challenger_that_waits_is_promoted_on_the_outcomes_since_without_a_retraining(log, challenged):
    domain, done = challenged
    assert done.verdict != "promote" and done.evidence["live"] == 0
    bring(log, domain, 900, start=5000)
    again = judge(log, domain, done.version, by="lead", at=NOW)
    cases = frames.cases(log, domain)
    later = cases[cases["case_id"] >= "a05000"]
    assert again.evidence["live"] == int((~later["bank"]).sum())
    assert again.evidence["bank"] == int((cases["bank"] & cases["right_action"].notna()).sum())
    assert again.verdict == "promote", again.paragraph
    entry = registry.version(log, "loans", done.version)
    assert (entry.verdict, entry.paragraph, entry.judged_at) == ("promote", again.paragraph, NOW)
    assert next(v.verdict for v in registry.versions(log, "loans")) == "promote"
    assert not make_live(log, domain, done.version).against_verdict


def test_a_case_decided_or_resolved_before_the_training_is_no_live_evidence(log, challenged):
    domain, done = challenged
    live = frames.cases(log, domain).query("not bank")
    known = set(live[live["right_action"].notna()]["case_id"])
    assert known <= frames.taught_before(
        log, domain, registry.version(log, "loans", done.version).learned_from
    )


def test_looking_where_nothing_is_new_spends_nothing(log, challenged):
    domain, done = challenged
    assert judge(log, domain, done.version, by="lead", at=NOW).known
    assert registry.judgements(log, "loans") == []


def test_later_looks_are_stricter_and_the_uses_of_the_bank_are_told(log, challenged):
    domain, done = challenged
    levels = [done.evidence["level"]]
    for start in (2000, 3000):
        bring(log, domain, 30, start=start)
        again = judge(log, domain, done.version, by="lead", at=NOW)
        levels.append(again.evidence["level"])
    assert levels == pytest.approx([0.90, 0.95, 1 - 0.05 / 3])
    assert "The bank has judged 2 versions so far, in 4 verdicts." in again.paragraph
    assert "look 3" in again.paragraph


def test_only_a_lead_looks_again_and_never_at_the_champion(log, challenged):
    domain, done = challenged
    log.write(lambda tx: organization.set_role(tx, "m1", "manager", at=NOW, by="lead"))
    with pytest.raises(NotPermitted):
        judge(log, domain, done.version, by="m1", at=NOW)
    with pytest.raises(PromotionRefused, match="live itself"):
        judge(log, domain, "v1", by="lead", at=NOW)


def every(domain, n):
    return domain.model_copy(update={"training": domain.training.model_copy(update={"every": n})})


def test_after_n_outcomes_a_retraining_asks_for_itself_once_and_promotes_nothing(log, challenged):
    domain = every(challenged[0], 100)
    bring(log, domain, 99, start=2000)
    assert not automatic.due(log, domain).retrain
    bring(log, domain, 1, start=3000)
    found = automatic.ask(log, domain, at=NOW)
    assert found.retrain and found.outcomes == 100
    assert not automatic.ask(log, domain, at=NOW).retrain
    [job] = jobs.latest(log, kind="retrain", domain="loans")
    assert job.asked_by == "rhml (every 100 outcomes)"
    done = train(log, domain, by=job.asked_by)
    assert registry.version(log, "loans", done.version).trained_by == "rhml (every 100 outcomes)"
    assert registry.live_version(log, "loans") == "v1"
    assert not automatic.due(log, domain).retrain


def test_a_retraining_is_on_record_as_begun_only_with_its_place_in_line(log, challenged, monkeypatch):
    domain = every(challenged[0], 100)
    bring(log, domain, 100, start=2000)
    with monkeypatch.context() as cut:
        cut.setattr("rhml.loop.automatic.jobs.ask", _killed)
        with pytest.raises(KeyboardInterrupt):
            automatic.ask(log, domain, at=NOW)
    assert automatic.due(log, domain).retrain


def _killed(*_, **__):
    raise KeyboardInterrupt


def test_a_refused_retraining_waits_for_as_many_outcomes_again(log, challenged):
    domain = every(challenged[0], 100)
    bring(log, domain, 150, start=2000)
    automatic.begin(log, domain, at=NOW)
    bring(log, domain, 60, start=3000)
    assert not automatic.due(log, domain).retrain
    bring(log, domain, 40, start=4000)
    assert automatic.due(log, domain).retrain


def test_without_every_nothing_trains_itself_but_a_waiting_challenger_is_looked_at(log, challenged):
    domain, done = challenged
    assert automatic.due(log, domain).judge is None
    bring(log, domain, 300, start=2000)
    found = automatic.ask(log, domain, at=NOW)
    assert not found.retrain and found.judge == done.version
    [job] = jobs.latest(log, kind="judge", domain="loans")
    assert job.arguments == {"version": done.version}


def poisoned(cases):
    return cases["sector"] == "retail"


def test_a_burst_of_wrong_outcomes_in_one_segment_is_stopped_by_the_gate(log, challenged):
    domain, _ = challenged
    bring(log, domain, 700, start=2000)
    make_live(log, domain, train(log, domain).version, anyway=True)
    bring(log, domain, 1500, start=5000, wrong=poisoned)
    done = train(log, domain)
    assert done.verdict == "keep", done.paragraph
    harmed = [row for row in done.evidence["segments"] if row["harmed"]]
    assert harmed
    assert "contradict" in done.paragraph or "Sector is retail" in done.paragraph
    with pytest.raises(PromotionRefused):
        make_live(log, domain, done.version)
