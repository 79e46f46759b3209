"""Names and values in the workspace, which holds no facts: drafts, saved views, jobs and their results go or are renamed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rhml.store.erasing.naming import distinct, renamer
from rhml.store.names import quoted
from rhml.store.transaction import Transaction

GONE = '{"message": "erased"}'


def of_person(tx: Transaction, domains: list[str], name: str, alias: str) -> None:
    """Drafts, skips, visits and saved things of the person go; whose a case is, and who asked for a job, is renamed."""
    for domain in domains:
        d = quoted(domain)
        for table in ("drafts", "skips"):
            tx.run(f"DELETE FROM {d}.{table} WHERE manager = $1", [name])
        for column in ("claimed_by", "asked_of"):
            tx.run(f"UPDATE {d}.waiting SET {column} = NULL WHERE {column} = $1", [name])
        tx.run(
            f"UPDATE {d}.waiting SET escalated_by = $2, escalation = '' WHERE escalated_by = $1",
            [name, alias],
        )
        tx.run(f"UPDATE {d}.waiting SET assigned_to = $2 WHERE assigned_to = $1", [name, alias])
        tx.run(
            f"UPDATE {d}.waiting SET drafted = EXISTS (SELECT 1 FROM {d}.drafts t WHERE t.case_id = waiting.case_id)"
        )
    tx.run("DELETE FROM rhml.visits WHERE person = $1", [name])
    tx.run("DELETE FROM rhml.saved WHERE owner = $1", [name])
    for table in ("tours", "tour_looks"):
        tx.run(f"DELETE FROM rhml.{table} WHERE person = $1", [name])
    tx.run("UPDATE rhml.jobs SET asked_by = $2 WHERE asked_by = $1", [name, alias])
    _in_texts(tx, {name: alias})


def of_cases(tx: Transaction, domain: str, aliases: Mapping[str, str]) -> None:
    """Drafts and skips of cases go; what jobs told of them goes with their results."""
    for table in ("drafts", "skips"):
        tx.run(f"DELETE FROM {quoted(domain)}.{table} WHERE case_id = ANY($1)", [list(aliases)])
    for job_id, *texts in tx.run(
        "SELECT job_id, arguments, result, message FROM rhml.jobs WHERE domain = $1 "
        "AND state NOT IN ('waiting', 'running')",
        [domain],
    ):
        if any(case_id in (text or "") for case_id in aliases for text in texts):
            tx.run(
                "UPDATE rhml.jobs SET result = $2, message = 'Told of a case that was erased since' WHERE job_id = $1",
                [job_id, GONE],
            )
    _in_texts(tx, aliases, words=distinct)


TEXTS = {"jobs": ("job_id", ("arguments", "result", "message")), "saved": ("saved_id", ("title", "content"))}


def _in_texts(
    tx: Transaction, aliases: Mapping[str, str], *, words: Callable[[str], bool] = lambda name: True
) -> None:
    said = renamer(aliases, words=words)
    for table, (key, columns) in TEXTS.items():
        for column in columns:
            for one, text in tx.run(f"SELECT {key}, {column} FROM rhml.{table} WHERE {column} IS NOT NULL"):
                if (new := said(text)) != text:
                    tx.run(f"UPDATE rhml.{table} SET {column} = $2 WHERE {key} = $1", [one, new])
