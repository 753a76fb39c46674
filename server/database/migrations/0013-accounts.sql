-- Who may use Lectern. users, user_credentials, sign_ins, verifications and two_factors are better-auth's
-- tables (its user, account, session, verification and twoFactor) in the words of this schema: a session is
-- a chat here.

CREATE SEQUENCE user_ids;
CREATE TABLE users (
  id bigint PRIMARY KEY DEFAULT nextval('user_ids'),
  email text NOT NULL UNIQUE CHECK (email = lower(email)),
  email_verified boolean NOT NULL DEFAULT false,
  name text NOT NULL,
  image text,
  -- Of the whole server; what someone may do in a workspace is their role there.
  is_admin boolean NOT NULL DEFAULT false,
  -- Who is disabled can't sign in, and their keys do nothing.
  disabled_at timestamptz,
  two_factor_enabled boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

-- A password, or an identity at an OpenID provider.
CREATE SEQUENCE user_credential_ids;
CREATE TABLE user_credentials (
  id bigint PRIMARY KEY DEFAULT nextval('user_credential_ids'),
  user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  provider_id text NOT NULL,
  account_id text NOT NULL,
  -- argon2id, as a PHC string.
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (provider_id, account_id)
);
CREATE INDEX user_credentials_by_user ON user_credentials (user_id);

-- A browser in which someone is signed in.
CREATE SEQUENCE sign_in_ids;
CREATE TABLE sign_ins (
  id bigint PRIMARY KEY DEFAULT nextval('sign_in_ids'),
  user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  token text NOT NULL UNIQUE,
  -- The workspace that is being looked at; without one, or when its membership is gone, the oldest.
  workspace_id bigint REFERENCES workspaces (id) ON DELETE SET NULL,
  expires_at timestamptz NOT NULL,
  ip_address text,
  user_agent text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sign_ins_by_user ON sign_ins (user_id);

CREATE SEQUENCE verification_ids;
CREATE TABLE verifications (
  id bigint PRIMARY KEY DEFAULT nextval('verification_ids'),
  identifier text NOT NULL,
  value text NOT NULL,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX verifications_by_identifier ON verifications (identifier);

CREATE SEQUENCE two_factor_ids;
CREATE TABLE two_factors (
  id bigint PRIMARY KEY DEFAULT nextval('two_factor_ids'),
  user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  -- Both encrypted with the secret key.
  secret text NOT NULL,
  backup_codes text NOT NULL,
  verified boolean NOT NULL DEFAULT true,
  failed_verification_count integer NOT NULL DEFAULT 0,
  locked_until timestamptz
);
CREATE INDEX two_factors_by_user ON two_factors (user_id);

CREATE TABLE memberships (
  workspace_id bigint NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  role text NOT NULL CHECK (role IN ('owner', 'editor', 'reader')),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace_id, user_id)
);
CREATE INDEX memberships_by_user ON memberships (user_id);

-- Whoever has the link becomes a member. Of the token in it only the hash is kept.
CREATE SEQUENCE invite_ids;
CREATE TABLE invites (
  workspace_id bigint NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  id bigint NOT NULL DEFAULT nextval('invite_ids'),
  role text NOT NULL CHECK (role IN ('owner', 'editor', 'reader')),
  -- The only address that may accept it; null for any.
  email text CHECK (email = lower(email)),
  token_sha256 text NOT NULL UNIQUE,
  created_by bigint REFERENCES users (id) ON DELETE SET NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (workspace_id, id)
);

-- Links that are good once: the first admin's, and those that reset a password.
CREATE SEQUENCE account_link_ids;
CREATE TABLE account_links (
  id bigint PRIMARY KEY DEFAULT nextval('account_link_ids'),
  purpose text NOT NULL CHECK (purpose IN ('set_up', 'reset')),
  user_id bigint REFERENCES users (id) ON DELETE CASCADE,
  token_sha256 text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  CHECK ((purpose = 'reset') = (user_id IS NOT NULL))
);

CREATE SEQUENCE api_key_ids;
CREATE TABLE api_keys (
  workspace_id bigint NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  id bigint NOT NULL DEFAULT nextval('api_key_ids'),
  name text NOT NULL,
  -- How the secret begins, so that its owner knows it again.
  prefix text NOT NULL,
  secret_sha256 text NOT NULL UNIQUE,
  scopes text[] NOT NULL CHECK (scopes <@ ARRAY['read', 'ask', 'write', 'admin'] AND cardinality(scopes) > 0),
  -- A key may do at most what its maker may do at the time; null: made on this machine, without an account.
  created_by bigint REFERENCES users (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX api_keys_by_maker ON api_keys (created_by);

-- Guesses at passwords: of an address, of an account, of both together.
CREATE TABLE sign_in_attempts (
  subject text PRIMARY KEY,
  attempts integer NOT NULL,
  window_ends_at timestamptz NOT NULL
);
CREATE INDEX sign_in_attempts_by_end ON sign_in_attempts (window_ends_at);

-- Who did what, when and from where. No foreign keys: what is written stays as it was.
CREATE SEQUENCE audit_log_ids;
CREATE TABLE audit_log (
  id bigint PRIMARY KEY DEFAULT nextval('audit_log_ids'),
  at timestamptz NOT NULL DEFAULT now(),
  workspace_id bigint,
  actor text NOT NULL CHECK (actor IN ('local', 'user', 'key', 'anonymous', 'terminal')),
  user_id bigint,
  key_id bigint,
  address text,
  action text NOT NULL,
  details jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_log_by_workspace ON audit_log (workspace_id, id);

CREATE FUNCTION refuse_change_of_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The audit log is append only.';
END $$;
CREATE TRIGGER audit_log_is_append_only BEFORE UPDATE OR DELETE ON audit_log
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit_log();
