-- What administrators change while the server runs: settings by their variable's name, as text like in the
-- environment. An empty text stands for what holds when the environment says nothing.
CREATE TABLE settings (
  name text PRIMARY KEY,
  value text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  changed_by bigint
);
-- Who changed what. Null is the environment's value. The highest id is the revision that processes compare.
CREATE SEQUENCE setting_change_ids;
CREATE TABLE setting_changes (
  id bigint PRIMARY KEY DEFAULT nextval('setting_change_ids'),
  at timestamptz NOT NULL DEFAULT now(),
  name text NOT NULL,
  old_value text,
  new_value text,
  actor text NOT NULL CHECK (actor IN ('local', 'user', 'key', 'anonymous', 'terminal')),
  user_id bigint,
  key_id bigint,
  address text
);
CREATE INDEX setting_changes_by_name ON setting_changes (name, id);
CREATE FUNCTION refuse_change_of_setting_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The history of settings is append only.';
END $$;
CREATE TRIGGER setting_changes_are_append_only BEFORE UPDATE OR DELETE ON setting_changes
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_setting_history();

-- Administrators of the server whom an owner lets look at the chats of a workspace, for a while.
CREATE TABLE chat_access (
  workspace_id bigint NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  reason text NOT NULL,
  granted_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, user_id)
);
CREATE INDEX chat_access_by_user ON chat_access (user_id);

