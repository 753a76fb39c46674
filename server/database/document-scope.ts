import { type Expression, type SqlBool, sql } from 'kysely';
import type { DocumentScope } from '../../contract/documents.ts';

/**
 * The condition that a document is in the scope, for queries that name the tables `document` and `version`.
 * Languages match by their first part: "pt" takes "pt-BR" too.
 */
export function documentsInScope({ tags, sources, languages, metadata }: DocumentScope): Expression<SqlBool> {
  const conditions = [sql<SqlBool>`true`];
  if (tags) conditions.push(sql`document.tags @> ${tags}::text[]`);
  if (sources) conditions.push(sql`document.source = ANY(${sources}::text[])`);
  if (languages) {
    const wanted = languages.map(language => language.toLowerCase());
    const actual = sql`lower(coalesce(document.language, version.language))`;
    conditions.push(
      sql`(${actual} = ANY(${wanted}::text[]) OR split_part(${actual}, '-', 1) = ANY(${wanted}::text[]))`,
    );
  }
  if (metadata) conditions.push(sql`document.metadata @> ${JSON.stringify(metadata)}::jsonb`);
  return sql.join(conditions, sql` AND `) as Expression<SqlBool>;
}
