import type { Source } from '../../../contract/chat.ts';
import type { GraphEvent } from '../answering/answer-request.ts';
import type { Quote } from './choose-quotes.ts';
import { asLiteral, quoteAsMarkdown } from './quote-as-markdown.ts';

/** An answer that holds quotes, written piece by piece; counts where in it each of them stands. */
export class QuotedText {
  readonly #offset: number;
  #written = '';

  /** @param offset where in the answer it begins. */
  constructor(offset = 0) {
    this.#offset = offset;
  }

  /** Of this text, without what stands before it. */
  get written(): string {
    return this.#written;
  }

  *text(text: string): Generator<GraphEvent> {
    if (text === '') return;
    this.#written += text;
    yield { type: 'content', content: text };
  }

  /** By document, in the order of their best quote; each with the citation of its source. */
  *quotes(quotes: Quote[], sources: Source[]): Generator<GraphEvent> {
    for (const [filename, ofDocument] of groupByDocument(quotes)) {
      yield* this.text(`**${asLiteral(filename)}**\n\n`);
      for (const quote of ofDocument) {
        yield* this.text('> ');
        yield* this.#quote(quote, sources);
        yield* this.text('\n\n');
      }
    }
  }

  *#quote(quote: Quote, sources: Source[]): Generator<GraphEvent> {
    const shown = quoteAsMarkdown(quote.lines);
    const source = sources.find(
      ({ document_id, start, end }) =>
        document_id === quote.documentId && start <= quote.start && quote.end <= end,
    );
    if (!source) {
      yield* this.text(shown);
      return;
    }
    const answerStart = this.#offset + this.#written.length;
    yield* this.text(`${shown} [${source.number}]`);
    yield {
      type: 'citation',
      number: source.number,
      answer_start: answerStart,
      answer_end: this.#offset + this.#written.length,
      document_id: quote.documentId,
      start: quote.start,
      end: quote.end,
      quote: quote.text,
      verified: true,
    };
  }
}

/** Documents in the order of their best quote, quotes in reading order. */
function groupByDocument(quotes: Quote[]): [filename: string, quotes: Quote[]][] {
  const groups = new Map<number, Quote[]>();
  for (const quote of quotes) groups.set(quote.documentId, [...(groups.get(quote.documentId) ?? []), quote]);
  return [...groups.values()].map(group => [
    group[0]?.filename ?? '',
    group.toSorted((a, b) => a.start - b.start),
  ]);
}
