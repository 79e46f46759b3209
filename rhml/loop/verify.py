"""Is every fact still as it was written? Names the first that is not, and the heads to note elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rhml.store import organization
from rhml.store.chain import shape
from rhml.store.chain.finding import NAMED, Chain, Finding
from rhml.store.chain.schemas import expected, sizes
from rhml.store.chain.verifying import verify as verify_chain
from rhml.store.engine import Store
from rhml.store.schema import ORGANIZATION

Progress = Callable[[float, str], None]

LIMITS = (
    "Whoever holds the log's file can write a whole chain anew: only a head that was noted elsewhere shows that "
    "(python -m rhml verify --head looks for it). What an erasure redacted can be held against nothing any more: each "
    "erasure is listed, and somebody should know it. Views, tables and what explains them are held against what this "
    "product makes of the domain files. Drafts, claims, visits, jobs, saved views and the list of skipped cases are a "
    "workspace and not sealed; the copy that questions read beside a large log is not looked at, and made anew where "
    "its folder is deleted."
)


@dataclass(frozen=True)
class Verified:
    """Every chain that was looked at, the organization's own first."""

    chains: tuple[Chain, ...]
    head: str | None = None
    beside: tuple[str, ...] = ()

    @property
    def facts(self) -> int:
        """How many facts the chains seal."""
        return sum(chain.facts for chain in self.chains)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, the first bad fact first."""
        return tuple(finding for chain in self.chains for finding in chain.findings)

    @property
    def wrong(self) -> int:
        """How many things are not as they were written."""
        return sum(chain.wrong for chain in self.chains)

    @property
    def knows_head(self) -> bool | None:
        """Whether the head that was asked for is part of a chain; None where none was."""
        return any(chain.knows_head for chain in self.chains) if self.head else None

    @property
    def sound(self) -> bool:
        """Whether every fact is as it was written, and the head that was asked for is still there."""
        return not self.wrong and self.knows_head is not False

    @property
    def sentence(self) -> str:
        """What it comes to."""
        if self.wrong:
            more = self.wrong - 1
            rest = f" {more:,} other {'finding' if more == 1 else 'findings'}." if more else ""
            return f"{self.findings[0].sentence}{rest}"
        if self.knows_head is False:
            return (
                f"The head {self.head} is in no chain: since it was noted, the log was cut or written anew."
            )
        found = f" The head {self.head} is part of it." if self.head else ""
        return f"All {self.facts:,} facts are as they were written.{found}"

    def lines(self) -> list[str]:
        """The whole of it in words: the sentence, the other findings named, erasures and heads."""
        said = [self.sentence, *(f"  {finding.sentence}" for finding in self.findings[1:])]
        said += [f"Beside the facts: {one}" for one in self.beside]
        erased = [(chain.schema, one) for chain in self.chains for one in chain.erased]
        said += [f"Erased in {schema}: {one.sentence}." for schema, one in erased]
        return said + [
            f"Head of {c.schema}: {c.head or 'nothing sealed yet'} ({c.facts:,} facts)" for c in self.chains
        ]

    def as_dict(self) -> dict[str, Any]:
        """The same for files and jobs."""
        return {
            "sound": self.sound, "says": self.sentence, "facts": self.facts, "wrong": self.wrong,
            "knows_head": self.knows_head, "chains": [chain.as_dict() for chain in self.chains],
            "beside": list(self.beside), "limits": LIMITS,
        }  # fmt: skip


def verify(
    store: Store, domain: str | None = None, *, head: str | None = None,
    progress: Progress = lambda share, message: None,
) -> Verified:  # fmt: skip
    """Hold every fact of the log, or of one domain, against its seal; nothing is changed.

    `head` is the hash of a head noted earlier, or its beginning.
    """
    if domain is not None:
        organization.domain(store, domain)
    head = head.strip().lower() if head and head.strip() else None
    found = []
    with store.at_one_moment() as tx:
        wanted = [domain] if domain else expected(tx, ORGANIZATION)
        total, done = sum(size for _, size in sizes(tx, wanted)) or 1, 0
    with store.at_one_moment() as tx:
        made = shape.look(tx, wanted)
    for schema in wanted:

        def told(facts: int, before: int = done) -> None:
            progress(min((before + facts) / total, 1), "Reading facts")

        with store.at_one_moment() as tx:
            chain = verify_chain(tx, schema, head, told)
        found.append(_with(chain, () if found else made.makers, made.findings.get(schema, [])))
        done += chain.facts
    return Verified(tuple(found), head, made.beside)


def _with(chain: Chain, makers: Sequence[Finding], shaped: Sequence[Finding]) -> Chain:
    """The same chain with what is wrong around its facts: first what can give any name another meaning."""
    listed = (*makers[:NAMED], *chain.findings, *shaped[:NAMED])
    return replace(chain, findings=listed, wrong=chain.wrong + len(makers) + len(shaped))
