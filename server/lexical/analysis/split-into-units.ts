import { normaliseCharacters } from './fold-text.ts';
import { splitCompound } from './split-compound.ts';
import type { Unit } from './unit.ts';

/** Written without spaces, in syllables and ideographs: indexed by pairs (as Lucene's CJKBigramFilter does). */
const cjk =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Bopomofo}\\u30fc';
/** Written without spaces, in alphabets: indexed by three characters. */
const unspaced = '\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}';
const letter = `[[\\p{L}\\p{M}\\p{N}]--[${cjk}${unspaced}]]`;
/** What joins the parts of one word or name, between two letters or digits. */
const joint = `(?:[\\-.'&+·]|_+|(?<=\\d),(?=\\d))`;

const unitPattern = new RegExp(
  [
    `(?<pairs>[[${cjk}]&&[\\p{L}\\p{M}\\p{N}]]+)`,
    `(?<triples>[[${unspaced}]&&[\\p{L}\\p{M}]]+)`,
    `(?<section>§)\\s*(?<number>\\d+[a-z]?)`,
    `(?<symbol>(?<!${letter})\\p{L}(?:\\+\\+|#))(?<edition>\\d*)(?!${letter})`,
    `(?<short>(?<!${letter})\\p{L}{1,3}/\\p{L}{1,3}(?![\\/]|${letter}))`,
    `(?<compound>[${letter}--\\p{M}]${letter}*(?:${joint}${letter}+)*)`,
  ].join('|'),
  'gv',
);

/** The units of a text in reading order. Linear in its length. */
export function splitIntoUnits(text: string): Unit[] {
  const units: Unit[] = [];
  for (const { groups } of normaliseCharacters(text).matchAll(unitPattern))
    for (const unit of unitsOfMatch(groups ?? {})) units.push(unit);
  return units;
}

function unitsOfMatch(found: Record<string, string | undefined>): Unit[] {
  const { pairs, triples, section, number, symbol, edition, short, compound } = found;
  if (compound !== undefined) return splitCompound(compound);
  if (pairs !== undefined) return pairUnits(pairs);
  if (triples !== undefined) return grams(triples, 3).map(text => exact(text));
  if (section !== undefined && number !== undefined)
    return [...splitCompound(number), exact(section + number, 'whole')];
  if (short !== undefined) {
    const parts = short
      .split('/')
      .flatMap(splitCompound)
      .map((unit): Unit => ({ ...unit, role: 'part' }));
    return [...parts, { text: short.replace('/', ''), kind: 'word', subwordsOf: '', role: 'whole' }];
  }
  if (symbol === undefined) return [];
  return edition ? [exact(symbol, 'part'), exact(symbol + edition, 'whole')] : [exact(symbol)];
}

/** Pairs as words, single characters as sub-words: they alone find one ideograph within a longer word. */
function pairUnits(run: string): Unit[] {
  const pairs = grams(run, 2);
  return pairs.map((text, index) => {
    const isLast = index === pairs.length - 1;
    return { ...exact(text), subwordsOf: isLast ? text : firstCharacter(text) };
  });
}

const firstCharacter = (text: string) => String.fromCodePoint(text.codePointAt(0) ?? 0);

/** All runs of `size` characters; a shorter text is one. */
function grams(text: string, size: number): string[] {
  const characters = Array.from(text);
  if (characters.length <= size) return [text];
  return characters.slice(size - 1).map((_, index) => characters.slice(index, index + size).join(''));
}

function exact(text: string, role: Unit['role'] = 'single'): Unit {
  return { text, kind: 'exact', subwordsOf: '', role };
}
