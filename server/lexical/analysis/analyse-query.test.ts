import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyseQuery, type QueryTerm } from './analyse-query.ts';
import { analyseText } from './analyse-text.ts';

const pieces = (word: string) => [word.length];
const query = (text: string, languages: string[] = ['en']) => analyseQuery(text, languages, pieces);
const firstVariants = (terms: QueryTerm[]) => terms.map(({ variants }) => variants[0]).join(' ');

const cases: [what: string, text: string, terms: string, languages?: string[]][] = [
  ['stop and question words are left out', 'What is the capital of France?', 'capit franc'],
  ['contractions of them are, too', "What's the reason it doesn’t work?", 'reason work'],
  ['a question of nothing else keeps them', 'who is it', 'who is it'],
  ['capitals are names in a mixed question', 'Did the US join WHO or IT', 'us join who it'],
  ['capitals are nothing special where all is', 'WHAT IS THE PRICE', 'price'],
  ['German words in a German question', 'Wann begann der Krieg?', 'begann krieg', ['de']],
  [
    'the stop words of other languages are words',
    'what was the war that made men die',
    'war made men die',
    ['en', 'de'],
  ],
  ['an English question about German documents', 'what is the Haus', 'haus', ['de']],
  ['Spanish question words', '¿Cuántos años tiene la ciudad?', 'anos tien ciud', ['es']],
  ['Chinese question words are cut out', '黑豹队什么时候成立', '黑豹 豹队 成立', ['zh']],
  ['a Chinese question word alone stays', '什么', '什么', ['zh']],
  ['letters of an abbreviation are not looked for', 'U.S.A. policy', 'usa polici'],
  ['a code is', 'error AB-1234', 'error ab 1234 ab1234'],
  ['one letter is, when it is all', 'vitamin C', 'vitamin c'],
  ['without documents', 'running', 'run', []],
  ['nothing', '?', ''],
];
for (const [what, text, terms, languages = ['en']] of cases)
  test(`terms of a question: ${what}`, () => {
    assert.equal(firstVariants(query(text, languages).words), terms);
  });

test('a word has a variant for each language of the documents, and one for those of none', () => {
  assert.deepEqual(query('Häuser', ['de', 'fr', 'de-AT']).words, [
    { variants: ['haus', 'hauser'], weight: 1 },
  ]);
  assert.deepEqual(query('Straßen', []).words[0]?.variants, ['strassen']);
});

test('a term that a question repeats weighs more', () => {
  assert.deepEqual(query('cat and cats and dogs').words, [
    { variants: ['cat'], weight: 2 },
    { variants: ['dog'], weight: 1 },
  ]);
});

test('sub-words of stop words and code are left out', () => {
  assert.equal(firstVariants(query('what is getUserName in handbook').subwords), '##8');
  assert.equal(firstVariants(query('汽车站', ['zh']).subwords), '##汽 ##车 ##站');
});

test('years are written out for file names', () => {
  assert.equal(firstVariants(query("revenue of 3M in FY22 and Q3'21").names), 'revenu 3 3m fy 2022 q3 2021');
});

/** Typed in the one way, written in the other. */
const pairs: [question: string, text: string, language?: string][] = [
  ['AB1234', 'part AB-1234'],
  ['AB-1234', 'part AB1234'],
  ['ab 1234', 'part AB1234'],
  ['1000', '1,000 people'],
  ['1,000', '1000 people'],
  ['version 3.5', 'version 3.5.1'],
  ['§12', 'see § 12 of'],
  ['covid19', 'COVID-19'],
  ['C++', 'in C++.'],
  ['user name', 'getUserName()'],
  ['getusername', 'getUserName()'],
  ['get_user_name', 'getUserName()'],
  ['jo.doe@mail.org', '<jo.doe@mail.org>,'],
  ['dont', 'don’t'],
  ["don't", 'dont'],
  ['nodejs', 'Node.js'],
  ['email', 'e-mails'],
  ['cafe', 'le café', 'fr'],
  ['éducation', 'education', 'fr'],
  ['Hauser', 'die Häuser', 'de'],
  ['Strasse', 'Straße', 'de'],
  ['homme', "l'homme", 'fr'],
  ['istanbul', "İstanbul'da", 'tr'],
  ['елка', 'ёлка', 'ru'],
  ['财政', '国家财政部', 'zh'],
  ['财', '国家财政部', 'zh'],
  ['ไทย', 'ภาษาไทย', 'th'],
  ['finance', 'ﬁ\u00adnance'],
];
for (const [question, text, language = 'en'] of pairs)
  test(`"${question}" finds "${text}"`, () => {
    const asked = query(question, [language]);
    const found = analyseText(text, language, pieces);
    const wanted = [...asked.words, ...asked.subwords].flatMap(({ variants }) => variants);
    const held = new Set([...found.words, ...found.subwords.filter(unit => !/\d/.test(unit))]);
    assert.ok(
      wanted.some(term => held.has(term)),
      `${wanted.join(' ')} in ${[...held].join(' ')}`,
    );
  });

test('a long question takes no more than linear time', () => {
  const before = performance.now();
  query('wing-body 1.000 don’t '.repeat(5_000), ['en', 'de', 'fr']);
  assert.ok(performance.now() - before < 5_000);
});
