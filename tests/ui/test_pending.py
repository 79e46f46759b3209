from datetime import timedelta

from rhml.loop import queue
from rhml.store import waiting
from rhml.store.opening import utc_now
from rhml.store.waiting import Queue
from rhml.ui import words
from tests.ui.log_of_loans import opened
from tests.ui.waiting_loans import desk, labels, named, press, texts  # noqa: F401 - desk is a fixture


def table(app):
    [frame] = app.dataframe
    return frame.value


def tick(app, *rows):
    """Tick rows of the table as a reader does; its key is the only one that names the list."""
    [name] = [k for k in app.session_state if k.startswith("waiting-")]
    app.session_state[name] = {"selection": {"rows": list(rows), "columns": [], "cells": []}}
    return app.run()


def test_the_list_says_why_each_case_is_here(desk):  # noqa: F811
    desk()
    shown = table(opened("pending"))
    assert len(shown) == 25
    assert list(shown["Application"][:2]) == ["a00010", "a00011"]
    assert shown["Why it is here"][0] == "8 days late"
    assert "Region" not in shown.columns


def test_nothing_of_the_model_shows_where_the_own_call_comes_first(desk):  # noqa: F811
    desk(first_call=0.5, evidence_only=0.5)
    shown = table(opened("pending"))
    assert set(shown["Model suggests"]) == {"your call first"}


def test_the_order_and_filters_come_from_the_url(desk):  # noqa: F811
    desk()
    app = opened("pending", order="Most at stake", only_sector="retail")
    shown = table(app)
    assert set(shown["Sector"]) == {"retail"}
    assert list(shown["At stake (€)"]) == sorted(shown["At stake (€)"], reverse=True)
    assert shown["Why it is here"][0].endswith("€ at stake")


def test_pages_turn_in_the_url(desk):  # noqa: F811
    desk()
    app = press(opened("pending"), "Later")
    assert named(app, "page") == "2"
    assert table(app)["Application"][0] == "a00035"
    assert "26 to 50 of 60" in texts(app)
    for page, rows in (("99", 10), ("x", 25), ("-1", 25)):
        app.query_params["page"] = page
        assert len(table(app.run())) == rows


def test_agreeing_with_ticked_cases_names_those_that_were_left(desk):  # noqa: F811
    store, _ = desk()
    app = opened("pending")
    modes = [row["mode"] for row in waiting.page(store, _, Queue("lead"), now=utc_now(), limit=25)]
    own = next(i for i, mode in enumerate(modes) if mode != "assisted")
    free = next(i for i, mode in enumerate(modes) if mode == "assisted")
    tick(app, own, free)
    assert "2 applications ticked" in texts(app)
    press(app, "Agree with the model")
    assert "Agreed with 1." in texts(app)
    assert f"a000{10 + own}: This case asks for your own call first" in texts(app)
    [(case_id,)] = store.read("SELECT case_id FROM loans.decisions WHERE NOT imported")
    assert case_id == f"a000{10 + free}"


def test_a_tick_never_points_at_another_case(desk):  # noqa: F811
    store, domain = desk()
    app = tick(opened("pending"), 0)
    assert "1 application ticked" in texts(app)
    queue.snooze(store, domain, "a00010", until=utc_now() + timedelta(days=1), manager="m2", at=utc_now())
    app.run()
    assert table(app)["Application"][0] == "a00011"
    assert "ticked" not in texts(app)


def test_assigning_and_snoozing_several(desk):  # noqa: F811
    store, domain = desk()
    app = tick(opened("pending"), 0, 1)
    app.selectbox(key="bulk_to").select("m2")
    press(app, "Assign")
    assert "2 assigned to m2." in texts(app)
    assert list(table(app)["Assigned to"][:3]) == ["m2", "m2", ""]
    tick(app, 0)
    press(app, "Snooze")
    assert table(app)["Application"][0] == "a00011"
    assert waiting.count(store, domain, Queue("m1", snoozed=True), now=utc_now())["cases"] == 1


def test_an_escalated_case_stands_first_with_its_question(desk):  # noqa: F811
    store, domain = desk()
    queue.escalate(store, domain, "a00040", why="Is *this* real?", manager="m1", at=utc_now())
    shown = table(opened("pending"))
    assert shown["Application"][0] == "a00040"
    assert shown["Why it is here"][0].startswith("m1 asks: Is *this* real?")


def test_a_long_question_is_told_whole_below_the_list(desk):  # noqa: F811
    store, domain = desk()
    why = "Is *this* real, and who in the branch has seen the papers?"
    queue.escalate(store, domain, "a00040", why=why, manager="m1", at=utc_now())
    queue.escalate(store, domain, "a00041", why="Real?", manager="m1", at=utc_now())
    app = opened("pending")
    assert [e.label for e in app.expander if "colleagues" in e.label] == ["What colleagues ask (1)"]
    assert f"m1 asks: {words.plain(why)}" in [m.value for m in app.markdown]


def test_nothing_that_matches_offers_to_show_all(desk):  # noqa: F811
    desk()
    app = opened("pending", mine="true")
    assert "No waiting applications match these filters." in texts(app)
    press(app, "Show all that wait")
    assert len(table(app)) == 25


def test_an_empty_list_offers_one_next_step(desk):  # noqa: F811
    desk(0, recommended=False)
    app = opened("pending")
    assert "stand here" in texts(app)
    assert not app.dataframe
    assert "Start with the first" not in labels(app)


def test_who_has_a_case_open_is_said(desk):  # noqa: F811
    store, domain = desk()
    queue.claim(store, domain, "a00010", manager="m2", at=utc_now())
    assert table(opened("pending"))["Open with"][0] == "m2"
