"""Locked boxes: processes that each answer one question and end; some wait ready, so that asking costs little.

A box gets nothing of the app's environment, where keys and addresses may stand, and ends when the app does: its
standard input closes.
"""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import rhml

Box = subprocess.Popen

_ready: list[Box] = []
_wanted = 0
_changing = threading.Lock()


def keep_ready(count: int = 1) -> None:
    """Start so many boxes ahead of the questions, and again after each one taken, until the process ends."""
    global _wanted
    with _changing:
        if not _wanted:
            atexit.register(end)
        _wanted = count
    _fill_soon()


def take() -> Box:
    """A box for one question; whoever takes it ends it."""
    with _changing:
        while _ready:
            box = _ready.pop(0)
            if box.poll() is None:
                break
        else:
            box = None
    _fill_soon()
    return box or _started()


def end() -> None:
    """End the boxes that wait, and start no more."""
    global _wanted
    with _changing:
        _wanted, left = 0, list(_ready)
        _ready.clear()
    for box in left:
        with box:
            box.kill()


def _fill_soon() -> None:
    if _wanted > len(_ready):
        threading.Thread(target=_fill, name="rhml-boxes", daemon=True).start()


def _fill() -> None:
    while True:
        with _changing:
            if len(_ready) >= _wanted:
                return
            _ready.append(_started())


def _started() -> Box:
    kept = {k: os.environ[k] for k in ("SYSTEMROOT", "LD_LIBRARY_PATH") if k in os.environ}
    here = str(Path(rhml.__file__).parent.parent)
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "rhml.store.questions.locked_box"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=tempfile.gettempdir(),
        env={**kept, "PYTHONPATH": os.pathsep.join([here, *filter(None, sys.path)])},
    )
