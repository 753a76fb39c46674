import { joinLines } from './join-lines.ts';
import { contentsEntry, type PageLine } from './page-line.ts';
import { readTable } from './read-table.ts';

export type PageBlock =
  | { kind: 'paragraph'; text: string; lines: PageLine[] }
  | { kind: 'list-item'; text: string; marker: string }
  | { kind: 'code'; text: string }
  | { kind: 'table'; rows: string[][]; hasHeader: boolean };

const bullet = /^[•▪◦‣●○■□–—*·\u2023\u2043\uF0B7-]\s+(?=\S)/u;
const itemNumber = /^(?:\d{1,3}|[a-z])[.)]\s+(?=\S)|^\([a-z\d]{1,3}\)\s+(?=\S)/i;
const sentenceEnd = /[.!?:;。！？]["”’»)\]]*$/u;

/** Puts a page's lines together to paragraphs, list items, tables and (where the body is not monospaced) code. */
export function groupBlocks(
  lines: PageLine[],
  { isBodyMonospace }: { isBodyMonospace: boolean },
): PageBlock[] {
  const blocks: PageBlock[] = [];
  const leading = findLeading(lines);
  let paragraph: PageLine[] = [];
  const flush = () => {
    if (paragraph.length > 0) blocks.push(toBlock(paragraph, isBodyMonospace));
    paragraph = [];
  };
  for (let index = 0; index < lines.length; index++) {
    const table = readTable(lines, index);
    const line = lines[index];
    if (table) {
      flush();
      blocks.push({ kind: 'table', rows: table.rows, hasHeader: table.hasHeader });
      index += table.lineCount - 1;
    } else if (line) {
      if (beginsParagraph(paragraph, line, lines[index + 1], leading)) flush();
      paragraph.push(line);
    }
  }
  flush();
  return blocks;
}

/** The usual distance of lines, in parts of the font size. */
function findLeading(lines: PageLine[]): number {
  const distances: number[] = [];
  for (const [index, line] of lines.entries()) {
    const before = lines[index - 1];
    if (!before || before.column !== line.column || !isSameSize(before, line)) continue;
    const distance = (line.y - before.y) / line.size;
    if (distance > 0.8 && distance < 3) distances.push(distance);
  }
  return distances.sort((a, b) => a - b)[Math.floor(distances.length / 2)] ?? 1.2;
}

const isSameSize = (a: PageLine, b: PageLine) => Math.abs(a.size - b.size) <= 0.08 * Math.max(a.size, b.size);

function beginsParagraph(
  paragraph: PageLine[],
  line: PageLine,
  next: PageLine | undefined,
  leading: number,
): boolean {
  const before = paragraph.at(-1);
  if (!before) return false;
  if (!isSameSize(before, line) || before.isMonospace !== line.isMonospace) return true;
  const isOtherColumn = before.column !== line.column || line.y < before.y;
  if (isOtherColumn) return sentenceEnd.test(before.text) || !/^\p{Ll}/u.test(line.text);
  if (line.y - before.y > line.size * Math.min(leading, 2.2) * 1.3) return true;

  if (contentsEntry.test(before.text)) return true;
  if (line.isMonospace) return false;
  if (bullet.test(line.text)) return true;
  const isEnded = sentenceEnd.test(before.text);
  const isItem = itemNumber.test(line.text);
  if (isItem && (isEnded || itemNumber.test(paragraph[0]?.text ?? ''))) return true;
  const room = before.column.right - before.right;
  const width = before.column.right - before.column.left;
  if (before.font !== line.font && room > 0.2 * width) return true;
  if (room > 0.3 * width && isEnded && !/^\p{Ll}/u.test(line.text)) return true;
  return isIndentedAnew(paragraph, before, line, next);
}

/** A first line that is indented, or one that is not, after others that are (a bibliography). */
function isIndentedAnew(
  paragraph: PageLine[],
  before: PageLine,
  line: PageLine,
  next: PageLine | undefined,
): boolean {
  const indent = (one: PageLine) => (one.x - one.column.left) / one.size;
  const isIndented = (one: PageLine) => indent(one) > 0.8 && indent(one) < 6;
  if (isIndented(line) && !isIndented(before))
    return !bullet.test(before.text) && (!next || !isIndented(next) || next.column !== line.column);
  return !isIndented(line) && isIndented(before) && paragraph.length > 1;
}

function toBlock(lines: PageLine[], isBodyMonospace: boolean): PageBlock {
  const isCode = !isBodyMonospace && lines.length > 1 && lines.every(line => line.isMonospace);
  if (isCode) return { kind: 'code', text: layOut(lines) };
  const text = joinLines(lines.map(line => line.text));
  const [mark] = bullet.exec(text) ?? [];
  if (mark) return { kind: 'list-item', text: text.slice(mark.length), marker: '- ' };
  const [number] = itemNumber.exec(text) ?? [];
  // A single line may as well be a numbered heading, which only its font can tell.
  if (number && text.length > 100)
    return { kind: 'list-item', text: text.slice(number.length), marker: `${number.trim()} ` };
  return { kind: 'paragraph', text, lines };
}

/** Code with the indentation that it has on the page. */
function layOut(lines: PageLine[]): string {
  const left = lines.reduce((x, line) => Math.min(x, line.x), Number.POSITIVE_INFINITY);
  return lines
    .map(line => ' '.repeat(Math.min(40, Math.round((line.x - left) / (line.size * 0.6)))) + line.text)
    .join('\n');
}
