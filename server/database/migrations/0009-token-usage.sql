-- What the language model thought before it answered (its last characters): no part of the answer.
ALTER TABLE messages ADD reasoning text;

-- What the language models took each day: answers, also those that broke off, rewritten questions and titles.
CREATE TABLE token_usage (
  workspace_id bigint NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  -- In UTC.
  day date NOT NULL,
  model text NOT NULL,
  calls bigint NOT NULL DEFAULT 0,
  -- Calls whose tokens the provider did not report: counted as GPT-2 tokens.
  estimated_calls bigint NOT NULL DEFAULT 0,
  prompt_tokens bigint NOT NULL DEFAULT 0,
  -- Those of the reasoning included.
  completion_tokens bigint NOT NULL DEFAULT 0,
  -- At the prices of that time, in the currency of that time; null when none was set.
  cost numeric,
  currency text,
  PRIMARY KEY (workspace_id, day, model)
);
