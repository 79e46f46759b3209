"""Names offered in the box: what the dictionary holds, quoted as SQL needs it, and nothing of the log's rows."""

import json
from html.parser import HTMLParser

import pandas as pd

from rhml.ui.questions import names
from tests.ui.log_of_loans import loans_log as loans_log
from tests.ui.log_of_loans import opened

HELD = pd.DataFrame(
    {
        "view": ["decided", "overrides", "decided"],
        "column": ["manager", "manager", "odd name"],
        "meaning": ["Who decided", "Who decided", None],
        "examples": [(), (), ("it's", "<b>")],
    }
)


def offered(kind: str) -> dict[str, dict]:
    return {str(n["name"]): n for n in names.names(HELD) if n["kind"] == kind}


def test_each_name_is_offered_once_with_where_it_stands():
    assert set(offered("view")) == {"decided", "overrides"}
    assert offered("column")["manager"]["about"] == "decided, overrides · Who decided"
    assert offered("column")["manager"]["near"] == ["decided", "overrides"]


def test_what_is_put_into_the_box_is_quoted_as_sql_needs_it():
    assert offered("column")["odd name"]["insert"] == '"odd name"'
    assert offered("value")["it's"]["insert"] == "it''s"
    assert "GROUP BY ALL" in offered("word")


class Held(HTMLParser):
    def handle_starttag(self, tag, attrs):
        self.names = dict(attrs).get("data-names") or getattr(self, "names", None)


def test_the_page_hands_over_names_and_levels_but_no_row(loans_log):
    loans_log()
    page = opened("ask")
    [handed] = [h.proto.body for h in page.get("html") if "data-names" in h.proto.body]
    assert "<script" not in handed
    reader = Held()
    reader.feed(handed)
    found = {n["name"] for n in json.loads(reader.names)}
    assert {"decided", "manager", "sector", "farming", "lend", "rescued", "COUNT(*)"} <= found
    assert "a0001" not in handed and "m1" not in found


def test_the_script_holds_no_text_but_its_own(loans_log):
    loans_log()
    page = opened("ask")
    scripts = [h.proto.body for h in page.get("html") if "<script" in h.proto.body]
    script = "".join(scripts)
    assert "dataset.names" in script
    assert "innerHTML" not in script and "fetch(" not in script and "http" not in script
    assert "farming" not in script
