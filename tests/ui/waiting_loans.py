"""A small log of waiting loans for the pages of a manager: sixty wait, recommended or not."""

from datetime import timedelta

import pandas as pd
import pytest
import streamlit as st

from rhml.core.domain import parse_domain
from rhml.loop.onboard import onboard
from rhml.store import organization
from rhml.store.opening import open_store, utc_now
from rhml.ui import resources
from tests.loans import LOANS, csv, loan_cases, right_action
from tests.recommended import recommend

PEOPLE = {"lead": "lead", "m1": "manager", "m2": "manager"}
WORDS = 'question = "Should we lend?"\n[terms]\ncase = "application"\n'


def loans_text(
    first_call: float = 0.2, evidence_only: float = 0.1, actions: str = "", overdue_days: int = 3_650
) -> str:
    """The domain with given shares of modes, and more actions if wanted."""
    text = LOANS.replace("[actions]", f"{WORDS}[actions]").replace("[outcome]", f"{actions}[outcome]", 1)
    modes = f"first_call = {first_call}\nevidence_only = {evidence_only}\noverdue_days = {overdue_days}\n"
    return text.replace("overdue_days = 3650\n", modes)


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """Makes a log with waiting loans and lets the pages open it; gives the open store back."""
    url = f"duckdb:///{tmp_path / 'desk.duckdb'}"
    # AppTest itself keeps the pages' format functions in the session, where the app allows no functions.
    st.config.set_option("runner.enforceSerializableSessionState", False)

    def make(count: int = 60, *, recommended: bool = True, **modes):
        now = utc_now().replace(microsecond=0)
        store = open_store(url, now=now, secret="fixed for tests")
        domain = parse_domain("loans", loans_text(**modes))
        cases = loan_cases(count + 10)
        cases["received_at"] = [(now - timedelta(days=20 - i / 4)).isoformat() for i in range(len(cases))]
        cases["due_at"] = [(now - timedelta(days=10 - i // 4)).isoformat() for i in range(len(cases))]
        known = cases[:10]
        decided = pd.DataFrame({"case_id": known["case_id"], "manager": "m1", "final_action": "lend",
                                "decided_at": known["received_at"]})  # fmt: skip
        outcomes = pd.DataFrame({"case_id": known["case_id"], "right_action": right_action(known),
                                 "known_at": known["received_at"]})  # fmt: skip
        onboard(
            store, domain, cases=csv(cases), decisions=csv(decided), outcomes=csv(outcomes), by="lead", at=now
        )
        for person, role in PEOPLE.items():
            store.write(lambda tx, p=person, r=role: organization.set_role(tx, p, r, at=now, by="setup"))
        if recommended:
            recommend(store, domain, at=now)
        store.close()
        monkeypatch.setenv("RHML_DB", url)
        return resources.store(), domain

    yield make
    store, worker = resources._opened(url)
    worker.stop()
    store.close()
    st.cache_resource.clear()
    st.cache_data.clear()


def texts(app) -> str:
    """Everything written on the page, as one text without the defusing backslashes."""
    parts = [*app.markdown, *app.caption, *app.info, *app.warning, *app.error, *app.success]
    parts += [*app.title, *app.header, *app.subheader]
    return "\n".join(part.value for part in parts).replace("\\", "").replace("\u00a0", " ")


def labels(app) -> list[str]:
    """The labels of all buttons."""
    return [button.label.replace("\\", "") for button in app.button]


def press(app, label: str):
    """Press the button whose label starts so."""
    [button] = [b for b in app.button if b.label.replace("\\", "").startswith(label)]
    return button.click().run()


def named(app, parameter: str) -> str:
    """What the URL says; AppTest gives a list for what the reader's address named."""
    value = app.query_params[parameter]
    return value[0] if isinstance(value, list) else value
