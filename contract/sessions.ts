import { z } from 'zod';
import { check, citation, source } from './chat.ts';
import { feedback } from './feedback.ts';
import { messageStates } from './message-states.ts';
import { id, time } from './scalars.ts';
import { answerUsage } from './usage.ts';

/** What has become of a source since the answer. */
const sourceStates = ['current', 'replaced', 'gone'] as const;

export const message = z
  .object({
    id,
    role: z.enum(['user', 'assistant']),
    content: z.string(),
    created_at: time,
    parent_id: id
      .nullable()
      .describe('The question of an answer; the answer before a question; null for the first.'),
    versions: z
      .array(id)
      .describe('This message and those in its place: edited questions, answers given anew; oldest first.'),
    state: z.enum(messageStates),
    finish_reason: z.string().nullable(),
    model: z.string().nullable().describe('What wrote the answer; null for questions.'),
    reasoning: z
      .string()
      .nullable()
      .describe(
        'What the model thought before it answered, at most its last 20,000 characters; null when it did not tell.',
      ),
    usage: answerUsage.nullable().describe('Null when no language model wrote it.'),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    sources: z
      .array(
        source.extend({ state: z.enum(sourceStates).describe('Whether the document is still as it was.') }),
      )
      .describe('What the answer rests on, as it was then.'),
    citations: z.array(citation).describe('In the order of the answer.'),
    check: check.nullable().describe('Null for questions and for answers that were not checked.'),
    feedback: feedback.nullable().describe('What the user said of the answer.'),
  })
  .meta({ id: 'Message' });

export type SourceState = (typeof sourceStates)[number];
export type Message = z.infer<typeof message>;
export type Session = z.infer<typeof session>;

const titled = {
  title: z.string().nullable().describe('Null before the first question.'),
  title_origin: z
    .enum(['question', 'model', 'user'])
    .nullable()
    .describe('A title that the user gave stays; the language model may replace the question’s words.'),
  pinned: z.boolean(),
};

export const session = z
  .object({
    id,
    created_at: time,
    updated_at: time,
    ...titled,
    active_message_id: id
      .nullable()
      .describe('The last message of the branch that the next question follows.'),
    messages: z.array(message).describe('Of one branch, from the first question on.'),
  })
  .meta({ id: 'Session' });

/** A title of visible characters on one line. */
const MOST_TITLE_CHARACTERS = 200;
const title = z
  .string()
  .transform(text =>
    text
      .toWellFormed()
      .replace(/\s+/g, ' ')
      .replace(/\p{Cc}/gu, '')
      .trim(),
  )
  .pipe(
    z
      .string()
      .regex(/[\p{L}\p{N}\p{P}\p{S}]/u, 'must have a visible character')
      .max(MOST_TITLE_CHARACTERS),
  );

export const sessionChange = z
  .strictObject({
    title: title.optional(),
    pinned: z.boolean().optional(),
    active_message_id: id
      .optional()
      .describe('Shows the branch of this message; of one with messages below it, the newest below.'),
  })
  .refine(change => Object.values(change).some(value => value !== undefined), {
    message: 'must have title, pinned or active_message_id',
  });
export type SessionChange = z.infer<typeof sessionChange>;

/** Where the words of a search stand. */
const hit = z.object({
  message_id: id.nullable().describe('The newest message that has the words; null for the title.'),
  role: z.enum(['user', 'assistant']).nullable(),
  snippet: z.string().describe('The text around the words, on one line.'),
  marks: z
    .array(z.object({ start: z.number().int(), end: z.number().int() }))
    .describe('The found words in the snippet, in UTF-16 units.'),
});
export type Hit = z.infer<typeof hit>;

export const sessionQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z
    .string()
    .regex(/^[01]\.\d{1,16}\.[1-9]\d{0,14}$/, 'must be the next_cursor of the page before')
    .optional(),
  q: z
    .string()
    .trim()
    .max(200)
    .optional()
    .describe('Sessions with all of these words in the title or in one message; the last may be unfinished.'),
});

export const sessionList = z.object({
  sessions: z.array(
    z.object({
      id,
      created_at: time,
      updated_at: time,
      ...titled,
      message_count: z.number().int().describe('Of all branches.'),
      hit: hit.nullable().describe('What was found; null without a search.'),
    }),
  ),
  next_cursor: z.string().nullable().describe('For the next page; null on the last.'),
});

export const sessionDeletion = z.object({
  session_id: id,
  deleted: z.object({
    messages: z.number().int().describe('Of all branches.'),
    stream_events: z.number().int().describe('Pieces of answers that were being written.'),
    feedback: z.number().int(),
  }),
  remaining: z.number().int().describe('Rows that still refer to the session: 0.'),
});
