-- A document keeps its id and has versions. A search finds the current one; a replacement is made beside it
-- as the next one and takes its place in one transaction; past ones are invisible and on their way out.
-- What was known as a document so far is its first version.
ALTER TABLE documents RENAME TO document_versions;
ALTER INDEX documents_pkey RENAME TO document_versions_pkey;
ALTER SEQUENCE document_ids RENAME TO document_version_ids;
DROP INDEX unpublished_documents;

CREATE SEQUENCE document_ids;
CREATE TABLE documents (
  workspace_id bigint NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  id bigint NOT NULL DEFAULT nextval('document_ids'),
  -- Given by people; null: the version's own.
  title text,
  language text,
  tags text[] NOT NULL DEFAULT '{}',
  -- Where it comes from: a URL, a path in a watched folder.
  source text,
  metadata jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX documents_by_source ON documents (workspace_id, source text_pattern_ops) WHERE source IS NOT NULL;
INSERT INTO documents (workspace_id, id, created_at, updated_at)
  SELECT workspace_id, id, created_at, updated_at FROM document_versions;
SELECT setval('document_ids', max(id)) FROM documents HAVING max(id) IS NOT NULL;

-- Original bytes, in parts: stored while they come in. A file without a document is still being uploaded.
CREATE SEQUENCE stored_file_ids;
CREATE TABLE stored_files (
  workspace_id bigint NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  id bigint NOT NULL DEFAULT nextval('stored_file_ids'),
  document_id bigint,
  byte_size bigint NOT NULL DEFAULT 0,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, document_id) REFERENCES documents (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX stored_files_by_document ON stored_files (workspace_id, document_id);
CREATE TABLE file_parts (
  workspace_id bigint NOT NULL,
  file_id bigint NOT NULL,
  ordinal integer NOT NULL,
  content bytea NOT NULL,
  PRIMARY KEY (workspace_id, file_id, ordinal),
  FOREIGN KEY (workspace_id, file_id) REFERENCES stored_files (workspace_id, id) ON DELETE CASCADE
);
ALTER TABLE file_parts ALTER content SET STORAGE EXTERNAL, ALTER content SET STATISTICS 0;
INSERT INTO stored_files (workspace_id, id, document_id, byte_size)
  SELECT workspace_id, document_id, document_id, length(content) FROM document_files;
SELECT setval('stored_file_ids', max(id)) FROM stored_files HAVING max(id) IS NOT NULL;
INSERT INTO file_parts (workspace_id, file_id, ordinal, content)
  SELECT workspace_id, document_id, 0, content FROM document_files;
DROP TABLE document_files;

ALTER TABLE document_versions
  ADD document_id bigint,
  ADD role text NOT NULL DEFAULT 'current' CHECK (role IN ('current', 'next', 'past')),
  ADD file_id bigint,
  ADD stage text CHECK (stage IN ('parsing', 'saving', 'embedding')),
  ADD title text,
  ADD language text,
  ADD notes jsonb NOT NULL DEFAULT '[]',
  -- Milliseconds per stage, over all attempts.
  ADD timings jsonb NOT NULL DEFAULT '{}',
  DROP CONSTRAINT documents_workspace_id_sha256_key;
UPDATE document_versions SET document_id = id, file_id = id;
ALTER TABLE document_versions
  ALTER role DROP DEFAULT,
  ALTER document_id SET NOT NULL,
  ALTER file_id SET NOT NULL,
  ADD FOREIGN KEY (workspace_id, document_id) REFERENCES documents (workspace_id, id) ON DELETE CASCADE,
  ADD FOREIGN KEY (workspace_id, file_id) REFERENCES stored_files (workspace_id, id) ON DELETE CASCADE;
-- The same bytes are one document.
CREATE UNIQUE INDEX one_document_per_content ON document_versions (workspace_id, sha256) WHERE role = 'current';
CREATE UNIQUE INDEX one_version_per_role ON document_versions (workspace_id, document_id, role)
  WHERE role IN ('current', 'next');
CREATE INDEX versions_by_document ON document_versions (workspace_id, document_id);
CREATE INDEX versions_by_file ON document_versions (workspace_id, file_id);
-- Few at any time: what a search has to leave out.
CREATE INDEX unfindable_versions ON document_versions (workspace_id, id)
  WHERE passage_count > 0 AND (state <> 'ready' OR role <> 'current');
CREATE INDEX past_versions ON document_versions (workspace_id, id) WHERE role = 'past';

ALTER TABLE document_texts RENAME document_id TO version_id;
ALTER TABLE ingestion_jobs RENAME document_id TO version_id;
ALTER TABLE ingestion_jobs ADD leased_at timestamptz;
ALTER TABLE chunks RENAME document_id TO version_id;
ALTER TABLE passages RENAME document_id TO version_id;
ALTER TABLE passages ADD headings text[] NOT NULL DEFAULT '{}', ADD page integer;
ALTER TABLE passage_embeddings RENAME document_id TO version_id;

-- The map of a version's text: headings with their levels, pages, tables.
CREATE TABLE document_outlines (
  workspace_id bigint NOT NULL,
  version_id bigint NOT NULL,
  outline jsonb NOT NULL,
  PRIMARY KEY (workspace_id, version_id),
  FOREIGN KEY (workspace_id, version_id) REFERENCES document_versions (workspace_id, id) ON DELETE CASCADE
);
ALTER TABLE document_outlines ALTER outline SET STATISTICS 0;

-- The latest change of each document, for those who follow along. Numbers are given under the lock of the
-- workspace's row in index_versions, so they become visible in their order. A deleted one stays for a while.
ALTER TABLE index_versions ADD last_change bigint NOT NULL DEFAULT 0;
CREATE TABLE document_changes (
  workspace_id bigint NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  document_id bigint NOT NULL,
  number bigint NOT NULL,
  deleted boolean NOT NULL DEFAULT false,
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace_id, document_id)
);
CREATE INDEX document_changes_in_order ON document_changes (workspace_id, number);
