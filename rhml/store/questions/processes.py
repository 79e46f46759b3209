"""How the processes of this room are started: with nothing of the app's environment, where keys and addresses may stand."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import rhml


def started(
    module: str, *arguments: str, speaks: bool = True, keeps: Sequence[int] = ()
) -> subprocess.Popen[bytes]:
    """One of this room's modules run by itself.

    speaks: whether it hears and answers by standard input and output. keeps: numbers of open files that it gets.
    """
    kept = {k: os.environ[k] for k in ("SYSTEMROOT", "LD_LIBRARY_PATH") if k in os.environ}
    here = str(Path(rhml.__file__).parent.parent)
    pipe = subprocess.PIPE if speaks else subprocess.DEVNULL
    return subprocess.Popen(
        [sys.executable, "-P", "-m", f"rhml.store.questions.{module}", *arguments],
        stdin=pipe,
        stdout=pipe,
        stderr=subprocess.DEVNULL,
        cwd=tempfile.gettempdir(),
        env={**kept, "PYTHONPATH": os.pathsep.join([here, *filter(None, sys.path)])},
        pass_fds=tuple(keeps),
    )
