"""Reads an analyst's text in a process of its own: what DuckDB's parser makes of it, or that it is no SQL.

A text of a hundred characters can keep the parser busy for days (`WITH a AS (` eight times), and nothing interrupts
it; a process can be ended. It holds no data, stays ready for the next text, and ends when the app does.
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import duckdb

from rhml.store.questions.processes import started

try:
    import resource
except ImportError:  # Windows has no such limits; the caller's clock remains
    resource = None

SECONDS = 2
"""Of the processor, for one text; an honest one takes some thousandths."""

PATIENCE = 20.0
"""Seconds by the clock, for a machine that is busy otherwise."""

ROOM = 256 * 2**20
"""Address space above what the process takes at rest."""


class NoSql(Exception):
    """DuckDB's parser refuses the text; its words say where."""


class NotOneSelect(Exception):
    """The text is SQL, and not exactly one SELECT."""


class TooDeep(Exception):
    """The parser came to no end, or to no parse that can be checked."""


class Parser:
    """The process that reads texts, one at a time; a text that it does not survive costs the process alone."""

    def __init__(self):
        self._process: subprocess.Popen | None = None
        self._reading = threading.Lock()

    def keep_ready(self) -> None:
        """Start the process ahead of the first text."""
        threading.Thread(target=self.parsed, args=("SELECT 1",), name="rhml-parser", daemon=True).start()

    def parsed(self, sql: str) -> tuple[str, dict[str, Any]]:
        """The one SELECT without what surrounds it, and its parse; NoSql, NotOneSelect or TooDeep."""
        asked = json.dumps(sql).encode("ascii") + b"\n"
        if not self._reading.acquire(timeout=PATIENCE):
            raise TooDeep
        try:
            told = self._asked(asked)
        finally:
            self._reading.release()
        match told:
            case {"text": text, "parsed": parsed}:
                try:
                    return text, json.loads(parsed)
                except (RecursionError, ValueError):
                    raise TooDeep from None
            case {"error": words}:
                raise NoSql(words)
            case {"other": True}:
                raise NotOneSelect
        raise TooDeep

    def _asked(self, asked: bytes) -> dict[str, Any]:
        if self._process is None or self._process.poll() is not None:
            self.end()
            self._process = started("parser")
        process, told = self._process, SimpleQueue()
        threading.Thread(target=_answered, args=(process, asked, told), daemon=True).start()
        try:
            line = told.get(timeout=PATIENCE)
        except Empty:
            line = b""
        found = json.loads(line) if line else {}
        if not found:
            self.end()
        return found

    def end(self) -> None:
        """End the process; the next text gets a new one."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):  # what was not sent is of no use any more
                    pipe.close()


def _answered(process: subprocess.Popen, asked: bytes, told: SimpleQueue) -> None:
    try:
        process.stdin.write(asked)
        process.stdin.flush()
        told.put(process.stdout.readline())
    except (OSError, ValueError):  # it ended while it was asked
        told.put(b"")


PARSER = Parser()
atexit.register(PARSER.end)


def main() -> None:
    """Read texts from standard input, a line each, until it closes."""
    config = {"threads": "1", "autoload_known_extensions": "false", "autoinstall_known_extensions": "false",
              "enable_external_access": "false", "python_enable_replacements": "false"}  # fmt: skip
    with duckdb.connect(":memory:", config=config) as parser:
        parser.execute("SELECT json_serialize_sql('SELECT 1')").fetchall()
        _limit_memory()
        for line in sys.stdin.buffer:
            _wind_clock()
            told = _read(parser, json.loads(line))
            sys.stdout.buffer.write(json.dumps(told).encode("ascii") + b"\n")
            sys.stdout.buffer.flush()
            if not told:
                return  # with what the text has left in memory


def _read(parser: duckdb.DuckDBPyConnection, sql: str) -> dict[str, Any]:
    try:
        statements = parser.extract_statements(sql)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            return {"other": True}
        text = statements[0].query.strip().rstrip(";")
        [(found,)] = parser.execute("SELECT json_serialize_sql($1::VARCHAR)", [text]).fetchall()
        return {"text": text, "parsed": found}
    except (duckdb.OutOfMemoryException, RecursionError, MemoryError):
        return {}
    except duckdb.Error as error:
        return {"error": (str(error).strip().splitlines() or [""])[0][:300]}
    except UnicodeError:
        return {"error": "The text holds half of a character."}


def _limit_memory() -> None:
    held = Path("/proc/self/statm")
    if resource is not None and held.exists():
        ceiling = int(held.read_text().split()[0]) * resource.getpagesize() + ROOM
        resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _wind_clock() -> None:
    """Let the operating system end this process when this text has had its time."""
    if resource is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        until = int(used.ru_utime + used.ru_stime) + 1 + SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (until, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    main()
