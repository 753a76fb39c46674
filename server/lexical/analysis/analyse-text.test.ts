import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { analyseText } from './analyse-text.ts';

/** Stands for the tokenizer: the length is the piece. */
const pieces = (word: string) => [word.length];
const words = (text: string, language: string | null = 'en') => analyseText(text, language, pieces).words;
const subwords = (text: string, language: string | null = 'en') =>
  analyseText(text, language, pieces).subwords;

type Case = [what: string, text: string, terms: string, language?: string | null];

const cases: Case[] = [
  ['words are folded and stemmed', 'Running DOGS', 'run dog'],
  ['what separates words is dropped', '“Well,” (she) said… no!', 'well she said no'],
  ['stop words are kept', 'the cat of it', 'the cat of it'],
  ['repetitions are kept', 'cat cats cat', 'cat cat cat'],
  ['German has its own stemmer', 'Die Häuser der Straßen', 'die haus der strass', 'de'],
  ['Spanish has its own stemmer', 'canciones canción', 'cancion cancion', 'es'],
  ['Russian has its own stemmer', 'красивые дома', 'красив дом', 'ru'],
  ['a region does not matter', 'Häuser', 'haus', 'de-AT'],
  ['a language without a stemmer stays unstemmed', 'domy running', 'domy running', 'pl'],
  ['Latin words of an unknown language are taken for English', 'running', 'run', null],
  ['Latin words within another script are taken for English', 'слово running', 'слов run', 'ru'],
  ['other words of an unknown language stay', 'дома', 'дома', null],
  ['accents are folded', 'café naïve Ångström Łódź', 'cafe naiv angstrom lodz', null],
  ['accents of Greek and Cyrillic are folded', 'Ἀθῆναι ёлка λόγος', 'αθηναι елка λογοσ', null],
  ['decomposed and composed accents are the same', 'cafe\u0301 caf\u00e9', 'cafe cafe', null],
  ['the Turkish i is an i', 'İstanbul ISPARTA ılık', 'istanbul isparta ilik', 'xx'],
  ['marks stay inside Indic words', 'हिन्दी में কাজ', 'हिन्दी में কাজ', 'hi'],
  ['Arabic is found with and without vowel signs', 'كِتَاب كتاب', 'كتاب كتاب', null],
  ['Hebrew is found with and without points', 'שָׁלוֹם שלום', 'שלום שלום', null],

  ['an identifier in camel case', 'getUserName', 'get user name getusernam'],
  ['an identifier with underscores', 'get_user_name', 'get user name getusernam'],
  ['an identifier with hyphens', 'main-content', 'main content maincont'],
  ['a dotted name', 'nginx.conf', 'nginx conf nginxconf'],
  ['an acronym before a word', 'HTTPServer', 'http server httpserver'],
  ['words that only look like identifiers', 'iPhone mRNA APIs PhD', 'iphon mrna api phd'],
  ['a path', '/etc/ssh/sshd_config', 'etc ssh sshd config sshdconfig'],
  ['a Windows path', 'C:\\Temp\\a.txt', 'c temp a txt atxt'],
  ['a double underscore', '__init__ a__b', 'init a b ab'],

  ['a code with a hyphen', 'AB-1234', 'ab 1234 ab1234'],
  ['a code grown together', 'AB1234', 'ab 1234 ab1234'],
  ['a disease', 'COVID-19 covid19', 'covid 19 covid19 covid 19 covid19'],
  ['a gene of many parts', 'SARS-CoV-2', 'sar cov 2 sarscov2'],
  ['a version is found by its beginning', '3.5.1', '3.5.1 3.5'],
  ['a version after a letter', 'v3.5', 'v 3.5 v3.5'],
  ['thousands', '1,000 1.000 1000 12,345,678', '1000 1000 1000 12345678'],
  ['thousands with spaces that do not break', '12\u202f345 1\u00a0000', '12345 1000'],
  ['a decimal comma', '3,5 3.5', '3.5 3.5'],
  ['a list of numbers is no number', '1,2,3,4,5,6,7,8', '1 2 3 4 5 6 7 8'],
  ['a date has its year', '17.05.2023', '17.05.2023 17.05 2023'],
  ['an ISO date', '2023-05-17', '2023 05 17 20230517'],
  ['a section, with and without a space', '§ 12 §12 §\u00a012', '12 §12 12 §12 12 §12'],
  ['a section with a letter', '§ 12a', '12 a 12a §12a'],
  ['units and percentages', '10% 5kg m² CO₂', '10 5 kg 5kg m 2 m2 co 2 co2'],
  ['a fraction', '6½', '6 1 2'],
  ['names of programming languages', 'C++ C# C++17 c++.', 'c++ c# c++ c++17 c++'],
  ['no programming language', 'abc++ 1# a+b', 'abc 1 a b ab'],
  ['short words with a stroke', 'I/O and/or km/h', 'i o io and or andor km h kmh'],
  ['an abbreviation', 'U.S.A. U.S. e.g.', 'u s a usa u s us e g eg'],
  ['an e-mail address', 'Jo.Doe@mail.org', 'jo doe jodo mail org mailorg'],
  ['a URL', 'https://x.org/a_b?c=1', 'https x org xorg a b ab c 1'],
  ['ampersands', 'AT&T R&D', 'at t att r d rd'],

  ['apostrophes of every kind', "don't don’t dont donʼt don`t", 'dont dont dont dont dont'],
  ['an English genitive', "John's dogs'", 'john dog'],
  ['a possessive where nothing is stemmed', "Levi's", 'levi', 'pl'],
  ['a name with an apostrophe', "O'Brien", 'obrien'],
  ['a French elision', "l'homme d’une aujourd'hui", 'homm une aujourdhui', 'fr'],
  ['an Italian elision', "dell'arte", 'arte', 'it'],
  ['a Turkish ending of a name', "TBMM'ye", 'tbmm', 'tr'],
  ['soft hyphens and zero-width characters', 'ex\u00adam\u200bple exam\u2060ple', 'exampl exampl'],
  ['ligatures and full width', 'ﬁnance Ｆｉｎａｎｃｅ', 'financ financ'],
  ['hyphens that do not break', 'e\u2011mail e-mail', 'e mail email e mail email'],
  ['dashes separate', 'this—that 1914–1918', 'this that 1914 1918'],

  ['Chinese is indexed by pairs', '汽车销售', '汽车 车销 销售', 'zh'],
  ['a single ideograph is a term', '车 a', '车 a', 'zh'],
  ['pairs do not reach across punctuation', '汽车。销售', '汽车 销售', 'zh'],
  ['Japanese with its long vowels', 'データの', 'デー ータ タの', 'ja'],
  ['half-width Katakana', 'ﾃﾞｰﾀ', 'デー ータ', 'ja'],
  ['Korean is indexed by pairs', '한국어', '한국 국어', 'ko'],
  ['ideographs beyond the basic plane are one character', '𠀀𠀁𠀂', '𠀀𠀁 𠀁𠀂', 'zh'],
  ['Latin within Chinese', '用iPhone手机', '用 iphon 手机', 'zh'],
  ['Thai is indexed by threes', 'ภาษาไทย', 'ภาษ าษา ษาไ าไท ไทย', 'th'],
  ['Khmer is indexed by threes', 'ភាសា', 'ភាស ាសា', 'km'],

  ['control characters separate', 'a\u0000b\u0007c', 'a b c'],
  ['lone surrogates separate', 'ab\ud800cd \udc00', 'ab cd'],
  ['nothing but signs', '— … 🙂 \u0301', ''],
  ['names of the prototype', 'constructor __proto__ toString', 'constructor proto to string tostr'],
];

