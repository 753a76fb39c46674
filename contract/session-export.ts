import { z } from 'zod';
import { id, time } from './scalars.ts';
import { message, session } from './sessions.ts';

export const exportQuery = z.strictObject({
  format: z
    .enum(['markdown', 'json'])
    .default('markdown')
    .describe('The active branch to read, or everything that is stored.'),
});

/** A session with all its branches. */
export const sessionExport = session
  .extend({
    exported_at: time,
    active_branch: z.array(id).describe('The messages of the branch that was shown, in order.'),
    messages: z
      .array(
        message.extend({
          usage: z.unknown().describe('As in the event of this name; null when there was none.'),
          timings: z.unknown().describe('Milliseconds from the question on.'),
          trace: z.unknown().describe('How the answer came about: GET /api/message/{id}/trace/.'),
        }),
      )
      .describe('Of all branches, oldest first.'),
  })
  .meta({ id: 'SessionExport' });
export type SessionExport = z.infer<typeof sessionExport>;
