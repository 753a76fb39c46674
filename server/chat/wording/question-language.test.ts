import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { questionLanguage } from './question-language.ts';
import { wordings } from './wordings.ts';

const questions: Record<string, string[]> = {
  en: ['How high is the tower?', 'Who was Hans?', 'Was Anna there?', 'When was the war?', 'battery life'],
  de: ['Wie hoch ist der Turm?', 'Wer baute den Turm?', 'Was kostet das?', 'Wann öffnet das Museum?'],
  fr: ['Qui a construit le phare ?', 'Combien coûte le billet ?', 'Où est le phare?'],
  es: ['¿Cuándo se construyó el faro?', 'Dónde está el faro?', '¿De qué era secretario Ban Ki-moon?'],
  it: ['Quando fu costruito il faro?', 'Chi ha costruito il faro?', 'Dov’è il faro?'],
  pt: ['Quando foi construído o farol?', 'Quem construiu o farol?', 'Onde fica o farol?'],
  nl: ['Hoe hoog is de toren?', 'Wat kost dat?', 'Waar is de vuurtoren?'],
  sv: ['När byggdes fyren?', 'Var är fyren?'],
  da: ['Hvornår blev fyret bygget?'],
  pl: ['Kiedy zbudowano latarnię?', 'Gdzie jest latarnia?'],
  cs: ['Kdy byl maják postaven?', 'Kde je maják?'],
  tr: ['Deniz feneri ne zaman inşa edildi?', 'Deniz feneri nerede?'],
  ru: ['Когда построили маяк?', 'Маяк'],
  uk: ['Коли збудували маяк?', 'Де знаходиться маяк?'],
  el: ['Πότε χτίστηκε ο φάρος;'],
  ar: ['متى بُنيت المنارة؟'],
  he: ['מתי נבנה המגדלור?'],
  hi: ['प्रकाशस्तंभ कब बनाया गया था?'],
  zh: ['灯塔是什么时候建造的？', 'Internet2是什么'],
  ja: ['灯台はいつ建てられましたか？', 'GPUの価格は？'],
  ko: ['등대는 언제 지어졌나요?'],
};
for (const [language, asked] of Object.entries(questions))
  test(`questions in ${language} are told from others`, () => {
    for (const question of asked) assert.equal(questionLanguage(question), language, question);
  });

test('names, codes and single words are in no language: English', () => {
  for (const question of ['', '?', 'Berlin', 'Kim', 'IBM 360', 'Garantie', '12.5', 'What does 東京 mean?'])
    assert.equal(questionLanguage(question), 'en', question);
});

test('a language without a wording gets English, not its neighbour’s', () => {
  for (const question of [
    'Quan es va construir el far?',
    'Milloin majakka on rakennettu?',
    'فانوس دریایی کی ساخته شد؟',
  ])
    assert.equal(questionLanguage(question), 'en', question);
});

test('any text has a language with a wording', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), text => {
      assert.ok(Object.hasOwn(wordings, questionLanguage(text)));
    }),
  );
});

test('every wording has its settings’ names, and a colon where something follows', () => {
  for (const { nearest, doubtful, quoting } of Object.values(wordings)) {
    for (const name of ['`GROQ_API_KEY`', '`LLM_BASE_URL`', '`LLM_MODEL`']) assert.ok(quoting.includes(name));
    for (const leading of [nearest, doubtful]) assert.match(leading, /[:：]$/);
  }
});
