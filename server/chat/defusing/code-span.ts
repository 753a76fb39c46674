const LONGEST = 500;

export type CodeSpan = { marks: string; content: string; length: number };

/**
 * A code span that ends on its line. One that does not is none: nothing else could be said for certain
 * before the end of the paragraph.
 *
 * @param rest of the text from the first backtick.
 * @param isLast nothing will follow.
 */
export function readCodeSpan(rest: string, isLast: boolean): CodeSpan | 'wait' | undefined {
  const [marks = ''] = /^`+/.exec(rest) ?? [];
  const [line = ''] = rest.slice(marks.length, marks.length + LONGEST).split('\n', 1);
  const isCut = marks.length + line.length === rest.length && line.length < LONGEST && !isLast;
  for (const run of line.matchAll(/`+/g)) {
    if (run[0].length !== marks.length) continue;
    // A run at the very end may become longer.
    if (run.index + marks.length === line.length && isCut) return 'wait';
    const content = line.slice(0, run.index);
    return { marks, content, length: content.length + 2 * marks.length };
  }
  return isCut ? 'wait' : undefined;
}

/** A pipe within a code span would end a cell of a table, and the span with it. */
export function escapePipes(code: string): string {
  return code.replace(/(\\*)\|/g, (all, before: string) => (before.length % 2 === 0 ? `${before}\\|` : all));
}
