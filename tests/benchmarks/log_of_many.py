"""A log of many decisions, put straight into the tables: what an organization has after years, in a minute.

The shape is that of a real log (people of unequal numbers, reasons and rationales where decisions differ, cases
decided twice, outcomes corrected, imported decisions among others); nothing in it was drawn by the product itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from rhml.core.domain import DecisionDomain, Feature, read_domain
from rhml.store import organization
from rhml.store.engine import Store, quoted
from rhml.store.opening import open_store, utc_now

DOMAIN = Path(__file__).parents[2] / "data" / "domains" / "supplier_credit.toml"
PEOPLE, VERSIONS, DAYS = 120, 6, 1_500
AT_ONCE = 1_000_000
WORDS = (
    "contract seasonal guarantee new owner order market payment late because model knows supplier family bank"
)


def build(at: Path, decisions: int, domain: DecisionDomain | None = None) -> tuple[Store, DecisionDomain]:
    """A log of so many decisions in a new file, or the one that lies there."""
    domain = domain or read_domain(DOMAIN)
    there = at.exists()
    store = open_store(f"duckdb:///{at}", now=utc_now())
    if not there:
        store.write(lambda tx: organization.save_domain(tx, domain, at=utc_now(), by="operator"))
        for statement in _statements(domain, decisions):
            store.write(lambda tx, statement=statement: tx.run(statement))
        store.read("CHECKPOINT the_log")
    return store, organization.domain(store, domain.name)


def _statements(domain: DecisionDomain, n: int) -> Iterator[str]:
    for start in range(0, n, AT_ONCE):
        end = min(start + AT_ONCE, n)
        yield _cases(domain, start, end + (n // 100 if end == n else 0), n)
        yield _decisions(domain, start, end, n)
        yield _outcomes(domain, start, end, n)
    d, some = quoted(domain.name), max(n // 200, 1)
    yield f"""INSERT INTO {d}.rationales SELECT decision_id, concat_ws(' ', {_drawn(WORDS.split(), "hash(seq)")},
        {_drawn(WORDS.split(), "hash(seq + 1)")}, {_drawn(WORDS.split(), "hash(seq + 2)")}, seq % 997)
        FROM {d}.decisions WHERE reason IS NOT NULL"""
    yield f"""INSERT INTO {d}.reversals SELECT 5 * {n} + row_number() OVER (), decision_id, decided_at, manager, 'slip'
        FROM {d}.decisions WHERE hash(decision_id) % 200 = 0 LIMIT {some}"""
    yield f"""INSERT INTO {d}.outcomes SELECT 6 * {n} + row_number() OVER (), uuid()::TEXT, case_id,
        {_drawn(domain.action_keys, "hash(seq + 9)")}, known_at, hash(seq) % 2 = 0, recorded_at, 'rhml'
        FROM {d}.outcomes WHERE hash(case_id) % 200 = 1 LIMIT {some}"""
    yield f"UPDATE {d}.counter SET n = {7 * n}"


def _drawn(of: Sequence[str], number: str) -> str:
    """SQL: one of several texts, drawn by a number."""
    listed = ", ".join(f"'{one}'" for one in of)
    return f"([{listed}])[CAST((({number}) >> 20) % {len(of)} AS INTEGER) + 1]"


def _feature(feature: Feature) -> str:
    number = f"hash(i, '{feature.name}')"
    match feature.kind:
        case "number":
            return f"round(exp(({number} % 100000) / 20000.0) * 100)"
        case "yes_no":
            return f"{number} % 3 = 0"
        case "date":
            return f"TIMESTAMP '2015-01-01' + INTERVAL (CAST({number} % 3000 AS INTEGER)) DAY"
        case _:
            levels = feature.levels or [f"kind {k}" for k in range(12)]
            return f"CASE WHEN {number} % 50 > 0 THEN {_drawn(levels, number)} END"


def _when(n: int) -> str:
    return f"TIMESTAMP '2022-01-01' + INTERVAL (CAST(floor(i * {86400.0 * DAYS / n}) AS BIGINT)) SECOND"


def _cases(domain: DecisionDomain, start: int, end: int, n: int) -> str:
    features = ", ".join(quoted(f.name) for f in domain.features)
    drawn = ", ".join(_feature(f) for f in domain.features)
    return f"""INSERT INTO {quoted(domain.name)}.cases (seq, case_id, received_at, due_at, imported_at, imported_by, mode, bank,
        explore, fold, share_first_call, share_evidence_only, share_bank, share_explore, {features})
        SELECT i + 1, 'R' || lpad(CAST(i AS TEXT), 9, '0'), {_when(n)}, {_when(n)} + INTERVAL 9 DAY, {_when(n)}, 'rhml',
        {_drawn(("assisted",) * 7 + ("first_call",) * 2 + ("evidence_only",), "hash(i, 'mode')")},
        hash(i, 'bank') % 5 = 0, hash(i, 'explore') % 7 = 0, hash(i, 'fold') % 5, 0.2, 0.1, 0.2, 0.15, {drawn}
        FROM range({start}, {end}) t(i)"""


def _decisions(domain: DecisionDomain, start: int, end: int, n: int) -> str:
    """One decision a case; every fiftieth is somebody else's on the case before. Some people decide far more."""
    actions, reasons = domain.action_keys, domain.override.reasons
    return f"""INSERT INTO {quoted(domain.name)}.decisions
        SELECT {n} + i + 1, CASE WHEN imported THEN 'row-' || substr(sha256(concat_ws(chr(31), case_id, manager,
        strftime(decided_at, '%Y-%m-%dT%H:%M:%S.%f'))), 1, 32) ELSE uuid()::TEXT END, case_id, manager, mode,
        CASE WHEN mode <> 'assisted' THEN {_drawn(actions, "hash(i, 'first')")} END,
        CASE WHEN mode <> 'assisted' THEN (hash(i, 'fc') % 11) / 10.0 END, NULL,
        'v' || CAST(i * {VERSIONS} // {n} AS TEXT), advice, 0.5 + (hash(i, 'conf') % 5000) / 10000.0,
        CASE WHEN differs THEN other ELSE advice END, (hash(i, 'final') % 11) / 10.0,
        CASE WHEN differs THEN {_drawn(reasons, "hash(i, 'reason')")} END, NULL, decided_at, decided_at,
        exp((hash(i, 'seconds') % 1000) / 180.0), 'v' || CAST(i * {VERSIONS} // {n} AS TEXT), imported, NULL
        FROM (SELECT *, hash(i, 'differs') % 100 < 8 + hash(manager) % 12 AS differs FROM (SELECT i,
        'R' || lpad(CAST(CASE WHEN i % 50 = 7 THEN i - 1 ELSE i END AS TEXT), 9, '0') AS case_id,
        'officer ' || CAST(CAST(floor(pow((hash(i, 'who') % 100000) / 100000.0, 2) * {PEOPLE}) AS INTEGER) AS TEXT) AS manager,
        {_drawn(("assisted",) * 7 + ("first_call",) * 2 + ("evidence_only",), "hash(i, 'mode')")} AS mode,
        {_drawn(actions, "hash(i, 'advice')")} AS advice, {_drawn(actions[::-1], "hash(i, 'advice')")} AS other,
        {_when(n)} + INTERVAL 3 HOUR AS decided_at, i < {n // 10} AS imported FROM range({start}, {end}) t(i)))"""


def _outcomes(domain: DecisionDomain, start: int, end: int, n: int) -> str:
    right = _drawn(domain.action_keys, "hash(i, 'right')")
    return f"""INSERT INTO {quoted(domain.name)}.outcomes SELECT 3 * {n} + i + 1, uuid()::TEXT,
        'R' || lpad(CAST(i AS TEXT), 9, '0'), {right}, {_when(n)} + INTERVAL 90 DAY, FALSE,
        {_when(n)} + INTERVAL 90 DAY, 'rhml' FROM range({start}, {end}) t(i) WHERE hash(i, 'known') % 10 < 8"""
