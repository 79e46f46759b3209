"""The explorer's numbers come from sums in the log, and are those of the report that reads every row."""

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.intake.tables import read_bytes
from rhml.loop.explored import explore
from rhml.loop.limits import limits
from rhml.loop.onboard import onboard
from rhml.reports.overrides import overrides
from rhml.reports.tallied import shares
from rhml.stats.intervals import share
from rhml.stats.sample import Sample
from rhml.store import explorer, frames, organization, override_sums
from rhml.store.explorer import Filters
from rhml.store.opening import open_store
from rhml.store.tallies import tallies
from rhml.store.veil import Veil
from tests.ui.log_of_loans import DECIDED, LOANS, NOW, SELECTIVE, WITH_OUTCOMES, fill, rows

DIMENSIONS = ["sector", "amount", "manager", "reason", "direction", "mode", "model_version"]


@pytest.fixture(scope="module")
def held(tmp_path_factory):
    store = open_store(f"duckdb:///{tmp_path_factory.mktemp('log') / 'log.duckdb'}", now=NOW)
    fill(store)
    yield store, organization.domain(store, "loans")
    store.close()


@pytest.fixture(scope="module")
def judged_again(tmp_path_factory):
    """A log in which most cases were decided by several people."""
    store = open_store(f"duckdb:///{tmp_path_factory.mktemp('log') / 'again.duckdb'}", now=NOW)
    table = rows(360)
    cases = table.drop_duplicates("case_id")[["case_id", "amount", "late", "sector", "received_at"]]
    draw = np.random.default_rng(5)
    known = table.sample(frac=1, random_state=2)
    once_more = known.assign(
        case_id=draw.choice(table["case_id"][:120], len(table)),
        manager=draw.choice(["m1", "m2", "m4", "m5"], len(table), p=[0.5, 0.48, 0.01, 0.01]),
        decided_at=pd.to_datetime(known["decided_at"])
        .add(pd.Timedelta(hours=1))
        .map(lambda at: at.isoformat()),
    ).drop_duplicates(["case_id", "manager"])
    decisions = pd.concat([table, once_more])

    def file(frame):
        return read_bytes("table.csv", frame.to_csv(index=False).encode())

    onboard(store, parse_domain("loans", WITH_OUTCOMES), cases=file(cases), decisions=file(decisions[DECIDED]),
            outcomes=file(table[["case_id", "right_action", "known_at"]]), by="lead", at=NOW)  # fmt: skip
    yield store, organization.domain(store, "loans")
    store.close()


def same(found, reported):
    assert (found.overridden, found.rescued, found.spoiled, found.both_wrong, found.not_yet_known) == (
        reported.overridden, reported.rescued, reported.spoiled, reported.both_wrong, reported.not_yet_known)  # fmt: skip
    for ours, theirs in ((found.precision, reported.precision), (found.value, reported.value)):
        assert (ours.n, ours.why) == (theirs.n, theirs.why)
        assert [ours.value, ours.low, ours.high] == [
            None if x is None else pytest.approx(x, rel=1e-9, abs=1e-9)
            for x in (theirs.value, theirs.low, theirs.high)
        ]


@pytest.mark.parametrize("by", DIMENSIONS)
def test_the_explorer_counts_and_values_as_the_report_does(held, by):
    store, domain = held
    reported = {e.name: e for e in overrides(frames.decided(store, domain), domain=domain, by=by, seed=7)}
    explored = {e.name: e for e in explore(store, domain, Filters(), (by,)).parts}
    assert explored.keys() == {name for name, entry in reported.items() if entry.overridden or by != "reason"}
    for name, entry in explored.items():
        same(entry, reported[name])


@pytest.mark.parametrize("by", ["sector", "manager", "reason"])
def test_cases_that_several_judged_count_once_as_in_the_report(judged_again, by):
    store, domain = judged_again
    decisions = frames.decided(store, domain)
    assert decisions["case_id"].duplicated().sum() > 100
    explored = explore(store, domain, Filters(), (by,))
    reported = {e.name: e for e in overrides(decisions, domain=domain, by=by, seed=7)}
    for entry in explored.parts:
        same(entry, reported[entry.name])
    [total] = overrides(decisions, domain=domain, seed=7)
    same(explored.total, total)


