from concurrent.futures import ThreadPoolExecutor

import pytest

from rhml.errors import NotPermitted
from rhml.loop import permit, privacy
from rhml.loop.drill import permitted
from rhml.loop.teams import RoleInvalid, set_role
from rhml.store import organization


@pytest.fixture
def led(log, now):
    set_role(log, "lead", "lead", by="lead", at=now)
    return log


def test_the_first_person_is_a_lead_or_nobody(log, now):
    with pytest.raises(NotPermitted, match="at least one lead"):
        set_role(log, "m1", "manager", by="m1", at=now)
    set_role(log, "m1", "lead", by="m1", at=now)
    assert organization.people(log) == {"m1": "lead"}


def test_the_last_lead_stays(led, now):
    for role in ("manager", "analyst", "left"):
        with pytest.raises(NotPermitted, match="at least one lead"):
            set_role(led, "lead", role, by="lead", at=now)


def test_two_leads_cannot_end_each_other_at_once(led, now):
    set_role(led, "second", "lead", by="lead", at=now)

    def end(pair):
        try:
            set_role(led, pair[0], "left", by=pair[1], at=now)
        except NotPermitted:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(end, [("lead", "second"), ("second", "lead")]))
    assert "lead" in organization.people(led).values()
    assert ended.count(True) == 1


def test_only_a_lead_changes_roles(led, now):
    set_role(led, "m1", "manager", by="lead", at=now)
    with pytest.raises(NotPermitted, match="only a lead"):
        set_role(led, "m2", "manager", by="m1", at=now)


def test_a_role_that_ends_is_gone_and_can_be_given_again(led, now):
    set_role(led, "m1", "manager", by="lead", at=now)
    set_role(led, "m1", "left", by="lead", at=now)
    assert "m1" not in organization.people(led)
    set_role(led, "m1", "analyst", by="lead", at=now)
    assert organization.people(led)["m1"] == "analyst"


def test_the_same_role_again_is_no_new_fact(led, now):
    set_role(led, "m1", "manager", by="lead", at=now)
    before = organization.counter(led)
    set_role(led, "m1", "manager", by="lead", at=now)
    assert organization.counter(led) == before


@pytest.mark.parametrize("name", ["", " ", " m1", "m1 ", "a\nb", "a\tb", "a\x00b", "x" * 121, "a\u202eb"])
def test_a_name_that_cannot_be_read_is_refused(led, now, name):
    with pytest.raises(RoleInvalid, match="1 to 120 characters"):
        set_role(led, name, "manager", by="lead", at=now)


def test_an_unknown_role_and_an_unknown_leaver_are_refused(led, now):
    with pytest.raises(RoleInvalid, match="no role"):
        set_role(led, "m1", "king", by="lead", at=now)
    with pytest.raises(RoleInvalid, match="could end"):
        set_role(led, "m9", "left", by="lead", at=now)


def test_who_has_left_leads_no_more(led, now):
    set_role(led, "other", "lead", by="lead", at=now)
    set_role(led, "other", "left", by="lead", at=now)
    with pytest.raises(NotPermitted, match="left"):
        set_role(led, "m1", "manager", by="other", at=now)


def test_a_trainee_practises_and_decides_nothing(led, now):
    set_role(led, "new", "trainee", by="lead", at=now)
    permitted(led, "new")
    with pytest.raises(NotPermitted, match="practises on past cases as a trainee"):
        permit.decider(led, "new")
    with pytest.raises(NotPermitted, match="a trainee here; only a lead"):
        permit.lead(led, "new", "promote a model")


def test_a_trainee_sees_nobody_elses_decisions_under_a_name(log, resolved_loans, now):
    seen = privacy.veil(log, resolved_loans, reader="new", role="trainee")
    assert (seen.of("m1"), seen.named) == ("another manager", ())
