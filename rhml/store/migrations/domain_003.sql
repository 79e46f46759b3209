-- People learn from the model: what they call on their own, what they are taught, and what came of it.

ALTER TABLE {d}.recommendations ADD COLUMN team_version TEXT;
ALTER TABLE {d}.recommendations ADD COLUMN team_probability FLOAT8;
ALTER TABLE {d}.recommendations ADD COLUMN team_base FLOAT8;
ALTER TABLE {d}.recommendations ADD COLUMN team_points FLOAT8[];

CREATE TABLE {d}.team_models (
  seq BIGINT NOT NULL, team_version TEXT NOT NULL, content BYTEA NOT NULL, card TEXT NOT NULL,
  learned_from BIGINT NOT NULL, trained_at TIMESTAMP NOT NULL, trained_by TEXT NOT NULL
);

ALTER TABLE {d}.first_calls ADD COLUMN seconds FLOAT8;
CREATE TABLE {d}.first_call_marks (
  seq BIGINT NOT NULL, first_call_id TEXT NOT NULL, factor TEXT NOT NULL, mark TEXT NOT NULL
);
ALTER TABLE {d}.decisions ADD COLUMN asked BOOLEAN;
ALTER TABLE {d}.waiting ADD COLUMN asked_of TEXT;

CREATE TABLE {d}.lessons (
  seq BIGINT NOT NULL, lesson_id TEXT NOT NULL, kind TEXT NOT NULL, manager TEXT, content TEXT NOT NULL,
  sentence TEXT NOT NULL, evidence TEXT NOT NULL, learned_from BIGINT NOT NULL, found_at TIMESTAMP NOT NULL,
  found_by TEXT NOT NULL
);
CREATE TABLE {d}.lesson_events (
  seq BIGINT NOT NULL, lesson_id TEXT NOT NULL, kind TEXT NOT NULL, by_whom TEXT NOT NULL, why TEXT NOT NULL,
  evidence TEXT, starts_at TIMESTAMP, happened_at TIMESTAMP NOT NULL
);

CREATE TABLE {d}.drills (
  seq BIGINT NOT NULL, drill_id TEXT NOT NULL, manager TEXT NOT NULL, kind TEXT NOT NULL, plan TEXT NOT NULL,
  begun_at TIMESTAMP NOT NULL
);
CREATE TABLE {d}.drill_answers (
  seq BIGINT NOT NULL, drill_id TEXT NOT NULL, place BIGINT NOT NULL, phase TEXT NOT NULL, case_id TEXT NOT NULL,
  manager TEXT NOT NULL, lesson_id TEXT, action TEXT NOT NULL, confidence FLOAT8, right_action TEXT NOT NULL,
  seconds FLOAT8, answered_at TIMESTAMP NOT NULL
);
CREATE TABLE {d}.drill_events (
  seq BIGINT NOT NULL, drill_id TEXT NOT NULL, kind TEXT NOT NULL, content TEXT, happened_at TIMESTAMP NOT NULL
);

CREATE TABLE {d}.looks (
  seq BIGINT NOT NULL, by_whom TEXT NOT NULL, about TEXT NOT NULL, what TEXT NOT NULL, why TEXT NOT NULL,
  looked_at TIMESTAMP NOT NULL
);
