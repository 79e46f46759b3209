"""Small tables: every text escaped, every cell of a stacked one beside its heading."""

import re

from streamlit.testing.v1 import AppTest

HOSTILE = '<b onclick="x">&'


def _drawn(head, rows):
    from rhml.ui import grid

    grid.stacked(head, rows, name="facts", alt='A "table"')


def test_each_cell_of_a_stacked_table_tells_its_heading_and_nothing_typed_becomes_markup():
    page = AppTest.from_function(_drawn, args=(["Kind", HOSTILE], [[HOSTILE, "2"], ["b", "4"]])).run()
    [shown] = page.get("html")
    told = shown.proto.body
    assert re.findall(r'data-head="([^"]*)">([^<]*)<', told) == [
        ("Kind", "&lt;b onclick=&quot;x&quot;&gt;&amp;"),
        ("&lt;b onclick=&quot;x&quot;&gt;&amp;", "2"),
        ("Kind", "b"),
        ("&lt;b onclick=&quot;x&quot;&gt;&amp;", "4"),
    ]
    assert "<b " not in told and 'aria-label="A &quot;table&quot;"' in told
