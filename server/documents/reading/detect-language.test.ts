import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { detectLanguage } from './detect-language.ts';

const sentences: Record<string, string> = {
  en: 'The lighthouse was painted green in 1931, and the harbour master lives in a small house beside it.',
  de: 'Der Leuchtturm wurde 1931 grün gestrichen, und der Hafenmeister wohnt in einem kleinen Haus daneben.',
  fr: 'Le phare a été peint en vert en 1931 et le capitaine du port habite une petite maison à côté.',
  es: 'El faro fue pintado de verde en 1931 y el capitán del puerto vive en una casa pequeña.',
  ru: 'Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему.',
  ja: '吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。',
  zh: '我们在这里学习中文，每天都有很多人来到这个城市工作和生活。',
};
for (const [language, sentence] of Object.entries(sentences))
  test(`a sentence in ${language} is told from others`, () => {
    assert.equal(detectLanguage(sentence), language);
    assert.equal(detectLanguage(`${sentence} `.repeat(1000)), language);
  });

test('numbers, a few words and text in no language have none', () => {
  for (const text of ['', 'Total 12', '12 13 14 '.repeat(500), 'Invoice: EUR 12.00', 'xqzj wvkp '.repeat(3)])
    assert.equal(detectLanguage(text), undefined, text);
});

test('the strokes of a table are no letters', () => {
  const rows = ['Motion | For | Against', 'New robes | 9 | 22', 'Trip to Bergen | 27 | 4'];
  assert.equal(detectLanguage([sentences.en, 'The votes of the members:', ...rows].join('\n')), 'en');
});

test('what stands only at the beginning does not decide', () => {
  assert.equal(detectLanguage(`${sentences.en} `.repeat(20) + `${sentences.de} `.repeat(500)), 'de');
});

test('any text has a code or none, and soon', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), text =>
      assert.match(detectLanguage(text.repeat(50)) ?? 'xx', /^[a-z]{2}$/),
    ),
  );
  const start = performance.now();
  detectLanguage('the quick brown fox '.repeat(1_000_000));
  assert.ok(performance.now() - start < 1_000);
});
