import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { evaluationCase } from '../../contract/evaluation.ts';
import { feedbackAnswer } from '../../contract/feedback.ts';
import { ask, createSession, expectError, expectJson, postJson, readHistory, upload } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { eventOf } from '../event-stream.ts';
import { onEachDatabase } from '../on-each-database.ts';

onEachDatabase('feedback', createApp => {
  let app: TestApp;
  let sessionId: number;
  let answerId: number;
  let questionId: number;
  before(async () => {
    app = await createApp();
    await upload(app, 'The ferry to Tangen leaves at 07:40 from pier 2.', 'timetable.txt');
    sessionId = await createSession(app);
    const start = eventOf(await ask(app, sessionId, 'When does the ferry to Tangen leave?'), 'start');
    answerId = start.message_id;
    questionId = start.user_message_id;
  });

  const rate = (id: number, body: unknown) => postJson(app, `/api/message/${id}/feedback/`, body);
  const rated = async (body: unknown) =>
    feedbackAnswer.parse(await expectJson(await rate(answerId, body), 200)).feedback;
  const shown = async () => {
    const message = (await readHistory(app, sessionId)).find(({ id }) => id === answerId);
    assert.ok(message);
    return message.feedback;
  };

  test('what is said of an answer is stored, shown in the history, changed and taken back', async () => {
    assert.equal(await shown(), null);
    const up = await rated({ rating: 'up' });
    assert.deepEqual([up?.rating, up?.reason, up?.comment], ['up', null, null]);
    assert.deepEqual(await shown(), up);
    const down = await rated({ rating: 'down', reason: 'incomplete', comment: ' And on Sundays? 💡\r\n' });
    assert.deepEqual(
      [down?.rating, down?.reason, down?.comment],
      ['down', 'incomplete', 'And on Sundays? 💡'],
    );
    assert.deepEqual(await shown(), down);
    assert.equal(await rated({ rating: null }), null);
    assert.equal(await rated({ rating: null }), null, 'twice is no error');
    assert.equal(await shown(), null);
  });

  test('a comment may have 2,000 characters, and what can not be stored is taken out of it', async () => {
    const comment = 'x'.repeat(2_000);
    assert.equal((await rated({ rating: 'up', comment }))?.comment, comment);
    assert.equal((await rated({ rating: 'up', comment: 'a\0b\ud800c\u0007' }))?.comment, 'ab\ufffdc');
    assert.equal((await rated({ rating: 'up', comment: '  ' }))?.comment, null);
  });

  test('anything else gets 400 naming the field', async () => {
    for (const [body, field] of [
      [{}, 'rating'],
      [{ rating: 'great' }, 'rating'],
      [{ rating: 'up', reason: 'because' }, 'reason'],
      [{ rating: 'up', comment: 'x'.repeat(2_001) }, 'comment'],
      [{ rating: 'up', colour: 'red' }, 'colour'],
      [{ rating: null, comment: 'x' }, 'rating'],
    ] as const) {
      const { message } = await expectError(await rate(answerId, body), 400, 'invalid_request');
      assert.match(message, new RegExp(field));
    }
  });

  test('a question can not be rated, and an unknown message is not found', async () => {
    await expectError(await rate(questionId, { rating: 'up' }), 400, 'invalid_request');
    await expectError(await rate(999_999_999, { rating: 'up' }), 404, 'not_found');
    await expectError(await rate(999_999_999, { rating: null }), 404, 'not_found');
  });

  test('a rated answer becomes an evaluation case with the question of its branch', async () => {
    const edited = 'From which pier does the ferry leave?';
    const path = `/api/message/${questionId}/edit/`;
    await (await postJson(app, path, { message: edited })).text();
    await rated({ rating: 'down' });
    for (const [id, question] of [
      [answerId, 'When does the ferry to Tangen leave?'],
      [(await readHistory(app, sessionId)).at(-1)?.id, edited],
    ]) {
      const created = await postJson(app, '/api/evaluation/case/', { message_id: id });
      const stored = evaluationCase.parse(await expectJson(created, 201));
      assert.equal(stored.question, question);
      assert.equal(stored.passages[0]?.filename, 'timetable.txt');
    }
  });
});
