import type { QueryTerm, QueryTerms } from '../../lexical/analysis/analyse-query.ts';
import { hashTerm, type TermKind } from '../../lexical/hash-term.ts';
import type { Block, BlockCache } from './block-cache.ts';
import type { PassageDirectory } from './passage-directory.ts';
import { type SlotPostings, WordScores } from './score-words.ts';

/** What a query asks of the index is bounded: beyond these, the rest of a long question's terms is left out. */
const MOST_WORDS = 64;
const MOST_SUBWORDS = 96;
const MOST_NAMES = 64;

/** Scores all passages of the directory by the question's terms. */
export async function searchWords(
  blockCache: BlockCache,
  workspaceId: number,
  directory: PassageDirectory,
  terms: QueryTerms,
): Promise<WordScores> {
  const words = hashed('word', terms.words, MOST_WORDS);
  const subwords = hashed('subword', terms.subwords, MOST_SUBWORDS);
  const names = hashed('name', terms.names, MOST_NAMES);
  const hashes = [...words, ...subwords, ...names].flatMap(term => term.hashes);
  let blocks = new Map<number, Block[]>();
  for (let lastMerge = -1; lastMerge < directory.lastMerge; ) {
    lastMerge = directory.lastMerge;
    blocks = await blockCache.read(workspaceId, hashes, lastMerge);
  }
  // From here on without a pause: the directory may change in one.
  const scores = new WordScores(directory);
  const buffer = postingsBuffer(directory);
  const postingsOf = ({ hashes }: HashedTerm) => collect(directory, blocks, hashes, buffer);
  for (const term of words) scores.addWord(postingsOf(term), term.weight);
  for (const term of subwords) scores.addSubword(postingsOf(term), term.weight);
  for (const term of names) scores.addName(postingsOf(term), term.weight);
  return scores;
}

type HashedTerm = { hashes: number[]; weight: number };

/** The heaviest first. */
function hashed(kind: TermKind, terms: QueryTerm[], most: number): HashedTerm[] {
  return terms
    .toSorted((a, b) => b.weight - a.weight)
    .slice(0, most)
    .map(({ variants, weight }) => ({ hashes: variants.map(variant => hashTerm(kind, variant)), weight }));
}

function postingsBuffer({ slotCount }: PassageDirectory): SlotPostings {
  return { slots: new Int32Array(slotCount), frequencies: new Uint8Array(slotCount), count: 0 };
}

/**
 * Fills the buffer with the living postings of a term. Blocks hold those of merged versions; what they hold
 * of others, a merge has begun to write and does not count yet.
 */
function collect(
  directory: PassageDirectory,
  blocks: Map<number, Block[]>,
  hashes: number[],
  buffer: SlotPostings,
): SlotPostings {
  buffer.count = 0;
  for (const hash of hashes) {
    for (const block of blocks.get(hash) ?? []) collectBlock(directory, block, buffer);
    for (const { firstSlot, runs } of directory.unmerged())
      for (const { firstOrdinal, run } of runs ?? []) {
        const postings = run.postingsOf(hash);
        for (const [index, position] of postings?.positions.entries() ?? [])
          append(buffer, firstSlot + firstOrdinal + position, postings?.frequencies[index] ?? 0);
      }
  }
  return buffer;
}

function collectBlock(
  directory: PassageDirectory,
  { page, offsets, frequencies }: Block,
  buffer: SlotPostings,
): void {
  const slots = directory.slotsOfPage(page);
  if (!slots) return;
  const { isUnmerged, versionIndexes } = directory;
  for (let index = 0; index < offsets.length; index += 1) {
    const slot = (slots[offsets[index] ?? 0] ?? 0) - 1;
    if (slot < 0 || isUnmerged[versionIndexes[slot] ?? 0]) continue;
    append(buffer, slot, frequencies[index] ?? 0);
  }
}

/** Variants of a term seldom stand in the same passage; should one not fit any more, it changes no ranking. */
function append(buffer: SlotPostings, slot: number, frequency: number): void {
  if (buffer.count === buffer.slots.length) return;
  buffer.slots[buffer.count] = slot;
  buffer.frequencies[buffer.count] = frequency;
  buffer.count += 1;
}
