import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { expectError, expectJson, postJson } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { ADMIN, createFirstAdmin, invite, PASSWORD } from './account-client.ts';

onEachDatabase('guessing passwords', createApp => {
  let app: TestApp;
  before(async () => {
    app = await createApp({ env: { SKIP_MODEL_LOADING: 'true' } });
    await invite(app, await createFirstAdmin(app), 'bob@example.com', 'reader');
  });

  const guess = async (email: string, password = 'a wrong guess') => {
    // Of all threads: hashing is what takes it, and how busy the machine is does not count.
    const before = process.cpuUsage();
    const response = await postJson(app, '/api/auth/sign-in/', { email, password });
    const { error } = (await response.json()) as { error?: { code: string; message: string } };
    return {
      status: response.status,
      code: error?.code,
      message: error?.message,
      retryAfter: Number(response.headers.get('retry-after')),
      cpuMs: process.cpuUsage(before).user / 1_000,
    };
  };

  test('a known and an unknown user get the same answers: five guesses, then 429 with Retry-After', async () => {
    for (const email of [ADMIN.email, 'nobody@example.com']) {
      for (let times = 1; times <= 5; times++)
        assert.equal((await guess(email)).code, 'sign_in_failed', `${email} ${times}`);
      const refused = await guess(email);
      assert.deepEqual(
        [refused.status, refused.code, refused.message],
        [429, 'sign_in_throttled', 'Too many attempts to sign in. Try again later.'],
      );
      assert.ok(refused.retryAfter > 800 && refused.retryAfter <= 900, String(refused.retryAfter));
    }
    assert.equal((await guess(ADMIN.email, PASSWORD)).code, 'sign_in_throttled', 'the right one, too late');
  });

  test('many guesses at once are counted as well', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => guess('carol@example.com')));
    assert.equal(answers.filter(({ code }) => code === 'sign_in_failed').length, 5);
    assert.equal(answers.filter(({ code }) => code === 'sign_in_throttled').length, 15);
  });

  test('whoever signs in begins to count anew', async () => {
    for (let round = 0; round < 3; round++) {
      for (let times = 0; times < 3; times++) await guess('bob@example.com');
      const right = { email: 'bob@example.com', password: PASSWORD };
      await expectJson(await postJson(app, '/api/auth/sign-in/', right), 200);
    }
  });

  test('a password is hashed for an unknown user too: the answers take as long', async () => {
    await app.inspect(db => db.deleteFrom('sign_in_attempts').execute());
    await app.restart();
    await guess('first@example.com'); // Loads what signs people in.
    const times = { known: [] as number[], unknown: [] as number[] };
    for (let round = 0; round < 5; round++) {
      times.known.push((await guess(ADMIN.email)).cpuMs);
      times.unknown.push((await guess('nobody@example.com')).cpuMs);
    }
    const least = (values: number[]) => Math.min(...values);
    const ratio = least(times.unknown) / least(times.known);
    assert.ok(ratio > 0.5 && ratio < 2, JSON.stringify(times));
  });

  test('an audit log says who signed in, who failed and from where, and no row of it can change', async () => {
    await app.inspect(async db => {
      const rows = await db
        .selectFrom('audit_log')
        .select(['action', 'actor', 'user_id', 'address'])
        .execute();
      const of = (action: string) => rows.filter(row => row.action === action);
      assert.ok(of('sign-in-succeeded').every(row => row.actor === 'user' && row.user_id !== null));
      assert.ok(of('sign-in-failed').some(row => row.user_id !== null && row.actor === 'anonymous'));
      assert.ok(of('sign-in-failed').some(row => row.user_id === null));
      assert.ok(rows.every(({ address }) => address === '127.0.0.1'));
      assert.ok(of('admin-created').length === 1 && of('invite-accepted').length === 1);
      await assert.rejects(db.deleteFrom('audit_log').execute(), /append only/);
      await assert.rejects(db.updateTable('audit_log').set({ address: 'x' }).execute(), /append only/);
    });
    await app.restart();
  });

  test('what people are asked for is checked before anything is hashed', async () => {
    const long = { email: ADMIN.email, password: 'x'.repeat(1_001) };
    await expectError(await postJson(app, '/api/auth/sign-in/', long), 400, 'invalid_request');
    const reset = { token: 'A'.repeat(43), password: PASSWORD };
    await expectError(await postJson(app, '/api/auth/reset/', reset), 400, 'link_invalid');
    const invited = { token: 'A'.repeat(43), name: 'X', email: 'x@example.com', password: PASSWORD };
    await expectError(await postJson(app, '/api/auth/accept-invite/', invited), 400, 'link_invalid');
  });
});
