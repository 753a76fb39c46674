-- Every row of a workspace carries workspace_id first in its keys: no row can refer to another
-- workspace's row, and the tables can be distributed by workspace as they are.
-- Ids come from sequences (not identity columns) and are unique over the whole database.
-- Offsets are UTF-16 code units of the document's text: text.slice(start_offset, end_offset).

CREATE SEQUENCE workspace_ids;
CREATE TABLE workspaces (
  id bigint PRIMARY KEY DEFAULT nextval('workspace_ids'),
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO workspaces (name) VALUES ('default');

-- Counts the changes of what a search may find; part of every cached result's key.
CREATE TABLE index_versions (
  workspace_id bigint PRIMARY KEY REFERENCES workspaces (id) ON DELETE CASCADE,
  version bigint NOT NULL DEFAULT 0
);
INSERT INTO index_versions (workspace_id) SELECT id FROM workspaces;

CREATE SEQUENCE document_ids;
CREATE TABLE documents (
  workspace_id bigint NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  id bigint NOT NULL DEFAULT nextval('document_ids'),
  filename text NOT NULL,
  media_type text NOT NULL,
  byte_size bigint NOT NULL,
  sha256 text NOT NULL,
  state text NOT NULL CHECK (state IN ('queued', 'reading', 'indexing', 'ready', 'failed', 'deleting')),
  progress real NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
  error_code text,
  error_message text,
  text_length integer NOT NULL DEFAULT 0,
  chunk_count integer NOT NULL DEFAULT 0,
  passage_count integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  processing_ms integer,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, sha256)
);

-- Few at any time: what a search has to leave out.
CREATE INDEX unpublished_documents ON documents (workspace_id, id) WHERE state <> 'ready' AND passage_count > 0;

-- The original bytes.
CREATE TABLE document_files (
  workspace_id bigint NOT NULL,
  document_id bigint NOT NULL,
  content bytea NOT NULL,
  PRIMARY KEY (workspace_id, document_id),
  FOREIGN KEY (workspace_id, document_id) REFERENCES documents (workspace_id, id) ON DELETE CASCADE
);
ALTER TABLE document_files ALTER content SET STORAGE EXTERNAL;

-- The normalised text in segments, so that a passage is read without the whole document.
CREATE TABLE document_texts (
  workspace_id bigint NOT NULL,
  document_id bigint NOT NULL,
  start_offset integer NOT NULL,
  content text NOT NULL,
  PRIMARY KEY (workspace_id, document_id, start_offset),
  FOREIGN KEY (workspace_id, document_id) REFERENCES documents (workspace_id, id) ON DELETE CASCADE
);

-- A row exists exactly while there is work on the document.
CREATE SEQUENCE ingestion_job_ids;
CREATE TABLE ingestion_jobs (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL DEFAULT nextval('ingestion_job_ids'),
  document_id bigint NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  lease_owner text,
  lease_until timestamptz,
  -- Passages saved with their embeddings so far; null until chunks and passages are saved.
  saved_position integer,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, document_id),
  FOREIGN KEY (workspace_id, document_id) REFERENCES documents (workspace_id, id) ON DELETE CASCADE
);

CREATE SEQUENCE chunk_ids;
CREATE TABLE chunks (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL DEFAULT nextval('chunk_ids'),
  document_id bigint NOT NULL,
  ordinal integer NOT NULL,
  start_offset integer NOT NULL,
  end_offset integer NOT NULL CHECK (end_offset > start_offset),
  token_count integer NOT NULL,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, document_id, start_offset),
  FOREIGN KEY (workspace_id, document_id) REFERENCES documents (workspace_id, id) ON DELETE CASCADE
);

CREATE SEQUENCE passage_ids;
CREATE TABLE passages (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL DEFAULT nextval('passage_ids'),
  document_id bigint NOT NULL,
  ordinal integer NOT NULL,
  start_offset integer NOT NULL,
  end_offset integer NOT NULL CHECK (end_offset > start_offset),
  context_prefix text NOT NULL,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, document_id, ordinal),
  FOREIGN KEY (workspace_id, document_id) REFERENCES documents (workspace_id, id) ON DELETE CASCADE
);

CREATE SEQUENCE embedding_model_ids;
CREATE TABLE embedding_models (
  id bigint PRIMARY KEY DEFAULT nextval('embedding_model_ids'),
  name text NOT NULL UNIQUE,
  dimensions integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- vector without a length: the model decides it, and embedding_models holds it.
CREATE TABLE passage_embeddings (
  workspace_id bigint NOT NULL,
  passage_id bigint NOT NULL,
  model_id bigint NOT NULL REFERENCES embedding_models (id),
  -- The passage's: a search then needs no join to leave a document out.
  document_id bigint NOT NULL,
  embedding vector NOT NULL,
  PRIMARY KEY (workspace_id, passage_id, model_id),
  FOREIGN KEY (workspace_id, passage_id) REFERENCES passages (workspace_id, id) ON DELETE CASCADE
);

-- Statistics over texts and vectors help no plan and make ANALYZE slow.
ALTER TABLE document_texts ALTER content SET STATISTICS 0;
ALTER TABLE document_files ALTER content SET STATISTICS 0;
ALTER TABLE passage_embeddings ALTER embedding SET STATISTICS 0;

CREATE SEQUENCE session_ids;
CREATE TABLE sessions (
  workspace_id bigint NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  id bigint NOT NULL DEFAULT nextval('session_ids'),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace_id, id)
);

CREATE SEQUENCE message_ids;
CREATE TABLE messages (
  workspace_id bigint NOT NULL,
  id bigint NOT NULL DEFAULT nextval('message_ids'),
  session_id bigint NOT NULL,
  role text NOT NULL CHECK (role IN ('user', 'assistant')),
  content text NOT NULL,
  -- GPT-2 tokens, so that a long history is budgeted without counting it again.
  token_count integer NOT NULL DEFAULT 0,
  state text NOT NULL CHECK (state IN ('running', 'complete', 'interrupted', 'failed')),
  finish_reason text,
  error_code text,
  error_message text,
  model text,
  usage jsonb,
  timings jsonb,
  -- What the answer rests on, as it was then: it stays when its documents change or go.
  evidence jsonb,
  lease_owner text,
  lease_until timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, session_id) REFERENCES sessions (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX messages_by_session ON messages (workspace_id, session_id, id);
-- One answer at a time per session.
CREATE UNIQUE INDEX one_running_answer ON messages (workspace_id, session_id) WHERE state = 'running';
