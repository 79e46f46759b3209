-- The model learns within the minute, from reasons and from marks, and says when not to trust it.

ALTER TABLE {d}.recommendations ADD COLUMN correction FLOAT8;
ALTER TABLE {d}.recommendations ADD COLUMN corrections TEXT[];
ALTER TABLE {d}.recommendations ADD COLUMN uncorrected_action TEXT;
ALTER TABLE {d}.recommendations ADD COLUMN uncorrected_probability FLOAT8;
ALTER TABLE {d}.recommendations ADD COLUMN action_set TEXT[];
ALTER TABLE {d}.recommendations ADD COLUMN unlike TEXT;
ALTER TABLE {d}.recommendations ADD COLUMN help FLOAT8;
ALTER TABLE {d}.recommendations ADD COLUMN words TEXT;
ALTER TABLE {d}.recommendations ADD COLUMN by_action FLOAT8[];
ALTER TABLE {d}.recommendations ADD COLUMN place FLOAT8;

CREATE TABLE {d}.corrections (
  seq BIGINT NOT NULL, correction_id TEXT NOT NULL, model_version TEXT NOT NULL, content TEXT NOT NULL,
  sentence TEXT NOT NULL, evidence TEXT NOT NULL, authors TEXT[] NOT NULL, learned_from BIGINT NOT NULL,
  proposed_at TIMESTAMP NOT NULL, proposed_by TEXT NOT NULL
);

CREATE TABLE {d}.correction_events (
  seq BIGINT NOT NULL, correction_id TEXT NOT NULL, kind TEXT NOT NULL, evidence TEXT, by_whom TEXT NOT NULL,
  why TEXT NOT NULL, happened_at TIMESTAMP NOT NULL
);

CREATE TABLE {d}.proposals (
  seq BIGINT NOT NULL, proposal_id TEXT NOT NULL, kind TEXT NOT NULL, content TEXT NOT NULL,
  sentence TEXT NOT NULL, evidence TEXT NOT NULL, learned_from BIGINT NOT NULL, made_at TIMESTAMP NOT NULL,
  made_by TEXT NOT NULL
);

CREATE TABLE {d}.case_values (
  seq BIGINT NOT NULL, case_id TEXT NOT NULL, feature TEXT NOT NULL, value TEXT NOT NULL, was TEXT,
  by_whom TEXT NOT NULL, added_at TIMESTAMP NOT NULL
);

CREATE TABLE {d}.proposal_events (
  seq BIGINT NOT NULL, proposal_id TEXT NOT NULL, kind TEXT NOT NULL, by_whom TEXT NOT NULL, why TEXT NOT NULL,
  happened_at TIMESTAMP NOT NULL
);

CREATE TABLE {d}.lesson_tests (
  seq BIGINT NOT NULL, lesson_test_id TEXT NOT NULL, decision_id TEXT NOT NULL, case_id TEXT NOT NULL,
  should TEXT NOT NULL, action TEXT NOT NULL, manager TEXT NOT NULL, made_at TIMESTAMP NOT NULL
);

CREATE TABLE {d}.verdicts (
  seq BIGINT NOT NULL, version TEXT NOT NULL, verdict TEXT NOT NULL, paragraph TEXT NOT NULL,
  evidence TEXT NOT NULL, judged_from BIGINT NOT NULL, judged_at TIMESTAMP NOT NULL, judged_by TEXT NOT NULL
);

ALTER TABLE {d}.promotions ADD COLUMN waived TEXT;

CREATE TABLE {d}.studies (
  seq BIGINT NOT NULL, kind TEXT NOT NULL, model_version TEXT, content TEXT NOT NULL, made_at TIMESTAMP NOT NULL,
  made_by TEXT NOT NULL
);

ALTER TABLE {d}.waiting ADD COLUMN help FLOAT8;
ALTER TABLE {d}.waiting ADD COLUMN uncorrected_action TEXT;
ALTER TABLE {d}.waiting ADD COLUMN called BOOLEAN;
ALTER TABLE {d}.waiting ADD COLUMN drafted BOOLEAN;
ALTER TABLE {d}.waiting ADD COLUMN place FLOAT8;
ALTER TABLE {d}.waiting ADD COLUMN unlike BOOLEAN;
UPDATE {d}.waiting SET called = EXISTS (SELECT 1 FROM {d}.first_calls f WHERE f.case_id = waiting.case_id),
  drafted = EXISTS (SELECT 1 FROM {d}.drafts t WHERE t.case_id = waiting.case_id);
