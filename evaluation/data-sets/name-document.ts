import type { SetDocument } from './data-set.ts';

export type CorpusEntry = { _id: string; title: string; text: string };

/**
 * A document of a corpus as the file that it would be: named after its page when its id is a URL, else after
 * its title. The name stands before every passage when it is indexed; the title does as a heading when it is
 * not the name.
 *
 * @example toFile({ _id: 'https://a.org/docs/models#names', title: 'Model names', text: '…' })
 * // models.md: "# Model names\n\n…"
 */
export function toFile({ _id, title, text }: CorpusEntry): SetDocument {
  const page = pageOf(_id);
  const heading = title.trim();
  const name = page ?? (heading || _id);
  if (page === undefined || heading === '' || heading.toLowerCase() === page.toLowerCase())
    return { id: _id, filename: `${withoutSlashes(name)}.txt`, content: text.trim() === '' ? heading : text };
  // Many sections begin with their title: it is not said twice.
  const beginsWithTitle = text.trimStart().split('\n', 1)[0]?.trim() === heading;
  const body = beginsWithTitle ? text.trimStart().slice(heading.length) : text;
  return { id: _id, filename: `${withoutSlashes(name)}.md`, content: `# ${heading}\n\n${body.trimStart()}` };
}

/** The last part of a URL's path: "models" of https://a.org/docs/models.html#names. */
function pageOf(id: string): string | undefined {
  if (!/^https?:\/\//.test(id) || !URL.canParse(id)) return undefined;
  const { pathname } = new URL(id);
  const last = pathname.split('/').findLast(part => part !== '');
  return last === undefined ? undefined : decode(last).replace(/(?<=.)\.[a-z0-9]{1,5}$/i, '');
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const withoutSlashes = (name: string) => name.replace(/[/\\]/g, '-');
