type Code =
  | { kind: 'span'; ticks: number }
  /** `inInfo`: still on the line of the opening fence, where a backtick would make it a code span. */
  | { kind: 'fence'; sign: string; length: number; inInfo: boolean };

/**
 * Knows, character by character, whether a Markdown text is within code (CommonMark 4.5 and 6.1). A code span
 * that nobody closes ends with its paragraph: what comes can't be known before it is there.
 */
export class CodeTracker {
  #code: Code | undefined;
  /** Backticks or tildes that follow each other. */
  #run: { sign: string; length: number; atLineStart: boolean } | undefined;
  /** Only indentation, quote and list signs so far. */
  #atLineStart = true;
  #lineIsBlank = true;
  #indentOnly = true;

  /** Whether only white space stands before this on its line. */
  get indentOnly(): boolean {
    return this.#indentOnly;
  }

  /** Whether only white space, quote and list signs stand before this on its line. */
  get atLineStart(): boolean {
    return this.#atLineStart;
  }

  /** Whether a character that is none of a fence would be within code here. */
  isCode(next: string): boolean {
    this.#endRun(next);
    return this.#code !== undefined;
  }

  read(character: string): void {
    if (this.#run?.sign === character) this.#run.length += 1;
    else {
      this.#endRun(character);
      if (character === '`' || (character === '~' && this.#atLineStart))
        this.#run = { sign: character, length: 1, atLineStart: this.#atLineStart };
    }
    if (character === '\n') this.#endLine();
    else {
      if (!/\s/.test(character)) this.#indentOnly = this.#lineIsBlank = false;
      if (!/[\s>*+\-\d.)]/.test(character)) this.#atLineStart = false;
    }
  }

  #endLine(): void {
    if (this.#code?.kind === 'fence') this.#code.inInfo = false;
    else if (this.#lineIsBlank) this.#code = undefined;
    this.#atLineStart = this.#lineIsBlank = this.#indentOnly = true;
  }

  #endRun(next: string): void {
    if (!this.#run || this.#run.sign === next) return;
    const { sign, length, atLineStart } = this.#run;
    this.#run = undefined;
    const code = this.#code;
    if (code?.kind === 'fence' && code.inInfo && sign === '`' && code.sign === '`')
      this.#code = length === code.length ? undefined : { kind: 'span', ticks: code.length };
    else if (code?.kind === 'fence') {
      const closes = atLineStart && sign === code.sign && length >= code.length && /\s/.test(next);
      if (closes) this.#code = undefined;
    } else if (code?.kind === 'span') {
      if (sign === '`' && length === code.ticks) this.#code = undefined;
    } else if (atLineStart && length >= 3) this.#code = { kind: 'fence', sign, length, inInfo: true };
    else if (sign === '`') this.#code = { kind: 'span', ticks: length };
  }
}
