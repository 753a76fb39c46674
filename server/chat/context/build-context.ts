import type { Source, TokenAccount } from '../../../contract/chat.ts';
import { RequestError } from '../../errors.ts';
import { countTokens } from '../../language-model/gpt2-tokens.ts';
import type { ChatMessage } from '../../language-model/language-model.ts';
import type { Turn } from '../../sessions/branches/read-history.ts';
import { neutraliseText } from './neutralise-text.ts';
import { formatQuestion, formatSource, systemPrompt } from './prompt.ts';

const systemPromptTokens = countTokens(systemPrompt);

/** All in GPT-2 tokens. */
export type TokenBudget = {
  maxContextTokens: number;
  systemPromptTokens: number;
  documentContextTokens: number;
  currentMessageTokens: number;
  reservedForResponse: number;
  safetyBuffer: number;
};

export type ContextInput = {
  budget: TokenBudget;
  question: string;
  /** Newest first. */
  turns: Turn[];
  /** How many more there are above these, which are not read: they do not fit. */
  furtherTurns?: number;
  /** Best first. */
  sources: Source[];
};

export type Context = {
  messages: ChatMessage[];
  /** Those that the model sees, numbered again: what the budget left out is no source. */
  sources: Source[];
  /** Those that the model sees, newest first. */
  turns: Turn[];
  account: TokenAccount;
};

/**
 * Fits prompt, sources, history and question into the model's context. The question is never cut: over
 * its own budget it borrows from the history's. Sources go in best first and whole, history newest first
 * and in whole turns. The account says where every token went and what was left out.
 *
 * @throws RequestError message_too_large, with the numbers, when the question does not fit at all.
 */
export function buildContext({ budget, question, turns, furtherTurns = 0, sources }: ContextInput): Context {
  const system = { budget: budget.systemPromptTokens, used: systemPromptTokens };
  const asked = { budget: budget.currentMessageTokens, used: countTokens(formatQuestion([], question)) };
  const historyBudget = fitQuestion(budget, asked);
  const documents = fitSources(budget.documentContextTokens, sources);
  const history = fitTurns(historyBudget, turns);
  return {
    messages: [
      { role: 'system', content: systemPrompt },
      ...history.turns.toReversed().flatMap(toMessages),
      { role: 'user', content: formatQuestion(documents.formatted, question) },
    ],
    sources: documents.sources,
    turns: history.turns,
    account: {
      max_context_tokens: budget.maxContextTokens,
      reserved_for_response: budget.reservedForResponse,
      safety_buffer: budget.safetyBuffer,
      system_prompt: system,
      documents: documents.account,
      history: {
        budget: historyBudget,
        used: history.used,
        turns_included: history.turns.length,
        turns_left_out: turns.length - history.turns.length + furtherTurns,
      },
      question: { ...asked, borrowed_from_history: Math.max(0, asked.used - asked.budget) },
      total_used: system.used + documents.account.used + history.used + asked.used,
    },
  };
}

/**
 * To be called before a question is saved, so that one that fits nowhere is refused and not answered.
 *
 * @throws RequestError message_too_large, with the numbers.
 */
export function checkQuestionFits(budget: TokenBudget, question: string): void {
  fitQuestion(budget, {
    budget: budget.currentMessageTokens,
    used: countTokens(formatQuestion([], question)),
  });
}

/** A question may borrow all of the history's tokens, and no others. */
export function mostQuestionTokens(budget: TokenBudget): number {
  const others =
    Math.max(budget.systemPromptTokens, systemPromptTokens) +
    budget.documentContextTokens +
    budget.reservedForResponse +
    budget.safetyBuffer;
  return Math.max(0, budget.maxContextTokens - others);
}

/** What remains for the history once everything else has its share. */
function fitQuestion(budget: TokenBudget, asked: Part): number {
  const most = mostQuestionTokens(budget);
  const history = most - Math.max(asked.budget, asked.used);
  if (history < 0) {
    throw new RequestError(
      'message_too_large',
      `The message has ${asked.used} tokens; at most ${most} fit. Shorten it, or upload the text as a document.`,
      { extra: { tokens: asked.used, most_tokens: most } },
    );
  }
  return history;
}

type Part = { budget: number; used: number };

function fitSources(budget: number, sources: Source[]) {
  const included: Source[] = [];
  const formatted: string[] = [];
  const account: TokenAccount['documents'] = { budget, used: 0, included: [], left_out: [] };
  for (const source of sources) {
    const numbered = { ...source, number: included.length + 1 };
    const text = formatSource(numbered);
    const entry = { passage_id: source.passage_id, tokens: countTokens(text) };
    if (account.used + entry.tokens > budget) {
      account.left_out.push({ ...entry, reason: 'over_budget' });
      continue;
    }
    account.used += entry.tokens;
    account.included.push(entry);
    included.push(numbered);
    formatted.push(text);
  }
  return { sources: included, formatted, account };
}

/** Stops at the first turn that does not fit: a history with holes would mislead. */
function fitTurns(budget: number, turns: Turn[]): { turns: Turn[]; used: number } {
  let used = 0;
  const tooFar = turns.findIndex(turn => {
    used += turn.tokenCount;
    return used > budget;
  });
  const included = tooFar < 0 ? turns : turns.slice(0, tooFar);
  return { turns: included, used: included.reduce((sum, turn) => sum + turn.tokenCount, 0) };
}

function toMessages({ question, answer }: Turn): ChatMessage[] {
  return [
    { role: 'user', content: neutraliseText(question) },
    { role: 'assistant', content: neutraliseText(answer) },
  ];
}
