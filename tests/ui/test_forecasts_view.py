"""The view Forecasts of the Improvement page: who foretold better, in words, beside the chart and by segment."""

import os

import numpy as np
import pandas as pd
import pytest

from rhml.core.domain import parse_domain
from rhml.intake.tables import read_bytes
from rhml.loop.onboard import onboard
from rhml.reports.forecasting import BOTH, MODEL, ONE, Forecasts, Gap, Side
from rhml.stats.measure import Measure
from rhml.store.opening import open_store
from rhml.ui import forecasts
from tests.ui.log_of_loans import NOW, WITH_OUTCOMES, opened, rows
from tests.ui.log_of_loans import loans_log as loans_log


def asked(names: tuple[str, ...] = ("p1", "p2", "p3")) -> None:
    """People of a panel state how likely each application is to prove right, before anybody decided."""
    domain, cases = parse_domain("loans", WITH_OUTCOMES), rows(360)
    draw = np.random.default_rng(5)
    lend = np.clip(draw.normal(np.where(cases["right_action"] == "lend", 0.62, 0.42), 0.15), 0.05, 0.95)
    panel = pd.concat(
        pd.DataFrame(
            {
                "case_id": cases["case_id"],
                "manager": name,
                "first_action": "lend",
                "first_confidence": lend.round(2),
                "decided_at": cases["received_at"],
            }
        )
        for name in names
    )
    table = read_bytes("panel.csv", panel.to_csv(index=False).encode())
    store = open_store(os.environ["RHML_DB"], now=NOW)
    onboard(store, domain, decisions=table, by="lead", at=NOW)
    store.close()


def test_without_stated_probabilities_it_says_how_they_come(loans_log):
    loans_log()
    page = opened("improvement", view="Forecasts")
    assert not page.exception
    assert "Nobody has stated a probability" in page.info[0].value
    assert any("first_confidence" in one.value for one in page.markdown)


def test_a_panel_is_scored_beside_the_model_in_words_and_tables(loans_log):
    loans_log()
    asked()
    page = opened("improvement", view="Forecasts")
    assert not page.exception
    said = " ".join(one.value for one in page.markdown).replace("\\", "")
    assert "Brier score: 0 is perfect" in said
    assert "One manager alone is" in said
    tables = [table.value for table in page.table]
    scores = tables[0]
    where = next(table for table in tables if "What it says" in table)
    assert list(scores["Who"])[:2] == ["One manager alone", "Mean of several managers"]
    assert set(where["What it says"]) <= {
        "Managers foretell better",
        "The model foretells better",
        "Not shown",
    }


def test_of_a_single_person_nothing_is_told_and_why(loans_log):
    loans_log()
    asked(("p1",))
    page = opened("improvement", view="Forecasts")
    assert not page.exception and not page.table
    assert "Probabilities of one manager so far; shown from 3 on" in page.info[0].value


def found(n: int) -> Forecasts:
    def side(key: str, said: float) -> Side:
        score = Measure(0.2, 0.18, 0.22, 400)
        bands = ((said, Measure(0.5, 0.4, 0.6, n)), (0.9, Measure(0.8, 0.7, 0.9, n)))
        return Side(key, score, score, Measure(0.04, -0.01, 0.09, 400), 0.01, 0.05, bands)

    apart = Measure(-0.01, -0.03, 0.01, 400)
    gaps = tuple(
        Gap(one, two, apart, apart, apart) for one, two in ((ONE, MODEL), (BOTH, ONE), (BOTH, MODEL))
    )
    return Forecasts("", 0, 400, 3, 400, tuple(side(key, 0.3) for key in (ONE, MODEL, BOTH)), gaps, ())


@pytest.fixture
def domain():
    return parse_domain("loans", WITH_OUTCOMES)


def test_three_curves_are_told_apart_by_symbol_and_line_and_carry_intervals(domain):
    figure = forecasts.reliability(found(60), domain)
    curves = figure.data[1:]
    assert len({curve.marker.symbol for curve in curves}) == len({curve.line.dash for curve in curves}) == 3
    assert all(curve.error_y.array[0] == pytest.approx(0.1) for curve in curves)


def test_bands_with_too_few_calls_are_not_drawn(domain):
    assert forecasts.reliability(found(12), domain) is None


def test_nothing_is_claimed_where_an_interval_holds_zero():
    first, second, third = found(60).sentences("expert", "experts")
    assert "that either foretells better is not shown" in first
    assert "that it beats either is not shown" in second
    assert third.startswith("One expert alone is not shown to be too sure or too modest")
