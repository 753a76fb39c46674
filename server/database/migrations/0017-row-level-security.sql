-- Row-level security: the second of the two walls between workspaces (docs/decisions/0032-row-level-security.md).
-- Statements of a workspace run as lectern_app, which sees the rows of lectern.workspace_id only. Both hold for one
-- transaction. Work that spans workspaces runs as the tables' owner, whom the policies do not bind.

-- Gives every table of workspaces its policy, and lectern_app what it needs. Called after all migrations, so that none
-- can forget it; does nothing where all is done. Without the right to make the role it leaves that to an administrator.
CREATE FUNCTION isolate_workspaces() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  isolated record;
  has_role boolean;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lectern_app') THEN
    BEGIN
      CREATE ROLE lectern_app NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
    EXCEPTION
      -- Another database of this server makes it at the same moment.
      WHEN duplicate_object OR unique_violation THEN NULL;
      WHEN insufficient_privilege THEN NULL;
    END;
  END IF;
  SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lectern_app') INTO has_role;
  IF has_role THEN
    BEGIN
      IF NOT pg_has_role(current_user, 'lectern_app', 'MEMBER') THEN
        EXECUTE format('GRANT lectern_app TO %I', current_user);
      END IF;
      IF NOT has_schema_privilege('lectern_app', current_schema(), 'USAGE') THEN
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO lectern_app', current_schema());
      END IF;
    EXCEPTION WHEN insufficient_privilege THEN NULL;
    END;
  END IF;
  FOR isolated IN
    SELECT relation.oid, relation.relname AS name, relation.relrowsecurity AS is_enabled, attribute.attname AS key,
      EXISTS (SELECT FROM pg_policy
        WHERE polrelid = relation.oid AND polname = 'own_workspace') AS has_policy
    FROM pg_class AS relation
    JOIN pg_attribute AS attribute ON attribute.attrelid = relation.oid AND NOT attribute.attisdropped
      AND attribute.attname = CASE relation.relname WHEN 'workspaces' THEN 'id' ELSE 'workspace_id' END
    WHERE relation.relkind IN ('r', 'p') AND relation.relnamespace = current_schema()::regnamespace
    ORDER BY relation.relname
  LOOP
    IF NOT isolated.is_enabled THEN
      EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', isolated.name);
    END IF;
    IF NOT isolated.has_policy THEN
      -- After its transaction a setting is not gone but empty.
      EXECUTE format('CREATE POLICY own_workspace ON %I '
        'USING (%I = nullif(current_setting(''lectern.workspace_id'', true), '''')::bigint)',
        isolated.name, isolated.key);
    END IF;
    IF has_role AND NOT has_table_privilege('lectern_app', isolated.oid, 'DELETE') THEN
      EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO lectern_app', isolated.name);
    END IF;
  END LOOP;
  IF has_role AND NOT has_table_privilege('lectern_app', 'embedding_models', 'INSERT') THEN
    -- Of no workspace: which models there are.
    GRANT SELECT, INSERT ON embedding_models TO lectern_app;
  END IF;
  IF has_role THEN
    FOR isolated IN
      SELECT relation.oid, relation.relname AS name FROM pg_class AS relation
      WHERE relation.relkind = 'S' AND relation.relnamespace = current_schema()::regnamespace
    LOOP
      -- UPDATE: passage ids are reserved many at once.
      IF NOT has_sequence_privilege('lectern_app', isolated.oid, 'UPDATE') THEN
        EXECUTE format('GRANT USAGE, UPDATE ON SEQUENCE %I TO lectern_app', isolated.name);
      END IF;
    END LOOP;
    IF NOT has_function_privilege('lectern_app', 'messages_with_terms(tsquery)', 'EXECUTE') THEN
      GRANT EXECUTE ON FUNCTION messages_with_terms(tsquery) TO lectern_app;
    END IF;
  END IF;
END $$;

-- The newest message of each session of the workspace that has the terms. As the tables' owner, because `@@` is not
-- leakproof: under a policy it could use no index, and every search would read all messages. The workspace is that of
-- the setting here too, not the caller's choice.
CREATE FUNCTION messages_with_terms(terms tsquery) RETURNS TABLE (session_id bigint, message_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  SELECT session_id, max(id) FROM messages
  WHERE workspace_id = nullif(current_setting('lectern.workspace_id', true), '')::bigint AND search_terms @@ terms
  GROUP BY session_id
$$;
REVOKE EXECUTE ON FUNCTION messages_with_terms(tsquery) FROM PUBLIC;
