import type { PDFPageProxy } from 'unpdf/pdfjs';

/** A piece of text as it stands on the page: points, from the upper left corner, y of its baseline. */
export type Fragment = {
  text: string;
  x: number;
  y: number;
  width: number;
  size: number;
  font: string;
  isMonospace: boolean;
  isRightToLeft: boolean;
  /** The file itself has a space before it. */
  isAfterSpace: boolean;
};

/** What stands on a page in the direction of most of its text, and what runs across it. */
export type PageText = { fragments: Fragment[]; across: string[]; width: number; height: number };

type Placed = Fragment & { quarterTurns: number | undefined };
type Matrix = [a: number, b: number, c: number, d: number, e: number, f: number];

const MOST_DEGREES_OFF = 5;

/** The page's text, turned so that most of it runs from left to right. Slanted text (a watermark) is left out. */
export async function readPage(page: PDFPageProxy): Promise<PageText> {
  const { items, styles } = await page.getTextContent();
  const viewport = page.getViewport({ scale: 1 });
  const toPage = asMatrix(viewport.transform);
  const placed: Placed[] = [];
  let isAfterSpace = false;
  for (const item of items) {
    if (!('str' in item)) continue;
    const text = asLetters(item.str);
    if (text.trim() !== '') {
      // Chinese and Japanese fonts say so of all their text.
      const isMonospace = styles[item.fontName]?.fontFamily === 'monospace' && !wide.test(text);
      const place = placeOf(multiply(toPage, asMatrix(item.transform)));
      const isRightToLeft = item.dir === 'rtl';
      const { width, fontName: font } = item;
      placed.push({ text, width, font, isMonospace, isRightToLeft, isAfterSpace, ...place });
    }
    isAfterSpace = text !== '' && /\s$/.test(text);
  }
  return turnUpright(placed, viewport.width, viewport.height);
}

/** Radicals that stand for whole characters, and the forms that Arabic and Hebrew letters take within a word. */
const asLetters = (text: string) =>
  text.replace(/[\u2E80-\u2FDF\uF900-\uFAFF\uFB1D-\uFDEF\uFE70-\uFEFC]/g, form => form.normalize('NFKC'));

const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

function placeOf([a, b, c, d, x, y]: Matrix): Pick<Placed, 'x' | 'y' | 'size' | 'quarterTurns'> {
  const degrees = (Math.atan2(b, a) * 180) / Math.PI;
  const quarter = Math.round(degrees / 90);
  const quarterTurns = Math.abs(degrees - quarter * 90) <= MOST_DEGREES_OFF ? (quarter + 4) % 4 : undefined;
  return { x, y, size: Math.hypot(c, d) || Math.hypot(a, b) || 1, quarterTurns };
}

function turnUpright(placed: Placed[], width: number, height: number): PageText {
  const lengths = [0, 0, 0, 0];
  for (const { text, quarterTurns } of placed)
    if (quarterTurns !== undefined) lengths[quarterTurns] = (lengths[quarterTurns] ?? 0) + text.length;
  const turns = lengths.indexOf(Math.max(...lengths));
  const fragments = placed
    .filter(({ quarterTurns }) => quarterTurns === turns)
    .map(({ quarterTurns: _, ...fragment }) => ({ ...fragment, ...turn(fragment, turns, width, height) }));
  const across = placed
    .filter(({ quarterTurns }) => quarterTurns !== undefined && quarterTurns !== turns)
    .map(({ text }) => text.trim());
  const isOnItsSide = turns % 2 === 1;
  return {
    fragments,
    across,
    width: isOnItsSide ? height : width,
    height: isOnItsSide ? width : height,
  };
}

function turn({ x, y }: Fragment, turns: number, width: number, height: number): { x: number; y: number } {
  if (turns === 1) return { x: y, y: width - x };
  if (turns === 2) return { x: width - x, y: height - y };
  if (turns === 3) return { x: height - y, y: x };
  return { x, y };
}

function multiply(m: Matrix, n: Matrix): Matrix {
  return [
    m[0] * n[0] + m[2] * n[1],
    m[1] * n[0] + m[3] * n[1],
    m[0] * n[2] + m[2] * n[3],
    m[1] * n[2] + m[3] * n[3],
    m[0] * n[4] + m[2] * n[5] + m[4],
    m[1] * n[4] + m[3] * n[5] + m[5],
  ];
}

function asMatrix(values: unknown[]): Matrix {
  const [a, b, c, d, e, f] = values.map(value => (Number.isFinite(value) ? Number(value) : 0));
  return [a ?? 1, b ?? 0, c ?? 0, d ?? 1, e ?? 0, f ?? 0];
}
