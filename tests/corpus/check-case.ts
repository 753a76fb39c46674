import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import {
  type document,
  documentDeletion,
  documentList,
  documentOutline,
  documentText,
  uploadAnswer,
} from '../../contract/documents.ts';
import { searchAnswer } from '../../contract/search.ts';
import { type Client, expectError, expectJson, postFile, postJson, readDocument } from '../api-client.ts';
import type { CorpusCase, Fact, Ready, Refused } from './corpus-case.ts';

type StoredDocument = z.infer<typeof document>;
type Results = z.infer<typeof searchAnswer>['results'];

/**
 * Uploads the file, compares all that the server says about it with what is expected, and deletes it.
 *
 * @returns the text of one that is ready.
 */
export async function checkCase(app: Client, { filename, bytes, expected }: CorpusCase): Promise<string> {
  const content = new Uint8Array(await bytes());
  const sha256 = createHash('sha256').update(content).digest('hex');
  const response = await postFile(app, content, { name: filename, type: 'application/octet-stream' });
  if (expected.state === 'failed') {
    await checkRefusal(app, response, sha256, expected);
    return '';
  }
  const { document_id } = uploadAnswer.parse(await expectJson(response, 201));
  const row = await readDocument(app, document_id);
  assert.equal(row.state, 'ready');
  assert.equal(row.sha256, sha256);
  const text = await readWholeText(app, row);
  checkText(text, expected);
  checkFields(row, expected);
  await checkOutline(app, { id: row.id, text, expected });
  await checkPassages(app, { id: row.id, text, facts: expected.facts ?? [] });
  await deleteDocument(app, row);
  return text;
}

async function checkRefusal(
  app: Client,
  response: Response,
  sha256: string,
  expected: Refused,
): Promise<void> {
  const error = await expectError(response, expected.status, expected.code);
  if (expected.byte !== undefined) assert.equal(error.byte, expected.byte);
  const { documents } = documentList.parse(
    await expectJson(await app.fetch(`/api/document/?sha256=${sha256}`), 200),
  );
  assert.equal(documents.length, expected.listed ? 1 : 0);
  const [row] = documents;
  if (!row) return;
  assert.equal(error.document_id, row.id);
  const stored = await readDocument(app, row.id);
  assert.equal(stored.state, 'failed');
  assert.equal(stored.error?.code, expected.code);
  assert.equal(stored.error?.message, error.message);
  await deleteDocument(app, stored);
}

/** In pieces, as the API gives it. */
async function readWholeText(app: Client, { id, text_length }: StoredDocument): Promise<string> {
  let text = '';
  while (text.length < text_length) {
    const answer = await app.fetch(`/api/document/${id}/text/?start=${text.length}`);
    const part = documentText.parse(await expectJson(answer, 200));
    assert.equal(part.start, text.length);
    assert.equal(part.end, text.length + part.text.length);
    text += part.text;
  }
  assert.equal(text.length, text_length);
  assert.ok(text.isWellFormed());
  assert.doesNotMatch(text, /[\0\r]/);
  return text;
}

function checkText(text: string, expected: Ready): void {
  if (expected.text !== undefined) assert.equal(text, expected.text);
  if (expected.textLength !== undefined) assert.equal(text.length, expected.textLength);
  let from = 0;
  for (const excerpt of expected.excerpts ?? []) {
    const at = text.indexOf(excerpt, from);
    assert.ok(at >= 0, `“${excerpt}” is missing after ${from} of:\n${text.slice(0, 3_000)}`);
    from = at + excerpt.length;
  }
  for (const absent of expected.absent ?? [])
    assert.ok(!text.includes(absent), `“${absent}” should not be in it`);
}

function checkFields(row: StoredDocument, { notes, title, language }: Ready): void {
  assert.deepEqual(
    row.notes.map(({ code }) => code),
    notes ?? [],
    JSON.stringify(row.notes),
  );
  if (title !== undefined) assert.equal(row.title, title);
  if (language !== undefined) assert.equal(row.language, language);
}

async function checkOutline(
  app: Client,
  { id, text, expected }: { id: number; text: string; expected: Ready },
): Promise<void> {
  const outline = documentOutline.parse(
    await expectJson(await app.fetch(`/api/document/${id}/outline/`), 200),
  );
  for (const { title, start, end } of outline.headings)
    assert.ok(text.slice(start, end).includes(title.slice(0, 20)));
  if (expected.headings)
    assert.deepEqual(
      outline.headings.map(({ level, title }) => [level, title]),
      expected.headings,
    );
  if (expected.pages !== undefined) assert.equal(outline.page_starts.length, expected.pages);
  if (expected.tables !== undefined) assert.equal(outline.tables.length, expected.tables);
}

async function checkPassages(
  app: Client,
  { id, text, facts }: { id: number; text: string; facts: Fact[] },
): Promise<void> {
  const search = async (query: string): Promise<Results> => {
    const answer = await postJson(app, '/api/search/', { query, top_k: 100, document_ids: [id] });
    const { results } = searchAnswer.parse(await expectJson(answer, 200));
    assert.ok(results.length > 0);
    for (const result of results) assert.equal(result.text, text.slice(result.start, result.end));
    return results;
  };
  if (facts.length === 0) await search(text.slice(0, 200).trim() || 'anything');
  for (const fact of facts) {
    const found = (await search(fact.text)).find(result => result.text.includes(fact.text));
    assert.ok(found, `no passage says “${fact.text}”`);
    if (fact.page !== undefined) assert.equal(found.page, fact.page);
    if (fact.under) assert.deepEqual(found.heading_path, fact.under);
  }
}

async function deleteDocument(app: Client, { id, total_passages }: StoredDocument): Promise<void> {
  const answer = await app.fetch(`/api/document/${id}/`, { method: 'DELETE' });
  const { deleted, remaining } = documentDeletion.parse(await expectJson(answer, 200));
  assert.deepEqual({ passages: deleted.passages, remaining }, { passages: total_passages, remaining: 0 });
}
