import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { expectJson, postJson } from '../api-client.ts';
import { createTestStorage } from '../create-test-app.ts';
import { startLectern } from '../lectern-process.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { waitUntil } from '../wait-until.ts';
import { createFirstAdmin, invite, readAccount } from './account-client.ts';

const publicUrl = 'https://docs.example.com/lectern';
const serverUrl = process.env.TEST_DATABASE_URL;

onEachDatabase('links to hand on', createApp => {
  const makeLinks = async (env: Record<string, string>) => {
    const app = await createApp({ env: { SKIP_MODEL_LOADING: 'true', ...env } });
    const admin = await createFirstAdmin(app);
    const { user } = await readAccount(await invite(app, admin, 'bob@example.com', 'reader'));
    const paths = ['/api/workspace/invite/', `/api/user/${user?.id}/reset-link/`];
    const answers = await Promise.all(
      paths.map(async path =>
        expectJson(await postJson(admin, path, path.includes('invite') ? { role: 'reader' } : {}), 201),
      ),
    );
    return answers.map(answer => (answer as { link: string }).link.replace(/#[\w-]{43}$/, '#'));
  };

  test('begin with PUBLIC_URL', async () => {
    const links = await makeLinks({ PUBLIC_URL: `${publicUrl}/` });
    assert.deepEqual(links, [`${publicUrl}/invite#`, `${publicUrl}/reset-password#`]);
  });

  test('are paths of the page without it', async () => {
    assert.deepEqual(await makeLinks({}), ['/invite#', '/reset-password#']);
  });
});

/** Those that stand on the terminal of a server that waits for its first administrator. */
async function printedLinks(
  context: { after(end: () => Promise<unknown>): void },
  { url, env, processes }: { url?: string | undefined; env: Record<string, string>; processes?: number },
): Promise<URL[]> {
  const storage = await createTestStorage(url);
  const waiting = { HOST: '0.0.0.0', SKIP_MODEL_LOADING: 'true', ...storage.env, ...env };
  const lectern = startLectern(waiting, processes);
  context.after(async () => {
    await lectern.kill('SIGTERM');
    await storage.remove();
  });
  await lectern.baseUrl();
  await waitUntil('it asks for an administrator', () =>
    lectern.output().includes('Then it listens on 0.0.0.0'),
  );
  return [...lectern.output().matchAll(/https?:\S+\/set-up#\S+/g)].map(([link]) => new URL(link));
}

describe('the link for the first administrator', () => {
  test('is printed as people reach the server, and as this machine does', async context => {
    const [link, local, ...more] = await printedLinks(context, { env: { PUBLIC_URL: publicUrl } });
    assert.ok(link && local);
    assert.deepEqual(more, []);
    assert.equal(`${link.origin}${link.pathname}`, `${publicUrl}/set-up`);
    assert.equal(local.hostname, '127.0.0.1');
    assert.equal(link.hash, local.hash);
  });

  test('is one for several processes', {
    skip: serverUrl || process.env.CI ? false : 'TEST_DATABASE_URL is not set',
  }, async context => {
    const links = await printedLinks(context, { url: serverUrl, env: {}, processes: 3 });
    assert.equal(links.length, 1, links.join('\n'));
  });
});
