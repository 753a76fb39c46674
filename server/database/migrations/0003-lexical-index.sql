-- The lexical index (docs/decisions/0019-lexical-index.md). A passage's terms are saved with it, in a run
-- of its version: what is true of the version, deleted with it. Runs are merged into blocks, which hold
-- all postings of a term in a range of passage ids: what a search reads.

CREATE TABLE lexical_documents (
  workspace_id bigint NOT NULL,
  version_id bigint NOT NULL,
  -- A passage's id is this plus its ordinal.
  first_passage_id bigint NOT NULL,
  -- Per passage two uint16 (little endian): its words and its subwords, for the normalisation by length.
  lengths bytea NOT NULL,
  -- Words of the file's name.
  name_length integer NOT NULL,
  -- own: runs only. merging, removing: some postings may stand in blocks too. merged: all do.
  state text NOT NULL DEFAULT 'own' CHECK (state IN ('own', 'merging', 'merged', 'removing')),
  merging_since timestamptz,
  -- Numbers the merges of a workspace, so that processes learn which versions were merged since they looked.
  merge_number bigint,
  PRIMARY KEY (workspace_id, version_id),
  FOREIGN KEY (workspace_id, version_id) REFERENCES document_versions (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX unmerged_lexical_documents ON lexical_documents (workspace_id, version_id) WHERE state IN ('own', 'merging');
CREATE INDEX lexical_documents_by_merge ON lexical_documents (workspace_id, merge_number) WHERE merge_number IS NOT NULL;

CREATE TABLE lexical_runs (
  workspace_id bigint NOT NULL,
  version_id bigint NOT NULL,
  -- Of the run's first passage.
  first_ordinal integer NOT NULL,
  -- server/lexical/index-run.ts
  data bytea NOT NULL,
  PRIMARY KEY (workspace_id, version_id, first_ordinal),
  FOREIGN KEY (workspace_id, version_id) REFERENCES document_versions (workspace_id, id) ON DELETE CASCADE
);

CREATE TABLE lexical_blocks (
  workspace_id bigint NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  -- Hash of kind and term, server/lexical/hash-term.ts.
  term integer NOT NULL,
  -- passage id / 16,384
  page integer NOT NULL,
  -- server/lexical/postings.ts
  data bytea NOT NULL,
  PRIMARY KEY (workspace_id, term, page)
);
ALTER TABLE lexical_runs ALTER data SET STORAGE EXTERNAL, ALTER data SET STATISTICS 0;
ALTER TABLE lexical_blocks ALTER data SET STORAGE EXTERNAL, ALTER data SET STATISTICS 0;
ALTER TABLE lexical_documents ALTER lengths SET STATISTICS 0;

ALTER TABLE index_versions ADD last_merge bigint NOT NULL DEFAULT 0;