for (const [what, text, terms, language = 'en'] of cases)
  test(`terms of a text: ${what}`, () => {
    assert.deepEqual(words(text, language), terms === '' ? [] : terms.split(' '));
  });

test('word pieces are taken of Latin words without accents, case and possessive', () => {
  const asked: string[] = [];
  const ask = (word: string) => {
    asked.push(word);
    return [7, 8];
  };
  assert.deepEqual(analyseText("Zoë's Cafés", 'fr', ask).subwords, ['##7', '##8', '##7', '##8']);
  assert.deepEqual(asked, ['zoe', 'cafes']);
});

const subwordCases: Case[] = [
  ['each part of a hyphenated word has pieces', 'well-known', '##4 ##5'],
  ['numbers and codes have none', '1234 AB-1234 3.5', '##2'],
  ['code has none', 'getUserName user_name utf8', ''],
  ['four letters of other alphabets', 'привет дом', '##прив ##риве ##ивет ##дом', 'ru'],
  ['single characters of Chinese', '汽车站', '##汽 ##车 ##站', 'zh'],
  ['Thai has none', 'ภาษาไทย', '', 'th'],
];
for (const [what, text, terms, language = 'en'] of subwordCases)
  test(`sub-word units: ${what}`, () => {
    assert.deepEqual(subwords(text, language), terms === '' ? [] : terms.split(' '));
  });

