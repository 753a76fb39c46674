import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Source } from '../../../contract/chat.ts';
import { RequestError } from '../../errors.ts';
import { countTokens } from '../../language-model/gpt2-tokens.ts';
import { buildContext, checkQuestionFits, type TokenBudget } from './build-context.ts';

const budget: TokenBudget = {
  maxContextTokens: 2_000,
  systemPromptTokens: 200,
  documentContextTokens: 300,
  currentMessageTokens: 50,
  reservedForResponse: 200,
  safetyBuffer: 50,
};
const historyBudget = 2_000 - 200 - 300 - 50 - 200 - 50;

function source(id: number, words: number): Source {
  const quote = 'word '.repeat(words).trim();
  return {
    number: id,
    document_id: 1,
    version: 1,
    filename: 'a.txt',
    title: null,
    chunk_id: id,
    passage_id: id,
    start: 0,
    end: quote.length,
    heading: null,
    heading_path: [],
    page: null,
    quote,
    score: 1,
  };
}

function turn(words: number) {
  const question = 'ask '.repeat(words).trim();
  return { question, questionId: 1, answer: 'yes', answerId: 2, tokenCount: countTokens(question) + 1 };
}

test('sources go in best first and whole; one that does not fit is listed with its reason', () => {
  const context = buildContext({
    budget,
    question: 'Why?',
    turns: [],
    sources: [source(1, 100), source(2, 280), source(3, 100)],
  });
  assert.deepEqual(
    context.sources.map(({ passage_id, number }) => [passage_id, number]),
    [
      [1, 1],
      [3, 2],
    ],
  );
  assert.deepEqual(
    context.account.documents.left_out.map(({ passage_id, reason }) => [passage_id, reason]),
    [[2, 'over_budget']],
  );
  const prompt = context.messages.at(-1)?.content ?? '';
  assert.ok(prompt.includes('<source number="1"') && prompt.includes('<source number="2"'));
  assert.ok(!prompt.includes('number="3"'), 'numbers have no gap');
});

test('the newest turns come first into the budget, whole, and stand in order before the question', () => {
  const turns = [turn(400), turn(500), turn(600), turn(10)];
  const { account, messages } = buildContext({ budget, question: 'Why?', turns, sources: [] });
  assert.equal(account.history.turns_included, 2);
  assert.equal(account.history.turns_left_out, 2);
  assert.deepEqual(
    messages.map(({ role }) => role),
    ['system', 'user', 'assistant', 'user', 'assistant', 'user'],
  );
  assert.equal(messages[1]?.content, turns[1]?.question, 'the older of the two comes first');
  assert.equal(messages[3]?.content, turns[0]?.question);
});

test('a question over its own budget borrows from the history and is never cut', () => {
  const question = 'why '.repeat(300).trim();
  const { account, messages } = buildContext({ budget, question, turns: [turn(1_100)], sources: [] });
  assert.ok(account.question.borrowed_from_history > 200);
  assert.equal(account.history.budget, historyBudget - account.question.borrowed_from_history);
  assert.equal(account.history.turns_included, 0, 'the turn would have fitted without the loan');
  assert.ok(messages.at(-1)?.content.endsWith(question));
});

test('a question that fits nowhere is refused with the numbers', () => {
  const refused = (error: unknown) =>
    error instanceof RequestError &&
    error.code === 'message_too_large' &&
    error.extra?.most_tokens === historyBudget + 50 &&
    Number(error.extra?.tokens) > historyBudget + 50;
  const question = 'why '.repeat(1_500);
  assert.throws(() => buildContext({ budget, question, turns: [], sources: [] }), refused);
  assert.throws(() => checkQuestionFits(budget, question), refused);
  checkQuestionFits(budget, 'Why?');
});

test('whatever comes in, the parts keep their budgets and the account adds up', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 900 }), { maxLength: 8 }),
      fc.integer({ min: 1, max: 600 }),
      (sourceWords, turnWords, questionWords) => {
        const { account, messages, sources } = buildContext({
          budget,
          question: 'why '.repeat(questionWords).trim(),
          turns: turnWords.map(turn),
          sources: sourceWords.map((words, index) => source(index + 1, words)),
        });
        const { documents, history } = account;
        assert.ok(documents.used <= documents.budget);
        assert.ok(history.used <= history.budget);
        assert.equal(documents.included.length + documents.left_out.length, sourceWords.length);
        assert.equal(sources.length, documents.included.length);
        assert.equal(messages.length, 2 + 2 * history.turns_included);
        const { max_context_tokens, reserved_for_response, safety_buffer, total_used } = account;
        assert.ok(total_used + reserved_for_response + safety_buffer <= max_context_tokens);
        const counted = messages.reduce((sum, { content }) => sum + countTokens(content), 0);
        // Texts that are joined may merge or split a token at the seam.
        assert.ok(
          Math.abs(counted - total_used) <= 3 * (sources.length + messages.length),
          `${counted} ${total_used}`,
        );
      },
    ),
    { numRuns: 60 },
  );
});
