/** What a term is a part of; equal terms of different kinds have postings of their own. */
export type TermKind = 'word' | 'subword' | 'name';

const seeds: Record<TermKind, number> = { word: 0x811c9dc5, subword: 0x2f0b4c47, name: 0x5bd1e995 };

/**
 * A term's number: 32 bits, FNV-1a over UTF-16 units with MurmurHash3's finaliser. Among the 100,000 terms of
 * 100,000 passages about one pair collides, which costs a little precision and nothing else.
 */
export function hashTerm(kind: TermKind, term: string): number {
  let hash = seeds[kind];
  for (let index = 0; index < term.length; index += 1)
    hash = Math.imul(hash ^ term.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 0;
}
