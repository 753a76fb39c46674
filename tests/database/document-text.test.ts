import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  cutIntoSegments,
  readTextRanges,
  saveTextSegments,
  toUnits,
} from '../../server/database/document-text.ts';
import type { Db } from '../../server/database/open-database.ts';
import { onEachDatabase } from '../on-each-database.ts';

/** Longer than some segments, with characters of one and two units at any place. */
const longText = fc
  .tuple(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
    fc.array(fc.constantFrom('a', 'é', '😀', '𝒜', '\n', '漢字', 'x'.repeat(1_000)), {
      minLength: 1,
      maxLength: 12,
    }),
    fc.integer({ min: 1, max: 60 }),
  )
  .map(([head, words, times]) => (head + words.join('')).repeat(times).replaceAll('\0', ' ').toWellFormed());

const cuts = fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 20 });

onEachDatabase('document texts', createApp => {
  test('any range of any text is text.slice(start, end), and the whole is the text', async () => {
    const app = await createApp({ env: { SKIP_MODEL_LOADING: 'true' } });
    await app.inspect(async db => {
      const workspace = await db.selectFrom('workspaces').select('id').executeTakeFirstOrThrow();
      const property = fc.asyncProperty(fc.tuple(longText, longText), cuts, async (texts, pairs) => {
        const ids = await saveTexts(db, workspace.id, texts);
        const ranges = pairs.map(([a, b], index) => {
          const text = texts[index % 2] ?? '';
          const [start = 0, end = 0] = [a % (text.length + 1), b % (text.length + 1)].sort((x, y) => x - y);
          return { versionId: ids[index % 2] ?? 0, start, end };
        });
        const expected = ranges.map(({ start, end }, index) => (texts[index % 2] ?? '').slice(start, end));
        assert.deepEqual(await readTextRanges(db, workspace.id, ranges), expected);
        const whole = ids.map((versionId, index) => ({
          versionId,
          start: 0,
          end: texts[index]?.length ?? 0,
        }));
        assert.deepEqual(await readTextRanges(db, workspace.id, whole), texts);
      });
      await fc.assert(property, { numRuns: 60 });
    });
  });
});

let made = 0;

async function saveTexts(db: Db, workspaceId: number, texts: string[]): Promise<number[]> {
  const own = { workspace_id: workspaceId };
  const ids: number[] = [];
  for (const text of texts) {
    made += 1;
    const document = await db.insertInto('documents').values(own).returning('id').executeTakeFirstOrThrow();
    const file = await db.insertInto('stored_files').values(own).returning('id').executeTakeFirstOrThrow();
    const values = {
      ...own,
      document_id: document.id,
      file_id: file.id,
      role: 'current' as const,
      filename: 'any.txt',
      media_type: 'text/plain',
      byte_size: Buffer.byteLength(text),
      sha256: String(made),
      state: 'ready' as const,
      text_length: text.length,
    };
    const { id } = await db
      .insertInto('document_versions')
      .values(values)
      .returning('id')
      .executeTakeFirstOrThrow();
    const segments = [...cutIntoSegments(toUnits(text))];
    await db.transaction().execute(trx => saveTextSegments(trx, workspaceId, id, segments));
    ids.push(id);
  }
  return ids;
}
