-- The messages of a session form a tree: an answer stands below its question, a question below the answer that
-- it follows. Answers below one question are its answers given anew, questions below one answer its edited
-- versions. A first question has no parent.
ALTER TABLE messages ADD parent_id bigint;
UPDATE messages SET parent_id = previous.id
FROM (
  SELECT workspace_id, id AS message_id, lag(id) OVER (PARTITION BY workspace_id, session_id ORDER BY id) AS id
  FROM messages
) AS previous
WHERE messages.workspace_id = previous.workspace_id AND messages.id = previous.message_id;
ALTER TABLE messages
  ADD FOREIGN KEY (workspace_id, parent_id) REFERENCES messages (workspace_id, id) ON DELETE CASCADE;
CREATE INDEX messages_by_parent ON messages (workspace_id, parent_id);

-- Questions only: what they were limited to, {"document_ids", "filter"}; an answer given anew is limited alike.
ALTER TABLE messages ADD scope jsonb;

ALTER TABLE sessions
  ADD title text,
  ADD title_origin text CHECK (title_origin IN ('question', 'model', 'user')),
  ADD pinned boolean NOT NULL DEFAULT false,
  -- The last message of the branch that is shown and that the next question follows.
  ADD active_message_id bigint;
UPDATE sessions SET active_message_id = (
  SELECT max(id) FROM messages
  WHERE messages.workspace_id = sessions.workspace_id AND messages.session_id = sessions.id
);
-- As server/sessions/titles/question-title.ts cuts them.
UPDATE sessions
SET title_origin = 'question', title = CASE
  WHEN length(first.line) <= 60 THEN first.line
  ELSE coalesce(substring(first.line from '^(.{1,59})\s'), left(first.line, 59)) || '…' END
FROM (
  SELECT DISTINCT ON (workspace_id, session_id)
    workspace_id, session_id, btrim(regexp_replace(content, '\s+', ' ', 'g')) AS line
  FROM messages WHERE role = 'user' ORDER BY workspace_id, session_id, id
) AS first
WHERE sessions.workspace_id = first.workspace_id AND sessions.id = first.session_id;
CREATE INDEX sessions_by_activity ON sessions (workspace_id, pinned DESC, updated_at DESC, id DESC);

-- The terms that server/sessions/searching/ finds messages and titles by; null until they are written.
ALTER TABLE messages ADD search_terms tsvector;
ALTER TABLE sessions ADD title_terms tsvector;
-- Written in the background: a list of changes to be merged later would make every search slow instead.
CREATE INDEX messages_by_terms ON messages USING gin (search_terms) WITH (fastupdate = off);
CREATE INDEX messages_without_terms ON messages (id) WHERE search_terms IS NULL AND state <> 'running';

CREATE TABLE message_feedback (
  workspace_id bigint NOT NULL,
  message_id bigint NOT NULL,
  rating text NOT NULL CHECK (rating IN ('up', 'down')),
  reason text,
  comment text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace_id, message_id),
  FOREIGN KEY (workspace_id, message_id) REFERENCES messages (workspace_id, id) ON DELETE CASCADE
);
