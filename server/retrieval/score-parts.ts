import type { z } from 'zod';
import type { scoreParts } from '../../contract/search.ts';
import type { ScoredPassage } from './fuse-scores.ts';

/** A passage's scores as people see them. */
export const toScoreParts = ({ similarity, lexical, parts }: ScoredPassage): z.infer<typeof scoreParts> => ({
  vector: similarity ?? null,
  lexical,
  words: parts.passage,
  window: parts.window,
  subwords: parts.subwords,
  name: parts.name,
});
