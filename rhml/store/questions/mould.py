"""The mould: a process that holds a copy of the log open, and casts locked boxes, each for one question.

To start a process, load DuckDB and read a copy's columns from its file takes longer than most questions. The mould
does it once; a box is a fork of it, which finds all that in memory, answers one question and ends. A mould hears no
question and no name: what one asker's box is told, no other can find.

It hears numbers of open sockets from the app and tells the number of the process cast for each, then how each ended.
It imports nothing of the product but the box, and ends with the app, with its copy's file, or when nobody asks.
"""

from __future__ import annotations

import json
import os
import select
import socket
import sys
import time
from pathlib import Path
from random import SystemRandom
from typing import Any

import duckdb

from rhml.store.questions import locked_box

HELD = 0.5
"""Share of a question's memory that the columns read ahead may take."""

LOOK = 2.0
"""Seconds between looks at whether the app and the copy are still there."""

IDLE = 900.0
"""Seconds after which a mould of which nobody wants a box gives its memory back."""

WAS_OVER = 77
"""How a box ends that was asked nothing."""

SIZE = 4096
"""Bytes of the longest word from the app, and to it."""


def main() -> None:
    """Hold what the first word from the app names, and cast a box for each socket that comes."""
    app = socket.socket(fileno=int(sys.argv[1]))
    told = json.loads(app.recv(SIZE * 64))
    box = locked_box.warmed()
    box.execute("SET async_threads = 0")  # a fork has one thread: every other must have ended before
    box.execute("SET threads = 1")
    if told["copy"] is not None:
        try:
            locked_box.attach(box, told["copy"])
        except duckdb.Error:
            return  # another copy has taken its place
    mould = Mould(app, box, told)
    app.send(b"{}")
    mould.run()


class Mould:
    """One mould at work: between words from the app it reads ahead what questions will name."""

    def __init__(self, app: socket.socket, box: duckdb.DuckDBPyConnection, told: dict[str, Any]):
        self._app, self._box = app, box
        self._copy, self._bytes = told["copy"], HELD * told["megabytes"] * 2**20
        self._ahead = list(told["ahead"])
        self._until, self._process = time.monotonic() + IDLE, os.getpid()

    def run(self) -> None:
        """Serve until there is nobody or nothing to serve."""
        while _there(self._copy) and time.monotonic() < self._until:
            if not _spoken(self._app, 0.0 if self._ahead else LOOK):
                self._read_ahead()
                continue
            said, sockets, _, _ = socket.recv_fds(self._app, SIZE, 1)
            if not said:
                return  # the app has ended
            if sockets:
                self._until = time.monotonic() + IDLE
                with socket.socket(fileno=sockets[0]) as asker:
                    self._app.send(json.dumps(self._cast(asker)).encode())
            else:
                self._app.send(json.dumps(_ended(json.loads(said))).encode())

    def _cast(self, asker: socket.socket) -> int:
        """A process like this one for whoever holds the other end of a socket; its number, 0 where there is none."""
        try:
            process = os.fork()
        except OSError:  # the machine has no room
            return 0
        if process:
            return process
        code = WAS_OVER
        try:
            self._app.close()
            self._box.execute(f"SET threads = {locked_box.THREADS}")
            # Copies of one process would draw the same: every sample of a question would hold the same rows.
            self._box.execute("SELECT setseed($1)", [SystemRandom().uniform(-1, 1)]).fetchall()
            if self._is_asked(asker):
                code = 1
                self._answer(asker)
                code = 0
        finally:
            os._exit(code)

    def _is_asked(self, asker: socket.socket) -> bool:
        """Wait for the one question; no where there is nobody left to ask it."""
        while not _spoken(asker, LOOK):
            if os.getppid() != self._process or not _there(self._copy):
                return False
        return True

    def _answer(self, asker: socket.socket) -> None:
        with asker.makefile("rb") as source, asker.makefile("wb") as target:
            locked_box.serve(self._box, source, target, held=self._copy)
            asker.shutdown(socket.SHUT_RDWR)  # the reader need not wait until all this memory is given back

    def _read_ahead(self) -> None:
        """Read one column more, so that its blocks stand in the memory of every box."""
        if not self._ahead:
            return
        table, column = self._ahead.pop(0)
        try:
            self._box.execute(f'SELECT bit_xor(hash("{column}")) FROM {locked_box.COPY}.{table}').fetchall()
            [(held,)] = self._box.execute(
                "SELECT coalesce(sum(memory_usage_bytes), 0) FROM duckdb_memory()"
            ).fetchall()
        except duckdb.Error:
            self._ahead.clear()  # the box reads for itself what is not here
        else:
            if held > self._bytes:
                self._ahead.clear()


def _there(copy: str | None) -> bool:
    """Whether the copy to ask about is still there: erasing takes it away."""
    return copy is None or Path(copy).exists()


def _spoken(who: socket.socket, seconds: float) -> bool:
    return bool(select.select([who], [], [], seconds)[0])


def _ended(process: int) -> int:
    """How a process cast here ended; it has closed its socket."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


if __name__ == "__main__":
    main()
