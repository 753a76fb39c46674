import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { documentText, uploadAnswer } from '../../contract/documents.ts';
import { searchAnswer } from '../../contract/search.ts';
import { expectJson, postFile, postJson, readDocument } from '../api-client.ts';
import { countRows } from '../count-rows.ts';
import type { TestApp } from '../create-test-app.ts';
import { type FakeEmbeddingServer, startFakeEmbeddingServer } from '../fakes/embedding-server.ts';
import { onEachDatabase } from '../on-each-database.ts';

/** The embedded database takes a second for each beside five readers: all of them on demand. */
const REPLACEMENTS = { native: 200, embedded: Number(process.env.EMBEDDED_REPLACEMENTS ?? 50) };
const PARTS = 4;

/** A text whose every passage says which version it belongs to, and of which a reader knows when it is whole. */
function textOfVersion(number: number): string {
  const parts = Array.from({ length: PARTS }, (_, part) =>
    Array.from({ length: 3 }, (_, line) => `Part ${part} of edition ${number} has a line ${line} here.`).join(
      ' ',
    ),
  );
  return parts.map((text, part) => `# Part ${part}\n\n${text}`).join('\n\n');
}

/** The numbers of the versions that a text is made of. */
const editionsIn = (text: string) => [
  ...new Set([...text.matchAll(/edition (\d+)/g)].map(([, number]) => Number(number))),
];

onEachDatabase('a document that is replaced all the time', (createApp, { kind }) => {
  let app: TestApp;
  let id: number;
  /** The newest version whose replacement was answered. */
  let published = 0;
  let isOver = false;
  let embedder: FakeEmbeddingServer;
  before(async () => {
    // Versions are the database's matter; the real model would take most of the time.
    embedder = await startFakeEmbeddingServer();
    app = await createApp({ env: embedder.env });
    const response = await postFile(app, textOfVersion(0), { name: 'edition.md' });
    id = uploadAnswer.parse(await expectJson(response, 201)).document_id;
    const { total_passages } = await readDocument(app, id);
    assert.ok(total_passages >= 3, `${total_passages} passages`);
  });
  after(() => embedder.close());

  /** Reads until the end, and returns how often. Every answer is of one version, and no older than it was. */
  const readOn = async (read: (round: number) => Promise<string>): Promise<number> => {
    let rounds = 0;
    for (let seen = 0; !isOver; rounds += 1) {
      const least = published;
      const text = await read(rounds);
      const [edition = -1, ...others] = editionsIn(text);
      assert.deepEqual(others, [], 'a mixture of versions');
      assert.ok(edition >= Math.max(seen, least), `edition ${edition} after ${Math.max(seen, least)}`);
      seen = edition;
    }
    return rounds;
  };

  const search = async (query: string): Promise<string> => {
    const body = { query, top_k: 50 };
    const { results } = searchAnswer.parse(await expectJson(await postJson(app, '/api/search/', body), 200));
    const inOrder = results.toSorted((one, other) => one.start - other.start);
    const text = inOrder.map(passage => passage.text).join('');
    // A version's passages adjoin and cover its text.
    assert.equal(text, textOfVersion(editionsIn(text)[0] ?? -1), 'the passages of one version, all of them');
    return text;
  };

  const readText = async (): Promise<string> => {
    const response = await app.fetch(`/api/document/${id}/text/`);
    const { text, text_length } = documentText.parse(await expectJson(response, 200));
    assert.equal(text.length, text_length);
    assert.equal(text, textOfVersion(editionsIn(text)[0] ?? -1));
    return text;
  };

  const replaceAll = async () => {
    for (let edition = 1; edition <= REPLACEMENTS[kind] && !isOver; edition += 1) {
      const form = new FormData();
      form.append('file', new Blob([textOfVersion(edition)], { type: 'text/markdown' }), 'edition.md');
      const response = await app.fetch(`/api/document/${id}/`, { method: 'PUT', body: form });
      assert.equal(((await expectJson(response, 200)) as { status: string }).status, 'processed');
      published = edition;
    }
  };

  test('is found and read by five at once in one whole version each time, and never in none', async () => {
    const readers = [
      // The first asks for the same again and again, so that what is kept of earlier searches is tried as well.
      readOn(() => search('Which edition has a line?')),
      readOn(round => search(`Which edition has the line ${round}?`)),
      ...Array.from({ length: 3 }, () => readOn(readText)),
    ];
    const all = [...readers, replaceAll()];
    // Who ends first, well or badly, ends all.
    const end = () => {
      isOver = true;
    };
    for (const one of all) one.then(end, end);
    await Promise.allSettled(all);
    const rounds = await Promise.all(readers);
    await Promise.all(all);
    assert.ok(Math.min(...rounds) > REPLACEMENTS[kind] / 10, `read ${rounds} times`);
  });

  test('has left nothing of its earlier versions', async () => {
    const { passages, ...rows } = await app.inspect(countRows);
    assert.equal(rows.passage_embeddings, passages);
    for (const table of ['documents', 'document_versions', 'stored_files', 'file_parts', 'document_texts'])
      assert.equal(rows[table], 1, table);
    assert.equal(rows.ingestion_jobs, 0);
  });
});
