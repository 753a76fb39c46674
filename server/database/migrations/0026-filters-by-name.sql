-- What the tables of the administration are filtered by besides: who changed a setting, and what the documents in work are
-- called. As documents_with_words(), but for versions, and for those too that are to replace another.
CREATE INDEX setting_changes_by_user ON setting_changes (user_id, id);
CREATE INDEX next_versions_by_words ON document_versions USING gin (words_of(filename || ' ' || coalesce(title, '')))
  WITH (fastupdate = off) WHERE role = 'next';
CREATE FUNCTION versions_with_words(words tsquery) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  SELECT id FROM document_versions
  WHERE workspace_id = nullif(current_setting('lectern.workspace_id', true), '')::bigint AND role = 'current'
    AND words_of(filename || ' ' || coalesce(title, '')) @@ words
  UNION SELECT id FROM document_versions
  WHERE workspace_id = nullif(current_setting('lectern.workspace_id', true), '')::bigint AND role = 'next'
    AND words_of(filename || ' ' || coalesce(title, '')) @@ words
$$;
REVOKE EXECUTE ON FUNCTION versions_with_words(tsquery) FROM PUBLIC;
