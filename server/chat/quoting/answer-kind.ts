/** What kind of thing a question asks for, and whether a text offers one. */

export type AnswerKind = 'number' | 'time' | 'person' | 'place' | 'reason' | 'other';

/** Whole words; \b knows only ASCII. */
const words = (pattern: string) => new RegExp(`(?<![\\p{L}\\p{N}])(?:${pattern})(?![\\p{L}\\p{N}])`, 'iu');
const either = (...patterns: RegExp[]) => new RegExp(patterns.map(({ source }) => source).join('|'), 'iu');

/** Question words in the languages of the wordings that have telling ones; the first kind that fits counts. */
const cues: { kind: AnswerKind; asked: RegExp }[] = [
  {
    kind: 'number',
    asked: either(
      words(
        'how (?:many|much|long|far|old|tall|high|deep|large|big|fast|often|heavy|wide)|' +
          'what (?:percent\\p{L}*|number|amount|share|proportion|fraction)|' +
          'wie ?(?:viele?n?|lange?|hoch|weit|alt|groß|tief|schnell|oft|schwer|breit)|' +
          'combien|cu[aá]nt[oa]s?|quant[oaie]s?|hoe ?(?:veel|lang|hoog|ver|oud|groot|diep|vaak|zwaar|breed)|' +
          'hur (?:många|mycket|länge|hög|gammal)|hvor (?:mange|meget|mye|længe|høy|høj|gammel)|kolik|ile|kaç|' +
          'сколько|скільки|πόσ\\p{L}+|كم|כמה|कितन\\p{L}*\\p{M}*',
      ),
      /多少|几个|幾つ|いくつ|何(?:人|年間|個|本|回|メートル|キロ)|얼마나|몇/,
    ),
  },
  {
    kind: 'time',
    asked: either(
      words(
        'when|(?:what|which) (?:year|date|day|month|century|decade|time)|wann|' +
          'welche[mnrs]? (?:jahr\\p{L}*|datum|tag\\p{L}*|monat\\p{L}*)|quand|quelle (?:année|date|heure)|' +
          'cu[aá]ndo|qué (?:año|fecha|día|siglo)|quando|wanneer|när|hvornår|når|kdy|kiedy|ne zaman|когда|коли|' +
          'πότε|متى|מתי|कब',
      ),
      /何时|何年|什么时候|哪一?年|いつ|언제/,
    ),
  },
  {
    kind: 'person',
    asked: either(
      words(
        'who|whom|whose|wer|we[mn]|wessen|qui|qui[eé]n(?:es)?|chi|quem|wie (?:is|was|heeft|zijn|waren)|vem|' +
          'hvem|kdo|kto|kim|kimdir|кто|хто|ποι[οό]ς|ποιο[ίι]|من|מי|कौन',
      ),
      /谁|誰|누가|누구/,
    ),
  },
  {
    kind: 'place',
    asked: either(
      words(
        'where|(?:what|which) (?:country|city|state|town|region|continent|place|location|river|county)|' +
          'wo|wohin|woher|welche[mnrs]? (?:land|stadt|staat|ort|region)|où|d[oó]nde|dove|onde|waar|var|hvor|' +
          'kde|gdzie|nerede|где|куда|де|πού|أين|איפה|कहाँ',
      ),
      /哪里|哪裡|何处|どこ|어디/,
    ),
  },
  {
    kind: 'reason',
    asked: either(
      words(
        'why|what (?:caused?|reason)|warum|wieso|weshalb|pourquoi|por ?qu[eé]|perch[eé]|waarom|varför|' +
          'hvorfor|proč|dlaczego|neden|почему|зачем|чому|γιατί|لماذا|למה|क्यों',
      ),
      /为什么|為什麼|なぜ|왜/,
    ),
  },
];

export function answerKind(question: string): AnswerKind {
  return cues.find(({ asked }) => asked.test(question))?.kind ?? 'other';
}

const number = either(
  /\p{N}|[一二三四五六七八九十百千万億亿]/u,
  words(
    'two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundreds?|thousands?|' +
      'millions?|billions?|half|third|quarter|dozens?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|' +
      'hundert|tausend|deux|trois|quatre|cinq|sept|huit|neuf|dix|cent|mille|dos|tres|cuatro|cinco|seis|siete|' +
      'ocho|nueve|diez|cien|mil|due|tre|quattro|cinque|sei|sette|otto|nove|dieci',
  ),
);
const time = either(
  /(?<!\p{N})(?:1[0-9]|20)[0-9]{2}(?!\p{N})|\p{N}{1,2}[.:]\p{N}{2}|\p{N}\s*[年月日년월일]|\p{N}(?:st|nd|rd|th)(?!\p{L})/u,
  words(
    'january|february|march|april|may|june|july|august|september|october|november|december|' +
      'januar|februar|märz|mai|juni|juli|oktober|dezember|janvier|février|mars|avril|juin|juillet|août|' +
      'septembre|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|' +
      'octubre|noviembre|diciembre|monday|tuesday|wednesday|thursday|friday|saturday|sunday|' +
      'centur(?:y|ies)|decades?|years?|jahrhunderts?|jahr(?:en?|es)?|siècles?|années?|siglos?|años?|secolo|anni',
  ),
);
const reason = either(
  words(
    'because|since|due to|so that|in order to|therefore|as a result|caused?|reasons?|thus|weil|da|denn|damit|' +
      'deshalb|um|wegen|aufgrund|parce|car|afin|puisque|porque|debido|para|perché|poiché|omdat|потому',
  ),
  /因为|由于|ため|から|때문/,
);
/** A word with a capital that does not begin the sentence. */
const innerName = /(?<=[\p{Ll}\p{N},;:"“'(]\s?["“'(]?)(?<!\p{L})\p{Lu}[\p{L}\p{M}'’.-]+/gu;

/**
 * Whether the text has something of the kind that the question does not say itself: undefined where its look does
 * not tell.
 */
export function offers(kind: AnswerKind, text: string, question: string): boolean | undefined {
  if (kind === 'number') return number.test(withoutNumbersOf(question, text));
  if (kind === 'time') return time.test(withoutNumbersOf(question, text));
  if (kind === 'reason') return reason.test(text);
  if (kind === 'other' || !/\p{Lu}/u.test(text)) return undefined;
  const said = question.toLowerCase();
  return [...text.matchAll(innerName)].some(([name]) => !said.includes(name.toLowerCase()));
}

const withoutNumbersOf = (question: string, text: string) => {
  let rest = text;
  for (const [said] of question.matchAll(/\p{N}[\p{N}.,]*/gu)) rest = rest.replaceAll(said, '');
  return rest;
};
