import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { testAccount } from './administration/account.ts';
import { collectViolations } from './administration/look.ts';
import { createPeople, type People } from './administration/people.ts';
import { describeInBrowser } from './browser/browser-test.ts';

describeInBrowser('accounts and administration', { env: { SKIP_MODEL_LOADING: 'true' } }, browser => {
  const { look, violations } = collectViolations();
  const people = {} as People;
  before(async () => {
    Object.assign(people, await createPeople(browser.app));
  });

  testAccount(browser, people, look);

  test('axe finds nothing', () => assert.deepEqual(violations, []));
});
