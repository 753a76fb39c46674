/** From a file's bytes to everything that is stored of its text. Runs in a worker thread. */

import { toUnits } from '../../database/document-text.ts';
import type { WordPieceTokenizer } from '../../embedding/word-piece-tokenizer.ts';
import { DocumentError } from '../../errors.ts';
import { describeSize } from '../describe-size.ts';
import { analysePassages, type LexicalContent } from '../lexical-index/analyse-passages.ts';
import type { ChunkOptions } from '../splitting/chunk-text.ts';
import { type Section, splitDocument } from '../splitting/split-document.ts';
import { detectFormat } from './detect-format.ts';
import { detectLanguage } from './detect-language.ts';
import { type Outline, outlineOf } from './outline.ts';
import { pageAt } from './page-at.ts';
import type { DocumentFile, DocumentNote, ParsedDocument } from './parsed-document.ts';
import { parserOf } from './parser-of.ts';

/** The numbers of chunks and passages as arrays that are handed over between threads without a copy. */
export type ReadDocument = {
  /** The text's UTF-16 units. */
  units: Uint16Array<ArrayBuffer>;
  outline: Outline;
  notes: DocumentNote[];
  title: string | null;
  language: string | null;
  /** start, end, GPT-2 tokens of each chunk. */
  chunks: Int32Array<ArrayBuffer>;
  /** start, end, index of the section, page (0: none) of each passage. */
  passages: Int32Array<ArrayBuffer>;
  sections: Section[];
  lexical: LexicalContent;
};

export type ReadOptions = ChunkOptions & {
  /** The most bytes of a document's text in UTF-8. */
  maxTextBytes: number;
};

/** @throws DocumentError */
export async function readDocument(
  file: DocumentFile,
  { maxTextBytes, tokenizer, ...chunkOptions }: ReadOptions & { tokenizer: WordPieceTokenizer },
): Promise<ReadDocument> {
  const parsed = await parse(file);
  checkText(parsed.text, maxTextBytes);
  const { text, blocks, pageStarts, title, notes } = parsed;
  const split = splitDocument(
    { text, blocks, title, givenTitle: file.givenTitle, filename: file.filename },
    { ...chunkOptions, tokenizer },
  );
  const language = detectLanguage(text) ?? null;
  const indexed = split.passages.map(({ start, end, section }) => ({
    text: text.slice(start, end),
    prefix: split.sections[section]?.prefix ?? '',
  }));
  return {
    units: toUnits(text),
    outline: outlineOf(parsed),
    notes,
    title: title ?? null,
    language,
    chunks: Int32Array.from(split.chunks.flatMap(({ start, end, tokenCount }) => [start, end, tokenCount])),
    passages: Int32Array.from(
      split.passages.flatMap(({ start, end, section }) => [
        start,
        end,
        section,
        pageAt(pageStarts, text, start),
      ]),
    ),
    sections: split.sections,
    lexical: analysePassages(indexed, { filename: file.filename, language, pieces: tokenizer.ids }),
  };
}

async function parse(file: DocumentFile): Promise<ParsedDocument> {
  const { format } = detectFormat(file.filename, file.bytes.subarray(0, 4_096));
  const parser = await parserOf(format);
  return parser(file);
}

function checkText(text: string, maxTextBytes: number): void {
  if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(text))
    throw new DocumentError('document_empty', 'The file holds no text.');
  const bytes = Buffer.byteLength(text);
  if (bytes > maxTextBytes)
    throw new DocumentError(
      'text_too_large',
      `The document’s text is larger than ${describeSize(maxTextBytes)}, the most that is read (MAX_TEXT_BYTES). Split the file.`,
      { extra: { most_bytes: maxTextBytes } },
    );
}
