/** What someone is in a workspace. A reader reads and asks, an editor also changes documents, an owner everything. */
export const roles = ['owner', 'editor', 'reader'] as const;
export type Role = (typeof roles)[number];

/** What an API key is for; `admin` is what owners of the workspace may do. */
export const scopes = ['read', 'ask', 'write', 'admin'] as const;
export type Scope = (typeof scopes)[number];

/** What a route can ask for (docs/accounts.md). */
export const permissions = [
  'anyone',
  'account',
  'read',
  'ask',
  'write',
  'manage',
  'administer',
  'inspect',
] as const;
export type Permission = (typeof permissions)[number];