test('each tokenizer gets its own pieces, each language its own stems', () => {
  assert.deepEqual(analyseText('running', 'en', () => [1]).subwords, ['##1']);
  assert.deepEqual(analyseText('running', 'en', () => [2]).subwords, ['##2']);
  assert.deepEqual([words('Häuser', 'en'), words('Häuser', 'de')], [['hauser'], ['haus']]);
});

test('a word of hexadecimal is not taken apart', () => {
  const hash = '9f86d081884c7d659a2feaa0c55ad015';
  assert.deepEqual(words(hash), [hash]);
});

test('a word of a megabyte becomes one bounded term', () => {
  for (const unit of ['a', '7', 'a1', 'aB', 'e\u0301']) {
    const [term = '', ...more] = words(unit.repeat(500_000));
    assert.deepEqual(more, []);
    assert.ok(term.length <= 64, `${term.length} characters`);
  }
});

test('the time of adversarial texts grows no faster than their length', () => {
  const units = [
    'a.',
    'a_',
    "a'",
    '1,',
    '1.',
    '\u0301',
    'C++',
    'a/b/',
    '§',
    '\u200b',
    '\ud800',
    '汽',
    'ก',
    '½',
    'aB',
  ];
  for (const unit of units) {
    const time = (length: number) => {
      const text = unit.repeat(length / unit.length);
      const times = [1, 2, 3].map(() => {
        const before = process.cpuUsage();
        analyseText(text, 'en', pieces);
        const { user, system } = process.cpuUsage(before);
        return (user + system) / 1_000;
      });
      return Math.min(...times);
    };
    const [short, long] = [time(20_000), time(160_000)];
    // Eight times the text; 64 times the time would be quadratic.
    assert.ok(long < 30 * Math.max(short, 3), `${JSON.stringify(unit)}: ${short} ms, then ${long} ms`);
  }
});

test('whatever the text, terms are well-formed, without spaces and bounded', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom('en', 'tr', 'ar', 'zh', null),
      (text, language) => {
        const { words: terms, subwords: units } = analyseText(text, language, pieces);
        for (const term of [...terms, ...units]) {
          assert.ok(term.isWellFormed() && term !== '' && !/\s/u.test(term), JSON.stringify(term));
          assert.ok(term.length <= 160, `${term.length} characters`);
        }
      },
    ),
    { numRuns: 2_000 },
  );
});

test('the terms of two texts are those of the texts one after the other', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.string({ unit: 'binary', maxLength: 20 }),
      (a, b) => {
        fc.pre(!/§\s*$/.test(a));
        assert.deepEqual(words(`${a}\n${b}`), [...words(a), ...words(b)]);
      },
    ),
  );
});
