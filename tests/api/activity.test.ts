import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { type ActivityHour, activityReport } from '../../contract/activity.ts';
import { createSession, expectError, expectJson, postFile, postQuestion, upload } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { answer, type FakeLanguageModel, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { onEachDatabase } from '../on-each-database.ts';

const readActivity = async (app: TestApp) =>
  activityReport.parse(await expectJson(await app.fetch('/api/activity/'), 200));
/** The hour can end while the test runs. */
const total = (hours: ActivityHour[], of: (hour: ActivityHour) => number) =>
  hours.reduce((sum, hour) => sum + of(hour), 0);

onEachDatabase('what went on in the last day', createApp => {
  let fake: FakeLanguageModel;
  let app: TestApp;
  const text = 'The lighthouse keeper climbs the stairs at dusk and lights the lamp.';
  before(async () => {
    fake = await startFakeLanguageModel();
    app = await createApp({ languageModelUrl: fake.baseUrl });
    app.log.expectErrors(/language_model_unauthorised/);
    await upload(app, text, 'lighthouse.txt');
    await expectError(
      await postFile(app, new Uint8Array([37, 80, 68, 70, 45]), { name: 'broken.pdf' }),
      422,
      'document_broken',
    );
    fake.script(answer('At dusk [1].'), { kind: 'status', status: 401 });
    for (const question of ['When does the keeper light the lamp?', 'Who climbs the stairs?'])
      await (await postQuestion(app, await createSession(app), question)).text();
  });
  after(() => fake.close());

  test('is told hour by hour, with what failed and what is stored', async () => {
    const { hours, failures, jobs, storage } = await readActivity(app);
    const times = hours.map(({ hour }) => Date.parse(hour));
    assert.ok(times.every((time, index) => index === 0 || time - (times[index - 1] ?? 0) === 3_600_000));
    assert.ok((times.at(-1) ?? 0) <= Date.now() && Date.now() - (times[0] ?? 0) < 24 * 3_600_000);
    assert.equal(
      total(hours, ({ questions }) => questions),
      2,
    );
    assert.equal(
      total(hours, ({ answers }) => answers.answered),
      1,
    );
    assert.equal(
      total(hours, ({ answers }) => answers.failed),
      1,
    );
    assert.ok(total(hours, hour => hour.prompt_tokens) > 0);
    assert.ok(total(hours, hour => hour.completion_tokens) > 0);
    const timed = hours.filter(({ first_content_ms }) => first_content_ms !== null);
    assert.ok(timed.length > 0 && timed.every(hour => (hour.first_content_ms?.p95 ?? 0) > 0));
    assert.equal(
      total(hours, ({ documents }) => documents.ready),
      1,
    );
    assert.equal(
      total(hours, ({ documents }) => documents.failed),
      1,
    );
    assert.equal(
      total(hours, ({ bytes }) => bytes),
      text.length + 5,
    );
    assert.deepEqual(failures.map(({ of, count }) => [of, count]).toSorted(), [
      ['answer', 1],
      ['document', 1],
    ]);
    assert.deepEqual([jobs.waiting, jobs.running, jobs.oldest_at], [0, 0, null]);
    assert.equal(
      storage.passages,
      total(hours, ({ passages }) => passages),
    );
    assert.ok(storage.documents >= 1 && storage.file_bytes >= text.length);
    assert.ok(storage.database_bytes > storage.file_bytes);
  });

  test('what is older is told no more; what is stored stays', async () => {
    const before = await readActivity(app);
    await app.inspect(async db => {
      for (const table of ['messages', 'document_versions'])
        await sql`UPDATE ${sql.table(table)} SET created_at = created_at - interval '24 hours'`.execute(db);
    });
    await app.restart();
    const { hours, failures, storage } = await readActivity(app);
    assert.equal(
      total(hours, ({ questions, answers, documents, bytes }) =>
        [questions, bytes, ...Object.values(answers), ...Object.values(documents)].reduce((a, b) => a + b),
      ),
      0,
    );
    assert.deepEqual(failures, []);
    assert.equal(storage.file_bytes, before.storage.file_bytes);
  });
});
