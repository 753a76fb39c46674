-- Questions with the passages that answer them, for `lectern evaluate --own`.
CREATE SEQUENCE evaluation_case_ids;
CREATE TABLE evaluation_cases (
  workspace_id bigint NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  id bigint NOT NULL DEFAULT nextval('evaluation_case_ids'),
  question text NOT NULL,
  -- [{document_id, filename, start, end, quote}]: the quote finds the passage again when its document was
  -- replaced, or deleted and uploaded anew. A case outlives its documents and its session.
  passages jsonb NOT NULL,
  -- The answer that it was made from.
  message_id bigint,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace_id, id)
);
