import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { foundExcerpt } from '../../../tests/fakes/found-excerpt.ts';
import { rankSentences } from '../quoting/rank-sentences.ts';
import { type EvidenceSigns, evidenceSigns } from './evidence-signs.ts';
import { judgeEvidence } from './judge-evidence.ts';

const none: EvidenceSigns = {
  passageCosine: 0,
  sentenceCosine: 0,
  coverage: 0,
  passageCoverage: 0,
  terms: 0.3,
  negation: 0,
};
const all = { ...none, passageCosine: 0.8, sentenceCosine: 0.8, coverage: 1, passageCoverage: 1 };
const kinds = [true, false].flatMap(isRead => [true, false].map(isEmbedded => ({ isRead, isEmbedded })));

test('nothing in common is missing, everything in common is good, in every kind', () => {
  for (const kind of kinds) {
    assert.equal(judgeEvidence(none, kind).verdict, 'missing');
    assert.equal(judgeEvidence(all, kind).verdict, 'good');
  }
});

test('more evidence never makes an answer less likely', () => {
  const sign = fc.constantFrom('passageCosine', 'sentenceCosine', 'coverage', 'passageCoverage');
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.constantFrom(...kinds), sign, share, share, (kind, name, a, b) => {
      const [less, more] = [Math.min(a, b), Math.max(a, b)].map(
        value => judgeEvidence({ ...all, [name]: value }, kind).probability,
      );
      assert.ok((less ?? 0) <= (more ?? 0));
    }),
  );
});

test('a negation counts only when the best sentence has none', async () => {
  const signs = async (question: string, text: string) => {
    const embedding = Float32Array.of(1);
    const ranking = await rankSentences({
      question,
      questionEmbedding: embedding,
      excerpts: [foundExcerpt(text)],
      embed: async texts => texts.map(() => embedding),
    });
    return evidenceSigns(question, ranking);
  };
  assert.equal((await signs('Who did not sign the treaty?', 'Spain signed the treaty.')).negation, 1);
  assert.equal(
    (await signs('Who did not sign the treaty?', 'Only Spain did not sign the treaty.')).negation,
    0,
  );
  const found = await signs('Who signed the treaty?', 'Spain signed the treaty.');
  assert.deepEqual([found.negation, found.coverage, found.sentenceCosine], [0, 1, 1]);
});
