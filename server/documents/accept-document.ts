import { createHash } from 'node:crypto';
import { saveDocumentText } from '../database/document-text.ts';
import type { Db, Trx } from '../database/open-database.ts';
import { DocumentError } from '../errors.ts';
import { cleanFilename } from './clean-filename.ts';
import { decodeText } from './reading/decode-text.ts';

export type Upload = { filename: string; bytes: Buffer };

export type AcceptedDocument = {
  documentId: number;
  /** The same bytes were there already, ready or on their way. */
  duplicate: boolean;
};

/**
 * Checks an uploaded file and stores it, its text and the job to ingest it in one transaction: from here
 * on it can't be lost, and nothing is stored of a file that is refused.
 *
 * @throws DocumentError when the file can't be read as text.
 */
export async function acceptDocument(
  db: Db,
  workspaceId: number,
  { filename, bytes }: Upload,
): Promise<AcceptedDocument> {
  const name = cleanFilename(filename);
  if (!/\.txt$/i.test(name))
    throw new DocumentError(
      'unsupported_media_type',
      `Lectern can't read "${name}" yet: it reads UTF-8 text files (.txt).`,
    );
  const text = decodeText(bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return db.transaction().execute(async trx => {
    const inserted = await trx
      .insertInto('documents')
      .values({
        workspace_id: workspaceId,
        filename: name,
        media_type: 'text/plain',
        byte_size: bytes.length,
        sha256,
        state: 'queued',
        text_length: text.length,
      })
      .onConflict(conflict => conflict.columns(['workspace_id', 'sha256']).doNothing())
      .returning('id')
      .executeTakeFirst();
    if (!inserted) return joinExisting(trx, workspaceId, sha256);
    const documentId = inserted.id;
    await trx
      .insertInto('document_files')
      .values({ workspace_id: workspaceId, document_id: documentId, content: bytes })
      .execute();
    await saveDocumentText(trx, workspaceId, documentId, text);
    await trx
      .insertInto('ingestion_jobs')
      .values({ workspace_id: workspaceId, document_id: documentId })
      .execute();
    return { documentId, duplicate: false };
  });
}

/** The document that has these bytes; if it had failed, uploading it again is another try. */
async function joinExisting(trx: Trx, workspaceId: number, sha256: string): Promise<AcceptedDocument> {
  const { id, state } = await trx
    .selectFrom('documents')
    .select(['id', 'state'])
    .where('workspace_id', '=', workspaceId)
    .where('sha256', '=', sha256)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (state !== 'failed') return { documentId: id, duplicate: true };
  await trx
    .updateTable('documents')
    .set({ state: 'queued', progress: 0, error_code: null, error_message: null })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .execute();
  await trx.insertInto('ingestion_jobs').values({ workspace_id: workspaceId, document_id: id }).execute();
  return { documentId: id, duplicate: false };
}
