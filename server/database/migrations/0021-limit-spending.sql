-- What was spent of the limits of requests, uploads, tokens and running answers (docs/decisions/0035-limits.md).
-- Of a window all processes write one row, whose owner is empty; of running answers each process has its own.
CREATE TABLE limit_spending (
  limit_name text NOT NULL,
  subject text NOT NULL,
  window_start timestamptz NOT NULL,
  owner text NOT NULL DEFAULT '',
  spent bigint NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (limit_name, subject, window_start, owner)
);
CREATE INDEX limit_spending_by_expiry ON limit_spending (expires_at);
