import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { doctorReport } from '../../contract/doctor.ts';
import { type Client, expectJson, postJson } from '../api-client.ts';
import { createTestStorage } from '../create-test-app.ts';
import { startFakeEmbeddingServer } from '../fakes/embedding-server.ts';
import { startLectern } from '../lectern-process.ts';

const PAUSE_MS = 50;

export type CorpusServer = Client & {
  pid: number;
  /** That it was alive all the while, is the process that was started, and finds its database whole. */
  checkHealth(): Promise<{ livenessChecks: number }>;
  close(): Promise<void>;
};

/** The server in a process of its own, on the embedded database, with embeddings that cost nothing. */
export async function startCorpusServer(): Promise<CorpusServer> {
  const [storage, embeddings] = await Promise.all([createTestStorage(undefined), startFakeEmbeddingServer()]);
  // Some files are much work; on a busy machine they take longer than people wait.
  const lectern = startLectern({ ...storage.env, ...embeddings.env, UPLOAD_WAIT_SECONDS: '300' });
  const baseUrl = await lectern.baseUrl();
  const app: Client = { fetch: (path, init) => fetch(`${baseUrl}${path}`, init) };
  const liveness = watchLiveness(app);
  return {
    ...app,
    pid: lectern.child.pid ?? 0,
    async checkHealth() {
      assert.equal(lectern.child.exitCode, null, lectern.output());
      const livenessChecks = liveness.check();
      const report = doctorReport.parse(await expectJson(await postJson(app, '/api/doctor/', {}), 200));
      assert.ok(report.healthy, JSON.stringify(report.checks.filter(({ found }) => found > 0)));
      // A line of this level is one that nobody foresaw.
      assert.doesNotMatch(lectern.output(), /"level":(?:50|60)/);
      return { livenessChecks };
    },
    async close() {
      await liveness.end();
      await lectern.kill('SIGKILL');
      embeddings.close();
      await storage.remove();
    },
  };
}

function watchLiveness(app: Client) {
  let hasEnded = false;
  let count = 0;
  const troubles: string[] = [];
  const ask = async () => {
    const response = await app.fetch('/livez');
    await response.text();
    if (!response.ok) troubles.push(`answered ${response.status}`);
    count++;
  };
  const watch = async () => {
    while (!hasEnded) {
      await ask().catch((error: unknown) => troubles.push(String(error)));
      await delay(PAUSE_MS);
    }
  };
  const watching = watch();
  return {
    check() {
      assert.deepEqual(troubles, []);
      return count;
    },
    async end() {
      hasEnded = true;
      await watching;
    },
  };
}
