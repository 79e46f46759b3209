import pandas as pd

from rhml.machine.judging.lesson_tests import check


def lessons(*rows):
    columns = ["lesson_test_id", "case_id", "of_case", "should", "action", "manager", "right_action"]
    return pd.DataFrame(
        [(f"t{i}", case, "c0", "change", action, manager, right) for i, (case, action, manager, right) in enumerate(rows)],
        columns=columns,
    )  # fmt: skip


def test_a_model_that_does_as_said_passes_and_one_that_does_not_fails_with_what_it_would_do():
    found = check(
        lessons(("c1", "lend", "m1", None), ("c2", "lend", "m2", None)), {"c1": "lend", "c2": "decline"}
    )
    assert [t.case_id for t in found.passed] == ["c1"]
    assert [(t.case_id, t.manager, t.got) for t in found.failed] == [("c2", "m2", "decline")]
    assert found.binding == 2


def test_the_newest_word_of_a_manager_counts():
    found = check(lessons(("c1", "lend", "m1", None), ("c1", "decline", "m1", None)), {"c1": "decline"})
    assert [t.lesson_test_id for t in found.passed] == ["t1"] and not found.failed and not found.contested


def test_where_managers_disagree_nobody_is_bound():
    found = check(lessons(("c1", "lend", "m1", None), ("c1", "decline", "m2", None)), {"c1": "decline"})
    assert len(found.contested) == 2 and found.binding == 0


def test_an_outcome_voids_what_it_contradicts_and_upholds_what_it_confirms():
    found = check(
        lessons(("c1", "lend", "m1", "decline"), ("c1", "decline", "m2", "decline")), {"c1": "lend"}
    )
    assert [t.manager for t in found.void] == ["m1"]
    assert [t.manager for t in found.failed] == ["m2"]


def test_without_tests_nothing_binds():
    assert check(lessons(), {}).binding == 0
