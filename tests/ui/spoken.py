"""Every word that a page says: labels, sentences, help, options, tables and the texts of charts, block by block."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

SAID = {
    "body", "label", "help", "placeholder", "text", "options", "caption", "alt", "title", "subtitle", "content",
    "button_label", "value", "delta", "tooltip", "element_id_label", "links",
}  # fmt: skip
"""Fields of an element's message that a reader may come to see."""
UNSEEN = re.compile(r"<style>.*?</style>|<[^>]*>|https?://\S+|:material/\w+:|\((?:/|\?)[^)]*\)", re.S)
"""Marks, addresses and the names of icons."""


def spoken(page: Any) -> list[tuple[str, str]]:
    """All texts of a page after a run, each with the kind of its element; what *How to read this* holds is left out."""
    return [
        (kind, cleaned)
        for block in (page.main, page.sidebar)
        for kind, text in _of(block)
        if (cleaned := UNSEEN.sub(" ", html.unescape(text)).strip())
    ]


def _of(block: Any) -> Iterator[tuple[str, str]]:
    """The texts of a block and of everything in it."""
    for child in list(getattr(block, "children", {}).values()):
        if hasattr(child, "children"):
            label = _label(child.proto)
            if label.startswith("How to read"):
                continue
            if label:
                yield child.type, label
            yield from _of(child)
        else:
            yield from ((child.type, text) for text in _texts(child.proto))


def _label(proto: Any) -> str:
    """The label of a tab, an expander or a popover."""
    for field, value in proto.ListFields() if hasattr(proto, "ListFields") else ():
        if field.name == "label" and isinstance(value, str):
            return value
        if field.message_type and not field.is_repeated and (found := _label(value)):
            return found
    return ""


def _texts(proto: Any) -> Iterator[str]:
    """The strings of an element's message that are shown."""
    if not hasattr(proto, "ListFields"):
        return
    for field, value in proto.ListFields():
        if field.name in ("arrow_data", "data") and isinstance(value, bytes):
            yield from _table(value)
        elif field.name == "spec" and isinstance(value, str):
            yield from _chart(json.loads(value))
        elif field.type == field.TYPE_STRING and field.name in SAID:
            yield from [value] if isinstance(value, str) else list(value)
        elif field.type == field.TYPE_STRING and field.name == "columns" and value:
            yield from (c["label"] for c in json.loads(value).values() if c and c.get("label"))
        elif field.message_type:
            for one in [value] if not field.is_repeated else value:
                if hasattr(one, "ListFields"):
                    yield from _texts(one)


def _table(data: bytes) -> Iterator[str]:
    """Headings and texts of a table."""
    try:
        table = pa.ipc.open_stream(data).read_all()
    except pa.ArrowInvalid:
        return
    for name, column in zip(table.column_names, table.columns, strict=True):
        yield name
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            yield from (text for text in column.to_pylist() if text)


def _chart(spec: Any) -> Iterator[str]:
    """Titles, names, tick labels and hover texts of a chart."""
    if isinstance(spec, dict):
        for key, value in spec.items():
            if key in ("template", "customdata"):
                continue
            if isinstance(value, str) and key in ("text", "name", "hovertemplate"):
                yield value
            elif key in ("ticktext", "text", "hovertext", "x", "y") and isinstance(value, list):
                yield from (v for v in value if isinstance(v, str))
            else:
                yield from _chart(value)
    elif isinstance(spec, list):
        for one in spec:
            yield from _chart(one)
