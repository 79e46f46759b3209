"""One question under way: it can be watched, waited for and cancelled; its box is a process that can be ended."""

from __future__ import annotations

import io
import json
import signal
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import pandas as pd
import pyarrow as pa

from rhml.errors import QuestionRefused
from rhml.store.questions import boxes
from rhml.store.questions.casting import Box, Opened
from rhml.store.questions.mould import WAS_OVER
from rhml.store.questions.statement import first_line

PATIENCE = 60.0
"""Seconds for everything: starting the box, handing it the views, and the question's own."""

AT_ONCE = 2
_places = threading.BoundedSemaphore(AT_ONCE)
_every: weakref.WeakSet[Asking] = weakref.WeakSet()
_counting = threading.Lock()


@dataclass(frozen=True)
class Answer:
    """The rows of one question; `cut` says that there were more than the limits let out.

    `as_of` is the moment of the log they are of, where a large log is read from a copy; None: this moment.
    """

    table: pd.DataFrame
    cut: bool
    as_of: datetime | None = None


@dataclass(frozen=True)
class Limits:
    """What a question may take."""

    rows: int
    seconds: float
    megabytes: int

    @property
    def too_slow(self) -> str:
        """What is said of a question that takes too long."""
        return f"This took longer than {self.seconds:.0f} seconds. Ask for less at once."

    @property
    def too_large(self) -> str:
        """What is said of a question that takes too much memory."""
        return f"This needs more than {self.megabytes} MB of memory. Ask for less at once."


@dataclass(frozen=True)
class Handed:
    """What a box is given: its instructions with the question, views as Arrow streams, and of when they are.

    `opened` is the copy that the box opens, or has open already.
    """

    content: bytes
    as_of: datetime | None
    opened: Opened


class CopyGone(QuestionRefused):
    """The copy of the log was replaced before the box had opened it."""


class Asking:
    """A question on its way; begun at once, in a thread and a process of its own."""

    def __init__(self, hand: Callable[[], Handed], limits: Limits):
        self._hand, self._limits = hand, limits
        self._box: Box | None = None
        self._changing, self._ended = threading.Lock(), threading.Event()
        self._cancelled = False
        self._found: Answer | None = None
        self._error: BaseException | None = None
        self._erased = False
        with _counting:
            _every.add(self)
        threading.Thread(target=self._run, name="rhml-asking", daemon=True).start()

    @property
    def done(self) -> bool:
        """Whether there is an answer or a refusal."""
        return self._ended.is_set()

    def result(self) -> Answer:
        """The answer, waited for; QuestionRefused says why there is none."""
        self._ended.wait()
        with self._changing:
            if self._erased:
                raise QuestionRefused(ERASED)
        if self._error is not None:
            raise self._error
        found = self._found
        if found is None:
            raise QuestionRefused(ERASED)
        return found

    def wait(self, seconds: float) -> bool:
        """Stay at most so long for the end; whether it has come."""
        return self._ended.wait(seconds)

    def cancel(self) -> None:
        """End the question at once, wherever it is; one that is done stays as it is."""
        with self._changing:
            self._cancelled = True
            if self._box is not None:
                self._box.kill()

    def let_go(self) -> None:
        """Let go of the answer, or end the question before it has one: what it was read from was erased."""
        with self._changing:
            self._erased, self._found = True, None
            if self._box is not None:
                self._box.kill()

    def _run(self) -> None:
        try:
            if not _places.acquire(timeout=3 * self._limits.seconds):
                raise QuestionRefused("Others are asking at this moment. Ask again in a few seconds.")
            try:
                found = self._answered()
            finally:
                _places.release()
            with self._changing:
                self._found = None if self._erased else found
        except BaseException as error:  # told to whoever waits for the result
            self._error = error
        finally:
            self._ended.set()

    def _answered(self) -> Answer:
        try:
            return self._once()
        except CopyGone:
            return self._once()

    def _once(self) -> Answer:
        handed = self._hand()
        code, written = self._ask(handed)
        if self._cancelled:
            raise QuestionRefused(CANCELLED)
        return replace(_read(code, written, self._limits), as_of=handed.as_of)

    def _ask(self, handed: Handed) -> tuple[int, bytes]:
        """Hand a box its question; its exit code and what it wrote."""
        box = boxes.take(handed.opened)
        with self._changing:
            cancelled, self._box = self._cancelled, box
        if cancelled:
            box.end()
            raise QuestionRefused(CANCELLED)
        try:
            return box.ask(handed.content, PATIENCE)
        except TimeoutError:
            raise QuestionRefused(self._limits.too_slow) from None


CANCELLED = "The question was cancelled. Nothing was changed."
ERASED = "Something was erased from the log since this was asked, so the answer is kept no longer. Ask again."
GONE = "The log changed while the question was asked. Ask again."


def let_go_of_all() -> None:
    """Let go of every answer that this process holds, as something was erased."""
    with _counting:
        held = list(_every)
    for asking in held:
        asking.let_go()


def _read(code: int, written: bytes, limits: Limits) -> Answer:
    """The box's answer, or its refusal in words."""
    if code == -getattr(signal, "SIGALRM", 0) and code:
        raise QuestionRefused(limits.too_slow)
    if code == WAS_OVER:
        raise CopyGone(GONE)
    if code:
        raise QuestionRefused(limits.too_large)
    source = io.BytesIO(written)
    said = json.loads(source.readline())
    if "refused" in said:
        match said["refused"]:
            case "gone":
                raise CopyGone(GONE)
            case "InterruptException":
                raise QuestionRefused(limits.too_slow)
            case "OutOfMemoryException" | "MemoryError":
                raise QuestionRefused(limits.too_large)
            case _:
                raise QuestionRefused(f"DuckDB says: {first_line(said['words'])}")
    table = pa.ipc.open_stream(source).read_all()
    return Answer(table.to_pandas(date_as_object=False), said["cut"])
