/** The most UTF-16 units of a context prefix. */
export const maxPrefixCharacters = 160;
/** The most word pieces of a context prefix. */
export const maxPrefixPieces = 48;

const ending = '. ';
const wordSegmenter = new Intl.Segmenter('en', { granularity: 'word' });

/**
 * What a passage's text is preceded by when it is embedded and indexed, so that it is found by the name of
 * its document: "employee handbook. Leave. Parental leave. ". Ends with ". " (hence it adds its own word
 * pieces to the passage's and no more), or is empty when there is nothing to say.
 */
export function contextPrefix(
  filename: string,
  headings: string[],
  countPieces: (text: string) => number,
): string {
  const parts = [nameToWords(filename), ...headings.map(tidy)].filter(
    (part, index, all) => part !== '' && part.toLowerCase() !== all[index - 1]?.toLowerCase(),
  );
  const body = cutAtWord(parts.join(ending), countPieces);
  return body === '' ? '' : body + ending;
}

function nameToWords(filename: string): string {
  const name = filename.split(/[/\\]/).at(-1) ?? '';
  return tidy(name.replace(/(?<=.)\.[a-z0-9]{1,8}$/i, '').replace(/[._-]+/g, ' '));
}

/** White space, and control characters, which might pass for none, become single spaces. */
function tidy(text: string): string {
  return stripEnd(
    text
      .replace(/\p{Cc}|\p{Cs}/gu, ' ')
      .replace(/\s+/g, ' ')
      .trimStart(),
  );
}

function stripEnd(text: string): string {
  return text.replace(/[\s.,:;-]+$/, '');
}

function cutAtWord(text: string, countPieces: (text: string) => number): string {
  const maxLength = maxPrefixCharacters - ending.length;
  const fits = (body: string) => body.length <= maxLength && countPieces(body + ending) <= maxPrefixPieces;
  if (fits(text)) return text;
  const ends: number[] = [];
  // Not the whole text: a heading may be a page long. One word more shows where the last one ends.
  for (const { index, segment, isWordLike } of wordSegmenter.segment(text.slice(0, 2 * maxPrefixCharacters)))
    if (isWordLike) ends.push(index + segment.length);
  for (const end of ends.reverse()) {
    const body = stripEnd(text.slice(0, end));
    if (fits(body)) return body;
  }
  return '';
}
