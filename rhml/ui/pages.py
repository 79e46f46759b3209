"""The pages, in the order of the navigation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """One page: its file in pages/, its title and icon, and whom it is for."""

    file: str
    title: str
    icon: str
    about: str


PAGES = (
    Page("pending", "Pending", ":material/inbox:", "What waits for a decision, in a named order"),
    Page("decide", "Decide", ":material/balance:", "One case: facts, recommendation, your decision"),
    Page(
        "review",
        "Review",
        ":material/rule:",
        "What waits for a second person: to sign, to judge blind, to settle",
    ),
    Page("my_learning", "My learning", ":material/school:", "Your calls against outcomes and the model's"),
    Page("practice", "Practice", ":material/exercise:", "Five minutes on past cases, when you like"),
    Page(
        "improvement",
        "Improvement",
        ":material/trending_up:",
        "Did people improve, did the model, because of whom, how sure",
    ),
    Page("team", "Team", ":material/groups:", "The team without the model, lessons, alarms, and people"),
    Page("overrides", "Overrides", ":material/alt_route:", "Where decisions differ from recommendations"),
    Page("ask", "Ask", ":material/database:", "Your own question to the log, in SQL"),
    Page(
        "models", "Models", ":material/model_training:", "What each version learned, and how far to trust it"
    ),
    Page("proof", "Proof", ":material/fact_check:", "Plant who learns, and watch the report find it"),
    Page(
        "organization",
        "Organization",
        ":material/domain:",
        "Data and people; the audit trail, records, erasure and copies",
    ),
)

OPENS = "opens"
"""The view that a link asks for, under a name that no widget is bound to."""


def opening(view: str) -> dict[str, str]:
    """What a link adds to its address to open a view of another page."""
    return {"view": view, OPENS: view}
