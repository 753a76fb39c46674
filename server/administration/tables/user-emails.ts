import type { Db } from '../../database/open-database.ts';

/** E-mail addresses by the users' ids. Of the whole database: users belong to no workspace. */
export async function readEmails(wholeDb: Db, ids: (number | null)[]): Promise<Map<number, string>> {
  const wanted = [...new Set(ids.filter(id => id !== null))];
  if (wanted.length === 0) return new Map();
  const rows = await wholeDb.selectFrom('users').select(['id', 'email']).where('id', 'in', wanted).execute();
  return new Map(rows.map(({ id, email }) => [id, email]));
}
