-- Signed, sealed and settled: the chain over the facts, second signatures and opinions, what was erased.

-- What a lead did about an override rate that was held against the domain's limits.
CREATE TABLE {d}.limit_notes (
  seq BIGINT NOT NULL, note_id TEXT NOT NULL, dimension TEXT NOT NULL, name TEXT NOT NULL, what TEXT NOT NULL,
  why TEXT NOT NULL, filters TEXT NOT NULL, rate FLOAT8, low FLOAT8, high FLOAT8, advised BIGINT NOT NULL,
  noted_at TIMESTAMP NOT NULL, noted_by TEXT NOT NULL
);

-- Review: who signed what above the limit, what was called blind, what was disputed, and how it was settled.
CREATE TABLE {d}.signatures (
  seq BIGINT NOT NULL, decision_id TEXT NOT NULL, case_id TEXT NOT NULL, kind TEXT NOT NULL, by_whom TEXT NOT NULL,
  why TEXT NOT NULL, value FLOAT8, above FLOAT8, happened_at TIMESTAMP NOT NULL
);
CREATE TABLE {d}.opinions (
  seq BIGINT NOT NULL, opinion_id TEXT, case_id TEXT NOT NULL, decision_id TEXT, kind TEXT NOT NULL,
  manager TEXT NOT NULL, action TEXT, confidence FLOAT8, rationale_hash TEXT, seconds FLOAT8, share FLOAT8,
  happened_at TIMESTAMP NOT NULL
);
CREATE INDEX opinions_case ON {d}.opinions (case_id);
CREATE TABLE {d}.opinion_texts (opinion_id TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE {d}.conflicts (
  seq BIGINT NOT NULL, conflict_id TEXT NOT NULL, decision_id TEXT NOT NULL, case_id TEXT NOT NULL, kind TEXT NOT NULL,
  author TEXT NOT NULL, by_whom TEXT NOT NULL, why TEXT NOT NULL, raised_at TIMESTAMP NOT NULL
);
CREATE TABLE {d}.resolutions (
  seq BIGINT NOT NULL, conflict_id TEXT NOT NULL, decision_id TEXT NOT NULL, case_id TEXT NOT NULL, result TEXT NOT NULL,
  action TEXT, why TEXT NOT NULL, by_whom TEXT NOT NULL, resolved_at TIMESTAMP NOT NULL
);

-- The chain over the facts: each unit of work seals what it wrote and holds the seal before. `entries` has 13 bytes
-- a fact (number less first_seq, place of its table in `tables`, eight bytes of its salted digest), `salts` 16.
CREATE TABLE {d}.seals (
  seal BIGINT NOT NULL, first_seq BIGINT NOT NULL, last_seq BIGINT NOT NULL, facts BIGINT NOT NULL,
  tables TEXT NOT NULL, entries BYTEA NOT NULL, salts BYTEA NOT NULL, digest BYTEA NOT NULL,
  sealed_at TIMESTAMP NOT NULL, hash BYTEA NOT NULL
);

-- What was erased, by whom and why; for each redacted fact the digest it was sealed with, and its digest since.
CREATE TABLE {d}.erasures (
  seq BIGINT NOT NULL, erasure_id TEXT NOT NULL, kind TEXT NOT NULL, alias TEXT NOT NULL, why TEXT NOT NULL,
  facts BIGINT NOT NULL, erased_at TIMESTAMP NOT NULL, erased_by TEXT NOT NULL
);
CREATE TABLE {d}.erased (
  seq BIGINT NOT NULL, erasure_id TEXT NOT NULL, fact_table TEXT NOT NULL, fact_seq BIGINT NOT NULL,
  sealed TEXT NOT NULL, digest TEXT NOT NULL
);
