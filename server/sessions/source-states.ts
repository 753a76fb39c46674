import { sql } from 'kysely';
import type { Source } from '../../contract/chat.ts';
import type { SourceState } from '../../contract/sessions.ts';
import type { Db } from '../database/open-database.ts';

/** Says of a source whether its document is still as it was when the answer rested on it. */
export type SourceStates = (source: Source) => SourceState;

/** Looks up the documents of the sources, all in one query. */
export async function readSourceStates(
  db: Db,
  workspaceId: number,
  sources: Source[],
): Promise<SourceStates> {
  const documentIds = [...new Set(sources.map(source => source.document_id))];
  const versions =
    documentIds.length === 0
      ? []
      : await db
          .selectFrom('document_versions')
          .select(['id', 'document_id'])
          .where('workspace_id', '=', workspaceId)
          .where('role', '=', 'current')
          .where(sql<boolean>`document_id = ANY(${documentIds}::bigint[])`)
          .execute();
  const current = new Map(versions.map(({ id, document_id }) => [document_id, id]));
  return ({ document_id, version }) => {
    const now = current.get(document_id);
    if (now === undefined) return 'gone';
    return now === version ? 'current' : 'replaced';
  };
}
