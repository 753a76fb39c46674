/**
 * What is written as it looks: no image, no link, no HTML and no other markup can come out of a quote. Addresses
 * that a reader would turn into links become code.
 */

/** Of CommonMark and GFM; a backslash before it takes the meaning from each. */
const markup = /[\\`*_[\]<>~$|!&]/g;
/** At the beginning of a line: headings, lists, thematic breaks, setext underlines. */
const lineMarkup = /^([#+=-])/;
const numbered = /^(\d+)([.)])(?=\s|$)/;
/** GFM makes links of these without being asked (its extension "autolinks"). */
const address =
  /(?:(?:https?|ftp):\/\/|www\.|(?:mailto|xmpp|javascript|data):)[^\s<>`]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/giu;

/** Each line of a quote on its own, joined by hard breaks within the same block quote. */
export const quoteAsMarkdown = (lines: readonly string[]): string => lines.map(asLiteral).join('\\\n> ');

/** A single line of text as Markdown that shows exactly it. */
export function asLiteral(line: string): string {
  let written = '';
  let from = 0;
  for (const { 0: found, index } of line.matchAll(address)) {
    written += withoutMarkup(line.slice(from, index)) + asCode(found);
    from = index + found.length;
  }
  written += withoutMarkup(line.slice(from));
  return written.replace(lineMarkup, '\\$1').replace(numbered, '$1\\$2');
}

const withoutMarkup = (text: string) => text.replace(markup, escapeWhereNeeded);

/** An exclamation mark means something only before a bracket, an ampersand only before a letter or a number sign. */
function escapeWhereNeeded(mark: string, at: number, text: string): string {
  const next = text[at + 1] ?? '';
  if (mark === '!') return next === '[' ? '\\!' : '!';
  if (mark === '&') return /[\p{L}#]/u.test(next) ? '\\&' : '&';
  if (mark === '_') {
    const isWithinWord = /[\p{L}\p{N}]/u.test(text[at - 1] ?? '') && /[\p{L}\p{N}]/u.test(next);
    return isWithinWord ? '_' : '\\_';
  }
  return `\\${mark}`;
}

const asCode = (found: string) => `\`${found}\``;
