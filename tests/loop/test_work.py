import re
import subprocess
import sys
import threading
from pathlib import Path

from rhml.errors import ImportRefused, Problem, RhmlError
from rhml.loop.kinds import KINDS
from rhml.loop.work import Worker, do
from rhml.store import jobs


def ask(log, kind, now, **arguments):
    return log.write(lambda tx: jobs.ask(tx, kind, domain=None, arguments=arguments, by="lead", at=now))


def run(log, now, kind, work):
    job_id = ask(log, kind, now)
    do(log, log.write(lambda tx: jobs.take(tx, at=now)), {kind: work})
    return jobs.job(log, job_id)


def test_a_job_that_is_done_keeps_its_result(log, now):
    done = run(log, now, "demo", lambda store, job, progress: {"message": "Ready.", "built": 3})
    assert (done.state, done.message, done.result["built"], done.progress) == ("done", "Ready.", 3, 1)


def test_a_refused_job_keeps_every_problem(log, now):
    def refuse(store, job, progress):
        raise ImportRefused("No.", [Problem("row 2", "x", "Wrong.", "Mend it.", 2, "amount")])

    ended = run(log, now, "onboard", refuse)
    assert (ended.state, ended.message) == ("refused", "No.")
    assert ended.result["problems"][0]["remedy"] == "Mend it."


def test_a_defect_is_told_without_its_innards_and_the_next_job_runs(log, now, caplog):
    def fail(store, job, progress):
        raise ZeroDivisionError("inside")

    ended = run(log, now, "demo", fail)
    assert ended.state == "failed" and "inside" not in ended.message
    assert run(log, now, "demo", lambda *_: {}).state == "done"


def test_progress_is_seen_while_it_runs(log, now):
    seen = []

    def work(store, job, progress):
        progress(0.4, "Half way")
        seen.append(jobs.job(store, job.job_id))
        return {}

    run(log, now, "demo", work)
    assert (seen[0].progress, seen[0].message, seen[0].state) == (0.4, "Half way", "running")


def test_the_same_work_in_line_is_asked_for_once(log, now):
    assert ask(log, "retrain", now, a=1) == ask(log, "retrain", now, a=1)
    assert ask(log, "retrain", now, a=2) != ask(log, "retrain", now, a=1)


def test_a_worker_does_what_waits_and_marks_what_was_cut_short(log, now):
    left = ask(log, "demo", now)
    log.write(lambda tx: jobs.take(tx, at=now))
    finished = threading.Event()

    def work(store, job, progress):
        finished.set()
        raise RhmlError("Refused.")

    worker = Worker(log, {"demo": work})
    worker.start()
    asked = ask(log, "demo", now, again=True)
    worker.wake()
    assert finished.wait(10)
    worker.stop()
    assert jobs.job(log, left).state == "interrupted"
    assert jobs.job(log, asked).state == "refused"


def test_a_clock_that_fails_does_not_stop_the_jobs_in_line(log, now, caplog):
    def broken(store, at):
        raise KeyError("formats")

    done = threading.Event()
    worker = Worker(log, {"demo": lambda *_: done.set() or {}}, broken)
    worker.start()
    ask(log, "demo", now)
    worker.wake()
    assert done.wait(10)
    worker.stop()
    assert "the look at the clock failed" in caplog.text


def test_every_kind_of_work_that_is_asked_for_can_be_done():
    asked = set()
    for path in (Path(__file__).parents[2] / "rhml").rglob("*.py"):
        asked |= set(
            re.findall(r'(?:ask_for\(|\bask\(store, |_line\(store, domain, )"(\w+)"', path.read_text("utf-8"))
        )
    assert {"correct", "propose", "retrain"} <= asked
    assert asked <= {*KINDS, "demo"}


ENDS = """
import sys, time
from datetime import datetime
from rhml.loop.work import Worker
from rhml.store import jobs
from rhml.store.opening import open_store

store, now = open_store(sys.argv[1], now=datetime(2026, 3, 1)), datetime(2026, 3, 1)
store.write(lambda tx: jobs.ask(tx, "demo", domain=None, arguments={}, by="lead", at=now))

def work(store, job, progress):
    for _ in range(20):
        store.read("SELECT count(*) FROM range(2000000) a(x) WHERE hash(x) % 7 = 3")
    print("finished", flush=True)
    return {}

Worker(store, {"demo": work}).start()
time.sleep(0.2)
"""


def test_a_process_that_ends_waits_for_the_job_in_hand(tmp_path):
    url = f"duckdb:///{tmp_path / 'log.duckdb'}"
    ended = subprocess.run([sys.executable, "-c", ENDS, url], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (0, "finished\n"), ended.stderr
