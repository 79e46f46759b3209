-- What belongs to the organization as a whole. Facts have a sequence; the workspace (jobs, visits) has none.

CREATE TABLE rhml.counter (n BIGINT NOT NULL);
INSERT INTO rhml.counter VALUES (0);

CREATE TABLE rhml.secret (value TEXT NOT NULL);
COMMENT ON TABLE rhml.secret IS 'Key of every random draw; made once with the log';

CREATE TABLE rhml.domain_files (
  seq BIGINT NOT NULL, domain TEXT NOT NULL, text TEXT NOT NULL, hash TEXT NOT NULL,
  saved_at TIMESTAMP NOT NULL, saved_by TEXT NOT NULL
);
COMMENT ON TABLE rhml.domain_files IS 'Every version of every domain file; the newest counts';

CREATE TABLE rhml.people (
  seq BIGINT NOT NULL, person TEXT NOT NULL, role TEXT NOT NULL,
  changed_at TIMESTAMP NOT NULL, changed_by TEXT NOT NULL
);
COMMENT ON TABLE rhml.people IS 'Roles as given and changed; the newest counts, "left" ends one';

CREATE TABLE rhml.jobs (
  job_id TEXT NOT NULL, kind TEXT NOT NULL, domain TEXT, arguments TEXT NOT NULL, state TEXT NOT NULL,
  progress FLOAT8 NOT NULL, message TEXT NOT NULL, result TEXT, asked_by TEXT NOT NULL,
  asked_at TIMESTAMP NOT NULL, started_at TIMESTAMP, finished_at TIMESTAMP
);
COMMENT ON TABLE rhml.jobs IS 'Long work: waiting, running, done, refused, failed or interrupted';

CREATE TABLE rhml.visits (person TEXT NOT NULL, domain TEXT NOT NULL, seen_at TIMESTAMP NOT NULL);
COMMENT ON TABLE rhml.visits IS 'When a person last looked at their outcomes';
