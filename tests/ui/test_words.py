"""The words of the field: a reader of any page meets the domain's own case and manager, never the product's."""

import re

import pytest

from rhml.intake.tables import read_bytes
from rhml.loop.insight import insight
from rhml.loop.onboard import onboard
from rhml.loop.recommend import recommend_waiting
from rhml.store import organization
from rhml.store.opening import open_store
from rhml.ui import (
    improvement_views,
    learning_views,
    model_views,
    practice_views,
    resources,
    team_views,
)
from rhml.ui.overrides import overrides_views
from rhml.ui.review import review_views
from tests.ui.log_of_loans import NOW, SELECTIVE, WITH_OUTCOMES, fill, learn, opened, rows
from tests.ui.spoken import spoken

ODD = '[terms]\ncase = "zorb"\ncases = "zorbs"\nmanager = "quix"\n'
OURS = re.compile(r"\b(cases?|managers?)\b", re.I)

SECTIONS = ("Data", "People", "Audit trail", "Records", "Erasure", "Backup", "Other systems")
SCREENS = (
    *((page, {}) for page in ("pending", "decide", "ask")),
    *(("review", {"view": view}) for view in review_views.VIEWS),
    *(("my_learning", {"view": view}) for view in learning_views.VIEWS),
    *(("practice", {"view": view}) for view in practice_views.VIEWS),
    *(("improvement", {"view": view}) for view in improvement_views.VIEWS),
    *(("team", {"view": view}) for view in team_views.VIEWS),
    *(("overrides", {"view": view}) for view in overrides_views.VIEWS),
    *(("models", {"view": view}) for view in model_views.VIEWS),
    *(("organization", {"section": section}) for section in SECTIONS),
)

ALLOWED = {
    "organization/Data": ("Cases", "counts every domain of the organization, each with words of its own"),
    "organization/People": (
        "manager|decides cases|practises on past cases and decides none",
        "roles are the organization's, over all its domains",
    ),
    "organization/Audit trail": (
        r"terms\.\w+[^;]*|nobody → manager|manager|\d+ cases",
        "the trail is told of all domains, in the log's own names",
    ),
    "ask": (r"SELECT manager.*|manager(?=  Who decided)", "names of columns, as SQL has them"),
}
"""What may be said in the product's words, by screen, and why."""


def odd(text: str) -> str:
    """The loans with words that no page can have meant."""
    return re.sub(r"\[terms\]\n.*\n", ODD, text)


@pytest.fixture(scope="module", params=[WITH_OUTCOMES, SELECTIVE], ids=["complete", "selective"])
def odd_log(request, tmp_path_factory):
    """A log with decisions, two versions, what they teach, and a few that wait."""
    url = f"duckdb:///{tmp_path_factory.mktemp('odd') / 'log.duckdb'}"
    store = open_store(url, now=NOW)
    fill(store, odd(request.param))
    learn(store, organization.domain(store, "loans"))
    domain = organization.domain(store, "loans")
    new = rows(12).assign(case_id=[f"w{i}" for i in range(12)])[["case_id", "amount", "late", "sector"]]
    onboard(store, domain, cases=read_bytes("new.csv", new.to_csv(index=False).encode()), by="lead", at=NOW)
    recommend_waiting(store, domain, at=NOW, progress=lambda share, words: None)
    insight(store, domain, "v2", against="v1", by="lead", at=NOW, progress=lambda share, words: None)
    store.close()
    yield url
    opened_log, worker = resources._opened(url)
    worker.stop()
    opened_log.close()


@pytest.mark.parametrize(("page", "query"), SCREENS, ids=lambda part: str(part))
def test_a_page_speaks_in_the_words_of_its_domain(odd_log, monkeypatch, page, query):
    monkeypatch.setenv("RHML_DB", odd_log)
    shown = opened(page, **query)
    assert not shown.exception
    allowed = ALLOWED.get("/".join([page, *query.values()]), ("(?!)", ""))[0]
    texts = [(kind, re.sub(allowed, " ", text)) for kind, text in spoken(shown)]
    wrong = [
        (kind, text[max(0, found.start() - 60) : found.end() + 40])
        for kind, text in texts
        for found in OURS.finditer(text)
    ]
    assert not wrong
    assert any("zorb" in text or "quix" in text for _, text in texts)
