import { createFirstAdmin, invite } from '../../accounts/account-client.ts';
import type { Browser as Client } from '../../accounts/browser.ts';
import type { TestApp } from '../../create-test-app.ts';

/** Ada administers the server and owns its workspace, Rita reads in it. */
export type People = { ada: Client; rita: Client };

export async function createPeople(app: TestApp): Promise<People> {
  const ada = await createFirstAdmin(app);
  return { ada, rita: await invite(app, ada, 'rita@example.com', 'reader') };
}