@pytest.mark.parametrize("by", ["sector", "manager"])
def test_a_rate_is_one_number_on_the_page_in_the_report_against_the_limits_and_on_cards(judged_again, by):
    store, domain = judged_again
    decisions = frames.decided(store, domain)
    ours = {e.name: e.rate for e in explore(store, domain, Filters(), (by,)).parts}
    reported = {e.name: e.rate for e in overrides(decisions, domain=domain, by=by, seed=7)}
    held_to = {row.name: row.rate for row in limits(store, domain, Filters(), told=()).rows if row.by == by}
    carded = {one.name: shares(one)["override_rate"] for one in tallies(store, domain, by)}
    ours["all"] = explore(store, domain, Filters()).total.rate
    reported["all"] = overrides(decisions, domain=domain, seed=7)[0].rate
    held_to["all"] = limits(store, domain, Filters(), told=()).rows[0].rate
    carded["all"] = shares(tallies(store, domain)[0])["override_rate"]
    for name, rate in ours.items():
        for other in (reported[name], held_to[name], carded[name]):
            assert (other.n, other.why) == (rate.n, rate.why)
            assert [other.value, other.low, other.high] == [
                None if x is None else pytest.approx(x, rel=1e-9) for x in (rate.value, rate.low, rate.high)
            ]


def test_several_people_behind_one_name_are_one_where_they_share_a_case(judged_again):
    store, domain = judged_again
    decisions = frames.decided(store, domain)
    among = Filters(seen_by=Veil((("m1", "person a"),), others="the others"))
    rest = decisions[decisions["manager"] != "m1"]
    over = (rest["final_action"] != rest["recommended_action"]).to_numpy()
    wanted = share(over, Sample.of(rest["case_id"].to_numpy(object)))
    [row] = [
        row
        for row in limits(store, domain, among, told=()).rows
        if (row.by, row.name) == ("manager", "the others")
    ]
    [part] = [p for p in explore(store, domain, among, ("manager",)).parts if p.name == "the others"]
    for rate in (row.rate, part.rate):
        assert (rate.low, rate.high) == pytest.approx((wanted.low, wanted.high), rel=1e-9)


def test_all_together_are_counted_beside_the_parts(held):
    store, domain = held
    [total] = overrides(frames.decided(store, domain), domain=domain, seed=7)
    explored = explore(store, domain, Filters(), ("verdict",))
    assert explored.total.overridden == total.overridden == sum(p.overridden for p in explored.parts)
    same(explored.total, total)
    assert explored.total.advised == 360


def test_two_dimensions_part_the_same_overrides(held):
    store, domain = held
    explored = explore(store, domain, Filters(), ("sector", "reason"))
    assert sum(part.overridden for part in explored.parts) == explored.total.overridden
    [only] = explore(
        store, domain, Filters((("sector", ("retail",)), ("reason", ("Data is wrong",))))
    ).parts or [
        explore(store, domain, Filters((("sector", ("retail",)), ("reason", ("Data is wrong",))))).total
    ]
    cell = explored.cells()["retail", "Data is wrong"]
    assert (cell.overridden, cell.precision, cell.value) == (only.overridden, only.precision, only.value)


def told(entry):
    """An entry's fields, its numbers but for what adding up in another order leaves."""
    measures = {
        one: [None if x is None else float(f"{x:.9g}") for x in (held.value, held.low, held.high)]
        for one in ("rate", "precision", "value")
        if (held := getattr(entry, one))
    }
    rest = {one: field for one, field in vars(entry).items() if one not in measures}
    return measures, rest


@pytest.mark.parametrize("log", ["held", "judged_again"])
@pytest.mark.parametrize("by", [("sector", "reason"), ("manager", "period"), ("verdict", "amount")])
def test_the_wholes_of_two_dimensions_are_those_of_one(request, log, by):
    store, domain = request.getfixturevalue(log)
    found = explore(store, domain, Filters(), by, margins=True, most=(99, 99))
    for place, one in enumerate(by):
        alone = explore(store, domain, Filters(), (one,)).cells()
        whole = {names[place]: entry for names, entry in found.margins.items() if names[place] is not None}
        assert whole.keys() == {name for (name,) in alone}
        for (name,), entry in alone.items():
            assert told(whole[name]) == told(entry)
            cells = [part for names, part in found.cells().items() if names[place] == name]
            assert sum(part.overridden for part in cells) == entry.overridden


