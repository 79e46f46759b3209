"""The Ask page: starters, one SELECT, links that do not run by themselves, files without formulas."""

from rhml.store.questions.starters import starters
from rhml.ui import resources
from tests.ui.log_of_loans import loans_log as loans_log
from tests.ui.log_of_loans import opened


def ask(page, sql):
    page.text_area(key="question").set_value(sql)
    return next(b for b in page.button if b.label == "Run").click().run()


def dictionary_of(page) -> str:
    return next(found.proto.body for found in page.get("html") if "grid dictionary" in found.proto.body)


def said(page) -> str:
    return " ".join(m.value for m in [*page.markdown, *page.info, *page.error, *page.caption])


def test_a_select_is_answered_with_table_and_files(loans_log):
    loans_log()
    page = ask(opened("ask"), "SELECT manager, count(*) AS n FROM decided GROUP BY ALL ORDER BY n DESC")
    assert not page.exception and not page.error
    assert page.dataframe[0].value["n"].sum() == 360
    assert "2 rows" in said(page), "one person by name; whoever has few decisions shares a line with another"
    assert "".join(page.query_params["q"]).startswith("SELECT manager")


def test_a_starter_fills_the_box_and_runs(loans_log):
    loans_log()
    page = opened("ask")
    first = starters(resources.domain("loans"))[0]
    page.selectbox(key="starter").select(first.title).run()
    assert not page.exception
    assert page.text_area(key="question").value == first.sql
    assert "rows" in said(page)


def test_a_shared_question_is_shown_and_not_run(loans_log):
    loans_log()
    page = opened("ask", q="SELECT 1 AS shared")
    assert page.text_area(key="question").value == "SELECT 1 AS shared"
    assert "has not been run" in said(page) and not page.dataframe


def test_a_hostile_question_is_refused_in_a_sentence_and_the_page_lives(loans_log):
    loans_log()
    page = ask(opened("ask"), "COPY decided TO 'x.csv'")
    assert not page.exception and "exactly one SELECT" in page.error[0].value
    page = ask(page, "SELECT count(*) AS n FROM decided")
    assert not page.error and page.dataframe[0].value["n"].tolist() == [360]


def test_an_answer_without_rows_says_so(loans_log):
    loans_log()
    page = ask(opened("ask"), "SELECT * FROM decided WHERE manager = 'nobody'")
    assert "no rows" in said(page)


def test_a_manager_asks_about_own_decisions(loans_log):
    loans_log()
    page = opened("ask")
    page.selectbox(key="person").select("m1").run()
    page = ask(page, "SELECT DISTINCT manager FROM decided")
    assert page.dataframe[0].value["manager"].tolist() == ["m1"]


def test_the_dictionary_is_searched_in_meanings_too(loans_log):
    loans_log()
    page = opened("ask", term="own words")
    assert ">rationale<" in dictionary_of(page) and ">reason<" not in dictionary_of(page)
    page.text_input(key="term").set_value("no such thing").run()
    assert "Try another word" in said(page)
