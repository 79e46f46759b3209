"""A drafted domain file always passes its own check, and its own table can be imported with it."""

import io

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rhml.core.domain import check_domain, parse_domain
from rhml.intake.cases import check_cases
from rhml.intake.drafting.draft import draft
from rhml.intake.drafting.naming import domain_name
from rhml.intake.tables import Table, read_bytes

N = 200


def loans():
    draw = np.random.default_rng(0)
    repaid = draw.integers(0, 2, N)
    return pd.DataFrame({
        "Request no": [f"R-{i}" for i in range(N)],
        "Received on": pd.date_range("2024-01-01", periods=N).strftime("%d.%m.%Y"),
        "Amount (€)": draw.integers(100, 9000, N),
        "Sector": draw.choice(["trade", "food"], N),
        "New?": draw.choice(["ja", "nein"], N),
        "gender": draw.choice(["f", "m"], N),
        "order": draw.normal(size=N),
        "Remarks": [f"remark {i}" for i in range(N)],
        "formula": "=1+1",
        "settled_on": "2024-05-01",
        "collected": repaid * 100 + draw.random(N),
        "repaid": repaid,
        "decision": "yes",
        "": 1,
    })  # fmt: skip


def drafted(frame, name="loans"):
    table = read_bytes("loans.csv", frame.to_csv(index=False).encode())
    text = draft(table, name=name)
    return text, parse_domain(domain_name(name), text), table


def test_roles_and_kinds_are_guessed():
    _, domain, table = drafted(loans())
    assert (domain.case_id, domain.received_at) == ("Request no", "Received on")
    assert (domain.outcome.column, domain.outcome.known_at) == ("repaid", "settled_on")
    assert domain.value.column == "amount"
    kinds = {f.name: f.kind for f in domain.features}
    assert kinds == {
        "amount": "number", "sector": "category", "new": "yes_no", "gender": "category", "its_order": "number",
        "remarks": "text",
    }  # fmt: skip
    read = check_cases(table, domain)
    assert len(read.outcomes) == len(read.frame) == N


def test_leaks_and_unreadable_columns_are_left_out_with_the_reason():
    text, domain, _ = drafted(loans())
    assert {"collected", "formula", "decision"}.isdisjoint(f.name for f in domain.features)
    for heading, reason in (("collected", "outcomes"), ("formula", "formula"), ("decision", "says the same")):
        assert any(
            f'"{heading}"' in line and reason in line and line.startswith("#") for line in text.splitlines()
        )


def test_a_protected_word_is_watched_and_not_read():
    _, domain, _ = drafted(loans())
    assert domain.segments.protected == ("gender",)
    assert not domain.feature("gender").use


def test_a_text_is_read_only_where_its_heading_says_that_it_came_with_the_case():
    frame = loans().assign(Message=[f"please extend my loan {i}" for i in range(N)])
    text, domain, _ = drafted(frame)
    assert (domain.feature("message").use, domain.feature("remarks").use) == (True, False)
    assert "after the decision" in text and "before the decision" in text


def test_without_an_outcome_two_placeholders_say_what_to_change():
    text, domain, _ = drafted(loans().drop(columns=["repaid"]))
    assert domain.outcome is None
    assert domain.action_keys == ("yes", "no")
    assert "placeholder" in text
    assert "settled_on" not in {f.column for f in domain.features}


def test_the_levels_of_an_outcome_become_actions():
    frame = loans().drop(columns=["repaid", "collected"])
    frame["outcome"] = np.random.default_rng(1).choice(["Send back", "Approve!", "2nd look"], N)
    _, domain, table = drafted(frame)
    assert domain.action_keys == ("approve", "n_2nd_look", "send_back")
    assert set(check_cases(table, domain).outcomes["right_action"]) == set(domain.action_keys)


def test_approved_speaks_of_approving():
    _, domain, _ = drafted(loans().rename(columns={"repaid": "approved"}))
    assert domain.action_keys == ("approve", "decline")
    assert (domain.outcome, domain.decided.column, domain.decided.true_means) == (None, "approved", "approve")


def test_every_line_of_a_draft_says_why():
    text, _, _ = drafted(loans())
    assert all("#" in line for line in text.splitlines() if line.strip())


def test_a_table_whose_rows_have_no_name_is_drafted_and_told_so():
    text, _, _ = drafted(pd.DataFrame({"a": [1, 1, 2], "b": ["x", "x", "y"]}))
    assert "no column names each row once" in text


def test_parquet_is_drafted_too():
    file = io.BytesIO()
    frame = loans().drop(columns=["formula"])
    frame["Received on"] = pd.to_datetime(frame["Received on"], format="%d.%m.%Y")
    frame.to_parquet(file)
    table = read_bytes("loans.parquet", file.getvalue())
    assert len(check_cases(table, parse_domain("loans", draft(table, name="loans"))).frame) == N


HEADINGS = st.one_of(
    st.text(max_size=12),
    st.sampled_from([
        "order", "Order", "ORDER ", "value", "p_x", "größe", "年齢", 'a"b', "a\\b", "line\nbreak", "tab\t", "x" * 300,
        "outcome", "label", "approved", "known_at", "settled_on", "gender", "right_action", "select", "1", "#", "= 1",
        "Case_ID", "amount", "Amount", "created_at", "due", "'''", "manager",
    ]),
)  # fmt: skip
CELLS = st.sampled_from([
    ["1", "2", "3"], ["1.5", "", "7"], ["yes", "no", "yes"], ["a", "b", "a"], ["2024-01-01", "2024-05-06", "NA"],
    ["x y", "=1+1", "z"], ["", "", ""], ["12%", "5", "6"], ["1,234", "5", "6"], ['q"', "back\\slash", "new\nline"],
    ["A b", "a-b", "a_b"], ["A_B", "a_b", "A b"], ["03/04/2024", "05/06/2024", ""], ["x" * 300, "y", "z"],
    ["\x07", "b", "c"], ["None", "none", "-"], ["é", "ê", "日本"], ["inf", "1", "2"], ["c-1", "c-2", "c-3"],
])  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(HEADINGS, CELLS), max_size=8), st.text(max_size=10), st.text(max_size=10))
def test_every_draft_passes_its_check_and_imports_its_table(columns, name, title):
    distinct = {str(heading).strip(): cells for heading, cells in columns}
    # The names under which the product itself reads dates must hold dates: the import says so instead.
    distinct = {
        h: c for h, c in distinct.items() if h not in ("known_at", "received_at", "due_at", "case_id")
    }
    frame = pd.DataFrame({**distinct, "case_id": ["r1", "r2", "r3"]}, dtype="str")
    table = Table(frame, "t.csv", True)
    text = draft(table, name=name, title=title)
    assert check_domain(domain_name(name), text) == []
    assert check_cases(table, parse_domain(domain_name(name), text)).frame["case_id"].tolist() == [
        "r1",
        "r2",
        "r3",
    ]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(HEADINGS, CELLS), min_size=1, max_size=6))
def test_even_a_table_that_cannot_be_imported_gives_a_valid_draft(columns):
    frame = pd.DataFrame({str(heading).strip(): cells for heading, cells in columns}, dtype="str")
    assert check_domain("d", draft(Table(frame, "t", True), name="d")) == []