-- What tables of the administration find rows by: the words of names, whatever stands between them. Without this
-- `handbook.pdf` would be one word, the name of a host.
CREATE FUNCTION words_of(name text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT to_tsvector('simple'::regconfig, translate(name, '@._+-/\,;:()[]{}#&''"', '                    '))
$$;
CREATE INDEX users_by_words ON users USING gin (words_of(email || ' ' || name));
CREATE INDEX workspaces_by_words ON workspaces USING gin (words_of(name));
CREATE INDEX documents_by_words ON documents USING gin (words_of(title)) WITH (fastupdate = off) WHERE title IS NOT NULL;
CREATE INDEX versions_by_words ON document_versions USING gin (words_of(filename || ' ' || coalesce(title, '')))
  WITH (fastupdate = off) WHERE role = 'current';
CREATE INDEX api_keys_by_words ON api_keys USING gin (words_of(name || ' ' || prefix));

-- `@@` is not leakproof: under row-level security it could use no index. As messages_with_terms(), for the workspace
-- of the setting.
CREATE FUNCTION documents_with_words(words tsquery) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  SELECT document_id FROM document_versions
  WHERE workspace_id = nullif(current_setting('lectern.workspace_id', true), '')::bigint AND role = 'current'
    AND words_of(filename || ' ' || coalesce(title, '')) @@ words
  UNION SELECT id FROM documents
  WHERE workspace_id = nullif(current_setting('lectern.workspace_id', true), '')::bigint
    AND title IS NOT NULL AND words_of(title) @@ words
$$;
CREATE FUNCTION api_keys_with_words(words tsquery) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  SELECT id FROM api_keys
  WHERE workspace_id = nullif(current_setting('lectern.workspace_id', true), '')::bigint
    AND words_of(name || ' ' || prefix) @@ words
$$;
REVOKE EXECUTE ON FUNCTION documents_with_words(tsquery), api_keys_with_words(tsquery) FROM PUBLIC;

-- As in 0017, with all three functions that search by words as the tables' owner.
CREATE OR REPLACE FUNCTION isolate_workspaces() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  isolated record;
  foreign_policy name;
BEGIN
  FOR isolated IN SELECT * FROM workspace_tables() WHERE problem IS NOT NULL LOOP
    FOR foreign_policy IN SELECT polname FROM pg_policy WHERE polrelid = isolated.id AND polpermissive LOOP
      EXECUTE format('DROP POLICY %I ON %I', foreign_policy, isolated.name);
    END LOOP;
    EXECUTE format('CREATE POLICY own_workspace ON %I USING %s', isolated.name, isolated.condition);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', isolated.name);
  END LOOP;

  BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lectern_app') THEN
      CREATE ROLE lectern_app NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
    END IF;
  EXCEPTION
    -- Another database of this server makes it at the same moment.
    WHEN duplicate_object OR unique_violation THEN NULL;
    WHEN insufficient_privilege THEN NULL;
  END;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lectern_app') THEN
    RETURN;
  END IF;
  BEGIN
    IF NOT pg_has_role(current_user, 'lectern_app', 'MEMBER') THEN
      EXECUTE format('GRANT lectern_app TO %I', current_user);
    END IF;
    IF NOT has_schema_privilege('lectern_app', current_schema(), 'USAGE') THEN
      EXECUTE format('GRANT USAGE ON SCHEMA %I TO lectern_app', current_schema());
    END IF;
  EXCEPTION WHEN insufficient_privilege THEN NULL;
  END;
  FOR isolated IN SELECT * FROM workspace_tables() WHERE NOT has_table_privilege('lectern_app', id, 'DELETE') LOOP
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO lectern_app', isolated.name);
  END LOOP;
  FOR isolated IN
    SELECT relname AS name FROM pg_sequence JOIN pg_class ON pg_class.oid = seqrelid
    WHERE relnamespace = current_schema()::regnamespace AND NOT has_sequence_privilege('lectern_app', seqrelid, 'UPDATE')
  LOOP
    -- UPDATE, because passage ids are reserved many at once.
    EXECUTE format('GRANT USAGE, UPDATE ON SEQUENCE %I TO lectern_app', isolated.name);
  END LOOP;
  -- Which models there are is no secret of a workspace.
  IF NOT has_table_privilege('lectern_app', 'embedding_models', 'INSERT') THEN
    GRANT SELECT, INSERT ON embedding_models TO lectern_app;
  END IF;
  FOR isolated IN
    SELECT oid::regprocedure AS signature FROM pg_proc
    WHERE pronamespace = current_schema()::regnamespace AND prosecdef
      AND proname IN ('messages_with_terms', 'documents_with_words', 'api_keys_with_words')
      AND NOT has_function_privilege('lectern_app', oid, 'EXECUTE')
  LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO lectern_app', isolated.signature);
  END LOOP;
END $$;

-- The orders and filters of the tables. Each ends with the id, from which the next page goes on.
CREATE INDEX users_by_name ON users (name, id);
CREATE INDEX disabled_users ON users (id) WHERE disabled_at IS NOT NULL;
CREATE INDEX administrators ON users (id) WHERE is_admin;
CREATE INDEX workspaces_by_name ON workspaces (name, id);
CREATE INDEX documents_by_time ON documents (workspace_id, created_at, id);
CREATE INDEX versions_by_filename ON document_versions (workspace_id, filename, document_id) WHERE role = 'current';
CREATE INDEX versions_by_size ON document_versions (workspace_id, byte_size, document_id) WHERE role = 'current';
CREATE INDEX versions_by_passages ON document_versions (workspace_id, passage_count, document_id)
  WHERE role = 'current';
CREATE INDEX versions_by_state ON document_versions (workspace_id, state, document_id) WHERE role = 'current';
-- Failed work is that of versions without a job. Not of failed ones alone: the first entry of an empty index needs a new
-- page, and the first failure may be that of a full disk.
CREATE INDEX versions_by_work ON document_versions (workspace_id, state, id) WHERE role <> 'past';
CREATE INDEX versions_by_work_of_all ON document_versions (state, id) WHERE role <> 'past';
CREATE INDEX ingestion_jobs_by_version ON ingestion_jobs (version_id);
CREATE INDEX leased_jobs ON ingestion_jobs (workspace_id, version_id) WHERE lease_owner IS NOT NULL;
CREATE INDEX api_keys_by_id ON api_keys (id);
CREATE INDEX api_keys_by_name ON api_keys (workspace_id, name, id);
CREATE INDEX api_keys_by_name_of_all ON api_keys (name, id);
CREATE INDEX revoked_api_keys ON api_keys (workspace_id, id) WHERE revoked_at IS NOT NULL;
CREATE INDEX sessions_by_update ON sessions (workspace_id, updated_at, id);
DROP INDEX audit_log_by_workspace;
CREATE INDEX audit_log_by_time ON audit_log (at, id);
CREATE INDEX audit_log_by_user ON audit_log (user_id, at, id);
CREATE INDEX audit_log_by_action ON audit_log (action, at, id);
CREATE INDEX audit_log_by_key ON audit_log (key_id, at, id) WHERE key_id IS NOT NULL;
CREATE INDEX audit_log_of_workspace ON audit_log (workspace_id, at, id);
CREATE INDEX audit_log_of_workspace_by_user ON audit_log (workspace_id, user_id, at, id);
CREATE INDEX audit_log_of_workspace_by_action ON audit_log (workspace_id, action, at, id);
