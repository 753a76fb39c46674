-- What statements of a workspace may read of its keys: what its owners list, and never what a secret is known again by. Who
-- asks is found before a workspace is, by the tables' owner.
CREATE OR REPLACE FUNCTION workspace_grants(relation name) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN relation IN ('api_keys', 'chat_access', 'invites', 'memberships', 'sign_ins') THEN ''
    WHEN relation IN ('audit_log', 'workspaces') THEN 'SELECT'
    ELSE 'SELECT, INSERT, UPDATE, DELETE'
  END
$$;

-- Of a table that they may read in part: these columns. One that is added later they may not.
CREATE FUNCTION workspace_columns(relation name) RETURNS name[] LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN relation = 'api_keys' THEN ARRAY['workspace_id', 'id', 'name', 'prefix', 'scopes', 'created_by',
    'created_at', 'expires_at', 'last_used_at', 'revoked_at']::name[] END
$$;

-- The rest is that of 0024, with them, and with every function that searches by words as the tables' owner.

-- Gives each of them its policy, and lectern_app what it needs. Called at every start and after all migrations, so that
-- none can forget it; does nothing where all is done. Without the right to make the role it leaves that to an
-- administrator.
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
    IF isolated.name = 'sessions' THEN
      DROP POLICY IF EXISTS own_chats ON sessions;
      CREATE POLICY own_chats ON sessions AS RESTRICTIVE USING (is_own_chat(user_id));
    END IF;
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
  -- Neither less than a workspace needs nor more.
  FOR isolated IN
    SELECT name, workspace_grants(name) AS wanted FROM workspace_tables()
    WHERE workspace_grants(name) <> (
      SELECT coalesce(string_agg(privilege, ', ' ORDER BY place), '')
      FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) WITH ORDINALITY AS known (privilege, place)
      WHERE has_table_privilege('lectern_app', id, privilege))
  LOOP
    EXECUTE format('REVOKE ALL ON %I FROM lectern_app', isolated.name);
    IF isolated.wanted <> '' THEN
      EXECUTE format('GRANT %s ON %I TO lectern_app', isolated.wanted, isolated.name);
    END IF;
  END LOOP;
  FOR isolated IN
    SELECT name, workspace_columns(name) AS wanted FROM workspace_tables()
    WHERE workspace_columns(name) IS NOT NULL AND EXISTS (
      SELECT FROM pg_attribute
      WHERE attrelid = id AND attnum > 0 AND NOT attisdropped AND (
        has_column_privilege('lectern_app', id, attnum, 'SELECT') <> (attname = ANY (workspace_columns(name)))
        OR has_column_privilege('lectern_app', id, attnum, 'INSERT, UPDATE, REFERENCES')))
  LOOP
    EXECUTE format('REVOKE ALL ON %I FROM lectern_app', isolated.name);
    EXECUTE format('GRANT SELECT (%s) ON %I TO lectern_app',
      (SELECT string_agg(quote_ident(column_name), ', ') FROM unnest(isolated.wanted) AS column_name), isolated.name);
  END LOOP;
  FOR isolated IN
    SELECT relname AS name, seqrelid AS id, NOT relname = ANY (ARRAY['account_link_ids', 'api_key_ids',
      'audit_log_ids', 'invite_ids', 'sign_in_ids', 'two_factor_ids', 'user_credential_ids', 'user_ids',
      'verification_ids', 'workspace_ids']) AS is_needed
    FROM pg_sequence JOIN pg_class ON pg_class.oid = seqrelid
    WHERE relnamespace = current_schema()::regnamespace
  LOOP
    -- UPDATE, because passage ids are reserved many at once.
    IF isolated.is_needed AND NOT has_sequence_privilege('lectern_app', isolated.id, 'UPDATE') THEN
      EXECUTE format('GRANT USAGE, UPDATE ON SEQUENCE %I TO lectern_app', isolated.name);
    ELSIF NOT isolated.is_needed AND has_sequence_privilege('lectern_app', isolated.id, 'USAGE, UPDATE') THEN
      EXECUTE format('REVOKE ALL ON SEQUENCE %I FROM lectern_app', isolated.name);
    END IF;
  END LOOP;
  -- Which models there are is no secret of a workspace.
  IF NOT has_table_privilege('lectern_app', 'embedding_models', 'INSERT') THEN
    GRANT SELECT, INSERT ON embedding_models TO lectern_app;
  END IF;
  FOR isolated IN
    SELECT oid::regprocedure AS signature FROM pg_proc
    WHERE pronamespace = current_schema()::regnamespace AND prosecdef
      AND (proname = 'messages_with_terms' OR proname LIKE '%\_with\_words')
      AND NOT has_function_privilege('lectern_app', oid, 'EXECUTE')
  LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO lectern_app', isolated.signature);
  END LOOP;
END $$;
