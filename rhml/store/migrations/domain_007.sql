-- What matters now: a lead states an intent, and the recommendation is the action of least expected cost under it.

-- kind is 'stated' or 'withdrawn'; a statement takes the place of the one before. `content` is the intent as JSON,
-- `promise` what was said at that moment to change on the waiting cases and to cost.
CREATE TABLE {d}.intents (
  seq BIGINT NOT NULL, intent_id TEXT NOT NULL, kind TEXT NOT NULL, content TEXT NOT NULL, promise TEXT NOT NULL,
  by_whom TEXT NOT NULL, why TEXT NOT NULL, happened_at TIMESTAMP NOT NULL
);

-- The intent under which a recommendation was made; what would have been likeliest, where the intent moved it; what its
-- mistakes are expected to cost as the intent weighs them, for the order of the queue.
ALTER TABLE {d}.recommendations ADD COLUMN intent_id TEXT;
ALTER TABLE {d}.recommendations ADD COLUMN likeliest_action TEXT;
ALTER TABLE {d}.recommendations ADD COLUMN likeliest_probability FLOAT8;
ALTER TABLE {d}.recommendations ADD COLUMN matters FLOAT8;

ALTER TABLE {d}.decisions ADD COLUMN intent_id TEXT;
ALTER TABLE {d}.decisions ADD COLUMN likeliest_action TEXT;
ALTER TABLE {d}.decisions ADD COLUMN likeliest_confidence FLOAT8;

ALTER TABLE {d}.waiting ADD COLUMN likeliest_action TEXT;
ALTER TABLE {d}.waiting ADD COLUMN matters FLOAT8;
