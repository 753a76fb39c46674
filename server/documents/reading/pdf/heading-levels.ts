import type { PageBlock } from './group-blocks.ts';
import { contentsEntry, type PageLine } from './page-line.ts';

export type BodyStyle = { size: number; font: string; isMonospace: boolean };

/** By normalised title, the depth of a bookmark, from 1. */
export type Outline = Map<string, number>;

type Paragraph = Extract<PageBlock, { kind: 'paragraph' }>;

const MOST_LINES = 3;
const LONGEST_HEADING = 200;
/** How much larger than the body a heading is. */
export const LARGER = 1.12;
/** Sizes this close to each other are one level. */
const SAME_LEVEL = 0.95;
const MOST_SIZES = 4;

const numbered =
  /^(?:§\s?|(?:chapter|section|part|article|appendix|annex|kapitel|abschnitt|teil|artikel|anhang)\s+)?(?<number>(?:\d{1,3}|[A-Z]|[IVX]+)(?:\.\d{1,3})*)[.):]?\s+\p{Lu}/iu;

/** The font and size of most of the text. */
export function findBodyStyle(lines: Iterable<PageLine>): BodyStyle {
  const styles = new Map<string, BodyStyle & { length: number }>();
  for (const { size, font, isMonospace, text } of lines) {
    const rounded = Math.round(size * 2) / 2;
    const key = `${font} ${rounded}`;
    const style = styles.get(key) ?? { size: rounded, font, isMonospace, length: 0 };
    style.length += text.length;
    styles.set(key, style);
  }
  let most: (BodyStyle & { length: number }) | undefined;
  for (const style of styles.values()) if (!most || style.length > most.length) most = style;
  return most ?? { size: 10, font: '', isMonospace: false };
}

/**
 * The paragraphs that are headings, with their levels: those that the PDF's bookmarks name, those in larger type
 * (the larger, the higher), and numbered lines in a font of their own.
 */
export function findHeadings(blocks: PageBlock[], body: BodyStyle, outline: Outline): Map<PageBlock, number> {
  const candidates = blocks.filter(block => block.kind === 'paragraph').filter(mayBeHeading);
  const sizes = levelSizes(candidates.map(sizeOf).filter(size => size > body.size * LARGER));
  const levels = new Map<PageBlock, number>();
  for (const block of candidates) {
    const level =
      (sizeOf(block) >= body.size * SAME_LEVEL ? outline.get(normaliseTitle(block.text)) : undefined) ??
      levelBySize(sizeOf(block), sizes, body) ??
      levelByNumber(block, sizes.length, body);
    if (level !== undefined) levels.set(block, level);
  }
  return levels;
}

/** For comparing a heading with a bookmark, which may lack the number. */
export const normaliseTitle = (title: string) =>
  title
    .replace(/^\s*(?:\d+(?:\.\d+)*|[A-Z])[.)]?\s+(?=\S)/, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');

const mayBeHeading = ({ text, lines }: Paragraph) =>
  lines.length <= MOST_LINES &&
  text.length <= LONGEST_HEADING &&
  /\p{L}/u.test(text) &&
  !contentsEntry.test(text);

const sizeOf = ({ lines }: Paragraph) => lines[0]?.size ?? 0;

/** One size for each level, the largest first. */
function levelSizes(sizes: number[]): number[] {
  const levels: number[] = [];
  for (const size of sizes.sort((a, b) => b - a))
    if (levels.length < MOST_SIZES && size < (levels.at(-1) ?? Number.POSITIVE_INFINITY) * SAME_LEVEL)
      levels.push(size);
  return levels;
}

function levelBySize(size: number, sizes: number[], body: BodyStyle): number | undefined {
  if (size <= body.size * LARGER) return undefined;
  const level = sizes.findIndex(one => size >= one * SAME_LEVEL);
  return level < 0 ? sizes.length : level + 1;
}

function levelByNumber({ text, lines }: Paragraph, above: number, body: BodyStyle): number | undefined {
  const number = numbered.exec(text)?.groups?.number;
  const [line] = lines;
  if (number === undefined || !line || lines.length > 1 || /[.,;:]$/.test(text)) return undefined;
  if (line.font === body.font || line.size < body.size * SAME_LEVEL) return undefined;
  return Math.min(6, above + number.split('.').length);
}
