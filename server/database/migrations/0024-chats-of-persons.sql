-- Whose chats: each belongs to who began it (docs/decisions/0037-chats-of-persons.md); those of a server without accounts,
-- and of the command line's own server, to nobody. Nobody is 0 wherever chats are looked for: one index serves
-- both. By CASE, because PostgreSQL takes coalesce() for leaky, and under a policy uses no index for it.
ALTER TABLE sessions ADD user_id bigint REFERENCES users (id) ON DELETE CASCADE;
CREATE INDEX sessions_of_user ON sessions
  (workspace_id, (CASE WHEN user_id IS NULL THEN 0 ELSE user_id END), pinned DESC, updated_at DESC, id DESC);
-- No list is a whole workspace's any more.
DROP INDEX sessions_by_activity;

-- The second wall between persons, as own_workspace is between workspaces: statements on somebody's behalf see and write
-- their chats only. Without the setting a statement is the whole workspace's, as those that write answers and titles are.
CREATE FUNCTION is_own_chat(user_id bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce(coalesce(user_id, 0) = nullif(current_setting('lectern.user_id', true), '')::bigint, true)
$$;

-- What statements of a workspace may do with its tables: nothing with most of those of accounts, because who asks is
-- found before a workspace is; its keys and its part of the audit log its owners may list, and nothing else.
CREATE FUNCTION workspace_grants(relation name) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN relation IN ('chat_access', 'invites', 'memberships', 'sign_ins') THEN ''
    WHEN relation IN ('api_keys', 'audit_log', 'workspaces') THEN 'SELECT'
    ELSE 'SELECT, INSERT, UPDATE, DELETE'
  END
$$;

-- The rest is that of 0017 and 0022, with both.

-- Every table with rows of workspaces, and what is missing of its isolation: null when nothing is.
CREATE OR REPLACE FUNCTION workspace_tables() RETURNS TABLE (id oid, name name, condition text, problem text)
LANGUAGE sql STABLE AS $$
  SELECT relation.oid, relation.relname, isolation.condition, CASE
    WHEN NOT relation.relrowsecurity THEN 'row-level security is switched off'
    WHEN NOT EXISTS (SELECT FROM pg_policy
      WHERE polrelid = relation.oid AND polname = 'own_workspace' AND polcmd = '*'
        AND pg_get_expr(polqual, polrelid) = isolation.condition) THEN 'its policy is missing'
    WHEN EXISTS (SELECT FROM pg_policy
      WHERE polrelid = relation.oid AND polname <> 'own_workspace' AND polpermissive)
      THEN 'another policy shows more'
    WHEN relation.relname = 'sessions' AND NOT EXISTS (SELECT FROM pg_policy
      WHERE polrelid = relation.oid AND polname = 'own_chats' AND polcmd = '*' AND NOT polpermissive
        AND pg_get_expr(polqual, polrelid) = 'is_own_chat(user_id)')
      THEN 'its policy of persons is missing'
  END
  FROM pg_class AS relation
  JOIN pg_attribute AS attribute ON attribute.attrelid = relation.oid AND NOT attribute.attisdropped
    AND attribute.attname = CASE relation.relname WHEN 'workspaces' THEN 'id' ELSE 'workspace_id' END
  -- As PostgreSQL writes it. After its transaction a setting is not gone but empty.
  CROSS JOIN LATERAL (SELECT format('(%I = (NULLIF(current_setting(''lectern.workspace_id''::text, true), ''''::text))::bigint)',
    attribute.attname) AS condition) AS isolation
  WHERE relation.relkind IN ('r', 'p') AND relation.relnamespace = current_schema()::regnamespace
  ORDER BY relation.relname
$$;

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
      AND proname IN ('messages_with_terms', 'documents_with_words', 'api_keys_with_words')
      AND NOT has_function_privilege('lectern_app', oid, 'EXECUTE')
  LOOP
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO lectern_app', isolated.signature);
  END LOOP;
END $$;
