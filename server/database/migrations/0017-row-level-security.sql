-- Row-level security: the second of the two walls between workspaces (docs/decisions/0032-row-level-security.md).
-- Statements of a workspace run as lectern_app, which sees the rows of lectern.workspace_id only; both hold for one
-- transaction. Work that spans workspaces runs as the owner of the tables, whom their policies do not bind.

-- The newest message of each session of the workspace that has the terms. Runs as the tables' owner, because `@@` is
-- not leakproof: under a policy it could use no index, and every search would read all messages. The workspace is that
-- of the setting here too, not the caller's choice.
CREATE FUNCTION messages_with_terms(terms tsquery) RETURNS TABLE (session_id bigint, message_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
  SELECT session_id, max(id) FROM messages
  WHERE workspace_id = nullif(current_setting('lectern.workspace_id', true), '')::bigint AND search_terms @@ terms
  GROUP BY session_id
$$;
REVOKE EXECUTE ON FUNCTION messages_with_terms(tsquery) FROM PUBLIC;

-- Every table with rows of workspaces, and what is missing of its isolation: null when nothing is.
CREATE FUNCTION workspace_tables() RETURNS TABLE (id oid, name name, condition text, problem text)
LANGUAGE sql STABLE AS $$
  SELECT relation.oid, relation.relname, isolation.condition, CASE
    WHEN NOT relation.relrowsecurity THEN 'row-level security is switched off'
    WHEN NOT EXISTS (SELECT FROM pg_policy
      WHERE polrelid = relation.oid AND polname = 'own_workspace' AND polcmd = '*'
        AND pg_get_expr(polqual, polrelid) = isolation.condition) THEN 'its policy is missing'
    WHEN EXISTS (SELECT FROM pg_policy
      WHERE polrelid = relation.oid AND polname <> 'own_workspace' AND polpermissive)
      THEN 'another policy shows more'
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
CREATE FUNCTION isolate_workspaces() RETURNS void LANGUAGE plpgsql AS $$
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
  IF NOT has_function_privilege('lectern_app', 'messages_with_terms(tsquery)', 'EXECUTE') THEN
    GRANT EXECUTE ON FUNCTION messages_with_terms(tsquery) TO lectern_app;
  END IF;
END $$;
