import { cutAtWord, oneLine } from './clean-heading.ts';

/** The most UTF-16 units of a context prefix. */
export const maxPrefixCharacters = 160;
/** The most word pieces of a context prefix. */
export const maxPrefixPieces = 48;

/** Where a passage stands. */
export type PassageContext = {
  filename: string;
  /** The title that the file itself gives. */
  title?: string | undefined;
  /** By a person: used instead, whatever it is. */
  givenTitle?: string | undefined;
  /** From the highest to the nearest. */
  headings?: string[];
  /** The header row of the table in whose middle the passage begins. */
  tableHeader?: string | undefined;
};

const ending = '. ';

type CountPieces = (text: string) => number;

/**
 * What a passage's text is preceded by when it is embedded and indexed, so that it is found by the name of
 * its document: "employee handbook. Leave. Parental leave. ". Ends with ". " (hence it adds its own word
 * pieces to the passage's and no more), or is empty when there is nothing to say. When not all of it fits,
 * the document's name and the nearest heading stay, then a table's header, then the headings from the inside
 * out; a nearest heading of at most half the prefix is never cut.
 */
export function contextPrefix(context: PassageContext, countPieces: CountPieces): string {
  const { name, headings, tableHeader } = distinctParts(context, countPieces);
  const fits = (parts: string[]) => fitsShare(parts, 1, countPieces);
  const all = [...name, ...headings, ...tableHeader];
  if (fits(all)) return joined(all);

  const outer = headings.slice(0, -1);
  const essential = shortened(name, headings.at(-1), countPieces);
  let inside = essential.nearest;
  let table: string[] = [];
  const withParts = (path: string[], header: string[]) => [...essential.name, ...path, ...header];
  if (fits(withParts(inside, tableHeader))) table = tableHeader;
  for (const heading of outer.reverse())
    if (fits(withParts([heading, ...inside], table))) inside = [heading, ...inside];
  return joined(withParts(inside, table));
}

/** Cleaned, and what was said already is not said again. */
function distinctParts(context: PassageContext, countPieces: CountPieces) {
  const said = new Set<string>(['']);
  const fresh = (part: string) => said.size < said.add(part.toLowerCase()).size;
  return {
    name: nameOf(context, countPieces).filter(fresh),
    headings: (context.headings ?? []).map(oneLine).filter(fresh),
    tableHeader: [headerWords(context.tableHeader ?? '')].filter(fresh),
  };
}

/** The file's name in words and its title, or the title alone when both are too much. */
function nameOf({ filename, title, givenTitle }: PassageContext, countPieces: CountPieces): string[] {
  const name = nameToWords(filename);
  const telling = givenTitle === undefined ? tellingTitle(title ?? '') : oneLine(givenTitle);
  if (telling === '' || telling.toLowerCase() === name.toLowerCase()) return [name];
  return fitsShare([name, telling], 1 / 2, countPieces) ? [name, telling] : [telling];
}

/** Name and nearest heading whole if they fit, else the name cut to half and the heading to what is left. */
function shortened(name: string[], nearest: string | undefined, countPieces: CountPieces) {
  const whole = name.join(ending);
  const cut = (text: string, fits: (parts: string[]) => boolean) =>
    [cutAtWord(text, beginning => fits([beginning]))].filter(part => part !== '');
  if (nearest === undefined)
    return { name: cut(whole, parts => fitsShare(parts, 1, countPieces)), nearest: [] };
  const shortName = fitsShare([...name, nearest], 1, countPieces)
    ? name
    : cut(whole, parts => fitsShare(parts, 1 / 2, countPieces));
  return {
    name: shortName,
    nearest: cut(nearest, parts => fitsShare([...shortName, ...parts], 1, countPieces)),
  };
}

function fitsShare(parts: string[], share: number, countPieces: CountPieces): boolean {
  const text = joined(parts);
  if (text.length > maxPrefixCharacters * share) return false;
  return countPieces(text) <= maxPrefixPieces * share;
}

function joined(parts: string[]): string {
  return parts.map(part => part + ending).join('');
}

function nameToWords(filename: string): string {
  const name = filename.split(/[/\\]/).at(-1) ?? '';
  return oneLine(name.replace(/(?<=.)\.[a-z0-9]{1,8}$/i, '').replace(/[._-]+/g, ' '));
}

/** What programs write when nobody gave a title: their own name, a file's name, a number. */
const writtenByPrograms =
  /^(?:(?:untitled|unbenannt|sans titre|sin título)\b.*|(?:no )?title|titel|microsoft \w+ - .*|powerpoint presentation|powerpoint-präsentation|(?:slide|sheet|book|document|dokument|presentation|präsentation) ?\d*|.*\.(?:docx?|pdf|pptx?|xlsx?|odt|rtf|txt|html?|tex|dvi|indd|qxd))$/i;

function tellingTitle(title: string): string {
  const line = oneLine(title);
  return /\p{L}{2}/u.test(line) && !writtenByPrograms.test(line) ? line : '';
}

/** "| Name | Born |\n|---|---|" and "Name | Born" alike become "Name, Born". */
function headerWords(header: string): string {
  const cells = header.slice(0, 4 * maxPrefixCharacters).split(/[|\n\t]/);
  return cells
    .map(oneLine)
    .filter(cell => /[\p{L}\p{N}]/u.test(cell))
    .join(', ');
}
