import { analyseName } from '../../lexical/analysis/analyse-name.ts';
import { analyseText, type TextTerms, type WordPieces } from '../../lexical/analysis/analyse-text.ts';
import { hashTerm, type TermKind } from '../../lexical/hash-term.ts';
import { encodeRun, maxRunPassages, type TermCounts } from '../../lexical/index-run.ts';

/** What the lexical index holds of a version, ready to be saved and handed from one thread to another. */
export type LexicalContent = {
  /** One for every `maxRunPassages` passages, in reading order. */
  runs: Uint8Array<ArrayBuffer>[];
  /** Words and subwords of each passage, one after the other. */
  lengths: Uint16Array<ArrayBuffer>;
  /** Words of the file's name. */
  nameLength: number;
};

type Options = {
  filename: string;
  /** BCP 47; null when unknown. */
  language: string | null;
  pieces: WordPieces;
};

/** Title, headings and file name tell more of a passage than a word of its text. */
const PREFIX_WEIGHT = 2;
const MOST_LENGTH = 0xffff;

/** @param passages text and context prefix of each, in reading order. */
export function analysePassages(
  passages: Iterable<{ text: string; prefix: string }>,
  { filename, language, pieces }: Options,
): LexicalContent {
  const prefixTerms = rememberLast((prefix: string) => analyseText(prefix, language, pieces));
  const runs: Uint8Array<ArrayBuffer>[] = [];
  const lengths: number[] = [];
  let batch: TermCounts[] = [];
  const endRun = () => {
    runs.push(Uint8Array.from(encodeRun(batch)));
    batch = [];
  };
  const name = analyseName(filename);
  for (const { text, prefix } of passages) {
    const counts: TermCounts = new Map();
    // The file's name belongs to the document: its first passage stands for it.
    if (lengths.length === 0) addTerms(counts, 'name', name, 1);
    const own = analyseText(text, language, pieces);
    const context = prefixTerms(prefix);
    addAll(counts, own, 1);
    addAll(counts, context, PREFIX_WEIGHT);
    lengths.push(lengthOf(own.words, context.words), lengthOf(own.subwords, context.subwords));
    batch.push(counts);
    if (batch.length === maxRunPassages) endRun();
  }
  if (batch.length > 0) endRun();
  return { runs, lengths: Uint16Array.from(lengths), nameLength: name.length };
}

function addAll(counts: TermCounts, { words, subwords }: TextTerms, weight: number): void {
  addTerms(counts, 'word', words, weight);
  addTerms(counts, 'subword', subwords, weight);
}

function addTerms(counts: TermCounts, kind: TermKind, terms: string[], weight: number): void {
  for (const term of terms) {
    const hash = hashTerm(kind, term);
    counts.set(hash, (counts.get(hash) ?? 0) + weight);
  }
}

const lengthOf = (own: string[], context: string[]) =>
  Math.min(MOST_LENGTH, own.length + PREFIX_WEIGHT * context.length);

/** Passages of a section follow each other and share its prefix. */
function rememberLast<Result>(compute: (key: string) => Result): (key: string) => Result {
  let last: { key: string; result: Result } | undefined;
  return key => {
    if (last?.key !== key) last = { key, result: compute(key) };
    return last.result;
  };
}
