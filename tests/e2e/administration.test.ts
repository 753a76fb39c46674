import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { testAccount } from './administration/account.ts';
import { testChats } from './administration/chats.ts';
import { testEachView } from './administration/each-view.ts';
import { collectViolations } from './administration/look.ts';
import { createPeople, type People } from './administration/people.ts';
import { testPhone } from './administration/phone.ts';
import { testSettings } from './administration/settings.ts';
import { testTables } from './administration/tables.ts';
import { testViews } from './administration/views.ts';
import { describeInBrowser } from './browser/browser-test.ts';

describeInBrowser('accounts and administration', {}, browser => {
  const { look, violations } = collectViolations();
  const people = {} as People;
  before(async () => {
    Object.assign(people, await createPeople(browser.app));
  });

  testAccount(browser, people, look);
  testViews(browser, people, look);
  testSettings(browser, people, look);
  testEachView(browser, people, look);
  // From here on there are very many users, and then a second administrator.
  testTables(browser, people, look);
  testChats(browser, people, look);
  testPhone(browser, people);

  test('axe finds nothing', () => assert.deepEqual(violations, []));
});
