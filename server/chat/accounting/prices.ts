import type { Cost } from '../../../contract/usage.ts';

/** For a million tokens. */
type Price = { input: number; output: number };

/** By the name of the language model. */
export type Prices = { currency: string; models: ReadonlyMap<string, Price> };

type Tokens = { promptTokens: number; completionTokens: number };

/** Null for a model without a price. Exact to a billionth of the currency. */
export function costOf(prices: Prices, model: string, tokens: Tokens): Cost | null {
  const price = prices.models.get(model);
  if (!price) return null;
  const millionths = tokens.promptTokens * price.input + tokens.completionTokens * price.output;
  return { amount: Math.round(millionths * 1_000) / 1e9, currency: prices.currency };
}
