import type { TokenAccount } from '../../contract/chat.ts';
import { RequestError } from '../errors.ts';
import { countTokens } from '../language-model/gpt2-tokens.ts';
import type { ChatMessage } from '../language-model/language-model.ts';
import type { Turn } from '../sessions/message-store.ts';
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

export type ContextChunk = { chunkId: number; filename: string; text: string; tokenCount: number };

export type ContextInput = {
  budget: TokenBudget;
  question: string;
  /** Newest first. */
  turns: Turn[];
  /** Best first. */
  chunks: ContextChunk[];
};

export type Context = {
  messages: ChatMessage[];
  /** The chunks that the model sees; the first is source [1]. */
  chunks: ContextChunk[];
  account: TokenAccount;
};

/**
 * Fits prompt, sources, history and question into the model's context. The question is never cut: over
 * its own budget it borrows from the history's. Sources go in best first and whole, history newest first
 * and in whole turns. The account says where every token went and what was left out.
 *
 * @throws RequestError message_too_large, with the numbers, when the question does not fit at all.
 */
export function buildContext({ budget, question, turns, chunks }: ContextInput): Context {
  const system = { budget: budget.systemPromptTokens, used: systemPromptTokens };
  const asked = { budget: budget.currentMessageTokens, used: countTokens(formatQuestion([], question)) };
  const historyBudget = fitQuestion(budget, system, asked);
  const documents = fitChunks(budget.documentContextTokens, chunks);
  const history = fitTurns(historyBudget, turns);
  return {
    messages: [
      { role: 'system', content: systemPrompt },
      ...history.turns.toReversed().flatMap(toMessages),
      { role: 'user', content: formatQuestion(documents.formatted, question) },
    ],
    chunks: documents.chunks,
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
        turns_left_out: turns.length - history.turns.length,
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
  const system = { budget: budget.systemPromptTokens, used: systemPromptTokens };
  fitQuestion(budget, system, {
    budget: budget.currentMessageTokens,
    used: countTokens(formatQuestion([], question)),
  });
}

/** What remains for the history once everything else has its share. */
function fitQuestion(budget: TokenBudget, system: Part, asked: Part): number {
  const others =
    Math.max(system.budget, system.used) +
    budget.documentContextTokens +
    budget.reservedForResponse +
    budget.safetyBuffer;
  const history = budget.maxContextTokens - others - Math.max(asked.budget, asked.used);
  if (history < 0) {
    const most = Math.max(0, budget.maxContextTokens - others);
    throw new RequestError(
      'message_too_large',
      `The message has ${asked.used} tokens; at most ${most} fit. Shorten it, or upload the text as a document.`,
      { extra: { tokens: asked.used, most_tokens: most } },
    );
  }
  return history;
}

type Part = { budget: number; used: number };

function fitChunks(budget: number, chunks: ContextChunk[]) {
  const included: ContextChunk[] = [];
  const formatted: string[] = [];
  const account: TokenAccount['documents'] = { budget, used: 0, included: [], left_out: [] };
  for (const chunk of chunks) {
    const source = { ...chunk, number: included.length + 1 };
    // The chunk was counted when it was made: only its frame is counted here.
    const tokens = chunk.tokenCount + countTokens(formatSource({ ...source, text: '' }));
    const entry = { chunk_id: chunk.chunkId, tokens };
    if (account.used + entry.tokens > budget) {
      account.left_out.push({ ...entry, reason: 'over_budget' });
      continue;
    }
    account.used += entry.tokens;
    account.included.push(entry);
    included.push(chunk);
    formatted.push(formatSource(source));
  }
  return { chunks: included, formatted, account };
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
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ];
}
