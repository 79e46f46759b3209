"""The Segments view: a map in words too, each found segment with its numbers and cases, and why there are none."""

import pytest
import streamlit as st

from rhml.errors import RhmlError
from rhml.loop.asked import Asked
from rhml.loop.found_segments import covered_by, found_segments
from rhml.store import organization
from rhml.store.opening import open_store
from rhml.ui import resources
from tests.past_segments import NOW, fill
from tests.ui.log_of_loans import opened


@pytest.fixture
def log(tmp_path, monkeypatch):
    url = f"duckdb:///{tmp_path / 'pages.duckdb'}"

    def make(**how):
        store = open_store(url, now=NOW)
        fill(store, **how)
        domain = organization.domain(store, "loans")
        found = found_segments(Asked(store, domain))
        store.close()
        monkeypatch.setenv("RHML_DB", url)
        return found

    yield make
    store, worker = resources._opened(url)
    worker.stop()
    store.close()
    st.cache_resource.clear()
    st.cache_data.clear()


def test_each_found_segment_says_who_is_better_where_and_leads_to_its_cases(log):
    found = log()
    page = opened("improvement", view="Segments")
    assert not page.exception
    texts = " ".join(m.value for m in page.markdown)
    assert "**People beat the model** by" in texts and "when sector is crafts" in texts
    assert "**The model beats people** by" in texts and "**Both weak** when sector is farming" in texts
    links = [link.proto for link in page.get("page_link") if link.proto.label == "Applications"]
    assert len(links) == len(found.segments) >= 3
    assert any(h.value == "By segment" for h in page.header)


def test_the_cases_behind_a_found_segment_are_listed(log):
    segment = next(s for s in log().segments if s.question == "people beat the model" and not s.of_calls)
    page = opened("improvement", behind=f"found:{segment.key}")
    assert not page.exception
    assert page.header[0].value == f"People beat the model\\: {segment.rule}"
    assert page.markdown[0].value.startswith(f"**{segment.n}**, of which")


@pytest.mark.parametrize("shown", ["Cost", "Value"])
def test_cost_and_value_stand_beside_accuracy(log, shown):
    log()
    page = opened("improvement", view="Segments", shown_as=shown)
    assert not page.exception
    [figure] = [c for c in page.get("plotly_chart") if "segments_map" in c.proto.id]
    assert "€" in figure.proto.spec or "\\u20ac" in figure.proto.spec


def test_few_outcomes_say_what_is_missing(log):
    log(outcomes=False)
    page = opened("improvement", view="Segments")
    assert not page.exception
    assert any("200 are needed" in i.value for i in page.info)


def test_a_segment_that_is_gone_says_so(tmp_path):
    store = open_store(f"duckdb:///{tmp_path / 'log.duckdb'}", now=NOW)
    fill(store, n=300)
    with pytest.raises(RhmlError, match="not found any more"):
        covered_by(Asked(store, organization.domain(store, "loans")), "gone")
    store.close()
