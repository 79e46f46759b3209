-- What the organization answers for: the chain over its own facts, saved questions and views, keys of the API.

CREATE TABLE rhml.saved (
  saved_id TEXT NOT NULL, kind TEXT NOT NULL, domain TEXT NOT NULL, page TEXT NOT NULL, title TEXT NOT NULL,
  content TEXT NOT NULL, owner TEXT NOT NULL, shared BOOLEAN NOT NULL, made_at TIMESTAMP NOT NULL,
  changed_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE rhml.saved IS 'Views and questions that people kept, for themselves or for everyone';

CREATE TABLE rhml.api_keys (
  seq BIGINT NOT NULL, key_id TEXT NOT NULL, name TEXT NOT NULL, domain TEXT NOT NULL, scope TEXT NOT NULL,
  hash TEXT NOT NULL, expires_at TIMESTAMP NOT NULL, made_at TIMESTAMP NOT NULL, made_by TEXT NOT NULL
);
COMMENT ON TABLE rhml.api_keys IS 'Keys that other systems come with: what each opens and until when; only its hash is here';

CREATE TABLE rhml.api_key_events (
  seq BIGINT NOT NULL, key_id TEXT NOT NULL, kind TEXT NOT NULL, why TEXT NOT NULL,
  happened_at TIMESTAMP NOT NULL, by_whom TEXT NOT NULL
);
COMMENT ON TABLE rhml.api_key_events IS 'What became of a key: revoked';

CREATE TABLE rhml.api_key_uses (
  key_id TEXT NOT NULL, uses BIGINT NOT NULL, refused BIGINT NOT NULL, last_used_at TIMESTAMP NOT NULL
);
COMMENT ON TABLE rhml.api_key_uses IS 'How often each key was used and refused, and when last';

-- The chain over the facts: each unit of work seals what it wrote and holds the seal before. `entries` has 13 bytes
-- a fact (number less first_seq, place of its table in `tables`, eight bytes of its salted digest), `salts` 16.
CREATE TABLE rhml.seals (
  seal BIGINT NOT NULL, first_seq BIGINT NOT NULL, last_seq BIGINT NOT NULL, facts BIGINT NOT NULL,
  tables TEXT NOT NULL, entries BYTEA NOT NULL, salts BYTEA NOT NULL, digest BYTEA NOT NULL,
  sealed_at TIMESTAMP NOT NULL, hash BYTEA NOT NULL
);

-- What was erased, by whom and why; for each redacted fact the digest it was sealed with, and its digest since.
CREATE TABLE rhml.erasures (
  seq BIGINT NOT NULL, erasure_id TEXT NOT NULL, kind TEXT NOT NULL, alias TEXT NOT NULL, why TEXT NOT NULL,
  facts BIGINT NOT NULL, erased_at TIMESTAMP NOT NULL, erased_by TEXT NOT NULL
);
CREATE TABLE rhml.erased (
  seq BIGINT NOT NULL, erasure_id TEXT NOT NULL, fact_table TEXT NOT NULL, fact_seq BIGINT NOT NULL,
  sealed TEXT NOT NULL, digest TEXT NOT NULL
);

CREATE TABLE rhml.rewriting (since TIMESTAMP NOT NULL);
COMMENT ON TABLE rhml.rewriting IS 'Since when the file holds, in freed space, what was erased; opening the log writes it anew';
