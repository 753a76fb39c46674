import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type LocalFile, planSync, type RemoteDocument, type SyncPlan } from '../../cli/sync/plan-sync.ts';

/** 'a=1' is the file a with the content 1; 'a=1' of documents the document that came from it. */
const files = (...texts: string[]): LocalFile[] =>
  texts.map(text => {
    const [source = '', sha256 = ''] = text.split('=');
    return { path: `/${source}`, source, sha256 };
  });
const documents = (...texts: string[]): RemoteDocument[] =>
  files(...texts).map(({ source, sha256 }, index) => ({
    documentId: index + 1,
    source,
    sha256,
    failed: false,
  }));

function describe({ moves, deletions, sends }: SyncPlan): string[] {
  return [
    ...moves.map(({ file, document }) => `move ${document.source} to ${file.source}`),
    ...deletions.map(({ source, sha256 }) => `delete ${source}=${sha256}`),
    ...sends.map(({ file, document }) => `${document ? 'replace' : 'send'} ${file.source}=${file.sha256}`),
  ];
}

const cases: [what: string, local: string[], remote: string[], plan: string[]][] = [
  ['nothing to do', ['a=1', 'b=2'], ['a=1', 'b=2'], []],
  ['a new file', ['a=1', 'b=2'], ['a=1'], ['send b=2']],
  ['a changed file', ['a=2'], ['a=1'], ['replace a=2']],
  ['a deleted file', ['a=1'], ['a=1', 'b=2'], ['delete b=2']],
  ['a renamed file', ['b=1'], ['a=1'], ['move a to b']],
  ['a file renamed over another', ['b=1'], ['a=1', 'b=2'], ['move a to b', 'delete b=2']],
  ['two files that changed places', ['a=2', 'b=1'], ['a=1', 'b=2'], ['move b to a', 'move a to b']],
  ['a renamed file with a new one at its old place', ['a=2', 'b=1'], ['a=1'], ['move a to b', 'send a=2']],
  ['twins, new', ['a=1', 'b=1'], [], ['send a=1']],
  ['twins, there', ['a=1', 'b=1'], ['a=1'], []],
  ['twins, there under the second', ['a=1', 'b=1'], ['b=1'], []],
  ['the twin that had the document is deleted', ['b=1'], ['a=1'], ['move a to b']],
  ['the twin that had the document changes', ['a=2', 'b=1'], ['a=1'], ['move a to b', 'send a=2']],
  ['a file becomes a twin', ['a=1', 'b=1'], ['a=1', 'b=2'], ['delete b=2']],
  ['two documents of one file', ['a=1'], ['a=1', 'a=2'], ['delete a=2']],
];
for (const [what, local, remote, plan] of cases)
  test(`plan: ${what}`, () => {
    assert.deepEqual(describe(planSync(files(...local), documents(...remote))), plan);
  });

test('a document that failed is sent again in its place', () => {
  const [failed] = documents('a=1');
  assert.ok(failed);
  assert.deepEqual(describe(planSync(files('a=1'), [{ ...failed, failed: true }])), ['replace a=1']);
});

test('documents of files that can not be judged are left alone, and serve as twins', () => {
  const plan = planSync(files('b=1', 'c=3'), documents('a=1', 'c=2', 'd=4'), source => source === 'a');
  assert.deepEqual(describe(plan), ['delete d=4', 'replace c=3']);
});

test('whatever happens in a folder, one plan brings the server in step, and the next has nothing to do', () => {
  const names = fc.constantFrom('a', 'b', 'c', 'd', 'e');
  const contents = fc.constantFrom('1', '2', '3', '4');
  const folder = fc
    .dictionary(names, contents)
    .map(entries => Object.entries(entries).map(([name, content]) => `${name}=${content}`));
  // The server keeps the same bytes once.
  const server = fc
    .uniqueArray(fc.tuple(names, contents), { selector: ([, content]) => content })
    .map(pairs => pairs.map(([name, content]) => `${name}=${content}`));
  fc.assert(
    fc.property(folder, server, (local, remote) => {
      const plan = planSync(files(...local), documents(...remote));
      const after = apply(plan, documents(...remote));
      const present = new Set(after.map(({ sha256 }) => sha256));
      assert.equal(present.size, after.length, 'no content twice');
      assert.deepEqual(present, new Set(files(...local).map(({ sha256 }) => sha256)));
      for (const { source, sha256 } of after) assert.ok(local.includes(`${source}=${sha256}`));
      assert.deepEqual(describe(planSync(files(...local), after)), []);
    }),
    { numRuns: 2_000 },
  );
});

test('what stays the same is never sent again', () => {
  const plan = planSync(files('a=2', 'b=1', 'c=3'), documents('a=1', 'b=2', 'x=3'));
  assert.deepEqual(plan.sends, []);
});

/** As the server would, which refuses to have the same content twice. */
function apply({ moves, deletions, sends }: SyncPlan, before: RemoteDocument[]): RemoteDocument[] {
  let documents = before;
  for (const { file, document } of moves)
    documents = documents.map(one =>
      one.documentId === document.documentId ? { ...one, source: file.source } : one,
    );
  const gone = new Set(deletions.map(({ documentId }) => documentId));
  documents = documents.filter(({ documentId }) => !gone.has(documentId));
  for (const send of sends) {
    const { file, document } = send;
    assert.ok(!documents.some(({ sha256 }) => sha256 === file.sha256), 'sent although it is there');
    const sent = { documentId: document?.documentId ?? 100 + sends.indexOf(send), ...file, failed: false };
    documents = [...documents.filter(({ documentId }) => documentId !== document?.documentId), sent];
  }
  return documents;
}
