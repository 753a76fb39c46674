import { z } from 'zod';
import { messageStates } from '../message-states.ts';
import { id, noControlCharacters, time } from '../scalars.ts';
import { idInQuery, tableOf, tablePage } from './lists.ts';

/** Given by an owner of the workspace to an administrator of the server, who is no member of it. */
export const chatAccessRequest = z.strictObject({
  email: z
    .string()
    .trim()
    .toLowerCase()
    .max(254)
    .pipe(z.email('must be an e-mail address'))
    .describe('Of an administrator of the server.'),
  reason: z
    .string()
    .trim()
    .min(1)
    .max(500)
    .regex(noControlCharacters, 'must not have control characters')
    .describe('Why; it stands in the audit log.'),
  days: z.number().int().min(1).max(90).default(7).describe('Until it ends by itself.'),
});
export const chatAccess = z
  .object({
    user_id: id,
    email: z.string(),
    name: z.string(),
    reason: z.string(),
    granted_at: time,
    expires_at: time,
  })
  .meta({ id: 'ChatAccess' });
export const chatAccessList = z.object({ access: z.array(chatAccess) });

/** The workspaces whose chats whoever asks may look at. */
export const chatAccessOfMine = z.object({
  workspaces: z.array(
    z.object({ id, name: z.string(), reason: z.string().nullable(), expires_at: time.nullable() }),
  ),
});

const inWorkspace = { workspace_id: idInQuery.unwrap().describe('One of those that access was given to.') };

export const chatQuery = tablePage.extend({
  ...inWorkspace,
  sort: z.enum(['updated_at', 'created_at']).default('updated_at'),
});
export const chatRow = z
  .object({
    id,
    title: z.string().nullable(),
    messages: z.number().int(),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'AdminChat' });
export const chatTable = tableOf(chatRow);

export const chatMessageQuery = tablePage.extend({
  ...inWorkspace,
  order: z.enum(['asc', 'desc']).default('asc'),
});
export const chatMessageRow = z
  .object({
    id,
    parent_id: id.nullable(),
    role: z.enum(['user', 'assistant']),
    state: z.enum(messageStates),
    content: z.string(),
    model: z.string().nullable(),
    created_at: time,
  })
  .meta({ id: 'AdminChatMessage' });
export const chatMessageTable = tableOf(chatMessageRow);
