from rhml.demo import mortgages
from rhml.demo.world import demo_domain
from rhml.intake.cases import check_cases
from rhml.intake.tables import Table


def test_the_source_holds_1989_applications_and_300_stay_undecided():
    applications, decisions = mortgages.tables(seed=7)
    assert len(applications) == 1989
    assert len(decisions) == 1989 - mortgages.UNDECIDED
    assert set(decisions["manager"]) == {mortgages.LENDER}


def test_nothing_that_tells_the_decision_is_in_the_applications():
    applications, _ = mortgages.tables(seed=7)
    assert not set(applications.columns) & set(mortgages.LEAKS)
    columns = {feature.column or feature.name for feature in demo_domain(mortgages.NAME).features}
    assert not columns & set(mortgages.LEAKS)


def test_the_codes_of_the_source_for_nothing_stated_become_missing():
    applications, _ = mortgages.tables(seed=7)
    frame = check_cases(Table(applications, "loanapp", False), demo_domain(mortgages.NAME)).frame
    assert frame["meets_guidelines"].isna().sum() == 2
    assert frame["term"].max() == 480
    assert frame["credit_lines"].max() < 100
    assert frame["liquid_assets"].max() < 1_000_000


def test_the_same_seed_holds_back_the_same_decisions():
    first, second = (mortgages.tables(seed=7)[1]["case_id"].tolist() for _ in range(2))
    other = mortgages.tables(seed=8)[1]["case_id"].tolist()
    assert first == second != other
