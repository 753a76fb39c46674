-- The signs of every vector's numbers, a bit each, in a table so narrow that scanning it is cheap: what finds the
-- candidates whose vectors are then compared exactly. Triggers keep it, so that nobody who writes vectors can
-- forget it. bit varying, because the model decides the length.
CREATE TABLE passage_bits (
  workspace_id bigint NOT NULL,
  passage_id bigint NOT NULL,
  model_id bigint NOT NULL,
  version_id bigint NOT NULL,
  bits bit varying NOT NULL,
  PRIMARY KEY (workspace_id, passage_id, model_id),
  FOREIGN KEY (workspace_id, passage_id, model_id)
    REFERENCES passage_embeddings (workspace_id, passage_id, model_id) ON DELETE CASCADE
);
ALTER TABLE passage_bits ALTER bits SET STATISTICS 0;
-- Never compressed or moved out of the row: it would be unpacked for every comparison.
ALTER TABLE passage_bits ALTER bits SET STORAGE PLAIN;
INSERT INTO passage_bits SELECT workspace_id, passage_id, model_id, version_id, binary_quantize(embedding)
  FROM passage_embeddings;

-- A search among some documents looks at theirs only.
CREATE INDEX bits_by_version ON passage_bits (workspace_id, version_id);
CREATE INDEX embeddings_by_version ON passage_embeddings (workspace_id, version_id);

CREATE FUNCTION save_passage_bits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO passage_bits SELECT workspace_id, passage_id, model_id, version_id, binary_quantize(embedding) FROM saved
    ON CONFLICT (workspace_id, passage_id, model_id)
    DO UPDATE SET version_id = excluded.version_id, bits = excluded.bits;
  RETURN NULL;
END $$;
CREATE TRIGGER bits_of_new_embeddings AFTER INSERT ON passage_embeddings
  REFERENCING NEW TABLE AS saved FOR EACH STATEMENT EXECUTE FUNCTION save_passage_bits();
CREATE TRIGGER bits_of_changed_embeddings AFTER UPDATE ON passage_embeddings
  REFERENCING NEW TABLE AS saved FOR EACH STATEMENT EXECUTE FUNCTION save_passage_bits();
