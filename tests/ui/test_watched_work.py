"""What a page shows of work that it waits for."""

from time import sleep

import pytest

from rhml.errors import RhmlError
from rhml.ui import watched_work


class Place:
    """A place on a page that remembers what was drawn there."""

    def __init__(self):
        self.drawn = []

    def progress(self, share, text):
        self.drawn.append((share, text))


def work(seconds):
    def compute(tell):
        tell(0.0, "Reading")
        sleep(seconds)
        tell(0.5, "Comparing")
        return 42

    return compute


def test_what_is_quick_shows_nothing():
    place = Place()
    assert watched_work.shown(work(0), place) == 42
    assert not place.drawn


def test_who_has_waited_sees_what_is_under_way(monkeypatch):
    monkeypatch.setattr(watched_work, "PATIENCE", 0.02)
    place = Place()
    assert watched_work.shown(work(0.3), place) == 42
    assert place.drawn == [(0.0, "Reading …"), (0.5, "Comparing …")]


def test_a_refusal_reaches_the_page():
    def refuse(tell):
        raise RhmlError("no such segment")

    with pytest.raises(RhmlError, match="no such segment"):
        watched_work.shown(refuse, Place())
