import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { sessionList } from '../../contract/sessions.ts';
import type { Db } from '../../server/database/open-database.ts';
import { questionTitle } from '../../server/sessions/titles/question-title.ts';
import { ask, createSession, expectJson, readSession } from '../api-client.ts';
import { onEachDatabase } from '../on-each-database.ts';

/** The tables as they were before messages had a place in a tree and sessions a title. */
async function undoMigration(db: Db): Promise<void> {
  for (const statement of [
    'DROP TABLE message_feedback',
    'ALTER TABLE messages DROP parent_id, DROP scope, DROP search_terms',
    'ALTER TABLE sessions DROP title, DROP title_origin, DROP title_terms, DROP pinned, DROP active_message_id',
    'DELETE FROM schema_migrations WHERE version = 8',
  ])
    await sql.raw(statement).execute(db);
}

onEachDatabase('sessions from before they were trees', createApp => {
  test('keep their messages in order, get titles, are found and can be gone on with', async () => {
    const app = await createApp();
    const questions = [
      'Where is the canary?',
      'Which of the very many ferries that leave from the harbour is the last one on Sundays?',
      `Lines\n and\t${'x'.repeat(80)}`,
      '船'.repeat(70),
    ];
    const ids: number[] = [];
    for (const question of questions) {
      const id = await createSession(app);
      await ask(app, id, question);
      await ask(app, id, 'And then?');
      ids.push(id);
    }
    const empty = await createSession(app);
    const before = await Promise.all(ids.map(id => readSession(app, id)));
    await app.inspect(undoMigration);
    await app.restart();
    for (const [index, id] of ids.entries()) {
      const session = await readSession(app, id);
      assert.deepEqual(session, before[index]);
      assert.equal(session.title, questionTitle(questions[index] ?? ''));
      assert.equal(session.messages.length, 4);
    }
    const { title, active_message_id } = await readSession(app, empty);
    assert.deepEqual([title, active_message_id], [null, null]);
    const response = await app.fetch('/api/session/?q=canary');
    const { sessions } = sessionList.parse(await expectJson(response, 200));
    assert.deepEqual(
      sessions.map(session => session.id),
      [ids[0]],
    );
    await ask(app, ids[0] ?? 0, 'And now?');
    const { messages } = await readSession(app, ids[0] ?? 0);
    assert.deepEqual(
      messages.slice(1).map(({ parent_id }) => parent_id),
      messages.slice(0, -1).map(message => message.id),
    );
    assert.equal(messages.length, 6);
  });
});
