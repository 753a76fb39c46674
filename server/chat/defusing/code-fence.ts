/** An open code block. All fences that go out stand at the start of a line, so that no reader can take them for part of a list or a quote. */
export type CodeFence = {
  /** As it was written, without what follows: three or more of one character. */
  marks: string;
  /** Leading blanks of the fence, which its lines have too. */
  indent: number;
};

export type FenceOpening = CodeFence & {
  /** List markers before it on its line. */
  markers: string;
  language: string;
  /** Of the whole line, with its end. */
  length: number;
};

/** Languages that a reader may colour. No other is let through: some readers draw "mermaid" and the like, with links and images. */
const languages = new Set(
  (
    'asm awk bash bat c c# c++ clojure cmake cmd conf console cpp cs csharp css csv dart diff docker dockerfile ' +
    'elixir erlang f# fortran go golang graphql groovy haskell hcl html http ini java javascript js json json5 ' +
    'jsonc jsx julia kotlin kt less lisp log lua make makefile markdown matlab md nginx nix objc ocaml pascal ' +
    'perl php plain plaintext powershell prolog properties protobuf ps1 py python r rb regex rs ruby rust scala ' +
    'scheme scss sh shell sql swift tcl terraform text toml ts tsv tsx txt typescript vb vim vue xml yaml yml zig zsh'
  ).split(' '),
);

const LONGEST_LINE = 200;
const MOST_INDENT = 40;
const listMarkers = '((?:(?:[-+*]|\\d{1,9}[.)])[ \\t]+)*)';
const opening = new RegExp(
  `^([ \\t]*)${listMarkers}(\`{3,}(?=[^\`\\n]*\\n)|~{3,}(?=[^\\n]*\\n))([^\\n]*)\\n`,
);
const maybeOpening = new RegExp(
  `^[ \\t]*${listMarkers}(?:[-+*]|\\d{1,9}[.)]?|\`{0,2}|~{0,2}|\`{3,}[^\`\\n]*|~{3,}[^\\n]*)$`,
);

/**
 * @param rest of the text from the start of a line
 * @param isLast nothing will follow.
 * @returns 'wait' when the next piece decides.
 */
export function readFenceOpening(rest: string, isLast: boolean): FenceOpening | 'wait' | undefined {
  const line = rest.slice(0, LONGEST_LINE);
  const match = opening.exec(line) ?? (isLast ? opening.exec(`${line}\n`) : null);
  if (!match) {
    const undecided = !isLast && rest.length < LONGEST_LINE && maybeOpening.test(rest);
    return undecided ? 'wait' : undefined;
  }
  const [whole, blanks = '', markers = '', marks = '', info = ''] = match;
  const [language = ''] = info
    .trim()
    .toLowerCase()
    .split(/[\s,{:]/);
  return {
    marks,
    indent: Math.min(MOST_INDENT, blanks.length + markers.length),
    markers: markers.trimEnd(),
    language: languages.has(language) ? language : '',
    length: Math.min(whole.length, rest.length),
  };
}

/**
 * How a line within a code block goes on. Readers differ in what closes a block: whatever could is made
 * to close it for all, or for none.
 *
 * @param rest of the text from the start of the line.
 */
export function readCodeLine(
  fence: CodeFence,
  rest: string,
  isLast: boolean,
): { kind: 'closing' | 'like-a-fence' | 'code'; length: number } | 'wait' {
  const line = rest.slice(0, LONGEST_LINE);
  const [start = ''] = /^[^\S\n]*/.exec(line) ?? [];
  const [marks = ''] = /^[`~]*/.exec(line.slice(start.length)) ?? [];
  const [blanks = ''] = /^[^\S\n]*/.exec(line.slice(start.length + marks.length)) ?? [];
  const end = start.length + marks.length + blanks.length;
  const isWhole = rest.length < LONGEST_LINE && (isLast || end < rest.length);
  if (!isWhole && rest.length < LONGEST_LINE) return 'wait';
  if (!marks.startsWith(fence.marks)) return { kind: 'code', length: Math.min(fence.indent, start.length) };
  if (rest[end] === '\n') return { kind: 'closing', length: end + 1 };
  return end === rest.length
    ? { kind: 'closing', length: end }
    : { kind: 'like-a-fence', length: start.length };
}
