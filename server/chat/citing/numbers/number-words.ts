/**
 * Numbers in words, 2 to 99 and the large ones, in English, German, Spanish and French. One and its like are
 * left out: they are articles and pronouns more often than numbers.
 */
const lists: [first: number, words: string][] = [
  [
    2,
    'two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen',
  ],
  [
    2,
    'zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn',
  ],
  [
    2,
    'dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete dieciocho diecinueve',
  ],
  [2, 'deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize'],
];

/** The words of a list that counts from `first` on. */
const count = (first: number, words: string, step = 1) =>
  words.split(' ').map((word, index): [string, number] => [word, first + step * index]);

const tens = new Map(
  [
    'twenty thirty forty fifty sixty seventy eighty ninety',
    'zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig',
    'veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa',
    'vingt trente quarante cinquante soixante',
  ].flatMap(words => count(20, words, 10)),
);

/** What multiplies the number before it. */
export const magnitudes: Record<string, number> = {
  dozen: 12,
  dutzend: 12,
  hundred: 100,
  hundert: 100,
  thousand: 1e3,
  tausend: 1e3,
  mil: 1e3,
  mille: 1e3,
  million: 1e6,
  millions: 1e6,
  mio: 1e6,
  millionen: 1e6,
  millón: 1e6,
  millones: 1e6,
  billion: 1e9,
  billions: 1e9,
  bn: 1e9,
  milliard: 1e9,
  milliards: 1e9,
  milliarde: 1e9,
  milliarden: 1e9,
  mrd: 1e9,
  trillion: 1e12,
  万: 1e4,
  萬: 1e4,
  亿: 1e8,
  億: 1e8,
};

const counted = new Map(lists.flatMap(([first, words]) => count(first, words)));

/** German writes its tens in one word: "fünfundzwanzig". */
const germanTens = [...tens]
  .filter(([word]) => word.endsWith('ig'))
  .flatMap(([ten, value]) =>
    count(1, 'ein zwei drei vier fünf sechs sieben acht neun').map(([unit, ones]): [string, number] => [
      `${unit}und${ten}`,
      value + ones,
    ]),
  );

const ordinals = new Map(
  count(
    3,
    'third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth',
  ),
);

const numbers = new Map([...counted, ...tens, ...germanTens, ...ordinals]);

/** Any of the words, the longest first; what follows a hyphen is for `readNumberWord`. */
export const numberWordPattern = [...numbers.keys()].sort((a, b) => b.length - a.length).join('|');

/** The value of a number in one word, or of two with a hyphen; "twenty-one" is the only place of "one". */
export function readNumberWord(word: string): number | undefined {
  const lower = word.toLowerCase();
  const single = numbers.get(lower);
  if (single !== undefined) return single;
  const [first = '', second = ''] = lower.split('-');
  const ten = tens.get(first);
  if (ten === undefined || second === '') return undefined;
  const unit = { one: 1, first: 1, second: 2 }[second] ?? numbers.get(second);
  return unit === undefined || unit > 9 ? undefined : ten + unit;
}
