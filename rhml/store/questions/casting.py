"""A mould seen from the app: it is told what to hold, gives a box for one question at once, and casts the next after it.

Boxes of both kinds, cast and started, are asked the same way: `ask`, `kill`, `end`.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from rhml.store.questions.locked_box import DONE
from rhml.store.questions.mould import SIZE, WAS_OVER
from rhml.store.questions.processes import started

STARTING = 20.0
"""Seconds by the clock for a mould to start on a machine that is busy otherwise."""

CHUNK = 2**20


@dataclass(frozen=True)
class Opened:
    """A copy that boxes open: its path, and the columns (table, name) that questions name most, the first first."""

    copy: str | None = None
    ahead: tuple[tuple[str, str], ...] = ()
    megabytes: int = 0


class Box(Protocol):
    """A process that answers one question."""

    def ask(self, content: bytes, seconds: float) -> tuple[int, bytes]:
        """Hand it the question; how it ended, and what it wrote. TimeoutError where it takes longer."""

    def kill(self) -> None:
        """End it at once, whoever waits for it."""

    def end(self) -> None:
        """End it, and let go of what it held."""


class Started:
    """A box in a process of its own from the beginning, as on systems that cannot fork."""

    def __init__(self) -> None:
        self._process = started("locked_box")

    def ask(self, content: bytes, seconds: float) -> tuple[int, bytes]:
        """Hand it the question; how it ended, and what it wrote. TimeoutError where it takes longer."""
        try:
            written, _ = self._process.communicate(content, timeout=seconds)
        except subprocess.TimeoutExpired:
            self.end()
            raise TimeoutError from None
        return self._process.returncode, written

    @property
    def alive(self) -> bool:
        """Whether it can still be asked."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End it at once, whoever waits for it."""
        self._process.kill()

    def end(self) -> None:
        """End it, and let go of what it held."""
        with suppress(BrokenPipeError), self._process:
            self._process.kill()


class Cast:
    """A box cast in a mould."""

    def __init__(self, caster: Caster, process: int, ours: socket.socket):
        self._caster, self._process, self._ours = caster, process, ours
        self._lock, self._over = threading.Lock(), False

    def ask(self, content: bytes, seconds: float) -> tuple[int, bytes]:
        """Hand it the question; how it ended, and what it wrote. TimeoutError where it takes longer."""
        until, written = time.monotonic() + seconds, []
        try:
            with suppress(ConnectionError):  # it ended meanwhile: how it ended tells why
                self._ours.settimeout(seconds)
                self._ours.sendall(content)
                while True:
                    self._ours.settimeout(max(until - time.monotonic(), 0.001))
                    written.append(self._ours.recv(CHUNK))
                    if not written[-1]:
                        break
        except TimeoutError:
            self.kill()
            self._end(again=True)
            raise
        found = b"".join(written)
        if found.endswith(DONE):  # how it ends is of no interest any more
            threading.Thread(target=self._end, kwargs={"again": True}, name="rhml-boxes", daemon=True).start()
            return 0, found
        return self._end(again=True), found

    @property
    def alive(self) -> bool:
        """Whether it can still be asked."""
        try:
            return bool(self._ours.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))
        except BlockingIOError:
            return True
        except OSError:
            return False

    def kill(self) -> None:
        """End it at once, whoever waits for it."""
        with self._lock:
            if not self._over:  # until the mould is asked how it ended, nobody else gets its number
                with suppress(ProcessLookupError):
                    os.kill(self._process, signal.SIGKILL)

    def end(self) -> None:
        """End it, and let go of what it held."""
        self.kill()
        self._end()

    def _end(self, *, again: bool = False) -> int:
        with self._lock:
            if self._over:
                return WAS_OVER
            self._over = True
            self._ours.close()
            return self._caster.ended(self._process, again=again)


class Caster:
    """One mould, started at once; `take` gives a box of it, and None where it is no more."""

    def __init__(self, opened: Opened):
        self.opened = opened
        self._ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._speaking, self._changing = threading.Lock(), threading.Lock()
        self._ready: list[Cast] = []
        with its:
            self._process = started("mould", str(its.fileno()), speaks=False, keeps=[its.fileno()])
        self._ours.settimeout(STARTING)
        told = {"copy": opened.copy, "ahead": opened.ahead, "megabytes": opened.megabytes}
        with suppress(OSError):
            self._ours.send(json.dumps(told).encode())
        self._up = False

    @property
    def alive(self) -> bool:
        """Whether its process runs."""
        return self._process.poll() is None

    def take(self) -> Cast | None:
        """A box for one question; the next is cast meanwhile."""
        with self._changing:
            box = self._ready.pop() if self._ready else None
        if box is not None and not (self.alive and box.alive):
            box.end()
            box = None
        return box or self._cast()

    def prepare(self) -> None:
        """Have a box wait ready: ahead of the first question, and after each, for during it every core is needed."""
        with self._changing:
            if not self._ready and (box := self._cast()) is not None:
                self._ready.append(box)

    def ended(self, process: int, *, again: bool) -> int:
        """How a process cast here ended; 77 where nobody can tell. again: whether the next is cast now."""
        found = self._said(json.dumps(process).encode())
        if again:
            threading.Thread(target=self.prepare, name="rhml-boxes", daemon=True).start()
        return WAS_OVER if found is None else found

    def end(self) -> None:
        """End the boxes that wait, and the mould."""
        with self._changing:  # whoever prepares a box meanwhile finds no mould to cast it
            left, self._ready = self._ready, []
            for box in left:
                box.end()
            self._process.kill()
            self._process.wait()
            self._ours.close()

    def _cast(self) -> Cast | None:
        ours, its = socket.socketpair()
        with its:
            process = self._said(b"null", [its.fileno()])
        if not process:
            ours.close()
            return None
        return Cast(self, process, ours)

    def _said(self, words: bytes, sockets: list[int] | None = None) -> Any:
        """The mould's answer to a word; None where it has ended."""
        try:
            with self._speaking:
                if not self._up:
                    self._up = bool(self._ours.recv(SIZE))
                socket.send_fds(self._ours, [words], sockets or [])
                said = self._ours.recv(SIZE)
        except OSError:  # answered late, it would be taken for the answer to the next word
            self._process.kill()
            self._process.wait()
            return None
        return json.loads(said) if said else None
