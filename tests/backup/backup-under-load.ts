import { writeFile } from 'node:fs/promises';
import { ask, createSession, postJson, upload } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';

/** A row in as many tables as clients can fill. */
export async function fill(app: TestApp): Promise<void> {
  const id = await upload(
    app,
    'The lighthouse was built in 1874. Its lamp turns all night.',
    'lighthouse.txt',
  );
  await upload(
    app,
    `The mill "Zum Löwen"\tgrinds 40 sacks, \\ and {more} a day. 🦁 ${'Flour. '.repeat(2_000)}`,
    'mill.txt',
  );
  const sessionId = await createSession(app);
  await ask(app, sessionId, 'When was the lighthouse built?');
  await ask(app, sessionId, 'How much does the mill grind?');
  await postJson(app, '/api/evaluation/case/', {
    question: 'When was the lighthouse built?',
    passages: [{ document_id: id, start: 0, end: 33 }],
  });
}

/** Uploads and questions, one after the other, until it is stopped; says how many there were of them. */
export function startLoad(app: TestApp): { stop(): Promise<number> } {
  let isOver = false;
  let done = 0;
  const work = async () => {
    const sessionId = await createSession(app);
    for (; !isOver; done += 1) {
      await upload(
        app,
        `Harbour ${done} has ${done + 3} cranes. ${'It is busy. '.repeat(50)}`,
        `${done}.txt`,
      );
      await ask(app, sessionId, `How many cranes has harbour ${done}?`);
    }
  };
  const working = work();
  return {
    async stop() {
      isOver = true;
      await working;
      return done;
    },
  };
}

/** What the server sends as a backup, in a file. */
export async function saveBackupOf(app: TestApp, path: string): Promise<void> {
  const response = await app.fetch('/api/backup/', { method: 'POST' });
  if (!response.ok) throw new Error(await response.text());
  await writeFile(path, new Uint8Array(await response.arrayBuffer()));
}
