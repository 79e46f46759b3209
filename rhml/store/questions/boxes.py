"""Locked boxes: processes that each answer one question and end; some wait ready, so that asking costs little.

Where processes can be forked, boxes are cast in moulds: one for questions without a copy, one for each of the copies
last asked of. Elsewhere they are started anew. A box gets nothing of the app's environment and ends when the app does.
"""

from __future__ import annotations

import atexit
import sys
import threading
from collections import OrderedDict

from rhml.store.questions.casting import Box, Caster, Opened, Started

KEPT = 3
"""Moulds at once; each holds part of its copy in memory."""

CASTS = sys.platform == "linux"  # elsewhere a process of many libraries may not survive being forked

_moulds: OrderedDict[str | None, Caster] = OrderedDict()
_waiting: list[Started] = []
_changing = threading.Lock()
_wanted = False


def keep_ready(opened: Opened | None = None) -> None:
    """Have a box wait ready from now on, and again after each one taken, until the process ends."""
    global _wanted
    with _changing:
        if not _wanted:
            atexit.register(end)
        _wanted = True
    threading.Thread(target=_prepare, args=(opened or Opened(),), name="rhml-boxes", daemon=True).start()


def take(opened: Opened | None = None) -> Box:
    """A box for one question; whoever takes it ends it."""
    if not _wanted:
        return Started()
    if CASTS:
        return _mould(opened or Opened()).take() or Started()
    with _changing:
        box = _waiting.pop() if _waiting else None
    keep_ready()
    if box is not None and not box.alive:
        box.end()
        box = None
    return box or Started()


def end() -> None:
    """End the boxes that wait, and keep none ready."""
    global _wanted
    with _changing:
        _wanted, left = False, [*_waiting, *_moulds.values()]
        _waiting.clear()
        _moulds.clear()
    for one in left:
        one.end()


def _prepare(opened: Opened) -> None:
    if CASTS:
        _mould(opened).prepare()
        return
    with _changing:
        if _wanted and not _waiting:
            _waiting.append(Started())


def _mould(opened: Opened) -> Caster:
    """The mould that holds a copy; it is started where there is none, and the one that rested longest goes."""
    with _changing:
        found, gone = _moulds.pop(opened.copy, None), []
        if found is not None and not found.alive:
            gone.append(found)
            found = None
        found = _moulds[opened.copy] = found or Caster(opened)
        if len(_moulds) > KEPT:
            gone.append(_moulds.popitem(last=False)[1])
    for old in gone:
        old.end()
    return found
