"""What a reader sees while a report is computed, one step after the other or two at a time."""

import pytest

from rhml.errors import RhmlError
from rhml.loop.steps import Step, carried_out


@pytest.mark.parametrize("together", [False, True])
def test_every_step_is_found_under_its_name_and_told(together):
    told = []
    steps = {name: Step(f"doing {name}", lambda name=name: name * 2) for name in "abc"}
    found = carried_out(steps, progress=lambda share, words: told.append((share, words)), together=together)
    assert found == {"a": "aa", "b": "bb", "c": "cc"}
    assert list(found) == ["a", "b", "c"]
    assert told[0][0] == 0.0 and "doing a" in told[0][1]
    assert [share for share, _ in told] == sorted(share for share, _ in told)


@pytest.mark.parametrize("together", [False, True])
def test_a_step_that_fails_ends_them_all(together):
    def fail():
        raise RhmlError("no")

    steps = {"a": Step("", lambda: 1), "b": Step("", fail)}
    with pytest.raises(RhmlError, match="no"):
        carried_out(steps, together=together)
