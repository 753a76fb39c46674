import type { Citation, Source, StreamEvent } from '../contract/chat.ts';
import { paint, printable } from './terminal.ts';

const LONGEST_QUOTE = 120;

type Evidence = Pick<Source, 'start' | 'end' | 'quote'>;

/** Prints an answer as it comes and, at its end, the numbered sources. */
export class AnswerPrinter {
  readonly #output: NodeJS.WriteStream;
  readonly #citations: Citation[] = [];
  #sources: Source[] = [];
  #last = '';

  constructor(output: NodeJS.WriteStream) {
    this.#output = output;
  }

  print(event: StreamEvent): void {
    if (event.type === 'sources') this.#sources = event.sources;
    if (event.type === 'citation') this.#citations.push(event);
    if (event.type === 'content') this.#write(printable(event.content));
  }

  /** So that what follows begins on a line of its own. */
  endLine(): void {
    if (this.#last !== '' && !this.#last.endsWith('\n')) this.#write('\n');
  }

  finish(sessionId: number): void {
    this.endLine();
    if (this.#sources.length > 0) this.#write(`\n${paint(this.#output, 'bold', 'Sources')}\n`);
    for (const source of this.#sources) this.#write(this.#format(source));
    // For people only: a program reads the session from --json.
    if (this.#output.isTTY)
      this.#write(paint(this.#output, 'dim', `\nGo on with: lectern ask --session ${sessionId} "…"\n`));
  }

  /** A source with the quotes that the answer cites from it; with the passage that was found when it cites none. */
  #format(source: Source): string {
    const cited = this.#citations.filter(({ number }) => number === source.number);
    const evidence: Evidence[] = cited.length > 0 ? cited : [source];
    const place = [source.page === null ? [] : `page ${source.page}`, source.heading ?? []].flat();
    const heading = [source.filename, ...place].map(printable).join(', ');
    return `[${source.number}] ${heading}\n${evidence.map(one => this.#formatEvidence(one)).join('')}`;
  }

  #formatEvidence({ start, end, quote }: Evidence): string {
    return paint(this.#output, 'dim', `    ${start}–${end} “${firstLine(quote)}”`).concat('\n');
  }

  #write(text: string): void {
    if (text === '') return;
    this.#output.write(text);
    this.#last = text;
  }
}

function firstLine(quote: string): string {
  const [line = ''] = printable(quote).trim().split('\n');
  return line.length > LONGEST_QUOTE
    ? `${line.slice(0, LONGEST_QUOTE).toWellFormed().trimEnd()} …`
    : line.trim();
}
