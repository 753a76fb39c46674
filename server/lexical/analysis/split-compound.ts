import { splitNumber } from './split-number.ts';
import type { Unit } from './unit.ts';

/** Longer ones are data, not words: they are found by their beginning, whole. */
const maxWordLength = 64;
/** A whole of more parts is a sentence with hyphens. */
const maxPartsOfWhole = 5;

const parts = /\d+(?:[.,]\d+)*|[\p{L}\p{M}\p{No}\p{Nl}]+(?:'[\p{L}\p{M}]+)*|\p{Nd}+/gu;
const caseChange = /(?<=\p{Ll}\p{M}*)(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u;
/** "PDFs" are no identifier. */
const acronymPlural = /^\p{Lu}{2,}s$/u;

/**
 * The units of letters, digits and what joins them: "AB-1234" and "AB1234" both have "AB", "1234" and "AB1234",
 * `getUserName` and `get_user_name` both have the three words and the whole.
 */
export function splitCompound(compound: string): Unit[] {
  const found: string[] = compound.match(parts) ?? [];
  const longest = found.some(part => part.length > maxWordLength);
  if (longest || isBlob(compound, found.length)) return [whole(compound.replace(joints, ''), 'exact')];
  const words = found.flatMap(splitCase);
  const isIdentifier = words.length > found.length || compound.includes('_') || mixes(found, compound);
  const role = words.length > 1 ? 'part' : 'single';
  const units = words.flatMap(word => unitsOf(word, role, !isIdentifier));
  if (role === 'single') return units;
  const joined = words.join('');
  if (words.length > maxPartsOfWhole) return units;
  return [...units, whole(joined, /^[\p{L}\p{M}']+$/u.test(joined) ? 'word' : 'exact')];
}

const joints = /[-_.'&+·]+/g;

/** Hexadecimal and the like: letters and digits in turn without an end. */
const isBlob = (compound: string, parts: number) => parts > 6 && !/[-_.'&+· ,]/.test(compound);

/** Letters and digits grown together, in any of the parts. */
const mixes = (found: string[], compound: string) =>
  found.length > 1 && /\p{L}\p{M}*\d|\d\p{L}/u.test(compound);

/** "getUserName" is three words; "mRNA", "iPhone" and "PhD" are one. */
function splitCase(part: string): string[] {
  if (acronymPlural.test(part)) return [part];
  const words = part.split(caseChange);
  return words.length === 2 && words.some(word => word.length === 1) ? [part] : words;
}

function unitsOf(part: string, role: Unit['role'], hasSubwords: boolean): Unit[] {
  if (/^\p{L}/u.test(part)) return [{ text: part, kind: 'word', subwordsOf: hasSubwords ? part : '', role }];
  return splitNumber(part).map(text => ({ text, kind: 'exact', subwordsOf: '', role }));
}

function whole(text: string, kind: Unit['kind']): Unit {
  return { text: text.slice(0, maxWordLength), kind, subwordsOf: '', role: 'whole' };
}
