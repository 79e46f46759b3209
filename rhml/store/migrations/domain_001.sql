-- One namespace a domain. {d} is the domain's schema; the case's own features are added as typed columns.
-- Facts first: they are appended, never updated, never deleted.

CREATE TABLE {d}.counter (n BIGINT NOT NULL);
INSERT INTO {d}.counter VALUES (0);

CREATE TABLE {d}.cases (
  seq BIGINT NOT NULL, case_id TEXT PRIMARY KEY, received_at TIMESTAMP, due_at TIMESTAMP,
  imported_at TIMESTAMP NOT NULL, imported_by TEXT NOT NULL,
  mode TEXT NOT NULL, bank BOOLEAN NOT NULL, explore BOOLEAN NOT NULL, fold BIGINT NOT NULL,
  share_first_call FLOAT8 NOT NULL, share_evidence_only FLOAT8 NOT NULL,
  share_bank FLOAT8 NOT NULL, share_explore FLOAT8 NOT NULL
);

CREATE TABLE {d}.recommendations (
  seq BIGINT NOT NULL, recommendation_id TEXT NOT NULL, case_id TEXT NOT NULL, model_version TEXT NOT NULL,
  action TEXT NOT NULL, probability FLOAT8, probabilities FLOAT8[], base FLOAT8, points FLOAT8[],
  similar_n BIGINT, low FLOAT8, high FLOAT8, notes TEXT[], peers TEXT[], changes TEXT,
  imported BOOLEAN NOT NULL, made_at TIMESTAMP NOT NULL
);
CREATE INDEX recommendations_id ON {d}.recommendations (recommendation_id);

CREATE TABLE {d}.first_calls (
  seq BIGINT NOT NULL, first_call_id TEXT NOT NULL, case_id TEXT NOT NULL, manager TEXT NOT NULL,
  mode TEXT NOT NULL, action TEXT NOT NULL, confidence FLOAT8, called_at TIMESTAMP NOT NULL
);
CREATE INDEX first_calls_case ON {d}.first_calls (case_id);

CREATE TABLE {d}.decisions (
  seq BIGINT NOT NULL, decision_id TEXT PRIMARY KEY, case_id TEXT NOT NULL, manager TEXT NOT NULL,
  mode TEXT NOT NULL, first_action TEXT, first_confidence FLOAT8,
  recommendation_id TEXT, model_version TEXT, recommended_action TEXT, recommended_confidence FLOAT8,
  final_action TEXT, final_confidence FLOAT8, reason TEXT, rationale_hash TEXT,
  decided_at TIMESTAMP, recorded_at TIMESTAMP NOT NULL, seconds FLOAT8, live_version TEXT,
  imported BOOLEAN NOT NULL
);
CREATE INDEX decisions_case ON {d}.decisions (case_id);

CREATE TABLE {d}.rationales (decision_id TEXT NOT NULL, text TEXT NOT NULL);

CREATE TABLE {d}.marks (
  seq BIGINT NOT NULL, decision_id TEXT NOT NULL, factor TEXT NOT NULL, mark TEXT NOT NULL
);

CREATE TABLE {d}.reversals (
  seq BIGINT NOT NULL, decision_id TEXT NOT NULL, reversed_at TIMESTAMP NOT NULL, reversed_by TEXT NOT NULL,
  why TEXT NOT NULL
);

CREATE TABLE {d}.outcomes (
  seq BIGINT NOT NULL, outcome_id TEXT NOT NULL, case_id TEXT NOT NULL, right_action TEXT,
  known_at TIMESTAMP, withdrawn BOOLEAN NOT NULL, recorded_at TIMESTAMP NOT NULL, recorded_by TEXT NOT NULL
);
CREATE INDEX outcomes_case ON {d}.outcomes (case_id);

CREATE TABLE {d}.models (
  seq BIGINT NOT NULL, version TEXT NOT NULL, hash TEXT NOT NULL, features TEXT[] NOT NULL, content BYTEA NOT NULL,
  card TEXT NOT NULL, verdict TEXT NOT NULL, paragraph TEXT NOT NULL, evidence TEXT NOT NULL,
  learned_from BIGINT NOT NULL, trained_at TIMESTAMP NOT NULL, trained_by TEXT NOT NULL
);

CREATE TABLE {d}.promotions (
  seq BIGINT NOT NULL, version TEXT NOT NULL, promoted_at TIMESTAMP NOT NULL, promoted_by TEXT NOT NULL,
  why TEXT NOT NULL, against_verdict BOOLEAN NOT NULL
);

CREATE TABLE {d}.case_events (
  seq BIGINT NOT NULL, case_id TEXT NOT NULL, kind TEXT NOT NULL, manager TEXT NOT NULL,
  happened_at TIMESTAMP NOT NULL, until TIMESTAMP, note TEXT
);

-- The workspace: mutable, without a sequence; `waiting` can be rebuilt from the facts at any time.

CREATE TABLE {d}.waiting (
  case_id TEXT NOT NULL, received_at TIMESTAMP, due_at TIMESTAMP, stake FLOAT8, mode TEXT NOT NULL,
  recommendation_id TEXT, model_version TEXT, action TEXT, probability FLOAT8,
  snoozed_until TIMESTAMP, assigned_to TEXT, escalated_by TEXT, escalation TEXT,
  claimed_by TEXT, claimed_until TIMESTAMP
);
CREATE INDEX waiting_case ON {d}.waiting (case_id);

CREATE TABLE {d}.skips (case_id TEXT NOT NULL, manager TEXT NOT NULL, skipped_at TIMESTAMP NOT NULL);

CREATE TABLE {d}.drafts (case_id TEXT NOT NULL, manager TEXT NOT NULL, content TEXT NOT NULL);
