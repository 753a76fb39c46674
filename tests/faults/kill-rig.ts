import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import pg from 'pg';
import { documentList } from '../../contract/documents.ts';
import { type Db, openDatabase } from '../../server/database/open-database.ts';
import { createLogger } from '../../server/logger.ts';
import { type Client, expectJson } from '../api-client.ts';
import { createTestStorage } from '../create-test-app.ts';
import { makeHandbook } from './handbook-page.ts';
import { type KillableLectern, type KillPoint, startKillableLectern } from './killable-lectern.ts';

export type KillRig = {
  /** The process that runs now. */
  lectern: KillableLectern;
  dataDir: string;
  /** Starts it again on what is stored, as after a crash. */
  restart(from?: KillPoint): Promise<void>;
  /** Ends it in order and looks at what it has stored. */
  inspect<T>(look: (db: Db) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

/** A server on data of its own that is killed and started again and again. */
export async function createKillRig(serverUrl: string | undefined): Promise<KillRig> {
  const storage = await createTestStorage(serverUrl);
  const { dataDir, databaseUrl } = storage;
  const start = (from?: KillPoint) => startKillableLectern(storage.env, from);
  const rig: KillRig = {
    lectern: start(),
    dataDir,
    async restart(from) {
      await rig.lectern.end('SIGKILL');
      if (databaseUrl) await endLeases(databaseUrl);
      rig.lectern = start(from);
      if (!from) await rig.lectern.ready();
    },
    async inspect(look) {
      assert.equal(await rig.lectern.end('SIGTERM'), 0, rig.lectern.output());
      const logger = createLogger({ level: 'silent', readable: false });
      const database = await openDatabase({ dataDir, databaseUrl, logger, onLost: assert.fail });
      return look(database.db).finally(() => database.close());
    },
    async close() {
      await rig.lectern.end('SIGKILL');
      await storage.remove();
    },
  };
  await rig.lectern.ready();
  return rig;
}

/** The half minute after which another process takes the jobs of one that is silent. */
async function endLeases(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('UPDATE ingestion_jobs SET lease_until = now() WHERE lease_owner IS NOT NULL');
  await client.end();
}

/** Sends the handbook with this mark, as a new document or in the place of one; its source is the mark. */
export function sendHandbook(app: Client, mark: string, replaced?: number): Promise<Response> {
  const form = new FormData();
  form.append('source', mark);
  form.append('file', new Blob([makeHandbook(mark)], { type: 'text/html' }), 'handbook.html');
  const path = replaced === undefined ? '/api/document/' : `/api/document/${replaced}/`;
  const headers = { prefer: 'respond-async' };
  return app.fetch(path, { method: replaced === undefined ? 'POST' : 'PUT', body: form, headers });
}

/** The ids of the documents that have these bytes. */
export async function findByContent(app: Client, content: string | Uint8Array): Promise<number[]> {
  const sha256 = createHash('sha256').update(content).digest('hex');
  const listed = await expectJson(await app.fetch(`/api/document/?sha256=${sha256}`), 200);
  return documentList.parse(listed).documents.map(({ id }) => id);
}
