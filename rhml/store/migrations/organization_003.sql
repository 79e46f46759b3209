-- The demo: which fields were built in this log, what will prove right there, and who is on which tour.

CREATE TABLE rhml.demo_fields (field TEXT NOT NULL, built_at TIMESTAMP NOT NULL);
COMMENT ON TABLE rhml.demo_fields IS 'Fields of the demo in this log; a log without a row here is an organization''s own';
INSERT INTO rhml.demo_fields
  SELECT 'organizational', max(finished_at) FROM rhml.jobs
  WHERE kind = 'demo' AND state = 'done' AND finished_at IS NOT NULL HAVING count(*) > 0;

CREATE TABLE rhml.demo_truth (domain TEXT NOT NULL, case_id TEXT NOT NULL, right_action TEXT NOT NULL);
COMMENT ON TABLE rhml.demo_truth IS 'What will prove right for what waits in the demo, until a tour lets time pass';

CREATE TABLE rhml.tours (
  person TEXT NOT NULL, field TEXT NOT NULL, domain TEXT NOT NULL, began_at TIMESTAMP NOT NULL,
  folded BOOLEAN NOT NULL, ended BOOLEAN NOT NULL
);
COMMENT ON TABLE rhml.tours IS 'Which tour of the demo a person is on, since when, and whether it is folded or ended';
CREATE TABLE rhml.tour_looks (person TEXT NOT NULL, field TEXT NOT NULL, page TEXT NOT NULL, looked_at TIMESTAMP NOT NULL);
COMMENT ON TABLE rhml.tour_looks IS 'Which pages of the demo a person on a tour has seen';
