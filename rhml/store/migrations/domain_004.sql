-- Who taught whom: what a version would have been without what people called, to be asked about later cases.

CREATE TABLE {d}.twins (
  seq BIGINT NOT NULL, version TEXT NOT NULL, side TEXT NOT NULL, place BIGINT NOT NULL, content BYTEA NOT NULL
);
