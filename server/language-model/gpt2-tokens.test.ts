import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import bytePairs from 'gpt-tokenizer/bpeRanks/r50k_base';
import { decode, encode } from 'gpt-tokenizer/encoding/r50k_base';
import { countTokens, maxCharactersPerToken } from './gpt2-tokens.ts';

const plainText = { disallowedSpecial: new Set<string>() };
const reference = (text: string) => encode(text, plainText).length;

test('counts what GPT-2 counts', () => {
  assert.equal(countTokens(''), 0);
  assert.equal(countTokens('Hello world'), 2);
  assert.equal(countTokens("This is a test, isn't it?"), 9);
});

test('a special token in a document is ordinary text', () => {
  assert.ok(countTokens('before <|endoftext|> after') > 5);
});

test('equals the library on any text without long runs', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 250, size: 'max' }), text => {
      assert.equal(countTokens(text), reference(text));
    }),
    { numRuns: 500 },
  );
  const words = fc.array(fc.constantFrom('word ', '\n', 'été', '检索。', '12 ', '!!', '👩‍👩‍👧', "'s"), {
    minLength: 300,
    maxLength: 900,
    size: 'max',
  });
  fc.assert(
    fc.property(words, parts => assert.equal(countTokens(parts.join('')), reference(parts.join('')))),
    { numRuns: 50 },
  );
});

test('a line of 255 signs is counted exactly', () => {
  for (const sign of ['=', 'a', ' ', '\n', '7', 'й'])
    for (const prefix of ['', 'x ', 'some words, ']) {
      const text = `${prefix}${sign.repeat(255)} end`;
      assert.equal(countTokens(text), reference(text));
    }
});

test('long runs are counted to within 2 tokens per 256 characters', () => {
  for (const unit of ['a', '\n', '=', 'xyz', '👩', 'ß', ' ', '检']) {
    const text = `Some text ${unit.repeat(Math.ceil(2000 / unit.length))} and more.`;
    const exact = reference(text);
    assert.ok(Math.abs(countTokens(text) - exact) <= 16, `${unit}: ${countTokens(text)} for ${exact}`);
  }
});

test('no surrogate pair is cut', () => {
  // Half of a pair would be encoded as U+FFFD, one token, where this letter takes three or four.
  for (const sign of ['𐍈', '🫠'])
    for (const before of ['', '!', 'a']) {
      const exact = reference(sign.repeat(100)) * 40;
      assert.ok(Math.abs(countTokens(before + sign.repeat(4000)) - exact) <= 4);
    }
});

test('hostile texts take bounded time', { timeout: 20_000 }, () => {
  const million = 1_000_000;
  const texts = [
    'a'.repeat(5 * million),
    '\n'.repeat(million),
    '='.repeat(million),
    '👩‍👩‍👧'.repeat(20_000),
    randomBytes(150_000).toString('base64'),
    randomBytes(200_000).toString('latin1'),
    '<|endoftext|>'.repeat(20_000),
  ];
  for (const text of texts) {
    const startedAt = performance.now();
    assert.ok(countTokens(text) > 0);
    assert.ok(performance.now() - startedAt < 4000);
  }
});

test('no token covers more characters than maxCharactersPerToken', () => {
  const lengths = bytePairs.map((value, token) =>
    typeof value === 'string' ? decode([token]).length : value.length,
  );
  assert.equal(Math.max(...lengths), maxCharactersPerToken);
});
