from types import SimpleNamespace

from rhml.loop.decide import commit_first_call
from rhml.loop.team_points import columns
from rhml.loop.weighed import Weighed
from rhml.machine.team.apart import Apart
from rhml.machine.team.own_calls import own_calls
from rhml.machine.team.training import train_team
from rhml.store import case_file, frames, team_models
from rhml.store.opening import utc_now
from rhml.store.team_models import StoredTeam
from rhml.ui import contrast
from tests.ui.log_of_loans import opened
from tests.ui.test_decide import ASSISTED, EVIDENCE, OWN, decided
from tests.ui.waiting_loans import desk, labels, press, texts  # noqa: F401 - desk is a fixture

MADE = {}
APART = "Where the model weighs it differently from"


def with_team(store, domain, *, mine: int = 40):
    """A team that decides by late payments, and `lead` as one of them, beside every stored recommendation."""
    cases = frames.cases(store, domain)
    late = cases["late"].fillna(1)
    calls = cases[["case_id"]].assign(
        manager=["lead"] * mine + ["m1"] * (len(cases) - mine),
        mode="first_call", final_action=None, imported=False,
        first_action=["lend" if v < 2 else "decline" for v in late],
    )  # fmt: skip
    # The cases are the same in every test, so a team of the same calls is learned once.
    made = MADE.setdefault(mine, None) or train_team(cases, own_calls(calls, domain), domain=domain, seed=7)
    MADE[mine] = made
    entry = StoredTeam(made.version, made.card, 1, utc_now(), "lead")
    waits = frames.undecided(store, domain)
    features = tuple(f.name for f in domain.inputs)
    beside = columns(made, waits, waits["case_id"].map(lambda _: "decline"), features)

    def unit(tx):
        team_models.add(tx, domain.name, entry, made.to_bytes())
        for place, case_id in enumerate(waits["case_id"]):
            tx.run(
                "UPDATE loans.recommendations SET team_version = $2, team_probability = $3, team_base = $4, "
                "team_points = $5 WHERE case_id = $1",
                [case_id, *(beside[name][place] for name in ("team_version", "team_probability", "team_base")),
                 [float(p) for p in beside["team_points"][place]]],
            )  # fmt: skip

    store.write(unit)
    store.forget()


def test_before_the_own_call_nothing_of_the_contrast_is_there(desk):  # noqa: F811
    store, domain = desk(**OWN)
    with_team(store, domain)
    app = opened("decide")
    for word in (APART, "your calls so far", "points"):
        assert word not in texts(app)


def test_after_the_own_call_each_factor_is_a_sentence_with_true_signs(desk):  # noqa: F811
    store, domain = desk(**OWN)
    with_team(store, domain)
    app = opened("decide")
    press(app, "Lend")
    app.multiselect(key="own_marks-a00010").select("amount: irrelevant here").run()
    press(app, "This is my call")
    said = texts(app)
    assert f"{APART} you" in said
    assert "as **+12 points** for Decline; your calls so far count it" in said
    assert "You marked it *irrelevant here*." in said
    assert said.count("The model counts") <= 4
    assert "Your own weights are drawn from your 40 own calls" in said
    [(_, factor, mark)] = store.read("SELECT first_call_id, factor, mark FROM loans.first_call_marks")
    assert (factor, mark) == ("amount", "irrelevant here")


def test_too_few_calls_are_said_and_the_team_stands_for_them(desk):  # noqa: F811
    store, domain = desk(**OWN)
    with_team(store, domain, mine=5)
    app = opened("decide")
    press(app, "Lend")
    press(app, "This is my call")
    assert f"{APART} your team" in texts(app)
    assert "5 own calls of yours so far, and it takes 30" in texts(app)
    assert "the team’s calls so far count it" in texts(app)


