import { sql } from 'kysely';
import type { Db } from '../../database/open-database.ts';
import { findable } from './findable.ts';
import { type ScoredPassages, scoreNearest } from './score-nearest.ts';
import type { VectorQuery } from './vector-query.ts';

/** Compares every vector that the query may find: what is fastest where there are few. */
export const scanExactly = (db: Db, query: VectorQuery): Promise<ScoredPassages> =>
  scoreNearest(db, query, sql`${findable(query)}`);
