"""Who taught whom: gather both sides of the ledger, judge all lines together, hand over."""

from __future__ import annotations

from rhml.loop import taught_model, taught_people
from rhml.loop.asked import Asked
from rhml.loop.training import in_a_line
from rhml.reports.ledger import Ledger, ledger_of
from rhml.store import registry

FEEDBACK = "What feedback taught: the log does not keep which outcomes somebody read before which call."
COURSES = "What trainees’ courses taught: it stands on each certificate."


def ledger(asked: Asked) -> Ledger:
    """Every line both ways, with its claim, and the total of each way."""
    to_people, cannot = taught_people.lines(asked)
    return ledger_of(
        [*taught_model.lines(asked), *to_people],
        domain=asked.domain,
        live=registry.live_version(asked.store, asked.domain.name),
        left_out=(*cannot, FEEDBACK, in_a_line(asked.store, asked.domain) or COURSES),
    )
