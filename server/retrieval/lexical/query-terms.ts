import { analyseQuery, type QueryTerm, type QueryTerms } from '../../lexical/analysis/analyse-query.ts';
import type { WordPieces } from '../../lexical/analysis/analyse-text.ts';
import type { SearchQuery } from '../follow-up-query.ts';

/** The terms of all texts of a query; a term of several has the sum of their weights. */
export function queryTerms(texts: SearchQuery['texts'], languages: string[], pieces: WordPieces): QueryTerms {
  const analysed = texts.map(({ text, weight }) => ({
    terms: analyseQuery(text, languages, pieces),
    weight,
  }));
  const collect = (kind: keyof QueryTerms) => {
    const collected = new Map<string, QueryTerm>();
    for (const { terms, weight } of analysed)
      for (const term of terms[kind]) {
        const key = term.variants.join('\n');
        const known = collected.get(key)?.weight ?? 0;
        collected.set(key, { ...term, weight: known + weight * term.weight });
      }
    return [...collected.values()];
  };
  return { words: collect('words'), subwords: collect('subwords'), names: collect('names') };
}
