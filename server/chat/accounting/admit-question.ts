import { RequestError } from '../../errors.ts';
import type { LanguageModels } from '../../language-model/language-models.ts';
import type { AnswerRequest } from '../answering/answer-request.ts';
import type { TokenLedger } from './token-ledger.ts';

type Asked = Pick<AnswerRequest, 'workspaceId' | 'model' | 'temperature'>;

/** Lets a question through before anything of it is saved, and says what will write its answer. */
export type AdmitQuestion = (question: Asked) => Promise<string>;

/**
 * @throws RequestError invalid_request for a model that may not be chosen, token_budget_exhausted. An answer that is
 * under way when the budget is reached goes on to its end.
 */
export function createAdmission(parts: {
  models: LanguageModels;
  ledger: TokenLedger;
  dailyTokenBudget: () => number | undefined;
}): AdmitQuestion {
  const { models, ledger } = parts;
  return async ({ workspaceId, model }) => {
    const chosen = models.find(model);
    if (!chosen)
      throw new RequestError(
        'invalid_request',
        `model: ${JSON.stringify(model)} is none of the models that may be chosen: ${models.names.join(', ')}.`,
        { extra: { models: models.names } },
      );
    const dailyTokenBudget = parts.dailyTokenBudget();
    if (dailyTokenBudget === undefined) return chosen.name;
    const used = await ledger.usedToday(workspaceId);
    if (used >= dailyTokenBudget) throw budgetExhausted(dailyTokenBudget, used);
    return chosen.name;
  };
}

/** @throws RequestError when something is chosen that only a language model has. */
export function admitToQuotes(writerName: string): AdmitQuestion {
  return async ({ model, temperature }) => {
    const field = model === undefined ? 'temperature' : 'model';
    if (model === undefined && temperature === undefined) return writerName;
    throw new RequestError(
      'invalid_request',
      `${field}: nothing can be chosen, because no language model is connected: answers are quotes.`,
    );
  };
}

function budgetExhausted(budget: number, used: number): RequestError {
  return new RequestError(
    'token_budget_exhausted',
    `The ${budget.toLocaleString('en')} tokens of today are used up. Ask again after midnight UTC.`,
    {
      retryAfterSeconds: secondsToMidnight(new Date()),
      extra: { budget, used, resets_at: nextMidnight(new Date()).toISOString() },
    },
  );
}

/** In UTC, when a day's budget begins anew. */
export function nextMidnight(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1));
}

/** Rounded up, so that whoever waits so long is not a moment too early. */
const secondsToMidnight = (now: Date): number =>
  Math.ceil((nextMidnight(now).getTime() - now.getTime()) / 1000);
