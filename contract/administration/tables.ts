import { z } from 'zod';
import { roles, scopes } from '../accounts/permissions.ts';
import { documentStates } from '../documents.ts';
import { id, offset, time } from '../scalars.ts';
import { idInQuery, moment, tableOf, tablePage, truth, words } from './lists.ts';

const count = z.number().int().nonnegative();
const workspaceName = z.object({ id, name: z.string() });
/** What people are called; a whole address means nobody else. */
const person = words.describe(
  'Beginnings of words of the e-mail address and the name, or the whole address.',
);
/** Of tables of all workspaces. */
const inWorkspaces = {
  workspace_id: idInQuery,
  workspace: words.describe('Beginnings of words of the workspace’s name.'),
};

export const userFilter = z.strictObject({
  q: words.describe('Beginnings of words of the e-mail address and the name.'),
  state: z.enum(['active', 'disabled']).optional(),
  is_admin: truth,
  workspace_id: idInQuery.describe('Members of this workspace.'),
  workspace: words.describe('Members of workspaces with such beginnings of words in the name.'),
});
export const userQuery = tablePage.extend({
  sort: z.enum(['created_at', 'email', 'name']).default('created_at'),
  ...userFilter.shape,
});
export const userActions = ['disable', 'enable'] as const;
export const userRow = z
  .object({
    id,
    email: z.string(),
    name: z.string(),
    is_admin: z.boolean(),
    disabled: z.boolean(),
    second_factor: z.boolean(),
    created_at: time,
    signed_in_at: time.nullable().describe('The latest sign-in that is not signed out.'),
    workspaces: z.array(workspaceName.extend({ role: z.enum(roles) })),
  })
  .meta({ id: 'AdminUser' });
export const userTable = tableOf(userRow);

export const workspaceQuery = tablePage.extend({
  sort: z.enum(['created_at', 'name']).default('created_at'),
  q: words.describe('Beginnings of words of the name.'),
});
export const workspaceRow = z
  .object({
    id,
    name: z.string(),
    created_at: time,
    members: count,
    documents: count,
    sessions: count,
    keys: count.describe('That are not revoked.'),
  })
  .meta({ id: 'AdminWorkspace' });
export const workspaceTable = tableOf(workspaceRow);

export const memberQuery = tablePage.extend({ role: z.enum(roles).optional() });
export const memberRow = z
  .object({
    id: id.describe('The user’s.'),
    email: z.string(),
    name: z.string(),
    role: z.enum(roles),
    disabled: z.boolean(),
    since: time,
  })
  .meta({ id: 'AdminMember' });
export const memberTable = tableOf(memberRow);

const failure = z.object({ code: z.string(), message: z.string() }).nullable();

