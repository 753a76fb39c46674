/** The most UTF-16 units of a heading that is shown and stored: some PDF "headings" are a page long. */
export const maxHeadingCharacters = 200;

/** A heading as people read it: one line, without the marks of Markdown, numbering kept. */
export function cleanHeading(text: string): string {
  const content = text
    .slice(0, 2 * maxHeadingCharacters)
    .trim()
    .replace(/^#{1,6}\s+/, '')
    .replace(/\n\s*(?:=+|-+)$/, '')
    .replace(/\s#+$/, '')
    .replace(/\s\{#[^{}]*\}$/, '')
    .replace(/!?\[([^[\]]*)\]\([^()]*\)/g, '$1')
    .replace(/\*\*|`/g, '');
  return cutAtWord(oneLine(content), heading => heading.length <= maxHeadingCharacters);
}

/** More than any prefix or heading takes; it bounds the work on what a parser took for a name. */
const maxLineCharacters = 1000;

/** White space, and control characters, which might pass for none, become single spaces. */
export function oneLine(text: string): string {
  return stripEnd(
    text
      .slice(0, maxLineCharacters)
      .replace(/\p{Cc}|\p{Cs}/gu, ' ')
      .replace(/\s+/g, ' ')
      .trimStart(),
  );
}

const wordSegmenter = new Intl.Segmenter('en', { granularity: 'word' });

/** The longest beginning that fits and ends with a word; empty when there is none. */
export function cutAtWord(text: string, fits: (beginning: string) => boolean): string {
  if (fits(text)) return text;
  const ends: number[] = [];
  for (const { index, segment, isWordLike } of wordSegmenter.segment(text.slice(0, 2 * maxHeadingCharacters)))
    if (isWordLike) ends.push(index + segment.length);
  for (const end of ends.reverse()) {
    const beginning = stripEnd(text.slice(0, end));
    if (fits(beginning)) return beginning;
  }
  return '';
}

function stripEnd(text: string): string {
  return text.replace(/[\s.,:;-]+$/, '');
}
