/** How long the list of many sessions and a search in them take, on both databases. */
import { sql } from 'kysely';
import { sessionList } from '../../contract/sessions.ts';
import { createApp } from '../../server/app.ts';
import { readConfig } from '../../server/config.ts';
import { type Db, openDatabase } from '../../server/database/open-database.ts';
import { createLogger } from '../../server/logger.ts';
import { createNativeDatabase } from '../../tests/database-templates/native-database.ts';
import { percentile } from '../percentile.ts';
import type { Measure } from '../report.ts';
import { withFolder } from '../server-process.ts';
import { makeFiles, makeQuestions } from '../texts.ts';
import type { Sizes } from './part.ts';

const SESSIONS = 10_000;
/** Half of them answers. */
const MESSAGES_PER_SESSION = 10;
const REPEATS = 30;
/** Sessions that are stored in one statement. */
const BATCH = 200;
/** From a word of one session to one of most, two words, and the beginning of one. */
const searches = { rare: 'session17end', common: 'the world', two: 'university research', beginning: 'univ' };

const logger = createLogger({ level: 'error', readable: false });
const onLost = (error: Error) => {
  throw error;
};

export async function measureSessions({ quick }: Sizes): Promise<Measure[]> {
  const sessions = quick ? 100 : SESSIONS;
  const embedded = await withFolder(folder => measure('embedded', folder, undefined, sessions));
  const serverUrl = process.env.TEST_DATABASE_URL;
  if (!serverUrl) return embedded;
  const native = await createNativeDatabase(serverUrl);
  try {
    return [...embedded, ...(await withFolder(folder => measure('native', folder, native.url, sessions)))];
  } finally {
    await native.drop();
  }
}

async function measure(
  kind: string,
  dataDir: string,
  databaseUrl: string | undefined,
  sessions: number,
): Promise<Measure[]> {
  const database = await openDatabase({ dataDir, databaseUrl, logger, onLost });
  await fill(database.db, sessions);
  await database.close();
  const settings = {
    LECTERN_DATA_DIR: dataDir,
    PORT: '0',
    ...(databaseUrl && { DATABASE_URL: databaseUrl }),
  };
  const app = await createApp(readConfig(settings, { envFile: '' }), { logger, onDatabaseLost: onLost });
  try {
    const url = await app.listen();
    const startedAt = performance.now();
    // The first that was said is indexed last.
    while ((await list(url, '?q=session1end')).sessions.length === 0);
    const indexing = (performance.now() - startedAt) / 1000;
    const note = `${kind}; ${sessions} sessions of ${MESSAGES_PER_SESSION} messages`;
    const measures: Measure[] = [
      { name: `all messages indexed (${kind})`, value: indexing, unit: 's', note: 'in the background, once' },
    ];
    for (const [what, query] of [
      ['first page', ''],
      ...Object.entries(searches).map(([name, q]) => [`search, ${name}`, `?q=${encodeURIComponent(q)}`]),
    ] as const) {
      const times: number[] = [];
      let found = 0;
      for (let repeat = 0; repeat < REPEATS; repeat += 1) {
        const before = performance.now();
        found = (await list(url, query)).sessions.length;
        times.push(performance.now() - before);
      }
      measures.push({
        name: `${what} (${kind}) p95`,
        value: percentile(times, 95),
        unit: 'ms',
        goal: { atMost: 200 },
        note: `${note}; p50 ${percentile(times, 50).toFixed(1)} ms; ${found} on the page`,
      });
    }
    return measures;
  } finally {
    await app.close();
  }
}

async function list(url: string, query: string) {
  const response = await fetch(`${url}/api/session/${query}`);
  return sessionList.parse(await response.json());
}

/** Questions and, as answers, paragraphs; every session also says its own number. */
async function fill(db: Db, sessions: number): Promise<void> {
  const turns = (sessions * MESSAGES_PER_SESSION) / 2;
  const paragraphs = makeFiles(1, turns * 600, { joined: 1 }).flatMap(({ text }) => text.split('\n\n'));
  const questions = makeQuestions(Math.min(turns, 10_000));
  const { id: workspaceId } = await db.selectFrom('workspaces').select('id').executeTakeFirstOrThrow();
  for (let first = 1; first <= sessions; first += BATCH) {
    const numbers = Array.from(
      { length: Math.min(BATCH, sessions - first + 1) },
      (_, index) => first + index,
    );
    const messages = numbers.flatMap(number =>
      Array.from({ length: MESSAGES_PER_SESSION }, (_, index) => {
        const turn = ((number - 1) * MESSAGES_PER_SESSION + index) >> 1;
        const said =
          index % 2 === 0 ? questions[turn % questions.length] : paragraphs[turn % paragraphs.length];
        const content = index === 0 ? `${said} session${number}end` : said;
        return { session_id: number, role: index % 2 === 0 ? 'user' : 'assistant', content };
      }),
    );
    await sql`
      INSERT INTO sessions (workspace_id, id, title, title_origin, updated_at)
      SELECT ${workspaceId}, number, 'Session', 'question', now() - (${sessions} - number) * interval '1 minute'
      FROM unnest(${numbers}::bigint[]) AS number`.execute(db);
    await sql`
      INSERT INTO messages (workspace_id, session_id, role, content, state)
      SELECT ${workspaceId}, session_id, role, content, 'complete'
      FROM jsonb_to_recordset(${JSON.stringify(messages)}::jsonb)
        AS said (session_id bigint, role text, content text)`.execute(db);
  }
}