export const documentFilter = z.strictObject({
  q: words.describe('Beginnings of words of the file name and the title.'),
  state: z.enum(documentStates).optional(),
  from: moment.describe('Added then or later.'),
  to: moment.describe('Added before.'),
});
export const documentQuery = tablePage.extend({
  sort: z.enum(['created_at', 'filename', 'byte_size', 'passages']).default('created_at'),
  ...documentFilter.shape,
});
export const documentActions = ['delete', 'reprocess', 'retry'] as const;
export const documentRow = z
  .object({
    id,
    title: z.string().nullable(),
    filename: z.string(),
    media_type: z.string(),
    byte_size: count,
    state: z.enum(documentStates),
    error: failure,
    text_length: count.describe('UTF-16 units.'),
    chunks: count,
    passages: count,
    tags: z.array(z.string()),
    source: z.string().nullable(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'AdminDocument' });
export const documentTable = tableOf(documentRow);

/** Of the chunks and passages of a document. */
export const partQuery = tablePage.extend({ order: z.enum(['asc', 'desc']).default('asc') });
export const chunkRow = z
  .object({ id, ordinal: count, start: offset, end: offset, tokens: count, text: z.string() })
  .meta({ id: 'AdminChunk' });
export const chunkTable = tableOf(chunkRow);
export const passageRow = z
  .object({
    id,
    ordinal: count,
    start: offset,
    end: offset,
    page: z.number().int().nullable(),
    headings: z.array(z.string()),
    embedded: z.boolean(),
    text: z.string(),
  })
  .meta({ id: 'AdminPassage' });
export const passageTable = tableOf(passageRow);

export const jobStates = ['waiting', 'running', 'failed'] as const;
const anyJobFilter = z.strictObject({ state: z.enum(jobStates).optional() });
export const jobFilter = anyJobFilter.extend({
  q: words.describe('Beginnings of words of the file name and the title.'),
});
export const jobQuery = tablePage.extend(jobFilter.shape);
export const jobActions = ['retry', 'cancel'] as const;
const job = z.object({
  id: id.describe('Of the version that is worked on.'),
  document_id: id,
  state: z.enum(jobStates),
  stage: z.enum(['parsing', 'saving', 'embedding']).nullable(),
  progress: z.number().min(0).max(1),
  attempts: count,
  byte_size: count,
  error: failure,
  created_at: time,
  started_at: time.nullable(),
});
export const jobRow = job.extend({ filename: z.string() }).meta({ id: 'AdminJob' });
export const jobTable = tableOf(jobRow);
/** Whoever runs the server need not know what documents of others are called. */
export const serverJobFilter = anyJobFilter.extend(inWorkspaces);
export const serverJobQuery = tablePage.extend(serverJobFilter.shape);
export const serverJobRow = job.extend({ workspace: workspaceName }).meta({ id: 'AdminServerJob' });
export const serverJobTable = tableOf(serverJobRow);

export const keyStates = ['active', 'expired', 'revoked'] as const;
export const keyFilter = z.strictObject({
  q: words.describe('How the name or the key begins.'),
  state: z.enum(keyStates).optional(),
  created_by: idInQuery,
  maker: person,
});
export const keyQuery = tablePage.extend({
  sort: z.enum(['created_at', 'name']).default('created_at'),
  ...keyFilter.shape,
});
export const keyActions = ['revoke'] as const;
export const keyRow = z
  .object({
    id,
    name: z.string(),
    prefix: z.string(),
    scopes: z.array(z.enum(scopes)),
    state: z.enum(keyStates),
    created_by: z.object({ id, email: z.string() }).nullable(),
    created_at: time,
    expires_at: time.nullable(),
    last_used_at: time.nullable().describe('To the minute.'),
    revoked_at: time.nullable(),
  })
  .meta({ id: 'AdminKey' });
export const keyTable = tableOf(keyRow);
export const serverKeyFilter = keyFilter.extend(inWorkspaces);
export const serverKeyQuery = keyQuery.extend(inWorkspaces);
export const serverKeyRow = keyRow.extend({ workspace: workspaceName }).meta({ id: 'AdminServerKey' });
export const serverKeyTable = tableOf(serverKeyRow);

export const actorKinds = ['local', 'user', 'key', 'anonymous', 'terminal'] as const;
export const auditQuery = tablePage.extend({
  action: z
    .string()
    .regex(/^[a-z]+(-[a-z]+)*$/, 'must be the name of an action')
    .max(100)
    .optional(),
  actor: z.enum(actorKinds).optional(),
  user_id: idInQuery.describe('Who did it.'),
  user: person,
  key_id: idInQuery.describe('With which API key.'),
  key: words.describe('How the name of the API key or the key begins.'),
  address: z
    .string()
    .regex(/^[\w.:%-]{1,100}$/, 'must be an IP address')
    .optional()
    .describe('From where.'),
  from: moment.describe('Then or later.'),
  to: moment.describe('Before.'),
});
export const auditRow = z
  .object({
    id,
    at: time,
    action: z.string(),
    actor: z.enum(actorKinds),
    user: z.object({ id, email: z.string().nullable().describe('Null where the user is gone.') }).nullable(),
    key_id: id.nullable(),
    address: z.string().nullable(),
    workspace_id: id.nullable(),
    details: z.record(z.string(), z.unknown()).describe('What it was done to.'),
  })
  .meta({ id: 'AuditEntry' });
export const auditTable = tableOf(auditRow);
export const serverAuditQuery = auditQuery.extend(inWorkspaces);
