"""Questions on their way: cancelled by their reader, ended by the next one, kept as they were answered."""

import time

from rhml.ui import resources
from rhml.ui.questions import asking
from tests.ui.log_of_loans import loans_log as loans_log
from tests.ui.log_of_loans import opened
from tests.ui.test_ask import ask, said


class Slow:
    """A question that ends only when it is told to."""

    def __init__(self):
        self.done = False

    def cancel(self):
        self.done = True


def kept(token: str, desk: asking.Desk) -> Slow:
    slow = Slow()
    desk.put(asking.Asked(token, "loans", "lead", "SELECT 1", None, time.monotonic(), slow))
    return slow


def test_the_desk_ends_what_it_lets_go_of():
    desk = asking.Desk()
    held = [kept(str(i), desk) for i in range(asking.KEPT + 2)]
    assert [slow.done for slow in held[:3]] == [True, True, False]
    assert desk.get("0") is None and desk.get("2") is not None


def test_a_press_of_cancel_ends_the_question(loans_log):
    loans_log()
    opened("ask")
    slow = kept("mine", asking._desk(resources.url()))
    asking._cancel("mine")
    asking._cancel("nobody's")
    assert slow.done


def test_an_answer_stays_until_its_reader_asks_again(loans_log):
    loans_log()
    page = ask(opened("ask"), "SELECT count(*) AS n FROM decided")
    page.text_input(key="term").set_value("verdict").run()
    assert page.dataframe[0].value["n"].tolist() == [360]
    page = ask(page, "SELECT 2 AS n")
    assert page.dataframe[0].value["n"].tolist() == [2]


def test_another_person_does_not_see_the_answer(loans_log):
    loans_log()
    page = ask(opened("ask"), "SELECT DISTINCT manager FROM decided")
    page.selectbox(key="person").select("m1").run()
    assert not page.dataframe and not page.error


def test_limits_are_said_before_and_after(loans_log):
    loans_log()
    page = opened("ask")
    assert "10,000 rows, 5 seconds and 512 MB" in said(page)
    page = ask(page, "SELECT * FROM range(20000)")
    assert "10,000 rows" in said(page) and "There are more; narrow the question" in said(page)
