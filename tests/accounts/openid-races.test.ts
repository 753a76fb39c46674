import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KyselyPlugin } from 'kysely';
import { admitIdentity } from '../../server/accounts/openid/admit-identity.ts';
import type { Identity } from '../../server/accounts/openid/openid-provider.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { createFirstAdmin } from './account-client.ts';

const nora: Identity = {
  issuer: 'https://id.example.com',
  subject: 'nora',
  email: 'nora@example.com',
  isEmailVerified: true,
  name: 'Nora',
};
const context: Parameters<typeof admitIdentity>[2] = {
  rules: { allowedDomains: ['example.com'], role: 'reader' },
  by: { actor: 'anonymous' },
};

/** Does something else once, after the given number of statements. */
function interrupted(statements: number, work: () => Promise<unknown>): KyselyPlugin {
  let done = 0;
  return {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      done += 1;
      if (done === statements) await work();
      return result;
    },
  };
}

onEachDatabase('the same person in two browsers at once', (createApp, { kind }) => {
  // The embedded database runs one transaction at a time, so nothing comes between its statements.
  test('is one user, whichever statement the other browser comes between', async () => {
    const app = await createApp({ env: { SKIP_MODEL_LOADING: 'true' } });
    await createFirstAdmin(app);
    await app.inspect(async db => {
      for (const statements of kind === 'native' ? [1, 2, 3] : []) {
        const person = { ...nora, subject: `nora ${statements}`, email: `nora${statements}@example.com` };
        let other: number | undefined;
        const plugin = interrupted(statements, async () => {
          other = await admitIdentity(db, person, context);
        });
        assert.equal(await admitIdentity(db.withPlugin(plugin), person, context), other, `${statements}`);
      }
      const both = [nora, nora].map(person => admitIdentity(db, person, context));
      assert.equal(new Set(await Promise.all(both)).size, 1);
    });
  });
});
