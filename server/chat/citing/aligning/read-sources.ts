import type { Source } from '../../../../contract/chat.ts';
import { createRarity } from './align-claim.ts';
import { type ReadSource, readSource } from './read-source.ts';

export type ReadSources = { sources: ReadSource[]; rarity: (term: string) => number };

/** What stands above a source's text: a claim may repeat it. */
export const contextOf = ({ filename, title, heading_path }: Source): string =>
  [filename, title ?? '', ...heading_path].join('\n');

/** An answer's sources as claims are compared with them. */
export function readSources(sources: readonly Source[]): ReadSources {
  const read = sources.map(source =>
    readSource({ number: source.number, text: source.quote, context: contextOf(source) }),
  );
  return { sources: read, rarity: createRarity(read) };
}
