export type Sentence = {
  /** Offset of the first UTF-16 unit. */
  start: number;
  /** Offset after the last UTF-16 unit; white space behind a sentence belongs to it. */
  end: number;
};

// Only the rules of the root locale: they read . ! ? 。 ！ ？ and the full stops of other scripts alike.
const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/**
 * The sentences of `text` from `start` to `end` (offsets in UTF-16 units), which they partition: the first
 * begins at `start`, each begins where the one before ended. Unicode's rules (UAX 29), with two repairs: a
 * line break inside a hard-wrapped sentence and the full stop of a common abbreviation do not end one.
 */
export function segmentSentences(text: string, start = 0, end = text.length): Sentence[] {
  const range = joinWrappedLines(text.slice(start, end));
  const sentences: Sentence[] = [];
  let last: Sentence | undefined;
  for (const { segment, index } of segmenter.segment(range)) {
    const from = start + index;
    if (last && endsWithAbbreviation(range.slice(last.start - start, index), segment)) {
      last.end = from + segment.length;
      continue;
    }
    last = { start: from, end: from + segment.length };
    sentences.push(last);
  }
  return sentences;
}

/**
 * UAX 29 ends a sentence at every line break. A single one before a lower-case letter is the wrapping of a
 * mail, a plain text or a PDF page: it becomes a space for the segmenter (same length, so offsets stay).
 */
function joinWrappedLines(text: string): string {
  return text.replace(wrappedLine, (_, before: string, lineBreak: string) =>
    before.concat(' '.repeat(lineBreak.length)),
  );
}

const wrappedLine = /([^\s][^\S\n\r]*)(\r?\n)(?=[^\S\n\r]*\p{Ll})/gu;

/** Abbreviations that a name or any other word follows; ambiguous ones ("etc.", "Inc.") are left out. */
const beforeWord =
  'Dr|Mr|Mrs|Ms|Prof|Gen|Sen|Gov|Capt|Lt|Col|Sgt|Rev|Hon|St|Mt|Mme|Mlle|Sra?|Hr|Fr|vs|cf|viz|e\\.g|i\\.e|z\\.\\s?B|d\\.\\s?h|u\\.\\s?a|bzw|\\p{Lu}';
/** Abbreviations only where a number follows: "No. 5", but "No. He left." */
const beforeNumber =
  'No|Nos|Nr|Fig|Figs|Eq|Eqs|Sec|Sect|Ch|Chap|Art|Abs|Vol|Tab|Ref|Refs|Abb|Bd|Kap|pp?|ca|approx|al|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec';
const endsBeforeWord = new RegExp(
  `(?:^|[\\s([{"'“‘„«-])(?:${beforeWord})\\.[^\\S\\n\\r]*(?:\\r?\\n)?$`,
  'iu',
);
const endsBeforeNumber = new RegExp(`(?:^|[\\s([{"'“‘„«-])(?:${beforeNumber})\\.[^\\S\\n\\r]*$`, 'iu');
const startsWithNumber = /^[([]?[#§]?(?:\p{N}|[IVXLC]+\b)/u;
const tailLength = 24;

function endsWithAbbreviation(sentence: string, next: string): boolean {
  const tail = sentence.slice(-tailLength);
  if (!tail.includes('.')) return false;
  if (endsBeforeWord.test(tail)) return /\S/.test(next);
  return startsWithNumber.test(next) && endsBeforeNumber.test(tail);
}
