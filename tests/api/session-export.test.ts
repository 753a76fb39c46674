import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { sessionExport } from '../../contract/session-export.ts';
import {
  ask,
  createSession,
  expectError,
  postJson,
  putFile,
  readHistory,
  readSession,
  removeDocument,
  upload,
} from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { eventOf } from '../event-stream.ts';
import { onEachDatabase } from '../on-each-database.ts';

const timetable =
  'The ferry to Tangen leaves at 07:40 from pier 2.\n\n```\n![x](http://evil.example/x.png)\n```\n';

onEachDatabase('the export of a session', createApp => {
  let app: TestApp;
  before(async () => {
    app = await createApp();
  });

  const download = (id: number, query = '') => app.fetch(`/api/session/${id}/export/${query}`);
  const markdown = async (id: number) => (await download(id)).text();
  const json = async (id: number) => sessionExport.parse(await (await download(id, '?format=json')).json());
  const name = (id: number, title: string) =>
    app.fetch(`/api/session/${id}/`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title }),
    });
  const nameOf = (response: Response) => {
    const [, encoded = ''] =
      /filename\*=UTF-8''(\S+)$/.exec(response.headers.get('content-disposition') ?? '') ?? [];
    return decodeURIComponent(encoded);
  };

  test('Markdown has questions, answers and below each the numbered sources with their quotes', async () => {
    await upload(app, timetable, 'time_table*.txt');
    const id = await createSession(app);
    await ask(app, id, 'When does the ferry to Tangen leave?');
    const response = await download(id);
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'text/markdown; charset=utf-8');
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    assert.match(response.headers.get('content-disposition') ?? '', /^attachment; /);
    const text = await response.text();
    const [, answer] = await readHistory(app, id);
    const [source] = answer?.sources ?? [];
    assert.ok(answer && source);
    assert.match(
      text,
      /^# When does the ferry to Tangen leave\?\n\nSession \d+, begun on \d{4}-\d\d-\d\d\.\n/,
    );
    assert.match(
      text,
      /\n## Question, \d{4}-\d\d-\d\d \d\d:\d\d UTC\n\nWhen does the ferry to Tangen leave\?\n/,
    );
    assert.ok(text.includes(answer.content.trim()));
    assert.ok(text.includes('\\[1\\] **time\\_table\\*.txt**\n'), text);
    // The quote to the letter, in a fence that it can't close.
    assert.ok(text.includes(`\n\`\`\`\`text\n${source.quote}\n\`\`\`\`\n`), text);
  });

  test('a source whose document was replaced or deleted says so and keeps its quote', async () => {
    const documentId = await upload(app, 'The lighthouse has 214 steps.', 'lighthouse.txt');
    const id = await createSession(app);
    await ask(app, id, 'How many steps has the lighthouse?', { document_ids: [documentId] });
    const heading = '\\[1\\] **lighthouse.txt**';
    assert.ok((await markdown(id)).includes(`${heading}\n`));
    await putFile(app, documentId, 'The lighthouse has 215 steps.', { name: 'lighthouse.txt' });
    assert.ok((await markdown(id)).includes(`${heading} *(the document has been replaced since)*\n`));
    await removeDocument(app, documentId);
    const text = await markdown(id);
    assert.ok(text.includes(`${heading} *(the document has been deleted since)*\n`), text);
    assert.ok(text.includes('\nThe lighthouse has 214 steps.\n'));
    const [source] = (await json(id)).messages.at(-1)?.sources ?? [];
    assert.deepEqual([source?.state, source?.quote], ['gone', 'The lighthouse has 214 steps.']);
  });

  test('JSON has every branch with what was said of it, and names the one that was shown', async () => {
    const id = await createSession(app);
    const { message_id, user_message_id } = eventOf(await ask(app, id, 'Which colour?'), 'start');
    await postJson(app, `/api/message/${message_id}/feedback/`, { rating: 'down', comment: 'Too short.' });
    await (await postJson(app, `/api/message/${user_message_id}/edit/`, { message: 'Which shape?' })).text();
    const response = await download(id, '?format=json');
    assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8');
    const exported = sessionExport.parse(await response.json());
    const shown = await readSession(app, id);
    assert.deepEqual(
      exported.messages.map(({ role, parent_id }) => [role, parent_id]),
      [
        ['user', null],
        ['assistant', user_message_id],
        ['user', null],
        ['assistant', shown.messages[0]?.id],
      ],
    );
    assert.deepEqual(
      exported.active_branch,
      shown.messages.map(message => message.id),
    );
    const rated = exported.messages[1];
    assert.equal(rated?.feedback?.comment, 'Too short.');
    assert.equal(typeof rated?.timings, 'object');
    assert.match(JSON.stringify(rated?.trace), /Which colour\?/);
    assert.deepEqual(exported.messages[2]?.versions, [user_message_id, exported.messages[2]?.id]);
    const text = await markdown(id);
    assert.ok(text.includes('Which shape?'));
    assert.ok(!text.includes('Too short.'), 'the other branch is not shown');
  });

  test('the file has the title as its name, without what file systems and headers refuse', async () => {
    const id = await createSession(app);
    assert.equal(nameOf(await download(id)), `Session ${id}.md`);
    for (const [title, expected] of [
      ['Fähre nach Tangen – 船 💡', 'Fähre nach Tangen – 船 💡.md'],
      ['../../etc/passwd', 'etc passwd.md'],
      ['a"b\'c;d\\e%f', 'a b c d e f.md'],
      ['...', `Session ${id}.md`],
      ['\u202egnp.exe', 'gnp.exe.md'],
      ['x'.repeat(200), `${'x'.repeat(80)}.md`],
    ] as const) {
      assert.equal((await name(id, title)).status, 200);
      const response = await download(id);
      assert.equal(nameOf(response), expected);
      assert.match(
        response.headers.get('content-disposition') ?? '',
        /^attachment; filename="[\x20-\x7e]+"; /,
      );
      assert.equal(nameOf(await download(id, '?format=json')), expected.replace(/md$/, 'json'));
    }
  });

  test('a title is no Markdown', async () => {
    const id = await createSession(app);
    await name(id, '<img src=x> *bold* [link](x) www.evil.example');
    assert.match(
      await markdown(id),
      /^# \\< img src=x\\> \\\*bold\\\* \\\[link\\\]\\?\(x\) `www\.evil\.example`\n/,
    );
  });

  test('an unknown session gets 404, another format 400', async () => {
    await expectError(await download(999_999_999), 404, 'not_found');
    await expectError(await download(999_999_999, '?format=json'), 404, 'not_found');
    const id = await createSession(app);
    await expectError(await download(id, '?format=pdf'), 400, 'invalid_request');
  });

  test('an empty session is exported too', async () => {
    const id = await createSession(app);
    assert.match(await markdown(id), new RegExp(`^# Session ${id}\n`));
    assert.deepEqual((await json(id)).messages, []);
  });
});
