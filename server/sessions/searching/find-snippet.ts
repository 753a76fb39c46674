import { type SessionSearch, termFinder } from './search-terms.ts';

type Mark = { start: number; end: number };
type Found = Mark & { term: number };

export type Snippet = { snippet: string; marks: Mark[] };

/** In UTF-16 units, without the ellipses. */
const SNIPPET_LENGTH = 180;
const BEFORE_FIRST_MARK = 50;
/** Of a long text only so much is looked through, and so many words are found. */
const MOST_TEXT = 200_000;
const MOST_FOUND = 500;

/** Written without spaces: a run of it is no word. */
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** Shows of texts, one after the other, where the terms of a search stand. */
export function snippetFinder(search: SessionSearch): (text: string) => Snippet {
  const termOf = termFinder(search);
  return text => cutSnippet(text, findWords(text.slice(0, MOST_TEXT), search, termOf));
}

/** The part of the text, on one line, that has the most of the terms; its beginning when it has none. */
function cutSnippet(text: string, found: Found[]): Snippet {
  const start = startOf(text, bestStart(found));
  const end = endOf(text, start + SNIPPET_LENGTH);
  const before = start > 0 ? '…' : '';
  const shown = text.slice(start, end).replace(/\s/g, ' ');
  return {
    snippet: `${before}${shown}${end < text.length ? '…' : ''}`,
    marks: found
      .filter(mark => mark.start >= start && mark.end <= end)
      .map(mark => ({
        start: mark.start - start + before.length,
        end: mark.end - start + before.length,
      })),
  };
}

function findWords(text: string, search: SessionSearch, termOf: (word: string) => number): Found[] {
  const found: Found[] = [];
  for (const { 0: run, index } of text.matchAll(/\S+/gu)) {
    if (unspaced.test(run)) found.push(...findWithin(run, index, search));
    else {
      const term = termOf(run);
      if (term >= 0) found.push({ ...trimmed(run, index), term });
    }
    if (found.length >= MOST_FOUND) break;
  }
  return found;
}

/** Without the punctuation around it. */
function trimmed(run: string, index: number): Mark {
  const before = /^[^\p{L}\p{N}]*/u.exec(run)?.[0].length ?? 0;
  const after = /[^\p{L}\p{M}\p{N}]*$/u.exec(run)?.[0].length ?? 0;
  return { start: index + before, end: Math.max(index + before, index + run.length - after) };
}

/** Terms of such scripts are pieces of the text itself. */
function findWithin(run: string, index: number, { terms }: SessionSearch): Found[] {
  const lower = run.toLowerCase();
  const found: Found[] = [];
  for (const [term, { words }] of terms.entries())
    for (const word of words)
      for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + word.length))
        found.push({ start: index + at, end: index + at + word.length, term });
  return joinOverlapping(found.sort((a, b) => a.start - b.start));
}

/** Pairs of characters that overlap are one word. */
function joinOverlapping(found: Found[]): Found[] {
  const joined: Found[] = [];
  for (const mark of found) {
    const last = joined.at(-1);
    if (last && mark.start <= last.end) last.end = Math.max(last.end, mark.end);
    else joined.push({ ...mark });
  }
  return joined;
}

/** Where the window begins that holds the most different terms; the first of several. */
function bestStart(found: Found[]): number {
  let best = { count: 0, start: 0 };
  for (const [index, { start }] of found.entries()) {
    const inside = new Set<number>();
    for (const next of found.slice(index)) {
      if (next.end > start + SNIPPET_LENGTH - BEFORE_FIRST_MARK) break;
      inside.add(next.term);
    }
    if (inside.size > best.count) best = { count: inside.size, start };
  }
  return best.start;
}

/** A little before the first word, at the beginning of a word. */
function startOf(text: string, firstMark: number): number {
  const earliest = firstMark - BEFORE_FIRST_MARK;
  if (earliest <= 0) return 0;
  const space = text.slice(earliest, firstMark).search(/\s/);
  return space >= 0 ? earliest + space + 1 : wholeCharacter(text, earliest);
}

function endOf(text: string, latest: number): number {
  if (latest >= text.length) return text.length;
  const space = text.slice(0, latest).search(/\s\S*$/);
  return space > latest - BEFORE_FIRST_MARK ? space : wholeCharacter(text, latest);
}

/** Not between the halves of a surrogate pair. */
function wholeCharacter(text: string, index: number): number {
  const isLow = /[\udc00-\udfff]/.test(text.charAt(index));
  return isLow ? index - 1 : index;
}
