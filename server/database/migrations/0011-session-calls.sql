-- What the language models took of a session beside its answers, whose usage stands with them: its title, and questions
-- that were rewritten.
CREATE TABLE session_calls (
  workspace_id bigint NOT NULL,
  session_id bigint NOT NULL,
  purpose text NOT NULL CHECK (purpose IN ('title', 'rewritten_question')),
  model text NOT NULL,
  calls bigint NOT NULL,
  -- Calls whose tokens the provider did not report: counted as GPT-2 tokens.
  estimated_calls bigint NOT NULL,
  prompt_tokens bigint NOT NULL,
  completion_tokens bigint NOT NULL,
  -- At the prices of that time, in the currency of that time; null when none was set.
  cost numeric,
  currency text,
  PRIMARY KEY (workspace_id, session_id, purpose, model),
  FOREIGN KEY (workspace_id, session_id) REFERENCES sessions (workspace_id, id) ON DELETE CASCADE
);
