import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from rhml.__main__ import app
from rhml.core.policy import draws
from rhml.errors import DecisionInvalid, NotPermitted
from rhml.loop import kinds
from rhml.loop.alarms import alarms, look, raise_first_call
from rhml.loop.onboard import onboard
from rhml.loop.report import report
from rhml.loop.teams import set_role
from rhml.proof import plant
from rhml.proof.examination import NOW, files
from rhml.proof.organization import Organization, organization
from rhml.store import jobs, proposals, studies
from rhml.store import organization as kept
from rhml.store.opening import open_store

FALLS = replace(plant.DESKILLING, change=-0.14, assisted=300)


def opened(folder, planted):
    store = open_store(f"duckdb:///{folder / 'log.duckdb'}", now=NOW, secret="fixed for tests")
    domain = Organization.domain()
    onboard(store, domain, **files(organization(planted, 2)), by="lead 1", at=NOW)
    set_role(store, "lead 1", "lead", by="lead 1", at=NOW)
    set_role(store, "m1", "manager", by="lead 1", at=NOW)
    return store, domain


@pytest.fixture(scope="module")
def fallen(tmp_path_factory):
    store, domain = opened(tmp_path_factory.mktemp("log"), FALLS)
    yield store, domain
    store.close()


def test_a_report_holds_the_alarms_whatever_part_of_the_log_it_is_about(fallen):
    store, domain = fallen
    [skill, bias] = report(store, domain).as_dict()["alarms"]
    assert (skill["kind"], skill["state"]) == ("deskilling", "raised")
    assert bias["kind"] == "automation bias"
    part = report(store, domain, segment=("region", "north")).as_dict()["alarms"]
    assert part == [skill, bias]


def test_a_raised_alarm_is_recorded_once_and_keeps_its_moment(fallen):
    store, domain = fallen
    first = look(store, domain, by="rhml", at=NOW)[0]
    study = studies.newest(store, domain.name, "alarm")
    assert study.content["alarms"][0]["since"] == first.since.isoformat()
    look(store, domain, by="rhml", at=NOW)
    assert studies.newest(store, domain.name, "alarm") == study
    assert alarms(store, domain)[0].since == first.since


def test_a_quiet_team_leaves_no_record(tmp_path):
    store, domain = opened(tmp_path, plant.STABLE.sized(200))
    look(store, domain, by="rhml", at=NOW)
    assert studies.newest(store, domain.name, "alarm") is None
    store.close()


def test_outcomes_put_a_look_in_line(fallen):
    store, domain = fallen
    kinds.follow(store, domain, at=NOW)
    assert jobs.latest(store, kind="alarms", domain=domain.name, limit=1)
    assert "alarms" in kinds.KINDS


def test_only_a_lead_with_a_reason_raises_the_share_and_only_upwards(fallen):
    store, domain = fallen
    ask = {"why": "the alarm", "at": NOW}
    with pytest.raises(NotPermitted):
        raise_first_call(store, domain, 0.35, by="m1", **ask)
    for wrong in (0.1, 0.2, 0.95):
        with pytest.raises(DecisionInvalid, match="Choose a share above"):
            raise_first_call(store, domain, wrong, by="lead 1", **ask)
    with pytest.raises(DecisionInvalid, match="Say why"):
        raise_first_call(store, domain, 0.35, by="lead 1", why=" ", at=NOW)
    assert kept.domain(store, domain.name).modes.first_call == 0.2


def test_a_lead_carries_out_the_proposal_and_new_cases_are_drawn_with_it(fallen):
    store, domain = fallen
    done = raise_first_call(store, domain, 0.35, by="lead 1", why="the alarm", at=NOW)
    new = kept.domain(store, domain.name)
    assert new.modes.first_call == 0.35 and "first_call = 0.35 # decided on a proposal" in new.text
    assert "35 %" in done.message
    [asked] = [p for p in proposals.everything(store, domain.name) if p.kind == "first_call"]
    assert (asked.decided, asked.decided_by, asked.why) == ("accepted", "lead 1", "the alarm")
    drawn = [draws(store.secret, new, f"new {i}").mode for i in range(2_000)]
    assert drawn.count("first_call") / 2_000 == pytest.approx(0.35, abs=0.03)
    after = alarms(store, new)[0]
    assert after.state == "raised" and after.proposal["kind"] == "carried out"


def test_the_command_says_how_the_alarms_stand_and_carries_out_the_proposal(tmp_path):
    store, _ = opened(tmp_path, FALLS)
    store.close()
    log = ["planted", "--db", f"duckdb:///{tmp_path / 'log.duckdb'}", "--by", "lead 1", "--json"]
    found = json.loads(CliRunner().invoke(app, ["alarms", *log]).stdout)
    assert found["alarms"][0]["state"] == "raised" and found["message"] == ""
    done = json.loads(CliRunner().invoke(app, ["alarms", *log, "--share", "0.35", "--why", "x"]).stdout)
    assert "35 %" in done["message"] and done["alarms"][0]["proposal"]["kind"] == "carried out"
