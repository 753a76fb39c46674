import type { WordPieceTokenizer } from '../../embedding/word-piece-tokenizer.ts';
import type { Block } from '../reading/parsed-document.ts';
import { chunkBoundaries } from './chunk-boundaries.ts';
import { type Chunk, type ChunkOptions, chunkText } from './chunk-text.ts';
import { contextPrefix, maxPrefixPieces } from './context-prefix.ts';
import { headingPath, type OutlineNode } from './outline-node.ts';
import { type Passage, splitIntoPassages } from './split-into-passages.ts';
import type { Place } from './structure-units.ts';

export type SplitDocument = {
  chunks: Chunk[];
  /** `section` is an index into `sections`. */
  passages: (Passage & { section: number })[];
  /** In the order in which passages first stand in them. Those without a passage of their own are left out. */
  sections: Section[];
};

/** What passages have in common: where they stand in the document. */
export type Section = {
  /** Cleaned, from the highest to the nearest; none before the first. */
  headings: string[];
  /**
   * Precedes a passage's text when it is embedded and indexed; ends with ". " or is empty. Passages that begin
   * in the middle of a table with a header row have a section of their own, whose prefix names its columns.
   */
  prefix: string;
};

export type DocumentToSplit = {
  text: string;
  blocks: Block[];
  /** The title that the file itself gives. */
  title?: string | undefined;
  /** By a person. */
  givenTitle?: string | undefined;
  filename: string;
};

/** 150 to 200 pieces is where retrieval is best (design: retrieval.md, recipe 1). */
const maxPassagePieces = 200;
const maxPassageCharacters = 2000;
/** [CLS] and [SEP]. */
const specialPieces = 2;

/**
 * Chunks and passages of a document's text. Prefix, passage and special tokens together never exceed what
 * the embedding model reads.
 */
export function splitDocument(
  { text, blocks, title, givenTitle, filename }: DocumentToSplit,
  { chunkSize, chunkOverlap, tokenizer }: ChunkOptions & { tokenizer: WordPieceTokenizer },
): SplitDocument {
  const sections = new SectionList(({ section, tableHeader }) => {
    const headings = headingPath(section);
    const header = tableHeader && text.slice(tableHeader.start, tableHeader.end);
    const context = { filename, title, givenTitle, headings, tableHeader: header };
    return { headings, prefix: contextPrefix(context, tokenizer.count) };
  });
  const limits = {
    maxPieces: Math.min(maxPassagePieces, tokenizer.maxPieces - maxPrefixPieces - specialPieces),
    maxCharacters: maxPassageCharacters,
    countPieces: tokenizer.count,
  };
  const passages = splitIntoPassages(text, blocks, limits).map(({ place, ...passage }) => ({
    ...passage,
    section: sections.indexOf(place),
  }));
  const boundaries = chunkBoundaries(text, blocks, chunkSize);
  const chunks = chunkText(text, { chunkSize, chunkOverlap }, boundaries);
  return { chunks, passages, sections: sections.list };
}

/** Every place once. */
class SectionList {
  readonly list: Section[] = [];
  readonly #describe: (place: Place) => Section;
  readonly #indexes = new Map<OutlineNode, Map<number | undefined, number>>();

  constructor(describe: (place: Place) => Section) {
    this.#describe = describe;
  }

  indexOf(place: Place): number {
    const ofSection = this.#indexes.get(place.section) ?? new Map<number | undefined, number>();
    this.#indexes.set(place.section, ofSection);
    const table = place.tableHeader?.start;
    const index = ofSection.get(table) ?? this.list.push(this.#describe(place)) - 1;
    ofSection.set(table, index);
    return index;
  }
}