def test_a_whole_holds_the_names_that_are_not_shown(held):
    store, domain = held
    every, some = (
        explore(store, domain, Filters(), ("sector", "period"), most=most, margins=True)
        for most in ((9, 99), (9, 2))
    )
    assert some.left_out[1] > 0 and len([names for names in some.margins if names[1]]) == 2
    assert some.margins["retail", None] == every.margins["retail", None]


def test_a_table_shows_so_many_names_and_counts_the_rest(held):
    store, domain = held
    everything = explore(store, domain, Filters(), ("period",))
    last = explore(store, domain, Filters(), ("period",), most=(3,))
    assert len(last.parts) == 3 and last.left_out == (len(everything.parts) - 3,)
    assert {p.name for p in last.parts} == set(sorted(p.name for p in everything.parts)[-3:])
    assert last.total == everything.total


def test_names_beyond_what_anybody_reads_count_together_and_are_said(held, monkeypatch):
    store, domain = held
    everything = explore(store, domain, Filters(), ("amount",))
    monkeypatch.setattr(override_sums, "MOST_NAMES", (2, 2))
    most = explore(store, domain, Filters(), ("amount",))
    assert most.total == everything.total
    assert len(most.parts) == 2 and most.left_out == (len(everything.parts) - 2,)
    assert set(most.parts) <= set(everything.parts)


def test_people_behind_one_name_are_counted_together_and_found_again(held):
    store, domain = held
    veil = Veil((("m1", "person one"),), "others")
    by_person = {p.name: p for p in explore(store, domain, Filters(seen_by=veil), ("manager",)).parts}
    assert by_person.keys() == {"person one", "others"}
    for name in by_person:
        only = explore(store, domain, Filters((("manager", (name,)),), seen_by=veil)).total
        assert (only.overridden, only.advised) == (by_person[name].overridden, by_person[name].advised)
    names = explorer.names(store, domain, veil)["manager"]
    assert sorted(names) == ["others", "person one"]


@pytest.mark.parametrize(("text", "outcomes"), [(SELECTIVE, 300), (LOANS, 0)])
def test_what_cannot_be_known_is_never_a_zero(tmp_path, text, outcomes):
    store = open_store(f"duckdb:///{tmp_path / 'log.duckdb'}", now=NOW)
    fill(store, text, outcomes=outcomes)
    domain = organization.domain(store, "loans")
    total = explore(store, domain, Filters()).total
    [reported] = overrides(frames.decided(store, domain), domain=domain, seed=7)
    assert total.cannot_be_known == reported.cannot_be_known > 0
    assert total.precision.value is None and "annot be known" in total.precision.why
    assert total.precision.why == reported.precision.why
    store.close()


def test_no_rate_is_given_where_only_overrides_are_looked_at(held):
    store, domain = held
    assert not explore(store, domain, Filters((("reason", ("Data is wrong",)),))).total.rate.known


def test_nothing_decided_is_nothing_found(tmp_path):
    store = open_store(f"duckdb:///{tmp_path / 'log.duckdb'}", now=NOW)
    fill(store, decisions=False, outcomes=0)
    explored = explore(store, organization.domain(store, "loans"), Filters(), ("reason",))
    assert explored.parts == () and explored.total.overridden == explored.total.advised == 0
    store.close()


def test_costs_without_a_column_are_told_in_the_unit_of_the_costs(held):
    store, domain = held
    priced = domain.value.model_copy(
        update={"column": None, "unit": "days", "cost": {"lend": {"decline": 2.0}}}
    )
    found = explore(store, domain.model_copy(update={"value": priced}), Filters(), ())
    assert found.total.unit == "days"
    bare = domain.model_copy(update={"value": priced.model_copy(update={"cost": {}})})
    assert explore(store, bare, Filters(), ()).total.unit == domain.terms.many
