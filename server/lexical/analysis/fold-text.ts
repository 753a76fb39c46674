/** The forms of a text that writers and searchers take for the same. */

/** The letters of the alphabets whose accents people leave out. */
const accented = '\\p{Script=Latin}\\p{Script=Greek}\\p{Script=Cyrillic}';
const accents = new RegExp(`(?<=[${accented}])\\p{Mn}+`, 'gu');
/** Vowel signs of Hebrew and Arabic, and the stroke that lengthens an Arabic word: left out by most writers. */
const vowelSigns = /[\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]/g;
/** Invisible: soft hyphens, joiners, direction marks, variation selectors. */
const invisible = /(?:\p{Cf}|\p{Variation_Selector})+/gu;
const apostrophes = /[\u2018\u2019\u201b\u02bc\u02b9\u0060\u00b4\uff07\u2032]/g;
const fractions = /(?<=\d)(?=[\u00bc-\u00be\u2150-\u215e])/g;

/** Letters that Unicode does not decompose, or that one keyboard has and the other has not. */
const substitutes: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ħ: 'h',
  ı: 'i',
  ς: 'σ',
  ی: 'ي',
  ى: 'ي',
  ک: 'ك',
  ة: 'ه',
};
const substituted = new RegExp(`[${Object.keys(substitutes).join('')}]`, 'g');

/** Compatible characters in one form (ligatures, full width, superscripts), nothing invisible, one apostrophe. */
export function normaliseCharacters(text: string): string {
  if (isAscii(text)) return text.includes('`') ? text.replaceAll('`', "'") : text;
  // Apostrophes first: compatibility turns the acute accent that serves as one into a space.
  const marked = text.replace(fractions, ' ').replace(apostrophes, "'");
  return marked
    .normalize('NFKC')
    .replace(invisible, '')
    .replace(/[\u2010\u2011\ufe63]/g, '-');
}

/** Lower case without accents, for a normalised text. Marks stay where they are letters, as in Indic scripts. */
export function foldText(text: string): string {
  const lower = text.toLowerCase();
  if (isAscii(lower)) return lower;
  const bare = lower.normalize('NFKD').replace(accents, '').replace(vowelSigns, '');
  return bare.normalize('NFC').replace(substituted, letter => substitutes[letter] ?? letter);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is where ASCII begins.
const onlyAscii = /^[\x00-\x7f]*$/;

function isAscii(text: string): boolean {
  return onlyAscii.test(text);
}
