"""The two periods of a comparison: how long each lasted in a log that begins and ends within a month."""

from datetime import datetime

import pytest

from rhml.ui.overrides.override_periods import Period


@pytest.fixture(autouse=True)
def utc(monkeypatch):
    from datetime import UTC

    monkeypatch.setattr("rhml.ui.words.zone", lambda: UTC)


def test_months_that_the_log_covers_in_part_count_in_part():
    span = datetime(2026, 1, 17), datetime(2026, 4, 16)
    assert Period("2026-02", "2026-03").lasted(*span) == 2
    assert Period("2026-03", "2026-04").lasted(*span) == pytest.approx(1.5)  # half of April is told
    assert Period("2026-01", "2026-01").lasted(*span) == pytest.approx(15 / 31)
    assert Period("2026-01", "2026-02").lasted(None, None) == 2


def test_a_log_of_one_moment_lasted_a_day():
    at = datetime(2026, 1, 17)
    assert Period("2026-01", "2026-01").lasted(at, at) == pytest.approx(1 / 31)
