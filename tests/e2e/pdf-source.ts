import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { makePdf, pdfLines } from '../files/pdf-file.ts';
import { waitUntil } from '../wait-until.ts';
import { answered, askInPage, type BrowserTest, takePicture } from './browser/browser-test.ts';

/** In points, as the pages of `makePdf`. */
const PAGE = { width: 595, height: 842 };
const [LEFT, TOP, LEADING] = [72, 700, 16];
const lines = [
  'Before winter begins the caretaker looks after the whole plant.',
  'Filters are rinsed with cold water. The boiler of the north',
  'wing must be bled every six weeks by the caretaker alone.',
  'Spare keys hang in the porch. Nobody else may open the valves.',
];
/** The passage begins within the second line and fills the third. */
const passage = 'The boiler of the north wing must be bled every six weeks by the caretaker alone.';

type Box = { text: string; left: number; right: number; top: number; bottom: number; ink: number };

/** The marks on the page, in points from its upper left corner, and the share of dark pixels under them. */
const readMarks = (page: Page) =>
  page.evaluate<Box[]>(`(() => {
    const canvas = document.querySelector('canvas');
    const outer = canvas.getBoundingClientRect();
    const scale = ${PAGE.width} / outer.width;
    const pixels = canvas.width / outer.width;
    return [...document.querySelectorAll('.textLayer mark')].map(mark => {
      const { left, right, top, bottom } = mark.getBoundingClientRect();
      const { data } = canvas.getContext('2d').getImageData(
        (left - outer.left) * pixels, (top - outer.top) * pixels,
        Math.max(1, (right - left) * pixels), Math.max(1, (bottom - top) * pixels));
      let dark = 0;
      for (let at = 0; at < data.length; at += 4) if (data[at] < 128) dark += 1;
      return {
        text: mark.textContent,
        left: (left - outer.left) * scale, right: (right - outer.left) * scale,
        top: (top - outer.top) * scale, bottom: (bottom - outer.top) * scale,
        ink: dark / (data.length / 4),
      };
    });
  })()`);

export function testPdfSource(browser: BrowserTest): void {
  describe('a PDF', () => {
    test('its page opens with the passage marked where it is printed, and its text beside it', async () => {
      const pdf = makePdf([
        pdfLines(['Manual of the building', 'This page is about the lift and the stairs.']),
        pdfLines(lines, { top: TOP, leading: LEADING }),
      ]);
      const page = await browser.visit('/documents');
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        page.getByRole('button', { name: 'Add files' }).click(),
      ]);
      await chooser.setFiles({ name: 'plant.pdf', mimeType: 'application/pdf', buffer: pdf });
      await page.getByRole('region', { name: 'Uploads' }).getByText('Ready').waitFor({ timeout: 60_000 });
      await page.getByRole('button', { name: 'New chat' }).first().click();
      await askInPage(page, 'How often must the boiler of the north wing be bled?');
      await answered(page);
      await page
        .locator('article blockquote')
        .filter({ hasText: 'every six weeks' })
        .getByRole('button', { name: /^Source \d: plant\.pdf/ })
        .click();
      const pane = page.getByRole('complementary', { name: 'Source' });
      // The passage begins on the first page, what is quoted from it stands on the second.
      await pane.getByText(/Source \d+ · Page 2$/).waitFor();
      await pane.locator('.textLayer mark').first().waitFor();
      await takePicture(page, 'source-pdf');

      // The text is laid over the page anew with the marks, and whenever its width changes.
      const marks = await waitUntil('the text lies over the page', async () => {
        const found = await readMarks(page);
        return found.length > 0 ? found : undefined;
      });
      // Without the full stop: letters and digits are what is found.
      assert.equal(`${marks.map(({ text }) => text).join(' ')}.`, passage);
      for (const { text, left, right, top, bottom, ink } of marks) {
        const line = lines.findIndex(one => one.includes(text.trim()));
        assert.ok(line >= 0, text);
        // The line's letters stand on y, some 2 points go below it, and a line is 10 points high.
        const baseline = PAGE.height - (TOP - line * LEADING);
        const middle = (top + bottom) / 2;
        assert.ok(middle > baseline - 10 && middle < baseline + 3, `${text}: ${middle} at line ${baseline}`);
        const beginsLine = lines[line]?.startsWith(text.trim());
        if (beginsLine) assert.ok(Math.abs(left - LEFT) < 3, `${text}: begins at ${left}`);
        else assert.ok(left > LEFT + 60, `${text}: begins at ${left}`);
        assert.ok(right < PAGE.width - 60 && ink > 0.03, `${text}: to ${right}, ${ink} of it dark`);
      }
      const besides = pane.getByRole('region', { name: 'Text of the document' }).locator('mark');
      assert.match((await besides.allTextContents()).join(' ').replace(/\s+/g, ' '), /bled every six weeks/);
    });
  });
}
