/** From this many characters on a section ends where it can. */
const SECTION_LENGTH = 16_384;

/**
 * Pieces of a Markdown text that mean the same alone as together, so that a large file is not parsed at once:
 * they end before a heading, or before a paragraph that no list or code goes on in.
 */
export function splitMarkdown(text: string, from: number): { start: number; end: number }[] {
  const sections: { start: number; end: number }[] = [];
  let start = from;
  let fence: string | undefined;
  let afterBlank = false;
  for (let at = from; at < text.length; ) {
    const lineEnd = text.indexOf('\n', at);
    const next = lineEnd < 0 ? text.length : lineEnd + 1;
    const line = text.slice(at, Math.min(next, at + 200));
    if (!fence && afterBlank && at - start >= SECTION_LENGTH && /^[^\s\-*+>|\d<]/.test(line)) {
      sections.push({ start, end: at });
      start = at;
    }
    fence = fenceAfter(line, fence);
    afterBlank = line.trim() === '';
    at = next;
  }
  if (start < text.length) sections.push({ start, end: text.length });
  return sections;
}

/** The code fence that is open after a line, when one was open before it. */
function fenceAfter(line: string, open: string | undefined): string | undefined {
  const marks = /^[ \t]*(`{3,}|~{3,})/.exec(line)?.[1];
  if (marks === undefined) return open;
  if (open === undefined) return marks;
  return marks.startsWith(open) && line.trim() === marks ? undefined : open;
}
