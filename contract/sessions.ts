import { z } from 'zod';
import { source } from './chat.ts';
import { id, time } from './scalars.ts';

const messageStates = ['running', 'complete', 'interrupted', 'failed'] as const;

/** What has become of a source since the answer. */
const sourceStates = ['current', 'replaced', 'gone'] as const;

const message = z
  .object({
    id,
    role: z.enum(['user', 'assistant']),
    content: z.string(),
    created_at: time,
    state: z.enum(messageStates),
    finish_reason: z.string().nullable(),
    model: z.string().nullable().describe('What wrote the answer; null for questions.'),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    sources: z
      .array(
        source.extend({ state: z.enum(sourceStates).describe('Whether the document is still as it was.') }),
      )
      .describe('What the answer rests on, as it was then.'),
  })
  .meta({ id: 'Message' });

export type SourceState = (typeof sourceStates)[number];

export const session = z
  .object({ id, created_at: time, updated_at: time, messages: z.array(message) })
  .meta({ id: 'Session' });

export const sessionList = z.object({
  sessions: z.array(z.object({ id, created_at: time, updated_at: time, message_count: z.number().int() })),
  next_cursor: z.string().nullable().describe('For the next page; null on the last.'),
});

export const sessionDeletion = z.object({
  session_id: id,
  deleted: z.object({ messages: z.number().int() }),
  remaining: z.literal(0),
});
