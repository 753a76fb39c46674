/** A script that 8-bit encodings were made for. */
export type Script = 'Latin' | 'Cyrillic' | 'Greek' | 'Hebrew' | 'Arabic';

/** Fewer characters beyond ASCII than this are no evidence of an encoding. */
const LEAST_EVIDENCE = 3;
/** In a script of its own every word is evidence, so more of it is asked for. */
const LEAST_LETTERS_OF_SCRIPT = 8;
/** What an honest text may hold of odd characters: a name, an emoticon, a typing error. */
const MOST_ODD = 0.03;

/**
 * Whether a text that was decoded as an 8-bit encoding reads like a text: every character beyond ASCII
 * stands where such a character stands, letters within words of one script and one case, signs beside what
 * they belong to. The wrong encoding makes of "Straße" a "StraЯe" and of "don’t" a "donТt".
 */
export function isPlausibleText(text: string, script: Script): boolean {
  const words = judgeWords(text, script);
  const signs = judgeSigns(text);
  const plausible = words.plausible + signs.plausible;
  const odd = words.odd + signs.odd;
  if (plausible < LEAST_EVIDENCE || odd > MOST_ODD * (plausible + odd)) return false;
  if (script === 'Latin') return hasPlainLetters(text, plausible + odd);
  return words.plausible >= LEAST_LETTERS_OF_SCRIPT && (script !== 'Cyrillic' || hasCommonLetters(text));
}

type Judgement = { plausible: number; odd: number };

const scriptOnly: Record<Script, RegExp> = {
  Latin: /^\p{Script=Latin}+$/u,
  Cyrillic: /^\p{Script=Cyrillic}+$/u,
  Greek: /^\p{Script=Greek}+$/u,
  Hebrew: /^[\p{Script=Hebrew}\p{M}]+$/u,
  Arabic: /^[\p{Script=Arabic}\p{M}]+$/u,
};

/** Letters that stand for something else in a text: ordinals and the micro sign. */
const SIGN_LETTERS = /[ªºµ]/g;

function judgeWords(text: string, script: Script): Judgement {
  const judgement: Judgement = { plausible: 0, odd: 0 };
  for (const [word] of text.replace(SIGN_LETTERS, ' ').matchAll(/[\p{L}\p{M}\p{N}_]+/gu)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII
    const letters = word.match(/[^\x00-\x7F]/g)?.length ?? 0;
    if (letters === 0) continue;
    if (isPlausibleWord(word, script)) judgement.plausible += letters;
    else judgement.odd += letters;
  }
  return judgement;
}

function isPlausibleWord(word: string, script: Script): boolean {
  if (!scriptOnly[script].test(word)) return false;
  // ß and ı have no capital of their own in these encodings.
  if (/\p{Ll}\p{Lu}/u.test(word.replace(/[ßı]/g, ''))) return false;
  if (script !== 'Latin') return true;
  if (word.length === 1) return /[àáâäåæçèéêìíîòóôöøùúüñý]/i.test(word);
  return !/[ÿƒˆ]|[^a-z]{5}/i.test(word) && (/[a-z]/i.test(word) || word.length <= 2);
}

/** Also in Czech or Turkish most letters are those of ASCII, and signs are few. */
function hasPlainLetters(text: string, beyond: number): boolean {
  return (text.match(/[a-z]/gi)?.length ?? 0) >= beyond;
}

/** Half of a Russian, Ukrainian or Bulgarian text is these; of one read in the wrong encoding it is not. */
function hasCommonLetters(text: string): boolean {
  const letters = text.match(/\p{Script=Cyrillic}/gu)?.length ?? 0;
  const common = text.match(/[оеаинтсрвлі]/gi)?.length ?? 0;
  const capitals = text.match(/(?!\p{Lu}\p{Ll})\p{Lu}/gu)?.length ?? 0;
  // KOI8-R has the small letters where windows-1251 has the capitals: what shouts was read wrongly.
  return common >= letters / 2 && capitals <= letters / 2;
}

const space = String.raw`(?:^|$|\s)`;
const punctuation = String.raw`[\s\p{P}\p{S}]|^|$`;
/** Where a sign may stand: what is before it, what is after it. Both must hold. */
const signPlaces: { signs: string; before: string; after: string }[] = [
  { signs: '’', before: '[\\p{L}\\p{N}]', after: `\\p{L}|${punctuation}` },
  { signs: '’‘‚“”„«»‹›', before: punctuation, after: `[\\p{L}\\p{N}]|${punctuation}` },
  { signs: '“”‘’«»‹›', before: `[\\p{L}\\p{N}]|${punctuation}`, after: punctuation },
  { signs: '–—', before: `[\\p{L}\\p{N}]|${punctuation}`, after: `[\\p{L}\\p{N}]|${punctuation}` },
  { signs: '…', before: `[\\p{L}\\p{N}]|${punctuation}`, after: `\\p{L}|${punctuation}` },
  { signs: '¿¡', before: punctuation, after: '[\\p{L}\\p{N}¿¡«“"]' },
  { signs: '•·', before: space, after: `\\p{L}|${space}` },
  { signs: '€£¥¢', before: `${punctuation}|\\p{N}`, after: `${punctuation}|\\p{N}` },
  { signs: '§', before: punctuation, after: '[\\s\\p{N}§]' },
  { signs: '№', before: punctuation, after: '[\\s\\p{N}]' },
  { signs: '°', before: '[\\s\\p{N}]', after: `[CFKNSEWO]|${punctuation}` },
  { signs: '©®™', before: `[\\p{L}\\p{N}]|${punctuation}`, after: punctuation },
  { signs: '²³¹', before: '[\\p{L}\\p{N})]', after: punctuation },
  { signs: '½¼¾', before: `\\p{N}|${space}`, after: punctuation },
  { signs: '×÷±', before: '[\\s\\p{N}(=]', after: '[\\s\\p{N}]' },
  { signs: 'ªº', before: '[\\p{L}\\p{N}.]', after: punctuation },
  { signs: 'µ', before: '[\\s\\p{N}(]', after: '[mgslA-Z\\s]' },
];
const plausibleSign = new RegExp(
  signPlaces.map(({ signs, before, after }) => `(?<=${before})[${signs}](?=${after})`).join('|'),
  'gmu',
);
/** Everything beyond ASCII that is no letter of a word, without the spaces and hyphens that show nothing. */
const anySign = /(?![\u00A0\u00AD\u200E\u200F\u2002-\u200A\u3000])(?:[^\p{L}\p{M}\p{N}]|[ªºµ²³¹½¼¾])/gu;

function judgeSigns(text: string): Judgement {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII
  const signs = text.match(anySign)?.filter(sign => !/[\x00-\x7F]/.test(sign)).length ?? 0;
  const plausible = text.match(plausibleSign)?.length ?? 0;
  return { plausible, odd: signs - plausible };
}
