import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import { sessionList } from '../../contract/sessions.ts';
import { ask, createSession, expectError, expectJson, readSession } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { onEachDatabase } from '../on-each-database.ts';

onEachDatabase('the list of sessions', createApp => {
  let app: TestApp;
  before(async () => {
    app = await createApp();
  });

  const list = async (query: Record<string, string> = {}) =>
    sessionList.parse(await expectJson(await app.fetch(`/api/session/?${new URLSearchParams(query)}`), 200));
  const patch = (id: number, body: unknown) =>
    app.fetch(`/api/session/${id}/`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const change = async (id: number, body: object) => expectJson(await patch(id, body), 200);
  const found = async (q: string) => (await list({ q })).sessions.map(({ id }) => id);
  const asked = async (...questions: string[]) => {
    const id = await createSession(app);
    for (const question of questions) await ask(app, id, question);
    return id;
  };
  const remove = (id: number) => app.fetch(`/api/session/${id}/`, { method: 'DELETE' });
  const removeAll = async () => {
    for (const { id } of (await list({ limit: '200' })).sessions) await remove(id);
  };

  test('pinned sessions come first, then those asked last, page by page without gap or repetition', async () => {
    const ids: number[] = [];
    for (let count = 0; count < 7; count += 1) ids.push(await createSession(app));
    const [first = 0, second = 0, third = 0] = ids;
    await ask(app, second, 'Which of you is the newest now?');
    await change(third, { pinned: true });
    await change(first, { pinned: true });
    const expected = [third, first, second, ...ids.slice(3).toReversed()];
    for (const limit of ['1', '2', '3', '7', '200']) {
      const listed: number[] = [];
      let cursor: string | null = null;
      do {
        const page = await list({ limit, ...(cursor !== null && { cursor }) });
        listed.push(...page.sessions.map(({ id }) => id));
        cursor = page.next_cursor;
      } while (cursor !== null);
      assert.deepEqual(listed, expected, `limit ${limit}`);
    }
    const { sessions } = await list();
    assert.deepEqual(
      sessions.slice(0, 3).map(({ pinned, message_count, title }) => [pinned, message_count, title]),
      [
        [true, 0, null],
        [true, 0, null],
        [false, 2, 'Which of you is the newest now?'],
      ],
    );
    await change(third, { pinned: false });
    assert.equal((await list()).sessions[0]?.id, first);
    await removeAll();
  });

  test('a parameter that makes no sense gets 400 naming it', async () => {
    for (const query of [
      'limit=0',
      'limit=201',
      'limit=x',
      'cursor=-1',
      'cursor=17',
      'cursor=2.1.1',
      'cursor=1%27',
      `q=${'x'.repeat(201)}`,
      'colour=red',
    ]) {
      const { message } = await expectError(
        await app.fetch(`/api/session/?${query}`),
        400,
        'invalid_request',
      );
      assert.match(message, new RegExp(query.split('=')[0] ?? ''));
    }
  });

  test('sessions are found by words of their messages and titles, inflected, accented and unfinished', async () => {
    const ferry = await asked('When do the ferries to Ängelholm leave?', 'And on Sundays?');
    const budget = await asked('Was steht im Haushaltsplan über Überstunden?');
    const named = await createSession(app);
    await change(named, { title: 'Quarterly planning' });
    for (const [q, ids] of [
      ['ferry', [ferry]],
      ['FERRIES', [ferry]],
      ['sunday', [ferry]],
      ['angelholm', [ferry]],
      ['Ängel', [ferry]],
      ['leaving ferries', [ferry]],
      ['ferries sundays', []], // Not in one message.
      ['überstunde', [budget]],
      ['uberst', [budget]],
      ['Haushaltsplan Überstunden', [budget]],
      ['quarter', [named]],
      ['plans', [named]],
      ['lighthouse', []],
      ['!?', []],
    ] as const)
      assert.deepEqual(await found(q), ids, q);
    await removeAll();
  });

  test('Chinese, Japanese, Korean, Thai, Arabic, Hindi and Russian are found', async () => {
    const questions: [question: string, q: string][] = [
      ['这份合同的违约责任是什么？', '违约'],
      ['保証期間は何年ですか？', '保証'],
      ['환불 정책은 무엇입니까?', '환불'],
      ['เงื่อนไขการรับประกันคืออะไร', 'รับประกัน'],
      ['ما هي مدة الضمان؟', 'الضمان'],
      ['वारंटी कितने साल की है?', 'वारंटी'],
      ['Какова длительность гарантии?', 'гарантии'],
    ];
    const ids: number[] = [];
    for (const [question] of questions) ids.push(await asked(question));
    for (const [index, [, q]] of questions.entries()) {
      const { sessions } = await list({ q });
      assert.deepEqual(
        sessions.map(({ id }) => id),
        [ids[index]],
        q,
      );
      const hit = sessions[0]?.hit;
      assert.ok(hit?.marks[0], q);
      const marked = hit.snippet.slice(hit.marks[0].start, hit.marks[0].end);
      assert.ok(marked.includes(q), `${marked} for ${q}`);
    }
    await removeAll();
  });

  test('a hit names the newest message and shows the words where they stand', async () => {
    const padding = 'Something else is said here at some length. '.repeat(20);
    const id = await asked(
      `${padding}The old lighthouse was painted\nby a ferryman. ${padding}`,
      'Anything?',
    );
    await asked('A session about nothing.');
    const { sessions } = await list({ q: 'ferrymen lighthouses' });
    assert.equal(sessions.length, 0, 'a plural of another kind is another word');
    const [session] = (await list({ q: 'lighthouses ferryman' })).sessions;
    assert.equal(session?.id, id);
    const hit = session?.hit;
    const { messages } = await readSession(app, id);
    assert.ok(hit);
    assert.equal(hit.role, messages.find(message => message.id === hit.message_id)?.role);
    assert.ok(hit.snippet.length < 260, hit.snippet);
    assert.doesNotMatch(hit.snippet, /\n/);
    assert.match(hit.snippet, /^….*…$/);
    assert.deepEqual(
      hit.marks.map(({ start, end }) => hit.snippet.slice(start, end)),
      ['lighthouse', 'ferryman'],
    );
    await change(id, { title: 'Paint and masonry' });
    const byTitle = (await list({ q: 'masonry' })).sessions[0]?.hit;
    assert.deepEqual(byTitle, {
      message_id: null,
      role: null,
      snippet: 'Paint and masonry',
      marks: [{ start: 10, end: 17 }],
    });
    await removeAll();
  });

  test('found sessions come page by page too', async () => {
    const ids: number[] = [];
    for (let count = 0; count < 5; count += 1) ids.unshift(await asked(`Question ${count} about dredging?`));
    await asked('Something else?');
    const listed: number[] = [];
    let cursor: string | null = null;
    do {
      const page = await list({ q: 'dredg', limit: '2', ...(cursor !== null && { cursor }) });
      listed.push(...page.sessions.map(({ id }) => id));
      cursor = page.next_cursor;
    } while (cursor !== null);
    assert.deepEqual(listed, ids);
    await removeAll();
  });

  test('a title and a pin change nothing of the order by the last question', async () => {
    const older = await asked('An older one?');
    const newer = await asked('A newer one?');
    await change(older, { title: 'Renamed' });
    await change(older, { pinned: true });
    await change(older, { pinned: false });
    assert.deepEqual(
      (await list()).sessions.map(({ id, title }) => [id, title]),
      [
        [newer, 'A newer one?'],
        [older, 'Renamed'],
      ],
    );
    await removeAll();
  });

  test('a title that is empty or too long, and a change of nothing, get 400 naming the field', async () => {
    const id = await createSession(app);
    for (const [body, field] of [
      [{ title: '' }, 'title'],
      [{ title: ' \n\u200b\u0007' }, 'title'],
      [{ title: 'x'.repeat(201) }, 'title'],
      [{ title: null }, 'title'],
      [{ pinned: 'yes' }, 'pinned'],
      [{ colour: 'red' }, 'colour'],
      [{}, 'title'],
    ] as const) {
      const { message } = await expectError(await patch(id, body), 400, 'invalid_request');
      assert.match(message, new RegExp(field));
    }
    assert.equal((await readSession(app, id)).title, null);
    await remove(id);
  });

  test('a title is one line without what can not be stored', async () => {
    const id = await createSession(app);
    await change(id, { title: '  Two\r\nlines\0 \ud800and a bell\u0007 💡 ' });
    const { title, title_origin } = await readSession(app, id);
    assert.deepEqual([title, title_origin], ['Two lines \ufffdand a bell 💡', 'user']);
    await remove(id);
  });

  test('unknown and deleted sessions get the same 404 everywhere', async () => {
    const deleted = await asked('Will this go?');
    await remove(deleted);
    const errors = new Set<string>();
    for (const id of [deleted, 999_999_999])
      for (const response of [
        await app.fetch(`/api/session/${id}/`),
        await app.fetch(`/api/session/${id}/messages/`),
        await patch(id, { title: 'x' }),
        await patch(id, { pinned: true }),
        await patch(id, { active_message_id: 1 }),
        await remove(id),
      ])
        errors.add((await expectError(response, 404, 'not_found')).message);
    assert.equal(errors.size, 1);
  });

  test('whatever is searched or said finds only what has it, and breaks nothing', async () => {
    const id = await asked('Where is the canary?');
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc
        .array(
          fc.constantFrom(
            "'",
            '"',
            '\\',
            ';',
            '--',
            '/*',
            '%',
            '_',
            '$1',
            '(',
            ')',
            '|',
            '&',
            '!',
            ':*',
            '<->',
            '\0',
            "' OR 1=1 --",
            "'); DROP TABLE messages; --",
            'canary',
            'x',
            ' ',
          ),
          { maxLength: 12 },
        )
        .map(parts => parts.join('')),
    );
    await fc.assert(
      fc.asyncProperty(texts, async q => {
        const { sessions } = await list({ q: q.toWellFormed().slice(0, 200) });
        assert.ok(sessions.length <= 1);
        await change(id, { title: `x${q}`.slice(0, 100) });
      }),
      { numRuns: 60 },
    );
    assert.deepEqual(await found("canary'"), [id]);
    await removeAll();
  });
});
