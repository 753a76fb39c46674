import assert from 'node:assert/strict';
import { createLogger, type Logger } from '../server/logger.ts';

/** What a logger wrote, and which of its errors the test has announced. */
export class CapturedLog {
  readonly lines: string[] = [];
  readonly logger: Logger;
  readonly #expected: RegExp[] = [];
  readonly #secrets: string[] = [];
  #checked = 0;

  constructor() {
    const write = (line: string) => void this.lines.push(line);
    this.logger = createLogger({ level: 'trace', readable: false }, { write });
  }

  get text(): string {
    return this.lines.join('');
  }

  /** From here on errors that match are part of the test. */
  expectErrors(pattern: RegExp): void {
    this.#expected.push(pattern);
  }

  /** From here on none of them may stand in any line. */
  keepSecret(secrets: string[]): void {
    this.#secrets.push(...secrets);
  }

  /** @throws AssertionError naming the errors since the last check that no test has announced, or a line with a secret. */
  check(): void {
    const telling = this.lines
      .slice(this.#checked)
      .filter(line => this.#secrets.some(secret => line.includes(secret)));
    assert.deepEqual(telling, [], 'the server logged a secret');
    const unexpected = this.lines
      .slice(this.#checked)
      .filter(line => /"level":"(error|fatal)"/.test(line))
      .filter(line => !this.#expected.some(pattern => pattern.test(line)));
    this.#checked = this.lines.length;
    assert.deepEqual(unexpected, [], 'the server logged an error that no test expects');
  }
}

/** Settings whose values must never stand in a log, by the names of their variables. */
const secretVariables =
  /^(SECRET_KEY|DATABASE_URL|GROQ_API_KEY|LLM_API_KEY|LLM_FALLBACK_API_KEY|EMBEDDING_API_KEY|RERANKER_API_KEY)$/;

/** The secrets among the settings: a database's address counts for its password. */
export function secretsOf(env: Record<string, string | undefined>): string[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (value === undefined || !secretVariables.test(name)) return [];
    const secret = name === 'DATABASE_URL' ? decodeURIComponent(new URL(value).password) : value;
    // Of a short one every text holds some.
    return secret.length >= 8 ? [secret] : [];
  });
}
