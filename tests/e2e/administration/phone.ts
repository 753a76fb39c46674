import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type BrowserTest, takePicture } from '../browser/browser-test.ts';
import { visitAs } from './as-user.ts';
import type { People } from './people.ts';

const phone = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
  reducedMotion: 'reduce',
} as const;

const views = {
  users: '/admin/users?q=person-12',
  documents: '/admin/documents',
  settings: '/admin/settings',
  keys: '/admin/keys',
  'audit-log': '/admin/audit-log',
  account: '/account',
};

export function testPhone(browser: BrowserTest, people: People): void {
  describe('on a phone', () => {
    test('nothing is wider than the screen', async () => {
      const page = await visitAs(browser, people.ada, '/', phone);
      for (const [name, path] of Object.entries(views)) {
        await page.goto(`${browser.app.baseUrl}${path}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.locator('tr[data-index], fieldset, form').first().waitFor();
        await takePicture(page, `phone-${name}`);
        const excess = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        assert.equal(excess, 0, path);
        const tables: number[] = await page.evaluate(
          '[...document.querySelectorAll("table")].map(one => one.scrollWidth - one.parentElement.clientWidth)',
        );
        assert.deepEqual(
          tables.filter(one => one > 0),
          [],
          path,
        );
      }
    });

    test('the texts are in the reader’s language', async () => {
      for (const [locale, title, button, group, unit] of [
        ['de-DE', 'Verwaltung', 'Speichern', 'Tokenbudget', 'Stellen'],
        ['fr-FR', 'Administration', 'Enregistrer', 'Budget de jetons', 'passages'],
        ['es-ES', 'Administración', 'Guardar', 'Presupuesto de tokens', 'pasajes'],
      ] as const) {
        const page = await visitAs(browser, people.ada, '/admin/settings', { ...phone, locale });
        await page.getByRole('heading', { name: title, level: 1 }).waitFor();
        await page.getByRole('button', { name: button }).waitFor();
        await page.getByRole('heading', { name: group }).waitFor();
        await page.getByText(unit, { exact: true }).first().waitFor();
        await takePicture(page, `phone-settings-${locale}`);
      }
    });
  });
}