def test_evidence_is_shown_then_the_call_then_the_contrast(desk):  # noqa: F811
    store, domain = desk(**EVIDENCE)
    with_team(store, domain)
    app = opened("decide")
    assert "speaks strongly for Decline" in texts(app) and APART not in texts(app)
    press(app, "Decline")
    press(app, "This is my call")
    assert APART in texts(app)


def test_the_contrast_stays_after_a_reload(desk):  # noqa: F811
    store, domain = desk(**OWN)
    with_team(store, domain)
    commit_first_call(store, domain, "a00010", "lend", manager="lead", at=utc_now())
    assert APART in texts(opened("decide", case="a00010"))


def test_a_switch_shows_only_what_sets_model_and_team_apart(desk):  # noqa: F811
    store, domain = desk(**ASSISTED)
    with_team(store, domain)
    app = opened("decide")
    assert "raised the model's estimate" in texts(app)
    app.toggle(key=contrast.TOGGLE).set_value(True).run()
    said = texts(app)
    assert "raised the model's estimate" not in said
    assert "the team’s calls so far count it" in said
    assert "In all: the model gives Decline 60 of 100, the team would call it in" in said
    press(app, "Agree")
    assert len(decided(store)) == 1
    assert "raised the model's estimate" not in texts(app)


def test_without_a_team_model_there_is_no_switch_and_no_contrast(desk):  # noqa: F811
    desk(**ASSISTED)
    app = opened("decide")
    assert not app.toggle
    assert "Calls so far" not in texts(app)


def test_a_half_written_own_call_survives_a_lost_connection(desk):  # noqa: F811
    store, _ = desk(**OWN)
    app = opened("decide")
    press(app, "Lend")
    app.multiselect(key="own_marks-a00010").select("late: matters").run()
    app.session_state["own-a00010"] = 8
    app.run()
    again = opened("decide", case="a00010")
    assert again.multiselect(key="own_marks-a00010").value == ["late: matters"]
    assert "This is my call: Lend" in labels(again)
    press(again, "This is my call: Lend")
    call = case_file.first_call(store, "loans", "a00010", "lead")
    assert (call.action, call.confidence, call.seconds >= 0) == ("lend", 0.8, True)


def test_marks_of_the_own_call_are_there_when_it_is_kept(desk):  # noqa: F811
    desk(**OWN)
    app = opened("decide")
    press(app, "Lend")
    app.multiselect(key="own_marks-a00010").select("late: matters").run()
    press(app, "This is my call")
    press(app, "Keep my call")
    assert app.multiselect(key="marks-a00010").value == ["late: matters"]


def test_an_overdue_case_asks_for_nothing_and_says_why(desk):  # noqa: F811
    store, _ = desk(overdue_days=3, **OWN)
    app = opened("decide", case="a00010")
    assert "The model suggests **Decline**." in texts(app)
    assert "Your own call first was drawn; this application is overdue" in texts(app)
    press(app, "Agree")
    [(mode, asked)] = store.read("SELECT mode, asked FROM loans.decisions WHERE NOT imported")
    assert (mode, asked) == ("first_call", False)


def test_no_reload_link_or_late_press_opens_a_card_that_asks(desk):  # noqa: F811
    store, _ = desk(**OWN)
    for _ in range(3):
        assert "Your own call first" in texts(opened("decide", case="a00010"))
    app = opened("decide", case="a00010", mode="assisted")
    app.session_state["pressed"] = ("agree", "a00010")
    app.run()
    assert "asks for your own call" in texts(app) or "has arrived" in texts(app)
    press(app, "Skip")
    assert "Your own call first" in texts(opened("decide", case="a00010"))
    assert decided(store) == []


def test_a_factor_without_weight_is_told_without_a_sign():
    assert [contrast.signed(p) for p in (11, -3, 0)] == ["+11", "−3", "0"]
    found = Weighed("team", 1, 30, 0.5, (Apart((0,), 0.1, 0.0),))
    assert "1 own call of yours so far" in contrast.too_few(found)
    assert contrast.how_to_read(SimpleNamespace(weighed=None, recommendation=None)) == ""
