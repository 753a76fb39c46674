import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { settings } from '../../../contract/settings.ts';
import { expectJson } from '../../api-client.ts';
import type { BrowserTest } from '../browser/browser-test.ts';
import { visitAs } from './as-user.ts';
import type { Look } from './look.ts';
import type { People } from './people.ts';

const rowOf = (page: Page, title: string) => page.getByRole('group', { name: title });
const save = (page: Page) => page.getByRole('button', { name: 'Save' }).click();

/** What administrators set while the server runs. */
export function testSettings(browser: BrowserTest, people: People, look: Look): void {
  const readSettings = async () =>
    settings.parse(await expectJson(await people.ada.fetch('/api/settings/'), 200));

  describe('settings', () => {
    test('a value is changed while the server runs, says where it comes from, and goes back', async () => {
      const page = await visitAs(browser, people.ada, '/admin/settings', { bypassCSP: true });
      const row = rowOf(page, 'Passages for an answer');
      const before = (await readSettings()).retrieval.top_k;
      await row.getByText('Default').waitFor();
      await row.getByRole('textbox').fill(String(before + 2));
      await row.getByText('Not saved yet').waitFor();
      await look(page, 'settings');
      await save(page);
      await row.getByText('Changed here').waitFor();
      assert.equal((await readSettings()).retrieval.top_k, before + 2);
      await row.getByText('ada@example.com').waitFor();

      await row.getByRole('button', { name: /^Back to/ }).click();
      await save(page);
      await row.getByText('Default').waitFor();
      assert.equal((await readSettings()).retrieval.top_k, before);
    });

    test('what can’t be is said at its field, and nothing is saved', async () => {
      const page = await visitAs(browser, people.ada, '/admin/settings', { bypassCSP: true });
      const before = (await readSettings()).retrieval;
      await rowOf(page, 'Passages for an answer').getByRole('textbox').fill('many');
      const similarity = rowOf(page, 'Least similarity');
      await similarity.getByRole('textbox').fill('0.1');
      await save(page);
      const problem = rowOf(page, 'Passages for an answer').getByText(
        'Expected a whole number from 1 to 100, not “many”.',
      );
      await problem.waitFor();
      const fontSize = await problem.evaluate((one: { computedStyleMap(): { get(name: string): unknown } }) =>
        String(one.computedStyleMap().get('font-size')),
      );
      assert.equal(fontSize, '12px');
      await page.getByText('1 value can’t be taken; nothing was saved').waitFor();
      assert.equal(
        await rowOf(page, 'Passages for an answer').getByRole('textbox').getAttribute('aria-invalid'),
        'true',
      );
      assert.deepEqual((await readSettings()).retrieval, before);
      await look(page, 'settings-problem');
    });

    test('what it does and what is wrong with a value is said in the reader’s language', async () => {
      const page = await visitAs(browser, people.ada, '/admin/settings?q=TOP_K', { locale: 'de-DE' });
      const row = rowOf(page, 'Stellen für eine Antwort');
      await page.getByRole('heading', { name: 'Abschnitte und Suche' }).waitFor();
      await row.getByText('Wie viele Stellen als Belege dienen.').waitFor();
      await row.getByRole('textbox').fill('viele');
      await page.getByRole('button', { name: 'Speichern' }).click();
      await row.getByText('Erwartet wird eine ganze Zahl von 1 bis 100, nicht „viele“.').waitFor();

      // What does not go with the value is shown beside it, though it was not looked for.
      await page.goto(`${browser.app.baseUrl}/admin/settings?q=RESERVED_FOR_RESPONSE`);
      const answer = rowOf(page, 'Token für die Antwort');
      await answer.getByRole('textbox').fill('1000000');
      await page.getByRole('button', { name: 'Speichern' }).click();
      const whole = rowOf(page, 'Token einer ganzen Anfrage');
      await whole.getByText(/^Erwartet werden mehr als \d+, die Summe der fünf Teile darunter/).waitFor();
    });

    test('who changed what and when can be read', async () => {
      const page = await visitAs(browser, people.ada, '/admin/settings?q=TOP_K', { bypassCSP: true });
      await page.getByRole('link', { name: 'History: Passages for an answer' }).click();
      const table = page.getByRole('region', { name: 'History of the settings' });
      await table.getByText('as in the environment').first().waitFor();
      assert.equal(await table.locator('tr[data-index]').count(), 2);
      await look(page, 'settings-history');
    });

    test('somebody else’s change meanwhile is not overwritten', async () => {
      const page = await visitAs(browser, people.ada, '/admin/settings?q=similarity');
      const field = rowOf(page, 'Least similarity').getByRole('textbox');
      await field.fill('0.31');
      const other = await visitAs(browser, people.ada, '/admin/settings?q=TOP_K');
      await rowOf(other, 'Passages for an answer').getByRole('textbox').fill('9');
      await save(other);
      await rowOf(other, 'Passages for an answer').getByText('Changed here').waitFor();
      await save(page);
      await page.getByRole('alert').waitFor();
      assert.equal(await field.inputValue(), '0.31', 'what was typed is still there');
    });
  });
}
