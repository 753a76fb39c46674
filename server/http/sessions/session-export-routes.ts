import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errorBody } from '../../../contract/errors.ts';
import { idInPath } from '../../../contract/scalars.ts';
import { exportQuery, type SessionExport, sessionExport } from '../../../contract/session-export.ts';
import { defuseMarkdown } from '../../chat/defusing/markdown-defuser.ts';
import type { Asker } from '../../database/isolation/for-workspace.ts';
import type { Db } from '../../database/open-database.ts';
import { readBranch } from '../../sessions/branches/read-branch.ts';
import { exportName } from '../../sessions/exporting/export-name.ts';
import { readWholeSession } from '../../sessions/exporting/read-whole-session.ts';
import { sessionMarkdown } from '../../sessions/exporting/session-markdown.ts';
import type { MessageRow } from '../../sessions/message-store.ts';
import { getSession } from '../../sessions/session-store.ts';
import { readSourceStates } from '../../sessions/source-states.ts';
import { attachment } from '../attachment.ts';
import { toMessage, toSession } from './to-session.ts';

type Place = { db: Db; asker: Asker };

export function sessionExportRoutes(): FastifyPluginAsyncZod {
  const exportMarkdown = async ({ db, asker }: Place, sessionId: number) => {
    const { workspaceId } = asker;
    const row = await getSession(db, asker, sessionId);
    const messages = await readBranch(db, { workspaceId, sessionId }, row.active_message_id);
    const stateOf = await readSourceStates(db, workspaceId, messages.flatMap(sourcesOf));
    return { row, text: sessionMarkdown(toSession(row, messages, stateOf), defuseMarkdown) };
  };
  const exportJson = async ({ db, asker }: Place, sessionId: number) => {
    const { workspaceId } = asker;
    const row = await getSession(db, asker, sessionId);
    const { branch, messages } = await readWholeSession(db, workspaceId, row);
    const stateOf = await readSourceStates(db, workspaceId, messages.flatMap(sourcesOf));
    const { messages: _, ...session } = toSession(row, [], stateOf);
    const exported: SessionExport = {
      ...session,
      exported_at: new Date().toISOString(),
      active_branch: branch,
      messages: messages.map(message => ({
        ...toMessage(message, stateOf),
        usage: message.usage,
        timings: message.timings,
        trace: message.trace,
      })),
    };
    return { row, text: `${JSON.stringify(exported, null, 2)}\n` };
  };
  return async app => {
    app.get(
      '/api/session/:id/export/',
      {
        config: { permission: 'read' },
        schema: {
          tags: ['sessions'],
          summary: 'Save a session as a file: to read with its sources, or with everything that is stored',
          params: z.object({ id: idInPath }),
          querystring: exportQuery,
          produces: ['text/markdown', 'application/json'],
          response: {
            200: {
              description: 'A file.',
              content: {
                'text/markdown': { schema: z.string() },
                'application/json': { schema: sessionExport },
              },
            },
            400: errorBody,
            404: errorBody,
          },
        },
      },
      async ({ params: { id }, query: { format }, asker, db }, reply) => {
        const isJson = format === 'json';
        const { row, text } = await (isJson
          ? exportJson({ db, asker }, id)
          : exportMarkdown({ db, asker }, id));
        return reply
          .header('content-type', `${isJson ? 'application/json' : 'text/markdown'}; charset=utf-8`)
          .header('content-disposition', attachment(exportName(row, isJson ? 'json' : 'md')))
          .header('x-content-type-options', 'nosniff')
          .send(text);
      },
    );
  };
}

const sourcesOf = ({ evidence }: MessageRow) => evidence?.sources ?? [];
