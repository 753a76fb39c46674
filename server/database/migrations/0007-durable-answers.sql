-- What running answers have sent so far, a few pieces a second each: for whoever comes back, and for a crash.
-- An answer's stream is counted in units: one for every UTF-16 unit of its content, one for every other event.
-- The sequence number of an event is the number of units up to its end.
CREATE TABLE stream_events (
  workspace_id bigint NOT NULL,
  message_id bigint NOT NULL,
  -- Of the piece's last unit; its first is first_sequence + 1.
  sequence bigint NOT NULL,
  first_sequence bigint NOT NULL CHECK (first_sequence < sequence),
  content text NOT NULL,
  -- [[sequence, event], ...]: the events other than content.
  events jsonb,
  PRIMARY KEY (workspace_id, message_id, sequence),
  FOREIGN KEY (workspace_id, message_id) REFERENCES messages (workspace_id, id) ON DELETE CASCADE
);
-- They live for minutes; statistics would always be late.
ALTER TABLE stream_events ALTER content SET STATISTICS 0;
ALTER TABLE stream_events ALTER events SET STATISTICS 0;

ALTER TABLE messages
  -- Of a finished answer: [[sequence, event], ...] as in stream_events. With the content it replays the
  -- whole stream, and stream_events is needed no more. The sources stand in evidence.
  ADD stream jsonb,
  -- Read by the process that writes the answer.
  ADD stop_requested_at timestamptz,
  -- What the client calls its request, and a hash of it: the same key and request get the same answer for a day.
  ADD idempotency_key text,
  ADD request_sha256 text;
CREATE UNIQUE INDEX one_answer_per_key ON messages (workspace_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX running_answers ON messages (lease_until) WHERE state = 'running';
