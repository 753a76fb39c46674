/** What may come out of an answer: docs/decisions/0026-what-may-come-out-of-an-answer.md. */
import { type CodeFence, readCodeLine, readFenceOpening } from './code-fence.ts';
import { type CodeSpan, escapePipes, readCodeSpan } from './code-span.ts';
import { VisibleText } from './visible-text.ts';
import { readWebAddress } from './web-address.ts';

/** A piece that must be read whole; its text goes out in its place. */
type Step = { text: string; length: number };

/** Of the current line: enough to see what stands before a character. */
const LONGEST_TAIL = 80;
/** Entities that stand for a character which can do no harm. */
const plainEntities =
  /^&(?:nbsp|amp|lt|gt|quot|apos|copy|reg|trade|euro|pound|yen|cent|sect|deg|plusmn|times|divide|frac12|mdash|ndash|hellip|laquo|raquo|bull|middot|larr|rarr|auml|ouml|uuml|szlig);/;
const entity = /^&(?:#|[a-z][a-z0-9]{1,31};)/i;
const maybeEntity = /^&[a-z0-9]{0,32}$/i;
/** In a code span that a reader of formulas may not take for one. */
const active = /<[a-z/!?]|\]\(|\]:|!\[|\/\/|www\.|mailto:|xmpp:|&|\$|\{:/i;

/**
 * Makes an answer's Markdown harmless while it streams: rendered by whatever reader, it loads nothing and
 * holds no link but an e-mail address. Images, links, link definitions and HTML tags lose their form by a
 * blank in the right place, web addresses become code, code stays as written. What goes out does not
 * depend on how the text was cut into pieces.
 */
export class MarkdownDefuser {
  readonly #visible = new VisibleText();
  #pending = '';
  #out = '';
  /** What has gone out of the current line, its end. */
  #tail = '';
  #isLineStart = true;
  #fence: CodeFence | undefined;
  /** A formula may have begun in this paragraph: readers of formulas see code spans differently. */
  #mayBeFormula = false;
  /** A block of formulas may have begun: for its readers a code block might be none. */
  #mayBeFormulas = false;

  /** @returns what can go out now. */
  push(text: string): string {
    this.#pending += this.#visible.push(text);
    return this.#run(false);
  }

  /** The end of the answer: the rest, and the end of a code block that was left open. */
  flush(): string {
    this.#pending += this.#visible.flush();
    const rest = this.#run(true);
    if (!this.#fence) return rest;
    const end = `${this.#isLineStart ? '' : '\n'}${this.#fence.marks}`;
    this.#fence = undefined;
    return rest + end;
  }

  #run(isLast: boolean): string {
    let at = 0;
    while (at < this.#pending.length) {
      const rest = this.#pending.slice(at, at + 4_000);
      const length = this.#step(rest, isLast);
      if (length === 'wait') break;
      at += length;
    }
    this.#pending = this.#pending.slice(at);
    const out = this.#out;
    this.#out = '';
    return out;
  }

  /** @returns how much of the text it took; 'wait' when the next piece decides. */
  #step(rest: string, isLast: boolean): number | 'wait' {
    if (this.#isLineStart) {
      const length = this.#fence
        ? this.#startCodeLine(this.#fence, rest, isLast)
        : this.#startLine(rest, isLast);
      if (length !== undefined) return length;
    }
    if (this.#fence && !this.#mayBeFormulas) return this.#passCode(rest);
    const step = this.#readStep(rest, isLast);
    if (step === 'wait') return 'wait';
    this.#write(step.text);
    return step.length;
  }

  #startLine(rest: string, isLast: boolean): number | 'wait' | undefined {
    const opening = readFenceOpening(rest, isLast);
    if (opening === 'wait') return 'wait';
    this.#isLineStart = false;
    if (!opening) return undefined;
    const { marks, indent, markers, language, length } = opening;
    this.#fence = { marks, indent };
    this.#writeLine(`${markers && `${markers}\n`}${marks}${language}\n`);
    return length;
  }

  #startCodeLine(fence: CodeFence, rest: string, isLast: boolean): number | 'wait' | undefined {
    const line = readCodeLine(fence, rest, isLast);
    if (line === 'wait') return 'wait';
    this.#isLineStart = false;
    if (line.kind === 'closing') {
      this.#fence = undefined;
      this.#writeLine(`${fence.marks}${rest[line.length - 1] === '\n' ? '\n' : ''}`);
      return line.length;
    }
    if (line.kind === 'like-a-fence') this.#out += '    ';
    return line.length === 0 ? undefined : line.length;
  }

  #passCode(rest: string): number {
    const end = rest.indexOf('\n');
    const code = end < 0 ? rest : rest.slice(0, end + 1);
    this.#out += code;
    this.#isLineStart = end >= 0;
    return code.length;
  }

  /** Lines of our own, complete. */
  #writeLine(lines: string): void {
    this.#out += lines;
    this.#tail = '';
    this.#isLineStart = lines.endsWith('\n');
  }

  #readStep(rest: string, isLast: boolean): Step | 'wait' {
    const address = readWebAddress(rest, this.#tail.at(-1) ?? '', isLast);
    if (address === 'wait') return 'wait';
    if (address) return { text: this.#asCode(address.address), length: address.length };
    const [first = ''] = rest;
    if (first === '`') return this.#readBackticks(rest, isLast);
    if (first === '\\') return this.#readBackslash(rest, isLast);
    if (first === '&') return readEntity(rest, isLast);
    if (first === '~' && /^~{3}/.test(`${this.#tail.slice(-2)}~`)) return { text: '\\~', length: 1 };
    if (first === ':' && !isLast && rest.length < 3 && '://'.startsWith(rest)) return 'wait';
    if (rest.startsWith('://')) return { text: `${this.#apart(first)} `, length: 1 };
    return { text: this.#apart(first), length: first.length };
  }

  /** A blank where two characters together would begin something. */
  #apart(character: string): string {
    const before = this.#tail.at(-1) ?? '';
    const begins =
      (before === '<' && /[a-z/!?]/i.test(character)) ||
      (before === ']' && character === ':' && !citesBeforeColon.test(this.#tail)) ||
      (before === '!' && character === '[') ||
      (before === '{' && character === ':');
    // A blank would not do: some readers let one stand there.
    if (before === ']' && character === '(') return '\\(';
    if (character === '$') {
      this.#mayBeFormula = true;
      this.#mayBeFormulas ||= before === '$';
    }
    return begins ? ` ${character}` : character;
  }

  #asCode(code: string): string {
    return /[`\\]$/.test(this.#tail) ? ` \`${code}\`` : `\`${code}\``;
  }

  #readBackticks(rest: string, isLast: boolean): Step | 'wait' {
    const [marks = ''] = /^`+/.exec(rest) ?? [];
    if (marks.length === rest.length && !isLast) return 'wait';
    const isEscaped = /(?<!\\)(?:\\\\)*\\$/.test(this.#tail);
    if (isEscaped) return { text: `\`${'\\`'.repeat(marks.length - 1)}`, length: marks.length };
    const span = readCodeSpan(rest, isLast);
    if (span === 'wait') return 'wait';
    if (!span || !this.#isCertain(span)) return { text: '\\`'.repeat(marks.length), length: marks.length };
    const outer = span.content.includes('`') ? span.marks : '`';
    const blank = this.#tail.endsWith('`') ? ' ' : '';
    return { text: `${blank}${outer}${escapePipes(span.content)}${outer}`, length: span.length };
  }

  /** Whether every reader takes this for code. */
  #isCertain({ marks, content }: CodeSpan): boolean {
    const looksLikeFence = marks.length > 2 && content.includes('`');
    const mayBeFormula = this.#mayBeFormula || this.#mayBeFormulas;
    return content !== '' && !looksLikeFence && !(mayBeFormula && active.test(content));
  }

  #readBackslash(rest: string, isLast: boolean): Step | 'wait' {
    const next = rest[1];
    if (next === undefined) return isLast ? { text: '\\', length: 1 } : 'wait';
    // Some readers look for addresses where the escapes are gone already.
    if (next === ':' || next === '/') return { text: '', length: 1 };
    if (next === '(' || next === '[') this.#mayBeFormula = true;
    if (next === '[') this.#mayBeFormulas = true;
    return next === '\\' ? { text: '\\\\', length: 2 } : { text: '\\', length: 1 };
  }

  #write(text: string): void {
    this.#out += text;
    if (!text.endsWith('\n')) {
      this.#tail = (this.#tail + text).slice(-LONGEST_TAIL);
      return;
    }
    if (this.#tail.trim() === '') this.#mayBeFormula = false;
    this.#tail = '';
    this.#isLineStart = true;
  }
}

/** "As [1]: …" within a line is no link definition, which stands at the start of one. */
const citesBeforeColon = /[\p{L}\p{N},] ?(?:\[\d{1,3}\p{Co}?\])+$/u;

function readEntity(rest: string, isLast: boolean): Step | 'wait' {
  if (!isLast && maybeEntity.test(rest)) return 'wait';
  const isHarmful = entity.test(rest) && !plainEntities.test(rest);
  return { text: isHarmful ? '&amp;' : '&', length: 1 };
}

/** A whole text at once. */
export function defuseMarkdown(text: string): string {
  const defuser = new MarkdownDefuser();
  return defuser.push(text) + defuser.flush();
}
